// Results as JSON documents. Accuracies and percentages are fractions, times are in seconds and
// sizes in bytes. Names are those of the store and the structs.
#pragma once

#include <nlohmann/json.hpp>

#include "analysis/headline.h"
#include "analysis/population/answer.h"
#include "analysis/population/status.h"
#include "record/analysis.h"
#include "report/screens/bench_text.h"
#include "report/screens/left_out_text.h"
#include "report/screens/plan_text.h"
#include "run/compress/compress.h"
#include "run/estimate/bench.h"
#include "run/train/execute.h"

namespace minima::report {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json answer_json(const analysis::Answer& answer);

/// The content of summary_text.
[[nodiscard]] Json headline_json(const analysis::Headline& headline);
/// `store`: its folder, as the user wrote it.
[[nodiscard]] Json status_json(const analysis::Status& status, const std::string& store,
                               std::uint64_t bytes);
[[nodiscard]] Json plan_json(const PlanSummary& plan);
/// {"compression_tasks": 2, "reason": "...", "remedy": "minima run ..."}; reason and remedy are
/// null if nothing is left out.
[[nodiscard]] Json left_out_json(const LeftOut& left_out);
[[nodiscard]] Json outcome_json(const run::Outcome& outcome);
[[nodiscard]] Json outcome_json(const run::RetrainOutcome& outcome);
[[nodiscard]] Json outcome_json(const run::CompressionOutcome& outcome);
[[nodiscard]] Json bench_json(const run::BenchResult& result);
[[nodiscard]] Json machine_json(const MachineReport& report);
/// Adds an analysis to a document under its name, each table as a list of objects.
void add_analysis(Json& document, const record::AnalysisRecord& analysis);
[[nodiscard]] Json cell_json(const record::Cell& cell);
[[nodiscard]] Json shape_json(const ImageShape& shape);

/// The document with a final line break. Invalid UTF-8 (in a file name, for example) is replaced,
/// so the document is always valid.
[[nodiscard]] std::string document(const Json& json);
/// The document on one line, without a line break.
[[nodiscard]] std::string compact(const Json& json);

}  // namespace minima::report
