// Parses the text of an architecture: lists of counts ("8-16") and words ("k5", "max2"). Each
// family keeps its words in one table, which serves parsing, printing and the manual.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/numbers/number_range.h"

namespace minima::network {

/// The message: architecture "TEXT": PROBLEM; HINT.
[[nodiscard]] Error bad_architecture(std::string_view text, const std::string& problem,
                                     const std::string& hint);

/// What the numbers of a list count, for error messages.
struct CountList {
  std::string one;     ///< "width"
  std::string many;    ///< "widths"
  std::string layers;  ///< what each number belongs to: "hidden layers"
  std::string hint;    ///< hint: how to write the list
  int max = 1;
  int max_layers = 1;
};

/// Parses integers joined by "-". `whole`: the whole text, for error messages.
[[nodiscard]] std::vector<int> parse_counts(std::string_view settings, const CountList& list,
                                            std::string_view whole);

/// The first word of `text`, and the rest without surrounding blanks.
struct FirstWord {
  std::string_view word;
  std::string_view rest;
};
[[nodiscard]] FirstWord first_word(std::string_view text);

enum class WordNumber { none, whole, real };

/// A word of the notation: letters, followed by a number if it takes one.
struct WordText {
  std::string letters;  ///< "k" of "k5", all of "max2"
  WordNumber number = WordNumber::none;
  NumberRange range{0, 0};  ///< of the number
  std::string example;      ///< "k5"
  std::string sets;         ///< "the kernel"; words that set the same thing exclude each other
  std::string meaning;      ///< for the manual
  std::string fallback;  ///< default without the word, for the manual; empty: the word is required
};

struct FoundWord {
  std::size_t row = 0;  ///< of the table
  double number = 0.0;
};

/// Finds the words of `settings`, in the order of the table. Input errors: unknown words, numbers
/// out of range, two words that set the same thing, missing words.
[[nodiscard]] std::vector<FoundWord> find_words(std::string_view settings,
                                                std::span<const WordText> table,
                                                std::string_view whole);

template <typename Shape>
struct Word {
  WordText text;
  void (*set)(Shape& shape, double number);
  /// The canonical text; empty if the shape does not need the word.
  std::string (*print)(const Shape& shape);
};

template <typename Shape>
std::vector<WordText> texts_of(const std::vector<Word<Shape>>& words) {
  std::vector<WordText> texts;
  for (const auto& word : words) texts.push_back(word.text);
  return texts;
}

/// Applies the words to the shape, in the order of the table.
template <typename Shape>
void read_words(Shape& shape, std::string_view settings, const std::vector<Word<Shape>>& words,
                std::string_view whole) {
  for (const FoundWord& found : find_words(settings, texts_of(words), whole)) {
    words[found.row].set(shape, found.number);
  }
}

/// The words that the shape needs, joined by blanks.
template <typename Shape>
std::string print_words(const Shape& shape, const std::vector<Word<Shape>>& words) {
  std::string text;
  for (const auto& word : words) {
    const std::string printed = word.print(shape);
    if (!printed.empty()) text += (text.empty() ? "" : " ") + printed;
  }
  return text;
}

}  // namespace minima::network
