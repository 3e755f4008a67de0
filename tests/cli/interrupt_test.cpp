#include "cli/terminal/interrupt.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "core/files/unfinished.h"

namespace minima::cli {
namespace {

void wait_for_stop(const InterruptWatch& watch) {
  for (int i = 0; i < 200 && !watch.token().stop_requested(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

[[noreturn]] void interrupted_once() {
  bool told = false;
  bool stopped = false;
  {
    const InterruptWatch watch([&] { told = true; });
    kill(getpid(), SIGINT);
    wait_for_stop(watch);
    stopped = watch.token().stop_requested();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  std::_Exit(told && stopped ? 42 : 1);
}

[[noreturn]] void interrupted_twice() {
  const InterruptWatch watch([] {});
  kill(getpid(), SIGINT);
  wait_for_stop(watch);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  kill(getpid(), SIGINT);
  std::this_thread::sleep_for(std::chrono::seconds(5));  // work that does not end by itself
  std::_Exit(1);
}

[[noreturn]] void sent_to_process_and_group() {
  const InterruptWatch watch([] {});
  kill(getpid(), SIGTERM);
  wait_for_stop(watch);
  kill(getpid(), SIGTERM);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  std::_Exit(interrupt_exit_code() == 143 ? 42 : 1);
}

[[noreturn]] void interrupted_without_watch() {
  take_signals();
  const auto file =
      std::filesystem::temp_directory_path() / ("minima-interrupt-" + std::to_string(getppid()));
  const Unfinished unfinished(file, [&] { std::ofstream(file) << "half"; });
  set_interrupt_note("all is saved");
  kill(getpid(), SIGHUP);
  std::this_thread::sleep_for(std::chrono::seconds(5));
  std::_Exit(1);
}

[[noreturn]] void interrupted_after_the_error_line() {
  take_signals();
  expect_end();
  static_cast<void>(!write(STDERR_FILENO, "minima: no such file\n", 21));
  kill(getpid(), SIGTERM);
  std::this_thread::sleep_for(std::chrono::seconds(5));
  std::_Exit(1);
}

class InterruptDeathTest : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(InterruptDeathTest, TheFirstSignalRequestsAStop) {
  EXPECT_EXIT(interrupted_once(), ::testing::ExitedWithCode(42), "");
}

TEST_F(InterruptDeathTest, TheSecondSignalEndsTheProgramAtOnce) {
  EXPECT_EXIT(interrupted_twice(), ::testing::KilledBySignal(SIGINT), "");
}

TEST_F(InterruptDeathTest, TwoSignalsAtOnceCountAsOne) {
  EXPECT_EXIT(sent_to_process_and_group(), ::testing::ExitedWithCode(42), "");
}

TEST_F(InterruptDeathTest, WithoutAWatchTheProgramPrintsALineAndLeavesNoTemporaryFile) {
  const auto file =
      std::filesystem::temp_directory_path() / ("minima-interrupt-" + std::to_string(getpid()));
  EXPECT_EXIT(interrupted_without_watch(), ::testing::ExitedWithCode(129),
              "^minima: interrupted: all is saved\n$");
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(InterruptDeathTest, AfterTheErrorLineOfACommandNoSecondLineIsWritten) {
  EXPECT_EXIT(interrupted_after_the_error_line(), ::testing::KilledBySignal(SIGTERM),
              "^minima: no such file\n$");
}

TEST(Interrupt, WithoutASignalNothingIsStopped) {
  bool told = false;
  {
    const InterruptWatch watch([&] { told = true; });
    EXPECT_FALSE(watch.token().stop_requested());
  }
  EXPECT_FALSE(told);
}

}  // namespace
}  // namespace minima::cli
