#include "analysis/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "compressed_population.h"
#include "documented_tables.h"
#include "planted_variants.h"
#include "simulated_population.h"

namespace minima::analysis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

study::AnalysisSettings quick() {
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
  const study::AnalysisSettings settings = quick();
  const Convergence convergence = convergence_of(population, settings);
  const Compression compression = compression_of(population, settings);
  return findings_of({population, convergence, compression, settings}, asked);
}

/// The one finding of a claim, asked alone.
Finding finding_in(const Population& population, const std::string& claim) {
  const Findings findings = findings_in(population, {claim_named(claim)});
  EXPECT_EQ(findings.findings.size(), 1U);
  return findings.findings.at(0);
}

/// 16 sizes whose accuracy changes by `slope` over all of them, with failures that change by
/// `failures`.
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

TEST(Findings, SupportedWhereSmallNetworksFailMore) {
  const Finding finding = finding_in(along_sizes(0.2, 0.9, 0.0), "small_fail_more");
  EXPECT_EQ(finding.verdict, Verdict::supported);
  EXPECT_LT(finding.test->effect, -0.8);
  EXPECT_LT(*finding.test->high, 0.0);
  EXPECT_THAT(finding.sentence, HasSubstr("small networks fail more often"));
}

TEST(Findings, ContradictedWhereLargeNetworksFailMore) {
  const Finding finding = finding_in(along_sizes(0.2, 0.0, 0.9), "small_fail_more");
  EXPECT_EQ(finding.verdict, Verdict::contradicted);
  EXPECT_THAT(finding.sentence, HasSubstr("large networks fail more often than small ones"));
}

TEST(Findings, UndecidedWhereFailuresDoNotDependOnSize) {
  const Finding finding = finding_in(along_sizes(0.2, 0.3, 0.3), "small_fail_more");
  EXPECT_EQ(finding.verdict, Verdict::undecided);
  EXPECT_THAT(finding.sentence, HasSubstr("these runs do not tell whether"));
}

TEST(Findings, NotTestedWhereNothingFails) {
  const Finding finding = finding_in(along_sizes(0.2, 0.0, 0.0), "small_fail_more");
  EXPECT_EQ(finding.verdict, Verdict::not_tested);
  EXPECT_FALSE(finding.test);
  EXPECT_THAT(finding.sentence, HasSubstr("Not tested here: it needs"));
}

TEST(Findings, AccuracyThatGrowsOrFallsWithSizeIsFound) {
  EXPECT_EQ(finding_in(along_sizes(0.2, 0, 0), "accuracy_grows").verdict, Verdict::supported);
  EXPECT_EQ(finding_in(along_sizes(-0.2, 0, 0), "accuracy_grows").verdict, Verdict::contradicted);
}

/// Architectures that stand more and more pruning, by `step` per hidden layer.
Population of_depths(double step) {
  Population population = one_dataset();
  for (int width = 8; width <= 12; ++width) {
    std::string architecture = "dnn";
    for (int depth = 1; depth <= 4; ++depth) {
      architecture += (depth == 1 ? " " : "-") + std::to_string(width);
      const double redundancy = 0.5 + step * depth;
      for (const double noise : {-0.01, 0.0, 0.01}) {
        add_pruned_run(population, architecture, 0.9, default_sparsities(),
                       line_through(redundancy + noise + 0.001 * width, 0.9), 1000 * depth + width);
      }
    }
  }
  return population;
}

TEST(Findings, DepthIsToldFromNoDepth) {
  EXPECT_EQ(finding_in(of_depths(0.08), "deeper_stands_more_pruning").verdict, Verdict::supported);
  EXPECT_EQ(finding_in(of_depths(-0.08), "deeper_stands_more_pruning").verdict,
            Verdict::contradicted);
}

TEST(Findings, RedundancyOf60PercentIsReachedByOneArchitectureOrByNone) {
  const Finding reached = finding_in(of_depths(0.08), "redundancy_reaches_60");
  EXPECT_EQ(reached.verdict, Verdict::supported);
  EXPECT_NEAR(reached.test->effect, 0.5 + 0.08 * 4 + 0.012, 0.02);
  EXPECT_EQ(finding_in(of_depths(-0.08), "redundancy_reaches_60").verdict, Verdict::contradicted);
}

/// Eight architectures that lose `loss` by four bits, each with its number of parameters.
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

// By hand: 4 x 0.005, 3 x 0.01, 2 x 0.03, and 1 x 0.04, which may not fall below the one before.
TEST(Findings, HolmMultipliesStepByStepAndNeverFalls) {
  EXPECT_THAT(holm({0.01, 0.04, 0.03, 0.005}),
              ElementsAre(testing::DoubleEq(0.03), testing::DoubleEq(0.06), testing::DoubleEq(0.06),
                          testing::DoubleEq(0.02)));
  EXPECT_THAT(holm({0.9, 0.8}), ElementsAre(1.0, 1.0));
  EXPECT_TRUE(holm({}).empty());
}

TEST(Findings, ManyTestsMakeAVerdictHarder) {
  const auto with_p = [](double p) {
    return Claim{.name = "planted", .statement = "it is so", .tests = [p](const Evidence&) {
                   return std::vector<ClaimTest>{{.effect = 1.0, .p = p}};
                 }};
  };
  const Population population = one_dataset();
  EXPECT_EQ(findings_in(population, {with_p(0.03)}).findings[0].verdict, Verdict::supported);
  const Findings many = findings_in(population, {with_p(0.03), with_p(0.5)});
  EXPECT_EQ(many.findings[0].verdict, Verdict::undecided);
  EXPECT_DOUBLE_EQ(*many.findings[0].adjusted_p, 0.06);
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
    const study::AnalysisSettings settings = quick();
    const Convergence convergence = convergence_of(population, settings);
    const Findings findings = findings_of({population, convergence, {}, settings});
    wrong += static_cast<int>(std::ranges::count_if(findings.findings, [](const Finding& each) {
      return each.claim == "small_fail_more" && each.verdict != Verdict::undecided;
    }));
  }
  EXPECT_LE(wrong, 5);  // 2 expected at most; more than 5 of 40 has a probability below 0.02
}

TEST(Findings, TheTableIsDocumentedAndHasEveryClaim) {
  const Findings findings = findings_in(compressed_population(), claims());
  const store::AnalysisRecord record = record_of(findings, "0.1.0");
  ASSERT_EQ(record.tables.size(), 1U);
  EXPECT_EQ(record.name, "findings");
  EXPECT_EQ(documented_tables().at("findings"), record.tables[0].table.columns);
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
