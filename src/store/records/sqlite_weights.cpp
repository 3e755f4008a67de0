#include "store/records/sqlite_weights.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <unordered_set>

#include "core/codes/crc32.h"
#include "core/error.h"
#include "record/run_result.h"
#include "store/files/safetensors.h"
#include "store/records/sqlite_checksums.h"
#include "store/records/sqlite_stored_weights.h"
#include "store/records/sqlite_tables.h"
#include "store/representative.h"
#include "study/settings/kept.h"

namespace minima::store {
namespace {

constexpr std::size_t kCopyBytes = std::size_t{4} << 20;
// Keeps headers far below the format's limit of 100 MB.
constexpr std::size_t kTensorsPerFile = 400'000;

// Collects values from scattered reads into large writes.
class BufferedCopy {
 public:
  BufferedCopy(const PosixFile& to, std::uint64_t at) : to_(to), at_(at) {
    buffer_.reserve(kCopyBytes);
  }
  void copy(const PosixFile& from, std::uint64_t begin, std::uint64_t bytes, TensorCheck& check) {
    while (bytes > 0) {
      const std::size_t used = buffer_.size();
      const auto piece =
          static_cast<std::size_t>(std::min<std::uint64_t>(kCopyBytes - used, bytes));
      buffer_.resize(used + piece);
      const auto read = std::span(buffer_).subspan(used);
      from.read_at(read, begin);
      check.add(read);
      begin += piece;
      bytes -= piece;
      if (buffer_.size() == kCopyBytes) flush();
    }
  }
  void flush() {
    to_.write_at(buffer_, at_);
    at_ += buffer_.size();
    buffer_.clear();
  }

 private:
  const PosixFile& to_;
  std::uint64_t at_;
  std::vector<std::byte> buffer_;
};

}  // namespace

std::string weights_file_name(std::int64_t number, bool sealed) {
  return fmt::format("weights-{:04}.{}", number, sealed ? "safetensors" : "part");
}

std::vector<std::filesystem::path> stray_files(const Database& database,
                                               const std::filesystem::path& directory) {
  std::unordered_set<std::string> known;
  Statement all(database, "SELECT number, sealed FROM weight_file");
  while (all.step()) known.insert(weights_file_name(all.integer(0), all.integer(1) != 0));
  static const std::regex ours(R"(weights-[0-9]{4,}\.(part|safetensors|safetensors\.tmp))");
  std::vector<std::filesystem::path> strays;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    const std::string name = entry.path().filename().string();
    if (std::regex_match(name, ours) && !known.contains(name)) strays.push_back(entry.path());
  }
  return strays;
}

void forget_variants(const Database& database, std::span<const std::int64_t> runs) {
  for (const char* table : {"variant_tensor", "variant_outcome"}) {
    Statement remove(
        database,
        fmt::format("DELETE FROM {} WHERE variant IN (SELECT id FROM variant WHERE run = ?)",
                    table));
    for (const std::int64_t run : runs) remove.run(run);
  }
  for (const std::int64_t run : runs) {
    forget_checksum(database, {Part::compression, std::to_string(run)});
  }
  for (const char* table : {"variant", "compression_task"}) {
    Statement remove(database, fmt::format("DELETE FROM {} WHERE run = ?", table));
    for (const std::int64_t run : runs) remove.run(run);
  }
}

void unrecord(const Database& database, std::span<const std::int64_t> runs) {
  // Variants are removed with their run, because their outcomes are relative to its predictions.
  forget_variants(database, runs);
  ChecksumUpdate labels(database, {Part::analysis, kLabels});
  for (const char* table : {"weight", "weight_summary", "run_prediction", "layer_signal", "epoch",
                            "run_label", "result"}) {
    Statement remove(database, fmt::format("DELETE FROM {} WHERE run = ?", table));
    for (const std::int64_t run : runs) remove.run(run);
  }
  for (const std::int64_t run : runs) forget_checksum(database, {Part::run, std::to_string(run)});
  labels.keep();
}

Weights::Weights(const Database& database, std::filesystem::path directory,
                 std::uint64_t file_bytes)
    : database_(database),
      directory_(std::move(directory)),
      file_bytes_(file_bytes),
      insert_file_(database,
                   "INSERT OR IGNORE INTO weight_file (number, sealed, data_start, bytes) "
                   "VALUES (?, 0, 0, 0)"),
      insert_tensor_(database, insert_into<WeightTable>({"run"})) {}

std::int64_t Weights::next_number() const {
  return 1 + database_.integer("SELECT seq FROM sqlite_sequence WHERE name = 'weight_file'");
}

