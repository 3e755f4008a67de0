// Records and reads sessions: when and where the program ran.
#include <cmath>
#include <limits>

#include "store/checked_row.h"
#include "store/sqlite_checksums.h"
#include "store/sqlite_reader.h"
#include "store/sqlite_writer.h"

namespace minima::store {

void SqliteWriter::keep(const SessionRecord& session) {
  const std::scoped_lock guard(mutex_);
  Transaction transaction(database_);
  Statement(database_, "INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(session.id, session.started, session.ended, session.shard, session.program_version,
           session.jobs, session.processor, session.cores, session.memory_bytes, session.system,
           session.cpu_seconds.value_or(std::numeric_limits<double>::quiet_NaN()),
           session.compression_left);
  keep_checksum(database_, {Part::session, session.id});
  transaction.commit();
}

std::vector<SessionRecord> SqliteReader::sessions() const {
  std::vector<SessionRecord> sessions;
  Statement statement(database_, "SELECT * FROM session ORDER BY started, session_id");
  while (statement.step()) {
    const CheckedRow row(statement, "session", 0);
    const double cpu_seconds = row.magnitude(10);
    sessions.push_back(
        {.id = row.text(0),
         .started = row.text(1),
         .ended = row.text(2),
         .shard = row.text(3),
         .program_version = row.text(4),
         .jobs = row.count(5),
         .processor = row.text(6),
         .cores = row.count(7),
         .memory_bytes = row.count(8),
         .system = row.text(9),
         .cpu_seconds = std::isnan(cpu_seconds) ? std::nullopt : std::optional(cpu_seconds),
         .compression_left = row.optional_count(11)});
  }
  return sessions;
}

}  // namespace minima::store
