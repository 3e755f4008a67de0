// docs/store.md must list every table, view and column in order, with its type.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string_view>

#include "example_store.h"
#include "record/run_result.h"
#include "record/variant.h"
#include "support/not_empty.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::HasSubstr;
using Columns = std::vector<std::pair<std::string, std::string>>;  // name, type

std::string documentation() {
  std::ifstream in(fs::path(MINIMA_DOCS) / "store.md");
  EXPECT_TRUE(in) << "docs/store.md is missing";
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Under a heading like "### `runs`": the rows "| `column` | type | ..." up to the next heading.
std::map<std::string, Columns> documented() {
  std::map<std::string, Columns> tables;
  std::istringstream lines(documentation());
  const std::regex heading(R"(#+ `(\w+)`.*)");
  const std::regex row(R"(\| `(\w+)` \| (\w+) \|.*)");
  std::string current;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (line.starts_with("#")) current.clear();
    if (std::regex_match(line, match, heading)) {
      current = match[1];
      tables[current] = {};
    } else if (!current.empty() && std::regex_match(line, match, row)) {
      tables[current].emplace_back(match[1], match[2]);
    }
  }
  return tables;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// The columns according to the database, with their declared types.
std::map<std::string, Columns> actual(const fs::path& store) {
  sqlite3* handle = nullptr;
  EXPECT_EQ(sqlite3_open((store / "runs.sqlite").c_str(), &handle), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(handle,
                               "SELECT m.name, c.name, c.type FROM sqlite_master m, "
                               "pragma_table_info(m.name) c WHERE m.type IN ('view', 'table') "
                               "AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid",
                               -1, &statement, nullptr),
            SQLITE_OK);
  const auto text = [&](int column) {
    return std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)));
  };
  std::map<std::string, Columns> tables;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    tables[text(0)].emplace_back(text(1), lower(text(2)));
  }
  sqlite3_finalize(statement);
  sqlite3_close(handle);
  return tables;
}

fs::path example_store(const fs::path& store) {
  const auto plan = example_plan();
  const auto writer = open_writer(store);
  writer->begin(example_study(), example_datasets(), plan);
  record(*writer, plan[0]);
  return store;
}

TEST(StoreDocumentation, NamesEveryTableAndColumnInOrderWithItsType) {
  TemporaryFolder folder;
  const auto in_docs = documented();
  for (const auto& [table, columns] : not_empty(actual(example_store(folder / "store")))) {
    ASSERT_TRUE(in_docs.contains(table))
        << "docs/store.md has no section \"### `" << table << "`\"";
    const Columns& described = in_docs.at(table);
    ASSERT_EQ(described.size(), columns.size()) << table;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      EXPECT_EQ(described[i].first, columns[i].first) << table;
      // Other programs, such as DuckDB, read the values of a column by its declared type.
      EXPECT_EQ(described[i].second, columns[i].second) << table << "." << columns[i].first;
    }
  }
}

TEST(StoreDocumentation, DescribesNothingThatIsNotThere) {
  TemporaryFolder folder;
  const auto there = actual(example_store(folder / "store"));
  for (const auto& [table, columns] : not_empty(documented()))
    EXPECT_TRUE(there.contains(table)) << table;
}

/// The output of Python example `number` (from 0) for a store.
std::string printed_by_example(int number, const TemporaryFolder& folder, const fs::path& store) {
  const std::string text = documentation();
  constexpr std::string_view kFence = "```python\n";
  std::size_t begin = text.find(kFence);
  for (int i = 0; i < number; ++i) begin = text.find(kFence, begin + 1);
  if (begin == std::string::npos) return "docs/store.md has no such example";
  begin += kFence.size();
  const fs::path script = folder / "example.py";
  std::ofstream(script) << text.substr(begin, text.find("```", begin) - begin);
  const std::string command =
      fmt::format("{} {} {}", MINIMA_PYTHON, script.string(), store.string());
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return "no python";
  std::string output;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) output += buffer.data();
  EXPECT_EQ(::pclose(pipe), 0);
  return output;
}

TEST(StoreDocumentation, GivesAnExampleInPythonThatRuns) {
  TemporaryFolder folder;
  const std::string output = printed_by_example(0, folder, example_store(folder / "store"));
  const auto run = example_plan()[0];
  EXPECT_THAT(output, HasSubstr(run.id));
  EXPECT_THAT(output, HasSubstr("fc1.weight [5, 4]"));
  EXPECT_THAT(output, HasSubstr(fmt::format("{:.4f}", example_result(run).test_accuracy)));
  EXPECT_THAT(output, HasSubstr(fmt::format("{:.4f}", ExampleWeights(run).tensors()[0].values[0])));
}

TEST(StoreDocumentation, GivesAnExampleInPythonThatReadsPredictions) {
  TemporaryFolder folder;
  const auto run = example_plan()[0];
  {
    auto datasets = example_datasets();
    datasets[0].labels.test = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0};
    const auto writer = open_writer(folder / "store");
    writer->begin(example_study(), datasets, example_plan());
    record::RunResult result = example_result(run);
    result.predictions.test = {0, 1, 1, 0, 2, 2, 0, 0, 2, 2};
    result.test_accuracy = 0.6;
    writer->record(run, result, {});
    record::Variant variant{.quantization = "ptq", .format = study::NumberFormat::int8};
    variant.outcomes.test = {1, 0, 1, 1, 0, 1, 1, 1, 1, 0};
    variant.test_accuracy = 0.7;
    writer->record({run.id, "quantize"}, {&variant, 1}, 0.5);
  }
  const std::string output = printed_by_example(1, folder, folder / "store");
  EXPECT_THAT(output, HasSubstr(run.id + " [0, 1, 1, 0, 2, 2, 0, 0, 2, 2]"));
  EXPECT_THAT(output, HasSubstr(run.id + " int8 [True, False, True, True, False, True, True, True, "
                                         "True, False]"));
}

}  // namespace
}  // namespace minima::store
