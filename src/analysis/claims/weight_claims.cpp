// The claims of arXiv 2408.11720 about learnable parameters: rows of the table of claims.
#include "analysis/claims/claim_tests.h"

namespace minima::analysis {
namespace {

constexpr const char* kPaperL = "arXiv 2408.11720";
constexpr const char* kMissing =
    "Not tested: it takes six architectures of which some runs succeed and others do not.";
constexpr const char* kMixedStudy =
    "six or more architectures of which some runs succeed and others do not, such as\n"
    "[study]\nreplicates = 30\n"
    "[train]\ninit = { name = \"normal\", sd = 0.05 }\n"
    "[[design]]\nfamily = \"dnn\"\ndepth = [2]\nwidth = [3, 4, 5, 6, 8, 10, 12, 16]";
constexpr const char* kTransformers =
    "six or more transformers of which some runs succeed and others do not, such as\n"
    "[study]\nreplicates = 30\n"
    "[[design]]\nfamily = \"vit\"\nwidth = [4, 6, 8, 10, 12, 16]\nheads = 2\nlayers = 1\npatch = 7";

}  // namespace

std::vector<Claim> weight_claims() {
  return {
      {.name = "successful_are_similar",
       .source = kPaperL,
       .statement = "successful networks are alike irrespective of dataset and family",
       .protocol =
           "quantile functions of all layers, relative to their start, within architectures",
       .sentences =
           {.supported = "Successful networks are alike across datasets and families.",
            .contradicted = "Suboptimal networks are more like those that succeed elsewhere.",
            .undecided = "It is open whether successful networks are alike across datasets.",
            .differs =
                "Whether successful networks are alike across datasets and families differs.",
            .missing = "Not tested: it takes mixed architectures on two datasets or families."},
       .study = kMixedStudy,
       .dependence = Dependence::dependent,
       .tests = successful_are_similar},
      {.name = "projection",
       .source = kPaperL,
       .statement =
           "successful networks lie apart from suboptimal ones when their weights are projected",
       .protocol =
           "quantile functions of all layers, relative to their start, within architectures",
       .sentences = {.supported = "Successful networks lie apart from suboptimal ones.",
                     .contradicted = "Successful and suboptimal networks lie mixed.",
                     .undecided = "It is open whether successful networks lie apart.",
                     .differs =
                         "Whether successful networks lie apart from suboptimal ones differs.",
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
                     .differs = "Whether suboptimal networks vary more in their weights differs.",
                     .missing = kMissing},
       .study = kMixedStudy,
       .tests = suboptimal_scatter},
      {.name = "low_sigma",
       .source = kPaperL,
       .statement = "training makes the weights of successful networks spread less",
       .protocol = "log(sd at the end / sd at the start), mean over layers, within architectures",
       .sentences = {.supported = "Training makes the weights of successful networks spread less.",
                     .contradicted =
                         "Training makes the weights of successful networks spread more.",
                     .undecided = "It is open whether weights of successful networks spread less.",
                     .differs = "Whether weights of successful networks spread less differs.",
                     .missing = kMissing},
       .study = kMixedStudy,
       .tests = sigma_is_low},
      {.name = "similar_statistics",
       .source = kPaperL,
       .statement = "mean and standard deviation of weights vary less among successful networks",
       .protocol = "spread of log(end / start) within architectures",
       .sentences = {.supported = "Weight statistics vary less among successful networks.",
                     .contradicted = "Weight statistics vary more among successful networks.",
                     .undecided =
                         "It is open whether weight statistics vary less among the successful.",
                     .differs =
                         "Whether weight statistics vary less among successful networks differs.",
                     .missing = kMissing},
       .study = kMixedStudy,
       .dependence = Dependence::dependent,
       .tests = statistics_are_similar},
      {.name = "low_sigma_most_in_output",
       .source = kPaperL,
       .statement = "the spread of weights falls most in the output layer",
       .protocol = "the output layer against the mean of the others",
       .sentences = {.supported = "The spread of weights falls most in the output layer.",
                     .contradicted = "The spread of weights falls least in the output layer.",
                     .undecided = "It is open whether the spread falls most in the output layer.",
                     .differs = "In which layer the spread of weights falls most differs.",
                     .missing = kMissing},
       .study = kMixedStudy,
       .tests = sigma_is_lowest_in_output},
      {.name = "peak_at_zero",
       .source = kPaperL,
       .statement = "weights of successful networks peak at zero and those of others are flatter",
       .protocol = "share of weights near zero, end against start, layers of 100 weights or more",
       .sentences = {.supported = "Weights of successful networks have a higher peak at zero.",
                     .contradicted = "Weights of successful networks are flatter at zero.",
                     .undecided = "It is open whether weights of successful networks peak at zero.",
                     .differs = "Whether weights of successful networks peak at zero differs.",
                     .missing = kMissing},
       .study = kMixedStudy,
       .tests = weights_peak_at_zero},
      {.name = "strengths_correlate",
       .source = kPaperL,
       .statement = "node strengths of consecutive layers rise together",
       .protocol = "change from start to end, successful runs of one architecture (dnn, cnn)",
       .sentences =
           {.supported = "Node strengths of consecutive layers rise together.",
            .contradicted = "Node strengths of a layer fall as those of the one before rise.",
            .undecided = "It is open whether node strengths of consecutive layers correlate.",
            .differs = "Whether node strengths of consecutive layers rise together differs.",
            .missing = "Not tested: it takes six architectures with three successful runs each."},
       .study = kMixedStudy,
       .tests = strengths_correlate},
      {.name = "strengths_are_high",
       .source = kPaperL,
       .statement = "training makes node strengths higher in successful networks",
       .protocol = "log(end / start), mean over layers, within architectures (dnn, cnn)",
       .sentences = {.supported = "Training makes node strengths higher in successful networks.",
                     .contradicted = "Training makes node strengths lower in successful networks.",
                     .undecided =
                         "It is open whether node strengths are higher in successful networks.",
                     .differs = "Whether node strengths are higher in successful networks differs.",
                     .missing = kMissing},
       .study = kMixedStudy,
       .tests = strengths_are_high},
      {.name = "attention_is_weak",
       .source = kPaperL,
       .statement = "node strengths in attention are lower in successful transformers",
       .protocol = "log(end / start) of attention layers, within architectures (vit)",
       .sentences = {.supported = "Node strengths in attention are lower in good transformers.",
                     .contradicted = "Node strengths in attention are higher in good transformers.",
                     .undecided = "It is open whether attention is weaker in good transformers.",
                     .differs = "Whether node strengths in attention are lower differs.",
                     .missing = kMissing},
       .study = kTransformers,
       .tests = attention_is_weak},
      {.name = "mlp_is_weak",
       .source = kPaperL,
       .statement = "node strengths in the MLP are lower in successful transformers",
       .protocol = "log(end / start) of MLP layers, within architectures (vit)",
       .sentences = {.supported = "Node strengths in the MLP are lower in good transformers.",
                     .contradicted = "Node strengths in the MLP are higher in good transformers.",
                     .undecided = "It is open whether the MLP is weaker in good transformers.",
                     .differs = "Whether node strengths in the MLP are lower differs.",
                     .missing = kMissing},
       .study = kTransformers,
       .tests = mlp_is_weak},
  };
}

}  // namespace minima::analysis
