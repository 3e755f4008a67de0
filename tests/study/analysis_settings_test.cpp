#include "study/analysis_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "study/study_file.h"

namespace minima::study {
namespace {

using testing::HasSubstr;

constexpr const char* kFile = R"(
[study]
name = "a"
[data]
datasets = "glyphs"
[analysis]
bands = "paper"
success_accuracy = 0.97
[[design]]
architectures = ["dnn 5"]
)";

std::string problem_of(const std::string& override) {
  try {
    const std::vector<Override> overrides{parse_override(override)};
    static_cast<void>(parse_analysis_settings(kFile, "a.toml", overrides));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(AnalysisSettings, AreASectionOfTheStudyFile) {
  const AnalysisSettings settings = parse_study(kFile, "a.toml").analysis;
  EXPECT_EQ(settings.bands, Bands::paper);
  EXPECT_EQ(settings.success_accuracy, 0.97);
  EXPECT_EQ(settings.group_by, AccuracyKind::automatic);
}

TEST(AnalysisSettings, PrintWhatDiffersFromTheDefaults) {
  EXPECT_EQ(AnalysisSettings{}.text(), "");
  EXPECT_EQ(parse_study(kFile, "a.toml").analysis.text(), "bands=paper success_accuracy=0.97");
}

TEST(AnalysisSettings, AreReadFromAStoredStudyAndSetAnew) {
  const std::vector<Override> overrides{parse_override("analysis.bands=natural"),
                                        parse_override("analysis.success_accuracy=auto"),
                                        parse_override("analysis.bootstrap_samples=200")};
  EXPECT_EQ(parse_analysis_settings(kFile, "a.toml", overrides).text(), "bootstrap_samples=200");
}

TEST(AnalysisSettings, RefuseWhatIsNoneOfThem) {
  EXPECT_THAT(problem_of("train.epochs=3"), HasSubstr("no setting of an analysis"));
  EXPECT_THAT(problem_of("analysis.band=paper"), HasSubstr("bands"));
  EXPECT_THAT(problem_of("analysis.reliability=1"), HasSubstr("reliability"));
  EXPECT_THAT(problem_of("analysis.success_accuracy=high"), HasSubstr("success_accuracy"));
}

TEST(AnalysisSettings, NeverChangeTheIdOfARun) {
  Study study = parse_study(kFile, "a.toml");
  EXPECT_EQ(study.train.text(), "");
}

}  // namespace
}  // namespace minima::study
