// minima export STORE RUN: a network of a store in a format that other programs read.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace minima::cli {

struct NetworkArguments {
  std::string store;
  std::string run;  ///< id, or the beginning of one, or "best"
  std::string format = "safetensors";
  std::string output;
  std::string sparsity;
  std::string bits;          ///< of weights, or the name of a format
  std::string pruning;       ///< protocol, or a part of its text
  std::string quantization;  ///< likewise
  std::vector<std::string> settings;
  std::string data_dir;

  void add_to(CLI::App& command);
};

[[nodiscard]] std::vector<std::string> network_formats();

/// The run of a store that an id, the beginning of one, or "best" means: the finished run of the
/// highest accuracy whose weights were kept, on validation images where there are any. Input
/// errors: none, or several.
[[nodiscard]] store::RunRow find_run(const store::Reader& store, const std::string& run);

/// The one variant of the run that the options leave; nothing where none of them is given: the
/// trained network. Input errors: none is left, or several, which the message tells apart.
[[nodiscard]] std::optional<store::Variant> find_variant(
    const std::vector<store::VariantRow>& variants, const std::string& run_id,
    const NetworkArguments& arguments);

void export_network(const NetworkArguments& arguments);

}  // namespace minima::cli
