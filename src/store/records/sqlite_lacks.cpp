// Finds what this version records but a store lacks. It looks at the rows, not at the schema,
// because updating an older store does not add the missing data.
#include <fmt/format.h>

#include <map>
#include <set>

#include "core/text.h"
#include "store/database/sqlite_schema.h"
#include "store/records/sqlite_reader.h"
#include "study/settings/compression_settings.h"

namespace minima::store {
namespace {

std::string predictions_lacking(const Database& database) {
  const std::int64_t finished =
      database.integer("SELECT count(*) FROM result WHERE status = 'finished'");
  const std::int64_t lacking = database.integer(
      "SELECT count(*) FROM result WHERE status = 'finished' AND run NOT IN "
      "(SELECT run FROM run_prediction)");
  if (lacking == 0) return "";
  if (lacking == finished) {
    return "No predictions per image: intervals use a binomial approximation. Run the study again "
           "in a new store to record them.";
  }
  return fmt::format(
      "{} of {} finished runs have no predictions per image: what needs them leaves these runs "
      "out. Run the study again in a new store to record them.",
      grouped(lacking), grouped(finished));
}

std::string outcomes_lacking(const Database& database) {
  const std::int64_t evaluated =
      database.integer("SELECT count(*) FROM variant WHERE test_accuracy IS NOT NULL");
  const std::int64_t lacking = database.integer(
      "SELECT count(*) FROM variant WHERE test_accuracy IS NOT NULL AND id NOT IN "
      "(SELECT variant FROM variant_outcome)");
  if (lacking == 0) return "";
  const std::string which = lacking == evaluated
                                ? "The pruned and quantized networks"
                                : fmt::format("{} of {} pruned and quantized networks",
                                              grouped(lacking), grouped(evaluated));
  return which +
         " have no outcomes per image: they cannot be compared with their runs image by image.";
}

std::string weights_lacking(const Database& database) {
  const bool has_runs = database.integer("SELECT EXISTS (SELECT 1 FROM result)") != 0;
  const bool has_figures = database.integer("SELECT EXISTS (SELECT 1 FROM weight_summary)") != 0;
  if (!has_runs || has_figures) return "";
  return "No figures of weights: the analyses of weights have nothing to work on.";
}

std::string last_steps_lacking(const Database& database) {
  const std::int64_t lacking = database.integer(
      "SELECT count(*) FROM result WHERE diverged_step > 1 AND last_layer IS NULL");
  if (lacking == 0) return "";
  return fmt::format("The last step before divergence is not recorded for {} diverged {}.",
                     grouped(lacking), lacking == 1 ? "run" : "runs");
}

// The number of calibration images of a protocol.
std::optional<int> calibration_of(const std::string& quantization) {
  const auto protocol = study::parse_quantization(quantization);
  return protocol ? std::optional(protocol->calibration_images) : std::nullopt;
}

std::string calibrations_in_doubt(const Database& database) {
  Statement row(database,
                "SELECT task, quantization, count(*) FROM variant WHERE pruning <> '' AND "
                "activations <> 'fp32' AND task IN "
                "(SELECT id FROM compression_task WHERE schema < ?) GROUP BY task, quantization");
  row.bind(kFirstWithOwnCalibration);
  std::map<std::int64_t, std::set<std::optional<int>>> calibrations;
  std::map<std::int64_t, std::int64_t> networks;
  while (row.step()) {
    calibrations[row.integer(0)].insert(calibration_of(row.text(1)));
    networks[row.integer(0)] += row.integer(2);
  }
  std::int64_t doubtful = 0;
  for (const auto& [task, images] : calibrations) {
    if (images.size() > 1) doubtful += networks[task];
  }
  if (doubtful == 0) return "";
  return fmt::format(
      "{} pruned and quantized {} may have been calibrated with another protocol's images. "
      "`minima run` makes them again where weights were kept.",
      grouped(doubtful), doubtful == 1 ? "network" : "networks");
}

std::string heads_in_doubt(const Database& database) {
  Statement row(
      database,
      "SELECT architecture, count(*) FROM variant WHERE activations <> 'fp32' AND task IN "
      "(SELECT id FROM compression_task WHERE schema < ?) GROUP BY architecture");
  row.bind(kFirstWithHeadsOfAnyWidth);
  std::int64_t doubtful = 0;
  while (row.step()) {
    if (has_heads_of_other_width(row.text(0))) doubtful += row.integer(1);
  }
  if (doubtful == 0) return "";
  return fmt::format(
      "{} vision {} with quantized activations, whose heads are not as wide as the block, may have "
      "wrong figures. `minima run` makes them again where weights were kept.",
      grouped(doubtful), doubtful == 1 ? "transformer" : "transformers");
}

std::string compression_lacking(std::int64_t tasks) {
  if (tasks == 0) return "";
  return fmt::format(
      "{} compression {} left out: the weights of their runs were not kept. `minima run STUDY "
      "--retrain-missing` trains these runs again, with the same results, and compresses them.",
      grouped(tasks), tasks == 1 ? "task was" : "tasks were");
}

}  // namespace

std::vector<std::string> SqliteReader::lacks() const {
  std::vector<std::string> sentences;
  for (const auto& lacking : {predictions_lacking, outcomes_lacking, weights_lacking,
                              last_steps_lacking, calibrations_in_doubt, heads_in_doubt}) {
    if (std::string sentence = lacking(database_); !sentence.empty()) {
      sentences.push_back(std::move(sentence));
    }
  }
  if (std::string sentence = compression_lacking(record::left_out(sessions())); !sentence.empty()) {
    sentences.push_back(std::move(sentence));
  }
  return sentences;
}

}  // namespace minima::store
