#include "core/enum_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace minima {
namespace {

using testing::ElementsAre;

enum class Colour { red, dark_red, blue2 };

constexpr auto words_of(Colour /*any*/) {
  return std::to_array<EnumWord<Colour>>(
      {{Colour::blue2, "blue"}, {Colour::red, "red"}, {Colour::dark_red, "dark-red"}});
}

static_assert(HasWords<Colour>);
static_assert(!HasWords<int>);
static_assert(kEnumerators<Colour> == 3);
static_assert(word_of(Colour::dark_red) == "dark-red");
static_assert(parse_word<Colour>("blue") == Colour::blue2);
static_assert(!parse_word<Colour>("").has_value());

// Tables that the compiler would refuse: a missing enumerator, one twice, a word twice.
static_assert(!detail::is_complete(std::to_array<EnumWord<Colour>>({{Colour::red, "red"},
                                                                    {Colour::blue2, "blue"}})));
static_assert(!detail::is_complete(std::to_array<EnumWord<Colour>>(
    {{Colour::red, "red"}, {Colour::red, "rouge"}, {Colour::blue2, "blue"}})));
static_assert(!detail::is_complete(std::to_array<EnumWord<Colour>>(
    {{Colour::red, "red"}, {Colour::dark_red, "red"}, {Colour::blue2, "blue"}})));

TEST(EnumWords, AreListedInTheOrderOfTheirTable) {
  EXPECT_THAT(word_list<Colour>(), ElementsAre("blue", "red", "dark-red"));
}

TEST(EnumWords, AreParsedToTheValueThatPrintsThem) {
  for (const auto& [value, word] : enum_words<Colour>()) {
    EXPECT_EQ(parse_word<Colour>(word), value);
    EXPECT_EQ(word_text(value), word);
  }
  EXPECT_EQ(parse_word<Colour>("Red"), std::nullopt);
  EXPECT_EQ(parse_word<Colour>("red "), std::nullopt);
}

TEST(EnumWords, AreWhatFmtPrints) {
  EXPECT_EQ(fmt::format("{}|{:>9}|", Colour::red, Colour::dark_red), "red| dark-red|");
}

TEST(EnumWords, OfAValueWithoutEnumeratorAreAnError) {
  EXPECT_THROW((void)word_of(static_cast<Colour>(3)), std::invalid_argument);
}

}  // namespace
}  // namespace minima
