// The tests of each claim, counted by verdict.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "analysis/findings.h"

namespace minima::report {

struct ClaimTally {
  const analysis::Finding* claim = nullptr;  ///< the first of its findings
  std::map<analysis::Verdict, std::int64_t> tests;

  [[nodiscard]] std::int64_t of(analysis::Verdict verdict) const;
  /// Whether one of its tests is for or against the claim.
  [[nodiscard]] bool is_decided() const;
  [[nodiscard]] bool is_tested() const { return of(analysis::Verdict::not_tested) == 0; }
};

/// Those with a verdict first; else in the order of the findings, whose claims stand together.
[[nodiscard]] std::vector<ClaimTally> claim_tallies(const analysis::Findings& findings);

}  // namespace minima::report
