// Options of [[design]] tables with family = "vit".
#include "network/limits.h"
#include "network/notation/families.h"
#include "study/options/design_kinds.h"

namespace minima::study {
namespace {

std::vector<Choice<VitGrid::Norm>> norm_choices() {
  using Norm = VitGrid::Norm;
  return {{Norm::pre, "before attention and MLP, and one at the end"},
          {Norm::post, "after them, and none at the end"}};
}

std::vector<Choice<network::Activation>> activation_choices() {
  using network::Activation;
  return {{Activation::gelu, "GELU, exact"}, {Activation::relu, "ReLU"}};
}

std::vector<Choice<VitGrid::Pool>> pool_choices() {
  using Pool = VitGrid::Pool;
  return {{Pool::mean, "the mean of the tokens"},
          {Pool::class_token, "the features of a learned class token"}};
}

double read_dropout(const std::string& key, const Value& value) {
  const double probability = read_number(key, value, network::kDropoutRange);
  if (network::is_dropout(probability)) return probability;
  throw input_error(value.place(),
                    fmt::format("{} = {} has too many decimals", key, shortest(probability)),
                    fmt::format("write a number {}", network::dropout_numbers()));
}

Option<VitGrid> dropout_option(const std::string& key) {
  return {
      .text = OptionText{key,
                         fmt::format("number {}, or a list of them", network::dropout_numbers()),
                         list_text(VitGrid{}.dropout, shortest),
                         "probabilities of dropout in the encoder blocks",
                         {}},
      .read =
          [key](VitGrid& grid, const Value& value) {
            const auto read = [&key](const Value& item) { return read_dropout(key, item); };
            grid.dropout = read_list<double>(key, value, read);
          },
      .print = nullptr};
}

Options<VitGrid> vit_grid_options() {
  return {
      family_option<VitGrid>("vit"),
      whole_list("width", &VitGrid::width, {1, network::kMaxTokenWidth}, "features of a token"),
      whole_list("heads", &VitGrid::heads, {1, network::kMaxTokenWidth},
                 "heads of the attention; divide the width"),
      whole_list("layers", &VitGrid::layers, {1, network::kMaxBlocks}, "numbers of encoder blocks"),
      whole_list("patch", &VitGrid::patch, {1, network::kMaxPatch},
                 "sides of the square patches; divide the images' sides"),
      some_of("norm", &VitGrid::norm, norm_choices(), "where the layer norms are"),
      some_of("activation", &VitGrid::activation, activation_choices(), "activation of the MLP"),
      whole_list_or("mlp", &VitGrid::mlp, {1, network::kMaxMlpRatio},
                    "ratios of the width of the MLP to that of a token"),
      some_of("pool", &VitGrid::pool, pool_choices(), "what reaches the output layer"),
      dropout_option("dropout")};
}

}  // namespace

DesignKind vit_grid_kind() {
  return make_kind("vit grid",
                   "Every combination of the lists. The network of paper L can be given in a list: "
                   "`architectures = [\"vit paper h4\"]`.",
                   vit_grid_options());
}

}  // namespace minima::study
