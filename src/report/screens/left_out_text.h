// Compression that cannot be done, because the weights of its runs were not kept.
#pragma once

#include <cstdint>
#include <string>

namespace minima::report {

/// Why compression tasks are left out, as JSON documents give it.
inline constexpr const char* kLeftOutReason = "the weights of their runs were not kept";

struct LeftOut {
  std::int64_t tasks = 0;   ///< compression tasks
  std::int64_t runs = 0;    ///< whose weights were not kept; 0: unknown
  std::string remedy = {};  ///< the command that trains these runs again
};

/// "2 compression tasks left out: the weights of 2 runs were not kept; `minima run ...` trains
/// these runs again, with the same results"; empty if nothing is left out.
[[nodiscard]] std::string left_out_text(const LeftOut& left_out);

}  // namespace minima::report