// ---- appending -------------------------------------------------------------------------------

void Weights::open_part() {
  Statement unsealed(database_,
                     "SELECT number, (SELECT max(offset + 4 * count) FROM weight "
                     "WHERE file = number) FROM weight_file WHERE sealed = 0 ORDER BY number DESC");
  if (unsealed.step()) {
    part_number_ = unsealed.integer(0);
    part_end_ = unsealed.size(1);
    part_ = PosixFile(directory_ / weights_file_name(part_number_, false), O_WRONLY | O_CREAT);
    return;
  }
  part_number_ = next_number();
  part_end_ = 0;
  part_ =
      PosixFile(directory_ / weights_file_name(part_number_, false), O_WRONLY | O_CREAT | O_TRUNC);
}

Weights::Appended Weights::append(std::span<const NamedTensor> tensors) {
  if (!part_.is_open()) open_part();
  Appended place{.file = part_number_, .begin = part_end_, .end = part_end_};
  for (const NamedTensor& tensor : tensors) {
    part_.write_at(std::as_bytes(tensor.values), place.end);
    place.end += tensor.values.size_bytes();
  }
  return place;
}

void Weights::index(std::int64_t run, std::span<const NamedTensor> tensors, const Appended& place) {
  insert_file_.run(place.file);
  WeightRow row{.file = place.file, .offset = static_cast<std::int64_t>(place.begin)};
  for (const NamedTensor& tensor : tensors) {
    row.name = tensor.spec.name;
    row.shape = tensor.spec.shape;
    row.count = std::ssize(tensor.values);
    row.checksum = crc32(std::as_bytes(tensor.values));
    insert_row<WeightTable>(insert_tensor_, row, run);
    ++row.number;
    row.offset += static_cast<std::int64_t>(tensor.values.size_bytes());
  }
}

bool Weights::committed(const Appended& place) {
  part_end_ = place.end;
  return part_end_ >= file_bytes_;
}

// ---- recovering ------------------------------------------------------------------------------

void Weights::recover() {
  for (const std::filesystem::path& stray : stray_files(database_, directory_)) {
    std::error_code ignored;
    std::filesystem::remove(stray, ignored);
  }
  std::vector<std::int64_t> parts;
  Statement unsealed(database_, "SELECT number FROM weight_file WHERE sealed = 0");
  while (unsealed.step()) parts.push_back(unsealed.integer(0));
  for (const std::int64_t number : parts) {
    const std::vector<std::int64_t> lost = lost_runs(number);
    if (lost.empty()) continue;
    Transaction transaction(database_);
    unrecord(database_, lost);
    transaction.commit();
  }
}

// A part is written without flushing. After a power cut the index may list runs whose values are
// missing or never reached the disk.
std::vector<std::int64_t> Weights::lost_runs(std::int64_t part) const {
  const std::filesystem::path path = directory_ / weights_file_name(part, false);
  std::vector<std::int64_t> lost;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    Statement all(database_, "SELECT DISTINCT run FROM weight WHERE file = ?");
    all.bind(part);
    while (all.step()) lost.push_back(all.integer(0));
    return lost;
  }
  const PosixFile file(path, O_RDONLY);
  const StoredWeights stored(database_, directory_);
  Statement row(database_, select_indexed_tensors() + "WHERE weight.file = ? ORDER BY run.id");
  row.bind(part);
  while (row.step()) {
    const IndexedTensor tensor = indexed_tensor(row);
    if (!lost.empty() && lost.back() == tensor.run) continue;
    try {
      stored.check_values(file, tensor);
    } catch (const Error& damage) {
      if (damage.kind() != Error::Kind::input) throw;  // a failing disk, not damaged values
      lost.push_back(tensor.run);
    }
  }
  return lost;
}

// ---- sealing ---------------------------------------------------------------------------------

void Weights::seal() {
  rewrite({});
}

void Weights::rewrite(const std::set<std::int64_t>& numbers) {
  const std::vector<std::int64_t> dropped = dropped_runs();
  const std::vector<File> from = sources(files(dropped), numbers);
  if (from.empty() && dropped.empty()) return;
  part_.close();
  std::vector<Output> outputs = arrange(tensors_in(from, dropped), from);
  for (Output& output : outputs) write(output, from);
  move_index(outputs, from, dropped);
  for (const File& file : from) {
    std::error_code ignored;  // the next writer removes a remaining file as a stray
    std::filesystem::remove(directory_ / weights_file_name(file.number, file.sealed), ignored);
  }
}

