// Grids of vision transformers.
#include "study/plan/grid.h"

namespace minima::study {
namespace {

/// Adds one network per dropout rate.
void add_dropouts(std::vector<network::Architecture>& out, const network::Vit& settings,
                  const VitGrid& grid) {
  for (const double dropout : grid.dropout) {
    network::Vit vit = settings;
    vit.dropout = dropout;
    out.emplace_back(vit);
  }
}

/// Adds every network of these sizes; the last list changes fastest.
void add_settings(std::vector<network::Architecture>& out, const network::Vit& sizes,
                  const VitGrid& grid) {
  for (const VitGrid::Norm norm : grid.norm) {
    for (const network::Activation activation : grid.activation) {
      for (const int ratio : grid.mlp) {
        for (const VitGrid::Pool pool : grid.pool) {
          network::Vit vit = sizes;
          vit.mlp_width = ratio * vit.width;
          vit.pre_norm = norm == VitGrid::Norm::pre;
          vit.activation = activation;
          vit.class_token = pool == VitGrid::Pool::class_token;
          add_dropouts(out, vit, grid);
        }
      }
    }
  }
}

}  // namespace

std::vector<network::Architecture> architectures_of(const VitGrid& grid) {
  std::vector<network::Architecture> architectures;
  for (const int width : grid.width) {
    for (const int heads : grid.heads) {
      for (const int layers : grid.layers) {
        for (const int patch : grid.patch) {
          const network::Vit sizes{
              .width = width, .heads = heads, .blocks = layers, .patch = patch};
          add_settings(architectures, sizes, grid);
        }
      }
    }
  }
  return architectures;
}

}  // namespace minima::study
