#include "data/formats/idx_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <string_view>

#include "core/error.h"
#include "data/files/leftovers.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

/// A file name taken apart: PREFIX-SPLIT-KIND-TYPE.COMPRESSION.
struct IdxName {
  std::string prefix;
  bool is_test = false;
  bool is_images = false;
  int rank = 0;  ///< of several spellings the one with the least rank is read
};

bool take_end(std::string_view& text, std::string_view end) {
  if (!text.ends_with(end)) return false;
  text.remove_suffix(end.size());
  return true;
}

/// Takes one of `ends` off the text and returns its index; nullopt if it has none.
std::optional<int> take_one(std::string_view& text, std::span<const char* const> ends) {
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (take_end(text, ends[i])) return static_cast<int>(i);
  }
  return std::nullopt;
}

std::string without_compression(std::string_view name) {
  take_one(name, std::array{".gz", ".xz"});
  return std::string(name);
}

std::optional<IdxName> parse_name(std::string_view name) {
  IdxName parsed;
  const int compression = take_one(name, std::array{".gz", ".xz"}).value_or(-1) + 1;
  const auto type = take_one(name, std::array{"idx3-ubyte", "idx1-ubyte", "idx2-int"});
  const auto joint = take_one(name, std::array{"-", "."});
  if (!type || !joint) return std::nullopt;
  parsed.is_images = *type == 0;
  if (!take_end(name, parsed.is_images ? "-images" : "-labels")) return std::nullopt;
  const auto split = take_one(name, std::array{"train", "t10k", "test"});
  if (!split) return std::nullopt;
  parsed.is_test = *split > 0;
  if (!name.empty() && !take_end(name, "-")) return std::nullopt;
  parsed.prefix = name;
  // In this order: t10k before test, plain before .gz and .xz, a hyphen before a dot.
  parsed.rank = (*split == 2 ? 100 : 0) + 10 * compression + *joint;
  return parsed;
}

fs::path& file_of(IdxFiles& files, const IdxName& name) {
  if (name.is_test) return name.is_images ? files.test_images : files.test_labels;
  return name.is_images ? files.train_images : files.train_labels;
}

std::vector<IdxFiles> sets_in(const fs::path& folder) {
  std::map<std::string, IdxFiles> sets;
  std::map<fs::path, int> ranks;  // of the files chosen so far
  std::error_code error;
  fs::directory_iterator at(folder, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    const auto name = parse_name(at->path().filename().string());
    if (!name) continue;
    IdxFiles& files = sets[name->prefix];
    files.folder = folder;
    files.prefix = name->prefix;
    fs::path& file = file_of(files, *name);
    if (!file.empty() && ranks[file] <= name->rank) continue;
    file = at->path();
    ranks[file] = name->rank;
  }
  std::vector<IdxFiles> found;
  for (auto& [prefix, files] : sets) {
    const fs::path mapping = folder / (prefix + "-mapping.txt");
    if (!prefix.empty() && fs::exists(mapping, error)) files.mapping = mapping;
    found.push_back(std::move(files));
  }
  return found;
}

/// How to name a set of a folder that has several.
std::string name_of(const IdxFiles& files) {
  const fs::path& any = files.train_images.empty() ? files.train_labels : files.train_images;
  if (!files.prefix.empty()) return (files.folder / files.prefix).string();
  return any.empty() ? files.test_images.string() : any.string();
}

Error several_sets(const fs::path& folder, const std::vector<IdxFiles>& sets) {
  std::string names;
  for (const IdxFiles& files : sets) {
    names += (names.empty() ? "" : ", ") + printable(name_of(files), 300);
  }
  return input_error({folder.string(), ""}, fmt::format("holds {} sets of IDX files", sets.size()),
                     "name one of them: " + names);
}

}  // namespace

bool IdxFiles::any() const {
  return !(train_images.empty() && train_labels.empty() && test_images.empty() &&
           test_labels.empty());
}

bool IdxFiles::complete() const {
  return !(train_images.empty() || train_labels.empty() || test_images.empty() ||
           test_labels.empty());
}

bool IdxFiles::lacks_test_files() const {
  return !train_images.empty() && !train_labels.empty() && test_images.empty() &&
         test_labels.empty();
}

std::vector<std::string> names_beside(const IdxFiles& files, const fs::path& place) {
  std::set<std::string> read{files.mapping.filename().string()};
  for (const fs::path& file :
       {files.train_images, files.train_labels, files.test_images, files.test_labels}) {
    read.insert(without_compression(file.filename().string()));
  }
  std::vector<std::string> beside;
  for (std::string& name : names_in(files.folder)) {
    if (!read.contains(without_compression(name))) beside.push_back(std::move(name));
  }
  if (files.folder == place) return beside;
  const std::string inner = files.folder.filename().string() + "/";
  for (std::string& name : names_in(place)) {
    if (name != inner) beside.push_back(std::move(name));
  }
  return beside;
}

std::vector<IdxFiles> find_idx_sets(const fs::path& folder) {
  for (const fs::path& in : {folder, folder / "raw", folder / "gzip"}) {
    if (auto sets = sets_in(in); !sets.empty()) return sets;
  }
  return {};
}

IdxFiles find_idx_files(const fs::path& folder, const std::string& prefix) {
  for (IdxFiles& files : find_idx_sets(folder)) {
    if (files.prefix == prefix) return std::move(files);
  }
  IdxFiles none;
  none.folder = folder;
  none.prefix = prefix;
  return none;
}

std::optional<IdxFiles> idx_files_at(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    std::vector<IdxFiles> sets = find_idx_sets(path);
    if (sets.size() > 1) throw several_sets(path, sets);
    return sets.empty() ? std::nullopt : std::optional(std::move(sets.front()));
  }
  const std::string name = path.filename().string();
  const auto parsed = parse_name(name);
  if (parsed ? !fs::exists(path, error) : fs::exists(path, error) || name.empty()) {
    return std::nullopt;
  }
  IdxFiles files = find_idx_files(path.parent_path().empty() ? "." : path.parent_path(),
                                  parsed ? parsed->prefix : name);
  return files.any() ? std::optional(std::move(files)) : std::nullopt;
}

}  // namespace minima::data
