#include "analysis/claims/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "compressed_population.h"
#include "documented_tables.h"
#include "planted_variants.h"
#include "record/analysis.h"
#include "simulated_population.h"

namespace minima::analysis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

study::AnalysisSettings finding_settings() {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 999;
  return settings;
}

Claim claim_named(const std::string& name) {
  for (const Claim& claim : claims()) {
    if (claim.name == name) return claim;
  }
  throw std::logic_error("no claim " + name);
}

Findings findings_in(const Population& population, const std::vector<Claim>& asked) {
  const study::AnalysisSettings settings = finding_settings();
  const Convergence convergence = convergence_of(population, settings);
  const Compression compression = compression_of(population, settings);
  return findings_of({population, convergence, compression, settings}, asked);
}

/// The finding of a single claim.
Finding finding_in(const Population& population, const std::string& claim) {
  const Findings findings = findings_in(population, {claim_named(claim)});
  EXPECT_EQ(findings.findings.size(), 1U);
  return findings.findings.at(0);
}

/// 16 sizes over which accuracy changes by `accuracy_slope` and the failure rate goes from
/// `first_failure` to `last_failure`.
Population along_sizes(double accuracy_slope, double first_failure, double last_failure) {
  Simulation simulation;
  simulation.replicates = 20;
  const auto sizes = logarithmic_sizes(16, 100, 1e6);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const double way = static_cast<double>(i) / 15.0;
    simulation.levels.push_back({.parameters = sizes[i],
                                 .accuracy = 0.7 + accuracy_slope * way,
                                 .sd = 0.002,
                                 .failure = first_failure + way * (last_failure - first_failure),
                                 .architecture = "dnn " + std::to_string(i + 1)});
  }
  return simulate(simulation, 1).population;
}

TEST(Findings, SupportedIfSmallNetworksFailMore) {
  const Finding finding = finding_in(along_sizes(0.2, 0.9, 0.0), "small_fail_more");
  EXPECT_EQ(finding.verdict, Verdict::supported);
  EXPECT_LT(finding.effect->value, -0.8);
  EXPECT_LT(*finding.effect->high, 0.0);
  EXPECT_EQ(finding.sentence, "Small networks fail more often than large ones.");
}

TEST(Findings, ContradictedIfLargeNetworksFailMore) {
  const Finding finding = finding_in(along_sizes(0.2, 0.0, 0.9), "small_fail_more");
  EXPECT_EQ(finding.verdict, Verdict::contradicted);
  EXPECT_EQ(finding.sentence, "Large networks fail more often than small ones.");
}

TEST(Findings, UndecidedIfFailuresDoNotDependOnSize) {
  EXPECT_EQ(finding_in(along_sizes(0.2, 0.3, 0.3), "small_fail_more").verdict, Verdict::undecided);
}

TEST(Findings, NotTestedIfNothingFailsAndAStudyIsNamed) {
  const Finding finding = finding_in(along_sizes(0.2, 0.0, 0.0), "small_fail_more");
  EXPECT_EQ(finding.verdict, Verdict::not_tested);
  EXPECT_FALSE(finding.effect);
  EXPECT_THAT(finding.sentence, HasSubstr("No series has five sizes"));
  EXPECT_THAT(finding.study, HasSubstr("replicates"));
}

TEST(Findings, AccuracyThatGrowsOrFallsWithSizeIsFound) {
  const Finding grows = finding_in(along_sizes(0.2, 0, 0), "accuracy_grows");
  EXPECT_EQ(grows.verdict, Verdict::supported);
  EXPECT_NEAR(grows.effect->value, 0.05, 0.005) << "0.2 over four tenfold growths of size";
  EXPECT_EQ(finding_in(along_sizes(-0.2, 0, 0), "accuracy_grows").verdict, Verdict::contradicted);
}

