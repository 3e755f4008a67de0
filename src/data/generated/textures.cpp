#include "data/generated/textures.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/numbers/portable_math.h"
#include "data/generated/image_generator.h"

// A pattern is a function of the plane with values 0..1 and period 1 (in both directions if it has
// two). A picture uses it to mix two colours.

namespace minima::data {
namespace {

constexpr int kTextureSide = 32;
constexpr int kPixels = kTextureSide * kTextureSide;
constexpr int kChannels = 3;
constexpr double kCircle = 3.14159265358979323846;

struct TexturePoint {
  double x = 0.0;
  double y = 0.0;
};

/// Distance to the nearest integer: a triangle wave, 0..0.5.
double from_integer(double x) {
  return std::abs(x - std::floor(x + 0.5));
}

/// 0 below `edge`, 1 above, with a linear transition of width `softness`.
double step(double x, double edge, double softness) {
  return std::clamp((x - edge) / softness + 0.5, 0.0, 1.0);
}

double length(TexturePoint p) {
  return std::sqrt(p.x * p.x + p.y * p.y);
}

double stripes(double x) {
  return step(from_integer(x), 0.25, 0.2);
}

double checkers(TexturePoint p) {
  const double a = 2.0 * stripes(p.x / 2.0) - 1.0;
  const double b = 2.0 * stripes(p.y / 2.0) - 1.0;
  return 0.5 + 0.5 * a * b;
}

double dots(TexturePoint p) {
  return step(length({from_integer(p.x), from_integer(p.y)}), 0.32, 0.2);
}

double lines(double x, double y) {
  return step(std::min(from_integer(x), from_integer(y)), 0.12, 0.15);
}

double bricks(TexturePoint p) {
  const double row = std::floor(p.y * 1.2);
  return lines((p.x + 0.75 * row) / 1.5, p.y * 1.2);
}

double zigzag(TexturePoint p) {
  return stripes(p.y + 1.5 * from_integer(p.x / 2.0));
}

struct Pattern {
  const char* name;
  double (*value)(TexturePoint);
  bool centred;  ///< centred on a point inside the picture
};

constexpr double kHalfRoot = 0.70710678118654752;

constexpr std::array<Pattern, 10> kPatterns = {{
    {"horizontal", [](TexturePoint p) { return stripes(p.y); }, false},
    {"vertical", [](TexturePoint p) { return stripes(p.x); }, false},
    {"rising", [](TexturePoint p) { return stripes((p.x + p.y) * kHalfRoot); }, false},
    {"falling", [](TexturePoint p) { return stripes((p.x - p.y) * kHalfRoot); }, false},
    {"checkers", checkers, false},
    {"dots", dots, false},
    {"bricks", bricks, false},
    {"grid", [](TexturePoint p) { return lines(p.x, p.y); }, false},
    {"zigzag", zigzag, false},
    {"rings", [](TexturePoint p) { return stripes(length(p)); }, true},
}};

using Colour = std::array<double, kChannels>;

Colour random_colour(RandomStream& random) {
  return {random.uniform(), random.uniform(), random.uniform()};
}

struct Palette {
  Colour dark, light;  // in name only; their order is random
};

/// Two colours with a given contrast along a random direction of the colour cube.
Palette random_palette(double difficulty, RandomStream& random) {
  const double contrast =
      random.uniform(between(0.8, 0.25, difficulty), between(1.0, 0.8, difficulty));
  const double sign = random.uniform() < 0.5 ? -1.0 : 1.0;
  Palette palette;
  for (std::size_t c = 0; c < kChannels; ++c) {
    const double half = 0.5 * contrast * sign * random.uniform(0.5, 1.0);
    const double middle = random.uniform(std::abs(half), 1.0 - std::abs(half));
    palette.dark[c] = middle - half;
    palette.light[c] = middle + half;
  }
  return palette;
}

/// Maps pixels to the pattern's plane: rotated, scaled to its period, shifted by a random phase.
class Frame {
 public:
  Frame(bool centred, double difficulty, RandomStream& random) {
    const double jitter = between(0.02, 0.3, difficulty);  // radians
    const double angle = random.uniform(-jitter, jitter);
    const double period =
        random.uniform(between(5.0, 4.0, difficulty), between(6.0, 8.0, difficulty));
    cosine_ = portable::cos(angle) / period;
    sine_ = portable::sin(angle) / period;
    const TexturePoint anywhere{random.uniform(0.0, 64.0), random.uniform(0.0, 64.0)};
    const TexturePoint inside{random.uniform(8.0, 24.0), random.uniform(8.0, 24.0)};
    origin_ = centred ? inside : anywhere;
  }

