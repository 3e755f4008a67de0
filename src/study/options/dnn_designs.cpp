// Options of [[design]] tables with family = "dnn".
#include "network/limits.h"
#include "study/options/design_kinds.h"

namespace minima::study {
namespace {

constexpr WholeRange kDepth{0, kMaxGridDepth};
constexpr WholeRange kWidth{1, network::kMaxWidth};

Options<DnnGrid> dnn_grid_options() {
  using Shape = DnnGrid::Shape;
  return {
      family_option<DnnGrid>("dnn"),
      whole_list("depth", &DnnGrid::depth, kDepth, "numbers of hidden layers"),
      whole_list("width", &DnnGrid::width, kWidth,
                 "units of each hidden layer; with `shape = \"all\"`, of the narrowest"),
      one_of("shape", &DnnGrid::shape,
             std::vector<Choice<Shape>>{
                 {Shape::equal, "all hidden layers equally wide"},
                 {Shape::all, "every pattern of smaller, equal and larger from layer to layer"}},
             "relative widths of the hidden layers"),
      number(
          "step", &DnnGrid::step, {.min = 1, .max = 10},
          "with `shape = \"all\"`: ratio of the units of a larger layer to those one level below")};
}

Options<DnnDraws> dnn_draws_options() {
  return {
      family_option<DnnDraws>("dnn"), draws_option<DnnDraws>(),
      whole_list("depth", &DnnDraws::depth, kDepth, "numbers of hidden layers, all equally likely"),
      range_option("width", &DnnDraws::min_width, &DnnDraws::max_width, kWidth,
                   "each hidden layer's units are drawn from this range, all equally likely")};
}

}  // namespace

DesignKind dnn_grid_kind() {
  return make_kind("dnn grid", "Every depth with every width and every pattern of shape.",
                   dnn_grid_options());
}

DesignKind dnn_draws_kind() {
  return make_kind("dnn draws",
                   "Architectures drawn at random, the same ones for every dataset. They are "
                   "spread over many shuffles of the training images, at most 16 per shuffle.",
                   dnn_draws_options());
}

}  // namespace minima::study