/// Stable architectures of four depths and five widths. Redundancy changes by `per_depth` with each
/// hidden layer, and by `per_size` per unit of ln(parameters), which double from width to width.
Population of_depths(double per_depth, double per_size = 0.0) {
  Population population = one_dataset();
  RandomStream random(6, 0, Purpose::random_design);
  for (int width = 8; width <= 12; ++width) {
    std::string architecture = "dnn";
    for (int depth = 1; depth <= 4; ++depth) {
      architecture += (depth == 1 ? " " : "-") + std::to_string(width);
      const double redundancy = 0.5 + per_depth * depth +
                                per_size * std::log(depth << (width - 8)) +
                                0.07 * per_size * random.normal();
      for (const double noise : {-0.01, 0.0, 0.01}) {
        add_pruned_run(population, architecture, 0.99, default_sparsities(),
                       line_through(redundancy + noise + 0.001 * width, 0.99),
                       (1000LL << (width - 8)) * depth);
      }
    }
  }
  return population;
}

TEST(Findings, AnEffectOfDepthIsDistinguishedFromNone) {
  EXPECT_EQ(finding_in(of_depths(0.08), "deeper_stands_more_pruning").verdict, Verdict::supported);
  EXPECT_EQ(finding_in(of_depths(-0.08), "deeper_stands_more_pruning").verdict,
            Verdict::contradicted);
}

TEST(Findings, AnEffectOfDepthIsDistinguishedFromOneOfSize) {
  EXPECT_EQ(finding_in(of_depths(0.0, 0.08), "deeper_stands_more_pruning").verdict,
            Verdict::undecided);
}

TEST(Findings, RedundancyOf60PercentIsReachedByOneArchitectureOrByNone) {
  const Finding reached = finding_in(of_depths(0.08), "redundancy_reaches_60");
  EXPECT_EQ(reached.verdict, Verdict::supported);
  EXPECT_NEAR(reached.effect->value, 0.5 + 0.08 * 4 + 0.012, 0.03);
  EXPECT_EQ(finding_in(of_depths(-0.08), "redundancy_reaches_60").verdict, Verdict::contradicted);
}

TEST(Findings, NetworksOfLittleSkillTakeNoPartInRedundancy) {
  Population population = of_depths(-0.08);
  for (const double noise : {-0.001, 0.0, 0.001}) {
    add_pruned_run(population, "dnn 1", 0.2 + noise, default_sparsities(),
                   [&](double) { return 0.2 + noise; });
  }
  EXPECT_EQ(finding_in(population, "redundancy_reaches_60").verdict, Verdict::contradicted);
}

/// Adds stable networks of another family, four of whose runs have this redundancy.
void add_cnn(Population& population, const std::string& architecture, double redundancy,
             int runs = 4) {
  for (int run = 0; run < runs; ++run) {
    add_pruned_run(population, architecture, 0.99, default_sparsities(),
                   line_through(redundancy + 0.01 * run, 0.99), 5000);
  }
}

TEST(Findings, OneFamilyOfRedundantNetworksIsEnough) {
  Population population = of_depths(-0.08);
  add_cnn(population, "cnn 4", 0.85);
  const Finding finding = finding_in(population, "redundancy_reaches_60");
  EXPECT_EQ(finding.verdict, Verdict::supported);
  EXPECT_EQ(finding.parts.size(), 1U) << "one test for both families";
  EXPECT_NEAR(finding.effect->value, 0.865, 0.03);
}

TEST(Findings, OneRunOfARedundantNetworkKeepsTheClaimOpen) {
  Population population = of_depths(-0.08);
  add_cnn(population, "cnn 4", 0.85, 1);
  const Finding finding = finding_in(population, "redundancy_reaches_60");
  EXPECT_EQ(finding.verdict, Verdict::undecided);
  EXPECT_NEAR(finding.effect->value, 0.85, 0.03);
  EXPECT_FALSE(finding.effect->low);
}

TEST(Findings, OneRunJustBelowKeepsTheClaimOpenToo) {
  Population population = of_depths(-0.08);
  add_cnn(population, "cnn 4", 0.59, 1);
  EXPECT_EQ(finding_in(population, "redundancy_reaches_60").verdict, Verdict::undecided);
}

// The architecture with the largest mean is not evidence here: its two runs differ too much.
TEST(Findings, TheEffectOfRedundancyIsThatOfTheArchitectureThatDecides) {
  Population population = one_dataset();
  for (const double redundancy : {0.55, 0.95}) {
    add_pruned_run(population, "dnn 8", 0.99, default_sparsities(), line_through(redundancy, 0.99),
                   1000);
  }
  for (const double redundancy : {0.69, 0.7, 0.71}) {
    add_pruned_run(population, "dnn 16", 0.99, default_sparsities(), line_through(redundancy, 0.99),
                   2000);
  }
  const Finding finding = finding_in(population, "redundancy_reaches_60");
  EXPECT_EQ(finding.verdict, Verdict::supported);
  EXPECT_NEAR(finding.effect->value, 0.7, 0.02);
  EXPECT_GT(*finding.effect->low, 0.6);
}

