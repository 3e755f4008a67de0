#include "statistics/tests/fixed_sequence.h"

#include <algorithm>
#include <cmath>

namespace minima {
namespace {

// Rounding must not decide about a p-value that equals the level in exact arithmetic.
constexpr double kRelativeRounding = 1e-12;

class Sequences {
 public:
  explicit Sequences(std::span<const TestSequence> sequences) : sequences_(sequences) {
    for (const TestSequence& each : sequences) tested_.push_back({0, each.level});
  }

  std::vector<TestedSequence> test() {
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < tested_.size(); ++i) {
        changed = advance(i) || changed;
        if (is_finished(i) && tested_[i].level > 0.0) changed = hand_on(i) || changed;
      }
    }
    return tested_;
  }

 private:
  [[nodiscard]] bool is_finished(std::size_t i) const {
    return tested_[i].rejected == sequences_[i].p_values.size();
  }

  bool advance(std::size_t i) {
    TestedSequence& tested = tested_[i];
    const std::size_t before = tested.rejected;
    while (!is_finished(i) &&
           sequences_[i].p_values[tested.rejected] <= tested.level * (1.0 + kRelativeRounding)) {
      ++tested.rejected;
      tested.levels.push_back(tested.level);
    }
    return tested.rejected > before;
  }

  /// Passes the level on. Returns whether another sequence took it.
  bool hand_on(std::size_t from) {
    const double level = tested_[from].level;
    tested_[from].level = 0.0;
    for (std::size_t step = 1; step < tested_.size(); ++step) {
      const std::size_t to = (from + step) % tested_.size();
      if (is_finished(to)) continue;
      tested_[to].level += level;
      return true;
    }
    return false;
  }

  std::span<const TestSequence> sequences_;
  std::vector<TestedSequence> tested_;
};

}  // namespace

std::vector<TestedSequence> test_sequences(std::span<const TestSequence> sequences) {
  return Sequences(sequences).test();
}

std::int64_t sequences_to_share(double level, double least_p, std::int64_t sequences) {
  const double affordable =
      least_p > 0.0 ? std::floor(level / least_p * (1.0 + kRelativeRounding)) : 1e18;
  return std::max<std::int64_t>(
      1, static_cast<std::int64_t>(std::min(affordable, static_cast<double>(sequences))));
}

}  // namespace minima
