#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <ostream>
#include <set>
#include <thread>

#include "core/error.h"
#include "data/generated/glyphs.h"
#include "data/generated/image_generator.h"
#include "data/generated/textures.h"

namespace minima::data {
namespace {

using Make = Dataset (*)(const GeneratedSettings&, std::size_t jobs);

struct Case {
  const char* name;
  Make make_on;
  ImageShape shape;
  const char* checksum;  ///< for difficulty 0.7, 50 and 20 images, seed 3

  [[nodiscard]] Dataset make(const GeneratedSettings& settings) const {
    return make_on(settings, 2);
  }
};

void PrintTo(const Case& set, std::ostream* out) {
  *out << set.name;
}

class Generated : public ::testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(
    Sets, Generated,
    ::testing::Values(Case{"glyphs",
                           make_glyphs,
                           {1, 28, 28},
                           "1078859cb9b17ff8c2af92d97360e41c58cf6d72573b673f6382424905e12aaa"},
                      Case{"textures",
                           make_textures,
                           {3, 32, 32},
                           "52932d7aba02d303f35ff80250ef63962dabf857659660dacdcb9c19ee5d8749"}),
    [](const auto& set) { return set.param.name; });

GeneratedSettings small(double difficulty = 0.7, std::uint64_t seed = 3) {
  return {.difficulty = difficulty, .train = 50, .test = 20, .seed = seed};
}

// Published results depend on the meaning of a seed, so these values must never change.
TEST_P(Generated, HasTheSameBytesOnEveryMachine) {
  EXPECT_EQ(GetParam().make(small()).checksum, GetParam().checksum);
}

TEST_P(Generated, HasTheSameBytesOnAnyNumberOfThreads) {
  GeneratedSettings settings = small();
  settings.train = 1000;
  const Dataset one = GetParam().make_on(settings, 1);
  const Dataset many = GetParam().make_on(settings, 5);
  EXPECT_EQ(one.checksum, many.checksum);
}

TEST(ImageGenerator, UsesAtMostTheThreadsItMay) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  ImageGenerator generator{.name = "recorder", .shape = {1, 1, 1}, .class_names = {"a", "b"}};
  generator.draw = [&](int, double, RandomStream&, std::span<std::uint8_t>) {
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
  };
  for (const std::size_t jobs : {1U, 2U}) {
    threads.clear();
    (void)generate(generator, {.train = 2000, .test = 0}, jobs);
    EXPECT_GE(threads.size(), 1U);
    EXPECT_LE(threads.size(), jobs);
  }
}

TEST_P(Generated, HasTheShapeAndSizesAskedFor) {
  const Dataset dataset = GetParam().make(small());
  EXPECT_EQ(dataset.name, GetParam().name);
  EXPECT_EQ(dataset.shape, GetParam().shape);
  EXPECT_EQ(dataset.class_names.size(), 10U);
  EXPECT_EQ(dataset.train.count(), 50U);
  EXPECT_EQ(dataset.test.count(), 20U);
  EXPECT_EQ(dataset.train.images.size(), 50U * static_cast<std::size_t>(dataset.shape.pixels()));
}

TEST_P(Generated, ASmallSetIsTheBeginningOfALargeOne) {
  GeneratedSettings settings = small();
  const Dataset few = GetParam().make(settings);
  settings.train = 73;
  const Dataset many = GetParam().make(settings);
  EXPECT_TRUE(
      std::equal(few.train.images.begin(), few.train.images.end(), many.train.images.begin()));
  EXPECT_TRUE(
      std::equal(few.train.labels.begin(), few.train.labels.end(), many.train.labels.begin()));
  EXPECT_EQ(few.test.images, many.test.images);
}

TEST_P(Generated, ClassesAreBalancedAndShuffled) {
  const Dataset dataset = GetParam().make(small());
  for (const std::int64_t count : class_counts(dataset.train, 10)) EXPECT_EQ(count, 5);
  EXPECT_FALSE(std::equal(dataset.train.labels.begin(), dataset.train.labels.begin() + 10,
                          dataset.train.labels.begin() + 10));
  EXPECT_FALSE(std::is_sorted(dataset.train.labels.begin(), dataset.train.labels.begin() + 10));
}

TEST_P(Generated, SeedsAndSplitsAndDifficultiesDiffer) {
  const Dataset dataset = GetParam().make(small());
  EXPECT_NE(dataset.train.images, GetParam().make(small(0.7, 4)).train.images);
  EXPECT_NE(dataset.train.images, GetParam().make(small(0.8)).train.images);
  EXPECT_FALSE(std::equal(dataset.test.images.begin(), dataset.test.images.end(),
                          dataset.train.images.begin()));
}

// The class must be recognizable in every image, even the hardest.
TEST_P(Generated, NoImageIsFlat) {
  const Dataset dataset = GetParam().make(small(1.0));
  const auto pixels = static_cast<std::size_t>(dataset.shape.pixels());
  for (std::size_t i = 0; i < dataset.train.count(); ++i) {
    const auto image = std::span(dataset.train.images).subspan(i * pixels, pixels);
    const auto [low, high] = std::ranges::minmax(image);
    EXPECT_GT(high - low, 40) << "image " << i;
  }
}

TEST_P(Generated, ImpossibleSettingsAreRefusedByName) {
  const auto refused = [](const GeneratedSettings& settings, const std::string& word) {
    try {
      (void)GetParam().make(settings);
      ADD_FAILURE() << word << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), Error::Kind::input);
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
    }
  };
  refused({.difficulty = 1.5}, "difficulty");
  refused({.difficulty = -0.1}, "difficulty");
  refused({.train = -1}, "train");
  refused({.test = 1'000'000'000'000}, "test");
}

// Classes differ only in local structure: averaged over many images, they look alike everywhere.
TEST(Textures, NoPixelsMeanTellsTheClass) {
  const Dataset dataset = make_textures({.difficulty = 0.0, .train = 6000, .test = 0});
  const auto pixels = static_cast<std::size_t>(dataset.shape.pixels());
  std::vector<double> mean(10 * pixels, 0.0);
  for (std::size_t i = 0; i < dataset.train.count(); ++i) {
    double* sums = mean.data() + dataset.train.labels[i] * pixels;
    for (std::size_t p = 0; p < pixels; ++p)
      sums[p] += dataset.train.images[i * pixels + p] / 600.0;
  }
  // The sd of one pixel is about 70, of a mean over 600 images about 3. Allow six of these.
  for (const double value : mean) EXPECT_NEAR(value, 127.5, 18.0);
}

}  // namespace
}  // namespace minima::data
