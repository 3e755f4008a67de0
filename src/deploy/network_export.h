// Exports a network as files for other programs, with a manifest.
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
  /// Numbers that the manifest lists in addition to the facts.
  std::vector<std::pair<std::string, double>> figures;
};

/// The parts of an export that do not depend on the format.
struct NetworkToExport {
  const run::RemadeVariant& made;
  const Provenance& provenance;
};

/// A safetensors file of F32 tensors with PyTorch's names (docs/weights-in-pytorch.md). Pruned
/// weights are zero; quantized weights are the values that their codes represent; the facts are
/// metadata.
[[nodiscard]] std::string safetensors_of(const NetworkToExport& network);

/// An ONNX model: of 8-bit integers if the variant has an integer network, else of floats. Input
/// error if ONNX has no operators for the rounding of the activations.
[[nodiscard]] std::string onnx_of(const NetworkToExport& network);

/// NAME for a path NAME.c or NAME; empty for ".c".
[[nodiscard]] std::string c_name_of(const std::filesystem::path& path);

/// The files NAME.h, NAME.c and NAME_main.c for `path` NAME.c or NAME. The figures are the bytes of
/// constants and of RAM, and the value of one step of a logit. Input error if the variant has no
/// integer network.
[[nodiscard]] ExportedNetwork c_files_of(const NetworkToExport& network, const TestImage& image,
                                         const std::filesystem::path& path);

/// A CSV table of the network's predictions on the test images, to compare with a deployed network.
/// Columns: image (from 0), label, predicted, and logits. Logits are integers if the variant has an
/// integer network, else real numbers.
[[nodiscard]] std::string predictions_of(const run::NetworkOutputs& outputs,
                                         const data::Split& split, int classes);

/// The manifest, a JSON document: format, facts, figures, and the name, size and SHA-256 of each
/// file.
[[nodiscard]] std::string manifest_of(const std::string& format, const Provenance& provenance,
                                      const ExportedNetwork& network);

/// Writes the files and the manifest. Input error, before anything is written, if a path cannot be
/// a regular file. Each file is written whole or not at all, and the manifest last: if it exists,
/// so do the others. The manifest has the name of the first file with ".json" added; returns its
/// path.
std::filesystem::path write_export(const std::string& format, const Provenance& provenance,
                                   const ExportedNetwork& network);

}  // namespace minima::deploy
