// Writes docs/study.md from the option tables. A test compares `study_documentation` with the file,
// so the manual stays consistent with the program.
#include <fmt/format.h>

#include "core/text.h"
#include "network/limits.h"
#include "network/notation/families.h"
#include "study/options/options.h"
#include "study/settings/limits.h"

namespace minima::study {
namespace {

constexpr const char* kIntroduction = R"(# Study files

<!-- Written by the program from its table of options; do not edit. To regenerate it:
     MINIMA_WRITE_MANUAL=1 build/release/tests/study/minima_study_tests --gtest_filter=StudyManual.* -->

A study file says what to train, on what, how often, and how. It is [TOML](https://toml.io): sections in
brackets, `key = value`, comments after `#`. A complete one:

```toml
[study]
name = "mnist-small"
replicates = 5                    # runs per architecture

[data]
datasets = ["mnist", "glyphs difficulty=0.7"]

[train]
epochs = 20
batch = 100
optimizer = { name = "sgd", momentum = 0.9 }
learning_rate = 0.05
schedule = "cosine"

[[design]]                        # 1, 2 or 3 hidden layers, all 2, 8 or 32 wide
family = "dnn"
depth = [1, 2, 3]
width = [2, 8, 32]

[[design]]                        # and these two
architectures = ["dnn 300-100", "dnn linear"]

[[design]]                        # 5 convolutional networks
family = "cnn"
channels = [2, 4, 8, 16, 32]

[[design]]                        # and 4 vision transformers
family = "vit"
width = [32, 64]
heads = [2, 4]
layers = 2
patch = 7
```

`minima plan FILE` shows the architectures and runs of a study and their cost, without training;
`minima run FILE` trains them, and only what is missing when it is called again.

**Runs.** Every architecture is trained on every dataset, `replicates` times. Replicate *r* of all
architectures sees the same shuffles of the training images, so that architectures are compared in
pairs; initial weights differ from run to run. A run is identified by its dataset, architecture, replicate,
seed and those training options that differ from their defaults. Writing a default out therefore
changes nothing, and a study that gets more datasets, architectures or replicates keeps the runs it has
(for random draws see below).

**On the command line.** `--set SECTION.KEY=VALUE` changes an option for one command: `--set train.epochs=5`,
`--set study.replicates=1`, `--set 'data.datasets=["glyphs"]'`, `--set train.optimizer.momentum=0.9`.
The value is TOML, or a bare word taken as text, and is checked as if it stood in the file. Designs are
changed in the file only.

**Errors.** An unknown key, a wrong type or a number out of range gives a message of one line: the file,
the line and the column, what is wrong and how to fix it.

)";

constexpr const char* kDesigns = R"(## [[design]]

The architectures to train. A study has at least one design. Several designs are combined, and an
architecture in more than one of them is trained once. The keys determine the kind of a design: `family`,
with `draws` for random draws, or `architectures`.
Where a key takes a list, every combination is tried. Combinations that cannot exist, such as heads that
do not divide the width, and architectures that do not fit the images of a dataset are refused by name
before anything is trained, or left out with `invalid = "skip"` in [study].

)";

constexpr const char* kNotation = R"(## Notation of architectures

One line of text, the same in study files, on the command line, in stores and reports.

| text | network |
| --- | --- |
| `dnn 32` | one hidden layer of 32 units |
| `dnn 300-100` | two hidden layers, from input to output |
| `dnn linear` | no hidden layer: inputs straight to outputs |
| `dnn 32-32 gelu` | an activation other than ReLU |
| `cnn 8` | one convolution of 8 filters |
| `cnn 8-16 max2` | two convolutions, pooling after each |
| `cnn 16-32 k5 pad2 avg2 gap` | the same with kernels of 5 x 5, zeros around the images, other pooling, another head |
| `vit d64 h4 l2 p7` | vision transformer of width 64 with 4 heads, 2 encoder blocks, patches of 7 x 7 pixels |
| `vit d64 h4 l2 p7 post relu m2 cls drop0.1` | the same with other norms, activation, MLP and token, and dropout |
| `vit paper h4` | the vision transformer of the paper "On Learnable Parameters of Optimal and Suboptimal Deep Learning Models" (arXiv 2408.11720) with 4 heads |

Options may be written in any order. They are printed in the order of the tables below, and only where they
differ from their defaults, so that equal networks have equal text.

**dnn.** Hidden layers are fully connected; the output layer has one unit per class. Widths go
from 1 to {max_width}, and at most {max_layers} hidden layers are allowed. `depth = 0` in a design is
`dnn linear`.

{dnn_words}
**cnn.** The numbers are the filters of each convolution, 1 to {max_filters}, at most {max_convolutions}
convolutions. Each is followed by its activation and then, where asked for, by pooling; one fully connected layer ends
the network. `cnn 8` is the network of the papers: one convolution of 3 x 3, no padding.

{cnn_words}
**vit.** An image is cut into square patches, each embedded linearly as a token; every token gets a learned
position. Encoder blocks follow, each of multi-head attention and a two-layer MLP with a residual
around both; one fully connected layer ends the network. An MLP whose width is an integer multiple of the
token width is always printed as `m`: `vit d64 h4 l2 p7 f128` is `vit d64 h4 l2 p7 m2`.

{vit_words}
**vit paper.** Paper L's network, read literally: the 784 pixels of an image are one token; one encoder
block with layer norms after attention and MLP, ReLU, an MLP of 2,048 units; one fully connected layer. The
heads divide 784. Images of another number of pixels are first embedded linearly in 784 features. No
dropout, unless asked for: `vit paper h4 drop0.1` has what PyTorch's block has by default.

**Dropout** acts in training only and at the four places of PyTorch's `nn.TransformerEncoderLayer`: on the
probabilities of the attention, on its output and on the MLP's before the residual is added, and on the MLP's
hidden units after the activation. The embedding has none. What is kept is scaled by 1 / (1 - *p*), with *p*
rounded to a multiple of 1/65,536. Training loss and accuracy of an epoch are those of its steps, hence
with dropout; the final ones, and all of the test images, are without.

**Initial values** that `init` does not decide: layer norms start as the identity; learned positions and class
tokens are normal with standard deviation 0.02.

## The step rule of shape = "all"

With `shape = "all"` each hidden layer after the first is smaller than, as wide as, or larger than the
one before it: 3^(depth-1) patterns for each width. `width` is that of the **narrowest** layer, from
which the others go up by `step`. In numbers: count a level up for each larger layer and a level down for
each smaller one. The lowest level has

