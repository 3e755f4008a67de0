// Quantizes the floats of FOLDER/x.bin and writes codes.bin, values.bin, scales.bin and
// zero_points.bin there, for comparison with another program.
//
//   trace_quantizer FOLDER quantize CHANNELS FORMAT tensor|channel symmetric|affine CLIPPING
//   trace_quantizer FOLDER grid SCALE ZERO_POINT LOW HIGH     a grid that is given
//
// CLIPPING: max, least-squared-error, a percentile, or unscaled (fp8).
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "compress/quantize/quantizer.h"
#include "trace_program.h"

namespace {

using namespace minima;
using namespace minima::compress;

QuantizerSettings settings_of(const std::vector<std::string>& words) {
  QuantizerSettings settings{.format = parse_number_format(words[0])};
  if (words[1] == "channel") settings.granularity = Granularity::output_channel;
  if (words[2] == "affine") settings.scheme = Scheme::affine;
  if (words[3] == "unscaled") {
    settings.scaled_fp8 = false;
  } else if (words[3] == "least-squared-error") {
    settings.clipping.rule = Clipping::Rule::least_squared_error;
  } else if (words[3] != "max") {
    settings.clipping = {.rule = Clipping::Rule::percentile, .percentile = std::stod(words[3])};
  }
  return settings;
}

void trace(const std::filesystem::path& folder, const std::vector<std::string>& words) {
  std::vector<float> x = read_values<float>(folder / "x.bin");
  if (words[0] == "grid") {
    const AffineGrid grid{.scale = std::strtof(words[1].c_str(), nullptr),
                          .zero_point = std::stoi(words[2]),
                          .low = std::stoi(words[3]),
                          .high = std::stoi(words[4])};
    std::vector<std::int32_t> codes;
    for (const float value : x) codes.push_back(grid.code(value));
    write_values(folder / "codes.bin", codes);
    fake_quantize(grid, x, x);
    return write_values(folder / "values.bin", x);
  }
  const QuantizedTensor result = quantize({.values = x, .channels = std::stoul(words[1])},
                                          settings_of({words.begin() + 2, words.end()}));
  write_values(folder / "codes.bin", result.codes);
  write_values(folder / "values.bin", result.values);
  write_values(folder / "scales.bin", result.scales);
  write_values(folder / "zero_points.bin", result.zero_points);
}

}  // namespace

int main(int argc, char** argv) {
  return minima::trace_program(argc, argv, 7, "trace_quantizer FOLDER quantize|grid ARGUMENTS",
                               trace);
}
