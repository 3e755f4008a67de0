#include "network/notation/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/text.h"

namespace minima::network {
namespace {

constexpr std::size_t kShownOfAWord = 40;

std::string shown(std::string_view word) {
  return printable(std::string(word), kShownOfAWord);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

int parse_count(std::string_view word, const CountList& list, std::string_view whole) {
  if (!all_digits(word)) {
    throw bad_architecture(whole, fmt::format("expected a {}, got \"{}\"", list.one, shown(word)),
                           list.hint);
  }
  const auto count = parse_integer(word);
  if (!count || *count < 1 || *count > list.max) {
    throw bad_architecture(whole, fmt::format("{} {} is out of range", list.one, shown(word)),
                           fmt::format("write {} from 1 to {}", list.many, grouped(list.max)));
  }
  return static_cast<int>(*count);
}

/// A word split into its letters and the rest.
struct WordParts {
  std::string_view letters;
  std::string_view number;
};

WordParts parts_of(std::string_view word) {
  const auto end = std::ranges::find_if_not(word, is_letter);
  const auto letters = static_cast<std::size_t>(end - word.begin());
  return {word.substr(0, letters), word.substr(letters)};
}

Error unknown_word(std::string_view word, std::span<const WordText> table, std::string_view whole) {
  const std::string cut(word.substr(0, kShownOfAWord));
  const std::string_view number = parts_of(cut).number;
  std::vector<std::string> candidates;
  for (const WordText& text : table) {
    const bool borrows = text.number != WordNumber::none && !number.empty();
    candidates.push_back(borrows ? fmt::format("{}{}", text.letters, number) : text.example);
  }
  return bad_architecture(whole, fmt::format("unknown option \"{}\"", printable(cut)),
                          suggestion(cut, candidates));
}

double parse_word_number(std::string_view word, std::string_view number, const WordText& text,
                         std::string_view whole) {
  const bool takes_whole = text.number == WordNumber::whole;
  const auto write = fmt::format("write for example \"{}\"", text.example);
  if (number.empty()) {
    throw bad_architecture(whole, fmt::format("\"{}\" has no number", shown(word)), write);
  }
  std::optional<double> value = parse_number(number);
  if (!value || (takes_whole && !all_digits(number))) {
    throw bad_architecture(whole,
                           fmt::format("expected {}, got \"{}\"",
                                       takes_whole ? "an integer" : "a number", shown(number)),
                           write);
  }
  if (!text.range.contains(*value)) {
    throw bad_architecture(
        whole, fmt::format("{} is out of range", shown(word)),
        fmt::format("write \"{}\" with a number {}", text.letters, text.range.text()));
  }
  return *value;
}

FoundWord parse_word(std::string_view word, std::span<const WordText> table,
                     std::string_view whole) {
  const WordParts parts = parts_of(word);
  for (std::size_t row = 0; row < table.size(); ++row) {
    const WordText& text = table[row];
    if (text.number == WordNumber::none && word == text.letters) return {row, 0.0};
    if (text.number != WordNumber::none && parts.letters == text.letters) {
      return {row, parse_word_number(word, parts.number, text, whole)};
    }
  }
  throw unknown_word(word, table, whole);
}

}  // namespace

Error bad_architecture(std::string_view text, const std::string& problem, const std::string& hint) {
  return input_error(
      {}, fmt::format("architecture \"{}\": {}", printable(std::string(text), 80), problem), hint);
}

std::vector<int> parse_counts(std::string_view settings, const CountList& list,
                              std::string_view whole) {
  std::vector<int> counts;
  for (const std::string& word : split(settings, '-')) {
    counts.push_back(parse_count(word, list, whole));
  }
  if (counts.size() > static_cast<std::size_t>(list.max_layers)) {
    throw bad_architecture(whole, fmt::format("{} {} are too many", counts.size(), list.layers),
                           fmt::format("at most {} are allowed", grouped(list.max_layers)));
  }
  return counts;
}

FirstWord first_word(std::string_view text) {
  const std::string_view trimmed = trim(text);
  const std::size_t blank = trimmed.find_first_of(" \t");
  if (blank == std::string_view::npos) return {trimmed, {}};
  return {trimmed.substr(0, blank), trim(trimmed.substr(blank))};
}

std::vector<FoundWord> find_words(std::string_view settings, std::span<const WordText> table,
                                  std::string_view whole) {
  std::vector<FoundWord> found;
  std::vector<std::string> as_written(table.size());
  for (FirstWord next = first_word(settings); !next.word.empty(); next = first_word(next.rest)) {
    const FoundWord word = parse_word(next.word, table, whole);
    for (const FoundWord& other : found) {
      if (table[other.row].sets != table[word.row].sets) continue;
      throw bad_architecture(
          whole,
          fmt::format("\"{}\" and \"{}\" both set {}", shown(as_written[other.row]),
                      shown(next.word), table[word.row].sets),
          "keep one of them");
    }
    as_written[word.row] = next.word;
    found.push_back(word);
  }
  for (std::size_t row = 0; row < table.size(); ++row) {
    const bool missing = std::ranges::find(found, row, &FoundWord::row) == found.end();
    if (missing && table[row].fallback.empty()) {
      throw bad_architecture(whole, fmt::format("does not give {}", table[row].sets),
                             fmt::format("add for example \"{}\"", table[row].example));
    }
  }
  std::ranges::sort(found, {}, &FoundWord::row);
  return found;
}

}  // namespace minima::network
