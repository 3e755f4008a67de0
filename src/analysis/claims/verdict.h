// The verdict on a claim.
#pragma once

#include <string>

namespace minima::analysis {

enum class Verdict {
  supported,     ///< significant, on the claimed side, and no dataset points the other way
  contradicted,  ///< significant, on the other side, and no dataset points the claimed way
  undecided,     ///< neither side is shown
  not_tested,    ///< the store cannot test the claim
  differs,       ///< significant on both sides, in different datasets or families
  described,     ///< the claim has no null hypothesis; its numbers are descriptive
};
/// "supported", "contradicted", "undecided", "not tested here", "differs", "described".
[[nodiscard]] std::string to_string(Verdict verdict);

}  // namespace minima::analysis
