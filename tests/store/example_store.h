// A small study with made-up results, and helpers shared by the store tests.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "store/store.h"

namespace minima::store {

namespace fs = std::filesystem;

inline record::StudyRecord example_study(study::KeepWeights keep = study::KeepWeights::all) {
  return {.name = "example",
          .text = "[study]\nname = \"example\"\n",
          .train = "epochs=3 seed=1",
          .shard = "",
          .program_version = "0.1.0",
          .keep_weights = keep};
}

inline std::vector<record::DatasetRecord> example_datasets() {
  return {{.name = "mnist",
           .problem = {{1, 2, 2}, 3},
           .train_count = 60,
           .test_count = 10,
           .majority_share = 0.4,
           .class_names = {"zero", "o\"ne", "zwei \xc3\xa4"},
           .checksum = "aaaaaaaaaaaaaaaaaaaa"},
          {.name = "glyphs difficulty=0.7",
           .problem = {{1, 2, 2}, 3},
           .train_count = 60,
           .test_count = 10,
           .validation_count = 6,
           .majority_share = 0.4,
           .class_names = {"a", "b", "c"},
           .checksum = "bbbbbbbbbbbbbbbbbbbb",
           .notes = {"14 .heic files left out", "class \"c\" has no test images"}}};
}

inline study::Run example_run(const std::string& dataset, const std::string& architecture,
                              int replicate) {
  const std::string key = fmt::format("{} | {} | {}", dataset, architecture, replicate);
  return {.id = fmt::format("{:016x}", std::hash<std::string>()(key)),
          .dataset = dataset,
          .architecture = network::Architecture::parse(architecture),
          .replicate = replicate,
          .seed = 1,
          .train = {}};
}

/// A plan of two datasets x `architectures` widths x `replicates`.
inline std::vector<study::Run> example_plan(int architectures = 3, int replicates = 3) {
  std::vector<study::Run> plan;
  for (const record::DatasetRecord& dataset : example_datasets()) {
    for (int width = 1; width <= architectures; ++width) {
      for (int replicate = 0; replicate < replicates; ++replicate) {
        plan.push_back(example_run(dataset.name, fmt::format("dnn {}", 2 * width), replicate));
      }
    }
  }
  return plan;
}

/// A number in 0..1 that depends only on the run.
inline double number_of(const study::Run& run) {
  return static_cast<double>(std::stoull(run.id.substr(0, 8), nullptr, 16)) / 4294967296.0;
}

inline record::WeightSummary example_summary(record::WeightStage stage, double x) {
  return {.stage = stage,
          .tensor = 0,
          .name = "fc1.weight",
          .shape = {5, 4},
          .statistics = {.count = 20,
                         .not_finite = 0,
                         .mean = x,
                         .sd = 0.5,
                         .skewness = std::nan(""),
                         .kurtosis = -1.0,
                         .near_zero = 0.05,
                         .l1 = 2.0,
                         .l2 = 3.0,
                         .max = 0.75,
                         .stable_rank = 1.5},
          .quantiles = {-0.5F, 0.25F, 0.75F},
          .histogram = {.exponent = -8, .first_bin = -3, .counts = {1, 0, 19}},
          .nodes = {
              .nodes = 2, .mean = 1.0, .sd = 0.5, .min = 0.5, .max = 1.5, .values = {0.5F, 1.5F}}};
}

inline record::RunResult example_result(const study::Run& run, int epochs = 3) {
  const double x = number_of(run);
  record::RunResult result{.status = record::RunStatus::finished,
                           .epochs = epochs,
                           .train_loss = x,
                           .train_accuracy = 1 - x / 2,
                           .test_loss = x / 3,
                           .test_accuracy = 1 - x,
                           .validation_accuracy = run.dataset == "mnist" ? std::nan("") : 1 - x / 4,
                           .diverged_step = std::nullopt,
                           .seconds = 0.25,
                           .history = {}};
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    result.history.push_back({.epoch = epoch,
                              .learning_rate = 0.001,
                              .train_loss = x / epoch,
                              .train_accuracy = 0.5,
                              .test_loss = x / epoch / 2,
                              .test_accuracy = 0.75,
                              .predicted_classes = 3,
                              .top_class = 1,
                              .top_class_share = 0.4,
                              .layers = {{0.5 * x, 2, 1}, {0.25, 3, 0}}});
  }
  result.weights = {example_summary(record::WeightStage::start, x),
                    example_summary(record::WeightStage::end, 2.0 * x)};
  return result;
}

