// The claims of the two papers as a table, the most important first. docs/findings.md has the
// definitions; the claims on weights are in weight_claims.cpp.
#include <iterator>

#include "analysis/claims/claim_tests.h"

namespace minima::analysis {
namespace {

constexpr const char* kPaperL = "arXiv 2408.11720";
constexpr const char* kPaperM = "arXiv 2601.17987";

constexpr const char* kSizes = "all series with at least five sizes";
constexpr const char* kPruned =
    "stable architectures; one-shot global magnitude pruning without retraining";
constexpr const char* kSizeStudy =
    "six sizes or more, ten replicates of each:\n"
    "[study]\nreplicates = 10\n"
    "[[design]]\nfamily = \"dnn\"\ndepth = [1]\nwidth = [1, 2, 4, 8, 16, 32, 64, 128]";

std::vector<Claim> size_claims() {
  return {
      {.name = "small_fail_more",
       .source = kPaperM,
       .statement = "small networks fail more often than large ones",
       .protocol = kSizes,
       .sentences =
           {.supported = "Small networks fail more often than large ones.",
            .contradicted = "Large networks fail more often than small ones.",
            .undecided = "It is open whether small networks fail more often than large ones.",
            .differs = "Results differ on whether small networks fail more often than large ones.",
            .missing = "No series has five sizes and enough failed runs."},
       .study = kSizeStudy,
       .tests = small_are_unstable},
      {.name = "small_vary_more",
       .source = kPaperM,
       .statement = "small networks vary more from run to run than large ones",
       .protocol = kSizes,
       .sentences = {.supported = "Small networks vary more from run to run than large ones.",
                     .contradicted = "Large networks vary more from run to run than small ones.",
                     .undecided = "It is open whether small networks vary more than large ones.",
                     .differs =
                         "Results differ on whether small networks vary more than large ones.",
                     .missing = "No series has five sizes with two runs that learned."},
       .study = kSizeStudy,
       .tests = small_vary_more},
      {.name = "accuracy_grows",
       .source = kPaperM,
       .statement = "accuracy grows with the number of parameters",
       .protocol = kSizes,
       .sentences = {.supported = "Accuracy grows with the number of parameters.",
                     .contradicted = "Accuracy falls with the number of parameters.",
                     .undecided =
                         "It is open whether accuracy grows with the number of parameters.",
                     .differs =
                         "Results differ on whether accuracy grows with the number of parameters.",
                     .missing = "No series has five sizes."},
       .study = kSizeStudy,
       .tests = accuracy_grows},
      {.name = "gap_grows",
       .source = kPaperM,
       .statement =
           "the gap between training and test accuracy grows with the number of parameters",
       .protocol = kSizes,
       .sentences =
           {.supported = "The gap between training and test accuracy grows with parameters.",
            .contradicted = "The gap between training and test accuracy shrinks with parameters.",
            .undecided = "It is open whether the gap between training and test accuracy grows.",
            .differs =
                "Results differ on whether the gap between training and test accuracy grows.",
            .missing = "No series has five sizes."},
       .study = kSizeStudy,
       .tests = gap_grows},
      {.name = "regimes_in_order",
       .source = kPaperM,
       .statement = "networks pass through an unstable, a learning and an overfitting regime",
       .protocol = "all series with three sizes whose test loss is recorded over the epochs",
       .sentences = {.described =
                         "The effect is the fraction of series that show an unstable, a learning "
                         "and an overfitting regime, in this order and with separate intervals.",
                     .missing = "No series has three sizes with test losses over the "
                                "epochs."},
       .study = "sizes from one that fails to one that overfits, and test losses:\n"
                "[study]\nreplicates = 10\n"
                "[[design]]\nfamily = \"dnn\"\ndepth = [1]\nwidth = [1, 2, 4, 8, 16, 32, 64, 256]",
       .is_description = true,
       .tests = regimes_in_order}};
}

std::vector<Claim> architecture_claims() {
  return {
      {.name = "shape_hardly_matters",
       .source = kPaperM,
       .statement = "with enough parameters, the shape of the hidden layers hardly matters",
       .protocol = "fully connected networks in the upper half of their sizes; depth and size are "
                   "in the model",
       .sentences =
           {.supported = "In large networks, the shape of the hidden layers hardly matters.",
            .contradicted = "The shape of the hidden layers can matter even in large networks.",
            .undecided = "It is open whether the shape of the hidden layers matters in large "
                         "networks.",
            .missing = "Fewer than six large fully connected networks differ "
                       "in shape."},
       .study = "six shapes of one depth and nearly one size, ten replicates:\n"
                "[study]\nreplicates = 10\n"
                "[[design]]\nfamily = \"dnn\"\ndepth = [3]\nwidth = [64]\nshape = \"all\"",
       .combination = Combination::each,
       .tests = shape_hardly_matters},
      {.name = "families_agree",
       .source = kPaperM,
       .statement = "networks of equal size are equally accurate in all families",
       .protocol = "pairs of architectures of two families, within 25 % of size, on one dataset",
       .sentences =
           {.supported = "Networks of equal size are equally accurate in all families.",
            .contradicted = "Networks of equal size differ in accuracy between families.",
            .undecided =
                "It is open whether networks of equal size are equally accurate in all families.",
            .missing = "No two families have four pairs of networks of equal size."},
       .study = "two families whose sizes overlap, at least four of each:\n"
                "[[design]]\nfamily = \"dnn\"\ndepth = [1]\nwidth = [8, 16, 24, 32, 48, 64]\n"
                "[[design]]\nfamily = \"cnn\"\nchannels = [1, 2, 3, 4, 6, 8]",
       .combination = Combination::each,
       .tests = families_agree}};
}

std::vector<Claim> compression_claims() {
  return {
      {.name = "redundancy_reaches_60",
       .source = kPaperM,
       .statement = "redundancy reaches 60 % or more",
       .protocol = kPruned,
       .sentences = {.supported = "Some stable networks can lose 60 % of their weights.",
                     .contradicted = "No stable network can lose 60 % of its weights.",
                     .undecided = "It is open whether any stable network can lose 60 % of its "
                                  "weights.",
                     .missing = "No stable network with two runs was pruned in one "
                                "shot."},
       .study = "pruning of stable networks, five replicates:\n"
                "[study]\nreplicates = 5\n[[pruning.protocol]]",
       .combination = Combination::any,
       .tests = redundancy_is_large},
      {.name = "deeper_stands_more_pruning",
       .source = kPaperM,
       .statement = "deeper networks tolerate more pruning",
       .protocol = std::string(kPruned) + "; equal widths, and parameters taken out",
       .sentences = {.supported = "Deeper networks tolerate more pruning.",
                     .contradicted = "Deeper networks tolerate less pruning.",
                     .undecided = "It is open whether deeper networks tolerate more pruning.",
                     .differs = "Results differ on whether deeper networks tolerate more pruning.",
                     .missing = "Too few stable networks of equal width and several "
                                "depths were pruned."},
       .study = "stable networks of four depths and three widths:\n"
                "[[design]]\nfamily = \"dnn\"\ndepth = [1, 2, 3, 4]\nwidth = [32, 64, 128, 256]\n"
                "[[pruning.protocol]]",
       .tests = deeper_stands_more},
      {.name = "precision_hurts_small",
       .source = kPaperM,
       .statement = "low precision hurts small networks more",
       .protocol = "stable architectures; weights alone, after training, one symmetric scale per "
                   "tensor, at most 8 bits",
       .sentences = {.supported = "Low precision hurts small networks more.",
                     .contradicted = "Low precision hurts large networks more.",
                     .undecided = "It is open whether low precision hurts small networks more.",
                     .differs =
                         "Results differ on whether low precision hurts small networks more.",
                     .missing = "No family has enough stable architectures that were "
                                "quantized."},
       .study = "six stable architectures or more of one family:\n"
                "[[design]]\nfamily = \"dnn\"\ndepth = [1, 2]\nwidth = [32, 64, 128, 256, 512]\n"
                "[[quantization.protocol]]",
       .tests = precision_hurts_small},
      {.name = "precision_hurts_hard_data",
       .source = kPaperM,
       .statement = "low precision hurts more on harder data",
       .protocol = "architectures that are stable on all difficulties; weights alone, after "
                   "training, one symmetric scale per tensor, at most 8 bits",
       .sentences = {.supported = "Low precision hurts more on harder data.",
                     .contradicted = "Low precision hurts more on easier data.",
                     .undecided = "It is open whether low precision hurts more on harder data.",
                     .differs =
                         "Results differ on whether low precision hurts more on harder data.",
                     .missing = "The store has fewer than five difficulties of one "
                                "kind of data."},
       .study = "one generated dataset at five difficulties or more:\n"
                "[data]\ndatasets = [\"glyphs difficulty=0.1\", \"glyphs difficulty=0.3\", "
                "\"glyphs\", \"glyphs difficulty=0.7\", \"glyphs difficulty=0.9\"]\n"
                "[[quantization.protocol]]",
       .tests = precision_hurts_hard_data},
      {.name = "pruning_phases",
       .source = kPaperM,
       .statement = "pruning goes through phases, from flat to collapse",
       .protocol = std::string(kPruned) + ", to a sparsity of 95 % or more",
       .sentences = {.described = "The effect is the fraction of stable architectures with a flat "
                                  "phase and a collapse.",
                     .missing = "No stable architecture was pruned at six sparsities "
                                "up to 95 %."},
       .study = "pruning to 99 %, as the default protocol does:\n[[pruning.protocol]]",
       .is_description = true,
       .tests = pruning_has_phases}};
}

std::vector<Claim> training_claims() {
  return {
      {.name = "convergence_phases",
       .source = kPaperM,
       .statement = "networks converge in distinct phases",
       .protocol = "architectures that learned, with enough epochs",
       .sentences =
           {.described =
                "The effect is the fraction of architectures that converge in two or more phases.",
            .missing = "No architecture that learned has enough epochs."},
       .study = "more epochs:\n[train]\nepochs = 20",
       .is_description = true,
       .tests = convergence_has_phases},
      {.name = "failures_lack_gradient",
       .source = kPaperL,
       .statement = "runs fail because the gradient does not reach the first layers",
       .protocol = "all runs that did not converge, architecture by architecture",
       .sentences = {.described = "The effect is the fraction of an architecture's failed runs "
                                  "that have a dead layer or a vanished gradient.",
                     .missing = "Every run converged."},
       .study = "architectures so small that some runs fail:\n"
                "[[design]]\nfamily = \"dnn\"\ndepth = [2]\nwidth = [1, 2, 5]",
       .is_description = true,
       .tests = failures_lack_gradient},
      {.name = "failed_losses_fluctuate",
       .source = kPaperL,
       .statement = "the training loss of failed networks fluctuates more",
       .protocol = "runs of the groups low and non against high, within each architecture",
       .sentences = {.supported = "The training loss of failed networks fluctuates more.",
                     .contradicted = "The training loss of successful networks fluctuates more.",
                     .undecided = "It is open whether the loss of failed networks fluctuates more.",
                     .differs =
                         "Results differ on whether the loss of failed networks fluctuates more.",
                     .missing = "No architecture has both failed and successful runs."},
       .study = "architectures at the edge of failure, many replicates:\n"
                "[study]\nreplicates = 30\n"
                "[[design]]\nfamily = \"dnn\"\ndepth = [2]\nwidth = [2, 3, 4, 5, 8]",
       .tests = failed_losses_fluctuate},
      {.name = "transition_is_sharp",
       .source = kPaperL,
       .statement = "the transition from failure to success is sharper on harder data",
       .protocol = "ratio of the sizes that reach three quarters and a quarter of the final skill, "
                   "in series that reach both on all difficulties",
       .sentences =
           {.supported = "The transition from failure to success is sharper on harder data.",
            .contradicted = "The transition from failure to success is sharper on easier data.",
            .undecided = "It is open whether the transition is sharper on harder data.",
            .differs = "Results differ on whether the transition is sharper on harder data.",
            .missing = "The store has fewer than five difficulties of one "
                       "kind of data."},
       .study = "one generated dataset at five difficulties or more, and many sizes:\n"
                "[data]\ndatasets = [\"glyphs difficulty=0.1\", \"glyphs difficulty=0.3\", "
                "\"glyphs\", \"glyphs difficulty=0.7\", \"glyphs difficulty=0.9\"]\n"
                "[[design]]\nfamily = \"dnn\"\ndepth = [1]\nwidth = [1, 2, 3, 4, 6, 8, 12, 16, 32]",
       .tests = transition_is_sharp}};
}

}  // namespace

std::vector<Claim> claims() {
  std::vector<Claim> all;
  for (auto part : {size_claims(), architecture_claims(), compression_claims(), weight_claims(),
                    training_claims()}) {
    std::move(part.begin(), part.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace minima::analysis
