// The store: a directory with `runs.sqlite` (everything but weights) and a few large `.safetensors`
// files. This header is the contract; SQLite is named in sqlite_*.cpp only.
//
// Promises of a writer
//   - One at a time: a second one is refused with an input error while the first lives.
//   - The plan is stored before the first result.
//   - `record` is one transaction: after a kill or a full disk a run is either whole or still
//   planned.
//   - Recording a run a second time changes nothing.
//   - So is the recording of a piece of compression: its variants are all there, or none is.
//   - The views `runs` and `epochs` depend on plan and results alone: not on the order in which
//   runs
//     ended, on interruptions or on timing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/shape.h"
#include "network/graph.h"
#include "store/named_tensor.h"
#include "store/predictions.h"
#include "store/session.h"
#include "store/variant.h"
#include "study/run.h"

namespace minima::store {

/// A study as stored: what a store is a store of.
struct StudyRecord {
  std::string name;
  std::string text;  ///< the study file, verbatim
  std::string
      train;  ///< canonical text of its training settings and seed: all runs of a store share it
  std::string shard;  ///< "1/4", or empty
  std::string program_version;
  study::KeepWeights keep_weights = study::KeepWeights::representative;
};

/// A dataset as a store remembers it: a run resumed on other data is refused.
struct DatasetRecord {
  std::string name;  ///< canonical notation
  Problem problem;
  std::int64_t train_count = 0;
  std::int64_t test_count = 0;
  std::int64_t validation_count = 0;  ///< held out of the training images; 0: no such split
  double majority_share = 0.0;        ///< share of the largest class in the test split
  std::vector<std::string> class_names;
  std::string checksum;
  /// What `Writer::begin` takes, and keeps if they are there; `Reader::datasets` leaves it empty,
  /// `Reader::labels` reads it.
  DatasetLabels labels = {};
};

using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
};

/// What an analysis says about one run; nothing where it says nothing.
struct RunLabels {
  std::string run_id;
  std::optional<std::string> accuracy_group;
  std::optional<std::string> regime;
  std::optional<std::string> diagnosis;
};

/// The results of an analysis as a store keeps them: tables for people and the report.
struct AnalysisRecord {
  struct NamedTable {
    std::string name;  ///< letters and "_"; unique in the store, and no other table's
    Table table;
  };
  std::string name;      ///< "convergence"
  std::string settings;  ///< canonical text of what differs from the defaults
  std::string program_version;
  std::int64_t runs = 0;  ///< recorded when it was made
  std::vector<NamedTable> tables;
  std::vector<RunLabels> labels;  ///< replace those of all runs; empty: they stay
};

/// Programs with an older schema calibrated every network of a chunk with the images of one
/// protocol.
inline constexpr int kFirstWithOwnCalibration = 6;
/// Programs with an older schema took a wrong number of features for those of the attention of
/// vision transformers whose heads together are not as wide as the block, and quantized them
/// wrongly.
inline constexpr int kFirstWithHeadsOfAnyWidth = 9;
/// Whether a text in architecture notation ("vit ... a3") is one of those transformers.
[[nodiscard]] bool has_heads_of_other_width(const std::string& architecture);

class Writer {
 public:
  virtual ~Writer() = default;

  /// Stores study, datasets and plan in one transaction; keeps what earlier sessions recorded.
  /// `plan` is the whole plan of the study, that of a shard too: it gives the views their order, so
  /// that merged shards equal a store written in one go. Runs of an earlier plan that are not in
  /// this one stay, after the others. Input errors: training settings or dataset checksums that
  /// differ from those stored.
  virtual void begin(const StudyRecord& study, std::span<const DatasetRecord> datasets,
                     std::span<const study::Run> plan) = 0;

  /// Ids of runs already recorded, finished or diverged.
  [[nodiscard]] virtual std::vector<std::string> recorded() const = 0;

  /// Safe to call from several threads. `weights` may be empty (weights not kept). A figure that is
  /// not finite is stored as NULL and read back as NaN. Predictions need the labels of the dataset
  /// (std::logic_error without them, and for other numbers of images than the dataset has).
  virtual void record(const study::Run& run, const study::RunResult& result,
                      std::span<const NamedTensor> weights) = 0;

  /// Pieces of compression already recorded.
  [[nodiscard]] virtual std::vector<CompressionTask> recorded_tasks() const = 0;

  /// Those of them that were recorded with an older schema than this one. If a fault of that schema
  /// has been fixed, recording the task again replaces it.
  [[nodiscard]] virtual std::vector<CompressionTask> tasks_before(int schema) const = 0;

  /// The variants of a piece of compression, in one transaction; a variant that another task
  /// recorded before is replaced. `seconds`: its share of the time. Safe to call from several
  /// threads.
  virtual void record(const CompressionTask& task, std::span<const Variant> variants,
                      double seconds) = 0;

  /// Replaces what an earlier call kept under the same name, in one transaction.
  virtual void keep(const AnalysisRecord& analysis) = 0;

  /// Replaces what an earlier call kept under the same id.
  virtual void keep(const SessionRecord& session) = 0;

