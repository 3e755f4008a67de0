#include <fmt/format.h>

#include "network/families/graph_builder.h"

namespace minima::network {

void lower(const Dnn& dnn, GraphBuilder& builder) {
  int inputs = builder.problem().image.pixels();
  int number = 0;
  for (const int width : dnn.hidden) {
    builder.add_dense(fmt::format("fc{}", ++number), inputs, width, dnn.activation);
    inputs = width;
  }
  builder.add_dense(fmt::format("fc{}", ++number), inputs, builder.problem().classes,
                    Activation::none);
}

}  // namespace minima::network
