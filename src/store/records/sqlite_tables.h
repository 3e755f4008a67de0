// The mapping of each table between a struct and its columns; see sqlite_columns.h. The names are
// those of the schema (sqlite_schema.cpp), which a test compares with docs/store.md.
#pragma once

#include "store/database/sqlite_columns.h"
#include "store/records/sqlite_writer.h"
#include "store/store.h"

namespace minima::store {

/// Key: one.
struct StudyTable {
  using Row = record::StudyRecord;
  static constexpr const char* kName = "study_record";
  template <typename Record, typename Column>
  static void map(Record& study, Column& column) {
    column("name", study.name, as::Text());
    column("text", study.text, as::Text());
    column("train", study.train, as::Text());
    column("shard", study.shard, as::Text());
    column("program_version", study.program_version, as::Text());
    column("keep_weights", study.keep_weights, as::Word<study::KeepWeights>());
  }
};

/// Key: id. Labels are in dataset_label.
struct DatasetTable {
  using Row = record::DatasetRecord;
  static constexpr const char* kName = "dataset";
  static constexpr int kMostPixels = 1 << 28;
  template <typename Record, typename Column>
  static void map(Record& dataset, Column& column) {
    auto& image = dataset.problem.image;
    column("name", dataset.name, as::Text());
    column("channels", image.channels, as::Small(1, kMostPixels));
    column("height", image.height, as::Small(1, kMostPixels));
    column("width", image.width, as::Small(1, kMostPixels));
    column("classes", dataset.problem.classes, as::Small(1, kMostClasses));
    column("train_count", dataset.train_count, as::Count());
    column("test_count", dataset.test_count, as::Count());
    column("majority_share", dataset.majority_share, as::Fraction());
    column("class_names", dataset.class_names, as::Names());
    column("checksum", dataset.checksum, as::Text());
    column("validation_count", dataset.validation_count, as::Count());
    column("notes", dataset.notes, as::OptionalNames());
  }
};

/// Keys: position, dataset. A RunRow has the columns up to the replicate only.
template <typename Run>
struct RunTable {
  using Row = Run;
  static constexpr const char* kName = "run";
  template <typename Record, typename Column>
  static void map(Record& run, Column& column) {
    column("run_id", run.id, as::Text());
    column("family", run.family, as::Word<network::Family>());
    column("architecture", run.architecture, as::Text());
    column("parameters", run.parameters, as::Count());
    column("replicate", run.replicate, as::Small());
    if constexpr (requires { run.seed; }) {
      column("seed", run.seed, as::Bits());
      column("train", run.train, as::Text());
    }
  }
};

/// The figures of a run after its training, without history. NaN is stored as NULL.
struct ResultRow {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  record::RunStatus status = record::RunStatus::finished;
  int epochs = 0;
  double train_loss = kNone;
  double train_accuracy = kNone;
  double test_loss = kNone;
  double test_accuracy = kNone;
  std::optional<std::int64_t> diverged_step = {};
  double seconds = 0.0;
  std::optional<std::int64_t> last_layer = {};
  double last_gradient = kNone;
  double last_loss = kNone;
  double validation_accuracy = kNone;
  std::string session = {};