  /// Puts the weights recorded so far into `.safetensors` files, dropping those not to be kept.
  /// Called by the destructor too; a writer that was killed leaves the job to the next one.
  virtual void seal() = 0;
};

/// One row of the `runs` view, with what people ask for beside it.
struct RunRow {
  std::string id;
  std::string dataset;
  std::string family;
  std::string architecture;
  std::int64_t parameters = 0;
  int replicate = 0;
  study::RunResult result;  ///< `runs` leaves its history and its weights empty
};

/// How much a store holds, which is known without reading it.
struct StoreSize {
  std::int64_t runs = 0;
  std::int64_t epochs = 0;         ///< of all runs
  std::int64_t layer_signals = 0;  ///< of all epochs
  std::int64_t summaries = 0;      ///< of weights: one for each tensor and stage
  std::int64_t variants = 0;
  std::int64_t most_images = 0;      ///< test images of the largest dataset
  std::int64_t most_replicates = 0;  ///< of an architecture on a dataset
};

class Reader {
 public:
  virtual ~Reader() = default;

  [[nodiscard]] virtual StoreSize size() const = 0;
  [[nodiscard]] virtual StudyRecord study() const = 0;
  [[nodiscard]] virtual std::vector<DatasetRecord> datasets() const = 0;
  /// In the order of their beginnings.
  [[nodiscard]] virtual std::vector<SessionRecord> sessions() const = 0;
  /// In the order of the plan.
  [[nodiscard]] virtual std::vector<RunRow> runs() const = 0;
  [[nodiscard]] virtual std::vector<study::EpochRecord> history(
      const std::string& run_id) const = 0;
  /// The epochs of all runs, those of each run together and in order; the runs in any order.
  virtual void histories(const std::function<void(const std::string& run_id,
                                                  study::EpochRecord&& epoch)>& on_epoch) const = 0;

  /// What was recorded of the weights of all runs, those of each run together: at the start, then
  /// at the end, in the order of its tensors; the runs in that of the plan.
  virtual void weight_summaries(
      const std::function<void(const std::string& run_id, study::WeightSummary&& summary)>&
          on_summary) const = 0;

  /// In the order of the plan, then by pruning, sparsity, tensor, quantization and bits.
  [[nodiscard]] virtual std::vector<VariantRow> variants() const = 0;

  // Of single images. Reading throws an input error for a store whose bytes do not fit its
  // datasets.

  /// Nothing for a dataset whose labels were not recorded (by an older version, or not asked for).
  [[nodiscard]] virtual std::optional<DatasetLabels> labels(const std::string& dataset) const = 0;
  /// The predictions of all runs that have any, in the order of the plan.
  virtual void predictions(
      const std::function<void(const std::string& run_id, RunPredictions&& predictions)>& on_run)
      const = 0;
  /// The outcomes of all variants that have any, in the order of `variants`. Of `which`, what tells
  /// variants of a run apart is set: pruning, sparsity_asked, quantization, format and tensor.
  virtual void outcomes(
      const std::function<void(const std::string& run_id, const Variant& which,
                               VariantOutcomes&& outcomes)>& on_variant) const = 0;

  /// What the store lacks of what this version records, and what cannot be trusted in it: plain
  /// sentences for people. Empty: nothing.
  [[nodiscard]] virtual std::vector<std::string> lacks() const = 0;
  /// Whose values changed after they were recorded: "2 runs and 1 dataset"; empty: nothing. Reads
  /// every row.
  [[nodiscard]] virtual std::string changed_values() const = 0;

  /// Names that `table` takes: every view and table meant for users.
  [[nodiscard]] virtual std::vector<std::string> table_names() const = 0;
  /// Calls `on_columns` once, then `on_row` for every row, without holding the table in memory.
  virtual void table(const std::string& name,
                     const std::function<void(const std::vector<std::string>&)>& on_columns,
                     const std::function<void(const std::vector<Cell>&)>& on_row) const = 0;

  struct StoredTensor {
    network::TensorSpec spec;
    std::vector<float> values;
  };
  /// The weights of a run in the order of its layers; empty when they were not kept.
  [[nodiscard]] virtual std::vector<StoredTensor> weights(const std::string& run_id) const = 0;
  /// Ids of the runs whose weights were kept, sorted.
  [[nodiscard]] virtual std::vector<std::string> runs_with_weights() const = 0;
};

struct WriterOptions {
  bool may_create = true;  ///< else a folder that is no store is an input error
  /// A file of weights is closed and a new one begun when it has grown to this size.
  std::uint64_t weights_file_bytes = 512'000'000;
};

/// Opens or creates the directory. Input errors: not a store, a store of a newer version, not
/// writable, locked by another process (named).
[[nodiscard]] std::unique_ptr<Writer> open_writer(const std::filesystem::path& directory,
                                                  const WriterOptions& options = {});

/// Opens a store that may be being written at the same time. Input errors as above.
[[nodiscard]] std::unique_ptr<Reader> open_reader(const std::filesystem::path& directory);

/// Puts the runs of several stores of one study into `out` (created, or added to). A run recorded
/// in several is taken once. Input errors: stores of different training settings or data.
void merge(const std::filesystem::path& out, std::span<const std::filesystem::path> stores);

}  // namespace minima::store
