#include <fmt/format.h>

#include "network/families/graph_builder.h"

namespace minima::network {
namespace {

ImageShape add_convolution(const Cnn& cnn, std::size_t number, const ImageShape& input,
                           GraphBuilder& builder) {
  const Convolution convolution{.input = input,
                                .filters = cnn.filters[number - 1],
                                .kernel = cnn.kernel,
                                .stride = cnn.stride,
                                .padding = cnn.padding};
  const std::string name = fmt::format("conv{}", number);
  const auto side = [&](int inner) { return inner + 2 * cnn.padding; };
  if (cnn.kernel > side(input.height) || cnn.kernel > side(input.width)) {
    throw builder.misfit(
        fmt::format("the kernel of {} x {} of {} is larger than the {} x {} it sees", cnn.kernel,
                    cnn.kernel, name, side(input.height), side(input.width)),
        "take fewer convolutions, a smaller kernel or more padding");
  }
  const ImageShape output = convolution.output();
  builder.check_features(name, output.height, output.width, output.channels);
  const int before = builder.last();
  builder.begin_layer(name);
  builder.add({.what = convolution,
               .inputs = {before},
               .tensors = builder.convolution_tensors(convolution),
               .activation = cnn.activation});
  return output;
}

ImageShape add_pooling(const std::string& name, Pooling::Kind kind, const ImageShape& input,
                       GraphBuilder& builder) {
  const Pooling pooling{.input = input, .kind = kind};
  const ImageShape output = pooling.output();
  if (output.height < 1 || output.width < 1) {
    throw builder.misfit(
        fmt::format("the squares of 2 x 2 of {} are larger than the {} x {} it sees", name,
                    input.height, input.width),
        "take fewer convolutions, more padding or no pooling");
  }
  const int before = builder.last();
  builder.begin_layer(name);
  builder.add({.what = pooling, .inputs = {before}});
  return output;
}

}  // namespace

void lower(const Cnn& cnn, GraphBuilder& builder) {
  ImageShape image = builder.problem().image;
  for (std::size_t number = 1; number <= cnn.filters.size(); ++number) {
    image = add_convolution(cnn, number, image, builder);
    if (cnn.pooling == Cnn::Pooling::none) continue;
    const bool max = cnn.pooling == Cnn::Pooling::max;
    image = add_pooling(fmt::format("pool{}", number),
                        max ? Pooling::Kind::max : Pooling::Kind::average, image, builder);
  }
  if (cnn.head == Cnn::Head::average) {
    image = add_pooling("gap", Pooling::Kind::global_average, image, builder);
  }
  builder.add_dense("fc", image.pixels(), builder.problem().classes, Activation::none);
}

}  // namespace minima::network
