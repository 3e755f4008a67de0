#include "deploy/export/network_export.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "compress/integer/integer_inference.h"
#include "core/codes/sha256.h"
#include "core/error.h"
#include "core/text.h"
#include "deploy/c/class_names.h"
#include "deploy/image_rule.h"
#include "deploy/onnx/onnx_export.h"
#include "deploy/tflite/tflite_export.h"
#include "network/families/lower.h"
#include "record/variant.h"
#include "store/files/safetensors.h"

namespace minima::deploy {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> comment_lines(const Provenance& provenance) {
  std::vector<std::string> lines = {"Written by minima; bit for bit its integer evaluation.", ""};
  for (const auto& [name, value] : facts_of(provenance)) {
    if (name.starts_with("pixel_")) continue;  // already folded into the weights
    lines.push_back(fmt::format("{:<14}{}", name, value));
  }
  return lines;
}

Json figure(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Error not_in_integers(const NetworkToExport& network, const std::string& format) {
  const Place place{"--format " + format, ""};
  const network::Architecture& architecture = network.made.network.architecture;
  if (!network::graph_of(architecture, network.provenance.problem).is_chain()) {
    return input_error(place, "vision transformers have no integer arithmetic here",
                       "use --format onnx or --format safetensors");
  }
  const std::string& note = network.made.evaluated.variant.note;
  return input_error(place, note.empty() ? "this network does not compute in integers alone" : note,
                     "choose a variant whose arithmetic is \"integer\" (quantized with "
                     "`activations`), or use --format onnx or --format safetensors");
}

}  // namespace

std::string safetensors_of(const NetworkToExport& network) {
  store::Metadata metadata;
  for (const auto& [name, value] : facts_of(network.provenance)) metadata[name] = value;
  metadata["format"] = "pt";  // the layout of tensors; PyTorch's loaders refuse files without it
  const std::vector<float>& values = network.made.evaluated.values;
  const network::Graph graph =
      network::graph_of(network.made.network.architecture, network.provenance.problem);
  std::vector<network::TensorSpec> specs;
  for (const network::Tensor& tensor : graph.tensors) specs.push_back(tensor.spec);
  std::string content = store::safetensors_header(specs, metadata);
  content.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  return content;
}

std::string onnx_of(const NetworkToExport& network) {
  const run::EvaluatedVariant& evaluated = network.made.evaluated;
  if (evaluated.integer) return onnx_of_integers(*evaluated.integer, network.provenance);
  if (evaluated.variant.activations.quantized) {
    throw input_error({"--format onnx", ""},
                      fmt::format("activations in {} beside weights in {} cannot be written",
                                  evaluated.variant.activations, evaluated.variant.format),
                      "choose a variant whose activations are 32-bit floats or integers");
  }
  return onnx_of_floats(network.made.network.architecture, evaluated.values, network.provenance);
}

std::string c_name_of(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".c") ? name.substr(0, name.size() - 2) : name;
}

CSources c_sources_of(const NetworkToExport& network, const TestImage& image,
                      const std::string& name) {
  const run::EvaluatedVariant& evaluated = network.made.evaluated;
  if (!evaluated.integer) throw not_in_integers(network, "c");
  const Provenance& provenance = network.provenance;
  return c_sources(*evaluated.integer,
                   {.name = name,
                    .facts = comment_lines(provenance),
                    .class_names = provenance.class_names,
                    .image_rule = image_rule(provenance.problem.image, provenance.scaling),
                    .image = image});
}

std::vector<std::pair<std::string, double>> figures_of(const NetworkToExport& network,
                                                       const CSources& sources) {
  double multiply_adds = 0.0;
  double of_convolutions = 0.0;
  double outputs = 0.0;
  const auto& layers = network.made.evaluated.integer->layers;
  for (const compress::IntegerLayer& layer : layers) {
    const bool is_dense = layer.kind == compress::IntegerLayer::Kind::dense;
    const double places = is_dense ? 1.0 : layer.output.height * layer.output.width;
    const double products = places * static_cast<double>(layer.weights.size());
    multiply_adds += products;
    if (!is_dense) of_convolutions += products;
    outputs += layer.output.pixels();
  }
  return {{"constant_bytes", static_cast<double>(sources.constant_bytes)},
          {"memory_bytes", static_cast<double>(sources.memory_bytes)},
          {"multiply_adds", multiply_adds},
          {"convolution_multiply_adds", of_convolutions},
          {"layer_outputs", outputs},
          {"logit_scale", layers.back().reals.output_scale}};
}

ExportedNetwork c_files_of(const NetworkToExport& network, const TestImage& image,
                           const std::filesystem::path& path) {
  const CSources sources = c_sources_of(network, image, c_name_of(path));
  const auto folder = path.parent_path();
  return {.files = {{folder / (sources.file + ".c"), sources.source},
                    {folder / (sources.file + ".h"), sources.header},
                    {folder / (sources.file + "_main.c"), sources.program},
                    {folder / "labels.txt", sources.labels}},
          .figures = figures_of(network, sources)};
}

