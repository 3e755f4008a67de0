// Measurements for the terminal.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/backend.h"
#include "report/text/style.h"
#include "run/estimate/bench.h"
#include "run/setup/machine.h"

namespace minima::report {

[[nodiscard]] std::string bench_text(const run::BenchResult& result, const TextStyle& style);

/// The result of `bench machine`.
struct MachineReport {
  run::Machine machine;
  engine::BackendInfo backend;
  double peak_gflops_one = 0.0;  ///< one thread
  double peak_gflops_all = 0.0;  ///< one thread per core
};
[[nodiscard]] std::string machine_text(const MachineReport& report, const TextStyle& style);

/// Lines "name   value" with aligned values.
[[nodiscard]] std::string facts_text(const std::vector<std::pair<std::string, std::string>>& facts,
                                     const TextStyle& style);

}  // namespace minima::report
