// The keys of the YAML block are those of Hugging Face's model cards (huggingface.co/docs/hub,
// "Model Cards"). Every text in it is written as a JSON string, which is also a YAML string.
#include "deploy/export/model_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "deploy/image_rule.h"
#include "record/variant.h"
#include "statistics/estimates/wilson.h"

namespace minima::deploy {
namespace {

constexpr double kCardConfidence = 0.95;
constexpr std::size_t kMostClasses = 1000;

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// `text` as code within a line of Markdown.
std::string code(const std::string& text) {
  std::string safe = printable(text, 500);
  std::ranges::replace(safe, '`', '\'');
  std::ranges::replace(safe, '|', '/');  // ends a cell of a table
  return safe.empty() ? "` `" : "`" + safe + "`";
}

std::string list(const char* key, const std::vector<std::string>& values) {
  std::string text = std::string(key) + ":\n";
  for (const std::string& value : values) text += "- " + quoted(value) + "\n";
  return text;
}

double accuracy_of(const Provenance& provenance) {
  return provenance.is_verified ? provenance.variant.test_accuracy : provenance.recorded_accuracy;
}

std::string interval_text(const Provenance& provenance) {
  const auto images = std::max<std::int64_t>(provenance.test_images, 1);
  const auto right = std::llround(accuracy_of(provenance) * static_cast<double>(images));
  const ProportionInterval interval = wilson_interval(right, images, kCardConfidence);
  return fmt::format("95 % interval {:.4f} to {:.4f} (Wilson, {} test images)", interval.low,
                     interval.high, provenance.test_images);
}

bool has_accuracy(const Provenance& provenance) {
  return std::isfinite(accuracy_of(provenance)) && provenance.test_images > 0;
}

std::string metrics(const std::string& title, const Provenance& provenance) {
  if (!has_accuracy(provenance)) return "";
  const std::string dataset = quoted(provenance.dataset);
  return fmt::format(
      "model-index:\n- name: {}\n  results:\n  - task:\n      type: image-classification\n"
      "    dataset:\n      name: {}\n      type: {}\n      split: test\n    metrics:\n"
      "    - type: accuracy\n      value: {:.6f}\n      name: {}\n      verified: false\n",
      quoted(title), dataset, dataset, accuracy_of(provenance),
      quoted("Test accuracy, " + interval_text(provenance)));
}

std::string front_matter(const std::string& title, const std::string& format,
                         const Provenance& provenance) {
  return "---\n# license: not set. Choose one before you publish this network.\n"
         "pipeline_tag: image-classification\n" +
         list("tags",
              {"image-classification", "minima", format, provenance.variant.format.text()}) +
         list("datasets", {provenance.dataset}) + list("metrics", {"accuracy"}) +
         metrics(title, provenance) + "---\n\n";
}

std::string row(const std::string& name, const std::string& value) {
  return fmt::format("| {} | {} |\n", name, value);
}

std::string figures(const Provenance& provenance, const ExportedNetwork& network) {
  const record::Variant& variant = provenance.variant;
  std::string text = "| | |\n| --- | --- |\n";
  text += row("architecture", code(variant.architecture));
  if (provenance.trained_architecture != variant.architecture) {
    text += row("trained as", code(provenance.trained_architecture));
  }
  text += row("parameters", grouped(variant.parameters));
  text += row("packed size", fmt::format("{} bytes", grouped(variant.bytes.packed)));
  text +=
      row("numbers", fmt::format("weights {}, activations {}, arithmetic {}", variant.format.text(),
                                 variant.activations.text(), word_text(variant.arithmetic)));
  if (!variant.pruning.empty()) {
    text += row("pruned", fmt::format("{:.1f} % of weights are zero", 100.0 * variant.sparsity()));
  }
  if (has_accuracy(provenance)) {
    text += row("test accuracy",
                fmt::format("{}; {}", accuracy_text(provenance), interval_text(provenance)));
    text += row("always the largest class", fmt::format("{:.4f}", provenance.majority_share));
  }
  for (const ExportedFile& file : network.files) {
    text += row(code(file.path.filename().string()),
                fmt::format("{} bytes", grouped(static_cast<std::int64_t>(file.content.size()))));
  }
  return text;
}

std::string training(const Provenance& provenance) {
  const record::Variant& variant = provenance.variant;
  std::string text = fmt::format(
      "minima {} trained it on {}, run {} (replicate {} of its architecture) of the study {}. "
      "Settings: {}.\n",
      printable(provenance.program_version), code(provenance.dataset), code(provenance.run_id),
      provenance.replicate, code(provenance.study), code(provenance.training));
  if (!variant.pruning.empty()) text += "Pruning: " + code(variant.pruning) + ".\n";
  if (!variant.quantization.empty()) text += "Quantization: " + code(variant.quantization) + ".\n";
  return text;
}

std::string classes(const Provenance& provenance) {
  std::string text;
  for (std::size_t c = 0; c < provenance.class_names.size() && c < kMostClasses; ++c) {
    text += fmt::format("{}. {}\n", c, code(provenance.class_names[c]));
  }
  if (text.empty()) return fmt::format("{} classes without names.\n", provenance.problem.classes);
  return text;
}

std::string loading(const std::string& format, const std::string& file) {
  if (format == "onnx") {
    return fmt::format(
        "```python\nimport numpy, onnxruntime\nsession = onnxruntime.InferenceSession({0})\n"
        "(shape,) = [each.shape for each in session.get_inputs()]\n"
        "images = numpy.zeros([1, *shape[1:]], numpy.uint8)  # bytes 0 to 255\n"
        "logits = session.run(None, {{\"image\": images}})[0]\nprint(logits.argmax(axis=1))\n```\n",
        quoted(file));
  }
  if (format == "safetensors") {
    return fmt::format(
        "```python\nfrom safetensors import safe_open\nwith safe_open({}, \"pt\") as file:\n"
        "    facts = file.metadata()\n"
        "    tensors = {{name: file.get_tensor(name) for name in file.keys()}}\n"
        "print(facts[\"architecture\"], facts[\"classes\"])\n```\n\n"
        "The tensors have PyTorch's names. The input is byte x `pixel_scale` + `pixel_shift`, "
        "which "
        "are in the metadata.\n",
        quoted(file));
  }
  if (format == "tflite") {
    return fmt::format(
        "```python\nimport numpy\nfrom tflite_runtime.interpreter import Interpreter\n"
        "network = Interpreter({0})\nnetwork.allocate_tensors()\n"
        "(image,), (logits,) = network.get_input_details(), network.get_output_details()\n"
        "pixels = numpy.zeros(image[\"shape\"], numpy.uint8)  # bytes 0 to 255\n"
        "network.set_tensor(image[\"index\"], (pixels ^ 128).view(numpy.int8))  # less 128\n"
        "network.invoke()\nprint(network.get_tensor(logits[\"index\"]).argmax(axis=1))\n```\n\n"
        "For TensorFlow Lite Micro, `xxd -i {1}` prints the model as an array of C. The names of "
        "the classes are in `labels.txt`, and in the metadata `classes` as a JSON list.\n",
        quoted(file), file);
  }
  if (format == "arduino") {
    return "Copy the folder into `libraries` of your sketchbook, and open the example "
           "`Classify`.\n";
  }
  return fmt::format(
      "Compile the `.c` file with your program, and include the `.h` file. One call classifies an "
      "image; `{}` shows it.\n",
      std::filesystem::path(file).stem().string() + "_main.c");
}

/// The input of formats that get pixels in another order or scaled. Empty: all others.
std::string other_input(const std::string& format, const Provenance& provenance) {
  const ImageShape& image = provenance.problem.image;
  if (format == "safetensors") {
    return fmt::format(
        "The input is {} x {} x {} (channels x height x width). Each byte is "
        "scaled first: {}.\n",
        image.channels, image.height, image.width, scaling_text(provenance.scaling));
  }
  if (format != "tflite") return "";
  const std::vector<std::string> rule = image_rule(image, provenance.scaling);
  return fmt::format(
      "The input is 1 x {} x {} x {} (images x height x width x channels) of int8: each byte less "
      "128, row by row from the top left{}.\n{}\n{}\nThe network scales the pixels itself.\n",
      image.height, image.width, image.channels,
      image.channels == 3 ? ", red, green and blue of a pixel side by side" : "", rule[1], rule[2]);
}

std::string limits(const Provenance& provenance, const ExportedNetwork& network) {
  std::string text =
      "- The accuracy was measured on the test images of this dataset only. It says nothing about "
      "other cameras, other sizes, other places or images of none of the classes.\n"
      "- The network always names a class. A logit is no probability.\n"
      "- An overall accuracy can hide a class that is seldom recognized.\n";
  for (const std::string& note : network.notes) text += "- " + note + "\n";
  if (provenance.validation_images == 0) {
    text +=
        "- The study held out no validation images. If this network was chosen for its test "
        "accuracy, that accuracy is a little too high.\n";
  }
  if (!provenance.is_verified) {
    text +=
        "- The accuracy is the one that was recorded after training. It was not measured again "
        "for this export.\n";
  }
  return text;
}

}  // namespace

std::string model_card_of(const std::string& format, const Provenance& provenance,
                          const ExportedNetwork& network) {
  const std::string file = network.files.front().path.filename().string();
  const std::string title = std::filesystem::path(file).stem().string();
  std::string input = other_input(format, provenance);
  if (input.empty()) {
    for (const std::string& sentence : image_rule(provenance.problem.image, provenance.scaling)) {
      input += sentence + "\n";
    }
  }
  return front_matter(title, format, provenance) + "# " + code(title) + "\n\n" +
         fmt::format(
             "This network classifies images into {} classes. `minima export` wrote it, "
             "and this card.\n\n",
             provenance.problem.classes) +
         figures(provenance, network) + "\n## Classes\n\n" + classes(provenance) +
         "\n## Input\n\n" + input + "\n## How to load it\n\n" + loading(format, file) +
         "\n## How it was trained\n\n" + training(provenance) + "\n## Limits\n\n" +
         limits(provenance, network);
}

}  // namespace minima::deploy
