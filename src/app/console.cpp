#include "app/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "core/characters.h"
#include "core/error.h"
#include "core/files/file.h"
#include "report/text/wrap.h"

namespace minima::app {

void write_output(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EPIPE) throw OutputClosed{};
    if (written < 0) {
      throw work_error({"standard output", ""},
                       std::string("cannot be written: ") + std::strerror(errno),
                       "free some space or send it elsewhere");
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

namespace {

std::size_t style_at(std::string_view text) {
  for (const std::string_view style :
       {report::kPlain, report::kBold, report::kDim, report::kGreen}) {
    if (text.starts_with(style)) return style.size();
  }
  return 0;
}

void write_error(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

std::string printable_lines(std::string_view text, bool styled) {
  std::string out;
  std::string plain;
  const auto flush = [&] {
    out += printable(plain, std::string::npos);
    plain.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t style = styled ? style_at(text.substr(at)) : 0;
    if (style == 0 && text[at] != '\n') {
      plain += text[at++];
      continue;
    }
    flush();
    const std::size_t kept = std::max<std::size_t>(style, 1);
    out += text.substr(at, kept);
    at += kept;
  }
  flush();
  return out;
}

void write_text(std::string_view text) {
  write_output(printable_lines(text, output_style().colour));
}

void write_screen(std::string_view text) {
  write_text(is_terminal(stdout) ? report::wrapped(text, output_style().width) : std::string(text));
}

void write_log(std::string_view text) {
  write_error(printable_lines(text, false));
}

void write_live_line(const std::string& line) {
  // Some terminals wrap a line that is exactly as wide as they are.
  const std::string shown = printable(line, std::string::npos);
  write_error("\r" + std::string(fitting(shown, columns_of(stderr) - 1)) + "\x1b[K");
}

bool is_standard_output(const std::string& path) {
  return path == "-" || open_file_named(path) == STDOUT_FILENO;
}

void write_named_file(const std::string& path, std::string_view content) {
  if (is_standard_output(path)) {
    write_output(content);
  } else {
    write_file_atomically(path, content);
  }
}

bool is_terminal(std::FILE* stream) {
  return ::isatty(::fileno(stream)) == 1;
}

std::size_t columns_of(std::FILE* stream) {
  winsize size{};
  const bool is_known = ::ioctl(::fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : 80;
}

namespace {

/// The first variable that is set decides, as in setlocale(3).
bool has_utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    std::string locale(value);
    std::ranges::transform(locale, locale.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

}  // namespace

report::TextStyle output_style() {
  report::TextStyle style;
  if (!is_terminal(stdout)) return style;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  style.stacks_tables = true;
  style.width = std::clamp<std::size_t>(columns_of(stdout), 40, 120);
  style.colour = (no_colour == nullptr || *no_colour == '\0') && terminal != nullptr &&
                 std::string_view(terminal) != "dumb";
  style.unicode = has_utf8_locale();
  return style;
}

}  // namespace minima::app
