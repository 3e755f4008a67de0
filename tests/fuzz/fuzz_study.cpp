// Study files.
#include "fuzz.h"
#include "study/file/study_file.h"
#include "study/plan/plan.h"

namespace minima::fuzz {

void try_input(Bytes bytes) {
  accepted([&] {
    const study::Study study = study::parse_study(text_of(bytes), "input.toml");
    std::vector<std::string> names;
    for (const study::DatasetText& dataset : study.datasets) names.push_back(dataset.text);
    constexpr int kMostReplicates = 4;  // more are valid but take too long here
    if (study.replicates <= kMostReplicates && names.size() < 10) {
      require(!study::expand(study, names).empty(), "a study has no runs");
    }
  });
}

}  // namespace minima::fuzz
