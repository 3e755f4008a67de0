// Records and reads sessions: when and where the program ran.
#include <fmt/format.h>

#include "record/session.h"
#include "store/database/checked_row.h"
#include "store/records/sqlite_checksums.h"
#include "store/records/sqlite_reader.h"
#include "store/records/sqlite_tables.h"
#include "store/records/sqlite_writer.h"

namespace minima::store {

void SqliteWriter::keep(const record::SessionRecord& session) {
  copy_session(session);
  const std::scoped_lock guard(mutex_);
  session_ = session.id;
}

void SqliteWriter::copy_session(const record::SessionRecord& session) {
  const std::scoped_lock guard(mutex_);
  Transaction transaction(database_);
  Statement insert(database_, insert_into<SessionTable>({}, "INSERT OR REPLACE INTO"));
  insert_row<SessionTable>(insert, session);
  keep_checksum(database_, {Part::session, session.id});
  transaction.commit();
}

std::vector<record::SessionRecord> SqliteReader::sessions() const {
  std::vector<record::SessionRecord> sessions;
  Statement statement(database_, fmt::format("SELECT {} FROM session ORDER BY started, session_id",
                                             select_list<SessionTable>()));
  while (statement.step()) {
    sessions.push_back(read_row<SessionTable>(CheckedRow(statement, "session", 0), 0));
  }
  return sessions;
}

std::vector<record::BackendUse> SqliteReader::backends() const {
  std::vector<record::BackendUse> uses;
  const std::string columns = select_list<BackendColumns>();
  Statement statement(
      database_,
      fmt::format("SELECT sum(used.runs) AS runs, sum(used.tasks) AS tasks, {0} FROM "
                  "(SELECT session, count(*) AS runs, 0 AS tasks FROM result GROUP BY session "
                  "UNION ALL SELECT session, 0, count(*) FROM compression_task GROUP BY session) "
                  "AS used JOIN session ON session.session_id = used.session "
                  "WHERE session.backend IS NOT NULL GROUP BY {0} ORDER BY {0}",
                  columns));
  while (statement.step()) {
    const CheckedRow row(statement, "session");
    uses.push_back({.backend = read_row<BackendColumns>(row, 2),
                    .runs = row.count(0),
                    .compressions = row.count(1)});
  }
  return uses;
}

}  // namespace minima::store
