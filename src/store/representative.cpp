#include "store/representative.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <tuple>

namespace minima::store {
namespace {

// Sorts by group, then finished before diverged, then by accuracy, lowest first. Within a status
// the index is the rank.
bool ranks_before(const Replicate& a, const Replicate& b) {
  const auto key = [](const Replicate& r) {
    const bool known = !std::isnan(r.accuracy);
    return std::tuple(std::string_view(r.group), r.status != record::RunStatus::finished, known,
                      known ? r.accuracy : 0.0, r.replicate);
  };
  return key(a) < key(b);
}

// `group` must be ranked and complete.
std::optional<std::int64_t> representative(std::span<const Replicate> group) {
  const auto finished = std::count_if(group.begin(), group.end(), [](const Replicate& r) {
    return r.status == record::RunStatus::finished;
  });
  const auto ranked = finished > 0 ? finished : static_cast<std::ptrdiff_t>(group.size());
  const std::ptrdiff_t median = (ranked - 1) / 2;
  std::optional<std::int64_t> best;
  std::ptrdiff_t best_distance = 0;
  for (std::ptrdiff_t rank = 0; rank < static_cast<std::ptrdiff_t>(group.size()); ++rank) {
    const Replicate& run = group[static_cast<std::size_t>(rank)];
    if (!run.has_weights) continue;
    const std::ptrdiff_t distance = std::abs(rank - median);
    if (!best || distance < best_distance) {
      best = run.run;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace

std::vector<std::int64_t> superfluous_weights(std::vector<Replicate> runs) {
  std::sort(runs.begin(), runs.end(), ranks_before);
  std::vector<std::int64_t> superfluous;
  for (std::size_t begin = 0; begin < runs.size();) {
    std::size_t end = begin;
    bool complete = true;
    for (; end < runs.size() && runs[end].group == runs[begin].group; ++end) {
      complete = complete && runs[end].status != record::RunStatus::planned;
    }
    const auto group = std::span(runs).subspan(begin, end - begin);
    begin = end;
    if (!complete) continue;
    const auto kept = representative(group);
    for (const Replicate& run : group) {
      if (run.has_weights && run.run != kept) superfluous.push_back(run.run);
    }
  }
  return superfluous;
}

}  // namespace minima::store
