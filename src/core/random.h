// Keyed random numbers: a stream is a pure function of (seed, subject, purpose, step), so that a
// run gets the same numbers alone, in any cohort, on any number of threads, and after a resume. All
// arithmetic is exact or IEEE basic, hence the same bits on every machine.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace minima {

/// What random numbers are drawn for; part of the key, so that no two uses share numbers. Values
/// are never reused or renumbered: they are part of what a seed means.
enum class Purpose : std::uint32_t {
  initial_weights = 1,  ///< subject: run, step: parameter tensor
  shuffle = 2,          ///< subject: dataset and replicate, step: epoch
  random_design = 3,    ///< subject: dataset and design, step: draw
  generated_image = 4,  ///< subject: split and settings, step: image
  split = 5,            ///< subject: class, step: 0
  bootstrap = 6,
  calibration = 7,
  dropout = 8,
  pruning = 9,             ///< subject: run, step: parameter tensor
  weight_statistics = 10,  ///< subject: what is computed, step: of its parts
};

/// A 64-bit subject from a text, the same on every machine (FNV-1a, then mixed).
[[nodiscard]] std::uint64_t subject_of(std::string_view text);

/// A subject from another subject and a number (a replicate, a class, ...).
[[nodiscard]] std::uint64_t subject_of(std::uint64_t subject, std::uint64_t number);

/// Which stream: everything that its words depend on but their position.
struct StreamKey {
  std::uint64_t key = 0;
  std::uint32_t purpose = 0;
  std::uint32_t step = 0;
};
[[nodiscard]] StreamKey stream_key(std::uint64_t seed, std::uint64_t subject, Purpose purpose,
                                   std::uint32_t step);

/// Words 4 x `block` and the three after it of a stream, without those before them.
[[nodiscard]] std::array<std::uint32_t, 4> stream_block(const StreamKey& key, std::uint64_t block);

/// Counter-based stream (Philox 4x32-10; Salmon et al., SC 2011).
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::uint64_t subject, Purpose purpose, std::uint32_t step = 0);

  std::uint32_t next();  ///< uniform 32 bits
  double uniform();      ///< [0, 1), 53 bits
  double uniform(double low, double high);
  std::uint64_t below(std::uint64_t bound);  ///< 0..bound-1, unbiased; bound > 0
  double normal();  ///< standard normal, by inverting the distribution function

  /// Fisher-Yates shuffle.
  template <typename T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[static_cast<std::size_t>(below(i))]);
    }
  }

 private:
  void refill();
  std::uint64_t next64();

  StreamKey key_;
  std::uint64_t block_ = 0;
  std::array<std::uint32_t, 4> words_{};
  int used_ = 4;
};

}  // namespace minima
