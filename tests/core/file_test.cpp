#include "core/files/file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "core/error.h"

namespace minima {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class File : public ::testing::Test {
 protected:
  File() {
    std::string name = (fs::temp_directory_path() / "minima-file-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
  }
  ~File() override { fs::remove_all(folder_); }

  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

/// Makes writes of this process fail beyond `bytes` during its lifetime, to simulate a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

template <typename Action>
void expect_error(Error::Kind kind, const std::string& part, Action action) {
  try {
    action();
    FAIL() << "no error, expected one with: " << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(part));
  }
}

TEST_F(File, ReadsBackTheBytesWritten) {
  std::string content(200'000, '\0');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * 7 % 256);
  write_file_atomically(folder_ / "bytes", content);
  EXPECT_EQ(read_file(folder_ / "bytes"), content);
}

TEST_F(File, ReadsAnEmptyFile) {
  write_file_atomically(folder_ / "empty", "");
  EXPECT_EQ(read_file(folder_ / "empty"), "");
}

TEST_F(File, ReplacesAFileAndLeavesNoTemporary) {
  write_file_atomically(folder_ / "a", "old, and longer");
  write_file_atomically(folder_ / "a", "new");
  EXPECT_EQ(read_file(folder_ / "a"), "new");
  EXPECT_EQ(files(), 1U);
}

TEST_F(File, KeepsTheOldContentWhenTheDiskFillsUp) {
  write_file_atomically(folder_ / "a", "old");
  {
    const FileSizeLimit limit(1000);
    expect_error(Error::Kind::work, (folder_ / "a").string(),
                 [&] { write_file_atomically(folder_ / "a", std::string(5000, 'x')); });
  }
  EXPECT_EQ(read_file(folder_ / "a"), "old");
  EXPECT_EQ(files(), 1U);
}

TEST_F(File, RejectsAPathThatCannotBeWritten) {
  expect_error(Error::Kind::input, "No such file or directory",
               [&] { write_file_atomically(folder_ / "missing" / "a", "x"); });
  expect_error(Error::Kind::input, "is a folder", [&] { write_file_atomically(folder_, "x"); });
  EXPECT_EQ(files(), 0U);
}

TEST_F(File, WritesToADeviceWithoutReplacingIt) {
  write_file_atomically("/dev/null", "x");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  expect_error(Error::Kind::work, "No space left", [] { write_file_atomically("/dev/full", "x"); });
}

TEST_F(File, NamesASpaceProblemOnlyIfThereIsOne) {
  int ends[2] = {};
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  const auto handler = std::signal(SIGPIPE, SIG_IGN);
  try {
    write_file_atomically("/dev/fd/" + std::to_string(ends[1]), "nobody reads this");
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::work);
    EXPECT_THAT(error.what(), HasSubstr("Broken pipe"));
    EXPECT_THAT(error.what(), Not(HasSubstr("space")));
  }
  std::signal(SIGPIPE, handler);
  ::close(ends[1]);
}

TEST_F(File, NamesTheFileThatCannotBeRead) {
  expect_error(Error::Kind::input,
               (folder_ / "missing").string() + ": cannot be read: No such file",
               [&] { (void)read_file(folder_ / "missing"); });
  expect_error(Error::Kind::input, "is a folder", [&] { (void)read_file(folder_); });
}

TEST_F(File, ReportsAFailedRead) {
  // The first page of a process's own memory is never mapped: opening works, reading does not.
  expect_error(Error::Kind::work, "/proc/self/mem: byte 0: reading failed",
               [] { (void)read_file("/proc/self/mem"); });
}

TEST_F(File, KeepsThePermissionsOfTheFileThatItReplaces) {
  write_file_atomically(folder_ / "a", "old");
  fs::permissions(folder_ / "a", fs::perms::owner_read | fs::perms::owner_write);
  write_file_atomically(folder_ / "a", "new");
  EXPECT_EQ(fs::status(folder_ / "a").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(File, DoesNotFollowALinkAtItsTemporaryName) {
  write_file_atomically(folder_ / "victim", "mine");
  fs::create_symlink("victim", folder_ / ("a." + std::to_string(::getpid()) + ".tmp"));
  write_file_atomically(folder_ / "a", "new");
  EXPECT_EQ(read_file(folder_ / "victim"), "mine");
  EXPECT_EQ(read_file(folder_ / "a"), "new");
  EXPECT_EQ(files(), 2U);
}

TEST_F(File, RemovesTemporariesOfDeadProcesses) {
  write_file_atomically(folder_ / "a.999999999.tmp", "half");  // no process has such an ID
  write_file_atomically(folder_ / "b.999999999.tmp", "of another file");
  write_file_atomically(folder_ / "a", "new");
  EXPECT_FALSE(fs::exists(folder_ / "a.999999999.tmp"));
  EXPECT_TRUE(fs::exists(folder_ / "b.999999999.tmp"));
}

TEST_F(File, AcceptsOnlyPlainFiles) {
  refuse_unless_plain_file(folder_ / "new");
  fs::create_symlink("later", folder_ / "link");
  refuse_unless_plain_file(folder_ / "link");
  expect_error(Error::Kind::input, "is a folder", [&] { refuse_unless_plain_file(folder_); });
  expect_error(Error::Kind::input, "device", [] { refuse_unless_plain_file("/dev/null"); });
  expect_error(Error::Kind::input, "device", [] { refuse_unless_plain_file("/dev/stdout"); });
  expect_error(Error::Kind::input, "No such file",
               [&] { refuse_unless_plain_file(folder_ / "missing" / "a"); });
  EXPECT_EQ(files(), 1U);
  EXPECT_EQ(open_file_named("/dev/stdout"), 1);
  EXPECT_EQ(open_file_named("/dev/fd/7"), 7);
  EXPECT_EQ(open_file_named(folder_ / "new"), std::nullopt);
}

TEST_F(File, FollowsALinkInALinkedFolder) {
  fs::create_directories(folder_ / "other" / "dir");
  fs::create_directory_symlink("other/dir", folder_ / "linkdir");
  fs::create_symlink("../t", folder_ / "other" / "dir" / "f");
  write_file_atomically(folder_ / "t", "not the target");
  write_file_atomically(folder_ / "linkdir" / "f", "new");
  EXPECT_EQ(read_file(folder_ / "t"), "not the target");
  EXPECT_EQ(read_file(folder_ / "other" / "t"), "new");
}

TEST_F(File, WritesToAnOpenFileByARelativeLinkToIt) {
  const int file = ::open((folder_ / "open").c_str(), O_WRONLY | O_CREAT, 0600);
  ASSERT_GE(file, 0);
  std::string up;
  for (const auto& part : folder_.relative_path()) up += part.empty() ? "" : "../";
  fs::create_symlink(up + "proc/self/fd/" + std::to_string(file), folder_ / "stdout");
  write_file_atomically(folder_ / "stdout", "content");
  ::close(file);
  EXPECT_TRUE(fs::is_symlink(folder_ / "stdout"));
  EXPECT_EQ(read_file(folder_ / "open"), "content");
}

TEST_F(File, KeepsALinkAndWritesItsTarget) {
  write_file_atomically(folder_ / "target", "old");
  fs::create_symlink("target", folder_ / "link");
  fs::create_symlink(folder_ / "link", folder_ / "link to link");
  write_file_atomically(folder_ / "link to link", "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link to link"));
  EXPECT_EQ(read_file(folder_ / "target"), "new");
}

TEST_F(File, CreatesTheTargetOfADanglingLink) {
  fs::create_symlink("later", folder_ / "link");
  write_file_atomically(folder_ / "link", "content");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read_file(folder_ / "later"), "content");
}

TEST_F(File, WritesToAnOpenFileThroughItsDescriptor) {
  const int file = ::open((folder_ / "output").c_str(), O_RDWR | O_CREAT, 0600);
  ASSERT_GE(file, 0);
  // As with the shell's "> output" and -o /dev/stdout: the link must survive, and the new text must
  // follow the text already written.
  ASSERT_EQ(::write(file, "first ", 6), 6);
  const fs::path descriptor = "/proc/self/fd/" + std::to_string(file);
  fs::create_symlink(descriptor, folder_ / "stdout");
  write_file_atomically(folder_ / "stdout", "second ");
  write_file_atomically(descriptor, "third");
  ::close(file);
  EXPECT_TRUE(fs::is_symlink(folder_ / "stdout"));
  EXPECT_EQ(read_file(folder_ / "output"), "first second third");
}

TEST_F(File, MakesAFolderAndItsParents) {
  make_folder(folder_ / "a/b");
  make_folder(folder_ / "a/b");
  EXPECT_TRUE(fs::is_directory(folder_ / "a/b"));
  write_file_atomically(folder_ / "file", "mine");
  expect_error(Error::Kind::input, "file/b: the folder cannot be created",
               [&] { make_folder(folder_ / "file/b"); });
  EXPECT_EQ(read_file(folder_ / "file"), "mine");
}

}  // namespace
}  // namespace minima
