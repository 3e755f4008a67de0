// Exports an integer network as a C99 library and a program that classifies images with it. The
// library uses no heap, no floating point and no header except stdint.h. Its logits equal those of
// compress/integer/integer_inference.h bit for bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compress/integer/integer_network.h"

namespace minima::deploy {

/// A test image embedded in the program, so that it runs without a file.
struct TestImage {
  std::vector<std::uint8_t> pixels;  ///< [channels][height][width]
  int label = 0;
};

struct CExportRequest {
  std::string name;                ///< name of files; c_identifier makes names of functions from it
  std::vector<std::string> facts;  ///< lines of a comment on the origin of the network
  std::vector<std::string> class_names;      ///< may be empty
  std::vector<std::string> image_rule = {};  ///< sentences on the input (image_rule.h)
  TestImage image;
};

struct CSources {
  std::string name;                ///< prefix of function names
  std::string file;                ///< the files FILE.h, FILE.c, FILE_main.c refer to each other
  std::string header;              ///< FILE.h
  std::string source;              ///< FILE.c
  std::string program;             ///< FILE_main.c
  std::string labels;              ///< labels.txt: names of the classes, one a line
  std::size_t constant_bytes = 0;  ///< all arrays of FILE.c: flash memory, without the code
  std::size_t memory_bytes = 0;    ///< RAM that the caller provides for activations, without logits

  /// Prefix of macros: the name in capital letters.
  [[nodiscard]] std::string guard() const;
};

/// Whether a file of this name can be included without escapes. If not, files are named after
/// `CSources::name`.
[[nodiscard]] bool can_be_included(const std::string& name);

/// Throws std::invalid_argument if the test image has another size than the network's input.
[[nodiscard]] CSources c_sources(const compress::IntegerNetwork& network,
                                 const CExportRequest& request);

}  // namespace minima::deploy
