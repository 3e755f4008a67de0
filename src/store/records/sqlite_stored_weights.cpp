#include "store/records/sqlite_stored_weights.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <string_view>

#include "core/error.h"
#include "store/database/checked_row.h"
#include "store/records/sqlite_reader.h"
#include "store/records/sqlite_tables.h"

namespace minima::store {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{4} << 20;

std::string place_of(const IndexedTensor& tensor) {
  return fmt::format("run {}, tensor {}", printable(tensor.run_id, 40),
                     printable(tensor.spec.name, 80));
}

// The run id in a tensor's name ("run/tensor").
std::string_view run_of(std::string_view name) {
  return name.substr(0, name.find('/'));
}

Error damage(const std::filesystem::path& store, const std::filesystem::path& file,
             const std::string& where, const std::string& problem) {
  return input_error({file.string(), where}, problem,
                     fmt::format("`minima doctor {}` checks the store", store.string()));
}

}  // namespace

std::string problem_of(const Error& error, const std::filesystem::path& file) {
  std::string line = error.what();
  if (const std::string prefix = file.string() + ": "; line.starts_with(prefix)) {
    line.erase(0, prefix.size());
  }
  return line.substr(0, line.find("; "));
}

Error damaged_values(const std::filesystem::path& store, const std::filesystem::path& file,
                     const IndexedTensor& tensor) {
  return damage(store, file, place_of(tensor), "its values are not those that were recorded");
}

std::string select_indexed_tensors() {
  return fmt::format(
      "SELECT run.run_id, run.id, weight_file.sealed, weight_file.data_start, {}, {} "
      "FROM run CROSS JOIN weight ON weight.run = run.id "
      "CROSS JOIN weight_file ON weight_file.number = weight.file "
      "LEFT JOIN weight_summary AS summary ON weight.checksum IS NULL AND "
      "summary.run = weight.run AND summary.stage = 'end' AND summary.tensor = weight.tensor "
      "AND summary.name = weight.name ",
      select_list<WeightTable>(), select_list<StatisticsColumns>("summary"));
}

IndexedTensor indexed_tensor(const Statement& statement) {
  constexpr int kFirstOfWeight = 4;
  const CheckedRow row(statement, "weight", 0);
  auto weight = read_row<WeightTable>(row, kFirstOfWeight);
  if (values_of(weight.shape) != weight.count) {
    row.refuse("count", "the number of values of its shape");
  }
  IndexedTensor tensor;
  tensor.run_id = row.text(0);
  tensor.run = row.count(1);
  tensor.number = weight.number;
  tensor.spec.name = std::move(weight.name);
  tensor.spec.shape = std::move(weight.shape);
  tensor.count = weight.count;
  tensor.file = weight.file;
  tensor.sealed = row.integer(2, 0, 1) != 0;
  tensor.byte = static_cast<std::uint64_t>(row.count(3) + weight.offset);
  const int first_of_summary = kFirstOfWeight + column_count<WeightTable>();
  if (weight.checksum) {
    constexpr std::int64_t kMostChecksum = std::numeric_limits<std::uint32_t>::max();
    if (*weight.checksum > kMostChecksum) row.refuse("checksum", "a CRC-32");
    tensor.record.checksum = static_cast<std::uint32_t>(*weight.checksum);
  } else if (!row.is_null(first_of_summary)) {
    tensor.record.statistics = read_row<StatisticsColumns>(row, first_of_summary);
  }
  return tensor;
}

StoredWeights::StoredWeights(const Database& database, std::filesystem::path directory)
    : database_(database), directory_(std::move(directory)) {}

PosixFile StoredWeights::opened(const IndexedTensor& tensor) const {
  const std::filesystem::path path = directory_ / weights_file_name(tensor.file, tensor.sealed);
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) {
    throw damage(directory_, path, place_of(tensor), "is missing");
  }
  return {path, O_RDONLY};
}

void StoredWeights::check_place(const PosixFile& file, const IndexedTensor& tensor) const {
  const std::uint64_t size = file.size();
  const auto values = static_cast<std::uint64_t>(tensor.count);
  if (tensor.byte > size || values > (size - tensor.byte) / sizeof(float)) {
    throw damage(directory_, file.path(), place_of(tensor), "the file ends too early");
  }
}

std::vector<float> StoredWeights::values_of(const PosixFile& file,
                                            const IndexedTensor& tensor) const {
  check_place(file, tensor);
  std::vector<float> values(static_cast<std::size_t>(tensor.count));
  const auto bytes = std::as_writable_bytes(std::span(values));
  file.read_at(bytes, tensor.byte);
  TensorCheck check(tensor.record);
  check.add(bytes);
  if (!check.fits()) {
    throw damaged_values(directory_, file.path(), tensor);
  }
  return values;
}

void StoredWeights::check_values(const PosixFile& file, const IndexedTensor& tensor) const {
  check_place(file, tensor);
  TensorCheck check(tensor.record);
  std::vector<std::byte> piece;
  std::uint64_t left = sizeof(float) * static_cast<std::uint64_t>(tensor.count);
  for (std::uint64_t at = tensor.byte; left > 0; at += piece.size(), left -= piece.size()) {
    piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, kPieceBytes)));
    file.read_at(piece, at);
    check.add(piece);
  }
  if (!check.fits()) {
    throw damaged_values(directory_, file.path(), tensor);
  }
}

SafetensorsHeader StoredWeights::header_of(const PosixFile& file) const {
  try {
    return read_safetensors_header(file);
  } catch (const Error& error) {
    if (error.kind() != Error::Kind::input) throw;  // a failing disk, not a damaged header
    throw damage(directory_, file.path(), "", problem_of(error, file.path()));
  }
}

