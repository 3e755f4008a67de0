// The claims of arXiv 2408.11720 about learnable parameters: rows of the table of claims.
#include "analysis/claim_tests.h"

namespace minima::analysis {
namespace {

constexpr const char* kPaperL = "arXiv 2408.11720";
constexpr const char* kStudy =
    "an architecture at the edge of failure, and its weights:\n"
    "[study]\nreplicates = 30\nweights = \"all\"\n"
    "[[design]]\nfamily = \"dnn\"\ndepth = [2]\nwidth = [3, 5, 8, 16, 32]";
constexpr const char* kBoth =
    "Not tested: no family has five runs that succeeded and five that failed.";

}  // namespace

std::vector<Claim> weight_claims() {
  constexpr auto kDependent = Dependence::dependent;
  return {
      {.name = "low_sigma",
       .source = kPaperL,
       .statement = "weights of successful networks have a low and similar spread",
       .protocol = "each kind of layer",
       .sentences = {.supported = "Weights of successful networks spread little, and alike.",
                     .contradicted = "Weights of successful networks spread more, or less alike.",
                     .undecided = "It is open whether weights of successful networks spread less.",
                     .differs = "Whether weights of successful networks spread less differs.",
                     .missing = kBoth},
       .study = kStudy,
       .dependence = kDependent,
       .tests = sigma_is_low},
      {.name = "low_sigma_most_in_output",
       .source = kPaperL,
       .statement = "the spread of weights differs most in the output layer",
       .protocol = "the output layer against the others",
       .sentences = {.supported = "The spread of weights differs most in the output layer.",
                     .contradicted = "The spread of weights differs less in the output layer.",
                     .undecided = "It is open whether the spread of weights differs most in the "
                                  "output layer.",
                     .differs = "In which layer the spread of weights differs most differs.",
                     .missing = kBoth},
       .study = kStudy,
       .tests = sigma_is_lowest_in_output},
      {.name = "peak_at_zero",
       .source = kPaperL,
       .statement = "weights of most successful networks are densest at zero",
       .protocol = "each kind of layer with 100 weights or more",
       .sentences = {.supported = "Weights of most successful networks are densest at zero.",
                     .contradicted = "Weights of most successful networks are densest elsewhere.",
                     .undecided = "It is open where weights of successful networks are densest.",
                     .differs = "Where weights of successful networks are densest differs.",
                     .missing = "Not tested: fewer than five runs with enough weights succeeded."},
       .study = kStudy,
       .dependence = kDependent,
       .tests = weights_peak_at_zero},
      {.name = "strengths_correlate",
       .source = kPaperL,
       .statement = "node strengths of consecutive layers rise together",
       .protocol = "consecutive layers of successful networks",
       .sentences = {.supported = "Node strengths of consecutive layers rise together.",
                     .contradicted = "Node strengths fall from layer to layer.",
                     .undecided = "It is open whether node strengths of consecutive layers rise "
                                  "together.",
                     .differs = "Whether node strengths of consecutive layers rise together "
                                "differs.",
                     .missing = "Not tested: fewer than eight runs of several layers succeeded."},
       .study = kStudy,
       .dependence = kDependent,
       .tests = strengths_correlate},
      {.name = "strengths_are_high",
       .source = kPaperL,
       .statement = "node strengths are higher in successful networks",
       .protocol = "each kind of layer but attention",
       .sentences = {.supported = "Node strengths are higher in successful networks.",
                     .contradicted = "Node strengths are lower in successful networks.",
                     .undecided = "It is open whether node strengths are higher in successful "
                                  "networks.",
                     .differs = "Whether node strengths are higher in successful networks differs.",
                     .missing = kBoth},
       .study = kStudy,
       .dependence = kDependent,
       .tests = strengths_are_high},
      {.name = "attention_is_weak",
       .source = kPaperL,
       .statement = "node strengths in attention are lower in successful transformers",
       .protocol = "attention of vision transformers",
       .sentences = {.supported = "Node strengths in attention are lower in good transformers.",
                     .contradicted = "Node strengths in attention are higher in good transformers.",
                     .undecided =
                         "It is open whether node strengths in attention are lower in good "
                         "transformers.",
                     .differs = "Whether node strengths in attention are lower differs.",
                     .missing =
                         "Not tested: no transformers have five runs that succeeded and five "
                         "that failed."},
       .study = "transformers some of which fail, and their weights:\n"
                "[study]\nreplicates = 30\nweights = \"all\"\n"
                "[[design]]\narchitectures = [\"vit paper h4\"]",
       .dependence = kDependent,
       .tests = attention_is_weak},
      {.name = "projection",
       .source = kPaperL,
       .statement = "successful networks lie together when their weights are projected",
       .protocol = "quantiles of the weights of each kind of layer",
       .sentences = {.supported = "Networks of like accuracy have like weights.",
                     .contradicted =
                         "Networks of like accuracy have less like weights than others.",
                     .undecided = "It is open whether networks of like accuracy have like weights.",
                     .differs = "Whether networks of like accuracy have like weights differs.",
                     .missing = "Not tested: fewer than ten runs are of two accuracy groups."},
       .study = kStudy,
       .dependence = kDependent,
       .tests = successful_lie_together}};
}

}  // namespace minima::analysis
