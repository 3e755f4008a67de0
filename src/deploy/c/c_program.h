// Generates the program of an exported network: it reads images and prints classes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace minima::deploy {

struct CProgramParts {
  std::string file;                      ///< file name of the library, without ".h"
  std::string name;                      ///< prefix of its functions
  std::string guard;                     ///< prefix of its macros, in capital letters
  std::vector<std::string> class_names;  ///< may be empty
  std::vector<std::uint8_t> pixels;      ///< of the embedded test image
  int label = 0;                         ///< its class
  int predicted = 0;                     ///< class that the network predicts
};

[[nodiscard]] std::string c_program(const CProgramParts& parts);

}  // namespace minima::deploy
