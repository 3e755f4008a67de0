// How paths are spelled and found.
#include "data/source/source_path.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "data/source/source.h"
#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
namespace fs = std::filesystem;

/// A home folder, a study folder and the working folder of the test, all different.
class SourcePath : public ::testing::Test {
 protected:
  SourcePath() : before_(std::getenv("HOME") == nullptr ? "" : std::getenv("HOME")) {
    setenv("HOME", home.path().c_str(), 1);
  }
  ~SourcePath() override { setenv("HOME", before_.c_str(), 1); }
  [[nodiscard]] Source parse(std::string_view text) const {
    return parse_source(text, study.path());
  }
  void make(const fs::path& folder) const {
    for (const char* name : {"a", "b"}) {
      for (int i = 0; i < 5; ++i) {
        write(folder / name / (std::to_string(i) + ".png"), flat_png(2, 2, {9}));
      }
    }
  }

  TemporaryFolder home;
  TemporaryFolder study;
  std::string before_;
};

TEST_F(SourcePath, ATildeIsTheHomeFolder) {
  make(home / "photos");
  EXPECT_EQ(parse("~/photos").path(), home / "photos");
  EXPECT_EQ(parse("~").path(), home.path());
  EXPECT_EQ(load(parse("~/photos"), {}).train.count(), 8u);
  EXPECT_EQ(parse("~/photos/ size=8x8").text(), "~/photos size=8x8");
  make(study / "~/photos");
  EXPECT_EQ(parse("~/photos").path(), study / "~/photos") << "a folder of that name wins";
}

TEST_F(SourcePath, MissingFoldersOfTheHomeAreNamedInFull) {
  EXPECT_EQ(refusal([&] { (void)load(parse("~/photos"), {}); }),
            (home / "photos").string() +
                ": no such dataset, folder or archive; check the path; `minima data list` shows "
                "the named datasets");
}

TEST_F(SourcePath, BeginsInTheFolderOfTheStudy) {
  make(study / "photos");
  EXPECT_EQ(parse("photos").path(), study / "photos");
  EXPECT_EQ(load(parse("photos"), {}).train.count(), 8u);
  EXPECT_EQ(load(parse("photos"), {}).name, "photos");
}

TEST_F(SourcePath, IsLookedForInTheDataFoldersToo) {
  make(home / "photos");
  EXPECT_EQ(load(parse("photos"), {home.path()}).origin, (home / "photos").string());
}

TEST_F(SourcePath, ThreeSpellingsAreOneDataset) {
  make(study / "a");
  for (const std::string& spelling :
       {std::string("a"), std::string("a/"), std::string("./a"), std::string(".//a/./"),
        (study / "a").string(), (study / "a").string() + "/"}) {
    EXPECT_EQ(parse(spelling).text(), "a") << spelling;
  }
  fs::create_directory(study / "b");
  fs::create_directory_symlink(study / "a", study / "link");
  EXPECT_EQ(parse("b/../a").identity(), parse("a").identity());
  EXPECT_EQ(parse("link").identity(), parse("a").identity());
  EXPECT_NE(parse("a size=8x8").identity(), parse("a").identity());
}

TEST_F(SourcePath, AnExistingPathWinsOverTheNotation) {
  make(study / "x train=5");
  const Source source = parse("x train=5");
  EXPECT_EQ(source.name, "x train=5");
  EXPECT_EQ(load(source, {}).train.count(), 8u);
  EXPECT_EQ(parse("x train=5 size=8x8").name, "x train=5");
  EXPECT_THAT(parse("x train=6").settings, ElementsAre(Pair("train", "6")));
  make(study / "x");
  const Source other = parse("x/ train=5");
  EXPECT_EQ(parse(other.text()).settings, other.settings);
  EXPECT_EQ(parse(other.text()).name, other.name);
  EXPECT_THAT(other.settings, ElementsAre(Pair("train", "5")));
}

TEST_F(SourcePath, AKnownNameWinsOverAFolderWithANote) {
  for (const auto& [path, content] : cifar_entries()) write(home / path, content);
  make(study / "cifar-10");
  EXPECT_EQ(parse("./cifar-10").path(), study / "./cifar-10");
  EXPECT_THAT(load(parse("cifar-10"), {home.path()}).notes,
              ::testing::Contains("there is also a folder " + (study / "cifar-10").string() +
                                  ", which was not read; \"./cifar-10\" means that folder"));
}

}  // namespace
}  // namespace minima::data
