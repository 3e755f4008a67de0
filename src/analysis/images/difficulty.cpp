#include "analysis/images/difficulty.h"

#include <algorithm>
#include <map>

#include "core/text.h"
#include "data/generated/generated.h"
#include "record/study.h"

namespace minima::analysis {
namespace {

constexpr std::string_view kSetting = "difficulty=";

/// The name without the setting `difficulty`, and the value of that setting.
std::pair<std::string, double> split_of(const std::string& name) {
  std::string rest;
  double dose = data::GeneratedSettings{}.difficulty;
  for (const std::string& word : split(name, ' ')) {
    if (word.starts_with(kSetting)) {
      dose = parse_number(word.substr(kSetting.size())).value_or(dose);
    } else if (!word.empty()) {
      rest += (rest.empty() ? "" : " ") + word;
    }
  }
  return {rest, dose};
}

/// The declared order, without datasets that the store lacks.
DifficultyScale declared_scale(const Population& population, const std::string& order) {
  DifficultyScale scale{"difficulty_order", {}};
  for (const std::string& part : split(order, ',')) {
    const std::string name(trim(part));
    if (std::ranges::count(population.datasets, name, &record::DatasetRecord::name) == 0) continue;
    scale.datasets.push_back({name, static_cast<double>(scale.datasets.size()) + 1.0});
  }
  return scale;
}

}  // namespace

std::vector<DifficultyScale> difficulty_scales(const Population& population,
                                               const study::AnalysisSettings& settings) {
  DifficultyScale declared = declared_scale(population, settings.difficulty_order);
  std::map<std::string, std::vector<DosedDataset>> generated;
  for (const record::DatasetRecord& dataset : population.datasets) {
    if (std::ranges::count(declared.datasets, dataset.name, &DosedDataset::name) > 0) continue;
    const auto [rest, dose] = split_of(dataset.name);
    generated[rest].push_back({dataset.name, dose});
  }
  std::vector<DifficultyScale> scales;
  for (const auto& [name, datasets] : generated) scales.push_back({name, datasets});
  scales.push_back(std::move(declared));
  std::erase_if(scales, [](const DifficultyScale& scale) { return scale.datasets.size() < 2; });
  for (DifficultyScale& scale : scales) {
    std::ranges::stable_sort(scale.datasets, {}, &DosedDataset::dose);
  }
  return scales;
}

}  // namespace minima::analysis
