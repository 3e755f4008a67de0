#include "store/records/sqlite_checksums.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "core/codes/crc32.h"
#include "core/text.h"
#include "store/database/sqlite_checks.h"
#include "store/records/sqlite_reader.h"

namespace minima::store {
namespace {

struct PartName {
  Part part;
  const char* key;  ///< name in the database
  const char* one;
  const char* many;
};
constexpr PartName kParts[] = {
    {Part::study, "study", "the study", "studies"},
    {Part::dataset, "dataset", "1 dataset", "datasets"},
    {Part::run, "run", "1 run", "runs"},
    {Part::compression, "compression", "the compressed networks of 1 run",
     "runs' compressed networks"},
    {Part::session, "session", "1 session", "sessions"},
    {Part::analysis, "analysis", "1 analysis", "analyses"},
};

const PartName& name_of(Part part) {
  return *std::ranges::find(kParts, part, &PartName::part);
}

/// A query for the rows of a part.
struct Source {
  Part part;
  std::string owner;    ///< column of the owner
  std::string columns;  ///< columns that are summed
  std::string from;
  std::string of_owner;  ///< condition that selects an owner as ?1
};

// The study covers the whole plan. The checksum of a run omits its position in the plan, which
// changes as the plan grows. Weights have their own checksums.
const std::vector<Source>& fixed_sources() {
  static const std::vector<Source> sources{
      {Part::study, "one", "*", "study_record", "one = ?1"},
      {Part::study, "1", "*", "run", "?1 = '1'"},
      {Part::dataset, "id", "*", "dataset", "id = ?1"},
      {Part::dataset, "dataset", "*", "dataset_label", "dataset = ?1"},
      {Part::run, "id", "run_id, dataset, family, architecture, parameters, replicate, seed, train",
       "run", "id = ?1"},
      {Part::run, "run", "*", "result", "run = ?1"},
      {Part::run, "run", "*", "epoch", "run = ?1"},
      {Part::run, "run", "*", "layer_signal", "run = ?1"},
      {Part::run, "run", "*", "weight_summary", "run = ?1"},
      {Part::run, "run", "*", "run_prediction", "run = ?1"},
      {Part::compression, "run", "*", "compression_task", "run = ?1"},
      {Part::compression, "run", "*", "variant", "run = ?1"},
      {Part::compression, "variant.run", "variant_tensor.*",
       "variant CROSS JOIN variant_tensor ON variant_tensor.variant = variant.id",
       "variant.run = ?1"},
      {Part::compression, "variant.run", "variant_outcome.*",
       "variant CROSS JOIN variant_outcome ON variant_outcome.variant = variant.id",
       "variant.run = ?1"},
      {Part::session, "session_id", "*", "session", "session_id = ?1"},
      {Part::analysis, "name", "*", "analysis_record", "name = ?1"},
      {Part::analysis, "analysis", "*", "analysis_table", "analysis = ?1"},
      {Part::analysis, fmt::format("'{}'", kLabels), "*", "run_label",
       fmt::format("?1 = '{}'", kLabels)},
  };
  return sources;
}

// Tables of analyses. The names of tables and analyses come from the file, so only plain names are
// used.
std::vector<Source> sources_of_analyses(const Database& database) {
  std::vector<Source> sources;
  Statement row(database, "SELECT name, analysis FROM analysis_table ORDER BY name");
  while (row.step()) {
    const std::string table = row.text(0);
    const std::string analysis = row.text(1);
    if (!is_plain_name(table) || is_schema_name(table) || !is_plain_name(analysis)) continue;
    sources.push_back({Part::analysis, fmt::format("'{}'", analysis), "*",
                       fmt::format("\"{}\"", table), fmt::format("?1 = '{}'", analysis)});
  }
  return sources;
}

/// The checksum of one row. A NULL contributes nothing, so that a column added by a later version
/// leaves the checksum unchanged.
class RowChecksum {
 public:
  explicit RowChecksum(std::string_view table) : bytes_(table.begin(), table.end()) {
    table_size_ = bytes_.size();
  }

  std::uint32_t operator()(const Statement& row, int first_column) {
    size_ = table_size_;
    const int columns = row.columns();
    for (int i = first_column; i < columns; ++i) {
      const Statement::Kind kind = row.kind(i);
      switch (kind) {
        case Statement::Kind::null:
          break;
        case Statement::Kind::integer:
          add(i - first_column, 'i', row.integer(i));
          break;
        case Statement::Kind::real:
          add(i - first_column, 'r', row.real(i));
          break;
        default: {
          const std::span<const std::uint8_t> bytes = row.bytes(i);
          add(i - first_column, kind == Statement::Kind::text ? 't' : 'b', bytes.size());
          add(bytes);
        }
      }
    }
    return crc32(std::as_bytes(std::span(bytes_).first(size_)));
  }

 private:
  template <typename Value>
  void add(int column, char kind, const Value& value) {
    std::array<std::uint8_t, 2 + sizeof(Value)> bytes{static_cast<std::uint8_t>(column),
                                                      static_cast<std::uint8_t>(kind)};
    std::memcpy(&bytes[2], &value, sizeof(Value));
    add(bytes);
  }

