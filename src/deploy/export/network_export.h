// Exports a network as files for other programs, with a manifest.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "deploy/c/c_export.h"
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
  /// Of an export of a whole folder. The manifest names the files relative to it. Empty: the
  /// manifest has plain names.
  std::filesystem::path folder = {};
  std::filesystem::path manifest = {};  ///< empty: the name of the first file with ".json" added
  std::filesystem::path card = {};      ///< model card; empty: first file with ".md" added
  /// Sentences on how the files differ from the network, for the user and the model card.
  std::vector<std::string> notes = {};

  /// The name of a file in the manifest.
  [[nodiscard]] std::string name_of(const ExportedFile& file) const;
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

/// The C sources of the network, with files called `name`. Input error if the variant has no
/// integer network.
[[nodiscard]] CSources c_sources_of(const NetworkToExport& network, const TestImage& image,
                                    const std::string& name);

/// The bytes of constants and of RAM, multiply-adds (zeros included) and values written per
/// prediction, and the value of one step of a logit.
[[nodiscard]] std::vector<std::pair<std::string, double>> figures_of(const NetworkToExport& network,
                                                                     const CSources& sources);

/// The files NAME.h, NAME.c, NAME_main.c and labels.txt for `path` NAME.c or NAME. Input error if
/// the variant has no integer network.
[[nodiscard]] ExportedNetwork c_files_of(const NetworkToExport& network, const TestImage& image,
                                         const std::filesystem::path& path);

/// What an int8 TensorFlow Lite model needs beyond the network.
struct TfliteData {
  const run::NetworkOutputs& training;  ///< their logits set the range of the model's logits
  const run::NetworkOutputs& test;      ///< predictions to compare with those of the model
  const data::Split& test_images;
};

/// The int8 TensorFlow Lite model `path` and labels.txt. Its logits have 8 bits, so the figures
/// have the accuracy of the model and the number of test images whose prediction it changes. Input
/// error if the variant has no integer network, or one that the format cannot hold.
[[nodiscard]] ExportedNetwork tflite_files_of(const NetworkToExport& network,
                                              const TfliteData& data,
                                              const std::filesystem::path& path);

/// A CSV table of the network's predictions on the test images, to compare with a deployed network.
/// Columns: image (from 0), label, predicted, logits, the names of both classes, and the file of
/// the image (empty if it is not a file of its own). Logits are integers if the variant has an
/// integer network, else real numbers.
[[nodiscard]] std::string predictions_of(const run::NetworkOutputs& outputs,
                                         const data::Split& split,
                                         const std::vector<std::string>& class_names);

/// The manifest, a JSON document: format, facts, figures, and the name, size and SHA-256 of each
/// file.
[[nodiscard]] std::string manifest_of(const std::string& format, const Provenance& provenance,
                                      const ExportedNetwork& network);

}  // namespace minima::deploy
