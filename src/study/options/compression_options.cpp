// The sections [pruning] and [quantization]: tables for parsing, checking and documenting.
#include "study/options/option_builders.h"
#include "study/options/options.h"

namespace minima::study {
namespace {

using Pruning = PruningProtocol;
using Quantization = QuantizationProtocol;

constexpr NumberRange kSparsity{.min = 0, .max = 1, .open_max = true};
constexpr NumberRange kRate{.min = 0, .max = 100, .open_min = true};
constexpr WholeRange kEpochs{0, 100'000};

// ---- builders ----------------------------------------------------------------------------------

template <typename Target>
Option<Target> yes_or_no(const std::string& key, bool Target::*member, std::string meaning) {
  return {.text = OptionText{key, "true or false", "false", std::move(meaning), {}},
          .read =
              [=](Target& target, const Value& value) {
                const auto* yes = value.as<bool>();
                if (yes == nullptr) throw wrong_type(key, value, "true or false");
                target.*member = *yes;
              },
          .print = nullptr};
}

template <typename Target>
Option<Target> names(std::string key, std::vector<std::string> Target::*member,
                     std::string meaning) {
  return {
      .text = OptionText{key, "name in quotes, or a list of them", "[]", std::move(meaning), {}},
      .read =
          [=](Target& target, const Value& value) {
            const auto* list = value.as<Value::List>();
            target.*member = {};
            if (list != nullptr && list->empty()) return;
            target.*member = read_list<std::string>(key, value, [&](const Value& item) {
              return read_text(key, item, "names of layers or tensors in quotes");
            });
            std::ranges::sort(target.*member);
          },
      .print = nullptr};
}

template <typename Target>
Option<Target> rate_option(std::optional<double> Target::*member) {
  return {.text = OptionText{"learning_rate",
                             "number " + kRate.text() + ", or \"study\"",
                             "\"study\"",
                             "constant learning rate of that training; `study`: that of [train]",
                             {}},
          .read =
              [=](Target& target, const Value& value) {
                const auto* word = value.as<std::string>();
                if (word != nullptr && *word == "study") {
                  (target.*member).reset();
                } else {
                  target.*member = read_number("learning_rate", value, kRate);
                }
              },
          .print = nullptr};
}

std::vector<Choice<Representatives>> representative_choices() {
  return {{Representatives::all, "every replicate, so that curves show their spread"},
          {Representatives::median,
           "the replicate with (lower) median accuracy, on validation images if there are any"},
          {Representatives::best,
           "the replicate with the highest test accuracy, or validation accuracy if there is a "
           "validation split"}};
}

std::vector<Choice<Clipping>> clipping_choices() {
  const Clipping percentile{.rule = Clipping::Rule::percentile};
  return {{{.rule = Clipping::Rule::automatic},
           "`least-squared-error` for 4 bits and fewer, `max` for more"},
          {{.rule = Clipping::Rule::max}, "the range of all values"},
          {percentile,
           "a percentage of the values; the others are clamped",
           {number("percentile", &Clipping::percentile, {.min = 0, .max = 100, .open_min = true},
                   "percentage of the values within the range", percentile)}},
          {{.rule = Clipping::Rule::least_squared_error},
           "the fraction of the range of `max` with the smallest sum of squared rounding errors"}};
}

template <typename Settings, typename Protocol>
Option<Settings> protocol_list(const Options<Protocol>& options, const std::string& section,
                               void (*check)(const Protocol&, const Value&)) {
  return {.text = OptionText{"protocol",
                             "tables, each under [[" + section + ".protocol]]",
                             "one with its defaults",
                             "what is done; there can be several",
                             {}},
          .read =
              [=](Settings& settings, const Value& value) {
                const std::string where = "[[" + section + ".protocol]]";
                const auto* list = value.as<Value::List>();
                const bool tables =
                    list != nullptr && std::ranges::all_of(*list, [](const Value& item) {
                      return item.as<Value::Table>() != nullptr;
                    });
                if (!tables || list->empty()) {
                  throw wrong_type("protocol", value, where + " in two brackets, once for each");
                }
                settings.protocols.clear();
                for (const Value& table : *list) {
                  Protocol protocol;
                  read_table(protocol, table, options, where);
                  check(protocol, table);
                  settings.protocols.push_back(std::move(protocol));
                }
              },
          .print = nullptr};
}

// ---- [pruning] ---------------------------------------------------------------------------------

Option<Pruning> sparsity_option() {
  return {.text = OptionText{"sparsity",
                             "number " + kSparsity.text() + ", or a list of them",
                             list_text(Pruning{}.sparsity, shortest),
                             "fractions of the weights, or units, to remove; `geometric` and "
                             "`linear` end at the largest",
                             {}},
          .read =
              [](Pruning& protocol, const Value& value) {
                protocol.sparsity = read_list<double>("sparsity", value, [](const Value& item) {
                  return read_number("sparsity", item, kSparsity);
                });
              },
          .print = nullptr};
}

Option<Pruning> rewind_option() {
  return {
      .text =
          OptionText{"rewind",
                     "\"none\", or integer " + kEpochs.text(),
                     "\"none\"",
                     "after each pruning, the remaining weights are reset to their values at this "
                     "epoch (0: the initial ones) and trained to the study's last epoch (Frankle, "
                     "Carbin 2019); instead of `epochs`",
                     {}},
      .read =
          [](Pruning& protocol, const Value& value) {
            const auto* word = value.as<std::string>();
            if (word != nullptr && *word == "none") {
              protocol.rewind.reset();
            } else {
              protocol.rewind = static_cast<int>(read_whole("rewind", value, kEpochs));
            }
          },
      .print = nullptr};
}

std::vector<Choice<Pruning::Target>> target_choices() {
  return {{Pruning::Target::weights, "single weights are set to zero"},
          {Pruning::Target::units,
           "units of fully connected layers, channels, and heads and hidden units of transformers "
           "are removed, the same fraction in every layer: the network becomes smaller"}};
}

std::vector<Choice<Pruning::Criterion>> criterion_choices() {
  return {{Pruning::Criterion::magnitude,
           "the smallest are removed: by absolute value, or by the L1 norm of a unit's incoming "
           "weights"},
          {Pruning::Criterion::random, "random ones are removed: the control"}};
}

std::vector<Choice<Pruning::Scope>> pruning_scope_choices() {
  return {{Pruning::Scope::global, "all tensors are ranked together"},
          {Pruning::Scope::layer, "each tensor loses the same fraction"},
          {Pruning::Scope::one_layer,
           "one tensor at a time, the others unchanged: the sensitivity of each"}};
}

std::vector<Choice<Pruning::Schedule>> schedule_choices() {
  return {
      {Pruning::Schedule::one_shot, "every sparsity starts from the trained weights"},
      {Pruning::Schedule::listed,
       "the sparsities in increasing order, each from the network before it"},
      {Pruning::Schedule::geometric,
       "in `rounds` rounds to the largest sparsity, each removing the same fraction of what is "
       "left"},
      {Pruning::Schedule::linear, "in `rounds` rounds to the largest sparsity, in equal steps"}};
}

void check_pruning(const Pruning& protocol, const Value& table) {
  if (protocol.rewind && protocol.epochs > 0) {
    throw input_error(table.place(), "a pruning protocol has both epochs and rewind",
                      "rewinding trains to the study's last epoch; remove epochs");
  }
  const bool units = protocol.target == Pruning::Target::units;
  if (units && protocol.rewind) {
    throw input_error(table.place(), "networks whose units are removed cannot be rewound",
                      "remove rewind, or set target = \"weights\"");
  }
  const bool random = protocol.criterion == Pruning::Criterion::random;
  if (units && (random || protocol.scope != Pruning::Scope::global || protocol.biases)) {
    throw input_error(
        table.place(),
        "units are removed by magnitude, the same fraction in every layer, with their biases",
        "remove criterion, scope and biases, or set target = \"weights\"");
  }
  const bool one_layer = protocol.scope == Pruning::Scope::one_layer;
  if (one_layer && (protocol.is_iterative() || protocol.epochs > 0 || protocol.rewind)) {
    throw input_error(table.place(), "one layer at a time is pruned in one shot, without training",
                      "remove schedule, epochs and rewind, or set another scope");
  }
}

const Options<Pruning>& pruning_protocol_table() {
  static const Options<Pruning> kOptions{
      one_of("target", &Pruning::target, target_choices(), "what is removed"),
      one_of("criterion", &Pruning::criterion, criterion_choices(),
             "which weights or units are removed"),
      one_of("scope", &Pruning::scope, pruning_scope_choices(),
             "which tensors they are chosen from"),
      one_of("schedule", &Pruning::schedule, schedule_choices(), "how a sparsity is reached"),
      sparsity_option(),
      whole_number("rounds", &Pruning::rounds, {1, 1000},
                   "number of rounds of `geometric` and `linear`"),
      whole_number("epochs", &Pruning::epochs, kEpochs,
                   "epochs of training after each pruning; 0: none"),
      rate_option(&Pruning::learning_rate),
      rewind_option(),
      yes_or_no("biases", &Pruning::biases, "biases are pruned like weights"),
      names("keep", &Pruning::keep,
            "layers or tensors that are not pruned, such as `\"fc\"` or "
            "`\"block1.attention.q\"`")};
  return kOptions;
}

// ---- [quantization] ----------------------------------------------------------------------------

std::vector<Choice<NumberFormat>> format_choices() {
  std::vector<Choice<NumberFormat>> choices;
  for (const FormatInfo& each : number_formats()) {
    choices.emplace_back(each.format, fmt::format("{} bits per value", each.bits));
  }
  return choices;
}

Option<Quantization> activations_option() {
  using Kind = Quantization::Activations::Kind;
  return {.text = OptionText{"activations",
                             "\"none\", \"same\", or a format",
                             "\"none\"",
                             "format of the activations: none, the same as the weights, or one "
                             "format for all of them; ternary and binary are for weights only",
                             {}},
          .read =
              [](Quantization& protocol, const Value& value) {
                const std::string& word = read_text("activations", value, "a format in quotes");
                if (word == "none" || word == "same") {
                  protocol.activations = {.kind = word == "none" ? Kind::none : Kind::same};
                  return;
                }
                const NumberFormat format =
                    choice_named("activations", value, format_choices()).value;
                const FormatKind kind = info(format).kind;
                if (kind == FormatKind::ternary || kind == FormatKind::binary) {
                  throw input_error(value.place(),
                                    fmt::format("activations cannot be {}", info(format).name),
                                    "write a format with more bits, such as \"int8\"");
                }
                protocol.activations = {.kind = Kind::format, .format = format};
              },
          .print = nullptr};
}

std::vector<Choice<Quantization::Method>> method_choices() {
  return {
      {Quantization::Method::ptq, "after training"},
      {Quantization::Method::qat,
       "training continues from the trained weights for `epochs`, with quantized weights in the "
       "forward pass and straight-through gradients"},
      {Quantization::Method::scratch,
       "the same from the initial weights, for the study's number of epochs"}};
}

void check_quantization(const Quantization& protocol, const Value& table) {
  const bool trains = protocol.method != Quantization::Method::ptq;
  if (trains && (protocol.pruned || protocol.scope == Quantization::Scope::one_layer)) {
    throw input_error(table.place(), "pruned networks and single layers are quantized by \"ptq\"",
                      "remove pruned and scope, or set method = \"ptq\"");
  }
  if (protocol.pruned && protocol.scope == Quantization::Scope::one_layer) {
    throw input_error(table.place(),
                      "one layer at a time can be quantized in unpruned networks only",
                      "remove pruned or scope");
  }
  if (protocol.method == Quantization::Method::qat && protocol.epochs == 0) {
    throw input_error(table.place(), "method = \"qat\" needs epochs of training",
                      "write epochs = 1 or more");
  }
}

const Options<Quantization>& quantization_protocol_table() {
  static const Options<Quantization> kOptions{
      one_of("method", &Quantization::method, method_choices(), "when weights are quantized"),
      some_of("formats", &Quantization::formats, format_choices(), "formats of the weights"),
      activations_option(),
      one_of("granularity", &Quantization::granularity,
             std::vector<Choice<Granularity>>{
                 {Granularity::tensor, "a whole tensor"},
                 {Granularity::output_channel, "each output channel of a tensor"}},
             "what has a scale of its own"),
      one_of("scheme", &Quantization::scheme,
             std::vector<Choice<Scheme>>{
                 {Scheme::symmetric, "equal ranges on both sides of zero"},
                 {Scheme::affine, "from the smallest to the largest value, with a zero point"}},
             "ranges of integer formats"),
      one_of("clipping", &Quantization::clipping, clipping_choices(),
             "how the ranges of weights are chosen"),
      one_of("activation_clipping", &Quantization::activation_clipping, clipping_choices(),
             "how the ranges of activations are chosen"),
      whole_number("calibration_images", &Quantization::calibration_images, {1, 1'000'000},
                   "number of training images, the first ones, that set the ranges of activations"),
      one_of("scope", &Quantization::scope,
             std::vector<Choice<Quantization::Scope>>{
                 {Quantization::Scope::network, "all layers"},
                 {Quantization::Scope::one_layer,
                  "one tensor at a time, the others unchanged: the sensitivity of each"}},
             "what is quantized together"),
      whole_number("epochs", &Quantization::epochs, kEpochs, "epochs of `qat`"),
      rate_option(&Quantization::learning_rate),
      yes_or_no("pruned", &Quantization::pruned,
                "also quantize the networks of every [[pruning.protocol]]: sparsity x bits"),
      names("keep", &Quantization::keep, "layers or tensors that are not quantized")};
  return kOptions;
}

}  // namespace

std::vector<OptionText> pruning_protocol_texts() {
  return texts_of(pruning_protocol_table());
}

std::vector<OptionText> quantization_protocol_texts() {
  return texts_of(quantization_protocol_table());
}

const Options<PruningSettings>& pruning_options() {
  static const Options<PruningSettings> kOptions{
      one_of("representatives", &PruningSettings::representatives, representative_choices(),
             "which runs of each architecture are pruned"),
      protocol_list<PruningSettings>(pruning_protocol_table(), "pruning", check_pruning)};
  return kOptions;
}

const Options<QuantizationSettings>& quantization_options() {
  static const Options<QuantizationSettings> kOptions{
      one_of("representatives", &QuantizationSettings::representatives, representative_choices(),
             "which runs of each architecture are quantized"),
      protocol_list<QuantizationSettings>(quantization_protocol_table(), "quantization",
                                          check_quantization)};
  return kOptions;
}

}  // namespace minima::study
