#include "analysis/headline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "analysis/population/diagnosis.h"
#include "core/text.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "statistics/estimates/accuracy_interval.h"

namespace minima::analysis {
namespace {

constexpr std::size_t kMostClaims = 6;

/// The analyses of one dataset.
struct DatasetInput {
  const HeadlineInput& all;
  const record::DatasetRecord& record;
  const DatasetConvergence& convergence;
  const DatasetOutcomes* outcomes = nullptr;  ///< null: no outcomes
};

// ---- networks --------------------------------------------------------------------------------

HeadlineAccuracy plain(const AccuracyInterval& interval) {
  return {interval.mean, interval.low, interval.high};
}

/// Uses the per-image interval for a trained network if the store has one.
HeadlineAccuracy accuracy_of(const DatasetInput& input, const Choice& choice) {
  if (choice.is_dense() && input.outcomes != nullptr) {
    const ArchitectureOutcomes* of = input.outcomes->find(choice.architecture);
    if (of != nullptr) return plain(of->test);
  }
  return plain(accuracy_interval(choice.test.accuracy,
                                 std::max<std::int64_t>(input.record.test_count, 1),
                                 input.all.convergence.settings.confidence));
}

HeadlineNetwork network_of(const DatasetInput& input, const Choice& choice) {
  return {.architecture = choice.architecture,
          .compression = choice.is_dense() ? "" : compression_of(choice),
          .protocol = protocols_of(choice),
          .parameters = choice.parameters,
          .bytes = choice.bytes,
          .multiply_adds = choice.multiply_adds,
          .ram_bytes = choice.ram_bytes,
          .accuracy = accuracy_of(input, choice),
          .met = choice.met,
          .runs = choice.replicates,
          .shown = choice.evidence == ChoiceEvidence::shown};
}

/// Trained networks compare by parameters, all networks by bytes.
void set_networks(const DatasetInput& input, const Recommendation& recommendation,
                  DatasetHeadline& headline) {
  std::vector<const Choice*> dense;
  for (const Choice& choice : recommendation.met) {
    if (choice.is_dense()) dense.push_back(&choice);
  }
  std::ranges::stable_sort(dense, {}, [](const Choice* choice) { return choice->parameters; });
  if (!dense.empty()) {
    headline.smallest = network_of(input, *dense.front());
    const auto shown = std::ranges::find(dense, ChoiceEvidence::shown,
                                         [](const Choice* choice) { return choice->evidence; });
    if (shown != dense.end() && *shown != dense.front()) {
      headline.shown = network_of(input, **shown);
    }
  }
  if (recommendation.met.empty() || recommendation.met.front().is_dense()) return;
  headline.compressed = network_of(input, recommendation.met.front());
  const Choice* in_c = recommendation.smallest_in_c();
  if (in_c != nullptr && in_c != &recommendation.met.front()) {
    headline.in_c = network_of(input, *in_c);
  }
}

/// `target`: accuracy on the images used for selection.
void select_networks(const DatasetInput& input, double target, DatasetHeadline& headline) {
  const study::AnalysisSettings& settings = input.all.convergence.settings;
  const Demand demand{
      .accuracy = target, .reliability = headline.reliability, .confidence = settings.confidence};
  set_networks(input, recommendation_of(input.all.population, input.record, demand, settings),
               headline);
}

std::optional<HeadlineNetwork> best_of(const DatasetInput& input) {
  const std::string& name = input.convergence.target.best_architecture;
  if (name.empty()) return std::nullopt;
  HeadlineNetwork best{.architecture = name};
  for (const FrontArchitecture& each : input.convergence.architectures) {
    if (each.architecture == name) best.parameters = each.parameters;
  }
  const ArchitectureOutcomes* of = input.outcomes == nullptr ? nullptr : input.outcomes->find(name);
  if (of == nullptr) return std::nullopt;
  best.accuracy = plain(of->test);
  best.runs = of->runs;
  return best;
}

// ---- series ----------------------------------------------------------------------------------

std::string limits(const std::string& low, const std::optional<std::string>& high) {
  return fmt::format("[{}, {}]", low, high.value_or("open"));
}

std::string sized(const SizeEstimate& size) {
  std::string text = grouped(*size.parameters);
  if (!size.has_interval || !size.low) return text;
  const auto high = size.high ? std::optional(grouped(*size.high)) : std::nullopt;
  return text + " " + limits(grouped(*size.low), high);
}

/// The extrapolated level and size at which a rising series levels off; empty if unknown.
std::string extrapolation_of(const ErrorCurve& curve) {
  if (!curve.missing.empty() || !curve.near_floor.extrapolated) return "";
  if (!curve.near_floor.parameters) return "";
  const auto high = curve.near_floor.high
                        ? std::optional(grouped_two_digits(*curve.near_floor.high))
                        : std::nullopt;
  return fmt::format("; by extrapolation, it levels off at {:.1f} % from about {} {} parameters",
                     100.0 * (1.0 - curve.floor.value),
                     grouped_two_digits(*curve.near_floor.parameters),
                     limits(grouped_two_digits(curve.near_floor.low), high));
}

std::string finding_of(const SeriesConvergence& series) {
  const MinimalParameters& minimal = series.minimal;
  switch (minimal.status) {
    case MinimalStatus::found:
      return fmt::format("levels off at {} parameters", sized(minimal.size));
    case MinimalStatus::still_rising:
      return end_text(minimal) + extrapolation_of(series.curve);
    case MinimalStatus::one_run_each:
      return "only one run of each size, so nothing can be tested";
    case MinimalStatus::not_monotone:
      return "no smallest size, because some larger networks are less accurate";
    case MinimalStatus::one_size:
      break;
  }
  return "one size";
}

bool holds(const SeriesConvergence& series, const std::string& architecture) {
  return std::ranges::any_of(series.minimal.levels, [&](const LevelAccuracy& level) {
    return std::ranges::find(level.architectures, architecture) != level.architectures.end();
  });
}

/// First the series of the named networks, then the others. Series of one size are only counted.
void set_series(const DatasetInput& input, DatasetHeadline& headline) {
  std::vector<HeadlineSeries> others;
  std::int64_t of_one_size = 0;
  const std::array named{&headline.smallest, &headline.shown, &headline.compressed, &headline.best};
  const auto is_named = [&](const SeriesConvergence& series) {
    return std::ranges::any_of(named, [&](const std::optional<HeadlineNetwork>* network) {
      return *network && holds(series, (*network)->architecture);
    });
  };
  for (const SeriesConvergence& series : input.all.convergence.series) {
    if (series.dataset != input.record.name) continue;
    if (series.minimal.status == MinimalStatus::one_size) {
      ++of_one_size;
      continue;
    }
    auto& into = is_named(series) ? headline.series : others;
    into.push_back({series.series.name, finding_of(series)});
  }
  std::ranges::move(others, std::back_inserter(headline.series));
  headline.series_of_one_size = of_one_size;
}

// ---- failures --------------------------------------------------------------------------------

std::vector<HeadlineFailure> failures_of(const DatasetInput& input) {
  struct Failed {
    std::int64_t runs = 0;
    std::map<Diagnosis, std::int64_t> reasons;
  };
  const Population& population = input.all.population;
  std::map<std::string, Failed> failed;
  std::map<std::string, std::int64_t> runs;
  for (const FamilyConvergence& family : input.all.convergence.families) {
    if (family.dataset != input.record.name) continue;
    for (const std::size_t run : family.selection.runs) ++runs[population.runs[run].architecture];
    for (const RunDiagnosis& diagnosis : family.diagnoses) {
      Failed& of = failed[population.runs[diagnosis.run].architecture];
      ++of.runs;
      ++of.reasons[diagnosis.diagnosis];
    }
  }
  std::vector<HeadlineFailure> failures;
  for (const auto& [architecture, of] : failed) {
    const auto most =
        std::ranges::max_element(of.reasons, {}, [](const auto& each) { return each.second; });
    failures.push_back({architecture, of.runs, runs[architecture], to_string(most->first)});
  }
  std::ranges::stable_sort(failures, std::greater{}, &HeadlineFailure::failed);
  return failures;
}

// ---- what to do next -------------------------------------------------------------------------

std::string points(double fraction) {
  return brief(100.0 * fraction);
}

const SeriesConvergence* series_with(const DatasetInput& input, const std::string& architecture) {
  for (const SeriesConvergence& series : input.all.convergence.series) {
    if (series.dataset == input.record.name && holds(series, architecture)) return &series;
  }
  return nullptr;
}

void suggest_runs(const DatasetInput& input, DatasetHeadline& headline) {
  if (headline.smallest && !headline.smallest->shown) {
    const double confidence = input.all.convergence.settings.confidence;
    std::string command =
        fmt::format("minima recommend {} --accuracy {}", input.all.store,
                    shortest(headline.validation_target.value_or(headline.target)));
    if (confidence != Demand{}.confidence) command += " --confidence " + shortest(confidence);
    if (input.all.population.datasets.size() > 1) {
      command += " --dataset " + shell_word(input.record.name);
    }
    headline.next.push_back("for more evidence: " + command + " --next next.toml");
  }
}

void suggest_sizes(const DatasetInput& input, DatasetHeadline& headline) {
  if (headline.smallest) {
    const SeriesConvergence* series = series_with(input, headline.smallest->architecture);
    if (series == nullptr) return;
    const auto& least = series->minimal.levels.front().architectures;
    if (std::ranges::find(least, headline.smallest->architecture) != least.end()) {
      headline.next.push_back(fmt::format("try smaller sizes than {}, the smallest of its series",
                                          headline.smallest->architecture));
    }
    return;
  }
  for (const SeriesConvergence& series : input.all.convergence.series) {
    if (series.dataset != input.record.name) continue;
    if (series.minimal.status != MinimalStatus::still_rising) continue;
    headline.next.push_back(
        fmt::format("try larger sizes of \"{}\", which is still rising", series.series.name));
    return;
  }
}

void suggest_images(const DatasetInput& input, DatasetHeadline& headline) {
  if (input.outcomes == nullptr) return;
  for (const SettingResolution& setting : input.outcomes->resolutions) {
    if (!setting.unresolved || setting.setting != "accuracy_tolerance") continue;
    headline.next.push_back(fmt::format(
        "use more test images: {} resolve only differences above {} points; {} would resolve {}",
        grouped(input.record.test_count), points(setting.resolution),
        grouped(setting.unresolved->images_needed), points(setting.tolerance)));
  }
}

// ---- one dataset -----------------------------------------------------------------------------

const DatasetOutcomes* outcomes_of(const HeadlineInput& input, const std::string& dataset) {
  for (const DatasetOutcomes& outcomes : input.outcomes.datasets) {
    if (outcomes.dataset == dataset) return &outcomes;
  }
  return nullptr;
}

/// Smallest difference that the test images can resolve near the best architecture's accuracy.
double resolution_near(const DatasetInput& input) {
  const double accuracy = std::max(input.convergence.target.best_accuracy, 0.5);
  return resolution_of(std::max<std::int64_t>(input.record.test_count, 1), accuracy,
                       input.all.convergence.settings.confidence);
}

void set_answer(const DatasetInput& input, DatasetHeadline& headline) {
  const Target& target = input.convergence.target;
  headline.no_target = target.missing;
  headline.resolution = resolution_near(input);
  headline.best = best_of(input);
  headline.failures = failures_of(input);
  if (!target.missing.empty()) {
    set_series(input, headline);
    return;
  }
  headline.target = target.accuracy;
  if (target.choosing_accuracy != target.accuracy) {
    headline.validation_target = target.choosing_accuracy;
  }
  headline.target_given = target.given;
  select_networks(input, target.choosing_accuracy, headline);
  set_series(input, headline);
  suggest_runs(input, headline);
  suggest_sizes(input, headline);
  suggest_images(input, headline);
}

DatasetHeadline headline_of_dataset(const HeadlineInput& input,
                                    const record::DatasetRecord& record) {
  DatasetHeadline headline{.dataset = record.name,
                           .test_images = record.test_count,
                           .notes = record.notes,
                           .validation_chose = record.validation_count > 0};
  for (const record::RunRow& run : input.population.runs) {
    if (run.dataset != record.name) continue;
    ++headline.runs_planned;
    if (run.result.status != record::RunStatus::planned) ++headline.runs;
  }
  for (const DatasetConvergence& convergence : input.convergence.datasets) {
    if (convergence.dataset != record.name) continue;
    set_answer({input, record, convergence, outcomes_of(input, record.name)}, headline);
  }
  return headline;
}

void count_claims(const Findings& findings, Headline& headline) {
  headline.claims = decided_sentences(findings, kMostClaims);
  for (const Finding& finding : findings.findings) {
    if (finding.verdict == Verdict::not_tested) ++headline.claims_untested;
    if (finding.verdict == Verdict::undecided) ++headline.claims_open;
  }
}

}  // namespace

Headline headline_of(const HeadlineInput& input) {
  Headline headline{
      .study = input.population.study.name,
      .runs = recorded_runs(input.population),
      .runs_planned = static_cast<std::int64_t>(input.population.runs.size()),
      .compressed_networks = static_cast<std::int64_t>(input.population.variants.size()),
      .confidence = input.convergence.settings.confidence,
      .lacks = input.lacks,
      .changed = input.changed};
  std::set<std::string> architectures;
  for (const record::RunRow& run : input.population.runs) {
    if (run.result.status != record::RunStatus::planned) architectures.insert(run.architecture);
  }
  headline.architectures = static_cast<std::int64_t>(architectures.size());
  for (const record::DatasetRecord& record : input.population.datasets) {
    headline.datasets.push_back(headline_of_dataset(input, record));
  }
  count_claims(input.findings, headline);
  return headline;
}

DatasetHeadline networks_at(const HeadlineInput& input, const record::DatasetRecord& dataset,
                            double target) {
  DatasetHeadline headline{.dataset = dataset.name,
                           .runs = std::ranges::count_if(input.population.runs,
                                                         [&](const record::RunRow& run) {
                                                           return run.dataset == dataset.name &&
                                                                  run.result.status !=
                                                                      record::RunStatus::planned;
                                                         }),
                           .target = target};
  const auto& all = input.convergence.datasets;
  const auto at = std::ranges::find(all, dataset.name, &DatasetConvergence::dataset);
  if (at == all.end()) return headline;
  select_networks({input, dataset, *at, outcomes_of(input, dataset.name)}, target, headline);
  return headline;
}

}  // namespace minima::analysis
