// Fingerprints: the results of a small study of every family and protocol, one file for each
// instruction set and vendor. They must be bitwise equal on every processor of that kind. A code
// change that alters them writes the files again and says so in its commit message:
//
//   MINIMA_WRITE_FINGERPRINTS=1 build/release/tests/run/minima_run_tests
//   --gtest_filter='Fingerprint*'
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "core/codes/sha256.h"
#include "kernels/instruction_sets.h"
#include "record/run_row.h"
#include "small_study.h"
#include "store_contents.h"
#include "support/temporary_folder.h"

namespace minima::run {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = MINIMA_SOURCE_DIR "/tests/run/fingerprints";

/// Relative difference of losses between instruction sets after these few epochs. Sums are rounded
/// in another order, and training amplifies the difference. Measured: 7e-8.
constexpr double kTolerance = 1e-5;

/// The optimizer starts from approximate roots and reciprocals, which differ between vendors.
std::string vendor() {
  std::ifstream facts("/proc/cpuinfo");
  for (std::string line; std::getline(facts, line);) {
    if (line.starts_with("vendor_id")) return line.substr(line.rfind(' ') + 1);
  }
  return "unknown";
}

/// "AVX2-hsw-GenuineIntel", "AVX2-portable-AuthenticAMD".
std::string computing_with() {
  const engine::BackendInfo info = engine::make_cpu_backend()->info();
  const std::size_t begin = info.matrix_products.find('(');
  const std::string products =
      begin == std::string::npos
          ? info.matrix_products
          : info.matrix_products.substr(begin + 1, info.matrix_products.find(')') - begin - 1);
  return fmt::format("{}-{}-{}", info.instruction_set, products, vendor());
}

struct Result {
  std::string text;            ///< of the fingerprint
  std::vector<double> losses;  ///< on the test images, in plan order
};

Result result_of_study() {
  const TemporaryFolder folder;
  const auto backend = engine::make_cpu_backend();
  const Prepared all = prepare(quick_study(), load_generated);
  {
    const auto writer = store::open_writer(folder / "store");
    ProgressObserver silent;
    static_cast<void>(execute(all, *backend, *writer, {.jobs = 2}, silent));
    static_cast<void>(compress_runs(all, *backend, *writer, *store::open_reader(folder / "store"),
                                    {.jobs = 2}, silent));
  }
  Result result;
  for (const record::RunRow& row : store::open_reader(folder / "store")->runs()) {
    result.text += fmt::format("{} {}: train loss {:.17g}, test loss {:.17g}\n", row.architecture,
                               row.replicate, row.result.train_loss, row.result.test_loss);
    result.losses.push_back(row.result.test_loss);
  }
  Sha256 hash;
  for (const std::string& line : contents(folder / "store")) {
    const bool is_hashed = line.starts_with("runs,") || line.starts_with("epochs,") ||
                           line.starts_with("variants,") || line.starts_with("weights of ");
    if (!is_hashed) continue;
    hash.add(line);
  }
  result.text += fmt::format("SHA-256 of all runs, epochs, variants and weights: {}\n", hash.hex());
  return result;
}

class Fingerprint : public testing::Test {
 protected:
  void TearDown() override { kernels::use_instruction_set(""); }

  /// Compares with the fingerprint of the current processor; returns whether there is one.
  static bool compare(const Result& result) {
    const fs::path file = kFolder / (computing_with() + ".txt");
    if (std::getenv("MINIMA_WRITE_FINGERPRINTS") != nullptr) {
      fs::create_directories(kFolder);
      write_file_atomically(file, result.text);
    }
    if (!fs::exists(file)) return false;
    EXPECT_EQ(result.text, read_file(file)) << computing_with();
    return true;
  }
};

TEST_F(Fingerprint, OfThisProcessorIsKept) {
  if (!compare(result_of_study())) {
    GTEST_SKIP() << "no fingerprint for this instruction set (" << computing_with()
                 << "); MINIMA_WRITE_FINGERPRINTS=1 writes one";
  }
}

TEST_F(Fingerprint, OfLesserInstructionSetsIsKeptAndNearTheBest) {
  const Result best = result_of_study();
  std::string without;
  const std::vector<std::string> sets = kernels::instruction_sets();
  for (std::size_t i = 1; i < sets.size(); ++i) {
    kernels::use_instruction_set(sets[i]);
    const Result lesser = result_of_study();
    if (!compare(lesser)) without += " " + computing_with();
    ASSERT_EQ(lesser.losses.size(), best.losses.size());
    double largest = 0.0;
    for (std::size_t run = 0; run < best.losses.size(); ++run) {
      largest = std::max(largest, std::abs(lesser.losses[run] / best.losses[run] - 1.0));
    }
    RecordProperty("largest difference " + sets[i], fmt::format("{}", largest));
    EXPECT_LT(largest, kTolerance) << sets[i];
  }
  if (!without.empty()) GTEST_SKIP() << "no fingerprint for" << without;
}

}  // namespace
}  // namespace minima::run
