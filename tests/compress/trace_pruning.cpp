// Prunes the parameters of FOLDER/parameters.bin (floats) on top of FOLDER/before.bin (bytes, may
// be missing) and writes FOLDER/mask.bin, for comparison with another program. Without a target,
// prints the tensors that can be pruned instead: name, place of the first element, elements, with
// the number of all parameters in the last line.
//
//   trace_pruning FOLDER ARCHITECTURE CHANNELS SIDE [global|tensor|NAME SPARSITY [biases]]
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "compress/pruning_mask.h"
#include "core/file.h"

namespace {

using namespace minima;
using namespace minima::compress;

template <typename T>
std::vector<T> read(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  std::vector<T> values(bytes.size() / sizeof(T));
  bytes.copy(reinterpret_cast<char*>(values.data()), bytes.size());
  return values;
}

void print_tensors(const std::vector<study::LayerSpec>& layers) {
  for (const TensorPlace& place : prunable_tensors(layers, {.biases = true})) {
    std::printf("%s %zu %zu\n", place.spec.name.c_str(), place.begin, place.count);
  }
  std::printf("%zu\n", parameters_of(tensor_places(layers)));
}

void trace(const std::filesystem::path& folder, const std::vector<std::string>& words) {
  const int side = std::stoi(words[2]);
  const auto layers = study::layers_of(
      study::Architecture::parse(words[0]),
      {.image = {.channels = std::stoi(words[1]), .height = side, .width = side}, .classes = 10});
  if (words.size() < 5) return print_tensors(layers);
  PruningTarget target{.sparsity = std::stod(words[4])};
  if (words[3] == "tensor") {
    target.scope = PruningScope::tensor;
  } else if (words[3] != "global") {
    target.which.only = words[3];
  }
  target.which.biases = words.size() > 5;
  std::vector<std::uint8_t> before;
  if (std::filesystem::exists(folder / "before.bin")) {
    before = read<std::uint8_t>(folder / "before.bin");
  }
  const Mask mask = magnitude_mask(layers, read<float>(folder / "parameters.bin"), before, target);
  std::ofstream(folder / "mask.bin", std::ios::binary)
      .write(reinterpret_cast<const char*>(mask.data()), static_cast<std::streamsize>(mask.size()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fputs("usage: trace_pruning FOLDER ARCHITECTURE CHANNELS SIDE [SCOPE SPARSITY]\n", stderr);
    return 2;
  }
  try {
    trace(argv[1], {argv + 2, argv + argc});
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