ExportedNetwork tflite_files_of(const NetworkToExport& network, const TfliteData& data,
                                const std::filesystem::path& path) {
  const auto& integer = network.made.evaluated.integer;
  if (!integer) throw not_in_integers(network, "tflite");
  const Provenance& provenance = network.provenance;
  const LogitCodes codes = logit_codes(*integer, data.training.logits);
  ExportedNetwork result{.files = {{path, tflite_of_integers(*integer, codes, provenance)},
                                   {path.parent_path() / "labels.txt",
                                    labels_text(names_or_numbers(provenance.class_names,
                                                                 provenance.problem.classes))}},
                         .figures = {}};
  const auto classes = static_cast<std::size_t>(provenance.problem.classes);
  const auto logits = coded_logits(*integer, codes, data.test_images.images);
  std::int64_t changed = 0;
  std::int64_t right = 0;
  for (std::size_t i = 0; i < data.test.predictions.size(); ++i) {
    const int predicted =
        compress::predicted_class(std::span(logits).subspan(i * classes, classes));
    changed += predicted == data.test.predictions[i] ? 0 : 1;
    right += predicted == data.test_images.labels[i] ? 1 : 0;
  }
  const auto images = static_cast<double>(data.test.predictions.size());
  const double accuracy = images > 0.0 ? static_cast<double>(right) / images : std::nan("");
  result.figures = {{"logit_scale", codes.scale},
                    {"logit_zero_point", static_cast<double>(codes.zero_point)},
                    {"changed_predictions", static_cast<double>(changed)},
                    {"tflite_test_accuracy", accuracy}};
  result.notes = {fmt::format(
      "Its logits have 8 bits, in steps of {:.3g}. So it predicts another class than minima for {} "
      "of {} test images, and its accuracy is {:.4f}.",
      codes.scale, grouped(changed), grouped(static_cast<std::int64_t>(images)), accuracy)};
  return result;
}

std::string predictions_of(const run::NetworkOutputs& outputs, const data::Split& split,
                           const std::vector<std::string>& class_names) {
  std::string text = "image,label,predicted";
  const std::size_t classes = class_names.size();
  for (std::size_t c = 0; c < classes; ++c) text += fmt::format(",logit{}", c);
  text += ",class,predicted_class,file\n";
  for (std::size_t i = 0; i < outputs.predictions.size(); ++i) {
    const std::size_t label = split.labels[i];
    const auto predicted = static_cast<std::size_t>(outputs.predictions[i]);
    text += fmt::format("{},{},{}", i, label, predicted);
    for (std::size_t c = 0; c < classes; ++c) {
      const std::size_t at = i * classes + c;
      text += outputs.logits.empty() ? fmt::format(",{}", outputs.real_logits[at])
                                     : fmt::format(",{}", outputs.logits[at]);
    }
    text += fmt::format(",{},{},{}\n", csv_text(class_names.at(label)),
                        csv_text(class_names.at(predicted)),
                        split.files.empty() ? "" : csv_text(split.files[i]));
  }
  return text;
}

std::string ExportedNetwork::name_of(const ExportedFile& file) const {
  return folder.empty() ? file.path.filename().string()
                        : file.path.lexically_relative(folder).generic_string();
}

std::string manifest_of(const std::string& format, const Provenance& provenance,
                        const ExportedNetwork& network) {
  Json document{{"exported_as", format}};
  for (const auto& [name, value] : facts_of(provenance)) document[name] = value;
  const record::Variant& variant = provenance.variant;
  document["format"] = variant.format.text();
  document["replicate"] = provenance.replicate;
  document["sparsity"] = variant.sparsity();
  document["parameters"] = variant.parameters;
  document["packed_bytes"] = variant.bytes.packed;
  document["test_images"] = provenance.test_images;
  document["test_accuracy"] = figure(variant.test_accuracy);
  document["accuracy_verified"] = provenance.is_verified;
  document["recorded_test_accuracy"] = figure(provenance.recorded_accuracy);
  document["test_loss"] = figure(variant.test_loss);
  document["pixel_scale"] = provenance.scaling.scale;
  document["pixel_shift"] = provenance.scaling.shift;
  document["classes"] = provenance.class_names;
  for (const auto& [name, value] : network.figures) {
    const auto whole = static_cast<std::int64_t>(value);
    document[name] = static_cast<double>(whole) == value ? Json(whole) : Json(value);
  }
  document["files"] = Json::array();
  for (const ExportedFile& file : network.files) {
    document["files"].push_back({{"name", network.name_of(file)},
                                 {"bytes", file.content.size()},
                                 {"sha256", sha256(file.content)}});
  }
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace minima::deploy
