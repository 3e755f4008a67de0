// Writers that are killed with SIGKILL or run out of disk space, each in its own process.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "example_store.h"
#include "record/run_result.h"
#include "store/files/safetensors.h"
#include "study/settings/kept.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

constexpr int kRows = 40;
constexpr int kColumns = 50;
constexpr WriterOptions kSmallFiles{.weights_file_bytes = 20 * kRows * kColumns * sizeof(float)};

void record_large(Writer& writer, const study::Run& run) {
  writer.record(run, example_result(run), ExampleWeights(run, kRows, kColumns).tensors());
}

/// Calls `on_record` after each newly recorded run.
void record_missing(
    const fs::path& store, const std::vector<study::Run>& plan, study::KeepWeights keep,
    const std::function<void()>& on_record = [] {}) {
  const auto writer = open_writer(store, kSmallFiles);
  writer->begin(example_study(keep), example_datasets(), plan);
  const auto recorded = writer->recorded();
  for (const auto& run : plan) {
    if (std::find(recorded.begin(), recorded.end(), run.id) != recorded.end()) continue;
    record_large(*writer, run);
    on_record();
  }
}

/// A writer in its own process that reports every run it records.
class WritingProcess {
 public:
  WritingProcess(const fs::path& store, const std::vector<study::Run>& plan,
                 study::KeepWeights keep) {
    if (::pipe(pipe_) != 0) throw std::runtime_error("no pipe");
    process_ = ::fork();
    if (process_ != 0) {
      ::close(pipe_[1]);
      return;
    }
    try {
      record_missing(store, plan, keep, [this] {
        if (::write(pipe_[1], "x", 1) != 1) ::_exit(3);
      });
    } catch (const std::exception&) {
      ::_exit(1);
    }
    ::_exit(0);
  }
  ~WritingProcess() { ::close(pipe_[0]); }

  void wait_for_records(int count) {
    char byte = 0;
    while (count-- > 0 && ::read(pipe_[0], &byte, 1) == 1) {
    }
  }
  /// Kills the writer; returns true if it was alive or had exited successfully.
  bool kill() {
    ::kill(process_, SIGKILL);
    int status = 0;
    ::waitpid(process_, &status, 0);
    return WIFSIGNALED(status) || WEXITSTATUS(status) == 0;
  }

 private:
  int pipe_[2] = {-1, -1};
  pid_t process_ = -1;
};

/// Checks that every recorded run is complete and every sealed file readable. Returns the number of
/// recorded runs.
std::size_t check_whole(const fs::path& store, const std::vector<study::Run>& plan,
                        bool all_weights) {
  const auto reader = open_reader(store);
  const auto rows = reader->runs();
  std::size_t recorded = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool finished = rows[i].result.status == record::RunStatus::finished;
    recorded += finished ? 1 : 0;
    EXPECT_EQ(reader->history(rows[i].id).size(), finished ? 3 : 0);
    if (all_weights || !reader->weights(rows[i].id).empty()) {
      EXPECT_EQ(has_example_weights(*reader, plan[i], kRows, kColumns), finished);
    }
  }
  for (const auto& name : weights_files(store)) {
    if (!name.ends_with(".safetensors")) continue;
    const PosixFile file(store / name, O_RDONLY);
    EXPECT_NO_THROW(static_cast<void>(read_safetensors_header(file)));
  }
  return recorded;
}

