#include "report/screens/status_text.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/text.h"
#include "record/session.h"
#include "report/text/text_table.h"

namespace minima::report {
namespace {

std::vector<std::string> cells_of(const std::string& name, const analysis::Counts& runs) {
  return {name, grouped(runs.planned), grouped(runs.finished), grouped(runs.diverged),
          grouped(runs.missing())};
}

/// One line per backend; nothing if no result says what computed it.
std::string backends_text(const analysis::Status& status) {
  std::string text;
  for (const record::BackendUse& use : status.backends) {
    text += fmt::format("{} by {}\n", counted(use.runs, "run"), printable(use.backend.text()));
  }
  if (status.backends.size() > 1) {
    text += "results of different backends or instruction sets can differ in their last bits\n";
  }
  return text;
}

std::string next_step(const analysis::Status& status) {
  if (status.work_left) {
    return "all runs are done, but the last session did not finish; `minima run` continues it";
  }
  if (status.runs.missing() == 0 && !status.lost_weights.empty()) {
    return "all runs are done, but some weights are missing";
  }
  if (status.runs.missing() == 0 && status.left_out > 0) {
    return fmt::format("all runs are done, but {} left out",
                       status.left_out == 1
                           ? "1 compression task was"
                           : counted(status.left_out, "compression task") + " were");
  }
  if (status.runs.missing() == 0) return "complete";
  const std::string missing = counted(status.runs.missing(), "run") + " missing";
  if (status.study.shard.empty()) return missing + "; `minima run` trains them";
  return missing + ", including those of other shards; `minima merge` combines shards";
}

}  // namespace

std::string lost_weights_text(std::span<const store::LostWeights> lost, const std::string& store) {
  std::string text;
  for (const store::LostWeights& each : lost) {
    text += fmt::format("{} {}: {} lost their weights\n", each.file, each.problem,
                        counted(each.runs, "run"));
  }
  if (text.empty()) return "";
  return text +
         fmt::format("run `minima doctor {} --repair`, then `minima run` to train them again\n",
                     shell_word(store));
}

std::string changed_values_text(const std::string& changed, const std::string& store) {
  return fmt::format(
      "warning: {}: values of {} changed after they were recorded; `minima doctor {}` lists them",
      printable(store), changed, shell_word(store));
}

std::string status_text(const analysis::Status& status, const std::string& store,
                        std::uint64_t bytes, const TextStyle& style) {
  const std::string shard =
      status.study.shard.empty() ? "" : fmt::format(", shard {}", printable(status.study.shard));
  TextTable table({{"dataset", Align::left}, {"planned"}, {"finished"}, {"diverged"}, {"missing"}});
  for (const auto& dataset : status.datasets)
    table.add(cells_of(dataset.dataset.name, dataset.runs));
  if (status.datasets.size() > 1) table.add(cells_of("all", status.runs));
  const std::string variants =
      status.variants == 0
          ? ""
          : fmt::format("{} pruned or quantized\n", counted(status.variants, "network"));
  std::string lacks;
  for (const std::string& sentence : status.lacks) lacks += "\n" + sentence + "\n";
  if (!status.changed.empty()) lacks += "\n" + changed_values_text(status.changed, store) + "\n";
  std::string lost = lost_weights_text(status.lost_weights, store);
  if (!lost.empty()) lost = "\n" + lost;
  return fmt::format("{}{}   {}, written by minima {}\n\n{}\n{}{}{}\n{}{}",
                     bold(printable(status.study.name), style), shard, human_bytes(bytes),
                     printable(status.study.program_version), table.text(style),
                     backends_text(status), variants, next_step(status), lost, lacks);
}

}  // namespace minima::report