/// Eight architectures that lose `loss` at four bits, as a function of the number of parameters.
Population quantized_by(const std::function<double(double)>& loss) {
  Population population = one_dataset();
  for (int i = 1; i <= 8; ++i) {
    const std::string architecture = "dnn " + std::to_string(i);
    for (const double noise : {-0.001, 0.001}) {
      const std::string id = add_run(population, architecture, 0.9 + noise, 1000 * i).id;
      add_variant(population, id, quantized("int4", 4, 0.9 + noise - loss(i)));
    }
  }
  return population;
}

TEST(Findings, PrecisionHurtsSmallNetworksOrLargeOnes) {
  EXPECT_EQ(
      finding_in(quantized_by([](double i) { return 0.1 / i; }), "precision_hurts_small").verdict,
      Verdict::supported);
  EXPECT_EQ(
      finding_in(quantized_by([](double i) { return 0.01 * i; }), "precision_hurts_small").verdict,
      Verdict::contradicted);
  EXPECT_EQ(finding_in(quantized_by([](double i) { return 0.01 * std::abs(i - 4.4); }),
                       "precision_hurts_small")
                .verdict,
            Verdict::undecided);
}

// ---- combination -----------------------------------------------------------------------------

ClaimTest test_on(const std::string& dataset, double effect, double p) {
  return {.dataset = dataset,
          .family = network::Family::dnn,
          .statistic = "effect",
          .effect = effect,
          .low = effect - 0.5,
          .high = effect + 0.5,
          .count = 4,
          .p = p};
}

Finding combined(std::vector<ClaimTest> tests, Dependence dependence = Dependence::independent,
                 Combination combination = Combination::mean) {
  Claim claim{.name = "planted", .dependence = dependence, .combination = combination};
  claim.sentences = {.supported = "Yes.",
                     .contradicted = "No.",
                     .undecided = "Open.",
                     .differs = "It differs.",
                     .missing = "Not tested: nothing."};
  return combined_findings({claim}, {std::move(tests)}, 0.95).at(0);
}

// By hand: two z of 1.645 give 2 x 1.645 / sqrt(2) = 2.326, with a two-sided p of 0.02.
TEST(Findings, IndependentDatasetsAddUp) {
  const Finding finding = combined({test_on("a", 1.0, 0.1), test_on("b", 2.0, 0.1)});
  EXPECT_EQ(finding.verdict, Verdict::supported);
  EXPECT_NEAR(*finding.p, 0.02, 0.0005);
  EXPECT_EQ(finding.datasets, 2);
  EXPECT_DOUBLE_EQ(finding.effect->value, 1.5);
  EXPECT_NEAR(*finding.effect->low, 1.5 - 0.5 / std::sqrt(2.0), 1e-12);
  for (const FindingPart& part : finding.parts) EXPECT_EQ(part.verdict, Verdict::undecided);
}

TEST(Findings, OppositeDatasetsDiffer) {
  const Finding finding = combined({test_on("a", 1.0, 1e-6), test_on("b", -1.0, 1e-4)});
  EXPECT_EQ(finding.verdict, Verdict::differs);
  EXPECT_EQ(finding.sentence, "It differs. It holds for a, dnn. The opposite holds for b, dnn.");
}

TEST(Findings, ADatasetThatPointsTheOtherWayForbidsAVerdict) {
  const Finding finding = combined({test_on("a", 1.0, 1e-8), test_on("b", -0.1, 0.8)});
  EXPECT_LT(*finding.adjusted_p, 0.05);
  EXPECT_EQ(finding.verdict, Verdict::undecided);
  EXPECT_EQ(finding.sentence, "Open. The datasets point in different directions.");
}

