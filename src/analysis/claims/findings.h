// Tests the claims of two papers on one store. docs/findings.md has the definitions.
//
// A claim is a row of a table (claims()): a function from the evidence in a store to the tests that
// it allows. The framework combines the tests of a claim into one verdict for the whole store and
// corrects the verdicts for the number of claims.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/claims/verdict.h"
#include "analysis/compression/compression.h"
#include "analysis/convergence/convergence.h"
#include "record/analysis.h"
#include "statistics/tests/combined_tests.h"

namespace minima::analysis {

struct Weights;
struct Projection;

/// What the claims are tested on.
struct ClaimEvidence {
  const Population& population;
  const Convergence& convergence;
  const Compression& compression;
  const study::AnalysisSettings& settings;
  const Weights* weights = nullptr;        ///< null: not available
  const Projection* projection = nullptr;  ///< null: not available
};

/// Which side of the bound a claim says the effect is on.
enum class Side { above, below };

/// One test of a claim, for example on one dataset and family.
struct ClaimTest {
  std::string dataset;                    ///< empty: over several
  std::optional<network::Family> family;  ///< nullopt: over several
  std::string scope;  ///< further scope: a series, a layer or a pruning protocol
  std::string statistic;
  double effect = 0.0;
  std::optional<double> low;  ///< interval at AnalysisSettings::confidence
  std::optional<double> high;
  double bound = 0.0;  ///< the effect under the null hypothesis
  Side claimed = Side::above;
  std::int64_t count = 0;
  std::string counted;   ///< the unit counted: "architectures"
  double p = 1.0;        ///< two-sided
  double least_p = 0.0;  ///< smallest p that this design can give
  /// False: the claim is about another protocol. The test is shown but does not enter the verdict.
  bool in_claim = true;
};

/// Whether the tests of a claim within one dataset and family use different runs.
enum class Dependence {
  independent,  ///< different runs: combined by Stouffer's method
  dependent,    ///< the same runs, e.g. by layer: combined by Simes' method
};

/// A complete sentence for each verdict. The sentences of decided claims fit one terminal line.
struct ClaimSentences {
  std::string supported;
  std::string contradicted;
  std::string undecided;
  std::string differs;    ///< for claims about the mean of their units; else empty
  std::string described;  ///< for claims that are only described; else empty
  std::string missing;    ///< what is missing in a store that cannot test it
};

/// A claim of a paper, and how it is tested.
struct Claim {
  std::string name;       ///< "deeper_stands_more_pruning"
  std::string source;     ///< "arXiv 2601.17987"
  std::string statement;  ///< paraphrase of the paper; a part of a sentence
  std::string protocol;   ///< its networks, protocols and layers, fixed in advance
  ClaimSentences sentences;
  std::string study;  ///< what a study needs to test it: text and TOML lines
  Dependence dependence = Dependence::independent;
  Combination combination = Combination::mean;  ///< what is claimed across datasets and families
  bool is_description = false;                  ///< a quantity is described, not tested
  /// Returns no tests if the store has no data for them.
  std::function<std::vector<ClaimTest>(const ClaimEvidence&)> tests;
};

/// In order of importance, which is the order of the report.
[[nodiscard]] std::vector<Claim> claims();

/// How a test enters the verdict on its claim.
enum class PartRole {
  combined,        ///< takes part in the verdict
  too_few,         ///< could not be significant whatever the data (Tarone 1990); left out
  other_protocol,  ///< the claim is about another protocol; shown only
  description,     ///< belongs to a claim that is only described
};
/// "combined", "too few", "other protocol", "description".
[[nodiscard]] std::string to_string(PartRole role);

struct FindingPart {
  ClaimTest test;
  PartRole role = PartRole::combined;
  /// Only for a combined part: Holm within the claim, and at least the claim's own adjusted p.
  std::optional<double> adjusted_p;
  Verdict verdict = Verdict::not_tested;
};

/// The effect of a claim. With one combined part it is that part's effect. With several parts of
/// one statistic it is their mean, weighted by counts. With several statistics it is the effect of
/// the part with the smallest p. For a claim about any or each of its units it is the effect of the
/// unit that decides.
struct FindingEffect {
  std::string statistic;
  double value = 0.0;
  std::optional<double> low;
  std::optional<double> high;
  double bound = 0.0;
};

/// A claim and its result on the whole store.
struct Finding {
  std::string claim;
  std::string source;
  std::string statement;
  std::string protocol;
  Verdict verdict = Verdict::not_tested;
  std::string sentence;                 ///< complete sentences
  std::string study;                    ///< what would test it; empty if it was tested
  std::optional<FindingEffect> effect;  ///< empty: not tested
  std::int64_t datasets = 0;            ///< datasets that were combined
  std::optional<double> p;              ///< two-sided, over all combined parts
  std::optional<double> adjusted_p;     ///< after Holm over the claims tested
  std::vector<FindingPart> parts;
};

struct Findings {
  study::AnalysisSettings settings;
  std::int64_t runs = 0;          ///< recorded
  std::vector<Finding> findings;  ///< one for each claim, in the order of claims()
};

/// "rank correlation -0.9 [-0.97, -0.7]": followed by " against 0.01" if the bound is not 0.
[[nodiscard]] std::string effect_text(const FindingEffect& effect);

/// "rank correlation -0.9 [-0.97, -0.7], p = 0.002" with the adjusted p; empty if not tested.
[[nodiscard]] std::string figures_of(const Finding& finding);

/// A p-value as text: "p = 0.012", "p < 1e-15".
[[nodiscard]] std::string p_text(double p);

/// One finding for each claim. A verdict is significant at 1 - AnalysisSettings::confidence after
/// Holm's correction for the number of claims that were tested.
[[nodiscard]] Findings findings_of(const ClaimEvidence& evidence);
[[nodiscard]] Findings findings_of(const ClaimEvidence& evidence, const std::vector<Claim>& claims);

/// Findings from tests that were already made: tests[i] belongs to claims[i].
[[nodiscard]] std::vector<Finding> combined_findings(
    const std::vector<Claim>& claims, const std::vector<std::vector<ClaimTest>>& tests,
    double confidence);

/// At most `most` decided claims as short sentences for the terminal, the most important first:
/// "Small networks fail more often than large ones (p = 0.012)".
[[nodiscard]] std::vector<std::string> decided_sentences(const Findings& findings,
                                                         std::size_t most);

/// The record to store, with the tables `findings` and `finding_tests`.
[[nodiscard]] record::AnalysisRecord record_of(const Findings& findings,
                                               const std::string& program_version);

}  // namespace minima::analysis
