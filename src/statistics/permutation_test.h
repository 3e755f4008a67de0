// Monte Carlo permutation tests with sequential stopping.
#pragma once

#include <algorithm>
#include <cstddef>

namespace minima {

/// A p-value from random permutations. Draws at least 1000 permutations and stops once 50 are at
/// least as extreme, or at the requested maximum. Few permutations suffice for a large p; only many
/// can establish a small one (Besag and Clifford 1991).
class PermutationTest {
 public:
  /// `most`: maximum number of permutations. Reduced if there are very many `observations`, because
  /// each permutation moves all of them.
  PermutationTest(int most, std::size_t observations)
      : most_(
            std::min(most, std::max(kFewest, static_cast<int>(kMostMoves / (observations + 1))))) {}

  [[nodiscard]] bool goes_on() const {
    return made_ < most_ && (made_ < kFewest || as_extreme_ < kEnough);
  }
  void add(bool is_as_extreme) {
    ++made_;
    as_extreme_ += is_as_extreme ? 1 : 0;
  }
  [[nodiscard]] int made() const { return made_; }

  /// The data themselves count as one permutation (Phipson and Smyth 2010).
  [[nodiscard]] double p() const { return (as_extreme_ + 1.0) / (made_ + 1.0); }

 private:
  static constexpr int kEnough = 50;
  static constexpr int kFewest = 1000;
  static constexpr std::size_t kMostMoves = 100'000'000;

  int most_;
  int made_ = 0;
  int as_extreme_ = 0;
};

}  // namespace minima
