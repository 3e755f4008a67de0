// The program around an exported network: it reads images and prints classes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace minima::deploy {

struct CProgramParts {
  std::string file;                      ///< of the library, without ".h"
  std::string name;                      ///< of its functions
  std::string guard;                     ///< the same in capital letters
  std::vector<std::string> class_names;  ///< may be empty
  std::vector<std::uint8_t> pixels;      ///< of an image that is carried along
  int label = 0;                         ///< its class
  int predicted = 0;                     ///< what the network takes it for
};

[[nodiscard]] std::string c_program(const CProgramParts& parts);

}  // namespace minima::deploy
