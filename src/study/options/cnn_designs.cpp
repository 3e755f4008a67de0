// Options of [[design]] tables with family = "cnn".
#include "network/limits.h"
#include "study/options/design_kinds.h"

namespace minima::study {
namespace {

constexpr WholeRange kChannels{1, network::kMaxFilters};
constexpr WholeRange kSide{1, network::kMaxKernel};

/// Adds the settings shared by grids and draws. `how` says what is done with several values.
template <typename Target>
void add_settings(Options<Target>& options, const std::string& how) {
  using Pooling = network::Cnn::Pooling;
  using Head = network::Cnn::Head;
  options.push_back(whole_list_or<Target>("depth", &CnnSettings::depth,
                                          {1, network::kMaxConvolutions},
                                          "numbers of convolutions" + how));
  options.push_back(whole_list_or<Target>("kernel", &CnnSettings::kernel, kSide,
                                          "side lengths of the kernels" + how));
  options.push_back(whole_list_or<Target>("stride", &CnnSettings::stride, kSide,
                                          "strides of the kernels in pixels" + how));
  options.push_back(whole_list_or<Target>(
      "padding", &CnnSettings::padding, {0, network::kMaxKernel - 1},
      "zero padding around the input of a convolution, less than the kernel's side" + how));
  options.push_back(
      some_of<Target, Pooling>("pooling", &CnnSettings::pooling,
                               {{Pooling::none, "no pooling"},
                                {Pooling::max, "the largest value of each square of 2 x 2"},
                                {Pooling::average, "the mean of each square of 2 x 2"}},
                               "after every convolution" + how));
  options.push_back(
      some_of<Target, Head>("head", &CnnSettings::head,
                            {{Head::flatten, "every feature goes to the output layer"},
                             {Head::average, "the mean of each channel goes to the output layer"}},
                            "what reaches the output layer" + how));
}

Options<CnnGrid> cnn_grid_options() {
  Options<CnnGrid> options{
      family_option<CnnGrid>("cnn"),
      whole_list("channels", &CnnGrid::channels, kChannels, "filters of the first convolution"),
      number("growth", &CnnGrid::growth, {.min = 0.1, .max = 10},
             "ratio of the filters of a convolution to those of the one before; convolution *k* "
             "has `channels` x `growth`^(*k* - 1), rounded, at least 1")};
  add_settings(options, "");
  return options;
}

Options<CnnDraws> cnn_draws_options() {
  Options<CnnDraws> options{
      family_option<CnnDraws>("cnn"), draws_option<CnnDraws>(),
      range_option("channels", &CnnDraws::min_channels, &CnnDraws::max_channels, kChannels,
                   "each convolution's filters are drawn from this range, all equally likely")};
  add_settings(options, ", all equally likely");
  return options;
}

}  // namespace

DesignKind cnn_grid_kind() {
  return make_kind("cnn grid", "Every combination of the lists.", cnn_grid_options());
}

DesignKind cnn_draws_kind() {
  return make_kind("cnn draws",
                   "Convolutional networks drawn at random, as for dnn draws. Impossible ones are "
                   "not drawn again.",
                   cnn_draws_options());
}

}  // namespace minima::study
