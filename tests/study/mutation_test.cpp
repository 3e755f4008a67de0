// A randomly damaged study file is either valid or gets a clear error message; nothing else may
// happen.
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/numbers/random.h"
#include "studies.h"
#include "study/plan/plan.h"

namespace minima::study {
namespace {

constexpr const char* kSeed = R"([study]
name = "m" # comment
replicates = 2
[data]
datasets = ["mnist", { name = "glyphs", difficulty = 0.7 }]
[train]
epochs = 8
optimizer = { name = "sgd", momentum = 0.9 }
schedule = "cosine"
[[design]]
family = "dnn"
depth = [1, 2]
width = [4, 8]
shape = "all"
[[design]]
architectures = ["dnn 30-10", "cnn 8 k5 gap", "vit d8 h2 l1 p7 m2"]
[[design]]
family = "dnn"
draws = 20
depth = 2
width = { min = 5, max = 20 }
[[design]]
family = "cnn"
channels = [4, 8]
depth = [1, 2]
pooling = ["none", "max"]
[[design]]
family = "vit"
width = [16, 32]
heads = 4
layers = 1
patch = 7
)";

void mutate(std::string& text, RandomStream& random) {
  static constexpr std::string_view kBytes = "[]{}=.,\"'#\n\r\\ 0129-_abdnwx\xff\xc3\t+:";
  const std::size_t at = random.below(text.size());
  switch (random.below(4)) {
    case 0:
      text[at] = kBytes[random.below(kBytes.size())];
      break;
    case 1:
      text.insert(at, 1, kBytes[random.below(kBytes.size())]);
      break;
    case 2:
      text.erase(at, 1 + random.below(8));
      break;
    default:
      text.insert(at, text.substr(random.below(text.size()), random.below(40)));
  }
}

TEST(StudyMutation, EitherParsesOrIsRefused) {
  int parsed = 0;
  int refused = 0;
  for (std::uint32_t round = 0; round < 4'000; ++round) {
    RandomStream random(11, 0, Purpose::bootstrap, round);
    std::string text = kSeed;
    const std::uint64_t mutations = 1 + random.below(4);
    for (std::uint64_t i = 0; i < mutations && !text.empty(); ++i) mutate(text, random);
    try {
      const Study study = parse_study(text, "m.toml");
      std::vector<std::string> names;
      for (const DatasetText& dataset : study.datasets) names.push_back(dataset.text);
      if (study.replicates <= 4) {
        EXPECT_FALSE(expand(study, names).empty());
      }
      ++parsed;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), Error::Kind::input);
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
      EXPECT_EQ(std::string(error.what()).find("m.toml: "), 0u) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(parsed, 50);
  EXPECT_GT(refused, 1'000);
}

}  // namespace
}  // namespace minima::study
