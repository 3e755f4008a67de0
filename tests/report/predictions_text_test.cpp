#include "report/sections/predictions_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../analysis/planted_predictions.h"
#include "core/text.h"
#include "report/figures/figure.h"

namespace minima::report {
namespace {

using testing::HasSubstr;
using testing::Not;

analysis::ImageOutcomes outcomes_of(const analysis::PlantedPredictions& planted) {
  return analysis::image_outcomes_of(planted.population, planted.source(), {});
}

TEST(ResolutionSentence, NamesTheNumberOfImagesThatWouldBeEnough) {
  EXPECT_EQ(resolution_sentence(
                {.tolerance = 0.005, .images = 1000, .resolution = 0.0132, .images_needed = 6000}),
            "1,000 test images cannot resolve differences below about 1.3 points; 6,000 would "
            "resolve 0.5 points.");
}

TEST(MissingPredictions, AreNamedInOneLine) {
  analysis::ImageOutcomes outcomes;
  outcomes.finished = 20;
  const auto none = missing_predictions(outcomes);
  ASSERT_TRUE(none);
  EXPECT_THAT(*none, HasSubstr("has no predictions per image"));
  EXPECT_THAT(*none, Not(HasSubstr("\n")));
  outcomes.with_predictions = 5;
  EXPECT_THAT(missing_predictions(outcomes).value(), HasSubstr("for only 5 of 20 runs"));
  outcomes.with_predictions = 20;
  EXPECT_FALSE(missing_predictions(outcomes));
}

TEST(PredictionsText, HasIntervalsClassesAndLosses) {
  const analysis::PlantedPredictions planted;
  const std::string text = predictions_text(outcomes_of(planted), {});
  EXPECT_THAT(text, HasSubstr("test images of digits"));
  EXPECT_THAT(text,
              HasSubstr("accuracy_tolerance and compression_tolerance of 1 point:\n    100 test "));
  EXPECT_THAT(text, HasSubstr("dnn 1"));
  EXPECT_THAT(text, HasSubstr("89.00"));
  EXPECT_THAT(text, HasSubstr("two"));  // the worst class, by its name
  EXPECT_THAT(text, HasSubstr("2 compressed networks compared with their runs"));
  EXPECT_THAT(text, HasSubstr("2 beyond"));
}

TEST(PredictionsText, HasTablesThatFitTheScreen) {
  const analysis::PlantedPredictions planted("dnn 1000-1000-1000-1000", "cnn 4-8 max2 d32");
  const std::string text = predictions_text(outcomes_of(planted), {.width = 80});
  int rows = 0;
  for (const std::string& line : split(text, '\n')) {
    if (!line.starts_with("  architecture") && line.find('[') == std::string::npos) continue;
    ++rows;
    EXPECT_LE(line.size(), 80) << line;
  }
  EXPECT_EQ(rows, 4);  // two headers, and the intervals of two architectures
}

TEST(PredictionFigures, ShowTheSmallestAndTheBest) {
  analysis::PlantedPredictions planted;
  const analysis::ImageOutcomes outcomes = outcomes_of(planted);
  const analysis::Convergence convergence;
  const analysis::Compression compression;
  planted.population.variants.clear();
  const auto figures = figures_of({.population = planted.population,
                                   .convergence = convergence,
                                   .compression = compression,
                                   .predictions = &outcomes});
  std::vector<std::string> ids;
  for (const Figure& figure : figures) ids.push_back(figure.id);
  ASSERT_THAT(ids, testing::IsSupersetOf({"confusion-d1", "classes-d1"}));
  for (const Figure& figure : figures) {
    if (figure.id != "confusion-d1") continue;
    const auto& rows = figure.data.at(0).table.rows;
    EXPECT_EQ(rows.size(), 12);  // three true classes with images, four predicted ones, one network
    EXPECT_EQ(std::get<std::string>(rows.front().front()), "smallest and best: dnn 2");
    // The same order on both axes, also of the class without test images.
    const Json& encoding = figure.spec["spec"]["layer"][0]["encoding"];
    EXPECT_EQ(encoding["y"]["scale"]["domain"].size(), 4);
    EXPECT_EQ(encoding["x"]["scale"], encoding["y"]["scale"]);
  }
}

}  // namespace
}  // namespace minima::report
