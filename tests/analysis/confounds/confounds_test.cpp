// The short form of measure_confounds: a few populations per confound.
#include <gtest/gtest.h>

#include <ostream>

#include "confound.h"
#include "support/not_empty.h"

namespace minima::analysis {

/// Used in messages and test names: the default prints the bytes of the struct, which differ in
/// every build.
void PrintTo(const Confound& confound, std::ostream* out) {
  *out << confound.name;
}

namespace {

constexpr int kPopulations = 40;

class Confounds : public testing::TestWithParam<Confound> {};

TEST_P(Confounds, DoNotFoolTheAnalyses) {
  for (const ConfoundResult& result : not_empty(GetParam().simulate(kPopulations, 2))) {
    EXPECT_GE(result.populations, kPopulations);
    EXPECT_TRUE(agrees_with_nominal(result))
        << result.conclusion << ": " << result.wrong << " of " << result.populations;
  }
}

std::string test_name(const testing::TestParamInfo<Confound>& info) {
  std::string name;
  for (const char c : info.param.name)
    name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Planted, Confounds, testing::ValuesIn(confounds()), test_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Confounds);

}  // namespace
}  // namespace minima::analysis
