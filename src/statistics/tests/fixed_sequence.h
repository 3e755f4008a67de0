// Fixed-sequence tests: the order of the hypotheses is set before the data are seen. Each one is
// tested at the full level; the first one that is not rejected ends the sequence. The probability
// of rejecting any true hypothesis is at most that level, for any number of hypotheses and any
// dependence: the first true hypothesis must be rejected before any other true one is tested
// (Maurer, Hothorn and Lehmacher 1995; Westfall and Krishen 2001).
//
// Several sequences divide the level. A fully rejected sequence passes its part on to the next
// unfinished one, as in the fallback procedure (Wiens and Dmitrienko 2005). This is a graphical
// procedure of Bretz, Maurer, Brannath and Posch 2009, which controls the same probability.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace minima {

struct TestSequence {
  double level = 0.0;            ///< its part of the level; the parts sum to at most the level
  std::vector<double> p_values;  ///< in the order of the tests
};

struct TestedSequence {
  std::size_t rejected = 0;         ///< number of rejected hypotheses, from the start
  double level = 0.0;               ///< level of the next test; 0 at the end of the sequence
  std::vector<double> levels = {};  ///< level at which each rejected one was tested
};

/// One result for each sequence. Levels are passed on cyclically: the first sequence follows the
/// last.
[[nodiscard]] std::vector<TestedSequence> test_sequences(std::span<const TestSequence> sequences);

/// The number of sequences, from the first on, among which to divide a level equally: the most that
/// can still reject when every p-value is at least `least_p`, but at least one and at most
/// `sequences`.
[[nodiscard]] std::int64_t sequences_to_share(double level, double least_p, std::int64_t sequences);

}  // namespace minima
