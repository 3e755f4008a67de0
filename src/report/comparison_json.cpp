#include "report/comparison_json.h"

#include <cmath>

namespace minima::report {
namespace {

Json difference_json(const AccuracyDifference& difference) {
  return {{"mean", difference.mean},
          {"low", difference.low},
          {"high", difference.high},
          {"covers_training", !std::isnan(difference.se_seeds)}};  // else one run on both sides
}

Json answers_json(const analysis::DatasetComparison& dataset) {
  Json rows = Json::array();
  for (const auto& [what, first, second] : answer_rows(dataset)) {
    rows.push_back({{"what", what}, {"first", first}, {"second", second}});
  }
  return rows;
}

Json pairs_json(const analysis::DatasetComparison& dataset) {
  Json pairs = Json::array();
  for (const analysis::ArchitecturePair& pair : dataset.pairs) {
    pairs.push_back({{"architecture", pair.architecture},
                     {"parameters", pair.parameters},
                     {"first_runs", pair.first_runs},
                     {"second_runs", pair.second_runs},
                     {"first", pair.first},
                     {"second", pair.second},
                     {"difference", difference_json(pair.difference)},
                     {"clear", pair.is_clear}});
  }
  return pairs;
}

}  // namespace

Json comparison_json(const ComparisonInput& input) {
  Json settings = Json::array();
  for (const auto& [setting, first, second] : input.comparison.settings) {
    settings.push_back({{"setting", setting}, {"first", first}, {"second", second}});
  }
  Json datasets = Json::array();
  for (const analysis::DatasetComparison& dataset : input.comparison.datasets) {
    datasets.push_back(
        {{"dataset", dataset.dataset},
         {"match", word_text(dataset.match)},
         {"test_images", dataset.test_images},
         {"answers", answers_json(dataset)},
         {"sentence", difference_sentence(dataset)},
         {"mean_difference", dataset.mean ? difference_json(*dataset.mean) : Json(nullptr)},
         {"paired_over_images", dataset.per_image},
         {"same_runs", dataset.same_runs},
         {"clearly_better", dataset.better},
         {"clearly_worse", dataset.worse},
         {"architectures", pairs_json(dataset)}});
  }
  return {{"first", input.places.stores[0]},
          {"second", input.places.stores[1]},
          {"confidence", input.comparison.confidence},
          {"settings", settings},
          {"datasets", datasets}};
}

}  // namespace minima::report
