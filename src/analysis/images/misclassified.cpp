#include "analysis/images/misclassified.h"

#include <algorithm>
#include <map>

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

/// Counts the wrong predictions of one group.
class Group {
 public:
  explicit Group(record::DatasetLabels labels) : labels_(std::move(labels.test)) {}

  void add(const record::RunPredictions& predictions) {
    if (predictions.test.size() != labels_.size() || labels_.empty()) return;
    ++runs_;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      if (predictions.test[i] != labels_[i]) ++votes_[i][predictions.test[i]];
    }
  }

  [[nodiscard]] MisclassifiedImages result() const {
    MisclassifiedImages result{.runs = runs_, .images = static_cast<std::int64_t>(labels_.size())};
    for (const auto& [image, votes] : votes_) {
      result.list.push_back(image_of(image, labels_[image], votes));
    }
    std::ranges::stable_sort(result.list, std::ranges::greater{}, &MisclassifiedImage::wrong);
    return result;
  }

 private:
  std::vector<std::uint16_t> labels_;
  std::int64_t runs_ = 0;
  std::map<std::size_t, Votes> votes_;  // by image
};

}  // namespace

std::vector<MisclassifiedImages> misclassified_by(std::span<const RunsOnDataset> groups,
                                                  const OutcomeSource& source) {
  std::vector<Group> counts;
  std::map<std::string, std::size_t> group_of;  // by run
  for (const RunsOnDataset& group : groups) {
    for (const std::string& run : group.runs) group_of.emplace(run, counts.size());
    counts.emplace_back(source.labels(group.dataset).value_or(record::DatasetLabels{}));
  }
  source.predictions([&](const std::string& id, record::RunPredictions&& predictions) {
    const auto found = group_of.find(id);
    if (found != group_of.end()) counts[found->second].add(predictions);
  });
  std::vector<MisclassifiedImages> results;
  for (const Group& group : counts) results.push_back(group.result());
  return results;
}

}  // namespace minima::analysis
