// Grids and draws of convolutional networks.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/numbers/random.h"
#include "core/text.h"
#include "study/plan/grid.h"

namespace minima::study {
namespace {

/// Filters of each convolution: channels x growth^0, growth^1, ..., rounded, at least 1.
std::vector<int> filters_of(int channels, double growth, int depth) {
  constexpr double kFarTooMany = 1e9;  // fits into an int; Architecture::check() refuses it
  std::vector<int> filters;
  double exact = channels;
  for (int layer = 0; layer < depth; ++layer, exact *= growth) {
    const double whole = std::clamp(std::floor(exact + 0.5), 1.0, kFarTooMany);
    filters.push_back(static_cast<int>(whole));
  }
  return filters;
}

/// Adds every network with these filters; the last list changes fastest.
void add_settings(std::vector<network::Architecture>& out, const std::vector<int>& filters,
                  const CnnSettings& settings) {
  for (const int kernel : settings.kernel) {
    for (const int stride : settings.stride) {
      for (const int padding : settings.padding) {
        for (const network::Cnn::Pooling pooling : settings.pooling) {
          for (const network::Cnn::Head head : settings.head) {
            out.emplace_back(network::Cnn{.filters = filters,
                                          .kernel = kernel,
                                          .stride = stride,
                                          .padding = padding,
                                          .pooling = pooling,
                                          .head = head});
          }
        }
      }
    }
  }
}

template <typename T>
T pick(const std::vector<T>& values, RandomStream& random) {
  return values[static_cast<std::size_t>(random.below(values.size()))];
}

}  // namespace

std::vector<network::Architecture> architectures_of(const CnnGrid& grid) {
  std::vector<network::Architecture> architectures;
  for (const int depth : grid.depth) {
    for (const int channels : grid.channels) {
      add_settings(architectures, filters_of(channels, grid.growth, depth), grid);
    }
  }
  return architectures;
}

// The text that keys the draws. It omits settings at their defaults, so that new settings do not
// change old draws.
std::string range_text(const CnnDraws& draws) {
  static const CnnSettings kDefaults;
  std::string text = fmt::format("cnn depth={} channels={}..{}", fmt::join(draws.depth, ","),
                                 draws.min_channels, draws.max_channels);
  const auto add = [&](const char* key, auto CnnSettings::*member) {
    if (draws.*member == kDefaults.*member) return;
    std::vector<int> values;
    for (const auto value : draws.*member) values.push_back(static_cast<int>(value));
    text += fmt::format(" {}={}", key, fmt::join(values, ","));
  };
  add("kernel", &CnnSettings::kernel);
  add("stride", &CnnSettings::stride);
  add("padding", &CnnSettings::padding);
  add("pooling", &CnnSettings::pooling);
  add("head", &CnnSettings::head);
  return text;
}

std::vector<network::Architecture> draw(const CnnDraws& draws, std::uint64_t seed,
                                        std::uint64_t occurrence) {
  const std::uint64_t subject = subject_of(subject_of(range_text(draws)), occurrence);
  const auto channels = static_cast<std::uint64_t>(draws.max_channels - draws.min_channels + 1);
  std::vector<network::Architecture> architectures;
  for (int number = 0; number < draws.draws; ++number) {
    RandomStream random(seed, subject, Purpose::random_design, static_cast<std::uint32_t>(number));
    network::Cnn cnn{.kernel = pick(draws.kernel, random),
                     .stride = pick(draws.stride, random),
                     .padding = pick(draws.padding, random),
                     .pooling = pick(draws.pooling, random),
                     .head = pick(draws.head, random)};
    const int depth = pick(draws.depth, random);
    for (int layer = 0; layer < depth; ++layer) {
      cnn.filters.push_back(draws.min_channels + static_cast<int>(random.below(channels)));
    }
    architectures.emplace_back(std::move(cnn));
  }
  return architectures;
}

}  // namespace minima::study
