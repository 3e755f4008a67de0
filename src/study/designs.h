// What a [[design]] of a study file asks for: grids of each family, random draws, lists.
#pragma once

#include <variant>
#include <vector>

#include "core/error.h"
#include "network/notation/architecture.h"

namespace minima::study {

/// depth x width x pattern of hidden layers.
struct DnnGrid {
  enum class Shape {
    equal,  ///< all hidden layers as wide as the first
    all,    ///< every next layer smaller, equal or larger: 3^(depth-1) patterns per width
  };
  std::vector<int> depth;
  std::vector<int> width;  ///< of all hidden layers, or of the narrowest where shape is `all`
  Shape shape = Shape::equal;
  double step = 2.0;  ///< shape `all`: a larger layer has so many times the units (grid.h)
};

struct ArchitectureList {
  std::vector<network::Architecture> architectures;
};

/// Architectures drawn at random: depth from a list, each width uniform in a range (paper L).
struct DnnDraws {
  int draws = 0;
  std::vector<int> depth;
  int min_width = 1;
  int max_width = 1;
};

/// What all convolutions of a network have in common; each a list of values to try.
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
  double growth = 1.0;        ///< filters of a convolution over those of the one before
};

/// Networks drawn at random: the filters of each convolution uniform in a range (paper L), the
/// settings from their lists.
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
  std::vector<int> mlp{4};  ///< width of the MLP over that of the tokens
  std::vector<Pool> pool{Pool::mean};
  std::vector<double> dropout{0.0};
};

struct Design {
  std::variant<DnnGrid, ArchitectureList, DnnDraws, CnnGrid, CnnDraws, VitGrid> what;
  Place place;  ///< of the [[design]] in the file
};

/// What becomes of combinations that cannot exist, or do not fit the images of a dataset.
enum class Invalid {
  refuse,  ///< an input error names them
  skip,    ///< the study does without them
};

}  // namespace minima::study
