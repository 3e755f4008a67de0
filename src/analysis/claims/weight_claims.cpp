// The claims of arXiv 2408.11720 about learnable parameters: rows of the table of claims.
#include "analysis/claims/claim_tests.h"

namespace minima::analysis {
namespace {

constexpr const char* kPaperL = "arXiv 2408.11720";
constexpr const char* kMissing =
    "Fewer than six architectures have both successful and suboptimal runs.";
constexpr const char* kMixedStudy =
    "six or more architectures with both successful and suboptimal runs, such as\n"
    "[study]\nreplicates = 30\n"
    "[train]\ninit = { name = \"normal\", sd = 0.05 }\n"
    "[[design]]\nfamily = \"dnn\"\ndepth = [2]\nwidth = [3, 4, 5, 6, 8, 10, 12, 16]";
constexpr const char* kTransformers =
    "six or more transformers with both successful and suboptimal runs, such as\n"
    "[study]\nreplicates = 30\n"
    "[[design]]\nfamily = \"vit\"\nwidth = [4, 6, 8, 10, 12, 16]\nheads = 2\nlayers = 1\npatch = 7";

}  // namespace

std::vector<Claim> weight_claims() {
  return {
      {.name = "successful_are_similar",
       .source = kPaperL,
       .statement = "successful networks have similar weights, whatever the dataset and family",
       .protocol =
           "quantile functions of all layers, relative to their start, within architectures",
       .sentences =
           {.supported = "Successful networks have similar weights on all datasets and families.",
            .contradicted = "Suboptimal networks are more similar to those that succeed elsewhere.",
            .undecided = "It is open whether successful networks have similar weights everywhere.",
            .differs = "Results differ on whether successful networks have similar weights.",
            .missing = "No two datasets or families have architectures with both successful and "
                       "suboptimal runs."},
       .study = kMixedStudy,
       .dependence = Dependence::dependent,
       .tests = successful_are_similar},
      {.name = "projection",
       .source = kPaperL,
       .statement = "the weights separate successful from suboptimal networks",
       .protocol =
           "quantile functions of all layers, relative to their start, within architectures",
       .sentences = {.supported = "The weights separate successful from suboptimal networks.",
                     .contradicted = "The weights mix successful and suboptimal networks.",
                     .undecided = "It is open whether the weights separate successful networks.",
                     .differs =
                         "Results differ on whether the weights separate successful networks.",
                     .missing = kMissing},
       .study = kMixedStudy,
       .tests = successful_lie_together},
      {.name = "suboptimal_scatter",
       .source = kPaperL,
       .statement = "the weights of suboptimal networks vary more",
       .protocol = "distance from the centroid of their group, within architectures",
       .sentences = {.supported = "Suboptimal networks vary more in their weights.",
                     .contradicted = "Successful networks vary more in their weights.",
                     .undecided =
                         "It is open whether suboptimal networks vary more in their weights.",
                     .differs = "Results differ on whether suboptimal networks vary more.",
                     .missing = kMissing},
       .study = kMixedStudy,
       .tests = suboptimal_scatter},
      {.name = "low_sigma",
       .source = kPaperL,
       .statement = "training spreads the weights of successful networks less than those of others",
       .protocol = "log(sd at the end / sd at the start), mean over layers, within architectures",
       .sentences =
           {.supported = "Training spreads the weights of successful networks less.",
            .contradicted = "Training spreads the weights of successful networks more.",
            .undecided = "It is open whether training spreads weights of successful networks less.",
            .differs =
                "Results differ on whether training spreads weights of successful networks less.",
            .missing = kMissing},
       .study = kMixedStudy,
       .tests = sigma_is_low},
      {.name = "similar_statistics",
       .source = kPaperL,
       .statement = "mean and standard deviation of weights vary less among successful networks",
       .protocol = "spread of log(end / start) within architectures",
       .sentences =
           {.supported = "Weight statistics vary less among successful networks.",
            .contradicted = "Weight statistics vary more among successful networks.",
            .undecided =
                "It is open whether weight statistics vary less among successful networks.",
            .differs = "Results differ on whether weight statistics vary less.",
            .missing = kMissing},
       .study = kMixedStudy,
       .dependence = Dependence::dependent,
       .tests = statistics_are_similar},
      {.name = "low_sigma_most_in_output",
       .source = kPaperL,
       .statement = "in successful networks, the spread of weights falls most in the output layer",
       .protocol = "the output layer against the mean of the others",
       .sentences = {.supported = "The spread of weights falls most in the output layer.",
                     .contradicted = "The spread of weights falls least in the output layer.",
                     .undecided =
                         "It is open whether the spread of weights falls most in the output layer.",
                     .differs =
                         "Results differ on the layer in which the spread of weights falls most.",
                     .missing = kMissing},
       .study = kMixedStudy,
       .tests = sigma_is_lowest_in_output},
      {.name = "peak_at_zero",
       .source = kPaperL,
       .statement = "weights of successful networks peak at zero, and those of others are flatter",
       .protocol =
           "log(end / start) of the fraction of weights near zero, layers of 100 weights or more",
       .sentences = {.supported = "Weights of successful networks have a higher peak at zero.",
                     .contradicted = "Weights of successful networks are flatter at zero.",
                     .undecided = "It is open whether weights of successful networks peak at zero.",
                     .differs =
                         "Results differ on whether weights of successful networks peak at zero.",
                     .missing = kMissing},
       .study = kMixedStudy,
       .tests = weights_peak_at_zero},
      {.name = "strengths_correlate",
       .source = kPaperL,
       .statement = "node strengths of consecutive layers rise together",
       .protocol = "change from start to end, successful runs of one architecture (dnn, cnn)",
       .sentences = {.supported = "Node strengths of consecutive layers rise together.",
                     .contradicted =
                         "Node strengths of a layer fall where those of the layer before rise.",
                     .undecided =
                         "It is open whether node strengths of consecutive layers correlate.",
                     .differs = "Results differ on whether node strengths of layers rise together.",
                     .missing = "Fewer than six architectures have three successful runs."},
       .study = kMixedStudy,
       .tests = strengths_correlate},
      {.name = "strengths_are_high",
       .source = kPaperL,
       .statement = "training raises node strengths more in successful networks",
       .protocol = "log(end / start), mean over layers, within architectures (dnn, cnn)",
       .sentences =
           {.supported = "Training raises node strengths more in successful networks.",
            .contradicted = "Training raises node strengths less in successful networks.",
            .undecided =
                "It is open whether training raises node strengths more in these networks.",
            .differs = "Results differ on whether training raises node strengths more.",
            .missing = kMissing},
       .study = kMixedStudy,
       .tests = strengths_are_high},
      {.name = "attention_is_weak",
       .source = kPaperL,
       .statement = "node strengths in attention are lower in successful transformers",
       .protocol = "log(end / start) of attention layers, within architectures (vit)",
       .sentences =
           {.supported = "Node strengths in attention are lower in successful transformers.",
            .contradicted = "Node strengths in attention are higher in successful transformers.",
            .undecided = "It is open whether attention is weaker in successful transformers.",
            .differs = "Results differ on whether node strengths in attention are lower.",
            .missing = kMissing},
       .study = kTransformers,
       .tests = attention_is_weak},
      {.name = "mlp_is_weak",
       .source = kPaperL,
       .statement = "node strengths in the MLP are lower in successful transformers",
       .protocol = "log(end / start) of MLP layers, within architectures (vit)",
       .sentences = {.supported = "Node strengths in the MLP are lower in successful transformers.",
                     .contradicted =
                         "Node strengths in the MLP are higher in successful transformers.",
                     .undecided =
                         "It is open whether the MLP is weaker in successful transformers.",
                     .differs = "Results differ on whether node strengths in the MLP are lower.",
                     .missing = kMissing},
       .study = kTransformers,
       .tests = mlp_is_weak},
  };
}

}  // namespace minima::analysis
