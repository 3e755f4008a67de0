#include "analysis/weights/weight_words.h"

#include <array>

namespace minima::analysis {
namespace {

/// One word for each value of an enumeration, in its order. `last`: its last value.
template <auto last>
using WordsUpTo = std::array<const char*, static_cast<std::size_t>(last) + 1>;

constexpr WordsUpTo<LayerRole::output> kRoleWords{"all",    "attention", "first",
                                                  "hidden", "mlp",       "output"};
constexpr WordsUpTo<WeightFigure::strength_correlation> kFigureWords{"sigma",
                                                                     "sigma_spread",
                                                                     "mean_spread",
                                                                     "near_zero",
                                                                     "node_strength",
                                                                     "sigma_output_less_others",
                                                                     "strength_correlation"};
constexpr WordsUpTo<WeightStatistic::correlation> kStatisticWords{
    "cliff_delta", "spread_difference", "log_ratio", "accuracy_correlation", "correlation"};
constexpr WordsUpTo<WeightScope::equal_architecture> kScopeWords{"population",
                                                                 "equal_architecture"};
constexpr WordsUpTo<WeightSpace::tsne> kSpaceWords{"quantiles", "weights", "sorted weights", "pca",
                                                   "tsne"};
constexpr WordsUpTo<SimilarityScope::other_families> kSimilarityScopeWords{"other datasets",
                                                                           "other families"};

/// Whether no word is missing; the compiler refuses one too many.
constexpr bool are_complete(const auto& words) {
  for (const char* word : words) {
    if (word == nullptr) return false;
  }
  return true;
}
static_assert(are_complete(kRoleWords) && are_complete(kFigureWords) &&
              are_complete(kStatisticWords) && are_complete(kScopeWords) &&
              are_complete(kSpaceWords) && are_complete(kSimilarityScopeWords));

}  // namespace

std::string to_string(LayerRole role) {
  return kRoleWords.at(static_cast<std::size_t>(role));
}

std::string to_string(WeightFigure figure) {
  return kFigureWords.at(static_cast<std::size_t>(figure));
}

std::string to_string(WeightStatistic statistic) {
  return kStatisticWords.at(static_cast<std::size_t>(statistic));
}

std::string to_string(WeightScope scope) {
  return kScopeWords.at(static_cast<std::size_t>(scope));
}

std::string to_string(WeightSpace space) {
  return kSpaceWords.at(static_cast<std::size_t>(space));
}

std::string to_string(SimilarityScope scope) {
  return kSimilarityScopeWords.at(static_cast<std::size_t>(scope));
}

}  // namespace minima::analysis
