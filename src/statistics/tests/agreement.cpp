// Pairs are not enumerated. If n_k replicates predict class k for an image, n_k (n_k - 1) ordered
// pairs agree on k. So the time grows linearly with the number of replicates, not quadratically.
#include "statistics/tests/agreement.h"

#include <algorithm>

namespace minima {
namespace {

/// Counts over ordered pairs of replicates, summed over images.
struct Pairs {
  double same = 0.0;
  double both_wrong = 0.0;
  double both_wrong_same = 0.0;
  std::int64_t right = 0;  ///< replicates, summed over images
  std::int64_t always_right = 0;
  std::int64_t always_wrong = 0;
  std::int64_t votes_right = 0;
};

double pairs_of(std::int64_t count) {
  return static_cast<double>(count) * static_cast<double>(count - 1);
}

void add_image(std::span<const std::int32_t> counts, std::size_t label, std::int64_t replicates,
               Pairs& pairs) {
  double same = 0.0;
  for (const std::int32_t count : counts) same += pairs_of(count);
  const std::int64_t right = counts[label];
  pairs.same += same;
  pairs.both_wrong += pairs_of(replicates - right);
  pairs.both_wrong_same += same - pairs_of(right);
  pairs.right += right;
  if (right == replicates) ++pairs.always_right;
  if (right == 0) ++pairs.always_wrong;
  const auto vote = std::ranges::max_element(counts) - counts.begin();
  if (static_cast<std::size_t>(vote) == label) ++pairs.votes_right;
}

/// Chance agreement: the mean over ordered pairs of replicates.
double chance_of(std::span<const std::vector<std::uint16_t>> predicted, std::size_t classes) {
  std::vector<double> sum(classes, 0.0);  // class fractions, summed over replicates
  double own = 0.0;
  for (const auto& row : predicted) {
    std::vector<double> share(classes, 0.0);
    for (const std::uint16_t label : row) share[label] += 1.0 / static_cast<double>(row.size());
    for (std::size_t k = 0; k < classes; ++k) {
      sum[k] += share[k];
      own += share[k] * share[k];
    }
  }
  double all = 0.0;
  for (const double value : sum) all += value * value;
  return (all - own) / pairs_of(static_cast<std::int64_t>(predicted.size()));
}

}  // namespace

std::optional<Agreement> agreement_of(std::span<const std::uint16_t> labels, std::size_t classes,
                                      std::span<const std::vector<std::uint16_t>> predicted) {
  if (predicted.size() < 2 || labels.empty()) return std::nullopt;
  const auto replicates = static_cast<std::int64_t>(predicted.size());
  const auto images = static_cast<double>(labels.size());
  std::vector<std::int32_t> counts(labels.size() * classes, 0);
  for (const auto& row : predicted) {
    for (std::size_t j = 0; j < labels.size(); ++j) ++counts[j * classes + row[j]];
  }
  Pairs pairs;
  for (std::size_t j = 0; j < labels.size(); ++j) {
    add_image(std::span(counts).subspan(j * classes, classes), labels[j], replicates, pairs);
  }
  const double all = pairs_of(replicates) * images;
  Agreement agreement{.replicates = replicates,
                      .images = static_cast<std::int64_t>(labels.size()),
                      .same = pairs.same / all,
                      .kappa = {},
                      .shared_errors = {},
                      .different_errors = {},
                      .always_right = static_cast<double>(pairs.always_right) / images,
                      .always_wrong = static_cast<double>(pairs.always_wrong) / images,
                      .vote_accuracy = static_cast<double>(pairs.votes_right) / images};
  const double chance = chance_of(predicted, classes);
  if (chance < 1.0 - 1e-12) agreement.kappa = (agreement.same - chance) / (1.0 - chance);
  const auto errors = static_cast<double>(replicates) * images - static_cast<double>(pairs.right);
  if (errors > 0.0) {
    agreement.shared_errors = pairs.both_wrong / (errors * static_cast<double>(replicates - 1));
  }
  if (pairs.both_wrong > 0.0) {
    agreement.different_errors = 1.0 - pairs.both_wrong_same / pairs.both_wrong;
  }
  return agreement;
}

}  // namespace minima
