#include "statistics/tests/agreement.h"

#include <gtest/gtest.h>

#include <vector>

namespace minima {
namespace {

using Labels = std::vector<std::uint16_t>;

TEST(Agreement, OfTwoNetworksIsCohensKappa) {
  // Cohen's (1960) definition by hand. The two agree on seven of ten images. The class fractions
  // are .5 .3 .2 and .4 .4 .2, so chance agreement is .2 + .12 + .04 = .36; kappa = .34 / .64.
  const Labels first = {0, 0, 0, 0, 0, 1, 1, 1, 2, 2};
  const Labels second = {0, 0, 0, 1, 1, 1, 1, 0, 2, 2};
  const auto found = agreement_of(first, 3, std::vector{first, second});
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->same, 0.7, 1e-12);
  ASSERT_TRUE(found->kappa);
  EXPECT_NEAR(*found->kappa, 0.34 / 0.64, 1e-12);
}

TEST(Agreement, CountsSharedErrors) {
  const Labels labels = {0, 0, 0, 0, 1, 1};
  // Both are wrong on images 2 and 3, with the same answer on 2 only; the second is also wrong on
  // 4.
  const Labels first = {0, 0, 1, 1, 1, 1};
  const Labels second = {0, 0, 1, 2, 0, 1};
  const auto found = agreement_of(labels, 3, std::vector{first, second});
  ASSERT_TRUE(found && found->shared_errors && found->different_errors);
  EXPECT_NEAR(*found->shared_errors, 4.0 / 5, 1e-12);  // of 2 + 3 errors, 2 + 2 are shared
  EXPECT_NEAR(*found->different_errors, 0.5, 1e-12);
  EXPECT_NEAR(found->always_right, 0.5, 1e-12);
  EXPECT_NEAR(found->always_wrong, 1.0 / 3, 1e-12);
}

TEST(Agreement, VotesByMajority) {
  const Labels labels = {0, 1, 2};
  const auto found = agreement_of(labels, 3, std::vector<Labels>{{0, 1, 0}, {0, 2, 0}, {1, 1, 2}});
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->vote_accuracy, 2.0 / 3, 1e-12);
}

TEST(Agreement, OfConstantNetworksHasNoKappa) {
  const Labels labels = {0, 1, 0, 1};
  const auto found = agreement_of(labels, 2, std::vector{Labels(4, 0), Labels(4, 0)});
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(found->same, 1.0);
  EXPECT_FALSE(found->kappa);
  const auto perfect = agreement_of(labels, 2, std::vector{labels, labels});
  ASSERT_TRUE(perfect);
  EXPECT_FALSE(perfect->shared_errors);
  EXPECT_FALSE(agreement_of(labels, 2, std::vector<Labels>{labels}));
}

}  // namespace
}  // namespace minima
