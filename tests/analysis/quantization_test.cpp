#include "analysis/compression/quantization.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/numbers/random.h"
#include "planted_variants.h"
#include "quick_settings.h"
#include "record/variant.h"

namespace minima::analysis {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

struct Found {
  std::vector<QuantizationCurve> curves;
  std::vector<SizeEffect> sizes;
};

Found found_in(const Population& population) {
  const auto families = compressed_runs_of(population, quick());
  Found found;
  found.curves = quantization_curves(families.at(0), quick());
  found.sizes = size_effects(found.curves, families[0], quick());
  return found;
}

/// One run of accuracy 0.97 per entry of `losses`, quantized to int8 without loss and to int4 with
/// it.
Population population_of(const std::vector<double>& losses) {
  Population population = one_dataset();
  for (const double loss : losses) {
    const std::string id = add_run(population, "dnn 8", 0.97).id;
    add_variant(population, id, quantized("int4", 4, 0.97 - loss));
    add_variant(population, id, quantized("int8", 8, 0.97));
    add_variant(population, id, quantized("binary", 1, 0.2));
  }
  return population;
}

TEST(QuantizationCurves, RunFromTheMostBitsToTheFewest) {
  const QuantizationCurve curve = found_in(population_of({0.002, 0.004})).curves.at(0);
  EXPECT_EQ(curve.runs, 2);
  EXPECT_NEAR(curve.dense_accuracy, 0.97, 1e-12);
  ASSERT_THAT(curve.points, SizeIs(3));
  EXPECT_EQ(curve.points[0].format.name(), "int8");
  EXPECT_EQ(curve.points[2].format.name(), "binary");
  const FormatPoint& int4 = curve.points[1];
  EXPECT_EQ(int4.bits, 4);
  EXPECT_NEAR(int4.loss.mean, 0.003, 1e-12);
  // sd 0.001 sqrt(2), 2 runs: 12.7062 x 0.001
  EXPECT_NEAR(*int4.loss.high, 0.003 + 0.0127062, 1e-6);
  EXPECT_EQ(int4.total_bits, 4.0 * kPlantedWeights);
  EXPECT_EQ(int4.packed_bytes, 0.5 * kPlantedWeights);
  EXPECT_EQ(int4.arithmetic, "float");
}

TEST(QuantizationCurves, SmallestFormatIsTheOneOfFewestBitsWithinTheTolerance) {
  const QuantizationCurve curve = found_in(population_of({0.002, 0.004})).curves.at(0);
  EXPECT_EQ(curve.points[curve.smallest.value()].format.name(), "int4");
  EXPECT_EQ(curve.points[curve.surely_smallest.value()].format.name(), "int8")
      << "two runs do not show that int4 is good enough";
}

TEST(QuantizationCurves, OneRunIsNeverCertain) {
  const QuantizationCurve curve = found_in(population_of({0.002})).curves.at(0);
  EXPECT_TRUE(curve.smallest);
  EXPECT_FALSE(curve.surely_smallest);
}

TEST(QuantizationCurves, OfFormatsOfEqualBitsTheBetterIsTheSmallest) {
  Population population = one_dataset();
  const std::string id = add_run(population, "dnn 8", 0.97).id;
  add_variant(population, id, quantized("int2", 2, 0.965));
  add_variant(population, id, quantized("ternary", 2, 0.968));
  add_variant(population, id, quantized("int3", 3, 0.97));
  const QuantizationCurve curve = found_in(population).curves.at(0);
  EXPECT_EQ(curve.points[curve.smallest.value()].format.name(), "ternary");
}

TEST(QuantizationCurves, MayHaveNoFormatThatIsGoodEnough) {
  Population population = one_dataset();
  const std::string id = add_run(population, "dnn 8", 0.97).id;
  add_variant(population, id, quantized("int2", 2, std::numeric_limits<double>::quiet_NaN()));
  const QuantizationCurve curve = found_in(population).curves.at(0);
  EXPECT_FALSE(curve.smallest);
  EXPECT_NEAR(curve.points[0].loss.mean, 0.87, 1e-12) << "against the largest class";
}

TEST(QuantizationCurves, OfTensorsStandApartAndThoseOfPrunedNetworksStayOut) {
  Population population = population_of({0.0});
  const std::string id = population.runs[0].id;
  record::Variant one = quantized("int4", 4, 0.9, "ptq one-layer tensor symmetric max");
  one.tensor = "fc2.weight";
  add_variant(population, id, one);
  record::Variant both = quantized("int4", 4, 0.9);
  both.pruning = kOneShot;
  add_variant(population, id, both);
  const auto curves = found_in(population).curves;
  ASSERT_THAT(curves, SizeIs(2));
  EXPECT_EQ(curves[0].tensor, "fc2.weight");
}

TEST(SizeEffect, ThatWasPlantedIsFound) {
  Population population = one_dataset();
  RandomStream random(1, 1, Purpose::random_design);
  for (int i = 1; i <= 10; ++i) {
    const std::string id = add_run(population, "dnn " + std::to_string(i), 0.9, 100LL * i).id;
    add_variant(population, id, quantized("int4", 4, 0.9 - 0.1 / i));
    add_variant(population, id, quantized("int8", 8, 0.9 - 0.001 * random.uniform()));
  }
  const auto sizes = found_in(population).sizes;
  ASSERT_THAT(sizes, SizeIs(2));
  EXPECT_EQ(sizes[0].format.name(), "int8");
  EXPECT_GT(sizes[0].correlation.p, 0.05);
  EXPECT_EQ(sizes[1].format.name(), "int4");
  EXPECT_DOUBLE_EQ(sizes[1].correlation.rho, -1.0);
  EXPECT_LT(sizes[1].correlation.p, 0.01);
}

TEST(SizeEffect, NeedsTwoSizes) {
  EXPECT_THAT(found_in(population_of({0.0, 0.1})).sizes, IsEmpty());
}

}  // namespace
}  // namespace minima::analysis