void StoredWeights::check_header(const PosixFile& file, std::int64_t number) const {
  const std::scoped_lock guard(mutex_);
  if (checked_.contains(number)) return;
  const SafetensorsHeader header = header_of(file);
  std::map<std::string, const TensorEntry*, std::less<>> entries;
  for (const TensorEntry& entry : header.tensors) entries.emplace(entry.name, &entry);
  std::set<std::string, std::less<>> runs;
  Statement row(database_, select_indexed_tensors() + "WHERE weight.file = ?");
  row.bind(number);
  while (row.step()) {
    const IndexedTensor tensor = indexed_tensor(row);
    const auto found = entries.find(tensor.run_id + "/" + tensor.spec.name);
    if (found == entries.end()) {
      throw damage(directory_, file.path(), place_of(tensor), "the header does not name it");
    }
    const TensorEntry& entry = *found->second;
    if (entry.dtype != "F32" || entry.shape != tensor.spec.shape ||
        header.data_start + entry.begin != tensor.byte) {
      throw damage(directory_, file.path(), place_of(tensor),
                   "the header gives it another shape or place than runs.sqlite");
    }
    runs.insert(tensor.run_id);
    entries.erase(found);
  }
  for (const auto& [name, entry] : entries) {
    if (runs.contains(run_of(name))) {
      throw damage(directory_, file.path(), "tensor " + printable(name, 80),
                   "runs.sqlite does not list it");
    }
  }
  checked_.insert(number);
}

std::set<std::int64_t> StoredWeights::runs_with_unlisted(const PosixFile& file,
                                                         std::int64_t number) const {
  const SafetensorsHeader header = header_of(file);
  struct Run {
    std::int64_t row = 0;
    std::int64_t lacking = 0;  // tensors in the header minus those in the index
  };
  std::map<std::string, Run, std::less<>> runs;
  Statement row(database_, select_indexed_tensors() + "WHERE weight.file = ?");
  row.bind(number);
  while (row.step()) {
    const IndexedTensor tensor = indexed_tensor(row);
    Run& run = runs[tensor.run_id];
    run.row = tensor.run;
    --run.lacking;
  }
  // Compares counts and not names, because names in a damaged header may be wrong.
  for (const TensorEntry& entry : header.tensors) {
    if (const auto run = runs.find(run_of(entry.name)); run != runs.end()) ++run->second.lacking;
  }
  std::set<std::int64_t> lacking;
  for (const auto& [id, run] : runs) {
    if (run.lacking > 0) lacking.insert(run.row);
  }
  return lacking;
}

std::vector<Reader::StoredTensor> StoredWeights::read(const std::string& run_id) const {
  constexpr int kAttempts = 5;
  for (int attempt = 1;; ++attempt) {
    std::vector<Reader::StoredTensor> tensors;
    std::filesystem::path path;
    PosixFile file;
    try {
      Statement row(database_,
                    select_indexed_tensors() + "WHERE run.run_id = ? ORDER BY weight.tensor");
      row.bind(run_id);
      while (row.step()) {
        const IndexedTensor tensor = indexed_tensor(row);
        path = directory_ / weights_file_name(tensor.file, tensor.sealed);
        if (tensor.number != std::ssize(tensors)) {
          throw damage(
              directory_, database_.path(), place_of(tensor),
              fmt::format("is number {}, {} belongs there", tensor.number, tensors.size()));
        }
        if (path != file.path()) {
          file = opened(tensor);
          if (tensor.sealed) check_header(file, tensor.file);
        }
        tensors.push_back({tensor.spec, values_of(file, tensor)});
      }
      return tensors;
    } catch (const Error&) {
      // A writer may have sealed the part after the index was read and before the file was opened.
      // The index then names the new file, so try again.
      std::error_code error;
      if (attempt == kAttempts || std::filesystem::exists(path, error)) throw;
    }
  }
}

void StoredWeights::check_index() const {
  Statement row(database_, select_indexed_tensors());
  while (row.step()) static_cast<void>(indexed_tensor(row));
  // The next file takes the number after this one. If an existing file had that number, it would be
  // overwritten.
  Statement last(database_,
                 "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'weight_file'), 0) "
                 "AS seq, coalesce((SELECT max(number) FROM weight_file), 0)");
  if (!last.step()) return;
  const CheckedRow checked(last, "sqlite_sequence");
  static_cast<void>(checked.integer(0, checked.count(1), kMostCount));
}

std::vector<LostWeights> StoredWeights::lost() const {
  std::vector<LostWeights> all;
  Statement files(database_, "SELECT number, sealed FROM weight_file ORDER BY number");
  Statement runs(database_,
                 "SELECT count(DISTINCT run) FROM weight JOIN weight_file ON number = file "
                 "WHERE file = ? AND data_start + offset + 4 * count > ?");
  while (files.step()) {
    const std::string name = weights_file_name(files.integer(0), files.integer(1) != 0);
    std::error_code error;
    const auto size = std::filesystem::file_size(directory_ / name, error);
    const std::int64_t lost = runs.find(files.integer(0), error ? 0 : size).value_or(0);
    // A writer may have moved the weights to another file meanwhile.
    const bool is_known =
        Statement(database_, "SELECT 1 FROM weight_file WHERE number = ? AND sealed = ?")
            .find(files.integer(0), files.integer(1))
            .has_value();
    if (lost > 0 && is_known) {
      all.push_back({name, error ? "is missing" : "is too short", lost});
    }
  }
  return all;
}

std::vector<Reader::StoredTensor> SqliteReader::weights(const std::string& run_id) const {
  return weights_.read(run_id);
}

std::vector<LostWeights> lost_weights(const std::filesystem::path& directory) {
  return SqliteReader(directory, Integrity::unchecked).stored_weights().lost();
}

}  // namespace minima::store
