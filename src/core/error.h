// The exception type for errors that end a command.
#pragma once

#include <stdexcept>
#include <string>

namespace minima {

/// Ends a command with one line that names the file, the location and how to fix it. Library code
/// throws it and never prints; `cli` turns it into a message and an exit code.
class Error : public std::runtime_error {
 public:
  enum class Kind {
    input,        ///< wrong usage or invalid input: exit code 2
    work,         ///< the work itself failed: exit code 1
    interrupted,  ///< stopped on request; finished work is saved: exit code 130
  };

  Error(Kind kind, const std::string& line) : std::runtime_error(line), kind_(kind) {}
  [[nodiscard]] Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

/// Location of an error in the input. Every part may be empty.
struct Place {
  std::string file;   ///< file, folder, or option as the user wrote it
  std::string where;  ///< location inside: "line 3, column 5", "byte 16", "record 512"
};

/// An error for invalid input (exit code 2), as one line: "FILE: WHERE: PROBLEM; HINT".
[[nodiscard]] Error input_error(const Place& place, const std::string& problem,
                                const std::string& hint = "");

/// The same for work that failed without invalid input (exit code 1), such as on a full disk.
[[nodiscard]] Error work_error(const Place& place, const std::string& problem,
                               const std::string& hint = "");

/// `text` with line breaks and other control characters escaped, truncated after `limit` bytes
/// (between characters). Makes any file content safe for a one-line message.
[[nodiscard]] std::string printable(const std::string& text, std::size_t limit = 200);

}  // namespace minima
