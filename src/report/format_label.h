// Names of number formats for readers.
#pragma once

#include <string>
#include <string_view>

namespace minima::report {

/// The format of a compressed network's weights, with the number of levels where the name misleads:
/// symmetric 2-bit integers have the three levels -1, 0 and 1. `quantization`: the protocol's text.
[[nodiscard]] std::string format_label(std::string_view format, std::string_view quantization);

}  // namespace minima::report
