#include "network/families/resize.h"

#include <stdexcept>

#include "core/overloaded.h"
#include "network/families/lower.h"

namespace minima::network {
namespace {

struct Resize {
  std::span<const UnitGroup> groups;
  std::span<const int> counts;

  Architecture::Shape operator()(Dnn dnn) const {
    dnn.hidden.assign(counts.begin(), counts.end());
    return dnn;
  }

  Architecture::Shape operator()(Cnn cnn) const {
    cnn.filters.assign(counts.begin(), counts.end());
    return cnn;
  }

  Architecture::Shape operator()(Vit vit) const {
    const int head_width = vit.head_width > 0 ? vit.head_width : vit.width / vit.heads;
    int heads = 0;
    int hidden = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      int& count = groups[g].heads ? heads : hidden;
      if (count != 0 && count != counts[g]) {
        throw std::invalid_argument("blocks would differ in their units");
      }
      count = counts[g];
    }
    vit.heads = heads;
    vit.mlp_width = hidden;
    vit.head_width = head_width * heads == vit.width ? 0 : head_width;
    return vit;
  }

  Architecture::Shape operator()(const PaperVit&) const {
    throw std::invalid_argument("the sizes of the paper's transformer are fixed");
  }
};

}  // namespace

UnitCounts unit_counts(const Architecture& architecture) {
  return std::visit(Overloaded{
                        [](const Dnn&) { return UnitCounts::per_layer; },
                        [](const Cnn&) { return UnitCounts::per_layer; },
                        [](const Vit&) { return UnitCounts::same_in_all_blocks; },
                        [](const PaperVit&) { return UnitCounts::fixed; },
                    },
                    architecture.shape());
}

Architecture resized(const Architecture& architecture, std::span<const UnitGroup> groups,
                     std::span<const int> counts) {
  return Architecture(std::visit(Resize{groups, counts}, architecture.shape()));
}

}  // namespace minima::network
