// The [analysis] section: one table that parses, checks, documents and prints.
#include <fmt/format.h>

#include <set>

#include "core/error.h"
#include "core/text.h"
#include "study/analysis_settings.h"
#include "study/option_builders.h"
#include "study/options.h"

namespace minima::study {
namespace {

using Settings = AnalysisSettings;

constexpr NumberRange kShare{.min = 0, .max = 1};
constexpr NumberRange kOpenShare{.min = 0, .max = 1, .open_min = true, .open_max = true};

std::vector<Choice<Bands>> band_choices() {
  return {
      {"natural",
       "non by a test against chance, the others by one-dimensional natural breaks if there are "
       "several modes",
       Bands::natural},
      {"paper", "the table of arXiv 2408.11720, for mnist, fashion-mnist and cifar-10",
       Bands::paper}};
}

std::vector<Choice<AccuracyKind>> accuracy_choices() {
  return {{"auto", "`test`; `train` with `bands = \"paper\"`", AccuracyKind::automatic},
          {"train", "accuracy on the training images, as in arXiv 2408.11720", AccuracyKind::train},
          {"test", "accuracy on the test images", AccuracyKind::test}};
}

Option<Settings> success_accuracy() {
  return {
      .text =
          OptionText{"success_accuracy",
                     "number " + kShare.text(),
                     "auto",
                     "test accuracy from which on a run has solved the task; `auto`: that of the "
                     "dataset's best architecture, less a tolerance",
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
  return {one_of("bands", &Settings::bands, band_choices(), "how runs are sorted into groups"),
          one_of("group_by", &Settings::group_by, accuracy_choices(), "by which accuracy"),
          number("significance", &Settings::significance, kOpenShare,
                 "probability that a run that guesses counts as one that learned"),
          number("least_skill", &Settings::least_skill, kOpenShare,
                 "fraction of the best accuracy above that of the largest class that a run needs "
                 "to be successful")};
}

Options<Settings> size_options() {
  return {
      number("accuracy_tolerance", &Settings::accuracy_tolerance, kShare,
             "loss of mean test accuracy that counts as none (eps_A of arXiv 2601.17987)"),
      number("spread_tolerance", &Settings::spread_tolerance, kShare,
             "largest standard deviation of test accuracy over replicates that counts as stable "
             "(eps_sigma)"),
      number("reliability", &Settings::reliability, kOpenShare,
             "share of runs that must succeed for an architecture to be reliable"),
      success_accuracy(),
      number("gap_tolerance", &Settings::gap_tolerance, kShare,
             "gap between training and test accuracy that counts as none"),
      number("loss_rise", &Settings::loss_rise, {.min = 0, .max = 100},
             "relative rise of the test loss over its least value from which on it has turned"),
      number("turned_share", &Settings::turned_share, kOpenShare,
             "share of runs whose test loss must have turned in the overfitting regime")};
}

Options<Settings> diagnosis_options() {
  return {number("vanishing_gradient", &Settings::vanishing_gradient, kShare,
                 "share of the output layer's gradient norm up to which a layer's vanishes"),
          number("exploding_gradient", &Settings::exploding_gradient, {.min = 0, .max = 1e30},
                 "gradient norm of a layer from which on it explodes"),
          number("constant_prediction", &Settings::constant_prediction, kShare,
                 "share of the test images from which on one class is a constant prediction"),
          number("least_progress", &Settings::least_progress, kShare,
                 "relative fall of the training loss that counts as none")};
}

Options<Settings> phase_options() {
  return {number("convergence_share", &Settings::convergence_share, kShare,
                 "of its own final training accuracy, reached in the convergence epoch"),
          number("fast_descent", &Settings::fast_descent, kShare,
                 "share that a doubling of the epochs takes from the loss, at least, in a fast "
                 "descent"),
          number("plateau", &Settings::plateau, kShare,
                 "share by which a doubling of the epochs changes the loss, at most, on a plateau"),
          whole_number("phase_epochs", &Settings::phase_epochs, {2, 1000}, "fewest of a phase"),
          number("parameter_tolerance", &Settings::parameter_tolerance, kShare,
                 "relative difference up to which numbers of parameters are nearly equal")};
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
      .text =
          OptionText{"difficulty_order",
                     "names of datasets, separated by commas",
                     "\"\"",
                     "from the easiest to the hardest, for the claims on harder data; generated "
                     "datasets are ordered by their setting `difficulty`",
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
  return {
      number("compression_tolerance", &Settings::compression_tolerance, kShare,
             "loss of test accuracy, by pruning or quantization, that counts as none; of skill, "
             "the least fraction that counts"),
      number("stable_skill", &Settings::stable_skill, kOpenShare,
             "fraction of the best skill on a dataset that most runs of a stable architecture "
             "reach; skill is test accuracy less the share of the largest class"),
      difficulty_order()};
}

std::vector<Choice<RawWeights>> raw_weights_choices() {
  return {{"none", "nothing but the distributions of all", RawWeights::none},
          {"trained", "the weights as they are", RawWeights::trained},
          {"sorted", "the weights with hidden units in the order of their strength",
           RawWeights::sorted}};
}

Options<Settings> projection_options() {
  return {
      whole_number("projection_points", &Settings::projection_points, {0, 5000},
                   "most networks of a family whose distributions of weights are compared with one "
                   "another and projected; 0: none"),
      one_of("raw_weights", &Settings::raw_weights, raw_weights_choices(),
             "what is projected of runs of one architecture, where `weights` of [study] is "
             "\"all\" and there are ten and more"),
      whole_number("projection_memory", &Settings::projection_memory, {1, 1'000'000},
                   "most megabytes of such weights that are compared at a time"),
      number("perplexity", &Settings::perplexity, {.min = 2, .max = 1000},
             "of t-SNE; (networks - 1) / 3 where that is less")};
}

Options<Settings> interval_options() {
  return {number("confidence", &Settings::confidence, kOpenShare, "of every interval"),
          whole_number("bootstrap_samples", &Settings::bootstrap_samples, {100, 1'000'000},
                       "draws behind every interval"),
          whole_number("permutations", &Settings::permutations, {100, 10'000'000},
                       "most of a test: a thousand, and more until fifty were as extreme as the "
                       "data"),
          whole_number("seed", &Settings::seed, {0, std::numeric_limits<std::int64_t>::max()},
                       "of the bootstrap")};
}

}  // namespace

const Options<AnalysisSettings>& analysis_options() {
  static const Options<Settings> kOptions = [] {
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
