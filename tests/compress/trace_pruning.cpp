// Prunes the parameters of FOLDER/parameters.bin (floats) in addition to FOLDER/before.bin (bytes,
// optional) and writes FOLDER/mask.bin, for comparison with another program. Without a target, it
// prints the prunable tensors instead: name, offset of the first element, number of elements. The
// last line is the number of all parameters.
//
//   trace_pruning FOLDER ARCHITECTURE CHANNELS SIDE [global|tensor|NAME SPARSITY [biases]]
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "compress/prune/pruning_mask.h"
#include "network/families/lower.h"
#include "trace_program.h"

namespace {

using namespace minima;
using namespace minima::compress;

void print_tensors(const network::Graph& graph) {
  for (const network::Tensor& place : prunable_tensors(graph, {.biases = true})) {
    std::printf("%s %zu %zu\n", place.spec.name.c_str(), place.begin, place.count);
  }
  std::printf("%zu\n", static_cast<std::size_t>(graph.parameters()));
}

void trace(const std::filesystem::path& folder, const std::vector<std::string>& words) {
  const int side = std::stoi(words[2]);
  const auto graph = network::graph_of(
      network::Architecture::parse(words[0]),
      {.image = {.channels = std::stoi(words[1]), .height = side, .width = side}, .classes = 10});
  if (words.size() < 5) return print_tensors(graph);
  PruningTarget target{.sparsity = std::stod(words[4])};
  if (words[3] == "tensor") {
    target.scope = PruningScope::tensor;
  } else if (words[3] != "global") {
    target.which.only = words[3];
  }
  target.which.biases = words.size() > 5;
  std::vector<std::uint8_t> before;
  if (std::filesystem::exists(folder / "before.bin")) {
    before = read_values<std::uint8_t>(folder / "before.bin");
  }
  write_values(
      folder / "mask.bin",
      magnitude_mask(graph, read_values<float>(folder / "parameters.bin"), before, target));
}

}  // namespace

int main(int argc, char** argv) {
  return minima::trace_program(
      argc, argv, 5, "trace_pruning FOLDER ARCHITECTURE CHANNELS SIDE [SCOPE SPARSITY]", trace);
}
