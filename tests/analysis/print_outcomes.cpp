// Prints statistics of single images for what stands on its standard input, one line for each line.
// For comparison with other programs. The first word of a line says what is wanted:
//   wilson SUCCESSES TRIALS | mcnemar FORGOTTEN LEARNED
//   two_way REPLICATES x_11 x_12 ... | spread REPLICATES x_11 ...
//   agreement REPLICATES CLASSES labels... predictions of the first... of the second...
//   difference REPLICATES_1 REPLICATES_2 outcomes of the first... of the second...
//   mean_difference PAIRS REPLICATES_1 REPLICATES_2 IMAGES and, of each pair, outcomes as above
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "analysis/images/paired_outcomes.h"
#include "statistics/estimates/accuracy_interval.h"
#include "statistics/estimates/training_spread.h"
#include "statistics/tests/agreement.h"

namespace {

using namespace minima;
using Numbers = std::vector<double>;

template <typename Value>
std::vector<std::vector<Value>> rows_of(const Numbers& numbers, std::size_t first, std::size_t rows,
                                        std::size_t columns) {
  std::vector<std::vector<Value>> table(rows, std::vector<Value>(columns));
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      table[i][j] = static_cast<Value>(numbers.at(first + i * columns + j));
    }
  }
  return table;
}

TwoWaySums sums_of(const Numbers& numbers, std::size_t first, std::size_t rows,
                   std::size_t columns) {
  TwoWaySums sums(columns);
  for (const auto& row : rows_of<std::int8_t>(numbers, first, rows, columns)) {
    sums.add(std::span<const std::int8_t>(row));
  }
  return sums;
}

void print_table(const std::string& name, const Numbers& n) {
  const auto rows = static_cast<std::size_t>(n.at(0));
  const TwoWay table = sums_of(n, 1, rows, (n.size() - 1) / rows).result();
  if (name == "spread") {
    const auto spread = training_spread(table, 0.95).value();
    std::printf("%.17g %.17g %.17g %.17g\n", spread.observed, spread.training, spread.low,
                spread.high);
    return;
  }
  std::printf("%.17g %.17g %.17g %.17g\n", table.mean, table.replicate_mean_square,
              table.image_mean_square, table.rest_mean_square);
}

void print_agreement(const Numbers& n) {
  const auto rows = static_cast<std::size_t>(n.at(0));
  const auto classes = static_cast<std::size_t>(n.at(1));
  const std::size_t images = (n.size() - 2) / (rows + 1);
  const auto labels = rows_of<std::uint16_t>(n, 2, 1, images).front();
  const auto found =
      agreement_of(labels, classes, rows_of<std::uint16_t>(n, 2 + images, rows, images)).value();
  std::printf("%.17g %.17g %.17g %.17g %.17g\n", found.same, found.kappa.value(),
              found.shared_errors.value(), found.different_errors.value(), found.vote_accuracy);
}

void print_difference(const Numbers& n) {
  const auto first = static_cast<std::size_t>(n.at(0));
  const auto second = static_cast<std::size_t>(n.at(1));
  const std::size_t images = (n.size() - 2) / (first + second);
  const auto found = accuracy_difference(sums_of(n, 2, first, images),
                                         sums_of(n, 2 + first * images, second, images), 0.95);
  std::printf("%.17g %.17g %.17g\n", found.mean, found.se_seeds, found.se_images);
}

void print_mean_difference(const Numbers& n) {
  const auto pairs = static_cast<std::size_t>(n.at(0));
  const auto first = static_cast<std::size_t>(n.at(1));
  const auto second = static_cast<std::size_t>(n.at(2));
  const auto images = static_cast<std::size_t>(n.at(3));
  std::vector<TwoWaySums> sums;
  for (std::size_t i = 0; i < pairs; ++i) {
    const std::size_t at = 4 + i * (first + second) * images;
    sums.push_back(sums_of(n, at, first, images));
    sums.push_back(sums_of(n, at + first * images, second, images));
  }
  std::vector<OutcomePair> of_sums;
  for (std::size_t i = 0; i < pairs; ++i) of_sums.push_back({&sums[2 * i], &sums[2 * i + 1]});
  const auto found = mean_difference(of_sums, {}, 0.95);
  std::printf("%.17g %.17g %.17g %.17g\n", found.mean, found.se_seeds, found.se_images, found.high);
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    Numbers n;
    for (double value = 0.0; words >> value;) n.push_back(value);
    if (name == "wilson") {
      const auto limits = wilson_of_share(n.at(0) / n.at(1), n.at(1), 0.95);
      std::printf("%.17g %.17g\n", limits.low, limits.high);
    } else if (name == "mcnemar") {
      const auto found =
          analysis::mcnemar(static_cast<std::int64_t>(n.at(0)), static_cast<std::int64_t>(n.at(1)));
      std::printf("%.17g %.17g\n", found.exact, found.mid);
    } else if (name == "agreement") {
      print_agreement(n);
    } else if (name == "difference") {
      print_difference(n);
    } else if (name == "mean_difference") {
      print_mean_difference(n);
    } else {
      print_table(name, n);
    }
  }
}
