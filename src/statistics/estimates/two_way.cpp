#include "statistics/estimates/two_way.h"

#include <algorithm>
#include <stdexcept>

namespace minima {

double TwoWay::seeds_variance() const {
  return replicate_mean_square / (static_cast<double>(replicates) * static_cast<double>(images));
}

double TwoWay::images_variance() const {
  return std::max(0.0, image_mean_square - rest_mean_square) /
         (static_cast<double>(replicates) * static_cast<double>(images));
}

double TwoWay::observed_spread_variance() const {
  return replicate_mean_square / static_cast<double>(images);
}

double TwoWay::true_spread_variance() const {
  return (replicate_mean_square - rest_mean_square) / static_cast<double>(images);
}

template <typename Outcome>
void TwoWaySums::add_row(std::span<const Outcome> row) {
  if (row.size() != image_sums_.size()) {
    throw std::invalid_argument("replicates have different numbers of images");
  }
  std::int64_t sum = 0;
  std::int64_t squares = 0;
  for (std::size_t j = 0; j < row.size(); ++j) {
    const int value = +row[j];
    image_sums_[j] += value;
    sum += value;
    squares += value * value;
  }
  replicate_sums_.push_back(sum);
  squares_ += squares;
}

void TwoWaySums::add(std::span<const std::uint8_t> outcomes) {
  add_row(outcomes);
}

void TwoWaySums::add(std::span<const std::int8_t> differences) {
  add_row(differences);
}

TwoWay TwoWaySums::result() const {
  TwoWay table{.replicates = static_cast<std::int64_t>(replicate_sums_.size()),
               .images = static_cast<std::int64_t>(image_sums_.size())};
  const auto n = static_cast<double>(table.replicates);
  const auto images = static_cast<double>(table.images);
  if (n == 0.0 || images == 0.0) return table;
  double total = 0.0;
  double over_replicates = 0.0;  // sum over replicates of their squared sums
  for (const std::int64_t sum : replicate_sums_) {
    total += static_cast<double>(sum);
    over_replicates += static_cast<double>(sum) * static_cast<double>(sum);
  }
  double over_images = 0.0;
  for (const std::int32_t sum : image_sums_) {
    over_images += static_cast<double>(sum) * static_cast<double>(sum);
  }
  const double correction = total * total / (n * images);
  const double replicate_squares = std::max(0.0, over_replicates / images - correction);
  const double image_squares = std::max(0.0, over_images / n - correction);
  const double rest =
      static_cast<double>(squares_) - correction - replicate_squares - image_squares;
  table.mean = total / (n * images);
  if (n > 1.0) table.replicate_mean_square = replicate_squares / (n - 1.0);
  if (images > 1.0) table.image_mean_square = image_squares / (images - 1.0);
  if (n > 1.0 && images > 1.0) {
    table.rest_mean_square = std::max(0.0, rest) / ((n - 1.0) * (images - 1.0));
  }
  return table;
}

}  // namespace minima
