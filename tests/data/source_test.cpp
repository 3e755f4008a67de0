#include "data/source/source.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "files.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;
namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

std::string canonical(std::string_view text) {
  return parse_source(text).text();
}
std::string source_refused(std::string_view text) {
  return refusal([&] { (void)parse_source(text); });
}
std::string load_refused(const std::string& text, const std::vector<fs::path>& folders = {}) {
  return refusal([&] { (void)load(parse_source(text), folders); });
}

/// MNIST files with `count` images per split and labels that count up.
void write_mnist(const fs::path& folder, std::uint32_t count, const char* ending = "") {
  const std::string images = idx({count, 28, 28}, ramp(count * 784));
  std::string labels;
  for (std::uint32_t i = 0; i < count; ++i) labels += static_cast<char>(i % 10);
  for (const std::string split : {"train", "t10k"}) {
    const auto packed = [&](const std::string& bytes) { return *ending ? gzip(bytes) : bytes; };
    write(folder / (split + "-images-idx3-ubyte" + ending), packed(images));
    write(folder / (split + "-labels-idx1-ubyte" + ending), packed(idx({count}, labels)));
  }
}

void write_image_folder(const fs::path& folder) {
  for (const char* name : {"a", "b"}) {
    for (int i = 0; i < 5; ++i) {
      write(folder / fmt::format("train/{}/{}.png", name, i), flat_png(4, 4, {9, 8, 7}));
    }
  }
}

