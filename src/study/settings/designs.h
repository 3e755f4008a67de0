// Contents of a [[design]] table of a study file: grids of each family, random draws, and lists.
#pragma once

#include <variant>
#include <vector>

#include "core/enum_words.h"
#include "core/error.h"
#include "network/notation/architecture.h"

namespace minima::study {

/// depth x width x pattern of hidden layers.
struct DnnGrid {
  enum class Shape {
    equal,  ///< all hidden layers have the same width
    all,    ///< each next layer is smaller, equal or larger: 3^(depth-1) patterns per width
  };
  std::vector<int> depth;
  std::vector<int> width;  ///< of all hidden layers; of the narrowest one if shape is `all`
  Shape shape = Shape::equal;
  double step =
      2.0;  ///< for shape `all`: width ratio between successive rungs of the ladder (grid.h)
};

constexpr auto words_of(DnnGrid::Shape /*any*/) {
  return std::to_array<EnumWord<DnnGrid::Shape>>({
      {DnnGrid::Shape::equal, "equal"},
      {DnnGrid::Shape::all, "all"},
  });
}

struct ArchitectureList {
  std::vector<network::Architecture> architectures;
};

/// Random architectures: depth from a list, each width uniform in a range (paper L).
struct DnnDraws {
  int draws = 0;
  std::vector<int> depth;
  int min_width = 1;
  int max_width = 1;
};

/// Settings shared by all convolutions of a network; each is a list of values to try.
struct CnnSettings {
  std::vector<int> depth{1};  ///< numbers of convolutions
  std::vector<int> kernel{3};
  std::vector<int> stride{1};
  std::vector<int> padding{0};
  std::vector<network::Cnn::Pooling> pooling{network::Cnn::Pooling::none};
  std::vector<network::Cnn::Head> head{network::Cnn::Head::flatten};
};

/// Every combination of its lists.
struct CnnGrid : CnnSettings {
  std::vector<int> channels;  ///< filters of the first convolution
  double growth = 1.0;        ///< ratio of filters between successive convolutions
};

/// Random networks: the filters of each convolution are uniform in a range (paper L), the settings
/// come from their lists.
struct CnnDraws : CnnSettings {
  int draws = 0;
  int min_channels = 1;
  int max_channels = 1;
};

/// Every combination of its lists.
struct VitGrid {
  enum class Norm { pre, post };
  enum class Pool { mean, class_token };
  std::vector<int> width;
  std::vector<int> heads;
  std::vector<int> layers;
  std::vector<int> patch;
  std::vector<Norm> norm{Norm::pre};
  std::vector<network::Activation> activation{network::Activation::gelu};
  std::vector<int> mlp{4};  ///< ratio of MLP width to token width
  std::vector<Pool> pool{Pool::mean};
  std::vector<double> dropout{0.0};
};

constexpr auto words_of(VitGrid::Norm /*any*/) {
  return std::to_array<EnumWord<VitGrid::Norm>>({
      {VitGrid::Norm::pre, "pre"},
      {VitGrid::Norm::post, "post"},
  });
}
constexpr auto words_of(VitGrid::Pool /*any*/) {
  return std::to_array<EnumWord<VitGrid::Pool>>({
      {VitGrid::Pool::mean, "mean"},
      {VitGrid::Pool::class_token, "class"},
  });
}

struct Design {
  std::variant<DnnGrid, ArchitectureList, DnnDraws, CnnGrid, CnnDraws, VitGrid> what;
  Place place;  ///< of the [[design]] table in the file
};

/// Treatment of combinations that cannot exist or do not fit the images of a dataset.
enum class Invalid {
  refuse,  ///< reported as an input error
  skip,    ///< left out of the study
};

constexpr auto words_of(Invalid /*any*/) {
  return std::to_array<EnumWord<Invalid>>({
      {Invalid::refuse, "refuse"},
      {Invalid::skip, "skip"},
  });
}

}  // namespace minima::study
