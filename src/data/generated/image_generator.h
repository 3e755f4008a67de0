// What the generated data sets have in common: balanced labels in shuffled order, and images that
// each follow from (seed, set, split, index) alone, so that a smaller set is the beginning of a
// larger one and threads can share the work.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/random.h"
#include "core/shape.h"
#include "data/dataset.h"
#include "data/generated/generated.h"

namespace minima::data {

/// One generated set: its classes, and how to draw an image.
struct ImageGenerator {
  std::string name;
  ImageShape shape;
  std::vector<std::string> class_names;
  /// Draws an image of class `label` into pixels [channels][height][width]; called from several
  /// threads at once. Must use `random`, portable_math and IEEE basic operations only.
  std::function<void(int label, double difficulty, RandomStream& random,
                     std::span<std::uint8_t> pixels)>
      draw;
};

inline constexpr const char* kGeneratedOrigin = "generated";

/// Throws as `generate`.
void check(const std::string& name, const GeneratedSettings& settings);

/// The labels of the training split of a set, without its images.
[[nodiscard]] std::vector<std::uint16_t> train_labels(const std::string& name,
                                                      const GeneratedSettings& settings,
                                                      int classes);

/// Both splits, drawn on all cores. Throws an input error for a difficulty outside 0..1 and for
/// sizes that are negative or too large.
[[nodiscard]] Dataset generate(const ImageGenerator& generator, const GeneratedSettings& settings);

/// `easy` at difficulty 0, `hard` at 1, linear between.
[[nodiscard]] constexpr double between(double easy, double hard, double difficulty) {
  return easy + (hard - easy) * difficulty;
}

/// 0..1 as a byte, rounded; values outside are clamped.
[[nodiscard]] constexpr std::uint8_t to_byte(double value) {
  if (value <= 0.0) return 0;
  if (value >= 1.0) return 255;
  return static_cast<std::uint8_t>(value * 255.0 + 0.5);
}

/// Noise of mean 0 and sd 1, near enough to normal for pixels: the sum of four random bytes, which
/// costs a tenth of RandomStream::normal().
[[nodiscard]] double pixel_noise(RandomStream& random);

}  // namespace minima::data
