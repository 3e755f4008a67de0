// Common parts of the generated data sets. Labels are balanced and shuffled. Each image depends
// only on (seed, set, split, index), so that a smaller set is the start of a larger one and threads
// can share the work.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/numbers/random.h"
#include "core/shape.h"
#include "data/dataset.h"
#include "data/generated/generated.h"

namespace minima::data {

/// One generated set: its classes and a function that draws an image.
struct ImageGenerator {
  std::string name;
  ImageShape shape;
  std::vector<std::string> class_names;
  /// Draws an image of class `label` into pixels [channels][height][width]. Called from several
  /// threads at once. Must only use `random`, portable_math and IEEE basic operations.
  std::function<void(int label, double difficulty, RandomStream& random,
                     std::span<std::uint8_t> pixels)>
      draw;
};

inline constexpr const char* kGeneratedOrigin = "generated";

/// Throws like `generate`.
void check(const std::string& name, const GeneratedSettings& settings);

/// The training labels of a set, without generating images.
[[nodiscard]] std::vector<std::uint16_t> train_labels(const std::string& name,
                                                      const GeneratedSettings& settings,
                                                      int classes);

/// Generates both splits on at most `jobs` threads, whose number changes no byte. Throws an input
/// error for a difficulty outside 0..1 and for sizes that are negative or too large.
[[nodiscard]] Dataset generate(const ImageGenerator& generator, const GeneratedSettings& settings,
                               std::size_t jobs);

/// `easy` at difficulty 0, `hard` at 1, linear in between.
[[nodiscard]] constexpr double between(double easy, double hard, double difficulty) {
  return easy + (hard - easy) * difficulty;
}

/// Converts 0..1 to a byte, rounded; values outside are clamped.
[[nodiscard]] constexpr std::uint8_t to_byte(double value) {
  if (value <= 0.0) return 0;
  if (value >= 1.0) return 255;
  return static_cast<std::uint8_t>(value * 255.0 + 0.5);
}

/// Noise with mean 0 and sd 1: the sum of four random bytes. Close enough to normal for pixels, at
/// a tenth of the cost of RandomStream::normal().
[[nodiscard]] double pixel_noise(RandomStream& random);

}  // namespace minima::data