/// Sets an environment variable for one test.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    setenv(name, value.c_str(), 1);
  }
  ~Variable() { before_ ? setenv(name_, before_->c_str(), 1) : unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST(Notation, IsCanonical) {
  EXPECT_EQ(canonical("mnist"), "mnist");
  EXPECT_EQ(canonical("  mnist  train=0100 \n"), "mnist train=100");
  EXPECT_EQ(canonical("glyphs train=2000 difficulty=0.70"), "glyphs difficulty=0.7 train=2000");
  EXPECT_EQ(canonical("my/folder/ size=028x28 channels=1"), "my/folder channels=1 size=28x28");
  EXPECT_EQ(canonical("/"), "/");
  EXPECT_EQ(canonical("./mnist"), "./mnist") << "a folder, not the known set";
}

TEST(Notation, LeavesDefaultsOut) {
  EXPECT_EQ(canonical("glyphs difficulty=.5 train=6000 test=1000 seed=1"), "glyphs");
  EXPECT_EQ(canonical("mnist train=6000"), "mnist train=6000") << "no default for files";
  EXPECT_EQ(canonical("my/folder test_share=0.20"), "my/folder");
}

TEST(Notation, ParsesBackToTheSame) {
  for (const char* text :
       {"mnist train=5", "textures difficulty=1e-05 seed=77", "a b/c=d channels=3", "./x=1"}) {
    const Source source = parse_source(text);
    const Source again = parse_source(source.text());
    EXPECT_EQ(again.name, source.name);
    EXPECT_EQ(again.settings, source.settings);
  }
}

TEST(Notation, PathsMayHoldSpacesAndEqualSigns) {
  const Source source = parse_source("my  folder/a=b c train=5");
  EXPECT_EQ(source.name, "my  folder/a=b c");
  EXPECT_THAT(source.settings, ElementsAre(Pair("train", "5")));
  EXPECT_THAT(parse_source("out/lr=0.1").settings, IsEmpty());
}

TEST(Notation, ASlashStaysWhereThePathWouldMeanSomethingElseWithoutIt) {
  EXPECT_EQ(parse_source("my/folder//").text(), "my/folder");
  for (const char* text : {"my folder /", "data a=b /", "data a=b / size=8x8"}) {
    const Source source = parse_source(text);
    EXPECT_EQ(source.text(), text);
    EXPECT_EQ(parse_source(source.text()).name, source.name);
  }
}

TEST(Notation, RefusesUnknownSettingsWithTheNearest) {
  EXPECT_EQ(source_refused("glyphs dificulty=0.2"),
            "glyphs dificulty=0.2: \"glyphs\" has no setting \"dificulty\"; did you mean "
            "\"difficulty\"?");
  EXPECT_THAT(source_refused("mnist seed=14"),
              HasSubstr("mnist seed=14: \"mnist\" has no setting \"seed\""));
  EXPECT_EQ(source_refused("my/folder chanels=1"),
            "my/folder chanels=1: a dataset given by its path has no setting \"chanels\"; did you "
            "mean \"channels\"?");
}

TEST(Notation, RefusesValuesOutOfRange) {
  EXPECT_EQ(source_refused("glyphs difficulty=1.5"),
            "glyphs difficulty=1.5: difficulty=1.5 is out of range; difficulty is a number from 0 "
            "to 1");
  EXPECT_EQ(
      source_refused("d size=28"),
      "d size=28: size=28 is out of range; size is HEIGHTxWIDTH, each from 1 to 1024, such as "
      "28x28");
  for (const char* text :
       {"mnist train=0", "mnist train=-1", "mnist test=ten", "mnist train=", "mnist train=1e3",
        "glyphs difficulty=nan", "glyphs seed=-1", "d size=0x5", "d size=5x5x5", "d size=2000x2",
        "d channels=2", "d test_share=0", "d test_share=1", "mnist validation_share=1",
        "glyphs train=100000000000"}) {
    EXPECT_THAT(source_refused(text), HasSubstr(" is out of range; ")) << text;
  }
}

TEST(Notation, RefusesASettingGivenTwiceAndAMissingName) {
  EXPECT_EQ(source_refused("mnist train=1 train=2"),
            "mnist train=1 train=2: train is given twice; leave "
            "one out");
  EXPECT_THAT(source_refused(""),
              HasSubstr("a dataset needs a name or a path before its settings"));
  EXPECT_THAT(source_refused("train=5"), HasSubstr("train=5: a dataset needs a name or a path"));
  EXPECT_THAT(source_refused(std::string_view("a\0b", 3)),
              HasSubstr("a path cannot hold a zero byte"));
}

TEST(SearchPath, IsTheOptionThenTheVariableThenTheCache) {
  const Variable data("MINIMA_DATA", "/one::/two");
  const Variable home("HOME", "/home/somebody");
  EXPECT_THAT(search_path("given"),
              ElementsAre("given", "/one", "/two", "/home/somebody/.cache/minima"));
  EXPECT_THAT(search_path(""), ElementsAre("/one", "/two", "/home/somebody/.cache/minima"));
}

TEST(Load, FindsKnownSetsInEveryLayout) {
  for (const char* layout : {"mnist", "MNIST/raw", "mnist/raw"}) {
    const TemporaryFolder folder;
    write_mnist(folder / layout, 20, ".gz");
    const Dataset dataset = load(parse_source("mnist"), {folder / "none", folder.path()});
    EXPECT_EQ(dataset.train.count(), 20u) << layout;
    EXPECT_EQ(dataset.name, "mnist");
    EXPECT_EQ(dataset.checksum, content_checksum(dataset));
    EXPECT_THAT(dataset.class_names, ElementsAre("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
  }
  const TemporaryFolder folder;
  write_mnist(folder / "FashionMNIST/raw", 20);
  EXPECT_EQ(load(parse_source("fashion-mnist"), {folder.path()}).class_names.at(9), "Ankle boot");
}

TEST(Load, FindsCifarInEveryLayout) {
  const auto trained = [](const TemporaryFolder& folder) {
    return load(parse_source("cifar-10"), {folder.path()}).train.count();
  };
  const TemporaryFolder batches;
  const TemporaryFolder below;
  for (const auto& [path, content] : cifar_entries()) {
    write(batches / path, content);
    write(below / ("cifar-10/" + path), content);
  }
  const TemporaryFolder archive;
  write(archive / "cifar-10-binary.tar.gz", gzip(tar(cifar_entries())));
  const TemporaryFolder archive_below;
  write(archive_below / "cifar-10/cifar-10-binary.tar.xz", xz(tar(cifar_entries())));
  EXPECT_EQ(trained(batches), 5u);
  EXPECT_EQ(trained(below), 5u);
  EXPECT_EQ(trained(archive), 5u);
  EXPECT_EQ(trained(archive_below), 5u);
}

TEST(Load, PrefersAWholeSetToAPartFoundEarlier) {
  const TemporaryFolder part;
  const TemporaryFolder whole;
  write_mnist(part / "mnist", 10);
  fs::remove(part / "mnist/t10k-labels-idx1-ubyte");
  write_mnist(whole / "mnist", 20);
  EXPECT_EQ(load(parse_source("mnist"), {part.path(), whole.path()}).train.count(), 20u);
  EXPECT_THAT(load_refused("mnist", {part.path()}), HasSubstr("no t10k-labels-idx1-ubyte"));
}

TEST(Load, TellsWhatAPathHoldsByItsContent) {
  const TemporaryFolder folder;
  write_mnist(folder / "digits", 20);
  for (const auto& [path, content] : cifar_entries()) write(folder / ("tiny/" + path), content);
  write_image_folder(folder / "with space");
  const auto shape = [&](const char* name) {
    const Source source = parse_source((folder / name).string());
    return load(source, {}).shape;
  };
  EXPECT_EQ(shape("digits"), (ImageShape{1, 28, 28}));
  EXPECT_EQ(shape("tiny"), (ImageShape{3, 32, 32}));
  EXPECT_EQ(shape("with space"), (ImageShape{3, 4, 4}));
  EXPECT_EQ(shape("with space channels=1 size=7x5"), (ImageShape{1, 7, 5}));
}

TEST(Load, KeepsTheFirstImages) {
  const TemporaryFolder folder;
  write_mnist(folder / "mnist", 20);
  const Dataset dataset = load(parse_source("mnist train=3 test=2"), {folder.path()});
  EXPECT_THAT(dataset.train.labels, ElementsAre(0, 1, 2));
  EXPECT_EQ(dataset.train.images.size(), 3u * 784);
  EXPECT_EQ(dataset.test.count(), 2u);
  EXPECT_EQ(dataset.name, "mnist test=2 train=3");
  EXPECT_EQ(load_refused("mnist train=21", {folder.path()}),
            "mnist train=21: train=21 asks for more images than the 20 there are; lower train or "
            "leave it out");
}

TEST(Load, MakesGeneratedSetsWithTheirSettings) {
  for (const char* name : {"glyphs", "textures"}) {
    const Source source = parse_source(std::string(name) + " train=30 test=20 difficulty=0.1");
    const Dataset dataset = load(source, {});
    EXPECT_EQ(dataset.train.count(), 30u);
    EXPECT_EQ(dataset.test.count(), 20u);
    EXPECT_EQ(dataset.name, source.text());
    EXPECT_EQ(dataset.checksum, content_checksum(dataset));
    const Dataset other = load(parse_source(source.text() + " seed=2"), {});
    EXPECT_NE(other.checksum, dataset.checksum);
  }
}

TEST(Load, SuggestsTheNameThatWasMeant) {
  EXPECT_EQ(load_refused("fashon-mnist"),
            "fashon-mnist: no such dataset, folder or archive; did you mean \"fashion-mnist\"?");
  EXPECT_THAT(load_refused("MNIST"), HasSubstr("did you mean \"mnist\"?"));
  EXPECT_THAT(load_refused("CIFAR10"), HasSubstr("did you mean \"cifar-10\"?"));
  EXPECT_EQ(load_refused("no/such/folder"),
            "no/such/folder: no such dataset, folder or archive; check the path; `minima data "
            "list` shows the named datasets");
}

TEST(Load, SaysWhereItSearchedAndHowToFetch) {
  EXPECT_EQ(load_refused("mnist", {"/none/a", "/none/b"}),
            "mnist: not found in the folders searched (/none/a, /none/b); run `minima data fetch "
            "mnist`, or name the folder that contains the folder mnist with --data-dir");
  EXPECT_THAT(load_refused("cifar-10"), HasSubstr("cifar-10: there is no folder to search for it"));
}

TEST(Load, RefusesFilesOfAnotherSetUnderAKnownName) {
  const TemporaryFolder folder;
  write(folder / "mnist/train-images-idx3-ubyte", idx({1, 2, 2}, ramp(4)));
  write(folder / "mnist/train-labels-idx1-ubyte", idx({1}, ramp(1)));
  write(folder / "mnist/t10k-images-idx3-ubyte", idx({1, 2, 2}, ramp(4)));
  write(folder / "mnist/t10k-labels-idx1-ubyte", idx({1}, ramp(1)));
  EXPECT_THAT(load_refused("mnist", {folder.path()}),
              HasSubstr("images of 2x2 pixels, this dataset has 28x28"));
  EXPECT_EQ(load_refused((folder / "mnist").string()),
            (folder / "mnist").string() +
                ": all images are of one class; a classification task needs at least two");
}

TEST(Load, ResizesIdxFiles) {
  const TemporaryFolder folder;
  write_mnist(folder.path(), 20);
  const Dataset dataset = load(parse_source(folder.path().string() + " size=14x14"), {});
  EXPECT_EQ(dataset.shape, (ImageShape{1, 14, 14}));
}

TEST(Load, RefusesOtherFilesAndThePythonVersionOfCifar) {
  const TemporaryFolder folder;
  write(folder / "notes.txt", "");
  EXPECT_THAT(load_refused((folder / "notes.txt").string()),
              HasSubstr("notes.txt: is a file of no kind that is read: NumPy archive (.npz), "
                        "table of pixels (.csv), IDX file or archive (.zip, .tar.gz); `minima data "
                        "formats` lists what is read"));
  write(folder / "cifar-10-batches-py/data_batch_1", "");
  EXPECT_THAT(load_refused(folder.path().string()),
              HasSubstr("holds the Python version of CIFAR-10; the binary version is read; run "
                        "`minima data fetch cifar-10`, or convert it"));
}

TEST(KnownSources, TellsWhatIsAvailableAndWhere) {
  const TemporaryFolder folder;
  write_mnist(folder / "MNIST/raw", 10);
  const auto sources = known_sources({folder.path()});
  const auto source = [&](const std::string& name) {
    const auto found = std::ranges::find(sources, name, &KnownSource::name);
    return found == sources.end() ? KnownSource{} : *found;
  };
  EXPECT_TRUE(source("mnist").available);
  EXPECT_EQ(source("mnist").found, folder / "MNIST/raw");
  for (const char* name : {"fashion-mnist", "kmnist", "qmnist", "cifar-10", "cifar-100"}) {
    EXPECT_FALSE(source(name).available) << name;
    EXPECT_TRUE(source(name).can_be_fetched) << name;
  }
  for (const char* name : {"emnist-letters", "emnist-byclass", "emnist-mnist"}) {
    EXPECT_EQ(source(name).name, name);
    EXPECT_FALSE(source(name).available) << name;
    EXPECT_TRUE(source(name).can_be_fetched) << name;
  }
  EXPECT_TRUE(source("glyphs").generated && source("glyphs").available);
  EXPECT_TRUE(source("textures").generated && source("textures").available);
}

}  // namespace
}  // namespace minima::data