/// The tensors of a run; their values depend only on the run.
class ExampleWeights {
 public:
  explicit ExampleWeights(const study::Run& run, int rows = 5, int columns = 4)
      : weight_(static_cast<std::size_t>(rows * columns)), bias_(static_cast<std::size_t>(rows)) {
    auto value = static_cast<float>(number_of(run));
    for (float& w : weight_) w = (value += 1.0F);
    for (float& b : bias_) b = (value -= 2.0F);
    tensors_ = {{{"fc1.weight", {rows, columns}}, weight_}, {{"fc1.bias", {rows}}, bias_}};
  }
  ExampleWeights(const ExampleWeights&) = delete;
  ExampleWeights& operator=(const ExampleWeights&) = delete;
  const std::vector<NamedTensor>& tensors() const { return tensors_; }

 private:
  std::vector<float> weight_;
  std::vector<float> bias_;
  std::vector<NamedTensor> tensors_;
};

/// Opens a writer that finds nothing to do.
inline void open_and_close(const fs::path& directory, const WriterOptions& options = {}) {
  static_cast<void>(open_writer(directory, options));
}

inline void record(Writer& writer, const study::Run& run) {
  writer.record(run, example_result(run), ExampleWeights(run).tensors());
}

inline bool has_example_weights(const Reader& reader, const study::Run& run, int rows = 5,
                                int columns = 4) {
  const auto stored = reader.weights(run.id);
  const ExampleWeights expected(run, rows, columns);
  if (stored.size() != expected.tensors().size()) return false;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const NamedTensor& tensor = expected.tensors()[i];
    if (stored[i].spec.name != tensor.spec.name || stored[i].spec.shape != tensor.spec.shape ||
        !std::equal(tensor.values.begin(), tensor.values.end(), stored[i].values.begin(),
                    stored[i].values.end())) {
      return false;
    }
  }
  return true;
}

inline std::string to_text(const record::Cell& cell) {
  if (std::holds_alternative<std::monostate>(cell)) return "NULL";
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&cell)) return fmt::format("{}", *real);
  return std::get<std::string>(cell);
}

/// A table as lines of text; the first line has the column names.
inline std::vector<std::string> lines_of(const Reader& reader, const std::string& table) {
  std::vector<std::string> lines;
  reader.table(
      table,
      [&](const std::vector<std::string>& columns) {
        lines.push_back(fmt::format("{}", fmt::join(columns, "|")));
      },
      [&](const std::vector<record::Cell>& cells) {
        std::string line;
        for (const record::Cell& cell : cells) line += (line.empty() ? "" : "|") + to_text(cell);
        lines.push_back(line);
      });
  return lines;
}

/// The lines of the views that depend only on plan and results.
inline std::vector<std::string> results_of(const fs::path& directory) {
  const auto reader = open_reader(directory);
  std::vector<std::string> all;
  for (const char* view :
       {"runs", "epochs", "epoch_details", "layers", "divergences", "validations", "variants",
        "variant_tensors", "weight_statistics", "weight_histograms", "node_strengths"}) {
    for (std::string& line : lines_of(*reader, view)) all.push_back(std::move(line));
  }
  return all;
}

/// The sorted names of the weight files of a store.
inline std::vector<std::string> weights_files(const fs::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("weights-")) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Returns the error that `action` throws; fails the test if it throws none.
inline Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return {Error::Kind::work, ""};
}

}  // namespace minima::store
