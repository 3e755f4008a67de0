// The notation of data sets: parse_source and Source::text share one table of settings.
//
// Words are taken off the end while they look like settings and what is left is not an existing
// path. The path that remains is spelled in one way, so that a/, ./a and the absolute path of a are
// one dataset. "./" or a slash at the end stays where the text would mean something else without.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/error.h"
#include "core/text.h"
#include "data/fetch/known.h"
#include "data/folders/image_folder.h"
#include "data/folders/image_listing.h"
#include "data/generated/generated.h"
#include "data/source/read_source.h"
#include "data/source/source.h"
#include "data/source/source_path.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

// Kinds of sources, as bits.
constexpr unsigned kFiles = 1;
constexpr unsigned kGenerated = 2;
constexpr unsigned kPath = 4;
constexpr unsigned kAll = kFiles | kGenerated | kPath;

/// One setting: the sources that accept it, its range, and the canonical text of each value.
struct Setting {
  const char* name;
  unsigned kinds;
  const char* range;                                                // for messages
  std::optional<std::string> (*canonical)(std::string_view value);  // nullopt: out of range
  std::string (*default_text)(unsigned kind);                       // empty: none
};

std::optional<std::string> integer_text(std::string_view value, std::int64_t low,
                                        std::int64_t high) {
  const auto number = parse_integer(value);
  if (!number || *number < low || *number > high) return std::nullopt;
  return fmt::format("{}", *number);
}

std::optional<std::string> count_text(std::string_view value) {
  return integer_text(value, 1, kMaxImages);
}

std::optional<std::string> seed_text(std::string_view value) {
  return integer_text(value, 0, std::numeric_limits<std::int64_t>::max());
}

std::optional<std::string> difficulty_text(std::string_view value) {
  const auto number = parse_number(value);
  if (!number || !(*number >= 0.0 && *number <= 1.0)) return std::nullopt;
  return shortest(*number == 0.0 ? 0.0 : *number);  // "-0" is 0
}

std::optional<std::string> share_text(std::string_view value) {
  const auto number = parse_number(value);
  if (!number || !(*number > 0.0 && *number < 1.0)) return std::nullopt;
  return shortest(*number);
}

std::optional<std::string> channels_text(std::string_view value) {
  if (value != "1" && value != "3") return std::nullopt;
  return std::string(value);
}

std::optional<std::string> size_text(std::string_view value) {
  const std::vector<std::string> sides = split(value, 'x');
  if (sides.size() != 2) return std::nullopt;
  const auto height = integer_text(sides[0], 1, kMaxImageSide);
  const auto width = integer_text(sides[1], 1, kMaxImageSide);
  if (!height || !width) return std::nullopt;
  return *height + "x" + *width;
}

std::optional<std::string> fit_text(std::string_view value) {
  const auto fit = parse_word<Fit>(value);
  return fit ? std::optional<std::string>(value) : std::nullopt;
}

std::optional<std::string> boolean_text(std::string_view value) {
  if (value != "true" && value != "false") return std::nullopt;
  return std::string(value);
}

std::optional<std::string> labels_text(std::string_view value) {
  if (value != "fine" && value != "coarse") return std::nullopt;
  return std::string(value);
}

std::string none(unsigned) {
  return "";
}
std::string default_train(unsigned kind) {
  return kind == kGenerated ? fmt::format("{}", GeneratedSettings{}.train) : "";
}
std::string default_test(unsigned kind) {
  return kind == kGenerated ? fmt::format("{}", GeneratedSettings{}.test) : "";
}
std::string default_difficulty(unsigned) {
  return shortest(GeneratedSettings{}.difficulty);
}
std::string default_seed(unsigned) {
  return fmt::format("{}", GeneratedSettings{}.seed);
}
std::string default_share(unsigned) {
  return shortest(kDefaultTestShare);
}
std::string default_labels(unsigned) {
  return "fine";
}

std::string default_fit(unsigned) {
  return std::string(word_of(Fit::stretch));
}
std::string default_false(unsigned) {
  return "false";
}

constexpr std::array kSettings{
    Setting{"train", kAll, "a number of images from 1 to 10000000", count_text, default_train},
    Setting{"test", kAll, "a number of images from 1 to 10000000", count_text, default_test},
    Setting{"validation_share", kAll, "a number between 0 and 1", share_text, none},
    Setting{"difficulty", kGenerated, "a number from 0 to 1", difficulty_text, default_difficulty},
    Setting{"seed", kGenerated, "an integer from 0", seed_text, default_seed},
    Setting{"size", kAll, "HEIGHTxWIDTH, each from 1 to 1024, such as 28x28", size_text, none},
    Setting{"channels", kAll, "1 (grey) or 3 (colour)", channels_text, none},
    Setting{"test_share", kAll, "a number between 0 and 1", share_text, default_share},
    Setting{"fit", kAll, "stretch, pad or crop", fit_text, default_fit},
    Setting{"skip_bad", kPath, "true or false", boolean_text, default_false},
    Setting{"labels", kFiles | kPath, "fine or coarse", labels_text, default_labels},
};

unsigned kind_of(std::string_view name) {
  const KnownSet* set = find_known_set(name);
  if (set == nullptr) return kPath;
  return set->generated() ? kGenerated : kFiles;
}

