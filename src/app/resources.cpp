#include "app/resources.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "core/error.h"
#include "core/text.h"
#include "data/source/source.h"
#include "run/setup/machine.h"

namespace minima::app {
namespace {

constexpr std::int64_t kMostJobs = 1024;

struct MemoryUnit {
  std::string_view name;
  double bytes;
};
constexpr MemoryUnit kMemoryUnits[] = {{"kB", 1e3},     {"MB", 1e6},     {"GB", 1e9},
                                       {"TB", 1e12},    {"KiB", 0x1p10}, {"MiB", 0x1p20},
                                       {"GiB", 0x1p30}, {"TiB", 0x1p40}};

}  // namespace

std::int64_t parse_count(const std::string& option, const std::string& text, std::int64_t low,
                         std::int64_t high) {
  const std::optional<std::int64_t> value = parse_integer(text);
  const std::string hint = fmt::format("give an integer from {} to {}", low, high);
  if (!value)
    throw input_error({option, ""}, fmt::format("expected an integer, got \"{}\"", text), hint);
  if (*value < low || *value > high) {
    throw input_error({option, ""}, fmt::format("{} is out of range", text), hint);
  }
  return *value;
}

Error unknown_name(const std::string& option, std::string_view what, const std::string& name,
                   std::span<const std::string> known) {
  return input_error({option, ""}, fmt::format("unknown {} \"{}\"", what, printable(name, 60)),
                     suggestion(name, known));
}

std::string dataset_named(const std::string& name, const std::vector<std::string>& datasets) {
  if (std::ranges::find(datasets, name) != datasets.end()) return name;
  std::vector<std::string> found;
  for (const std::string& each : datasets) {
    if (each.starts_with(name + " ")) found.push_back(each);
  }
  if (found.size() == 1) return found.front();
  throw unknown_name("--dataset", "dataset", name, datasets);
}

std::size_t parse_jobs(const std::string& text) {
  if (text.empty()) return static_cast<std::size_t>(run::this_machine().cores);
  return static_cast<std::size_t>(parse_count("--jobs", text, 1, kMostJobs));
}

std::uint64_t parse_memory(const std::string& text) {
  constexpr std::string_view kDefault = "60%";
  const std::string_view whole = text.empty() ? kDefault : std::string_view(text);
  const std::size_t unit_at = whole.find_first_not_of("0123456789.");
  const std::string unit =
      unit_at == std::string_view::npos ? "" : std::string(trim(whole.substr(unit_at)));
  const std::optional<double> number = parse_number(std::string(whole.substr(0, unit_at)));
  const auto known = std::ranges::find(kMemoryUnits, unit, &MemoryUnit::name);
  const bool is_share = unit == "%";
  const bool is_known = is_share || known != std::end(kMemoryUnits);
  if (!number || !is_known || *number <= 0.0 || *number > (is_share ? 100.0 : 1e9)) {
    throw input_error(
        {"--memory", ""}, fmt::format("invalid size \"{}\"", printable(text, 60)),
        "give a percentage of the memory of this machine, such as 60%, or a size, such as 8GB");
  }
  if (is_share) {
    return static_cast<std::uint64_t>(*number / 100.0 *
                                      static_cast<double>(run::this_machine().memory_bytes));
  }
  return static_cast<std::uint64_t>(*number * known->bytes);
}

std::uint64_t memory_for_data(std::uint64_t limit) {
  return limit == 0 ? data::kUnlimitedBytes : limit;
}

std::vector<std::filesystem::path> data_folders(const std::string& data_dir) {
  std::error_code error;
  if (!data_dir.empty() && !std::filesystem::is_directory(data_dir, error)) {
    throw input_error({"--data-dir", ""}, fmt::format("{} is not a folder", data_dir),
                      "name the folder that has the datasets");
  }
  return data::search_path(data_dir);
}

run::Estimate estimate_within(const run::Prepared& prepared, const Resources& resources,
                              double peak_gflops) {
  run::Estimate cost = run::estimate(
      *engine::make_cpu_backend(), prepared.runs,
      [&](const std::string& name) -> const auto& { return prepared.datasets->record(name); },
      {.jobs = resources.jobs,
       .peak_gflops = peak_gflops,
       .weights = prepared.study.weights,
       .predictions = prepared.study.predictions,
       .weight_epochs = prepared.study.weight_epochs.size(),
       .memory_limit = resources.memory_limit});
  run::refuse_too_large(cost.fixed_bytes + cost.largest_run_bytes, resources.memory_limit,
                        cost.largest_run, {prepared.study.file, ""});
  return cost;
}

}  // namespace minima::app
