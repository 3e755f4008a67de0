// The methods, the glossary, and the data of the figures as tables.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "record/run_result.h"
#include "record/session.h"
#include "report/page/html.h"
#include "report/page/page.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

std::string datasets_html(const PageInput& input) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& dataset : input.population.datasets) {
    const auto& image = dataset.problem.image;
    std::string classes;
    for (const std::string& name : dataset.class_names) {
      classes += (classes.empty() ? "" : ", ") + foreign(name);
    }
    rows.push_back({foreign(dataset.name),
                    fmt::format("{} x {} x {}", image.channels, image.height, image.width),
                    grouped(dataset.train_count), grouped(dataset.test_count),
                    fmt::format("{}: {}", dataset.problem.classes, classes),
                    "<code>" + escaped(dataset.checksum) + "</code>"});
  }
  return html_table({"dataset", "image", "training", "test", "classes", "SHA-256"}, rows, {2, 3});
}

std::string facts_html(const PageInput& input) {
  std::int64_t finished = 0;
  std::int64_t diverged = 0;
  double seconds = 0;
  for (const auto& run : input.population.runs) {
    finished += run.result.status == record::RunStatus::finished ? 1 : 0;
    diverged += run.result.status == record::RunStatus::diverged ? 1 : 0;
    seconds += run.result.seconds;
  }
  const auto& study = input.population.study;
  const auto planned = static_cast<std::int64_t>(input.population.runs.size());
  const std::string changed = input.convergence.settings.text();
  const std::vector<std::vector<std::string>> rows = {
      {"study", foreign(study.name)},
      {"runs", fmt::format("{} planned, {} finished, {} diverged", grouped(planned),
                           grouped(finished), grouped(diverged))},
      {"pruned and quantized networks",
       grouped(static_cast<std::int64_t>(input.population.variants.size()))},
      {"training time", escaped(human_duration(seconds)) + " on one core, summed over all runs"},
      {"training and seed", "<code>" + escaped(study.train) + "</code>"},
      {"shard", study.shard.empty() ? "none" : escaped(study.shard)},
      {"analysis settings", changed.empty()
                                ? std::string("the defaults")
                                : "<code>" + escaped(changed) + "</code>; otherwise the defaults"},
      {"seed of the analyses", fmt::format("{}", input.convergence.settings.seed)},
      {"program", fmt::format("minima {}; runs trained by {}", escaped(input.program_version),
                              study.program_version.empty() ? "an unknown version"
                                                            : escaped(study.program_version))}};
  return html_table({"what", "value"}, rows);
}

/// Start, end and machine of each session, on which the times of this study depend.
std::string sessions_html(const PageInput& input) {
  constexpr std::size_t kMost = 20;
  const auto& sessions = input.population.sessions;
  if (sessions.empty()) return "";
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = sessions.size() - std::min(sessions.size(), kMost); i < sessions.size();
       ++i) {
    const record::SessionRecord& session = sessions[i];
    const auto memory = static_cast<std::uint64_t>(session.memory_bytes);
    rows.push_back(
        {escaped(session.started), session.ended.empty() ? "-" : escaped(session.ended),
         session.cpu_seconds ? escaped(human_duration(*session.cpu_seconds)) : "-",
         fmt::format("{} on {}", counted(session.jobs, "job"), counted(session.cores, "core")),
         escaped(session.processor),
         session.backend.is_known() ? escaped(session.backend.text()) : "-",
         memory > 0 ? human_bytes(memory) : "-", escaped(session.system),
         escaped(session.program_version)});
  }
  const std::string note = sessions.size() > kMost
                               ? fmt::format("<p class=\"dim\">The last {} of {} sessions.</p>\n",
                                             kMost, sessions.size())
                               : "";
  return "<h3>Sessions</h3>\n" + note +
         html_table({"started (UTC)", "ended", "processor time", "threads", "processor",
                     "computed by", "memory", "system", "minima"},
                    rows);
}

struct Term {
  const char* word;
  const char* meaning;
};