/// Whether a word is a setting (a plain name, then "=") and not part of a path.
bool is_setting(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  const std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return word.substr(0, equals).find_first_not_of(allowed) == std::string_view::npos;
}

/// Removes the last word of `text` if it is a setting; else returns nullopt and leaves `text`
/// unchanged.
std::optional<std::string_view> take_last_setting(std::string_view& text) {
  text = trim(text);
  const std::size_t space = text.find_last_of(" \t\n\r");
  const std::string_view word = space == std::string_view::npos ? text : text.substr(space + 1);
  if (!is_setting(word)) return std::nullopt;
  text.remove_suffix(word.size());
  return word;
}

/// Whether the text ends like a setting and yet is an existing path as a whole.
bool is_path_like_settings(std::string_view& text, const fs::path& base) {
  text = trim(text);
  std::string_view unchanged = text;
  return take_last_setting(unchanged) && path_exists(text, base);
}

const Setting& find_setting(std::string_view key, const Source& source, const std::string& text) {
  const unsigned kind = kind_of(source.name);
  std::vector<std::string> valid;
  for (const Setting& setting : kSettings) {
    if ((setting.kinds & kind) == 0) continue;
    if (setting.name == key) return setting;
    valid.emplace_back(setting.name);
  }
  throw input_error({text, ""},
                    fmt::format("{} no setting \"{}\"",
                                kind == kPath ? "a dataset given by its path has"
                                              : fmt::format("\"{}\" has", source.name),
                                printable(std::string(key), 60)),
                    suggestion(key, valid));
}

void add_setting(Source& source, std::string_view word, const std::string& text) {
  const std::size_t equals = word.find('=');
  const std::string_view value = word.substr(equals + 1);
  const Setting& setting = find_setting(word.substr(0, equals), source, text);
  const std::optional<std::string> canonical = setting.canonical(value);
  if (!canonical) {
    throw input_error(
        {text, ""},
        fmt::format("{}={} is out of range", setting.name, printable(std::string(value), 60)),
        fmt::format("{} is {}", setting.name, setting.range));
  }
  if (!source.settings.emplace(setting.name, *canonical).second) {
    throw input_error({text, ""}, fmt::format("{} is given twice", setting.name), "leave one out");
  }
}

void drop_defaults(Source& source) {
  const unsigned kind = kind_of(source.name);
  for (const Setting& setting : kSettings) {
    const auto found = source.settings.find(setting.name);
    if (found == source.settings.end() || (setting.kinds & kind) == 0) continue;
    // Only image folders hold out test images when they are not told to.
    if (found->first == "test_share" && !splits_by_default(source)) continue;
    if (found->second == setting.default_text(kind)) source.settings.erase(found);
  }
}

/// Whether `name`, read as a whole text, means the path `name` itself.
bool reads_as_path(std::string_view name, const fs::path& base) {
  if (trim(name) != name || find_known_set(name) != nullptr) return false;
  std::string_view unchanged = name;
  return !take_last_setting(unchanged) || path_exists(name, base);
}

/// One spelling of a path: the shortest that still reads as this path.
std::string canonical_path(std::string_view name, const fs::path& base) {
  std::string shorter = shortened_path(name, base);
  const bool lost_dot = shorter.starts_with('~') && !name.starts_with('~');
  if (!lost_dot && reads_as_path(shorter, base)) return shorter;
  for (const std::string& spelling : {"./" + shorter, shorter + "/", "./" + shorter + "/"}) {
    const bool is_odd = lost_dot && !spelling.starts_with("./");
    if (!is_odd && !shorter.starts_with('/') && reads_as_path(spelling, base)) return spelling;
  }
  return shorter + (shorter.ends_with('/') ? "" : "/");
}

}  // namespace

std::string Source::text() const {
  std::string text = name;
  for (const auto& [key, value] : settings) text += fmt::format(" {}={}", key, value);
  return text;
}

bool Source::is_path() const {
  return find_known_set(name) == nullptr;
}

fs::path Source::path() const {
  return resolved_path(name, base);
}

std::string Source::identity() const {
  if (!is_path()) return text();
  std::error_code error;
  const fs::path real = fs::weakly_canonical(fs::absolute(path(), error), error);
  if (error) return text();
  return Source{"/" + real.string(), settings}.text();  // no name of a set begins like this
}

Source parse_source(std::string_view text, const fs::path& base) {
  const std::string whole(trim(text));
  std::string_view rest = whole;
  std::vector<std::string_view> words;
  while (!is_path_like_settings(rest, base)) {
    const auto word = take_last_setting(rest);
    if (!word) break;
    words.push_back(*word);
  }
  if (rest.empty()) {
    throw input_error({whole, ""}, "a dataset needs a name or a path before its settings",
                      "write for example mnist, \"glyphs difficulty=0.7\" or my/folder");
  }
  if (rest.find('\0') != std::string_view::npos) {
    throw input_error({whole, ""}, "a path cannot hold a zero byte", "correct the path");
  }
  const bool is_name = find_known_set(rest) != nullptr;
  Source source{is_name ? std::string(rest) : canonical_path(rest, base), {}, base};
  for (const std::string_view word : words) add_setting(source, word, whole);
  drop_defaults(source);
  // A folder may be called like this path with its settings; a slash keeps them apart.
  if (!is_name && !source.settings.empty() && path_exists(source.text(), base)) source.name += "/";
  return source;
}

}  // namespace minima::data
