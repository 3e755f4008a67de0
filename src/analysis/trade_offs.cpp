#include "analysis/trade_offs.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

namespace minima::analysis {
namespace {

struct Key {
  bool is_compressed = false;
  std::int64_t parameters = 0;
  std::string architecture;
  std::string pruning;
  double sparsity_asked = 0.0;
  std::string quantization;
  int fewer_bits = 0;  // less the bits: from the most to the fewest
  std::string format;

  [[nodiscard]] auto in_order() const {
    return std::tie(is_compressed, parameters, architecture, pruning, sparsity_asked, quantization,
                    fewer_bits, format);
  }
  bool operator<(const Key& other) const { return in_order() < other.in_order(); }
};

struct Collected {
  std::string family;
  Moments accuracy;
  Moments sparsity;
  Moments bytes;

  void add(const CompressedFamily& from, double test_accuracy, double achieved, double stored) {
    family = from.family;
    accuracy.add(test_accuracy);
    sparsity.add(achieved);
    bytes.add(stored);
  }
};

using ByKey = std::map<Key, Collected>;

void collect(const CompressedFamily& family, ByKey& collected) {
  constexpr double kFloatBytes = 4.0;
  for (const auto& [run, variants] : family.runs) {
    const Key dense{.parameters = run->parameters,
                    .architecture = run->architecture,
                    .pruning = {},
                    .quantization = {},
                    .format = "fp32"};
    collected[dense].add(family, run->result.test_accuracy, 0.0,
                         kFloatBytes * static_cast<double>(run->parameters));
    for (const store::Variant* variant : variants) {
      if (!variant->tensor.empty()) continue;
      const Key key{.is_compressed = true,
                    .parameters = run->parameters,
                    .architecture = run->architecture,
                    .pruning = variant->pruning,
                    .sparsity_asked = variant->sparsity_asked,
                    .quantization = variant->quantization,
                    .fewer_bits = -variant->bits,
                    .format = variant->format};
      collected[key].add(family, family.accuracy_of(*variant), variant->sparsity(),
                         static_cast<double>(variant->bytes.packed));
    }
  }
}

std::vector<TradeOff> rows_of(const ByKey& collected) {
  std::vector<TradeOff> rows;
  for (const auto& [key, values] : collected) {
    rows.push_back({.family = values.family,
                    .architecture = key.architecture,
                    .parameters = key.parameters,
                    .pruning = key.pruning,
                    .sparsity_asked = key.sparsity_asked,
                    .sparsity = values.sparsity.mean(),
                    .quantization = key.quantization,
                    .format = key.format,
                    .accuracy = summary_of(values.accuracy),
                    .bytes = values.bytes.mean(),
                    .on_front = false});
  }
  mark_front(rows);
  return rows;
}

}  // namespace

void mark_front(std::vector<TradeOff>& rows) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(
      order, {}, [&](std::size_t i) { return std::tuple(rows[i].bytes, -rows[i].accuracy.mean); });
  // From the smallest up, the best of each size first: a row is beaten by the best before it.
  double best = -std::numeric_limits<double>::infinity();
  double bytes_of_best = best;
  for (const std::size_t i : order) {
    TradeOff& row = rows[i];
    const bool equals_best = row.accuracy.mean == best && row.bytes == bytes_of_best;
    row.on_front = row.accuracy.mean > best || equals_best;
    if (row.accuracy.mean <= best) continue;
    best = row.accuracy.mean;
    bytes_of_best = row.bytes;
  }
}

std::vector<DatasetTradeOffs> trade_offs_of(std::span<const CompressedFamily> families) {
  std::vector<DatasetTradeOffs> datasets;
  for (std::size_t begin = 0; begin < families.size();) {
    std::size_t end = begin;
    ByKey collected;
    bool has_variants = false;
    for (; end < families.size() && families[end].dataset == families[begin].dataset; ++end) {
      has_variants = has_variants || families[end].has_variants();
      collect(families[end], collected);
    }
    if (has_variants) datasets.push_back({families[begin].dataset, rows_of(collected)});
    begin = end;
  }
  return datasets;
}

}  // namespace minima::analysis
