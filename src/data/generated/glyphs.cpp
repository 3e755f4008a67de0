#include "data/generated/glyphs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/numbers/portable_math.h"
#include "data/generated/image_generator.h"

// A symbol is a list of strokes; a stroke is a polyline in the square -1..1 (y points down). Its
// points are distorted, not the pixels of a finished picture, so that strokes stay sharp. Then each
// pixel is inked by its distance to the nearest stroke.

namespace minima::data {
namespace {

constexpr int kSide = 28;
constexpr double kPi = 3.14159265358979323846;

struct Point {
  double x = 0.0;
  double y = 0.0;
};
using Stroke = std::vector<Point>;

struct Symbol {
  std::string name;
  std::vector<Stroke> strokes;
};

double distance(Point a, Point b) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  return std::sqrt(dx * dx + dy * dy);
}

/// The same stroke with points close enough to bend it smoothly.
Stroke resampled(const Stroke& stroke) {
  constexpr double kStep = 0.15;
  Stroke out{stroke.front()};
  for (std::size_t i = 1; i < stroke.size(); ++i) {
    const Point a = stroke[i - 1];
    const Point b = stroke[i];
    const int parts = static_cast<int>(distance(a, b) / kStep) + 1;
    for (int k = 1; k <= parts; ++k) {
      const double t = static_cast<double>(k) / parts;
      out.push_back({a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t});
    }
  }
  return out;
}

/// The points `curve(t)` for t from 0 to 1.
template <typename Curve>
Stroke traced(int segments, const Curve& curve) {
  Stroke stroke;
  for (int i = 0; i <= segments; ++i) stroke.push_back(curve(static_cast<double>(i) / segments));
  return stroke;
}

Point polar(double radius, double angle) {
  return {radius * portable::cos(angle), radius * portable::sin(angle)};
}

Stroke circle() {
  return traced(40, [](double t) { return polar(0.95, 2.0 * kPi * t); });
}

Stroke spiral() {
  return traced(48, [](double t) { return polar(1.05 * t, 4.5 * kPi * t); });
}

Stroke wave() {
  return traced(36, [](double t) {
    return Point{2.2 * t - 1.1, 0.6 * portable::sin(4.0 * kPi * t)};
  });
}

Stroke star() {
  return traced(10, [](double t) {
    const int corner = static_cast<int>(t * 10.0 + 0.5);
    return polar(corner % 2 == 0 ? 1.15 : 0.45, 2.0 * kPi * t - kPi / 2.0);
  });
}

Stroke heart() {
  return traced(40, [](double t) {
    const double a = 2.0 * kPi * t;
    const double s = portable::sin(a);
    const double y = 13.0 * portable::cos(a) - 5.0 * portable::cos(2.0 * a) -
                     2.0 * portable::cos(3.0 * a) - portable::cos(4.0 * a);
    return Point{s * s * s, -(y + 2.5) / 15.0};
  });
}

std::vector<Symbol> symbols() {
  std::vector<Symbol> all = {
      {"circle", {circle()}},
      {"cross", {{{-1, 0}, {1, 0}}, {{0, -1}, {0, 1}}}},
      {"triangle", {{{0, -1}, {1, 0.8}, {-1, 0.8}, {0, -1}}}},
      {"square", {{{-0.85, -0.85}, {0.85, -0.85}, {0.85, 0.85}, {-0.85, 0.85}, {-0.85, -0.85}}}},
      {"arrow", {{{-1.1, 0}, {1.1, 0}}, {{0.35, -0.7}, {1.1, 0}, {0.35, 0.7}}}},
      {"spiral", {spiral()}},
      {"wave", {wave()}},
      {"star", {star()}},
      {"heart", {heart()}},
      {"hourglass", {{{-0.8, -1}, {0.8, -1}, {-0.8, 1}, {0.8, 1}, {-0.8, -1}}}},
  };
  for (Symbol& symbol : all) {
    for (Stroke& stroke : symbol.strokes) stroke = resampled(stroke);
  }
  return all;
}

/// Maps the symbol's square to pixels: shear and scale, then rotation, then shift.
struct Affine {
  double xx, xy, yx, yy, x0, y0;

