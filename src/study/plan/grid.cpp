// Operations common to all kinds of designs: counting, filtering and removing duplicates.
#include "study/plan/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "core/numbers/saturating.h"
#include "core/text.h"
#include "study/plan/plan.h"
#include "study/settings/limits.h"

namespace minima::study {
namespace {

std::int64_t size_of(const auto& list) {
  return static_cast<std::int64_t>(list.size());
}

/// Number of architectures of a design before filtering.
struct CountArchitectures {
  std::int64_t operator()(const ArchitectureList& list) const {
    return size_of(list.architectures);
  }
  std::int64_t operator()(const DnnDraws& draws) const { return draws.draws; }
  std::int64_t operator()(const CnnDraws& draws) const { return draws.draws; }
  std::int64_t operator()(const DnnGrid& grid) const {
    std::int64_t patterns = 0;
    for (const int depth : grid.depth) {
      std::int64_t of_depth = 1;
      for (int layer = 1; grid.shape == DnnGrid::Shape::all && layer < depth; ++layer) {
        of_depth = saturating_product({of_depth, 3});
      }
      patterns = saturating_sum({patterns, of_depth});
    }
    return saturating_product({patterns, size_of(grid.width)});
  }
  std::int64_t operator()(const CnnGrid& grid) const {
    return saturating_product({size_of(grid.depth), size_of(grid.channels), size_of(grid.kernel),
                               size_of(grid.stride), size_of(grid.padding), size_of(grid.pooling),
                               size_of(grid.head)});
  }
  std::int64_t operator()(const VitGrid& grid) const {
    return saturating_product({size_of(grid.width), size_of(grid.heads), size_of(grid.layers),
                               size_of(grid.patch), size_of(grid.norm), size_of(grid.activation),
                               size_of(grid.mlp), size_of(grid.pool), size_of(grid.dropout)});
  }
};

/// Architectures of a grid or a list; none for random draws.
struct SpellOut {
  std::vector<network::Architecture> operator()(const ArchitectureList& list) const {
    return list.architectures;
  }
  std::vector<network::Architecture> operator()(const DnnDraws&) const { return {}; }
  std::vector<network::Architecture> operator()(const CnnDraws&) const { return {}; }
  template <typename Grid>
  std::vector<network::Architecture> operator()(const Grid& grid) const {
    return architectures_of(grid);
  }
};

/// Removes architectures that cannot exist, or reports the first one at the design's location.
std::vector<network::Architecture> possible(std::vector<network::Architecture> all,
                                            const Design& design, Invalid invalid) {
  std::erase_if(all, [&](const network::Architecture& architecture) {
    const std::optional<Error> fault = architecture.fault();
    if (fault && invalid == Invalid::refuse) throw invalid_combination(design.place, *fault);
    return fault.has_value();
  });
  return all;
}

/// Refuses draws in which any kernel and padding are incompatible, so that chance does not decide.
struct RefuseDraws {
  const Place& place;

  void operator()(const CnnDraws& draws) const {
    const int least_kernel = std::ranges::min(draws.kernel);
    const int most_padding = std::ranges::max(draws.padding);
    const network::Architecture worst(
        network::Cnn{.filters = {1}, .kernel = least_kernel, .padding = most_padding});
    if (const auto fault = worst.fault()) throw invalid_combination(place, *fault);
  }
  template <typename Other>
  void operator()(const Other&) const {}
};

std::string shown(std::int64_t count) {
  return count == kSaturated ? "more than " + grouped(count - 1) : grouped(count);
}

}  // namespace

Error invalid_combination(const Place& place, const Error& why) {
  return input_error(place, fmt::format("{}, or set invalid = \"skip\" in [study]", why.what()));
}

void check_size(const Study& study) {
  const std::int64_t each =
      saturating_product({std::max(study.replicates, 1), size_of(study.datasets)});
  std::int64_t total = 0;
  std::int64_t most = -1;
  const Design* largest = nullptr;
  for (const Design& design : study.designs) {
    const std::int64_t count = std::visit(CountArchitectures{}, design.what);
    total = saturating_sum({total, saturating_product({count, each})});
    if (count > most) {
      most = count;
      largest = &design;
    }
  }
  if (total <= kMaxRuns) return;
  throw input_error(
      largest->place,
      fmt::format("the study asks for {} runs, {} of them here ({} architectures x {} replicates x "
                  "{} datasets)",
                  shown(total), shown(saturating_product({most, each})), shown(most),
                  study.replicates, study.datasets.size()),
      fmt::format("at most {} are allowed", grouped(kMaxRuns)));
}

std::vector<network::Architecture> architectures_of(const Design& design, Invalid invalid) {
  std::vector<network::Architecture> all;
  try {
    all = std::visit(SpellOut{}, design.what);
  } catch (const Error& error) {
    throw input_error(design.place, error.what());
  }
  return possible(std::move(all), design, invalid);
}

void refuse_impossible(const Study& study) {
  if (study.invalid == Invalid::skip) return;
  for (const Design& design : study.designs) {
    const bool spelt_out = std::holds_alternative<CnnGrid>(design.what) ||
                           std::holds_alternative<VitGrid>(design.what);
    // check_size() refuses designs that are too large to expand.
    if (spelt_out && std::visit(CountArchitectures{}, design.what) <= kMaxRuns) {
      (void)architectures_of(design, study.invalid);
    }
    std::visit(RefuseDraws{design.place}, design.what);
  }
}

bool is_random(const Design& design) {
  return std::holds_alternative<DnnDraws>(design.what) ||
         std::holds_alternative<CnnDraws>(design.what);
}

std::string range_text(const Design& design) {
  if (const auto* dnn = std::get_if<DnnDraws>(&design.what)) return range_text(*dnn);
  return range_text(std::get<CnnDraws>(design.what));
}

std::vector<network::Architecture> draw(const Design& design, const Study& study,
                                        std::uint64_t occurrence) {
  const auto* dnn = std::get_if<DnnDraws>(&design.what);
  auto drawn = dnn != nullptr ? draw(*dnn, study.seed, occurrence)
                              : draw(std::get<CnnDraws>(design.what), study.seed, occurrence);
  return possible(std::move(drawn), design, study.invalid);
}

std::vector<network::Architecture> grid_of(const Study& study) {
  check_size(study);
  std::vector<network::Architecture> grid;
  std::unordered_set<std::string> seen;
  for (const Design& design : study.designs) {
    for (network::Architecture& architecture : architectures_of(design, study.invalid)) {
      if (seen.insert(architecture.text()).second) grid.push_back(std::move(architecture));
    }
  }
  return grid;
}

}  // namespace minima::study