    rung(0) = width

units, and each level above it

    rung(k) = max(rung(k-1) + 1, round(step x rung(k-1)))

with halves rounded up. For `width = 10`, `step = 2`:

| pattern | architecture |
| --- | --- |
| equal, equal | `dnn 10-10-10` |
| larger, larger | `dnn 10-20-40` |
| smaller, smaller | `dnn 40-20-10` |
| larger, smaller | `dnn 10-20-10` |
| smaller, larger | `dnn 20-10-20` |
| equal, smaller | `dnn 20-20-10` |

Every pattern exists at every width, width 1 too, and no two widths or patterns give the same
architecture. With the 12 widths 1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000 and depths 1 to 4 these
are the 12 x (1 + 3 + 9 + 27) = 480 architectures of the paper "Systematic Characterization of Minimal
Deep Learning Architectures" (arXiv 2601.17987). The paper does not state the size of its steps: the rule
is our interpretation. The widest layer among the 480 has 8,000 units; leave out the largest widths, or give a smaller
`step`, where that costs too much.

## Random draws

Draws are spread over many shuffles of the training images, so that results do not depend on a few
shuffles. They fill blocks of {block}, in their order; block *b* has the replicates *bR* to *bR + R - 1* of
a study with *R* replicates. An architecture drawn again goes to the next block that has room and does not
hold it yet; one that a grid or list of the study names too is not put into the first.

The same seed and the same ranges draw the same architectures. Asking the last random design for more, or
adding another after it, keeps the runs there were; other changes may give some drawn architectures
another replicate, hence new runs.

## Size

A study has at most {max_runs} runs, a study file {max_bytes} bytes, a layer {max_features} features per
image.
)";

std::string default_of(const OptionText& option) {
  return option.fallback.empty() ? "must be given" : "`" + option.fallback + "`";
}

std::string table_of(const std::vector<OptionText>& options) {
  std::string text = "| key | takes | default | meaning |\n| --- | --- | --- | --- |\n";
  for (const OptionText& option : options) {
    text += fmt::format("| `{}` | {} | {} | {} |\n", option.key, option.type, default_of(option),
                        option.meaning);
  }
  return text + "\n";
}

/// Rows for the options of an option's choices; empty if there are none.
std::string choice_options_of(const OptionText& option) {
  std::string rows;
  for (const ChoiceText& choice : option.choices) {
    for (const OptionText& own : choice.options) {
      rows += fmt::format("| `\"{}\"` | `{}` | {} | {} | {} |\n", choice.name, own.key, own.type,
                          default_of(own), own.meaning);
    }
  }
  if (rows.empty()) return "";
  return fmt::format("| with `{}` | key | takes | default | meaning |\n", option.key) +
         "| --- | --- | --- | --- | --- |\n" + rows + "\n";
}

