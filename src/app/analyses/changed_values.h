// Warns that values of a store differ from the recorded values; every answer includes the warning.
#pragma once

#include <string>

namespace minima::app {

/// Warns on standard error, as the last output of a command. `changed` is Reader::changed_values.
void warn_of_changed_values(const std::string& changed, const std::string& store);

}  // namespace minima::app
