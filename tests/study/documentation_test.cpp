#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/files/file.h"
#include "study/options/options.h"
#include "study/plan/plan.h"

namespace minima::study {
namespace {

const std::filesystem::path kManual = std::filesystem::path(MINIMA_SOURCE_DIR) / "docs/study.md";

TEST(StudyManual, IsWhatTheTableOfOptionsSays) {
  if (std::getenv("MINIMA_WRITE_MANUAL") != nullptr) {
    write_file_atomically(kManual, study_documentation());
  }
  EXPECT_EQ(read_file(kManual), study_documentation())
      << "regenerate it: MINIMA_WRITE_MANUAL=1 and this test";
}

TEST(StudyManual, HasAnExampleThatWorks) {
  const std::string manual = study_documentation();
  const std::string fence = "```toml\n";
  const std::size_t begin = manual.find(fence) + fence.size();
  const Study study =
      parse_study(manual.substr(begin, manual.find("```", begin) - begin), "docs/study.md");
  EXPECT_EQ(grid_of(study).size(), 20u);
}

TEST(StudyManual, NamesEveryOption) {
  const std::string manual = study_documentation();
  for (const char* key : {"replicates", "datasets",     "learning_rate",
                          "momentum",   "weight_decay", "beta2",
                          "every",      "sd",           "architectures",
                          "draws",      "shape",        "step",
                          "invalid",    "channels",     "growth",
                          "pooling",    "heads",        "pad1",
                          "max2",       "gap",          "cls"}) {
    EXPECT_THAT(manual, ::testing::HasSubstr(std::string("`") + key + "`"));
  }
}

}  // namespace
}  // namespace minima::study
