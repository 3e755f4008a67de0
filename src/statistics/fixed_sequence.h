// Fixed-sequence tests: hypotheses in an order that is set before the data are seen. Each one is
// tested at the full level, and the first that is not rejected ends the sequence. The probability
// of rejecting any true hypothesis is at most that level, however many there are and however they
// depend on each other: the first true hypothesis of the order has to be rejected before any other
// one is tested (Maurer, Hothorn and Lehmacher 1995; Westfall and Krishen 2001).
//
// Several sequences share the level. A sequence that is rejected to its end hands its part on to
// the next one that is not, as in the fallback procedure (Wiens and Dmitrienko 2005). This is a
// graph of Bretz, Maurer, Brannath and Posch 2009, which controls the same probability.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace minima {

struct TestSequence {
  double level = 0.0;            ///< its part of the level; all parts add up to at most the level
  std::vector<double> p_values;  ///< in the order of the tests
};

struct TestedSequence {
  std::size_t rejected = 0;  ///< hypotheses from the beginning of the sequence
  double level = 0.0;        ///< at which the next one was tested; 0 at the end of the sequence
  std::vector<double> levels = {};  ///< at which each of the rejected ones was
};

/// One result for each sequence. The parts go around: after the last sequence comes the first.
[[nodiscard]] std::vector<TestedSequence> test_sequences(std::span<const TestSequence> sequences);

/// Splits a level over the first sequences, equally: over as many of `sequences` as can reject
/// anything where no p-value is below `least_p`, but over one at least. Returns that number.
[[nodiscard]] std::int64_t sequences_to_share(double level, double least_p, std::int64_t sequences);

}  // namespace minima
