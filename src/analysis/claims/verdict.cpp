#include "analysis/claims/verdict.h"

namespace minima::analysis {

std::string to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::supported:
      return "supported";
    case Verdict::contradicted:
      return "contradicted";
    case Verdict::undecided:
      return "undecided";
    case Verdict::differs:
      return "differs";
    case Verdict::described:
      return "described";
    case Verdict::not_tested:
      break;
  }
  return "not tested here";
}

}  // namespace minima::analysis
