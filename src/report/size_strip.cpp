#include "report/size_strip.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace minima::report {
namespace {

constexpr std::array kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array kCharacters = {".", ":", "-", "=", "+", "*", "#", "@"};
constexpr double kSmallestError = 1e-4;  // what is better looks perfect

double log_error(double accuracy) {
  return std::log(std::clamp(1.0 - accuracy, kSmallestError, 1.0));
}

/// Where `value` lies between `low` and `high`, as one of 0..count-1.
std::size_t place_of(double value, double low, double high, std::size_t count) {
  const double part = high > low ? (value - low) / (high - low) : 0.0;
  const double last = static_cast<double>(count - 1);
  return static_cast<std::size_t>(std::lround(std::clamp(part, 0.0, 1.0) * last));
}

}  // namespace

void StripScale::add(const analysis::SeriesConvergence& series) {
  for (const auto& level : series.minimal.levels) {
    const bool is_first = largest == 0;
    smallest = is_first ? level.parameters : std::min(smallest, level.parameters);
    largest = std::max(largest, level.parameters);
    lowest = std::min(lowest, level.mean);
    highest = std::max(highest, level.mean);
  }
}

std::string size_strip(const analysis::SeriesConvergence& series, const StripScale& scale,
                       std::size_t width, bool unicode) {
  std::vector<double> sums(width, 0.0);
  std::vector<std::int64_t> runs(width, 0);
  const auto position = [](std::int64_t parameters) {
    return std::log(static_cast<double>(std::max<std::int64_t>(parameters, 1)));
  };
  for (const auto& level : series.minimal.levels) {
    const std::size_t at = place_of(position(level.parameters), position(scale.smallest),
                                    position(scale.largest), width);
    sums[at] += level.mean * static_cast<double>(level.runs);
    runs[at] += level.runs;
  }
  const auto& marks = unicode ? kBlocks : kCharacters;
  std::string strip;
  for (std::size_t i = 0; i < width; ++i) {
    if (runs[i] == 0) {
      strip += ' ';
      continue;
    }
    const double mean = sums[i] / static_cast<double>(runs[i]);
    strip += marks[place_of(-log_error(mean), -log_error(scale.lowest), -log_error(scale.highest),
                            marks.size())];
  }
  return strip;
}

}  // namespace minima::report