std::string choices_of(const std::vector<OptionText>& options) {
  std::string text;
  for (const OptionText& option : options) {
    if (option.choices.empty()) continue;
    text += fmt::format("| `{}` | meaning |\n| --- | --- |\n", option.key);
    for (const ChoiceText& choice : option.choices) {
      text += fmt::format("| `\"{}\"` | {} |\n", choice.name, choice.meaning);
    }
    text += "\n" + choice_options_of(option);
  }
  return text;
}

std::string section(const std::string& name, const std::string& meaning,
                    const std::vector<OptionText>& options) {
  return fmt::format("## [{}]\n\n{}\n\n", name, meaning) + table_of(options) + choices_of(options);
}

/// Meanings of the words in a family's notation.
std::string words_of(const std::vector<network::WordText>& words) {
  std::string text = "| word | meaning | number | without it |\n| --- | --- | --- | --- |\n";
  for (const network::WordText& word : words) {
    const bool whole = word.number == network::WordNumber::whole;
    const std::string number = word.number == network::WordNumber::none
                                   ? ""
                                   : (whole ? "integer " : "") + word.range.text();
    text += fmt::format("| `{}` | {} | {} | {} |\n", word.example, word.meaning, number,
                        word.fallback.empty() ? "must be given" : word.fallback);
  }
  return text;
}

std::string designs() {
  std::string text = kDesigns;
  for (const DesignKind& kind : design_kinds()) {
    text += fmt::format("### [[design]]: {}\n\n{}\n\n", kind.text.name, kind.text.meaning);
    text += table_of(kind.text.options) + choices_of(kind.text.options);
  }
  return text;
}

}  // namespace

std::string study_documentation() {
  return kIntroduction +
         section("study", "The name of the study and the number of runs of each architecture.",
                 texts_of(study_options())) +
         section(
             "data",
             "A dataset is a name, or a path, with settings after it; `minima data list` shows the "
             "names.",
             texts_of(data_options())) +
         section(
             "train",
             "How every run is trained. An option with choices takes the name, `optimizer = "
             "\"sgd\"`, or a table with the name and the choice's own options, `optimizer = { name "
             "= \"sgd\", momentum = 0.9 }`; without a name it is the default choice.",
             texts_of(train_options().all())) +
         section(
             "pruning",
             "How trained networks are pruned. `[pruning]` alone asks for one protocol, the one "
             "with all defaults; a study without it prunes nothing. [Pruning](pruning.md) "
             "defines each quantity. Weights that compression needs are kept (`weights` in "
             "[study]) unless the study says otherwise. If pruning or quantization is added to a "
             "finished study, `minima run --retrain-missing` trains the runs again that kept no "
             "weights ([Changing a finished study](store.md#changing-a-finished-study)).",
             texts_of(pruning_options())) +
         section("[pruning.protocol]", "One way of pruning; there can be several.",
                 pruning_protocol_texts()) +
         section(
             "quantization",
             "How trained networks are quantized. `[quantization]` alone asks for one protocol, "
             "the one with all defaults. [Quantization](quantization.md) defines formats, "
             "ranges and arithmetic.",
             texts_of(quantization_options())) +
         section("[quantization.protocol]", "One way of quantizing; there can be several.",
                 quantization_protocol_texts()) +
         section("analysis",
                 "Settings of `minima analyze` and of the analysis at the end of `minima run`; "
                 "[Convergence](convergence.md), [Compression](compression.md) and "
                 "[Weights](weights.md) define each "
                 "quantity. They do not change runs: `minima analyze STORE --set "
                 "analysis.KEY=VALUE` analyses the same runs again.",
                 texts_of(analysis_options().all())) +
         designs() +
         fmt::format(fmt::runtime(kNotation), fmt::arg("max_width", grouped(network::kMaxWidth)),
                     fmt::arg("max_layers", grouped(network::kMaxHiddenLayers)),
                     fmt::arg("max_filters", grouped(network::kMaxFilters)),
                     fmt::arg("max_convolutions", network::kMaxConvolutions),
                     fmt::arg("dnn_words", words_of(network::dnn_words())),
                     fmt::arg("cnn_words", words_of(network::cnn_words())),
                     fmt::arg("vit_words", words_of(network::vit_words())),
                     fmt::arg("max_features", grouped(network::kMaxFeatures)),
                     fmt::arg("block", kDrawsPerShuffle), fmt::arg("max_runs", grouped(kMaxRuns)),
                     fmt::arg("max_bytes", grouped(kMaxStudyFileBytes)));
}

}  // namespace minima::study
