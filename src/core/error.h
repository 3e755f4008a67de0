// The one exception type for what ends a command.
#pragma once

#include <stdexcept>
#include <string>

namespace minima {

/// Ends a command with one line that names the file, the place and the mend. Library code throws it
/// and never prints; `cli` turns it into a message and an exit code.
class Error : public std::runtime_error {
 public:
  enum class Kind {
    input,        ///< bad usage or bad input: exit code 2
    work,         ///< the work itself failed: exit code 1
    interrupted,  ///< stopped on request, everything finished is saved: exit code 130
  };

  Error(Kind kind, const std::string& line) : std::runtime_error(line), kind_(kind) {}
  [[nodiscard]] Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

/// Where in the input something is wrong; every part may be empty.
struct Place {
  std::string file;   ///< file, folder, or option as the user wrote it
  std::string where;  ///< place inside: "line 3, column 5", "byte 16", "record 512"
};

/// "FILE: WHERE: PROBLEM; MEND", as one line, for bad input (exit code 2).
[[nodiscard]] Error input_error(const Place& place, const std::string& problem,
                                const std::string& mend = "");

/// The same for work that failed through no fault of the input (exit code 1), such as a full disk.
[[nodiscard]] Error work_error(const Place& place, const std::string& problem,
                               const std::string& mend = "");

/// `text` with line breaks and other control characters made visible, and cut after `limit` bytes
/// (between characters): what may be put into a one-line message whatever a file contained.
[[nodiscard]] std::string printable(const std::string& text, std::size_t limit = 200);

}  // namespace minima
