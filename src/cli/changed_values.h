// Values of a store that are not those that were recorded: every answer says so.
#pragma once

#include <string>

namespace minima::cli {

/// On standard error, as the last that a command says. `changed`: as Reader::changed_values.
void warn_of_changed_values(const std::string& changed, const std::string& store);

}  // namespace minima::cli