TEST(Findings, ADatasetWithoutADirectionForbidsNoVerdict) {
  for (const double side : {1.0, -1.0}) {
    const Finding finding = combined({test_on("a", side, 1e-8), test_on("b", 0.0, 1.0)});
    EXPECT_EQ(finding.verdict, side > 0.0 ? Verdict::supported : Verdict::contradicted);
  }
  EXPECT_EQ(combined({test_on("a", 1.0, 0.5), test_on("b", 0.0, 1.0)}).sentence, "Open.");
}

Finding of_any(std::vector<ClaimTest> tests) {
  return combined(std::move(tests), Dependence::independent, Combination::any);
}

TEST(Findings, ThatSomethingHoldsSomewhereIsShownByOneDatasetAndDeniedByAll) {
  const Finding one = of_any({test_on("a", 1.0, 1e-3), test_on("b", -2.0, 1e-9)});
  EXPECT_EQ(one.verdict, Verdict::supported);
  EXPECT_NEAR(*one.p, 2e-3, 1e-12);
  EXPECT_EQ(one.effect->value, 1.0);
  EXPECT_EQ(one.sentence, "Yes.");
  const Finding none = of_any({test_on("a", -1.0, 1e-3), test_on("b", -2.0, 1e-9)});
  EXPECT_EQ(none.verdict, Verdict::contradicted);
  EXPECT_NEAR(*none.p, 1e-3, 1e-12);
  EXPECT_EQ(none.effect->value, -1.0);
  const Finding open = of_any({test_on("a", -0.1, 0.4), test_on("b", -2.0, 1e-9)});
  EXPECT_EQ(open.verdict, Verdict::undecided);
  EXPECT_EQ(open.sentence, "Open.");
}

TEST(Findings, AnUntestableDatasetKeepsADenialOpen) {
  ClaimTest untestable = test_on("b", 0.5, 1.0);
  untestable.least_p = 1.0;
  EXPECT_EQ(of_any({test_on("a", -1.0, 1e-9), untestable}).verdict, Verdict::undecided);
  EXPECT_EQ(of_any({untestable}).verdict, Verdict::not_tested);
}

TEST(Findings, ThatSomethingHoldsEverywhereIsShownByAllDatasetsAndDeniedByOne) {
  const auto of_each = [](std::vector<ClaimTest> tests) {
    return combined(std::move(tests), Dependence::independent, Combination::each);
  };
  EXPECT_EQ(of_each({test_on("a", 1.0, 1e-3), test_on("b", 2.0, 1e-9)}).verdict,
            Verdict::supported);
  const Finding one = of_each({test_on("a", -1.0, 1e-3), test_on("b", 2.0, 1e-9)});
  EXPECT_EQ(one.verdict, Verdict::contradicted);
  EXPECT_EQ(one.effect->value, -1.0);
  EXPECT_EQ(of_each({test_on("a", 0.1, 0.4), test_on("b", 2.0, 1e-9)}).verdict, Verdict::undecided);
}

TEST(Findings, OtherProtocolsAreShownAndTakeNoPart) {
  ClaimTest other = test_on("a", -1.0, 1e-9);
  other.in_claim = false;
  const Finding finding = combined({test_on("a", 1.0, 0.01), other});
  EXPECT_EQ(finding.verdict, Verdict::supported);
  EXPECT_NEAR(*finding.p, 0.01, 1e-12);
  EXPECT_EQ(finding.parts[1].role, PartRole::other_protocol);
  EXPECT_FALSE(finding.parts[1].adjusted_p);
}

TEST(Findings, TestsThatCannotBeSignificantAreLeftOut) {
  ClaimTest few = test_on("a", 1.0, 0.083);
  few.least_p = 0.083;
  const Finding alone = combined({few});
  EXPECT_EQ(alone.verdict, Verdict::not_tested);
  EXPECT_EQ(alone.parts[0].role, PartRole::too_few);
  EXPECT_THAT(alone.sentence, HasSubstr("had too few observations"));
  const Finding beside = combined({few, test_on("b", -1.0, 0.01)});
  EXPECT_EQ(beside.verdict, Verdict::contradicted);
  EXPECT_NEAR(*beside.p, 0.01, 1e-12);
}