constexpr std::array kTerms = {
    Term{"architecture",
         "the shape of a network in one line: dnn 32-32 has two hidden layers of 32 units, cnn "
         "8-16 has two convolutions of 8 and 16 filters, vit is a vision transformer"},
    Term{"run", "one architecture trained once on one dataset"},
    Term{
        "replicate",
        "one of the runs of an architecture on a dataset; replicates differ in their random seeds"},
    Term{"learned",
         "a run learned if it is significantly better than always predicting the largest class "
         "(one-sided binomial test)"},
    Term{"accuracy group",
         "high: close to the best run; low: close to the worst; mid: half way between; non: never "
         "better than chance; other: the rest"},
    Term{"regime",
         "unstable: results vary between seeds, or some runs fail; learning: results are stable, "
         "and accuracy grows with parameters; overfitting: training accuracy improves, but test "
         "accuracy does not; withheld: not known"},
    Term{"P_min",
         "the smallest sufficient number of parameters of a series: from this size on, the mean "
         "accuracy stays within the tolerance of that of the largest network. It is given only if "
         "the curve is shown to be flat at its end"},
    Term{"series",
         "architectures of one template that differ in one free parameter, such as the width"},
    Term{"success",
         "a run that reaches the target of its dataset: the accuracy that the study sets, or that "
         "of the best architecture minus the tolerance"},
    Term{"sparsity",
         "fraction of the weights that pruning removed; it can differ slightly from the target "
         "sparsity"},
    Term{"redundancy",
         "the largest sparsity at which the loss of skill stays within the tolerance"},
    Term{"phase",
         "of pruning: flat, decline, collapse; of training: fast descent, refinement, "
         "plateau, rise"},
    Term{"skill",
         "accuracy above that of always predicting the largest class, as a fraction of the "
         "possible gain"},
    Term{"loss of accuracy", "the test accuracy of a run minus that of its compressed network"},
    Term{"packed bytes",
         "the size of a network if each tensor is stored in the smallest of several encodings"},
    Term{"front", "the networks for which no other one is both as small and as accurate"},
    Term{"interval",
         "a range for the true value, at the confidence in the settings (95 % by default)"}};

std::string architectures_html(const analysis::DatasetAnswer& dataset) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : dataset.architectures) {
    rows.push_back({foreign(row.architecture), grouped(row.parameters), grouped(row.replicates),
                    percent(row.accuracy_mean), percent(row.accuracy_sd), percent(row.accuracy_min),
                    percent(row.accuracy_max), fmt::format("{:.0f} %", 100.0 * row.learned_share)});
  }
  return html_table({"architecture", "parameters", "runs", "test %", "sd", "min", "max", "learned"},
                    rows, {1, 2, 3, 4, 5, 6, 7});
}

}  // namespace

PageSection methods_section(const PageInput& input) {
  return {"methods", "Methods", "Methods",
          facts_html(input) + sessions_html(input) + "<h3>Data</h3>\n" + datasets_html(input) +
              "<h3>Study file</h3>\n<details><summary>Show every setting</summary><pre>" +
              escaped(input.population.study.text) + "</pre></details>\n"};
}

PageSection glossary_section() {
  std::string html = "<dl>\n";
  for (const auto& [word, meaning] : kTerms) {
    html += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escaped(word), escaped(meaning));
  }
  return {"glossary", "Glossary", "Glossary", html + "</dl>\n"};
}

PageSection tables_section(const PageInput& input) {
  std::string html;
  for (const auto& dataset : input.answer.datasets) {
    html += fmt::format("<details><summary>Architectures on {} ({})</summary>\n",
                        foreign(dataset.dataset), dataset.architectures.size());
    html += architectures_html(dataset) + "</details>\n";
  }
  return {"tables", "Tables", "Tables",
          html +
              "<p class=\"dim\">The store has every table of the analyses: <code>minima export "
              "STORE --table NAME --format csv</code>.</p>\n"};
}

}  // namespace minima::report
