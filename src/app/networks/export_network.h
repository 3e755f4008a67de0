// minima export STORE RUN: exports a network of a store in a format that other programs read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace minima::app {

struct NetworkArguments {
  std::string store;
  std::string run;  ///< id, prefix of an id, or "best"
  std::string format = "safetensors";
  std::string output;
  std::string dataset;  ///< of the run; empty: any
  std::string sparsity;
  std::string bits;          ///< bits of the weights, or the name of a format
  std::string pruning;       ///< protocol, or a part of its text
  std::string quantization;  ///< protocol, or a part of its text
  std::vector<std::string> settings;
  std::string data_dir;
  bool verify = false;  ///< fail without the dataset, so that the accuracy is always checked
  bool card = true;     ///< write a model card

  /// Whether an option names a variant; else the trained network is meant.
  [[nodiscard]] bool names_variant() const {
    return !(sparsity.empty() && bits.empty() && pruning.empty() && quantization.empty());
  }
};

/// What a run must have to be found as "best".
enum class Needs { results, weights };

/// Finds the run with the given id or prefix of an id. "best" is the finished run with the highest
/// accuracy, if `needs` says so among those whose weights were kept. Accuracy is on validation
/// images, if there are any. `dataset`: considers its runs only; empty: all runs, but "best" then
/// needs a store with one dataset. Input errors: no match, or several.
[[nodiscard]] record::RunRow find_run(const store::Reader& store, const std::string& run,
                                      const std::string& dataset, Needs needs = Needs::weights);

/// The variants of the run that match the options. If the text of a protocol is given in full, only
/// those of that protocol.
[[nodiscard]] std::vector<const record::Variant*> matching_variants(
    const std::vector<record::VariantRow>& variants, const std::string& run_id,
    const NetworkArguments& arguments);

/// The one variant of the run that matches the options; empty if no option is given: the trained
/// network. Input errors: no match, or several, which the message lists.
[[nodiscard]] std::optional<record::Variant> find_variant(
    const std::vector<record::VariantRow>& variants, const std::string& run_id,
    const NetworkArguments& arguments);

void export_network(const NetworkArguments& arguments);

}  // namespace minima::app
