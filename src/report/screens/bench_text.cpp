#include "report/screens/bench_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/characters.h"
#include "core/text.h"
#include "report/text/text_table.h"

namespace minima::report {

std::string facts_text(const std::vector<std::pair<std::string, std::string>>& facts,
                       const TextStyle& style) {
  std::size_t width = 0;
  for (const auto& [name, value] : facts) width = std::max(width, display_width(name));
  std::string out;
  for (const auto& [name, value] : facts) {
    const std::string blanks(width - display_width(name) + 3, ' ');
    out += fmt::format("{}{}{}\n", dim(name, style), blanks, value);
  }
  return out;
}

std::string bench_text(const run::BenchResult& result, const TextStyle& style) {
  return facts_text(
      {{"architecture", fmt::format("{} on {}", result.architecture, result.dataset)},
       {"parameters", grouped(result.parameters)},
       {"backend", result.backend},
       {"runs",
        fmt::format("{} in {}, batch {}", result.runs, counted(result.jobs, "job"), result.batch)},
       {"steps", fmt::format("{} in {}", grouped(result.steps), human_duration(result.seconds))},
       {"one step of a run",
        bold(fmt::format("{:.1f} us", result.microseconds_per_run_step), style)},
       {"rate", fmt::format("{:.1f} GFLOP/s", result.gflops)},
       {"peak", fmt::format("{:.1f} GFLOP/s", result.peak_gflops)},
       {"efficiency", bold(fmt::format("{:.0f} %", 100.0 * result.efficiency), style)}},
      style);
}

std::string machine_text(const MachineReport& report, const TextStyle& style) {
  return facts_text(
      {{"processor", report.machine.processor.empty() ? "unknown" : report.machine.processor},
       {"cores", grouped(report.machine.cores)},
       {"memory", human_bytes(report.machine.memory_bytes)},
       {"backend", report.backend.name},
       {"instruction set", report.backend.instruction_set},
       {"matrix products", report.backend.matrix_products},
       {"peak, one thread", fmt::format("{:.1f} GFLOP/s", report.peak_gflops_one)},
       {"peak, all threads", fmt::format("{:.1f} GFLOP/s", report.peak_gflops_all)}},
      style);
}

}  // namespace minima::report
