// A network as files that other programs read, with a manifest beside them.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "deploy/c_export.h"
#include "deploy/provenance.h"
#include "run/variants/remake.h"

namespace minima::deploy {

struct ExportedFile {
  std::filesystem::path path;
  std::string content;
};

struct ExportedNetwork {
  std::vector<ExportedFile> files;
  /// What is to stand in the manifest beside the facts.
  std::vector<std::pair<std::string, double>> figures;
};

/// Format-independent parts of an export.
struct NetworkToExport {
  const run::RemadeVariant& made;
  const Provenance& provenance;
};

/// F32 tensors under PyTorch's names (docs/weights-in-pytorch.md), pruned weights zero, quantized
/// ones as the values that they stand for; the facts as metadata.
[[nodiscard]] std::string safetensors_of(const NetworkToExport& network);

/// An ONNX model: of 8-bit integers where the network computes in integers, else of floats. Input
/// error: activations that are rounded in a way that ONNX has no operators for.
[[nodiscard]] std::string onnx_of(const NetworkToExport& network);

/// NAME of a path NAME.c or NAME; empty for ".c".
[[nodiscard]] std::string c_name_of(const std::filesystem::path& path);

/// NAME.h, NAME.c and NAME_main.c for `path` NAME.c, which is taken with or without its ending;
/// bytes of constants and of RAM, and what a step of a logit stands for. Input error: the network
/// does not compute in integers.
[[nodiscard]] ExportedNetwork c_files_of(const NetworkToExport& network, const TestImage& image,
                                         const std::filesystem::path& path);

/// A CSV table of what the network says of the test images, to compare a deployed one with: image
/// (from 0), label, predicted, and logits: integers where the network computes in integers, else
/// real numbers.
[[nodiscard]] std::string predictions_of(const run::NetworkOutputs& outputs,
                                         const data::Split& split, int classes);

/// A JSON document: format, facts, figures, and name, size and SHA-256 of each file.
[[nodiscard]] std::string manifest_of(const std::string& format, const Provenance& provenance,
                                      const ExportedNetwork& network);

/// Input error before anything is written: one of the places cannot be a file of its own. Each file
/// whole or not at all, the manifest last: where it stands, the others do. It is named
/// after the first file, with ".json" added; its path is returned.
std::filesystem::path write_export(const std::string& format, const Provenance& provenance,
                                   const ExportedNetwork& network);

}  // namespace minima::deploy