  [[nodiscard]] TexturePoint operator()(int column, int row) const {
    const TexturePoint p{column + 0.5 - origin_.x, row + 0.5 - origin_.y};
    return {cosine_ * p.x + sine_ * p.y, cosine_ * p.y - sine_ * p.x};
  }

 private:
  double cosine_ = 0.0;
  double sine_ = 0.0;
  TexturePoint origin_;
};

/// Light that increases along a random direction; values around 0, added to every channel.
class Light {
 public:
  Light(double difficulty, RandomStream& random) {
    const double angle = random.uniform(0.0, 2.0 * kCircle);
    const double strength =
        random.uniform(0.0, between(0.02, 0.3, difficulty)) / (kTextureSide / 2.0);
    slope_ = {strength * portable::cos(angle), strength * portable::sin(angle)};
  }

  [[nodiscard]] double operator()(int column, int row) const {
    return slope_.x * (column - kTextureSide / 2.0) + slope_.y * (row - kTextureSide / 2.0);
  }

 private:
  TexturePoint slope_;
};

/// [channels][height][width], values around 0..1.
using Canvas = std::array<double, kChannels * kPixels>;

std::size_t index(std::size_t channel, int column, int row) {
  return channel * kPixels + static_cast<std::size_t>(row * kTextureSide + column);
}

void paint_pattern(const Pattern& pattern, double difficulty, RandomStream& random,
                   Canvas& canvas) {
  const Frame frame(pattern.centred, difficulty, random);
  const Palette palette = random_palette(difficulty, random);
  const Light light(difficulty, random);
  for (int row = 0; row < kTextureSide; ++row) {
    for (int column = 0; column < kTextureSide; ++column) {
      const double share = pattern.value(frame(column, row));
      for (std::size_t c = 0; c < kChannels; ++c) {
        canvas[index(c, column, row)] =
            palette.dark[c] + (palette.light[c] - palette.dark[c]) * share + light(column, row);
      }
    }
  }
}

/// Paints a disk of one colour at a random position.
void paint_patch(double difficulty, RandomStream& random, Canvas& canvas) {
  const TexturePoint centre{random.uniform(0.0, kTextureSide), random.uniform(0.0, kTextureSide)};
  const double radius = random.uniform(2.0, between(3.0, 8.0, difficulty));
  const Colour colour = random_colour(random);
  for (int row = 0; row < kTextureSide; ++row) {
    for (int column = 0; column < kTextureSide; ++column) {
      const double away = length({column + 0.5 - centre.x, row + 0.5 - centre.y});
      const double cover = std::clamp(radius + 0.5 - away, 0.0, 1.0);
      for (std::size_t c = 0; c < kChannels; ++c) {
        double& value = canvas[index(c, column, row)];
        value += (colour[c] - value) * cover;
      }
    }
  }
}

void draw_texture(const Pattern& pattern, double difficulty, RandomStream& random,
                  std::span<std::uint8_t> pixels) {
  Canvas canvas;
  paint_pattern(pattern, difficulty, random, canvas);
  const double patches = random.uniform(0.0, between(0.0, 4.0, difficulty));
  for (int i = 0; i < static_cast<int>(patches + 0.5); ++i) paint_patch(difficulty, random, canvas);
  const double noise = random.uniform(0.0, between(0.03, 0.3, difficulty));
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    pixels[i] = to_byte(canvas[i] + noise * pixel_noise(random));
  }
}

}  // namespace

Dataset make_textures(const GeneratedSettings& settings, std::size_t jobs) {
  ImageGenerator generator;
  generator.name = "textures";
  generator.shape = {.channels = kChannels, .height = kTextureSide, .width = kTextureSide};
  for (const Pattern& pattern : kPatterns) generator.class_names.emplace_back(pattern.name);
  generator.draw = [](int label, double difficulty, RandomStream& random,
                      std::span<std::uint8_t> pixels) {
    draw_texture(kPatterns[static_cast<std::size_t>(label)], difficulty, random, pixels);
  };
  return generate(generator, settings, jobs);
}

}  // namespace minima::data