// By hand: Simes of 0.005, 0.25, 0.3 on the supporting side gives 3 x 0.005.
TEST(Findings, LayersOfTheSameRunsAreNotCountedTwice) {
  const std::vector<ClaimTest> layers{test_on("a", 1.0, 0.01), test_on("a", 0.5, 0.5),
                                      test_on("a", 0.4, 0.6)};
  EXPECT_NEAR(*combined(layers, Dependence::dependent).p, 0.03, 1e-9);
}

TEST(Findings, ManyClaimsMakeAVerdictHarderAndManyTestsOfAnotherClaimDoNot) {
  const Claim claim{.name = "planted"};
  const auto p_of_first = [&](std::vector<std::vector<ClaimTest>> tests) {
    return *combined_findings(std::vector<Claim>(tests.size(), claim), tests, 0.95)[0].adjusted_p;
  };
  EXPECT_NEAR(p_of_first({{test_on("a", 1.0, 0.03)}}), 0.03, 1e-12);
  EXPECT_NEAR(p_of_first({{test_on("a", 1.0, 0.03)}, {test_on("a", 1.0, 0.5)}}), 0.06, 1e-12);
  std::vector<ClaimTest> many(70, test_on("a", 1.0, 0.5));
  for (std::size_t i = 0; i < many.size(); i += 2) many[i].effect = -1.0;
  EXPECT_NEAR(p_of_first({{test_on("a", 1.0, 0.03)}, many}), 0.06, 1e-12);
}

TEST(Findings, DecidedOnesAreShortSentencesInOrder) {
  Findings findings;
  findings.findings = {combined({test_on("a", 1.0, 0.012)}), combined({test_on("a", 1.0, 0.4)}),
                       combined({test_on("a", 1.0, 1e-6), test_on("b", -1.0, 1e-4)})};
  EXPECT_THAT(decided_sentences(findings, 5), ElementsAre("Yes (p = 0.012)", "It differs"));
  EXPECT_THAT(decided_sentences(findings, 1), ElementsAre("Yes (p = 0.012)"));
}

TEST(Findings, NoEffectIsRarelyTakenForOne) {
  int wrong = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Simulation simulation;
    simulation.epochs = 0;
    for (const auto size : logarithmic_sizes(12, 100, 1e5)) {
      simulation.levels.push_back(
          {.parameters = size, .accuracy = 0.9, .failure = 0.3, .architecture = "dnn 4"});
    }
    const Population population = simulate(simulation, seed).population;
    const study::AnalysisSettings settings = finding_settings();
    const Convergence convergence = convergence_of(population, settings);
    const Findings findings = findings_of({population, convergence, {}, settings});
    wrong += static_cast<int>(std::ranges::count_if(findings.findings, [](const Finding& each) {
      return each.claim == "small_fail_more" && each.verdict != Verdict::undecided;
    }));
  }
  EXPECT_LE(wrong, 5);  // at most 2 expected; P(more than 5 of 40) < 0.02
}

TEST(Findings, TheTableIsDocumentedAndHasEveryClaim) {
  const Findings findings = findings_in(compressed_population(), claims());
  const record::AnalysisRecord record = record_of(findings, "0.1.0");
  ASSERT_EQ(record.tables.size(), 2U);
  EXPECT_EQ(record.name, "findings");
  for (const auto& [name, table] : record.tables) {
    EXPECT_EQ(documented_tables().at(name), table.columns) << name;
  }
  EXPECT_EQ(record.tables[0].table.rows.size(), claims().size());
  for (const Claim& claim : claims()) {
    EXPECT_TRUE(std::ranges::any_of(findings.findings, [&](const Finding& finding) {
      return finding.claim == claim.name;
    })) << claim.name;
  }
}

TEST(Findings, AreNotAskedOfPruningAtRandom) {
  Population population = one_dataset();
  for (int run = 0; run < 5; ++run) {
    const std::string id = add_run(population, "dnn 8", 0.95).id;
    for (const double sparsity : default_sparsities()) {
      add_variant(population, id,
                  pruned(sparsity, 0.95 - 0.8 * sparsity, "one-shot global random"));
    }
  }
  EXPECT_EQ(finding_in(population, "redundancy_reaches_60").verdict, Verdict::not_tested);
  EXPECT_EQ(finding_in(population, "pruning_phases").verdict, Verdict::not_tested);
}

}  // namespace
}  // namespace minima::analysis
