// Prints one statistic per line of standard input, a name and its arguments, for comparison with
// other programs.
#include <cstdio>
#include <iostream>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include "statistics/distributions.h"
#include "statistics/estimates/median_interval.h"
#include "statistics/fits/isotonic.h"

namespace {

std::vector<double> answer(const std::string& name, const std::vector<double>& x) {
  const auto count = [&](std::size_t i) { return static_cast<std::int64_t>(x[i]); };
  if (name == "binomial_upper_tail") return {minima::binomial_upper_tail(count(0), count(1), x[2])};
  if (name == "binomial_upper_limit") {
    return {minima::binomial_upper_limit(count(0), count(1), x[2])};
  }
  if (name == "median_ranks") {  // of the values 1 to n, from 1; none: {}
    std::vector<double> ranks(static_cast<std::size_t>(count(0)));
    std::iota(ranks.begin(), ranks.end(), 1.0);
    const auto interval = minima::median_interval(ranks, x[1]);
    return interval ? std::vector{interval->low, interval->high} : std::vector<double>{};
  }
  if (name == "normal_score") return {minima::normal_score(x[0])};
  if (name == "student_t_score") return {minima::student_t_score(x[0], x[1])};
  if (name == "chi_squared_score") return {minima::chi_squared_score(x[0], x[1])};
  if (name == "student_t_two_sided_tail") return {minima::student_t_two_sided_tail(x[0], x[1])};
  if (name == "student_t_quantile") return {minima::student_t_quantile(x[0], x[1])};
  if (name == "student_t_upper_quantile") return {minima::student_t_upper_quantile(x[0], x[1])};
  if (name == "chi_squared_quantile") return {minima::chi_squared_quantile(x[0], x[1])};
  if (name == "f_upper_tail") return {minima::f_upper_tail(x[0], x[1], x[2])};
  if (name == "f_lower_tail") return {minima::f_lower_tail(x[0], x[1], x[2])};
  const std::span<const double> all = x;  // values, then one weight per value
  const auto values = all.first(x.size() / 2);
  const auto weights = all.last(x.size() / 2);
  if (name == "isotonic_fit") return minima::isotonic_fit(values, weights);
  if (name == "antitonic_fit") return minima::antitonic_fit(values, weights);
  return {};
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    std::vector<double> arguments;
    for (double value = 0.0; words >> value;) arguments.push_back(value);
    for (const double value : answer(name, arguments)) std::printf("%.17g ", value);
    std::printf("\n");
  }
}
