// The claims of arXiv 2408.11720 on learnable parameters: rows of the table of claims.
#include "analysis/claim_tests.h"

namespace minima::analysis {
namespace {

constexpr const char* kMixed =
    "six or more architectures of which some runs reach the best accuracy group and others only "
    "the low or mid one";

}  // namespace

std::vector<Claim> weight_claims() {
  const std::string source = "arXiv 2408.11720";
  const std::string mixed = kMixed;
  return {{"successful_are_similar", source,
           "successful networks are alike irrespective of dataset and model",
           "suboptimal networks are more like the successful ones of other datasets and models",
           mixed + ", and a second dataset or family", successful_are_similar},
          {"projection", source,
           "successful networks lie apart from suboptimal ones when their weights are projected",
           "successful and suboptimal networks lie mixed when their weights are projected", mixed,
           successful_lie_together},
          {"suboptimal_scatter", source, "suboptimal networks vary more in their weights",
           "successful networks vary more in their weights", mixed + ", two runs or more of both",
           suboptimal_scatter},
          {"low_sigma", source, "weights of successful networks have a low standard deviation",
           "weights of successful networks have a large standard deviation", mixed, sigma_is_low},
          {"similar_statistics", source,
           "mean and standard deviation of the weights vary less among successful networks",
           "mean and standard deviation of the weights vary more among successful networks",
           mixed + ", two runs or more of both", statistics_are_similar},
          {"low_sigma_most_in_output", source,
           "the standard deviation is low most of all in the output layer",
           "the standard deviation is low least of all in the output layer", mixed,
           sigma_is_lowest_in_output},
          {"peak_at_zero", source,
           "weights of successful networks peak at zero, those of others are flatter",
           "weights of successful networks are flatter at zero than those of others",
           mixed + ", with layers of 100 weights or more", weights_peak_at_zero},
          {"strengths_correlate", source,
           "node strengths of consecutive layers rise together in successful networks",
           "node strengths of a layer fall as those of the one before rise",
           "six or more architectures (dnn or cnn) with three successful runs or more",
           strengths_correlate},
          {"strengths_are_high", source, "node strengths are higher in successful networks",
           "node strengths are lower in successful networks", mixed + " (dnn or cnn)",
           strengths_are_high},
          {"attention_is_weak", source,
           "node strengths of the attention are lower in successful transformers",
           "node strengths of the attention are higher in successful transformers",
           mixed + " (vit)", attention_is_weak},
          {"mlp_is_weak", source, "node strengths of the MLP are lower in successful transformers",
           "node strengths of the MLP are higher in successful transformers", mixed + " (vit)",
           mlp_is_weak}};
}

}  // namespace minima::analysis
