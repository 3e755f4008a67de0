// A run as a store returns it.
#pragma once

#include <cstdint>
#include <string>

#include "network/notation/architecture.h"
#include "record/run_result.h"

namespace minima::record {

/// One row of the `runs` view, with additional results.
struct RunRow {
  std::string id;
  std::string dataset;
  network::Family family = network::Family::dnn;
  std::string architecture;
  std::int64_t parameters = 0;
  int replicate = 0;
  record::RunResult result;  ///< `runs` leaves `history` and `weights` empty
  std::string session = {};  ///< id of the session that recorded it; empty: none or not recorded
};

}  // namespace minima::record
