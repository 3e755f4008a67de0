// The names of classes in exported files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace minima::deploy {

/// `names`, or "0", "1", ... if there are none.
[[nodiscard]] std::vector<std::string> names_or_numbers(const std::vector<std::string>& names,
                                                        int classes);

/// The content of labels.txt: one name a line, in the order of the logits. A backslash in a name is
/// written as \\, a line feed as \n and a carriage return as \r.
[[nodiscard]] std::string labels_text(const std::vector<std::string>& names);

/// A macro whose value initializes an array of the names, as string literals in ASCII.
[[nodiscard]] std::string class_table(std::string_view macro,
                                      const std::vector<std::string>& names);

}  // namespace minima::deploy
