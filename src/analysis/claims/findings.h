// What two papers claim, tested on one store. docs/findings.md has the definitions.
//
// A claim is a row of a table (claims()): a function from what is known of a store to the tests
// that it allows. The framework combines the tests of a claim into one verdict for the whole store
// and corrects the verdicts for the number of claims.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/claims/verdict.h"
#include "analysis/compression/compression.h"
#include "analysis/convergence/convergence.h"
#include "statistics/combined_tests.h"

namespace minima::analysis {

struct Weights;
struct Projection;

/// What the claims are tested on.
struct ClaimEvidence {
  const Population& population;
  const Convergence& convergence;
  const Compression& compression;
  const study::AnalysisSettings& settings;
  const Weights* weights = nullptr;        ///< null: not known
  const Projection* projection = nullptr;  ///< null: not known
};

/// Which side of the bound a claim says the effect is on.
enum class Side { above, below };

/// One test of a claim: on one dataset and family, say.
struct ClaimTest {
  std::string dataset;  ///< empty: over several
  std::string family;   ///< empty: over several
  std::string scope;    ///< what else it belongs to: a series, a layer, a protocol of pruning
  std::string statistic;
  double effect = 0.0;
  std::optional<double> low;  ///< interval at AnalysisSettings::confidence
  std::optional<double> high;
  double bound = 0.0;  ///< the effect under the null hypothesis
  Side claimed = Side::above;
  std::int64_t count = 0;
  std::string counted;   ///< what is counted: "architectures"
  double p = 1.0;        ///< two-sided
  double least_p = 0.0;  ///< no data of this design could give a smaller p
  /// False: another protocol than the claim is about. It is shown and takes no part in the verdict.
  bool in_claim = true;
};

/// Whether the tests of a claim within one dataset and family are about different runs.
enum class Dependence {
  independent,  ///< different runs: combined by Stouffer's method
  dependent,    ///< the same runs, layer by layer say: combined by Simes' method
};

/// A complete sentence for each verdict. Those of decided claims fit one line of a screen.
struct ClaimSentences {
  std::string supported;
  std::string contradicted;
  std::string undecided;
  std::string differs;    ///< of claims about the mean of their units; else empty
  std::string described;  ///< of claims that are only described; else empty
  std::string missing;    ///< what a store lacks that cannot test it
};

/// A claim of a paper, and how it is tested.
struct Claim {
  std::string name;       ///< "deeper_stands_more_pruning"
  std::string source;     ///< "arXiv 2601.17987"
  std::string statement;  ///< what the paper says, in our words; a part of a sentence
  std::string protocol;   ///< which networks, protocols and layers it is about, fixed beforehand
  ClaimSentences sentences;
  std::string study;  ///< what a study needs to test it: words and lines of TOML
  Dependence dependence = Dependence::independent;
  Combination combination = Combination::mean;  ///< what is claimed of datasets and families
  bool is_description = false;                  ///< nothing is tested, a quantity is described
  /// No test where there is nothing to test it on.
  std::function<std::vector<ClaimTest>(const ClaimEvidence&)> tests;
};

/// In the order of importance, which is that of the report.
[[nodiscard]] std::vector<Claim> claims();

/// What a test does for its claim.
enum class PartRole {
  combined,        ///< takes part in the verdict
  too_few,         ///< could not be significant whatever the data (Tarone 1990); left out
  other_protocol,  ///< is about something else than the claim; shown only
  description,     ///< of a claim that is only described
};
/// "combined", "too few", "other protocol", "description".
[[nodiscard]] std::string to_string(PartRole role);

struct FindingPart {
  ClaimTest test;
  PartRole role = PartRole::combined;
  /// Of a combined part: Holm within the claim, and no less than the claim's own adjusted p.
  std::optional<double> adjusted_p;
  Verdict verdict = Verdict::not_tested;
};

/// The effect of a claim: of its one combined part, or the mean of several of one statistic,
/// weighted by their counts, or of several statistics that of the part with the least p. Of a claim
/// about any or each of its units it is that of the unit that decides.
struct FindingEffect {
  std::string statistic;
  double value = 0.0;
  std::optional<double> low;
  std::optional<double> high;
  double bound = 0.0;
};

/// A claim, and what the whole store says of it.
struct Finding {
  std::string claim;
  std::string source;
  std::string statement;
  std::string protocol;
  Verdict verdict = Verdict::not_tested;
  std::string sentence;                 ///< complete sentences
  std::string study;                    ///< what would test it; empty unless not tested
  std::optional<FindingEffect> effect;  ///< nothing: not tested
  std::int64_t datasets = 0;            ///< that were combined
  std::optional<double> p;              ///< two-sided, of all combined parts together
  std::optional<double> adjusted_p;     ///< after Holm over the claims tested
  std::vector<FindingPart> parts;
};

struct Findings {
  study::AnalysisSettings settings;
  std::int64_t runs = 0;          ///< recorded
  std::vector<Finding> findings;  ///< one for each claim, in the order of claims()
};

/// "rank correlation -0.9 [-0.97, -0.7]": with " against 0.01" where the bound is not 0.
[[nodiscard]] std::string effect_text(const FindingEffect& effect);

/// "rank correlation -0.9 [-0.97, -0.7], p = 0.002", p adjusted; empty if not tested.
[[nodiscard]] std::string figures_of(const Finding& finding);

/// A p-value as text: "p = 0.012", "p < 1e-15".
[[nodiscard]] std::string p_text(double p);

/// One finding for each claim. A verdict is significant at 1 - AnalysisSettings::confidence after
/// Holm's correction for the number of claims that were tested.
[[nodiscard]] Findings findings_of(const ClaimEvidence& evidence);
[[nodiscard]] Findings findings_of(const ClaimEvidence& evidence, const std::vector<Claim>& claims);

/// The same for tests that were made already: `tests` of each claim.
[[nodiscard]] std::vector<Finding> combined_findings(
    const std::vector<Claim>& claims, const std::vector<std::vector<ClaimTest>>& tests,
    double confidence);

/// The decided claims as short sentences for a screen, the most important first: "Small networks
/// fail more often than large ones (p = 0.012)". At most `most`.
[[nodiscard]] std::vector<std::string> decided_sentences(const Findings& findings,
                                                         std::size_t most);

/// As a store keeps it: the tables `findings` and `finding_tests`.
[[nodiscard]] store::AnalysisRecord record_of(const Findings& findings,
                                              const std::string& program_version);

}  // namespace minima::analysis
