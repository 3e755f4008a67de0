#include "core/files/unfinished.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace minima {
namespace {

namespace fs = std::filesystem;

/// Ends the program with two files and a folder, of which one file is finished.
[[noreturn]] void end_in_the_middle(const fs::path& folder) {
  const auto write = [](const fs::path& path) { std::ofstream(path) << "half"; };
  {
    const Unfinished finished(folder / "whole", [&] { write(folder / "whole"); });
  }
  const Unfinished file(folder / "file", [&] { write(folder / "file"); });
  const Unfinished below(folder / "below", [&] { fs::create_directory(folder / "below"); });
  write(folder / "below" / "file");
  remove_unfinished();
  std::_Exit(fs::exists(folder / "whole") && !fs::exists(folder / "file") &&
                     !fs::exists(folder / "below")
                 ? 42
                 : 1);
}

TEST(Unfinished, IsRemovedWhenTheProgramEndsAtOnce) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  std::string name = (fs::temp_directory_path() / "minima-unfinished-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  EXPECT_EXIT(end_in_the_middle(name), ::testing::ExitedWithCode(42), "");
  fs::remove_all(name);
}

TEST(Unfinished, IsNotRegisteredIfCreationFails) {
  const auto fail = [] { throw std::runtime_error("full"); };
  EXPECT_THROW(Unfinished("nowhere", fail), std::runtime_error);
}

}  // namespace
}  // namespace minima
