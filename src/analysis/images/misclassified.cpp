#include "analysis/images/misclassified.h"

#include <algorithm>
#include <map>
#include <set>

namespace minima::analysis {
namespace {

using Votes = std::map<std::size_t, std::int64_t>;  // runs by wrong class

MisclassifiedImage image_of(std::size_t image, std::size_t label, const Votes& votes) {
  MisclassifiedImage result{.image = image, .label = label};
  const auto most = std::ranges::max_element(votes, {}, &Votes::value_type::second);
  result.predicted = most->first;
  for (const auto& [predicted, runs] : votes) result.wrong += runs;
  return result;
}

}  // namespace

MisclassifiedImages misclassified_by(const std::vector<std::string>& runs,
                                     const std::string& dataset, const OutcomeSource& source) {
  MisclassifiedImages result;
  const std::optional<record::DatasetLabels> labels = source.labels(dataset);
  if (!labels) return result;
  const std::set<std::string> wanted(runs.begin(), runs.end());
  std::map<std::size_t, Votes> votes_by_image;
  result.images = static_cast<std::int64_t>(labels->test.size());
  source.predictions([&](const std::string& id, record::RunPredictions&& predictions) {
    if (!wanted.contains(id) || predictions.test.size() != labels->test.size()) return;
    ++result.runs;
    for (std::size_t i = 0; i < labels->test.size(); ++i) {
      if (predictions.test[i] != labels->test[i]) ++votes_by_image[i][predictions.test[i]];
    }
  });
  for (const auto& [image, votes] : votes_by_image) {
    result.list.push_back(image_of(image, labels->test[image], votes));
  }
  std::ranges::stable_sort(result.list, std::ranges::greater{}, &MisclassifiedImage::wrong);
  return result;
}

}  // namespace minima::analysis