  [[nodiscard]] Point operator()(Point p) const {
    return {xx * p.x + xy * p.y + x0, yx * p.x + yy * p.y + y0};
  }
};

Affine random_affine(double difficulty, RandomStream& random) {
  const double turn = between(0.08, 1.5, difficulty);  // radians
  const double angle = random.uniform(-turn, turn);
  const double radius = random.uniform(between(9.2, 6.5, difficulty), 9.8);  // pixels
  const double squeeze = between(0.02, 0.2, difficulty);
  const double width = radius * random.uniform(1.0 - squeeze, 1.0);
  const double height = radius * random.uniform(1.0 - squeeze, 1.0);
  const double lean = between(0.03, 0.35, difficulty);
  const double shear = random.uniform(-lean, lean);
  const double shift = between(0.4, 4.0, difficulty);  // pixels
  const double c = portable::cos(angle);
  const double s = portable::sin(angle);
  return {.xx = c * width,
          .xy = c * shear * width - s * height,
          .yx = s * width,
          .yy = s * shear * width + c * height,
          .x0 = kSide / 2.0 + random.uniform(-shift, shift),
          .y0 = kSide / 2.0 + random.uniform(-shift, shift)};
}

/// A smooth displacement of the plane: a sum of a few plane waves of random direction, length and
/// phase.
class Elastic {
 public:
  Elastic(double difficulty, RandomStream& random) {
    const double amplitude = between(0.01, 0.07, difficulty);
    for (Wave& wave : waves_) {
      const double angle = random.uniform(0.0, 2.0 * kPi);
      wave.frequency = polar(random.uniform(1.5, 4.0), angle);
      wave.phase = random.uniform(0.0, 2.0 * kPi);
      wave.shift = {amplitude * random.normal(), amplitude * random.normal()};
    }
  }

  [[nodiscard]] Point operator()(Point p) const {
    Point moved = p;
    for (const Wave& wave : waves_) {
      const double height =
          portable::sin(wave.frequency.x * p.x + wave.frequency.y * p.y + wave.phase);
      moved.x += wave.shift.x * height;
      moved.y += wave.shift.y * height;
    }
    return moved;
  }

 private:
  struct Wave {
    Point frequency;  // radians per unit
    double phase = 0.0;
    Point shift;
  };
  std::array<Wave, 3> waves_;
};

/// Squared distances of all pixel centres to the strokes, up to `reach`.
class DistanceMap {
 public:
  explicit DistanceMap(double reach) : reach_(reach) {
    squared_.fill(std::numeric_limits<double>::max());
  }

  void add_segment(Point a, Point b) {
    const int left = first_pixel(std::min(a.x, b.x));
    const int right = last_pixel(std::max(a.x, b.x));
    const int top = first_pixel(std::min(a.y, b.y));
    const int bottom = last_pixel(std::max(a.y, b.y));
    const Point d{b.x - a.x, b.y - a.y};
    const double length_squared = d.x * d.x + d.y * d.y + 1e-12;
    for (int row = top; row <= bottom; ++row) {
      for (int column = left; column <= right; ++column) {
        const Point p{column + 0.5 - a.x, row + 0.5 - a.y};
        const double t = std::clamp((p.x * d.x + p.y * d.y) / length_squared, 0.0, 1.0);
        const Point off{p.x - t * d.x, p.y - t * d.y};
        double& nearest = squared_[static_cast<std::size_t>(row * kSide + column)];
        nearest = std::min(nearest, off.x * off.x + off.y * off.y);
      }
    }
  }

  [[nodiscard]] double squared(std::size_t pixel) const { return squared_[pixel]; }

 private:
  [[nodiscard]] int first_pixel(double position) const {
    return static_cast<int>(std::clamp(position - reach_, 0.0, kSide - 1.0));
  }
  [[nodiscard]] int last_pixel(double position) const {
    return static_cast<int>(std::clamp(position + reach_, 0.0, kSide - 1.0));
  }

  double reach_;
  std::array<double, kSide * kSide> squared_{};
};

void draw_symbol(const Symbol& symbol, double difficulty, RandomStream& random,
                 std::span<std::uint8_t> pixels) {
  const Affine affine = random_affine(difficulty, random);
  const Elastic elastic(difficulty, random);
  const double half_width =
      random.uniform(between(1.0, 0.6, difficulty), between(1.2, 1.6, difficulty));  // pixels
  const double ink = random.uniform(between(0.95, 0.6, difficulty), 1.0);
  const double noise = random.uniform(0.0, between(0.04, 0.15, difficulty));

  const double reach = half_width + 0.5;
  DistanceMap map(reach);
  for (const Stroke& stroke : symbol.strokes) {
    Point last = affine(elastic(stroke.front()));
    for (const Point point : stroke) {
      const Point next = affine(elastic(point));
      map.add_segment(last, next);
      last = next;
    }
  }
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const double squared = map.squared(i);
    const double cover = squared < reach * reach ? std::min(reach - std::sqrt(squared), 1.0) : 0.0;
    pixels[i] = to_byte(ink * cover + noise * pixel_noise(random));
  }
}

}  // namespace

Dataset make_glyphs(const GeneratedSettings& settings, std::size_t jobs) {
  const std::vector<Symbol> all = symbols();
  ImageGenerator generator;
  generator.name = "glyphs";
  generator.shape = {.channels = 1, .height = kSide, .width = kSide};
  for (const Symbol& symbol : all) generator.class_names.push_back(symbol.name);
  generator.draw = [&all](int label, double difficulty, RandomStream& random,
                          std::span<std::uint8_t> pixels) {
    draw_symbol(all[static_cast<std::size_t>(label)], difficulty, random, pixels);
  };
  return generate(generator, settings, jobs);
}

}  // namespace minima::data
