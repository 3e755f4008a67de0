// What the two papers claim, asked of one store. docs/findings.md has the definitions.
//
// A claim is a row of a table (claims()): a function from what is known of a store to the tests it
// allows. A new analysis adds its claims there; nothing else changes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/compression.h"
#include "analysis/convergence.h"
#include "analysis/verdict.h"

namespace minima::analysis {

struct Weights;
struct Projection;

/// What a claim is tested on.
struct Evidence {
  const Population& population;
  const Convergence& convergence;
  const Compression& compression;
  const study::AnalysisSettings& settings;
  const Weights* weights = nullptr;        ///< null: nothing is known of them
  const Projection* projection = nullptr;  ///< likewise
};

/// Which side of the bound a claim says the effect is on.
enum class Side { above, below };

/// One test of a claim, before it is known how many others there are.
struct ClaimTest {
  std::string dataset;  ///< empty: over several
  std::string family;   ///< likewise
  std::string scope;    ///< what else belongs to it: a protocol of pruning, say
  std::string statistic;
  double effect = 0.0;
  std::optional<double> low;  ///< interval of AnalysisSettings::confidence
  std::optional<double> high;
  double bound = 0.0;  ///< of the effect, if there is nothing in the claim
  Side claimed = Side::above;
  std::int64_t count = 0;
  std::string counted;  ///< what is counted: "architectures"
  double p = 1.0;       ///< two-sided, of an effect as far from the bound
};

/// A claim of a paper, and how it is tested.
struct Claim {
  std::string name;       ///< "deeper_stands_more_pruning"
  std::string source;     ///< "arXiv 2601.17987"
  std::string statement;  ///< what the paper says, in our words
  std::string opposite;   ///< what was found where it is contradicted
  std::string needs;      ///< what a store must have for it
  /// No test where there is nothing to test it on.
  std::function<std::vector<ClaimTest>(const Evidence&)> tests;
};

/// In the order of the report.
[[nodiscard]] std::vector<Claim> claims();

struct Finding {
  std::string claim;
  std::string source;
  std::string statement;
  std::optional<ClaimTest> test;     ///< nothing: not tested here
  std::optional<double> adjusted_p;  ///< after Holm (1979), over all tests of the store
  Verdict verdict = Verdict::not_tested;
  std::string sentence;
};

struct Findings {
  study::AnalysisSettings settings;
  std::int64_t runs = 0;  ///< recorded
  std::vector<Finding> findings;
};

/// "rank correlation -0.9 [-0.97, -0.7], n = 12 (sizes), p = 0.002", p corrected; empty if not
/// tested.
[[nodiscard]] std::string figures_of(const Finding& finding);

/// Every claim, with a finding for each of its tests, or one that says what is missing. A verdict
/// is significant at 1 - AnalysisSettings::confidence after Holm's correction.
[[nodiscard]] Findings findings_of(const Evidence& evidence);
[[nodiscard]] Findings findings_of(const Evidence& evidence, const std::vector<Claim>& claims);

/// Holm's step-down correction (1979): p-values as they are after so many tests, in their order.
[[nodiscard]] std::vector<double> holm(const std::vector<double>& p);

/// As a store keeps it: the table `findings`.
[[nodiscard]] store::AnalysisRecord record_of(const Findings& findings,
                                              const std::string& program_version);

}  // namespace minima::analysis
