// The store: a directory with `runs.sqlite` (everything but weights) and a few large `.safetensors`
// files. This header is the public interface; only sqlite_*.cpp refer to SQLite.
//
// Guarantees of a writer
//   - A store has one writer at a time; a second one is refused with an input error.
//   - The plan is stored before the first result.
//   - `record` is one transaction: a kill or a full disk leaves a run complete or still planned.
//   - Recording a run a second time changes nothing.
//   - Recording a compression task is one transaction: either all its variants are stored or none.
//   - The views `runs` and `epochs` depend only on plan and results. They do not depend on the
//     order in which runs ended, on interruptions or on timing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/shape.h"
#include "network/graph.h"
#include "record/analysis.h"
#include "record/run_row.h"
#include "record/session.h"
#include "record/study.h"
#include "record/variant.h"
#include "store/named_tensor.h"
#include "study/run.h"

namespace minima::store {

/// First schema with separate calibration per protocol. Older programs calibrated all networks of a
/// chunk with the images of one protocol.
inline constexpr int kFirstWithOwnCalibration = 6;
/// First schema that quantizes vision transformers correctly if their heads together are not as
/// wide as the block. Older programs used a wrong number of features for their attention.
inline constexpr int kFirstWithHeadsOfAnyWidth = 9;
/// Whether an architecture text ("vit ... a3") describes such a transformer.
[[nodiscard]] bool has_heads_of_other_width(const std::string& architecture);

class Writer {
 public:
  virtual ~Writer() = default;

  /// Stores study, datasets and plan in one transaction; keeps what earlier sessions recorded.
  /// `plan` is the plan of the whole study, even for a shard. It determines the order of the views,
  /// so that merged shards equal a store written in one go. Runs of an earlier plan that this one
  /// lacks stay, after the others. Input errors: training settings or dataset checksums that differ
  /// from the stored ones.
  virtual void begin(const record::StudyRecord& study,
                     std::span<const record::DatasetRecord> datasets,
                     std::span<const study::Run> plan) = 0;

  /// Ids of recorded runs, finished or diverged.
  [[nodiscard]] virtual std::vector<std::string> recorded() const = 0;

  /// Safe to call from several threads. `weights` may be empty (weights not kept). A value that is
  /// not finite is stored as NULL and read back as NaN. Predictions need the labels of the dataset.
  /// Throws std::logic_error if the labels are missing or the number of images differs.
  virtual void record(const study::Run& run, const record::RunResult& result,
                      std::span<const NamedTensor> weights) = 0;

  /// Adds the weights of a recorded run that were not kept; its results stay. Does nothing if the
  /// store has weights of this run. They must be those that gave the results. Safe to call from
  /// several threads. Throws std::logic_error if the run is not recorded.
  virtual void add_weights(const std::string& run_id, std::span<const NamedTensor> weights) = 0;

  /// Records the variants of a compression task in one transaction. Replaces variants that another
  /// task recorded. `seconds`: time spent on this task. Safe to call from several threads.
  virtual void record(const record::CompressionTask& task,
                      std::span<const record::Variant> variants, double seconds) = 0;

  /// Replaces an earlier analysis of the same name, in one transaction.
  virtual void keep(const record::AnalysisRecord& analysis) = 0;

  /// Replaces an earlier record of the same id. What is recorded from now on belongs to the
  /// session.
  virtual void keep(const record::SessionRecord& session) = 0;

  /// Writes the weights recorded so far to `.safetensors` files and drops those not to be kept. The
  /// destructor calls it too. After a kill, the next writer does this.
  virtual void seal() = 0;
};

/// Size of a store, available without reading all of it.
struct StoreSize {
  std::int64_t runs = 0;
  std::int64_t epochs = 0;         ///< of all runs
  std::int64_t layer_signals = 0;  ///< of all epochs
  std::int64_t summaries = 0;      ///< weight summaries: one per tensor and stage
  std::int64_t variants = 0;
  std::int64_t most_images = 0;      ///< test images of the largest dataset
  std::int64_t most_replicates = 0;  ///< maximum per architecture and dataset
};

class Reader {
 public:
  virtual ~Reader() = default;

