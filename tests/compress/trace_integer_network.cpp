// Builds an integer network with random weights and writes it, its images and its logits to FOLDER.
// Another program can then compute the same logits from the integers, and the original network from
// the floats.
//
//   trace_integer_network FOLDER ARCHITECTURE CHANNELS HEIGHT WIDTH FORMAT tensor|channel
//                         ACTIVATIONS unit|standardised
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "compress/integer/integer_batch.h"
#include "example_network.h"
#include "trace_program.h"

namespace {

using namespace minima;
using namespace minima::compress;

nlohmann::json shape_of(const ImageShape& shape) {
  return {shape.channels, shape.height, shape.width};
}

nlohmann::json json_of(const IntegerLayer& layer) {
  static constexpr const char* kKinds[] = {"dense", "convolution", "max_pool", "average_pool"};
  nlohmann::json requantization = nlohmann::json::array();
  for (const Requantization& by : layer.requantization) {
    requantization.push_back({by.multiplier, by.shift});
  }
  return {{"name", layer.name},
          {"kind", kKinds[static_cast<int>(layer.kind)]},
          {"input", shape_of(layer.input)},
          {"output", shape_of(layer.output)},
          {"window", {layer.window_height, layer.window_width}},
          {"stride", layer.stride},
          {"padding", layer.padding},
          {"padding_codes", layer.padding_codes},
          {"weights", layer.weights},
          {"biases", layer.biases},
          {"requantization", requantization},
          {"is_output", layer.is_output},
          {"output_high", layer.output_high},
          {"output_scale", layer.reals.output_scale}};
}

void trace(const std::filesystem::path& folder, const std::vector<std::string>& words) {
  const ImageShape shape{
      .channels = std::stoi(words[1]), .height = std::stoi(words[2]), .width = std::stoi(words[3])};
  const ExampleNetwork example(words[0], shape,
                               words[7] == "unit" ? Pixels::unit : Pixels::standardised);
  const IntegerBuild built =
      example.build({.weights = {.format = parse_number_format(words[4]),
                                 .granularity = words[5] == "tensor" ? Granularity::tensor
                                                                     : Granularity::output_channel},
                     .activations = parse_number_format(words[6])});
  if (!built.network) throw std::runtime_error(built.reason);
  nlohmann::json layers;
  for (const IntegerLayer& layer : built.network->layers) layers.push_back(json_of(layer));
  const TrainedNetwork trained = example.trained();
  const std::vector<float> parameters(trained.parameters.begin(), trained.parameters.end());
  const std::vector<float> scale(trained.pixel_scale.begin(), trained.pixel_scale.end());
  const std::vector<float> shift(trained.pixel_shift.begin(), trained.pixel_shift.end());
  const std::vector<std::uint8_t> images(example.images().begin(), example.images().end());
  std::ofstream(folder / "trace.json")
      << nlohmann::json{{"layers", layers},
                        {"parameters", parameters},
                        {"pixel_scale", scale},
                        {"pixel_shift", shift},
                        {"images", images},
                        {"shape", shape_of(shape)},
                        {"logits", IntegerBatchNetwork(*built.network).logits(example.images())}};
}

}  // namespace

int main(int argc, char** argv) {
  return minima::trace_program(argc, argv, 10, "see the head of trace_integer_network.cpp", trace);
}
