// Finds the tables of a set by their names.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/error.h"
#include "data/files/leftovers.h"
#include "data/formats/csv.h"
#include "data/pictures/picture_kind.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

std::string name_of(const fs::path& path) {
  return printable(path.filename().string(), 100);
}

/// The name of a table without its endings: "mnist_train" of mnist_train.csv.gz; nullopt: no table.
std::optional<std::string> stem_of_table(const fs::path& path) {
  std::string name = small_letters(path.filename().string());
  for (const char* packed : {".gz", ".xz"}) {
    if (name.ends_with(packed)) name.resize(name.size() - 3);
  }
  for (const char* ending : {".csv", ".tsv"}) {
    if (name.ends_with(ending)) return name.substr(0, name.size() - 4);
  }
  return std::nullopt;
}

/// "mnist_" of "mnist_train" for the word "train"; nullopt if the stem does not end like this.
std::optional<std::string> prefix_before(const std::string& stem, const std::string& word) {
  if (!stem.ends_with(word)) return std::nullopt;
  std::string prefix = stem.substr(0, stem.size() - word.size());
  if (!prefix.empty() && std::string_view("_-. ").find(prefix.back()) == std::string_view::npos) {
    return std::nullopt;
  }
  return prefix;
}

struct FoundTable {
  fs::path path;
  std::string stem;
};

/// Tables of the folder by name, and the names of all other files and folders; nullopt if it has a
/// folder of training images.
std::optional<std::vector<FoundTable>> tables_in(const fs::path& folder,
                                                 std::vector<std::string>& others) {
  std::vector<FoundTable> tables;
  for (const std::string& name : names_in(folder)) {
    const std::string small = small_letters(name);
    if (small == "train/" || small == "training/") return std::nullopt;
    const auto stem = name.ends_with('/') ? std::nullopt : stem_of_table(name);
    if (stem) {
      tables.push_back({folder / name, *stem});
    } else {
      others.push_back(name);
    }
  }
  return tables;
}

/// A folder full of pictures beside a table may be a class: which of the two is meant?
void refuse_pictures(const fs::path& folder, const fs::path& table,
                     const std::vector<std::string>& others) {
  for (const std::string& other : others) {
    if (!other.ends_with('/')) continue;
    const std::vector<std::string> names = names_in(folder / other);
    if (std::ranges::none_of(names, [](const auto& name) { return has_picture_name(name); })) {
      continue;
    }
    throw input_error(
        {folder.string(), ""},
        fmt::format("has the table {} and folders of pictures, such as {}", name_of(table),
                    printable(other, 100)),
        fmt::format("to read the table, name the file, {}; to read the pictures, move "
                    "the table elsewhere",
                    printable(table.string(), 300)));
  }
}

std::optional<CsvFiles> find_in_folder(const fs::path& folder) {
  CsvFiles files{.place = folder};
  const auto tables = tables_in(folder, files.left_out);
  if (!tables) return std::nullopt;
  std::string prefix;
  for (const FoundTable& table : *tables) {
    const auto found = prefix_before(table.stem, "train");
    if (!found) continue;
    if (!files.train.empty()) {
      throw input_error({folder.string(), ""},
                        fmt::format("has two tables for training, {} and {}", name_of(files.train),
                                    name_of(table.path)),
                        "name the file that is wanted");
    }
    files.train = table.path;
    prefix = *found;
  }
  if (files.train.empty()) return std::nullopt;
  refuse_pictures(folder, files.train, files.left_out);
  for (const FoundTable& table : *tables) {
    const auto is = [&](const char* word) { return prefix_before(table.stem, word) == prefix; };
    if (is("test") && files.test.empty()) {
      files.test = table.path;
    } else if ((is("val") || is("valid") || is("validation")) && files.validation.empty()) {
      files.validation = table.path;
    } else if (table.path != files.train) {
      files.left_out.push_back(table.path.filename().string());
    }
  }
  std::ranges::sort(files.left_out);
  return files;
}

}  // namespace

std::optional<CsvFiles> find_csv(const fs::path& place) {
  std::error_code error;
  if (fs::is_directory(place, error)) return find_in_folder(place);
  if (!fs::is_regular_file(place, error) || !stem_of_table(place)) return std::nullopt;
  return CsvFiles{.place = place, .train = place};
}

}  // namespace minima::data
