#include "analysis/recommend/test_order.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "network/notation/architecture.h"

namespace minima::analysis {
namespace {

constexpr int kMildBits = 8;

/// Sets every width to the same number.
struct WithoutWidths {
  void operator()(network::Dnn& dnn) const { std::ranges::fill(dnn.hidden, 1); }
  void operator()(network::Cnn& cnn) const { std::ranges::fill(cnn.filters, 1); }
  void operator()(network::Vit& vit) const { vit.width = vit.mlp_width = 1; }
  void operator()(network::PaperVit& /*has none*/) const {}
};

/// The compression of a sequence, ordered by the order of the tests.
struct CompressionKey {
  int rank = 0;             // 0: mild, with integer arithmetic
  double fewer_bits = 0.0;  // minus the bits per weight that are kept
  std::string pruning;
  double sparsity_asked = 0.0;
  std::string quantization;
  study::ValueFormat format;

  [[nodiscard]] auto in_order() const {
    return std::tie(rank, fewer_bits, pruning, sparsity_asked, quantization, format);
  }
  bool operator<(const CompressionKey& other) const { return in_order() < other.in_order(); }
};

CompressionKey compression_of(const PlannedChoice& choice) {
  const bool is_mild = choice.pruning.empty() && choice.in_integers && choice.bits == kMildBits;
  return {.rank = is_mild ? 0 : 1,
          .fewer_bits = -choice.bits * (1.0 - choice.sparsity_asked),
          .pruning = choice.pruning,
          .sparsity_asked = choice.sparsity_asked,
          .quantization = choice.quantization,
          .format = choice.format};
}

using Sequence = std::vector<std::size_t>;

}  // namespace

std::string pattern_of(const std::string& architecture) {
  const auto known = network::Architecture::known(architecture);
  if (!known) return architecture;
  network::Architecture::Shape shape = known->shape();
  std::visit(WithoutWidths{}, shape);
  return network::Architecture(shape).text();
}

std::vector<std::vector<std::size_t>> test_order(std::span<const PlannedChoice> choices) {
  std::map<CompressionKey, std::map<std::string, Sequence>> groups;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    groups[compression_of(choices[i])][pattern_of(choices[i].architecture)].push_back(i);
  }
  const auto key = [&choices](std::size_t i) {
    return std::pair(-choices[i].parameters, choices[i].architecture);
  };
  std::vector<Sequence> order;
  for (auto& [compression, by_pattern] : groups) {
    const auto begin = static_cast<std::ptrdiff_t>(order.size());
    for (auto& [pattern, sequence] : by_pattern) {
      std::ranges::sort(sequence, {}, key);
      order.push_back(std::move(sequence));
    }
    std::ranges::sort(order.begin() + begin, order.end(), {},
                      [&key](const Sequence& sequence) { return key(sequence.front()); });
  }
  return order;
}

}  // namespace minima::analysis
