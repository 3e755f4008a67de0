// Simulated populations that mislead a naive analysis. Each confound plants a situation in which a
// naive analysis reaches a false conclusion, and counts how often minima reaches it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace minima::analysis {

/// Counts over a number of simulated populations.
struct ConfoundResult {
  std::string conclusion;  ///< the false conclusion, or the interval whose coverage is counted
  int populations = 0;
  int wrong = 0;          ///< populations in which minima drew the false conclusion
  double nominal = 0.05;  ///< largest rate of wrong conclusions that minima guarantees
  /// The same count for the rule that minima used before; absent if there was no such rule.
  std::optional<int> wrong_before;
};

struct Confound {
  std::string name;     ///< "initial weights"
  std::string planted;  ///< the truth about the populations, in one line
  std::function<std::vector<ConfoundResult>(int populations, std::uint64_t seed)> simulate;
};

/// All confounds, in the order of docs/simulations.md.
[[nodiscard]] std::vector<Confound> confounds();

/// Whether `wrong` of `populations` is consistent with a true rate of at most `nominal`: the
/// one-sided binomial test does not reject it at 0.001.
[[nodiscard]] bool agrees_with_nominal(const ConfoundResult& result);

}  // namespace minima::analysis
