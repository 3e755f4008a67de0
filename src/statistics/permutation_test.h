// How often a statistic of permuted data is as extreme as that of the data.
#pragma once

#include <algorithm>
#include <cstddef>

namespace minima {

/// A p-value from random permutations: a thousand, and more until fifty were as extreme or as many
/// were made as were asked for. A large p is told well enough by few; only many can show a small
/// one (Besag and Clifford 1991).
class PermutationTest {
 public:
  /// `observations` are permuted each time: of very many, fewer permutations are made.
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
