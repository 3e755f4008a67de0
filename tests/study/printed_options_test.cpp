#include <gtest/gtest.h>

#include <stdexcept>

#include "study/options/option.h"

namespace minima::study {
namespace {

struct Settings {
  int size = 3;
};

Option<Settings> size_option() {
  return {.text = {"size", "integer", "3", "a size", {}},
          .read = [](Settings&, const Value&) {},
          .print = [](const Settings& settings) { return std::to_string(settings.size); }};
}

TEST(PrintedOptions, PrintWhatDiffersFromTheDefaults) {
  const PrintedOptions<Settings> options(Options<Settings>{size_option()});
  EXPECT_EQ(print_differences(Settings{5}, Settings{}, options, " "), "size=5");
  EXPECT_EQ(print_differences(Settings{3}, Settings{}, options, " "), "");
}

TEST(PrintedOptions, RefuseAnOptionThatCannotBeReadOrPrinted) {
  Option<Settings> without_print = size_option();
  without_print.print = nullptr;
  EXPECT_THROW(PrintedOptions<Settings>(Options<Settings>{without_print}), std::logic_error);
  Option<Settings> without_read = size_option();
  without_read.read = nullptr;
  EXPECT_THROW(PrintedOptions<Settings>(Options<Settings>{without_read}), std::logic_error);
}

}  // namespace
}  // namespace minima::study
