// An integer network as a C99 library without heap, floating point or headers beyond stdint.h, and
// a program that classifies images with it. Its logits are those of
// compress/integer/integer_inference.h, bit for bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compress/integer/integer_network.h"

namespace minima::deploy {

/// An image that the program carries along, to be tried without a file.
struct TestImage {
  std::vector<std::uint8_t> pixels;  ///< [channels][height][width]
  int label = 0;
};

struct CExportRequest {
  std::string name;                      ///< of files; of functions as c_identifier makes it
  std::vector<std::string> facts;        ///< lines of a comment: where the network is from
  std::vector<std::string> class_names;  ///< may be empty
  TestImage image;
};

struct CSources {
  std::string name;     ///< what names of functions begin with
  std::string file;     ///< the files are FILE.h, FILE.c, FILE_main.c: they name each other
  std::string header;   ///< FILE.h
  std::string source;   ///< FILE.c
  std::string program;  ///< FILE_main.c
  std::size_t constant_bytes = 0;  ///< of all arrays of NAME.c: flash, beside the code
  std::size_t memory_bytes = 0;    ///< RAM that a caller lends: activations; logits apart
};

/// Whether files of this name need no escapes where another one includes them; others are called
/// after `CSources::name`.
[[nodiscard]] bool can_be_included(const std::string& name);

/// Throws std::invalid_argument for a test image of another size than the network's.
[[nodiscard]] CSources c_sources(const compress::IntegerNetwork& network,
                                 const CExportRequest& request);

}  // namespace minima::deploy
