#include "report/screens/plan_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "report/text/notes_text.h"
#include "report/text/text_table.h"

namespace minima::report {
namespace {

std::string datasets_text(const PlanSummary& plan, const TextStyle& style) {
  const bool holds_out = std::ranges::any_of(
      plan.datasets, [](const auto& each) { return each.dataset.validation_count > 0; });
  std::vector<Column> columns = {{"dataset", Align::left}, {"image"}, {"classes"}, {"train"}};
  if (holds_out) columns.push_back({"validation"});
  columns.insert(columns.end(), {{"test"}, {"from", Align::left}});
  TextTable table(columns);
  for (const auto& [dataset, origin] : plan.datasets) {
    const ImageShape& image = dataset.problem.image;
    std::vector<std::string> cells = {
        dataset.name, fmt::format("{}x{}x{}", image.channels, image.height, image.width),
        grouped(dataset.problem.classes), grouped(dataset.train_count)};
    if (holds_out) cells.push_back(grouped(dataset.validation_count));
    cells.insert(cells.end(), {grouped(dataset.test_count), origin});
    table.add(std::move(cells));
  }
  return table.text(style);
}

std::vector<std::string> cells_of(const run::PlannedArchitecture& row, bool names_dataset) {
  std::vector<std::string> cells = {row.architecture, grouped(row.parameters), grouped(row.runs)};
  if (names_dataset) cells.push_back(row.dataset);
  return cells;
}

// The first and the last rows, with the number of hidden rows between them.
std::string architectures_text(const PlanSummary& plan, const TextStyle& style) {
  const bool names_dataset = plan.datasets.size() > 1;
  std::vector<Column> columns = {{"architecture", Align::left}, {"parameters"}, {"runs"}};
  if (names_dataset) columns.push_back({"dataset", Align::left});
  const auto& all = plan.architectures;
  const bool is_cut = style.most_rows && all.size() > *style.most_rows;
  const std::size_t last = is_cut ? *style.most_rows / 4 : 0;
  const std::size_t first = is_cut ? *style.most_rows - last : all.size();

  TextTable table(columns);
  for (std::size_t i = 0; i < first; ++i) table.add(cells_of(all[i], names_dataset));
  if (is_cut) {
    std::vector<std::string> gap(columns.size());
    gap.front() =
        fmt::format("... {} more", grouped(static_cast<std::int64_t>(all.size() - first - last)));
    table.add(gap);
    for (std::size_t i = all.size() - last; i < all.size(); ++i) {
      table.add(cells_of(all[i], names_dataset));
    }
  }
  TextStyle whole = style;
  whole.most_rows.reset();
  std::string out = table.text(whole);
  if (is_cut) out += "(--all shows every architecture)\n";
  return out;
}

/// The work after training; empty if there is none.
std::string compression_text(const run::CompressionEstimate& cost) {
  if (cost.pieces == 0) return "";
  std::string text =
      fmt::format("then    {} pruned and quantized", counted(cost.networks, "network"));
  if (cost.epochs > 0) text += fmt::format(", {} of training", counted(cost.epochs, "epoch"));
  return text + "\n";
}

std::string cost_text(const PlanSummary& plan) {
  const run::Estimate& cost = plan.estimate;
  const auto bytes = [](double value) { return human_bytes(static_cast<std::uint64_t>(value)); };
  const std::string predictions =
      plan.prediction_bytes() == 0.0
          ? ""
          : fmt::format(", {} of it predictions per image", bytes(plan.prediction_bytes()));
  return fmt::format(
      "runs    {} of {}\n"
      "{}"
      "work    {}\n"
      "time    about {} with {} ({:.0f} GFLOP/s peak)\n"
      "disk    about {}{}\n"
      "memory  about {}{}\n",
      grouped(cost.runs), counted(cost.architectures, "architecture"),
      compression_text(plan.compression), human_flop(plan.flop()), human_duration(plan.seconds()),
      counted(static_cast<std::int64_t>(plan.jobs), "job"), plan.peak_gflops,
      bytes(plan.store_bytes()), predictions, bytes(plan.memory_bytes()),
      plan.analysis_bytes > cost.memory_bytes ? ", for the analyses at the end" : "");
}

std::string left_text(std::int64_t runs, std::int64_t tasks) {
  if (runs == 0 && tasks == 0) return "nothing is left to run";
  std::string text = runs > 0 ? counted(runs, "run") : "";
  if (tasks > 0) text += (runs > 0 ? " and " : "") + counted(tasks, "task");
  return text + (runs + tasks == 1 ? " is" : " are") + " left to run";
}

/// What the store holds of the plan, and what it cannot get; empty without a store.
std::string store_text(const PlanSummary& plan) {
  if (!plan.store) return "";
  const PlannedStore& store = *plan.store;
  const std::int64_t runs = plan.estimate.runs;
  const std::string name = printable(store.directory);
  if (!store.other_settings.empty()) {
    return fmt::format(
        "store   {} holds runs trained with other settings ({}); no training can go on where it "
        "ended, because optimizer states are not kept, so {}{} would be trained again, into "
        "another --store\n",
        name, printable(store.other_settings), runs == 1 ? "" : "all ", counted(runs, "run"));
  }
  const std::int64_t tasks = plan.compression.pieces;
  const std::int64_t tasks_done = store.compression.recorded_before;
  std::string text =
      fmt::format("store   {} has {} of {}", name, grouped(store.recorded), counted(runs, "run"));
  if (tasks > 0) {
    text += fmt::format(" and {} of {}", grouped(tasks_done), counted(tasks, "compression task"));
  }
  text += "; " + left_text(runs - store.recorded,
                           std::max<std::int64_t>(0, tasks - tasks_done - store.left_out.tasks));
  text += "\n";
  if (store.left_out.tasks > 0) text += "missing " + left_out_text(store.left_out) + "\n";
  return text;
}

}  // namespace

std::string plan_text(const PlanSummary& plan, const TextStyle& style) {
  const std::string shard = plan.shard.empty() ? "" : fmt::format(", shard {}", plan.shard);
  std::vector<record::DatasetRecord> datasets;
  for (const PlannedDataset& each : plan.datasets) datasets.push_back(each.dataset);
  return fmt::format("{}{}\n\n{}{}\n{}\n{}{}", bold(plan.study, style), shard,
                     datasets_text(plan, style), notes_text(datasets, style),
                     architectures_text(plan, style), cost_text(plan), store_text(plan));
}

}  // namespace minima::report
