// Settings as accepted by `--set`, one per line.
#include <sstream>

#include "fuzz.h"
#include "study/file/study_file.h"

namespace minima::fuzz {

void try_input(Bytes bytes) {
  constexpr const char* kStudy =
      "[study]\nname = \"s\"\n[data]\ndatasets = [\"glyphs\"]\n[train]\nepochs = 2\n"
      "[[design]]\narchitectures = [\"dnn 4\"]\n";
  std::istringstream lines(text_of(bytes));
  std::vector<study::Override> overrides;
  accepted([&] {
    for (std::string line; std::getline(lines, line);) {
      overrides.push_back(study::parse_override(line));
    }
    static_cast<void>(study::parse_study(kStudy, "input.toml", overrides));
  });
}

}  // namespace minima::fuzz
