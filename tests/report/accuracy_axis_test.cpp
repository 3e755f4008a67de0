// Axes and colours of accuracies.
#include "report/figures/accuracy_axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "report/figures/parts.h"

namespace minima::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A figure that draws one accuracy for each value, on 1,000 test images.
Json fitted(const std::vector<double>& accuracies, std::int64_t images = 1000) {
  Figure figure{.id = "a", .kind = "a"};
  record::Table table{{"accuracy"}, {}};
  for (const double accuracy : accuracies) {
    table.rows.push_back({std::isfinite(accuracy) ? record::Cell(accuracy) : record::Cell()});
  }
  figure.spec = layered(Json::array({{{"data", named_data("runs")},
                                      {"mark", "point"},
                                      {"encoding", {{"y", accuracy_y("accuracy")}}}}}),
                        100);
  figure.data = {{"runs", table}};
  fit_accuracy_axis(figure, images);
  return figure.spec;
}

Json y_of(const std::vector<double>& accuracies, std::int64_t images = 1000) {
  return fitted(accuracies, images)["encoding"]["y"];
}

TEST(AccuracyAxis, IsLogarithmicOnlyWhereItSeparatesTheBest) {
  EXPECT_EQ(y_of({0.1, 0.95, 0.99})["scale"]["type"], "log");
  EXPECT_EQ(y_of({0.4, 0.45, 0.5})["scale"]["type"], "linear");
  EXPECT_THAT(y_of({0.1, 0.99})["title"].get<std::string>(), HasSubstr("log scale of the error"));
  EXPECT_EQ(y_of({0.4, 0.5})["title"], "test accuracy");
}

TEST(AccuracyAxis, UsesItsSpace) {
  const Json scale = y_of({0.40, 0.50})["scale"];
  EXPECT_NEAR(scale["domain"][0].get<double>(), 0.6, 0.01) << "errors from the bottom";
  EXPECT_NEAR(scale["domain"][1].get<double>(), 0.5, 0.01) << "to the top";
}

TEST(AccuracyAxis, LabelsAllCorrectAs100Percent) {
  const Json y = y_of({0.1, 0.9, 1.0}, 50);
  ASSERT_EQ(y["scale"]["type"], "log");
  EXPECT_DOUBLE_EQ(y["axis"]["values"].back().get<double>(), 0.01) << "half an image of 50";
  EXPECT_THAT(y["axis"]["labelExpr"].get<std::string>(),
              HasSubstr("datum.value <= 0.01001 ? '100 %'"));
  const Json below = y_of({0.1, 0.9, 0.98}, 50);
  for (const Json& tick : below["axis"]["values"]) {
    EXPECT_GT(tick.get<double>(), 0.01) << "nothing reaches 100 %";
  }
}

TEST(AccuracyAxis, DrawsARunWithoutAccuracyAtTheLowerEnd) {
  const Json spec = fitted({0.1, 0.99, std::nan("")});
  EXPECT_THAT(spec["transform"][0]["calculate"].get<std::string>(), HasSubstr(": 0.927"));
}

TEST(AccuracyAxis, OfOneValueAndOfNoneIsAScale) {
  for (const auto& values : {std::vector<double>{}, {0.5}, {1.0}, {0.0}}) {
    const Json domain = y_of(values)["scale"]["domain"];
    EXPECT_GT(domain[0].get<double>(), domain[1].get<double>());
  }
}

TEST(AccuracyColour, HasAColourForEachFifth) {
  std::vector<double> accuracies;
  for (int i = 0; i < 100; ++i) accuracies.push_back(0.97 + 0.0002 * i);
  const Json colour = accuracy_colour(accuracies);
  EXPECT_EQ(colour["title"], "test accuracy, by fifths");
  EXPECT_EQ(colour["legend"]["values"], (Json{"below 97.4 %", "97.4 to 97.8 %", "97.8 to 98.2 %",
                                              "98.2 to 98.6 %", "from 98.6 %"}));
}

TEST(AccuracyColour, OfEqualAccuraciesIsOneColour) {
  EXPECT_TRUE(accuracy_colour(std::vector<double>{0.5, 0.5}).contains("value"));
  EXPECT_TRUE(accuracy_colour(std::vector<double>{}).contains("value"));
  EXPECT_EQ(accuracy_colour(std::vector<double>{0.5, 0.9})["legend"]["values"].size(), 2U);
}

TEST(AccuracyColour, NamesTheFifthOfEachRun) {
  EXPECT_THAT(
      fifths_of(std::vector<double>{0.5, 0.1, 0.3, 0.2, 0.4, std::nan("")}),
      ElementsAre("best fifth", "worst fifth", "middle", "second", "fourth", "no accuracy"));
  EXPECT_THAT(fifths_of(std::vector<double>{0.5, 0.5}), ElementsAre("worst fifth", "worst fifth"));
}

}  // namespace
}  // namespace minima::report
