#include "report/claim_tallies.h"

#include <algorithm>

namespace minima::report {

using analysis::Verdict;

std::int64_t ClaimTally::of(Verdict verdict) const {
  const auto found = tests.find(verdict);
  return found == tests.end() ? 0 : found->second;
}

bool ClaimTally::is_decided() const {
  return of(Verdict::supported) + of(Verdict::contradicted) > 0;
}

std::vector<ClaimTally> claim_tallies(const analysis::Findings& findings) {
  std::vector<ClaimTally> tallies;
  for (const analysis::Finding& finding : findings.findings) {
    if (tallies.empty() || tallies.back().claim->claim != finding.claim) {
      tallies.push_back({&finding, {}});
    }
    ++tallies.back().tests[finding.verdict];
  }
  std::ranges::stable_partition(tallies, &ClaimTally::is_decided);
  return tallies;
}

}  // namespace minima::report
