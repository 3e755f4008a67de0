#include "report/json.h"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "core/characters.h"
#include "core/text.h"
#include "record/study.h"

namespace minima::report {
namespace {

Json counts_json(const analysis::Counts& counts) {
  return {{"planned", counts.planned},
          {"finished", counts.finished},
          {"diverged", counts.diverged},
          {"missing", counts.missing()}};
}

Json row_json(const analysis::ArchitectureAnswer& row) {
  return {{"architecture", row.architecture},
          {"family", word_of(row.family)},
          {"parameters", row.parameters},
          {"replicates", row.replicates},
          {"diverged", row.diverged},
          {"learned", row.learned},
          {"learned_share", row.learned_share},
          {"test_accuracy",
           {{"mean", row.accuracy_mean},
            {"sd", row.accuracy_sd},
            {"min", row.accuracy_min},
            {"max", row.accuracy_max}}},
          {"seconds_per_run", row.seconds}};
}

Json dataset_json(const record::DatasetRecord& dataset) {
  return {{"name", dataset.name},
          {"shape", shape_json(dataset.problem.image)},
          {"classes", dataset.problem.classes},
          {"train", dataset.train_count},
          {"validation", dataset.validation_count},
          {"test", dataset.test_count},
          {"checksum", dataset.checksum},
          {"notes", dataset.notes}};
}

Json architecture_or_null(const analysis::DatasetAnswer& dataset,
                          const std::optional<std::size_t>& at) {
  return at ? Json(dataset.architectures[*at].architecture) : Json(nullptr);
}

}  // namespace

Json shape_json(const ImageShape& shape) {
  return {{"channels", shape.channels}, {"height", shape.height}, {"width", shape.width}};
}

Json answer_json(const analysis::Answer& answer) {
  Json datasets = Json::array();
  for (const auto& dataset : answer.datasets) {
    Json rows = Json::array();
    for (const auto& row : dataset.architectures) rows.push_back(row_json(row));
    datasets.push_back(
        {{"dataset", dataset.dataset},
         {"test", dataset.test_count},
         {"validation", dataset.validation_count},
         {"majority_share", dataset.majority_share},
         {"accuracy_tolerance", dataset.tolerance},
         {"runs_planned", dataset.runs_planned},
         {"runs_recorded", dataset.runs_recorded},
         {"best", architecture_or_null(dataset, dataset.best)},
         {"smallest_within_one_point", architecture_or_null(dataset, dataset.smallest)},
         {"architectures", rows}});
  }
  return {{"study", answer.study}, {"datasets", datasets}};
}

namespace {

Json network_json(const std::optional<analysis::HeadlineNetwork>& network) {
  if (!network) return nullptr;
  const auto count = [](const std::optional<std::int64_t>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  return {{"architecture", network->architecture},
          {"compression", network->compression},
          {"protocol", network->protocol},
          {"parameters", network->parameters},
          {"bytes", network->bytes},
          {"multiply_adds", count(network->multiply_adds)},
          {"ram_bytes", count(network->ram_bytes)},
          {"accuracy", network->accuracy.mean},
          {"accuracy_low", network->accuracy.low},
          {"accuracy_high", network->accuracy.high},
          {"met", network->met},
          {"runs", network->runs},
          {"settled", network->shown}};
}

}  // namespace

Json headline_json(const analysis::Headline& headline) {
  Json datasets = Json::array();
  for (const analysis::DatasetHeadline& dataset : headline.datasets) {
    Json series = Json::array();
    for (const auto& [name, finding] : dataset.series) {
      series.push_back({{"name", name}, {"finding", finding}});
    }
    datasets.push_back(
        {{"dataset", dataset.dataset},
         {"notes", dataset.notes},
         {"no_target", dataset.no_target},
         {"target", dataset.no_target.empty() ? Json(dataset.target) : Json(nullptr)},
         {"validation_target",
          dataset.validation_target ? Json(*dataset.validation_target) : Json(nullptr)},
         {"reliability", dataset.reliability},
         {"resolution", dataset.resolution},
         {"chosen_on", dataset.validation_chose ? "validation" : "test"},
         {"best", network_json(dataset.best)},
         {"smallest", network_json(dataset.smallest)},
         {"settled", network_json(dataset.shown)},
         {"smallest_in_bytes", network_json(dataset.compressed)},
         {"smallest_in_c", network_json(dataset.in_c)},
         {"series", series},
         {"next", dataset.next}});
  }
  return {{"confidence", headline.confidence},
          {"datasets", datasets},
          {"claims", headline.claims},
          {"lacks", headline.lacks},
          {"changed_values", headline.changed}};
}

Json left_out_json(const LeftOut& left_out) {
  const bool is_any = left_out.tasks > 0;
  return {{"compression_tasks", left_out.tasks},
          {"reason", is_any ? Json(kLeftOutReason) : Json(nullptr)},
          {"remedy", is_any ? Json(left_out.remedy) : Json(nullptr)}};
}

Json status_json(const analysis::Status& status, const std::string& store, std::uint64_t bytes) {
  Json datasets = Json::array();
  for (const auto& dataset : status.datasets) {
    Json entry = dataset_json(dataset.dataset);
    entry["runs"] = counts_json(dataset.runs);
    datasets.push_back(entry);
  }
  Json lost = Json::array();
  for (const store::LostWeights& each : status.lost_weights) {
    lost.push_back({{"file", each.file}, {"problem", each.problem}, {"runs", each.runs}});
  }
  Json backends = Json::array();
  for (const auto& [backend, runs, compressions] : status.backends) {
    backends.push_back({{"name", backend.name},
                        {"instruction_set", backend.instruction_set},
                        {"matrix_products", backend.matrix_products},
                        {"runs", runs},
                        {"compressions", compressions}});
  }
  return {{"study", status.study.name},
          {"shard", status.study.shard},
          {"train", status.study.train},
          {"program_version", status.study.program_version},
          {"bytes", bytes},
          {"complete", status.runs.missing() == 0 && status.lost_weights.empty()},
          {"runs", counts_json(status.runs)},
          {"variants", status.variants},
          {"backends", backends},
          {"left_out", left_out_json({.tasks = status.left_out,
                                      .remedy = fmt::format("minima run STUDY --store {} "
                                                            "--retrain-missing",
                                                            shell_word(store))})},
          {"lacks", status.lacks},
          {"changed_values", status.changed},
          {"lost_weights", lost},
          {"datasets", datasets}};
}

namespace {

Json planned_store_json(const PlanSummary& plan) {
  if (!plan.store) return nullptr;
  const PlannedStore& store = *plan.store;
  if (!store.other_settings.empty()) {
    return {{"directory", store.directory},
            {"other_settings", store.other_settings},
            {"retrained", plan.estimate.runs}};
  }
  return {{"directory", store.directory},
          {"other_settings", nullptr},
          {"runs_recorded", store.recorded},
          {"runs_missing", plan.estimate.runs - store.recorded},
          {"compression_tasks_recorded", store.compression.recorded_before},
          {"left_out", left_out_json(store.left_out)}};
}

}  // namespace

Json plan_json(const PlanSummary& plan) {
  Json datasets = Json::array();
  for (const auto& [dataset, origin] : plan.datasets) {
    Json entry = dataset_json(dataset);
    entry["from"] = origin;
    datasets.push_back(entry);
  }
  Json architectures = Json::array();
  for (const auto& row : plan.architectures) {
    architectures.push_back({{"dataset", row.dataset},
                             {"architecture", row.architecture},
                             {"family", word_of(row.family)},
                             {"parameters", row.parameters},
                             {"runs", row.runs}});
  }
  return {{"study", plan.study},
          {"shard", plan.shard},
          {"jobs", plan.jobs},
          {"peak_gflops", plan.peak_gflops},
          {"runs", plan.estimate.runs},
          {"distinct_architectures", plan.estimate.architectures},
          {"flop", plan.flop()},
          {"seconds", plan.seconds()},
          {"store_bytes", plan.store_bytes()},
          {"prediction_bytes", plan.prediction_bytes()},
          {"compression",
           {{"pieces", plan.compression.pieces},
            {"networks", plan.compression.networks},
            {"epochs", plan.compression.epochs},
            {"seconds", plan.compression.seconds}}},
          {"store", planned_store_json(plan)},
          {"memory_bytes", plan.memory_bytes()},
          {"analysis_memory_bytes", plan.analysis_bytes},
          {"datasets", datasets},
          {"architectures", architectures}};
}

Json outcome_json(const run::Outcome& outcome) {
  return {{"planned", outcome.planned},        {"recorded_before", outcome.recorded_before},
          {"recorded", outcome.recorded},      {"diverged", outcome.diverged},
          {"missing", outcome.missing()},      {"seconds", outcome.seconds},
          {"interrupted", outcome.interrupted}};
}

Json outcome_json(const run::RetrainOutcome& outcome) {
  return {{"planned", outcome.planned},
          {"retrained", outcome.retrained},
          {"missing", outcome.missing()},
          {"interrupted", outcome.interrupted}};
}

Json outcome_json(const run::CompressionOutcome& outcome) {
  return {{"planned", outcome.planned},          {"recorded_before", outcome.recorded_before},
          {"recorded", outcome.recorded},        {"variants", outcome.variants},
          {"left_out", outcome.without_weights}, {"missing", outcome.missing()},
          {"seconds", outcome.seconds},          {"interrupted", outcome.interrupted}};
}

namespace {

Json work_json(const run::StepWork& work) {
  return {{"dense_flop", work.dense_flop},
          {"convolution_flop", work.convolution_flop},
          {"encoder_flop", work.encoder_flop},
          {"map_values", work.map_values},
          {"token_values", work.token_values},
          {"parameters", work.parameters},
          {"pixels", work.pixels},
          {"far_parameters", work.far_parameters},
          {"far_pixels", work.far_pixels},
          {"steps", work.steps}};
}

}  // namespace

Json bench_json(const run::BenchResult& result) {
  return {{"backend", result.backend},
          {"dataset", result.dataset},
          {"architecture", result.architecture},
          {"parameters", result.parameters},
          {"runs", result.runs},
          {"jobs", result.jobs},
          {"batch", result.batch},
          {"steps", result.steps},
          {"seconds", result.seconds},
          {"microseconds_per_run_step", result.microseconds_per_run_step},
          {"gflops", result.gflops},
          {"peak_gflops", result.peak_gflops},
          {"efficiency", result.efficiency},
          {"predicted_microseconds", result.predicted_microseconds},
          {"work", work_json(result.work)}};
}

namespace {

Json table_json(const record::Table& table) {
  Json rows = Json::array();
  for (const auto& cells : table.rows) {
    Json row = Json::object();
    for (std::size_t i = 0; i < cells.size(); ++i) row[table.columns[i]] = cell_json(cells[i]);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

void add_analysis(Json& document, const record::AnalysisRecord& analysis) {
  Json& json = document[analysis.name] = {{"settings", analysis.settings}, {"runs", analysis.runs}};
  for (const auto& [name, table] : analysis.tables) json[name] = table_json(table);
}

Json machine_json(const MachineReport& report) {
  return {{"processor", report.machine.processor},
          {"cores", report.machine.cores},
          {"memory_bytes", report.machine.memory_bytes},
          {"backend", report.backend.name},
          {"instruction_set", report.backend.instruction_set},
          {"matrix_products", report.backend.matrix_products},
          {"peak_gflops_one_thread", report.peak_gflops_one},
          {"peak_gflops_all_threads", report.peak_gflops_all}};
}

Json cell_json(const record::Cell& cell) {
  return std::visit(
      [](const auto& value) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) {
          return nullptr;
        } else {
          return value;
        }
      },
      cell);
}

namespace {

/// Escapes the characters that control a terminal. In JSON they can only occur in strings.
std::string safe_on_terminals(const std::string& json) {
  std::string out;
  for (std::size_t at = 0; at < json.size();) {
    const Character each = character_at(std::string_view(json).substr(at));
    if (!is_unsafe(each.code) || json[at] == '\n') {
      out.append(json, at, each.bytes);
    } else if (each.code < 0x10000) {
      out += fmt::format("\\u{:04x}", each.code);
    } else {  // a surrogate pair
      const std::uint32_t rest = each.code - 0x10000;
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + (rest >> 10U), 0xdc00 + (rest & 0x3ffU));
    }
    at += each.bytes;
  }
  return out;
}

}  // namespace

std::string document(const Json& json) {
  return safe_on_terminals(json.dump(2, ' ', false, nlohmann::detail::error_handler_t::replace)) +
         "\n";
}

std::string compact(const Json& json) {
  return safe_on_terminals(json.dump(-1, ' ', false, nlohmann::detail::error_handler_t::replace));
}

}  // namespace minima::report
