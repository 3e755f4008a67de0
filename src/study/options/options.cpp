#include "study/options/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "study/options/dataset_text.h"
#include "study/options/option_builders.h"
#include "study/settings/limits.h"

namespace minima::study {
namespace {

constexpr NumberRange kPositive{.min = 0, .max = 100, .open_min = true};
constexpr NumberRange kDecay{.min = 0, .max = 100};
constexpr NumberRange kBelowOne{.min = 0, .max = 1, .open_max = true};
constexpr std::size_t kLongestStudyName = 100;

bool is_name_character(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

void read_name(Study& study, const Value& value) {
  const std::string& name = read_text("name", value, "a name in quotes");
  const bool starts_well = !name.empty() && name.front() != '.' && name.front() != '-';
  if (!starts_well || name.size() > kLongestStudyName ||
      !std::ranges::all_of(name, is_name_character)) {
    throw input_error(value.place(),
                      fmt::format("name = \"{}\" is not a valid name", printable(name, 60)),
                      fmt::format("write 1 to {} letters, digits, \"-\", \"_\" or \".\", beginning "
                                  "with a letter, a digit or \"_\"",
                                  kLongestStudyName));
  }
  study.name = name;
}

std::vector<Choice<KeepWeights>> weight_choices() {
  return {{KeepWeights::all, "the weights of every run"},
          {KeepWeights::representative,
           "for each dataset and architecture, those of the replicate with (lower) median "
           "accuracy, on validation images if there are any"},
          {KeepWeights::none, "no weights: the runs cannot be pruned or quantized"}};
}

std::vector<Choice<KeepPredictions>> prediction_choices() {
  return {{KeepPredictions::all,
           "the predicted class of every test and validation image for each run, and for each "
           "pruned or quantized network which images it classifies correctly"},
          {KeepPredictions::runs, "the predicted classes of runs only"},
          {KeepPredictions::none, "nothing: intervals then use a binomial approximation"}};
}

std::vector<Choice<Invalid>> invalid_choices() {
  return {{Invalid::refuse, "an error names them before anything is trained"},
          {Invalid::skip, "they are left out"}};
}

Options<Optimizer> adam_options(const Optimizer& defaults, const std::string& decay) {
  return {
      number("beta1", &Optimizer::beta1, kBelowOne, "decay of the mean gradient", defaults),
      number("beta2", &Optimizer::beta2, kBelowOne, "decay of the mean squared gradient", defaults),
      number("epsilon", &Optimizer::epsilon, {.min = 0, .max = 1, .open_min = true},
             "added to the root of the mean squared gradient", defaults),
      number("weight_decay", &Optimizer::weight_decay, kDecay, decay, defaults)};
}

std::vector<Choice<Optimizer>> optimizer_choices() {
  using Kind = Optimizer::Kind;
  const Optimizer adam{.kind = Kind::adam};
  const Optimizer sgd{.kind = Kind::sgd};
  const Optimizer adamw{.kind = Kind::adamw, .weight_decay = 0.01};
  return {{adam, "Adam (Kingma, Ba 2015)",
           adam_options(adam, "times the weights, added to the gradient")},
          {sgd,
           "stochastic gradient descent",
           {number("momentum", &Optimizer::momentum, kBelowOne,
                   "fraction of the last step's direction that is kept", sgd),
            number("weight_decay", &Optimizer::weight_decay, kDecay,
                   "times the weights, added to the gradient", sgd)}},
          {adamw, "Adam with decoupled weight decay (Loshchilov, Hutter 2019)",
           adam_options(adamw, "times the learning rate, taken off the weights each step")}};
}

std::vector<Choice<Schedule>> schedule_choices() {
  using Kind = Schedule::Kind;
  const Schedule step{.kind = Kind::step};
  return {{{.kind = Kind::constant}, "the same in all epochs"},
          {{.kind = Kind::cosine}, "times (1 + cos(pi e / epochs)) / 2 in epoch e = 0, 1, ..."},
          {step,
           "times `factor` after every `every` epochs",
           {whole_number("every", &Schedule::every, {1, 100'000}, "epochs between drops", step),
            number("factor", &Schedule::factor, {.min = 0, .max = 1, .open_min = true},
                   "factor of each drop", step)}}};
}

std::vector<Choice<Init>> init_choices() {
  using Kind = Init::Kind;
  const Init normal{.kind = Kind::normal};
  return {{{.kind = Kind::he_normal}, "normal, variance 2 / inputs (He et al. 2015)"},
          {{.kind = Kind::xavier_normal},
           "normal, variance 2 / (inputs + outputs) (Glorot, Bengio 2010)"},
          {normal,
           "normal with one standard deviation for all layers",
           {number("sd", &Init::sd, kPositive, "standard deviation", normal)}},
          {{.kind = Kind::pytorch},
           "uniform within 1 / sqrt(inputs) of zero, biases too: the default of torch.nn.Linear"}};
}

Options<TrainSettings> make_train_options() {
  using T = TrainSettings;
  return {
      whole_number("epochs", &T::epochs, {1, 100'000}, "passes over the training images"),
      whole_number("batch", &T::batch, {1, 1'000'000},
                   "images per step; a training set of fewer images is one batch"),
      one_of("optimizer", &T::optimizer, optimizer_choices(), "optimizer"),
      number("learning_rate", &T::learning_rate, kPositive, "learning rate"),
      one_of("schedule", &T::schedule, schedule_choices(), "learning-rate schedule"),
      one_of("init", &T::init, init_choices(),
             "initial weights; biases start at zero unless stated otherwise"),
      one_of("scaling", &T::scaling,
             std::vector<Choice<Scaling>>{{Scaling::unit, "pixels / 255"},
                                          {Scaling::standardised,
                                           "pixels / 255, minus the mean, divided by the standard "
                                           "deviation of the channel over "
                                           "the training images"}},
             "scaling of the pixels"),
      one_of("loss", &T::loss,
             std::vector<Choice<Loss>>{
                 {Loss::cross_entropy, "softmax cross-entropy, mean over images"},
                 {Loss::mse,
                  "squared error of the outputs against 0 and 1, mean over images and classes"}},
             "training objective"),
      one_of("class_weights", &T::class_weights,
             std::vector<Choice<ClassWeights>>{
                 {ClassWeights::none, "every image counts the same"},
                 {ClassWeights::balanced,
                  "every class counts the same: an image has the weight images / (classes * images "
                  "of its class), counted in the training images, and the loss of a batch is the "
                  "weighted mean"}},
             "weights of the images in the training loss; losses on test and validation images are "
             "not weighted")};
}

Option<Study> weight_epochs() {
  Option<Study> option = whole_list_or("weight_epochs", &Study::weight_epochs, {1, 100'000},
                                       "epochs after which the statistics of [Weights](weights.md) "
                                       "are recorded, besides the start and the end");
  option.read = [read = option.read](Study& study, const Value& value) {
    const auto* list = value.as<Value::List>();
    if (list != nullptr && list->empty()) return study.weight_epochs.clear();
    read(study, value);
  };
  return option;
}

}  // namespace

const Options<Study>& study_options() {
  static const Options<Study> kOptions{
      {.text = OptionText{"name",
                          "text of letters, digits, \"-\", \"_\" and \".\"",
                          "",
                          "name of the study and its store",
                          {}},
       .read = read_name,
       .print = nullptr},
      whole_number("replicates", &Study::replicates, {1, 100'000},
                   "runs of each architecture on each dataset, from different initial weights and "
                   "shuffles"),
      whole_number("seed", &Study::seed, {0, std::numeric_limits<std::int64_t>::max()},
                   "seed of all random numbers: the same seed gives the same results"),
      one_of("weights", &Study::weights, weight_choices(), "which trained weights are kept"),
      weight_epochs(),
      one_of("predictions", &Study::predictions, prediction_choices(),
             "which results for single images are recorded"),
      one_of("invalid", &Study::invalid, invalid_choices(),
             "what to do with impossible combinations of a design, such as heads that do not "
             "divide the width, and with architectures that do not fit a dataset's images, such as "
             "patches that do not divide them")};
  return kOptions;
}

const Options<Study>& data_options() {
  static const Options<Study> kOptions{
      {.text =
           OptionText{
               "datasets",
               "list of texts or tables",
               "",
               "datasets to train on, in their notation: `\"mnist\"`, `\"glyphs "
               "difficulty=0.7\"`, `\"my/folder\"`. A table means the same: `{ name = \"glyphs\", "
               "difficulty = 0.7 }`. One dataset needs no list. `validation_share=0.1` holds out a "
               "tenth of each class's training images for validation; `minima recommend` then "
               "chooses by validation images and judges its choice by test images",
               {}},
       .read = [](Study& study, const Value& value) { study.datasets = read_datasets(value); },
       .print = nullptr}};
  return kOptions;
}

const PrintedOptions<TrainSettings>& train_options() {
  static const PrintedOptions<TrainSettings> kOptions = make_train_options();
  return kOptions;
}

void refuse_foreign_keys(const Value& table, const ChoiceText& own,
                         const std::vector<ChoiceText>& all, const std::string& what) {
  const auto takes = [](const ChoiceText& choice, const std::string& key) {
    return std::ranges::find(choice.options, key, &OptionText::key) != choice.options.end();
  };
  for (const Entry& entry : std::get<Value::Table>(table.data)) {
    if (takes(own, entry.key)) continue;
    std::vector<std::string> owners;
    for (const ChoiceText& other : all) {
      if (takes(other, entry.key)) owners.push_back(other.name);
    }
    if (owners.empty()) continue;
    throw input_error(entry.source.place(),
                      fmt::format("{} belongs to {} \"{}\", not to \"{}\"", entry.key, what,
                                  fmt::join(owners, "\" and \""), own.name),
                      fmt::format("remove it, or use {} \"{}\"", what, owners.front()));
  }
}

std::string TrainSettings::text() const {
  static const TrainSettings kDefaults;
  return print_differences(*this, kDefaults, train_options(), " ");
}

}  // namespace minima::study
