// The words of an enumeration stand in one table. Printing, parsing, suggestions and documentation
// use it. The compiler refuses a table that lacks an enumerator or has one twice.
//
//   enum class Loss { cross_entropy, mse };
//   constexpr auto words_of(Loss) {  // found by argument-dependent lookup
//     return std::to_array<EnumWord<Loss>>({{Loss::cross_entropy, "cross-entropy"},
//                                           {Loss::mse, "mse"}});
//   }
//
// Then word_of(Loss::mse) is "mse", and fmt prints a Loss as its word.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace minima {

template <typename E>
struct EnumWord {
  E value;
  std::string_view word;
};

/// An enumeration with a table of words. Declare `words_of` right after the enumeration.
template <typename E>
concept HasWords = std::is_enum_v<E> && requires(E value) {
  words_of(value);
};

namespace detail {

/// Whether `Value` is a named enumerator. The compiler's name of this function ends with
/// "E::name]" for an enumerator and with "(E)5]" for any other value.
template <auto Value>
constexpr bool is_enumerator() {
  std::string_view name = __PRETTY_FUNCTION__;
  name.remove_suffix(1);
  const auto is_word = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  std::size_t begin = name.size();
  while (begin > 0 && is_word(name[begin - 1])) --begin;
  return begin < name.size() && !(name[begin] >= '0' && name[begin] <= '9');
}

template <typename E, int Count = 0>
constexpr std::size_t count_enumerators() {
  if constexpr (is_enumerator<static_cast<E>(Count)>()) {
    return count_enumerators<E, Count + 1>();
  } else {
    return Count;
  }
}

}  // namespace detail

/// The number of enumerators of an enumeration whose values are 0, 1, 2, ...
template <typename E>
inline constexpr std::size_t kEnumerators = detail::count_enumerators<E>();

namespace detail {

template <typename E, std::size_t N>
constexpr bool is_complete(const std::array<EnumWord<E>, N>& words) {
  if (N != kEnumerators<E>) return false;
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (words[i].value == words[j].value || words[i].word == words[j].word) return false;
    }
  }
  return true;
}

template <HasWords E>
struct WordTable {
  static constexpr auto kWords = words_of(E{});
  static_assert(is_complete(kWords), "a word for each enumerator, all different");
};

}  // namespace detail

/// All words in the order of their table.
template <HasWords E>
[[nodiscard]] constexpr const auto& enum_words() {
  return detail::WordTable<E>::kWords;
}

template <HasWords E>
[[nodiscard]] constexpr std::string_view word_of(E value) {
  for (const EnumWord<E>& each : enum_words<E>()) {
    if (each.value == value) return each.word;
  }
  throw std::invalid_argument("a value that its enumeration does not have");
}

/// The same as a string of its own.
template <HasWords E>
[[nodiscard]] std::string word_text(E value) {
  return std::string(word_of(value));
}

/// Nothing if `text` is none of the words.
template <HasWords E>
[[nodiscard]] constexpr std::optional<E> parse_word(std::string_view text) {
  for (const EnumWord<E>& each : enum_words<E>()) {
    if (each.word == text) return each.value;
  }
  return std::nullopt;
}

/// For suggestions and for the text of messages.
template <HasWords E>
[[nodiscard]] std::vector<std::string> word_list() {
  std::vector<std::string> list;
  for (const EnumWord<E>& each : enum_words<E>()) list.emplace_back(each.word);
  return list;
}

}  // namespace minima

template <minima::HasWords E>
struct fmt::formatter<E, char> : fmt::formatter<fmt::string_view> {
  template <typename Context>
  auto format(E value, Context& context) const {
    const std::string_view word = minima::word_of(value);
    return fmt::formatter<fmt::string_view>::format({word.data(), word.size()}, context);
  }
};
