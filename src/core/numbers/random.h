// Keyed random numbers. A stream is a pure function of (seed, subject, purpose, step). A run
// therefore gets the same numbers alone, in any cohort, on any number of threads, and after a
// resume. All arithmetic is exact or IEEE basic, so the bits are the same on every machine.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace minima {

/// The purpose of random numbers. It is part of the key, so that no two uses draw the same numbers.
/// Values are never reused or renumbered, because that would change what a seed means.
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
  weight_statistics = 10,  ///< subject: the computation, step: its parts
};

/// A 64-bit subject from a text, the same on every machine (FNV-1a followed by a mixing step).
[[nodiscard]] std::uint64_t subject_of(std::string_view text);

/// A subject from another subject and a number (a replicate, a class, ...).
[[nodiscard]] std::uint64_t subject_of(std::uint64_t subject, std::uint64_t number);

/// Identifies a stream. Its words depend on this key and on their position only.
struct StreamKey {
  std::uint64_t key = 0;
  std::uint32_t purpose = 0;
  std::uint32_t step = 0;
};
[[nodiscard]] StreamKey stream_key(std::uint64_t seed, std::uint64_t subject, Purpose purpose,
                                   std::uint32_t step);

/// Words 4 x `block` .. 4 x `block` + 3 of a stream, computed without the earlier ones.
[[nodiscard]] std::array<std::uint32_t, 4> stream_block(const StreamKey& key, std::uint64_t block);

/// A counter-based random stream (Philox 4x32-10; Salmon et al., SC 2011).
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::uint64_t subject, Purpose purpose, std::uint32_t step = 0);

  std::uint32_t next();  ///< uniform 32 bits
  double uniform();      ///< [0, 1), 53 bits
  double uniform(double low, double high);
  std::uint64_t below(std::uint64_t bound);  ///< 0..bound-1, unbiased; bound > 0
  double normal();  ///< standard normal, by inversion of the distribution function

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
