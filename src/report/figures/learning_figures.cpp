// How the networks that the answer names were learned.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/headline.h"
#include "record/analysis.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "report/figures/accuracy_axis.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

constexpr std::size_t kMostLearningRuns = 12;
constexpr std::size_t kMostLearningEpochs = 100;

record::Table epochs_table(const std::string& dataset, const std::string& architecture,
                           const FigureInput& input, std::string& note) {
  std::vector<const record::RunRow*> runs;
  for (const record::RunRow& run : input.population.runs) {
    if (run.dataset == dataset && run.architecture == architecture && !run.result.history.empty()) {
      runs.push_back(&run);
    }
  }
  record::Table table{{"run", "architecture", "epoch", "images", "curve", "accuracy"}, {}};
  const std::vector<std::size_t> drawn =
      sample(runs.size(), kMostLearningRuns, input.convergence, "learning curves of " + dataset);
  for (const std::size_t i : drawn) {
    const record::RunRow& run = *runs[i];
    for (const std::size_t at : scatter(run.result.history.size(), kMostLearningEpochs)) {
      const record::EpochRecord& epoch = run.result.history[at];
      const auto add = [&](const char* images, double accuracy) {
        if (!std::isfinite(accuracy)) return;
        table.rows.push_back({run.id, architecture, std::int64_t{epoch.epoch}, images,
                              run.id + " " + images, accuracy});
      };
      add("training", epoch.train_accuracy);
      add("test", epoch.test_accuracy);
    }
  }
  note = sample_note(drawn.size(), runs.size(), "run", input.convergence);
  return table;
}

Json epoch_lines() {
  const Json colour =
      channel("images", "nominal", "images",
              {{"scale", {{"domain", {"training", "test"}}, {"range", {"#9aa3ab", "#0072B2"}}}},
               {"legend", {{"orient", "top"}, {"title", nullptr}}}});
  return {{"data", named_data("epochs")},
          {"params", picked_by_legend("images")},
          {"mark", {{"type", "line"}, {"strokeWidth", 1.5}, {"point", {{"size", 12}}}}},
          {"encoding",
           {{"x", channel("epoch", "quantitative", "epoch",
                          {{"axis", {{"format", "d"}, {"tickMinStep", 1}}},
                           {"scale", {{"zero", false}, {"nice", false}, {"padding", 8}}}})},
            {"y", accuracy_y("accuracy", "accuracy")},
            {"detail", {{"field", "curve"}, {"type", "nominal"}}},
            {"color", colour},
            {"opacity", picked_opacity(0.9, 0.1)},
            {"tooltip", tooltip({{"run", "run"},
                                 {"architecture", "architecture"},
                                 {"epoch", "epoch", "d"},
                                 {"images", "images"},
                                 {"accuracy", "accuracy", ".2%"}})}}}};
}

}  // namespace

void add_learning_figures(const FigureInput& input, std::vector<Figure>& figures) {
  if (input.headline == nullptr) return;
  for (const analysis::DatasetHeadline& dataset : input.headline->datasets) {
    if (!dataset.smallest) continue;
    Figure figure = figure_of("learning", input, dataset.dataset);
    record::Table table =
        epochs_table(dataset.dataset, dataset.smallest->architecture, input, figure.note);
    if (table.rows.empty()) continue;
    figure.title = "Learning curves of " + dataset.smallest->architecture;
    figure.caption =
        "One pair of lines per run. Test lines that still rise at the end ask for more epochs; "
        "training lines far above them show overfitting.";
    figure.spec = layered(Json::array({epoch_lines()}), 260);
    figure.data = {{"epochs", std::move(table)}};
    figures.push_back(std::move(figure));
  }
}

}  // namespace minima::report