  [[nodiscard]] static ResultRow of(const record::RunResult& result, const std::string& session_id);
  [[nodiscard]] record::RunResult result() const;
};

/// Key: run.
struct ResultTable {
  using Row = ResultRow;
  static constexpr const char* kName = "result";
  template <typename Record, typename Column>
  static void map(Record& result, Column& column) {
    column("status", result.status, as::Word<record::RunStatus>());
    column("epochs", result.epochs, as::Small());
    column("train_loss", result.train_loss, as::Figure());
    column("train_accuracy", result.train_accuracy, as::Fraction());
    column("test_loss", result.test_loss, as::Figure());
    column("test_accuracy", result.test_accuracy, as::Fraction());
    column("diverged_step", result.diverged_step, as::OptionalCount());
    column("seconds", result.seconds, as::Magnitude());
    column("last_layer", result.last_layer, as::OptionalCount());
    column("last_gradient", result.last_gradient, as::Magnitude());
    column("last_loss", result.last_loss, as::Figure());
    column("validation_accuracy", result.validation_accuracy, as::Fraction());
    column("session", result.session, as::OptionalText());
  }
};

/// Key: run.
struct EpochTable {
  using Row = record::EpochRecord;
  static constexpr const char* kName = "epoch";
  template <typename Record, typename Column>
  static void map(Record& epoch, Column& column) {
    column("epoch", epoch.epoch, as::Small(1));
    column("learning_rate", epoch.learning_rate, as::Magnitude());
    column("train_loss", epoch.train_loss, as::Figure());
    column("train_accuracy", epoch.train_accuracy, as::Fraction());
    column("test_loss", epoch.test_loss, as::Figure());
    column("test_accuracy", epoch.test_accuracy, as::Fraction());
    column("predicted_classes", epoch.predicted_classes, as::Small(0, kMostClasses));
    column("top_class", epoch.top_class, as::Small(0, kMostClasses));
    column("top_class_share", epoch.top_class_share, as::Fraction());
  }
};

/// Keys: run, epoch, layer.
struct LayerTable {
  using Row = record::LayerSignals;
  static constexpr const char* kName = "layer_signal";
  template <typename Record, typename Column>
  static void map(Record& layer, Column& column) {
    column("units", layer.units, as::Small());
    column("dead_units", layer.dead_units, as::Small());
    column("gradient_norm", layer.gradient_norm, as::Magnitude());
  }
};

/// A row of `weight` beside its keys.
struct WeightRow {
  std::int64_t number = 0;  ///< within the run
  std::string name = {};
  std::vector<std::int64_t> shape = {};
  std::int64_t file = 0;
  std::int64_t offset = 0;  ///< in bytes
  std::int64_t count = 0;
  std::optional<std::int64_t> checksum = {};
};

/// Key: run.
struct WeightTable {
  using Row = WeightRow;
  static constexpr const char* kName = "weight";
  template <typename Record, typename Column>
  static void map(Record& weight, Column& column) {
    column("tensor", weight.number, as::Count());
    column("name", weight.name, as::Text());
    column("shape", weight.shape, as::Integers());
    column("file", weight.file, as::Count());
    column("offset", weight.offset, as::Count());
    column("count", weight.count, as::Count());
    column("checksum", weight.checksum, as::OptionalCount());
  }
};

/// Part of weight_summary.
struct StatisticsColumns {
  using Row = record::TensorStatistics;
  static constexpr const char* kName = "weight_summary";
  template <typename Record, typename Column>
  static void map(Record& statistics, Column& column) {
    column("count", statistics.count, as::Count());
    column("not_finite", statistics.not_finite, as::Count());
    column("mean", statistics.mean, as::Figure());
    column("sd", statistics.sd, as::Magnitude());
    column("skewness", statistics.skewness, as::Figure());
    column("kurtosis", statistics.kurtosis, as::Figure());
    column("near_zero", statistics.near_zero, as::Fraction());
    column("l1", statistics.l1, as::Magnitude());
    column("l2", statistics.l2, as::Magnitude());
    column("max", statistics.max, as::Magnitude());
    column("stable_rank", statistics.stable_rank, as::Magnitude());
  }
};

/// Key: run.
struct SummaryTable {
  using Row = record::WeightSummary;
  static constexpr const char* kName = "weight_summary";
  // Far beyond what floats need, which is bins from 2^-157 to 2^120.
  static constexpr int kMostExponent = 1100;
  // The number of bins that measure::WeightHistogram has on either side of zero, before and after
  // merging.
  static constexpr int kBinsOfASide = 256;
  template <typename Record, typename Column>
  static void map(Record& summary, Column& column) {
    column("stage", summary.stage, as::Word<record::WeightStage>());
    column("epoch", summary.epoch, as::Small());
    column("tensor", summary.tensor, as::Small());
    column("name", summary.name, as::Text());
    column("shape", summary.shape, as::Integers());
    StatisticsColumns::map(summary.statistics, column);
    column("quantiles", summary.quantiles, as::Reals());
    column("exponent", summary.histogram.exponent, as::Small(-kMostExponent, kMostExponent));
    column("first_bin", summary.histogram.first_bin, as::Small(-kBinsOfASide, kBinsOfASide));
    column("bins", summary.histogram.counts, as::Integers());
    auto& nodes = summary.nodes;
    column("nodes", nodes.nodes, as::Count());
    column("node_mean", nodes.mean, as::Magnitude());
    column("node_sd", nodes.sd, as::Magnitude());
    column("node_min", nodes.min, as::Magnitude());
    column("node_max", nodes.max, as::Magnitude());
    column("node_values", nodes.values, as::Reals());
  }
};

/// Key: run. The variants of the task are in `variant`.
struct TaskTable {
  using Row = RecordedTask;
  static constexpr const char* kName = "compression_task";
  template <typename Record, typename Column>
  static void map(Record& recorded, Column& column) {
    column("task", recorded.task.task, as::Text());
    column("seconds", recorded.seconds, as::Magnitude());
    column("schema", recorded.schema, as::Small(1, kMostSmall));
    column("session", recorded.session, as::OptionalText());
  }
};

/// What identifies a variant of a run: part of `variant`.
struct VariantKeyColumns {
  using Row = record::Variant;
  static constexpr const char* kName = "variant";
  template <typename Record, typename Column>
  static void map(Record& variant, Column& column) {
    column("pruning", variant.pruning, as::Text());
    column("sparsity_asked", variant.sparsity_asked, as::Fraction());
    column("tensor", variant.tensor, as::Text());
    column("quantization", variant.quantization, as::Text());
    column("format", variant.format, as::Format());
  }
};

/// Keys: run, task. Tensors and outcomes are in tables of their own.
struct VariantTable {
  using Row = record::Variant;
  static constexpr const char* kName = "variant";
  static constexpr int kMostBits = 64;  // maximum per weight
  template <typename Record, typename Column>
  static void map(Record& variant, Column& column) {
    VariantKeyColumns::map(variant, column);
    column("bits", variant.bits, as::Small(0, kMostBits));
    column("activations", variant.activations, as::Format());
    column("arithmetic", variant.arithmetic, as::Word<record::Arithmetic>());
    column("architecture", variant.architecture, as::Text());
    column("parameters", variant.parameters, as::Count());
    column("weights", variant.weights, as::Count());
    column("kept", variant.kept, as::Count());
    column("dead_units", variant.dead_units, as::Count());
    column("epochs", variant.epochs, as::Small());
    column("test_loss", variant.test_loss, as::Figure());
    column("test_accuracy", variant.test_accuracy, as::Fraction());
    column("dense_bytes", variant.bytes.dense, as::OptionalCount());
    column("index_bytes", variant.bytes.index, as::Count());
    column("bitmask_bytes", variant.bytes.bitmask, as::Count());
    column("entropy_bytes", variant.bytes.entropy, as::Count());
    column("packed_bytes", variant.bytes.packed, as::Count());
    column("note", variant.note, as::Text());
    column("validation_accuracy", variant.validation_accuracy, as::Fraction());
  }
};

/// Keys: variant, number.
struct VariantTensorTable {
  using Row = record::VariantTensor;
  static constexpr const char* kName = "variant_tensor";
  template <typename Record, typename Column>
  static void map(Record& tensor, Column& column) {
    column("name", tensor.name, as::Text());
    column("weights", tensor.weights, as::Count());
    column("kept", tensor.kept, as::Count());
  }
};

/// Part of `session`.
struct BackendColumns {
  using Row = record::BackendRecord;
  static constexpr const char* kName = "session";
  template <typename Record, typename Column>
  static void map(Record& backend, Column& column) {
    column("backend", backend.name, as::OptionalText());
    column("instruction_set", backend.instruction_set, as::OptionalText());
    column("matrix_products", backend.matrix_products, as::OptionalText());
  }
};

struct SessionTable {
  using Row = record::SessionRecord;
  static constexpr const char* kName = "session";
  template <typename Record, typename Column>
  static void map(Record& session, Column& column) {
    column("session_id", session.id, as::Text());
    column("started", session.started, as::Text());
    column("ended", session.ended, as::Text());
    column("shard", session.shard, as::Text());
    column("program_version", session.program_version, as::Text());
    column("jobs", session.jobs, as::Count());
    column("processor", session.processor, as::Text());
    column("cores", session.cores, as::Count());
    column("memory_bytes", session.memory_bytes, as::Count());
    column("system", session.system, as::Text());
    column("cpu_seconds", session.cpu_seconds, as::OptionalMagnitude());
    column("compression_left", session.compression_left, as::OptionalCount());
    BackendColumns::map(session.backend, column);
    column("left_out", session.left_out, as::OptionalCount());
  }
};

struct AnalysisTable {
  using Row = record::AnalysisRecord;
  static constexpr const char* kName = "analysis_record";
  template <typename Record, typename Column>
  static void map(Record& analysis, Column& column) {
    column("name", analysis.name, as::Text());
    column("settings", analysis.settings, as::Text());
    column("program_version", analysis.program_version, as::Text());
    column("runs", analysis.runs, as::Count());
  }
};

}  // namespace minima::store
