#include "deploy/export/write_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiled.h"
#include "core/error.h"
#include "planted_export.h"
#include "support/messages.h"
#include "support/temporary_folder.h"

namespace minima::deploy {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class WriteExport : public testing::Test {
 protected:
  WrittenExport exported(const std::string& content, bool wants_card = true) const {
    return write_export("c", planted_provenance(), planted_network(folder.path(), content),
                        wants_card);
  }
  [[nodiscard]] std::string content_of(const char* file) const { return read_file(folder / file); }
  TemporaryFolder folder;
};

TEST_F(WriteExport, WritesFilesCardAndManifest) {
  const WrittenExport written = exported("one");
  EXPECT_EQ(written.manifest, folder / "net.c.json");
  EXPECT_EQ(written.card, folder / "net.c.md");
  EXPECT_EQ(content_of("net.c"), "one");
  EXPECT_THAT(content_of("net.c.json"), HasSubstr("\"name\": \"net.c.md\""));
  EXPECT_THAT(content_of("net.c.md"), HasSubstr("pipeline_tag: image-classification"));
}

TEST_F(WriteExport, WritesNoCardIfNoneIsWanted) {
  EXPECT_EQ(exported("one", false).card, "");
  EXPECT_FALSE(fs::exists(folder / "net.c.md"));
}

TEST_F(WriteExport, ReplacesWhatAnEarlierExportWrote) {
  (void)exported("one");
  (void)exported("two");
  EXPECT_EQ(content_of("net.c"), "two");
}

TEST_F(WriteExport, RefusesToReplaceAForeignFileAndWritesNothing) {
  write(folder / "labels.txt", "my own labels\n");
  const std::string message = message_of([&] { (void)exported("one"); });
  EXPECT_THAT(message, HasSubstr("labels.txt: exists, and this export did not write it"));
  EXPECT_EQ(content_of("labels.txt"), "my own labels\n");
  EXPECT_FALSE(fs::exists(folder / "net.c"));
  EXPECT_FALSE(fs::exists(folder / "net.c.json"));
}

TEST_F(WriteExport, RefusesToReplaceAFileThatWasChangedSince) {
  (void)exported("one");
  write(folder / "labels.txt", "corrected labels\n");
  EXPECT_THROW((void)exported("two"), Error);
  EXPECT_EQ(content_of("labels.txt"), "corrected labels\n");
  EXPECT_EQ(content_of("net.c"), "one");
}

TEST_F(WriteExport, ReplacesTheFileThatTheUserNamed) {
  write(folder / "net.c", "something old");
  (void)exported("one");
  EXPECT_EQ(content_of("net.c"), "one");
}

TEST_F(WriteExport, RefusesToReplaceAForeignFileByItsManifest) {
  for (const char* foreign : {"{\"name\": \"my package\"}", "[1]", "no JSON"}) {
    write(folder / "net.c.json", foreign);
    const std::string message = message_of([&] { (void)exported("one"); });
    EXPECT_THAT(message, HasSubstr("net.c.json: exists, and minima export did not write it"));
    EXPECT_EQ(content_of("net.c.json"), foreign);
    EXPECT_FALSE(fs::exists(folder / "net.c"));
  }
}

TEST_F(WriteExport, KeepsAForeignModelCard) {
  write(folder / "net.c.md", "# My own card\n");
  const WrittenExport written = exported("one");
  EXPECT_EQ(written.kept, folder / "net.c.md");
  EXPECT_EQ(written.card, "");
  EXPECT_EQ(content_of("net.c.md"), "# My own card\n");
  EXPECT_THAT(content_of("net.c.json"), testing::Not(HasSubstr("net.c.md")));
}

TEST_F(WriteExport, KeepsAModelCardThatWasEdited) {
  (void)exported("one");
  write(folder / "net.c.md", content_of("net.c.md") + "More about this network.\n");
  EXPECT_EQ(exported("two").kept, folder / "net.c.md");
  EXPECT_THAT(content_of("net.c.md"), HasSubstr("More about this network."));
}

TEST_F(WriteExport, MakesTheFoldersOfAWholeFolder) {
  const fs::path root = folder / "library";
  ExportedNetwork network{.files = {{root / "src" / "net.c", "one"}},
                          .figures = {},
                          .folder = root,
                          .manifest = root / "extras" / "net.json",
                          .card = root / "README.md"};
  const WrittenExport written = write_export("arduino", planted_provenance(), network, true);
  EXPECT_EQ(written.card, root / "README.md");
  EXPECT_EQ(content_of("library/src/net.c"), "one");
  EXPECT_THAT(content_of("library/extras/net.json"), HasSubstr("\"name\": \"src/net.c\""));
  write(root / "src" / "net.c", "my changes");
  EXPECT_THROW((void)write_export("arduino", planted_provenance(), network, true), Error);
}

}  // namespace
}  // namespace minima::deploy