  [[nodiscard]] virtual StoreSize size() const = 0;
  [[nodiscard]] virtual record::StudyRecord study() const = 0;
  [[nodiscard]] virtual std::vector<record::DatasetRecord> datasets() const = 0;
  /// Ordered by start time.
  [[nodiscard]] virtual std::vector<record::SessionRecord> sessions() const = 0;
  /// The backends that computed results, sorted. Results of older versions are left out.
  [[nodiscard]] virtual std::vector<record::BackendUse> backends() const = 0;
  /// In the order of the plan.
  [[nodiscard]] virtual std::vector<record::RunRow> runs() const = 0;
  [[nodiscard]] virtual std::vector<record::EpochRecord> history(
      const std::string& run_id) const = 0;
  /// Visits the epochs of all runs, grouped by run and in order within a run. The order of runs is
  /// unspecified.
  virtual void histories(
      const std::function<void(const std::string& run_id, record::EpochRecord&& epoch)>& on_epoch)
      const = 0;

  /// Visits the weight summaries of all runs, grouped by run in plan order. Within a run: those at
  /// the start, then those at the end, each in tensor order.
  virtual void weight_summaries(
      const std::function<void(const std::string& run_id, record::WeightSummary&& summary)>&
          on_summary) const = 0;

  /// In plan order, then by pruning, sparsity, tensor, quantization and bits.
  [[nodiscard]] virtual std::vector<record::VariantRow> variants() const = 0;

  // Per-image results. Reading throws an input error if the stored bytes do not fit the datasets.

  /// Nullopt if the labels were not recorded (by an older version, or not requested).
  [[nodiscard]] virtual std::optional<record::DatasetLabels> labels(
      const std::string& dataset) const = 0;
  /// Visits all runs with predictions, in plan order.
  virtual void predictions(
      const std::function<void(const std::string& run_id, record::RunPredictions&& predictions)>&
          on_run) const = 0;
  /// Visits the outcomes of all variants that have any, in the order of `variants`. Only the fields
  /// of `which` that identify a variant of a run are set: pruning, sparsity_asked, quantization,
  /// format and tensor.
  virtual void outcomes(
      const std::function<void(const std::string& run_id, const record::Variant& which,
                               record::VariantOutcomes&& outcomes)>& on_variant) const = 0;

  /// Compression tasks already recorded.
  [[nodiscard]] virtual std::vector<record::CompressionTask> recorded_tasks() const = 0;
  /// Tasks that were recorded with a schema older than `schema`. If a fault of that schema has been
  /// fixed, recording the task again replaces it.
  [[nodiscard]] virtual std::vector<record::CompressionTask> tasks_before(int schema) const = 0;

  /// One sentence for each kind of results that older versions did not record, for each that cannot
  /// be trusted, and for compression that was left out. Empty: none.
  [[nodiscard]] virtual std::vector<std::string> lacks() const = 0;
  /// Reports what changed after it was recorded: "2 runs and 1 dataset"; empty: nothing. Reads
  /// every row.
  [[nodiscard]] virtual std::string changed_values() const = 0;

  /// Names accepted by `table`: every view and table meant for users.
  [[nodiscard]] virtual std::vector<std::string> table_names() const = 0;
  /// Calls `on_columns` once, then `on_row` for every row. Streams the table.
  virtual void table(const std::string& name,
                     const std::function<void(const std::vector<std::string>&)>& on_columns,
                     const std::function<void(const std::vector<record::Cell>&)>& on_row) const = 0;

  struct StoredTensor {
    network::TensorSpec spec;
    std::vector<float> values;
  };
  /// The weights of a run in layer order; empty if they were not kept.
  [[nodiscard]] virtual std::vector<StoredTensor> weights(const std::string& run_id) const = 0;
  /// Ids of the runs whose weights were kept, sorted.
  [[nodiscard]] virtual std::vector<std::string> runs_with_weights() const = 0;
};

struct WriterOptions {
  bool may_create = true;  ///< if false, a folder that is not a store is an input error
  /// A weight file that reaches this size is closed and a new one is started.
  std::uint64_t weights_file_bytes = 512'000'000;
};

/// Opens or creates the directory. Input errors: not a store, a store of a newer version, not
/// writable, locked by another process (the message names it).
[[nodiscard]] std::unique_ptr<Writer> open_writer(const std::filesystem::path& directory,
                                                  const WriterOptions& options = {});

/// Whether `minima run` would go on with what is in this folder. False if it would create the
/// store.
[[nodiscard]] bool has_store(const std::filesystem::path& directory);

/// Opens a store for reading, even while it is being written. Same input errors as open_writer.
[[nodiscard]] std::unique_ptr<Reader> open_reader(const std::filesystem::path& directory);

/// Merges the runs of several stores of one study into `out` (created, or added to). A run recorded
/// in several stores is taken once. Input errors: stores with different training settings or data.
void merge(const std::filesystem::path& out, std::span<const std::filesystem::path> stores);

}  // namespace minima::store
