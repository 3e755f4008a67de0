// Grids and random draws of fully connected networks; grid.h describes the step rule.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/numbers/random.h"
#include "core/text.h"
#include "network/limits.h"
#include "study/plan/grid.h"

namespace minima::study {
namespace {

enum Step { smaller = -1, equal = 0, larger = 1 };

/// Ladder widths from the design's width up to `levels` rungs above it.
std::vector<int> ladder(int width, int levels, double step) {
  std::vector<int> rungs{width};
  while (static_cast<int>(rungs.size()) <= levels) {
    const double next = std::max(rungs.back() + 1.0, std::floor(step * rungs.back() + 0.5));
    if (next > network::kMaxWidth) {
      throw input_error({},
                        fmt::format("width {} with step {} asks for a layer of {} units", width,
                                    shortest(step), grouped(static_cast<std::int64_t>(next))),
                        fmt::format("layers have at most {} units", grouped(network::kMaxWidth)));
    }
    rungs.push_back(static_cast<int>(next));
  }
  return rungs;
}

/// The hidden widths of a pattern of steps between layers.
network::Dnn shaped(const std::vector<int>& steps, int width, double step) {
  std::vector<int> levels{0};
  for (const int change : steps) levels.push_back(levels.back() + change);
  const auto [lowest, highest] = std::ranges::minmax(levels);
  const std::vector<int> rungs = ladder(width, highest - lowest, step);
  network::Dnn dnn;
  for (const int level : levels) {
    dnn.hidden.push_back(rungs[static_cast<std::size_t>(level - lowest)]);
  }
  return dnn;
}

/// Advances to the next pattern in counting order, the last step fastest; false after the last one.
bool advance(std::vector<int>& steps) {
  for (std::size_t i = steps.size(); i-- > 0;) {
    if (steps[i] < larger) {
      ++steps[i];
      return true;
    }
    steps[i] = smaller;
  }
  return false;
}

void add_all_shapes(std::vector<network::Architecture>& out, int depth, int width, double step) {
  std::vector<int> steps(static_cast<std::size_t>(depth - 1), smaller);
  do {
    out.emplace_back(shaped(steps, width, step));
  } while (advance(steps));
}

}  // namespace

std::vector<network::Architecture> architectures_of(const DnnGrid& grid) {
  std::vector<network::Architecture> architectures;
  for (const int depth : grid.depth) {
    for (const int width : grid.width) {
      if (grid.shape == DnnGrid::Shape::all && depth > 0) {
        add_all_shapes(architectures, depth, width, grid.step);
      } else {
        architectures.emplace_back(
            network::Dnn{.hidden = std::vector<int>(static_cast<std::size_t>(depth), width)});
      }
    }
  }
  return architectures;
}

std::string range_text(const DnnDraws& draws) {
  return fmt::format("dnn depth={} width={}..{}", fmt::join(draws.depth, ","), draws.min_width,
                     draws.max_width);
}

std::vector<network::Architecture> draw(const DnnDraws& draws, std::uint64_t seed,
                                        std::uint64_t occurrence) {
  const std::uint64_t subject = subject_of(subject_of(range_text(draws)), occurrence);
  const auto widths = static_cast<std::uint64_t>(draws.max_width - draws.min_width + 1);
  std::vector<network::Architecture> architectures;
  for (int number = 0; number < draws.draws; ++number) {
    RandomStream random(seed, subject, Purpose::random_design, static_cast<std::uint32_t>(number));
    const int depth = draws.depth[static_cast<std::size_t>(random.below(draws.depth.size()))];
    network::Dnn dnn;
    for (int layer = 0; layer < depth; ++layer) {
      dnn.hidden.push_back(draws.min_width + static_cast<int>(random.below(widths)));
    }
    architectures.emplace_back(std::move(dnn));
  }
  return architectures;
}

}  // namespace minima::study
