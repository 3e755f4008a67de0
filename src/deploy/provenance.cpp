#include "deploy/provenance.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/text.h"

namespace minima::deploy {
namespace {

std::string numbers(const std::vector<float>& values) {
  std::string text;
  for (const float value : values) {
    text += (text.empty() ? "" : ",") + fmt::format("{}", value);
  }
  return text;
}

}  // namespace

std::string accuracy_text(const Provenance& provenance) {
  if (!provenance.is_verified) {
    return fmt::format("{:.4f} on {} test images, as recorded in the store",
                       provenance.recorded_accuracy, provenance.test_images);
  }
  return fmt::format("{:.4f} on {} test images", provenance.variant.test_accuracy,
                     provenance.test_images);
}

Facts facts_of(const Provenance& provenance) {
  const record::Variant& variant = provenance.variant;
  const ImageShape& image = provenance.problem.image;
  Facts facts = {{"program", "minima " + provenance.program_version},
                 {"study", provenance.study},
                 {"run_id", provenance.run_id},
                 {"dataset", provenance.dataset},
                 {"architecture", variant.architecture},
                 {"replicate", fmt::format("{}", provenance.replicate)},
                 {"pruning", variant.pruning.empty() ? "none" : variant.pruning},
                 {"quantization", variant.quantization.empty() ? "none" : variant.quantization},
                 {"number_format", variant.format.text()},
                 {"activations", variant.activations.text()},
                 {"arithmetic", word_text(variant.arithmetic)},
                 {"sparsity", fmt::format("{:.4f}", variant.sparsity())},
                 {"parameters", fmt::format("{}", variant.parameters)},
                 {"packed_bytes", fmt::format("{}", variant.bytes.packed)},
                 {"test_accuracy", accuracy_text(provenance)},
                 {"image", fmt::format("{}x{}x{}", image.channels, image.height, image.width)},
                 {"pixel_scale", numbers(provenance.scaling.scale)},
                 {"pixel_shift", numbers(provenance.scaling.shift)}};
  if (provenance.trained_architecture != variant.architecture) {
    facts.emplace_back("trained_as", provenance.trained_architecture);
  }
  if (!provenance.class_names.empty()) {
    // A class name may contain any character, also commas.
    facts.emplace_back("classes",
                       nlohmann::json(provenance.class_names)
                           .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  return facts;
}

}  // namespace minima::deploy
