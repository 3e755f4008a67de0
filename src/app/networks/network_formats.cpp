#include "app/networks/network_formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "app/resources.h"
#include "compress/integer/integer_inference.h"
#include "core/error.h"
#include "core/files/file.h"
#include "core/text.h"
#include "deploy/export/arduino_export.h"
#include "deploy/export/write_export.h"

namespace minima::app {
namespace {

/// The first test image that the network classifies correctly, or else the first image.
deploy::TestImage test_image(const run::EvaluatedVariant& evaluated, const data::Split& split,
                             std::size_t pixels) {
  const auto image = [&](std::size_t i) {
    const auto bytes = std::span(split.images).subspan(i * pixels, pixels);
    return deploy::TestImage{.pixels = {bytes.begin(), bytes.end()}, .label = split.labels[i]};
  };
  if (!evaluated.integer) return image(0);
  for (std::size_t i = 0; i < split.count(); ++i) {
    deploy::TestImage each = image(i);
    const auto logits = compress::integer_logits(*evaluated.integer, each.pixels);
    if (compress::predicted_class(logits) == each.label) return each;
  }
  return image(0);
}

deploy::ExportedNetwork write_safetensors(const NetworkExport& to) {
  return to.file(deploy::safetensors_of(to.network));
}

deploy::ExportedNetwork write_onnx(const NetworkExport& to) {
  return to.file(deploy::onnx_of(to.network));
}

deploy::ExportedNetwork write_tflite(const NetworkExport& to) {
  const auto outputs = [&](engine::SplitName split) {
    if (!to.network.made.evaluated.integer) return run::NetworkOutputs();
    return run::outputs_of(to.network.made, to.dataset, split, to.backend);
  };
  const run::NetworkOutputs training = outputs(engine::SplitName::train);
  const run::NetworkOutputs test = outputs(engine::SplitName::test);
  return deploy::tflite_files_of(to.network, {training, test, to.dataset.data().test}, to.output);
}

deploy::ExportedNetwork write_c(const NetworkExport& to) {
  const auto pixels = static_cast<std::size_t>(to.dataset.problem().image.pixels());
  return deploy::c_files_of(
      to.network, test_image(to.network.made.evaluated, to.dataset.data().test, pixels), to.output);
}

deploy::ExportedNetwork write_predictions(const NetworkExport& to) {
  const data::Split& test = to.dataset.data().test;
  const auto outputs =
      run::outputs_of(to.network.made, to.dataset, engine::SplitName::test, to.backend);
  return to.file(deploy::predictions_of(outputs, test, to.dataset.data().class_names));
}

deploy::ExportedNetwork write_arduino(const NetworkExport& to) {
  const auto pixels = static_cast<std::size_t>(to.dataset.problem().image.pixels());
  return deploy::arduino_files_of(
      to.network, test_image(to.network.made.evaluated, to.dataset.data().test, pixels), to.output);
}

/// The network, its manifest and its card are written together.
void check_file(const std::string& output) {
  refuse_unless_plain_file(output);
  refuse_unless_plain_file(output + ".json");
  deploy::refuse_foreign_manifest(output + ".json");
}

/// Accepts only names that other files can include unchanged. Other names would be altered, and two
/// of them could become equal.
void check_c(const std::string& output) {
  check_file(output);
  const std::string name = deploy::c_name_of(output);
  if (deploy::can_be_included(name)) return;
  throw input_error({output, ""}, "is not a valid name for a C file",
                    "use the letters a to z, digits, _ and -, such as net.c");
}

/// The name of the folder is the name of the library, of its header and of its functions.
void check_arduino(const std::string& output) {
  const std::filesystem::path folder(output);
  const std::string name = deploy::arduino_name_of(folder);
  if (deploy::can_be_included(name) && name.find(' ') == std::string::npos) {
    std::error_code error;
    if (std::filesystem::is_directory(folder, error) || !std::filesystem::exists(folder, error)) {
      deploy::refuse_foreign_manifest(folder / "extras" / (name + ".json"));
      return;
    }
    throw input_error({output, ""}, "is a file, and an Arduino library is a folder",
                      "give the name of a folder");
  }
  throw input_error({output, ""}, "is not a valid name for an Arduino library",
                    "use the letters a to z, digits, _ and -, such as digits");
}

constexpr std::string_view kCalibrates = "its activations are calibrated on training images";

constexpr std::array kNetworkFormats = {
    NetworkFormat{"safetensors", write_safetensors, check_file},
    NetworkFormat{"onnx", write_onnx, check_file},
    NetworkFormat{"tflite", write_tflite, check_file, kCalibrates, true, false, "network.tflite"},
    NetworkFormat{"c", write_c, check_c, kCalibrates},
    NetworkFormat{"arduino", write_arduino, check_arduino, kCalibrates},
    NetworkFormat{"csv", write_predictions, check_file, "it predicts them", false, true}};

}  // namespace

const NetworkFormat& network_format(const std::string& name) {
  return element_named("--format", "format", name, kNetworkFormats);
}

}  // namespace minima::app
