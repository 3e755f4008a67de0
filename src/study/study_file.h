// The study file: what to train, on what, how often, and how. TOML; every option stands in one
// table (options.h) that parses, checks, documents and prints it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/error.h"
#include "study/run.h"

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
  std::vector<Architecture> architectures;
};

/// Architectures drawn at random: depth from a list, each width uniform in a range (paper L).
struct DnnDraws {
  int draws = 0;
  std::vector<int> depth;
  int min_width = 1;
  int max_width = 1;
};

struct Design {
  std::variant<DnnGrid, ArchitectureList, DnnDraws> what;
  Place place;  ///< of the [[design]] in the file
};

/// A dataset as the file names it, in data notation, with its place for messages.
struct DatasetText {
  std::string text;
  Place place;
};

struct Study {
  std::string name;
  int replicates = 1;
  std::uint64_t seed = 1;
  KeepWeights weights = KeepWeights::representative;
  std::vector<DatasetText> datasets;
  TrainSettings train;
  std::vector<Design> designs;
  std::string text;  ///< the file, verbatim
  std::string file;  ///< its name, for messages
};

/// "train.epochs=5", as given to --set; the value is TOML, or a bare word taken as a string.
struct Override {
  std::string path;
  std::string value;
};
[[nodiscard]] Override parse_override(const std::string& text);

/// Throws an input error with file, line, column and the nearest valid name for anything unknown,
/// of the wrong type or out of range.
[[nodiscard]] Study parse_study(const std::string& text, const std::string& file,
                                std::span<const Override> overrides = {});
[[nodiscard]] Study read_study(const std::filesystem::path& path,
                               std::span<const Override> overrides = {});

}  // namespace minima::study
