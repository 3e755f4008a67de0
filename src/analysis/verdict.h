// What data say of a claim.
#pragma once

#include <string>

namespace minima::analysis {

enum class Verdict {
  supported,     ///< clearly on the side of the claim
  contradicted,  ///< clearly on the other side
  undecided,     ///< not clear
  not_tested,    ///< this store, or this program, cannot tell: too few runs, for one
};
/// "supported", "contradicted", "undecided", "not tested here".
[[nodiscard]] std::string to_string(Verdict verdict);

}  // namespace minima::analysis