std::vector<std::int64_t> Weights::dropped_runs() const {
  using study::KeepWeights;
  Statement study(database_, "SELECT keep_weights, shard FROM study_record");
  if (!study.step()) return {};
  const auto keep = CheckedRow(study, "study_record").word<KeepWeights>(0);
  const bool is_shard = !study.text(1).empty();
  study.reset();
  // A shard has only some of the replicates, so the representative is chosen after the merge.
  if (keep == KeepWeights::all || (keep == KeepWeights::representative && is_shard)) return {};
  std::vector<Replicate> runs;
  Statement replicates(database_,
                       "SELECT run.id, run.dataset || ' ' || run.architecture, run.replicate, "
                       "coalesce(result.status, 'planned') AS status, "
                       "COALESCE(result.validation_accuracy, result.test_accuracy), "
                       "EXISTS (SELECT 1 FROM weight WHERE weight.run = run.id) "
                       "FROM run LEFT JOIN result ON result.run = run.id");
  while (replicates.step()) {
    runs.push_back({.run = replicates.integer(0),
                    .group = replicates.text(1),
                    .replicate = replicates.small(2),
                    .status = CheckedRow(replicates, "result").word<record::RunStatus>(3),
                    .accuracy = replicates.real(4),
                    .has_weights = replicates.integer(5) != 0});
  }
  if (keep == KeepWeights::representative) return superfluous_weights(std::move(runs));
  std::vector<std::int64_t> all;
  for (const Replicate& run : runs) {
    if (run.has_weights) all.push_back(run.run);
  }
  return all;
}

std::vector<Weights::File> Weights::files(const std::vector<std::int64_t>& dropped) const {
  std::map<std::int64_t, File> by_number;
  Statement all(database_, "SELECT number, sealed, data_start, bytes FROM weight_file");
  while (all.step()) {
    by_number[all.integer(0)] = {.number = all.integer(0),
                                 .sealed = all.integer(1) != 0,
                                 .data_start = all.size(2),
                                 .bytes = all.size(3)};
  }
  const std::unordered_set<std::int64_t> gone(dropped.begin(), dropped.end());
  Statement used(database_, "SELECT file, run, sum(4 * count) FROM weight GROUP BY file, run");
  while (used.step()) {
    if (!gone.contains(used.integer(1))) by_number[used.integer(0)].live += used.size(2);
  }
  std::vector<File> files;
  for (const auto& [number, file] : by_number) files.push_back(file);
  return files;
}

bool Weights::is_lost(const File& file) const {
  std::error_code missing;
  const auto size =
      std::filesystem::file_size(directory_ / weights_file_name(file.number, file.sealed), missing);
  return missing || size < file.data_start + file.bytes;
}

// Selects the files to rewrite: every part, sealed files of which more than half was dropped, and
// small sealed files from interrupted sessions if there are others to join them with. Lost sealed
// files are skipped; `minima doctor` handles their runs.
std::vector<Weights::File> Weights::sources(const std::vector<File>& files,
                                            const std::set<std::int64_t>& chosen) const {
  std::vector<File> usable = files;
  std::erase_if(usable, [&](const File& file) {
    return file.sealed && file.live > 0 && !chosen.contains(file.number) && is_lost(file);
  });
  const auto is_dead = [](const File& file) { return file.sealed && 2 * file.live < file.bytes; };
  const auto is_small = [&](const File& file) {
    return file.sealed && !is_dead(file) && file.live < file_bytes_ / 8;
  };
  const auto joinable = std::count_if(usable.begin(), usable.end(), [&](const File& file) {
    return file.live > 0 && (!file.sealed || is_dead(file) || is_small(file));
  });
  std::erase_if(usable, [&](const File& file) {
    return file.sealed && !chosen.contains(file.number) && !is_dead(file) &&
           !(is_small(file) && joinable > 1);
  });
  return usable;
}

std::vector<Weights::Tensor> Weights::tensors_in(const std::vector<File>& files,
                                                 const std::vector<std::int64_t>& dropped) const {
  std::unordered_set<std::int64_t> wanted;
  for (const File& file : files) wanted.insert(file.number);
  const std::unordered_set<std::int64_t> gone(dropped.begin(), dropped.end());
  std::vector<Tensor> tensors;
  Statement all(database_, select_indexed_tensors() + "ORDER BY run.position, weight.tensor");
  while (all.step()) {
    IndexedTensor tensor = indexed_tensor(all);
    if (!wanted.contains(tensor.file) || gone.contains(tensor.run)) continue;
    const std::uint64_t bytes = sizeof(float) * static_cast<std::uint64_t>(tensor.count);
    tensors.push_back({.from = std::move(tensor), .bytes = bytes});
  }
  return tensors;
}

