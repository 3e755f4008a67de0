// An integer network as a C99 library without heap, floating point or headers beyond stdint.h, and
// a program that classifies images with it. Its logits are those of compress/integer_inference.h,
// bit for bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compress/integer_network.h"

namespace minima::deploy {

/// An image that the program carries along, to be tried without a file.
struct TestImage {
  std::vector<std::uint8_t> pixels;  ///< [channels][height][width]
  int label = 0;
};

struct CExportRequest {
  std::string name;                      ///< of files and functions, as c_identifier takes it
  std::vector<std::string> facts;        ///< lines of a comment: where the network is from
  std::vector<std::string> class_names;  ///< may be empty
  TestImage image;
};

struct CSources {
  std::string name;                ///< an identifier: the files are NAME.h, NAME.c, NAME_main.c
  std::string header;              ///< NAME.h
  std::string source;              ///< NAME.c
  std::string program;             ///< NAME_main.c
  std::size_t constant_bytes = 0;  ///< of all arrays of NAME.c: flash, beside the code
  std::size_t memory_bytes = 0;    ///< RAM that a caller lends: activations; logits apart
};

/// Throws std::invalid_argument for a test image of another size than the network's.
[[nodiscard]] CSources c_sources(const compress::IntegerNetwork& network,
                                 const CExportRequest& request);

}  // namespace minima::deploy