void kill_again_and_again(study::KeepWeights keep) {
  TemporaryFolder folder;
  const fs::path store = folder / "store";
  const auto plan = example_plan(5, 20);  // 200 runs
  std::mt19937 random(11);
  std::uniform_int_distribution<int> records(0, 20);
  std::uniform_int_distribution<int> microseconds(0, 3000);
  std::size_t recorded = 0;
  for (int round = 0; round < 30 && recorded < plan.size(); ++round) {
    WritingProcess writer(store, plan, keep);
    writer.wait_for_records(records(random));
    ::usleep(static_cast<useconds_t>(microseconds(random)));
    ASSERT_TRUE(writer.kill());
    // Every other time, check the store as the kill left it. Before the first run the database may
    // be missing.
    if (round % 2 == 0 || recorded == 0) open_and_close(store, kSmallFiles);
    const std::size_t now = check_whole(store, plan, keep == study::KeepWeights::all);
    ASSERT_GE(now, recorded);
    recorded = now;
  }
  EXPECT_GT(recorded, 0);
  record_missing(store, plan, keep);
  record_missing(folder / "straight", plan, keep);
  EXPECT_EQ(check_whole(store, plan, keep == study::KeepWeights::all), plan.size());
  EXPECT_EQ(results_of(store), results_of(folder / "straight"));
  const auto reader = open_reader(store);
  const auto straight = open_reader(folder / "straight");
  for (const auto& run : plan) {
    EXPECT_EQ(reader->weights(run.id).empty(), straight->weights(run.id).empty());
  }
}

TEST(KilledWriter, LosesNothingThatWasRecorded) {
  kill_again_and_again(study::KeepWeights::all);
}

TEST(KilledWriter, KeepsTheSameRepresentatives) {
  kill_again_and_again(study::KeepWeights::representative);
}

// ---- full disk -------------------------------------------------------------------------------

/// Limits the file size in this process; the tests call it in a child process.
void limit_file_size(rlim_t bytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, RLIM_INFINITY};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(77);
}

/// Returns how `action` ends: 0 no error, 1 a work error, 2 an input error.
int kind_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.kind() == Error::Kind::work ? 1 : 2;
  }
  return 0;
}

int in_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(FullDisk, IsAWorkErrorAndLeavesEveryRunWholeOrPlanned) {
  const auto plan = example_plan(5, 20);
  // From less than the schema needs to the size of a few dozen runs.
  for (const rlim_t bytes : {20'000, 60'000, 120'000, 160'000}) {
    TemporaryFolder folder;
    const fs::path store = folder / "store";
    EXPECT_EQ(in_child([&] {
                limit_file_size(bytes);
                return kind_of([&] { record_missing(store, plan, study::KeepWeights::all); });
              }),
              1)
        << bytes;
    open_and_close(store, kSmallFiles);
    EXPECT_LT(check_whole(store, plan, true), plan.size());
    record_missing(store, plan, study::KeepWeights::all);
    EXPECT_EQ(check_whole(store, plan, true), plan.size());
  }
}

TEST(FullDisk, LeavesAWriterThatGoesOnWhenThereIsSpaceAgain) {
  const auto plan = example_plan(5, 20);
  TemporaryFolder folder;
  const fs::path store = folder / "store";
  EXPECT_EQ(in_child([&] {
              const auto writer = open_writer(store);
              writer->begin(example_study(), example_datasets(), plan);
              record_large(*writer, plan[0]);
              // The weights of the next run do not fit.
              limit_file_size(kRows * kColumns * sizeof(float) + 1000);
              if (kind_of([&] { record_large(*writer, plan[1]); }) != 1) return 10;
              limit_file_size(RLIM_INFINITY);
              if (writer->recorded().size() != 1) return 11;
              for (const auto& run : plan) record_large(*writer, run);
              return 0;
            }),
            0);
  open_and_close(store);
  EXPECT_EQ(check_whole(store, plan, true), plan.size());
}

TEST(FullDisk, WhileSealingKeepsThePart) {
  const auto plan = example_plan(1, 3);
  TemporaryFolder folder;
  const fs::path store = folder / "store";
  EXPECT_EQ(in_child([&] {
              const auto writer = open_writer(store);
              writer->begin(example_study(), example_datasets(), plan);
              for (const auto& run : plan) record_large(*writer, run);
              // The values fit, but their header does not.
              limit_file_size(fs::file_size(store / "weights-0001.part") + 100);
              return kind_of([&] { writer->seal(); });
            }),
            1);
  EXPECT_EQ(check_whole(store, plan, true), plan.size());
  open_and_close(store);
  EXPECT_EQ(weights_files(store), std::vector<std::string>{"weights-0001.safetensors"});
  EXPECT_EQ(check_whole(store, plan, true), plan.size());
}

}  // namespace
}  // namespace minima::store
