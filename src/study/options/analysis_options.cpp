// The [analysis] section: one table for parsing, checking, documenting and printing.
#include <fmt/format.h>

#include <set>

#include "core/error.h"
#include "core/text.h"
#include "study/options/option_builders.h"
#include "study/options/options.h"
#include "study/settings/analysis_settings.h"

namespace minima::study {
namespace {

using Settings = AnalysisSettings;

constexpr NumberRange kShare{.min = 0, .max = 1};
constexpr NumberRange kOpenShare{.min = 0, .max = 1, .open_min = true, .open_max = true};

std::vector<Choice<Bands>> band_choices() {
  return {{Bands::natural,
           "non by a test against chance, the others by one-dimensional natural breaks if accuracy "
           "has several modes"},
          {Bands::paper, "the table of arXiv 2408.11720, for mnist, fashion-mnist and cifar-10"}};
}

std::vector<Choice<AccuracyKind>> accuracy_choices() {
  return {{AccuracyKind::automatic, "`test`; `train` with `bands = \"paper\"`"},
          {AccuracyKind::train, "accuracy on the training images, as in arXiv 2408.11720"},
          {AccuracyKind::test, "accuracy on the test images"}};
}

Option<Settings> success_accuracy() {
  return {.text = OptionText{"success_accuracy",
                             "number " + kShare.text(),
                             "auto",
                             "test accuracy at which a run has solved the task; `auto`: that of "
                             "the dataset's best architecture, minus a tolerance",
                             {}},
          .read =
              [](Settings& settings, const Value& value) {
                const auto* word = value.as<std::string>();
                if (word != nullptr && *word == "auto") {
                  settings.success_accuracy.reset();
                } else {
                  settings.success_accuracy = read_number("success_accuracy", value, kShare);
                }
              },
          .print =
              [](const Settings& settings) {
                return settings.success_accuracy ? shortest(*settings.success_accuracy)
                                                 : std::string("auto");
              }};
}

Options<Settings> group_options() {
  return {one_of("bands", &Settings::bands, band_choices(), "how runs are grouped by accuracy"),
          one_of("group_by", &Settings::group_by, accuracy_choices(),
                 "accuracy by which runs are grouped"),
          number("significance", &Settings::significance, kOpenShare,
                 "significance level of the test against chance: probability that a run at chance "
                 "level counts as one that learned"),
          number("least_skill", &Settings::least_skill, kOpenShare,
                 "minimum skill of a successful run, as a fraction of the best; skill is accuracy "
                 "above that of the largest class")};
}

Options<Settings> size_options() {
  return {
      number("accuracy_tolerance", &Settings::accuracy_tolerance, kShare,
             "drop in mean test accuracy that is tolerated (eps_A of arXiv 2601.17987)"),
      number("spread_tolerance", &Settings::spread_tolerance, kShare,
             "largest standard deviation of test accuracy over replicates that counts as stable "
             "(eps_sigma)"),
      number("reliability", &Settings::reliability, kOpenShare,
             "fraction of runs that must succeed for an architecture to be reliable"),
      success_accuracy(),
      number("gap_tolerance", &Settings::gap_tolerance, kShare,
             "gap between training and test accuracy that is tolerated"),
      number(
          "loss_rise", &Settings::loss_rise, {.min = 0, .max = 100},
          "relative rise of the test loss above its minimum at which it counts as turned upwards"),
      number(
          "turned_share", &Settings::turned_share, kOpenShare,
          "fraction of runs whose test loss must have turned upwards in the overfitting regime")};
}

Options<Settings> diagnosis_options() {
  return {number("vanishing_gradient", &Settings::vanishing_gradient, kShare,
                 "fraction of the output layer's gradient norm up to which the gradient of a layer "
                 "counts as vanishing"),
          number("exploding_gradient", &Settings::exploding_gradient, {.min = 0, .max = 1e30},
                 "gradient norm at which the gradient of a layer counts as exploding"),
          number("constant_prediction", &Settings::constant_prediction, kShare,
                 "fraction of the test images at which predicting one class counts as a constant "
                 "prediction"),
          number("least_progress", &Settings::least_progress, kShare,
                 "relative decrease of the training loss that counts as no progress")};
}

Options<Settings> phase_options() {
  return {
      number(
          "convergence_share", &Settings::convergence_share, kShare,
          "fraction of a run's final training accuracy that is reached in the convergence epoch"),
      number("fast_descent", &Settings::fast_descent, kShare,
             "minimum fraction by which doubling the epochs reduces the loss in a fast descent"),
      number("plateau", &Settings::plateau, kShare,
             "maximum fraction by which doubling the epochs changes the loss on a plateau"),
      whole_number("phase_epochs", &Settings::phase_epochs, {2, 1000},
                   "minimum number of epochs of a phase"),
      number("parameter_tolerance", &Settings::parameter_tolerance, kShare,
             "relative difference up to which numbers of parameters count as nearly equal")};
}

void refuse_repetition(const Value& value, const std::string& order) {
  std::set<std::string> seen;
  for (const std::string& part : split(order, ',')) {
    const std::string name(trim(part));
    const bool is_list = order.find_first_not_of(' ') != std::string::npos;
    if (name.empty() && is_list) {
      throw input_error(value.place(), "difficulty_order has an empty name",
                        "write names of datasets, separated by commas");
    }
    if (!seen.insert(name).second) {
      throw input_error(
          value.place(),
          fmt::format("difficulty_order names \"{}\" more than once", printable(name, 80)),
          "name each dataset once, from the easiest to the hardest");
    }
  }
}

Option<Settings> difficulty_order() {
  return {
      .text = OptionText{"difficulty_order",
                         "names of datasets, separated by commas",
                         "\"\"",
                         "datasets from the easiest to the hardest, for the claims on harder data; "
                         "generated datasets are ordered by their setting `difficulty`",
                         {}},
      .read =
          [](Settings& settings, const Value& value) {
            settings.difficulty_order =
                read_text("difficulty_order", value, "names of datasets in quotes");
            refuse_repetition(value, settings.difficulty_order);
          },
      .print = [](const Settings& settings) { return "\"" + settings.difficulty_order + "\""; }};
}

Options<Settings> compression_options() {
  return {number("compression_tolerance", &Settings::compression_tolerance, kShare,
                 "drop in test accuracy from pruning or quantization that is tolerated; also the "
                 "minimum tolerance for drops in skill"),
          number("stable_skill", &Settings::stable_skill, kOpenShare,
                 "fraction of the best skill on a dataset that most runs of a stable architecture "
                 "reach; skill is test accuracy minus the fraction of images in the largest class"),
          difficulty_order()};
}

std::vector<Choice<RawWeights>> raw_weights_choices() {
  return {{RawWeights::none, "only the distributions of all networks"},
          {RawWeights::trained, "the weights as they are"},
          {RawWeights::sorted, "the weights with hidden units sorted by strength"}};
}

Options<Settings> projection_options() {
  return {whole_number("projection_points", &Settings::projection_points, {0, 5000},
                       "maximum number of networks of a family whose weight distributions are "
                       "compared with one another and projected; 0: none"),
          one_of("raw_weights", &Settings::raw_weights, raw_weights_choices(),
                 "what is projected for the runs of one architecture, if `weights` of [study] is "
                 "\"all\" and there are at least ten"),
          whole_number("projection_memory", &Settings::projection_memory, {1, 1'000'000},
                       "maximum megabytes of such weights that are compared at a time"),
          number("perplexity", &Settings::perplexity, {.min = 2, .max = 1000},
                 "perplexity of t-SNE; (networks - 1) / 3 if that is less")};
}

Options<Settings> interval_options() {
  return {
      number("confidence", &Settings::confidence, kOpenShare, "confidence level of every interval"),
      whole_number("bootstrap_samples", &Settings::bootstrap_samples, {100, 1'000'000},
                   "bootstrap samples for every interval"),
      whole_number("permutations", &Settings::permutations, {100, 10'000'000},
                   "maximum number of permutations of a test, which draws at least 1000 and stops "
                   "once 50 are at least as extreme as the data"),
      whole_number("seed", &Settings::seed, {0, std::numeric_limits<std::int64_t>::max()},
                   "seed of the bootstrap")};
}

}  // namespace

const PrintedOptions<AnalysisSettings>& analysis_options() {
  static const PrintedOptions<Settings> kOptions = [] {
    Options<Settings> all;
    for (const auto& part : {group_options(), size_options(), diagnosis_options(), phase_options(),
                             compression_options(), projection_options(), interval_options()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return kOptions;
}

std::string AnalysisSettings::text() const {
  static const AnalysisSettings kDefaults;
  return print_differences(*this, kDefaults, analysis_options(), " ");
}

}  // namespace minima::study
