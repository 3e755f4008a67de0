// Study files for tests.
#pragma once

#include <string>

#include "study/file/study_file.h"

namespace minima::study {

/// A valid study; `train` and `designs` are lines inserted into it.
inline std::string study_text(
    const std::string& train = "",
    const std::string& designs = "[[design]]\narchitectures = [\"dnn 5-5\"]\n") {
  return "[study]\nname = \"a\"\n[data]\ndatasets = [\"mnist\"]\n[train]\n" + train + "\n" +
         designs;
}

inline Study study_of(const std::string& train,
                      const std::string& designs = "[[design]]\narchitectures = [\"dnn 5-5\"]\n") {
  return parse_study(study_text(train, designs), "a.toml");
}

}  // namespace minima::study