// Arranges tensors into files of at most file_bytes_ without splitting a run. A part keeps its
// number when it is sealed.
std::vector<Weights::Output> Weights::arrange(std::vector<Tensor> tensors,
                                              const std::vector<File>& from) const {
  std::vector<std::int64_t> numbers;
  for (const File& file : from) {
    if (!file.sealed) numbers.push_back(file.number);
  }
  std::int64_t fresh = next_number();
  std::vector<Output> outputs;
  for (std::size_t begin = 0; begin < tensors.size();) {
    std::size_t end = begin;
    std::uint64_t bytes = 0;
    for (; end < tensors.size() && tensors[end].from.run == tensors[begin].from.run; ++end) {
      bytes += tensors[end].bytes;
    }
    if (outputs.empty() || outputs.back().bytes + bytes > file_bytes_ ||
        outputs.back().tensors.size() + (end - begin) > kTensorsPerFile) {
      Output& output = outputs.emplace_back();
      output.number = outputs.size() <= numbers.size() ? numbers[outputs.size() - 1] : fresh++;
    }
    outputs.back().bytes += bytes;
    std::move(tensors.begin() + static_cast<std::ptrdiff_t>(begin),
              tensors.begin() + static_cast<std::ptrdiff_t>(end),
              std::back_inserter(outputs.back().tensors));
    begin = end;
  }
  return outputs;
}

void Weights::write(Output& output, const std::vector<File>& from) const {
  std::vector<network::TensorSpec> specs;
  for (const Tensor& tensor : output.tensors) {
    specs.push_back({tensor.from.run_id + "/" + tensor.from.spec.name, tensor.from.spec.shape});
  }
  Statement name(database_, "SELECT name FROM study_record");
  name.step();
  const std::string header = safetensors_header(specs, {{"format", "pt"}, {"study", name.text(0)}});
  output.data_start = header.size();

  const std::filesystem::path path = directory_ / weights_file_name(output.number, true);
  std::filesystem::path temporary = path;
  temporary += ".tmp";
  try {
    write(temporary, output, header, from);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw;
  }
  rename_durably(temporary, path);
}

// Copied values are compared with the record of their tensor. A checksum is kept, or computed if
// there was none.
void Weights::write(const std::filesystem::path& path, Output& output, const std::string& header,
                    const std::vector<File>& from) const {
  std::map<std::int64_t, PosixFile> open;
  for (const File& file : from) {
    if (file.live == 0) continue;
    open[file.number] =
        PosixFile(directory_ / weights_file_name(file.number, file.sealed), O_RDONLY);
  }
  PosixFile to(path, O_WRONLY | O_CREAT | O_TRUNC);
  to.write_at(std::as_bytes(std::span(header)), 0);
  BufferedCopy copy(to, header.size());
  for (Tensor& tensor : output.tensors) {
    const PosixFile& source = open[tensor.from.file];
    TensorCheck check(tensor.from.record);
    copy.copy(source, tensor.from.byte, tensor.bytes, check);
    if (!check.fits()) throw damaged_values(directory_, source.path(), tensor.from);
    tensor.checksum = check.checksum();
  }
  copy.flush();
  to.sync();
}

void Weights::move_index(const std::vector<Output>& outputs, const std::vector<File>& from,
                         const std::vector<std::int64_t>& dropped) const {
  Transaction transaction(database_);
  Statement drop(database_, "DELETE FROM weight WHERE run = ?");
  for (const std::int64_t run : dropped) drop.run(run);
  Statement remove_file(database_, "DELETE FROM weight_file WHERE number = ?");
  for (const File& file : from) remove_file.run(file.number);
  Statement add_file(
      database_, "INSERT INTO weight_file (number, sealed, data_start, bytes) VALUES (?, 1, ?, ?)");
  Statement move(database_,
                 "UPDATE weight SET file = ?, offset = ?, checksum = ? WHERE run = ? AND "
                 "tensor = ?");
  for (const Output& output : outputs) {
    add_file.run(output.number, output.data_start, output.bytes);
    std::uint64_t offset = 0;
    for (const Tensor& tensor : output.tensors) {
      move.run(output.number, offset, std::uint64_t{tensor.checksum}, tensor.from.run,
               tensor.from.number);
      offset += tensor.bytes;
    }
  }
  transaction.commit();
}

}  // namespace minima::store
