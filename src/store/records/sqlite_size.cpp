// Counts the rows of a store.
#include <string>

#include "store/records/sqlite_reader.h"

namespace minima::store {

StoreSize SqliteReader::size() const {
  const auto count = [this](const std::string& sql) { return database_.integer("SELECT " + sql); };
  return {.runs = count("count(*) FROM run"),
          .epochs = count("count(*) FROM epoch"),
          .layer_signals = count("count(*) FROM layer_signal"),
          .summaries = count("count(*) FROM weight_summary"),
          .variants = count("count(*) FROM variant"),
          .most_images = count("coalesce(max(test_count), 0) FROM dataset"),
          .most_replicates = count("coalesce(max(runs), 0) FROM (SELECT count(*) AS runs FROM run "
                                   "GROUP BY dataset, architecture)")};
}

}  // namespace minima::store