  void add(std::span<const std::uint8_t> bytes) {
    if (bytes_.size() < size_ + bytes.size()) bytes_.resize(2 * (size_ + bytes.size()));
    std::ranges::copy(bytes, bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += bytes.size();
  }

  std::vector<std::uint8_t> bytes_;  // reused for all rows, only grows
  std::size_t table_size_;
  std::size_t size_ = 0;
};

std::string select(const Source& source) {
  return fmt::format("SELECT {}, {} FROM {}", source.owner, source.columns, source.from);
}

// A sum over rows, so that their order does not matter.
std::uint64_t checksum_of(const Database& database, const PartKey& key) {
  std::uint64_t sum = 0;
  const auto add = [&](const Source& source) {
    if (source.part != key.part) return;
    RowChecksum checksum(source.from);
    Statement row(database, select(source) + " WHERE " + source.of_owner);
    row.bind(key.owner);
    while (row.step()) sum += checksum(row, 1);
  };
  for (const Source& source : fixed_sources()) add(source);
  if (key.part == Part::analysis) {
    for (const Source& source : sources_of_analyses(database)) add(source);
  }
  return sum;
}

using Sums = std::map<PartKey, std::uint64_t>;

// Rows of one owner are mostly adjacent, so the last sum is reused.
void add_rows(const Database& database, const Source& source, Sums& sums) {
  RowChecksum checksum(source.from);
  Statement row(database, select(source));
  std::optional<std::int64_t> owner;  // of the last row; nullopt if it is text
  std::uint64_t* sum = nullptr;
  while (row.step()) {
    const bool is_number = row.is_integer(0);
    if (sum == nullptr || !is_number || row.integer(0) != owner) {
      sum = &sums[{source.part, row.text(0)}];
      owner = is_number ? std::optional(row.integer(0)) : std::nullopt;
    }
    *sum += checksum(row, 1);
  }
}

std::optional<std::uint64_t> kept_checksum(const Database& database, const PartKey& key) {
  Statement row(database, "SELECT value FROM checksum WHERE part = ? AND owner = ?");
  const auto value = row.find(std::string(name_of(key.part).key), key.owner);
  return value ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
}

/// Makes all reads see one state while others write.
class Snapshot {
 public:
  explicit Snapshot(const Database& database) : database_(database) {
    database_.execute("SAVEPOINT checksums");
  }
  ~Snapshot() {
    try {
      database_.execute("RELEASE checksums");
    } catch (...) {  // mainly out of memory
      // The connection is unusable; its next statement reports that.
    }
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  const Database& database_;
};

}  // namespace

void keep_checksum(const Database& database, const PartKey& key) {
  Statement(database, "INSERT OR REPLACE INTO checksum (part, owner, value) VALUES (?, ?, ?)")
      .run(std::string(name_of(key.part).key), key.owner, checksum_of(database, key));
}

void forget_checksum(const Database& database, const PartKey& key) {
  Statement(database, "DELETE FROM checksum WHERE part = ? AND owner = ?")
      .run(std::string(name_of(key.part).key), key.owner);
}

ChecksumUpdate::ChecksumUpdate(const Database& database, PartKey key)
    : database_(database), key_(std::move(key)) {
  const std::uint64_t nothing = 0;  // the sum over no rows
  fits_ = kept_checksum(database, key_).value_or(nothing) == checksum_of(database, key_);
}

void ChecksumUpdate::keep() {
  if (fits_) keep_checksum(database_, key_);
}

std::vector<PartKey> changed_parts(const Database& database) {
  const Snapshot snapshot(database);
  Sums sums;
  for (const Source& source : fixed_sources()) add_rows(database, source, sums);
  for (const Source& source : sources_of_analyses(database)) add_rows(database, source, sums);
  std::vector<PartKey> changed;
  Statement row(database, "SELECT part, owner, value FROM checksum");
  while (row.step()) {
    const auto part = std::ranges::find(kParts, row.text(0), &PartName::key);
    const PartKey key{part == std::end(kParts) ? Part::study : part->part, row.text(1)};
    const auto sum = sums.find(key);
    const std::uint64_t found = sum == sums.end() ? 0 : sum->second;  // the sum over no rows
    const bool fits = part != std::end(kParts) && row.is_integer(2) &&
                      found == static_cast<std::uint64_t>(row.integer(2));
    if (!fits) changed.push_back(key);
  }
  return changed;
}

std::string parts_text(const std::vector<PartKey>& parts) {
  std::vector<std::string> counts;
  for (const PartName& name : kParts) {
    const std::int64_t count = std::ranges::count(parts, name.part, &PartKey::part);
    if (count == 0) continue;
    counts.push_back(count == 1 ? name.one : fmt::format("{} {}", grouped(count), name.many));
  }
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (i > 0) text += i + 1 == counts.size() ? " and " : ", ";
    text += counts[i];
  }
  return text;
}

std::string SqliteReader::changed_values() const {
  return parts_text(changed_parts(database_));
}

}  // namespace minima::store
