#include "analysis/difficulty.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <sstream>

#include "data/generated.h"

namespace minima::analysis {
namespace {

constexpr std::string_view kSetting = "difficulty=";

/// The name without the setting, and its value.
std::pair<std::string, double> split_of(const std::string& name) {
  std::string rest;
  double dose = data::GeneratedSettings{}.difficulty;
  std::istringstream words(name);
  for (std::string word; words >> word;) {
    if (word.starts_with(kSetting)) {
      dose = std::strtod(word.c_str() + kSetting.size(), nullptr);
    } else {
      rest += (rest.empty() ? "" : " ") + word;
    }
  }
  return {rest, dose};
}

std::vector<std::string> names_in(const std::string& order) {
  std::vector<std::string> names;
  std::istringstream list(order);
  for (std::string name; std::getline(list, name, ',');) {
    const std::size_t first = name.find_first_not_of(' ');
    if (first == std::string::npos) continue;
    names.push_back(name.substr(first, name.find_last_not_of(' ') - first + 1));
  }
  return names;
}

}  // namespace

std::vector<DifficultyScale> difficulty_scales(const Population& population,
                                               const study::AnalysisSettings& settings) {
  std::map<std::string, std::vector<DosedDataset>> generated;
  for (const store::DatasetRecord& dataset : population.datasets) {
    const auto [rest, dose] = split_of(dataset.name);
    generated[rest].push_back({dataset.name, dose});
  }
  std::vector<DifficultyScale> scales;
  for (const auto& [name, datasets] : generated) scales.push_back({name, datasets});
  DifficultyScale declared{"difficulty_order", {}};
  for (const std::string& name : names_in(settings.difficulty_order)) {
    if (std::ranges::count(population.datasets, name, &store::DatasetRecord::name) == 0) continue;
    declared.datasets.push_back({name, static_cast<double>(declared.datasets.size()) + 1.0});
  }
  scales.push_back(std::move(declared));
  std::erase_if(scales, [](const DifficultyScale& scale) { return scale.datasets.size() < 2; });
  for (DifficultyScale& scale : scales) {
    std::ranges::stable_sort(scale.datasets, {}, &DosedDataset::dose);
  }
  return scales;
}

}  // namespace minima::analysis
