#include "study/settings/analysis_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "study/file/study_file.h"
#include "support/messages.h"

namespace minima::study {
namespace {

using testing::HasSubstr;

constexpr const char* kAnalysisFile = R"(
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

std::string analysis_refusal(const std::string& setting) {
  const std::vector<Override> overrides{parse_override(setting)};
  return message_of([&] { (void)parse_analysis_settings(kAnalysisFile, "a.toml", overrides); });
}

TEST(AnalysisSettings, AreASectionOfTheStudyFile) {
  const AnalysisSettings settings = parse_study(kAnalysisFile, "a.toml").analysis;
  EXPECT_EQ(settings.bands, Bands::paper);
  EXPECT_EQ(settings.success_accuracy, 0.97);
  EXPECT_EQ(settings.group_by, AccuracyKind::automatic);
}

TEST(AnalysisSettings, PrintWhatDiffersFromTheDefaults) {
  EXPECT_EQ(AnalysisSettings{}.text(), "");
  EXPECT_EQ(parse_study(kAnalysisFile, "a.toml").analysis.text(),
            "bands=paper success_accuracy=0.97");
}

TEST(AnalysisSettings, AreReadFromAStoredStudyAndSetAnew) {
  const std::vector<Override> overrides{parse_override("analysis.bands=natural"),
                                        parse_override("analysis.success_accuracy=auto"),
                                        parse_override("analysis.bootstrap_samples=200")};
  EXPECT_EQ(parse_analysis_settings(kAnalysisFile, "a.toml", overrides).text(),
            "bootstrap_samples=200");
}

TEST(AnalysisSettings, RefuseWhatIsNoneOfThem) {
  EXPECT_THAT(analysis_refusal("train.epochs=3"), HasSubstr("not an analysis setting"));
  EXPECT_THAT(analysis_refusal("analysis.band=paper"), HasSubstr("bands"));
  EXPECT_THAT(analysis_refusal("analysis.reliability=1"), HasSubstr("reliability"));
  EXPECT_THAT(analysis_refusal("analysis.success_accuracy=high"), HasSubstr("success_accuracy"));
}

TEST(AnalysisSettings, NeverChangeTheIdOfARun) {
  Study study = parse_study(kAnalysisFile, "a.toml");
  EXPECT_EQ(study.train.text(), "");
}

}  // namespace
}  // namespace minima::study
