#include "data/source/source.h"

#include <fmt/format.h>

#include <cstdlib>
#include <new>
#include <utility>

#include "core/error.h"
#include "core/text.h"
#include "data/fetch/known.h"
#include "data/generated/glyphs.h"
#include "data/generated/image_generator.h"
#include "data/generated/textures.h"
#include "data/inspect/inspect.h"
#include "data/source/adapt.h"
#include "data/source/read_source.h"
#include "data/source/validation.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

std::optional<std::int64_t> integer_setting(const Source& source, const std::string& key) {
  const auto found = source.settings.find(key);
  return found == source.settings.end() ? std::nullopt : parse_integer(found->second);
}

std::optional<double> number_setting(const Source& source, const std::string& key) {
  const auto found = source.settings.find(key);
  return found == source.settings.end() ? std::nullopt : parse_number(found->second);
}

// ---- generated sets

GeneratedSettings generated_settings(const Source& source) {
  GeneratedSettings settings;
  settings.difficulty = number_setting(source, "difficulty").value_or(settings.difficulty);
  settings.train = integer_setting(source, "train").value_or(settings.train);
  settings.test = integer_setting(source, "test").value_or(settings.test);
  if (const auto seed = integer_setting(source, "seed")) {
    settings.seed = static_cast<std::uint64_t>(*seed);
  }
  return settings;
}

std::uint64_t bytes_of(const GeneratedSettings& settings, const ImageShape& shape) {
  return static_cast<std::uint64_t>(settings.train + settings.test) *
         (static_cast<std::uint64_t>(shape.pixels()) + 2);
}

Dataset make(const KnownSet& set, const Source& source, DataMemory& memory, std::size_t jobs) {
  const GeneratedSettings settings = generated_settings(source);
  memory.take(bytes_of(settings, set.problem.image), source.text());
  return set.kind == KnownSet::Kind::glyphs ? make_glyphs(settings, jobs)
                                            : make_textures(settings, jobs);
}

// ---- steps common to all sources

void keep_first(Split& split, const Source& source, const char* key, const ImageShape& shape) {
  const auto wanted = integer_setting(source, key);
  if (!wanted) return;
  const auto count = static_cast<std::size_t>(*wanted);
  if (count > split.count()) {
    throw input_error(
        {source.text(), ""},
        fmt::format("{}={} asks for more images than the {} there are", key, count, split.count()),
        fmt::format("lower {} or leave it out", key));
  }
  split.labels.resize(count);
  split.labels.shrink_to_fit();
  split.images.resize(count * static_cast<std::size_t>(shape.pixels()));
  split.images.shrink_to_fit();
  if (!split.files.empty()) split.files.resize(count);
}

Error has_test_split(const Source& source) {
  return input_error({source.text(), ""}, "has a test split of its own",
                     "leave test_share out; test=N tests with fewer images");
}

Error none_held_out(const Source& source, const char* key, std::size_t images, double share) {
  const bool is_test = std::string_view(key) == "test_share";
  return input_error({source.text(), ""},
                     fmt::format("of {} training images, {}={} leaves none to {} by", images, key,
                                 shortest(share), is_test ? "test" : "choose"),
                     fmt::format("change {} or add images", key));
}

void hold_out_test(ReadDataset& read, const Source& source) {
  const auto share = number_setting(source, "test_share");
  Dataset& dataset = read.dataset;
  if (read.holds_out_test) return;
  if (share && dataset.test.count() > 0) throw has_test_split(source);
  if (!share && dataset.test.count() == 0 && dataset.validation.count() > 0) {
    dataset.test = std::exchange(dataset.validation, {});
    dataset.notes.emplace_back("the validation images are the test set, because there is no other");
  }
  if (!share && dataset.test.count() > 0) return;
  if (!share) {
    throw input_error({source.text(), ""}, "has no test images",
                      "add test_share=0.2 to hold out a fifth of the training images for testing");
  }
  dataset.test =
      hold_out(dataset.train, dataset.shape, dataset.problem().classes, *share, HeldOut::test);
  if (dataset.test.count() == 0) {
    throw none_held_out(source, "test_share", dataset.train.count(), *share);
  }
}

void hold_out_validation(Dataset& dataset, const Source& source) {
  const auto share = number_setting(source, "validation_share");
  if (!share) return;
  if (dataset.validation.count() > 0) {
    throw input_error({source.text(), ""}, "has a validation split of its own",
                      "leave validation_share out");
  }
  dataset.validation = hold_out(dataset.train, dataset.shape, dataset.problem().classes, *share);
  if (dataset.validation.count() == 0) {
    throw none_held_out(source, "validation_share", dataset.train.count(), *share);
  }
}

void check_classes(const Source& source, int classes) {
  if (classes >= 2) return;
  throw input_error({source.name, ""}, "all images are of one class",
                    "a classification task needs at least two");
}

/// A relative path that leads nowhere is looked for in the folders. So a store's dataset is found
/// from another working folder with --data-dir.
Source found_in(Source source, const std::vector<fs::path>& folders) {
  std::error_code error;
  if (!source.is_path() || fs::exists(source.path(), error)) return source;
  for (const fs::path& folder : folders) {
    if (fs::path(source.name).is_relative() && fs::exists(folder / source.name, error)) {
      source.base = folder;
      return source;
    }
  }
  return source;
}

Dataset load(const Source& asked, const std::vector<fs::path>& folders, DataMemory memory,
             std::size_t jobs) {
  const Source source = found_in(asked, folders);
  const KnownSet* set = find_known_set(source.name);
  const DataMemory memory_of_all = memory;  // before anything is taken of it
  ReadDataset read = set == nullptr     ? read_path(source, memory)
                     : set->generated() ? ReadDataset{make(*set, source, memory, jobs)}
                                        : read_known(*set, source, folders, memory);
  const bool is_from_files = set == nullptr || !set->generated();
  if (is_from_files) drop_empty_classes(read.dataset);
  hold_out_test(read, source);
  Dataset dataset = std::move(read.dataset);
  keep_first(dataset.train, source, "train", dataset.shape);
  keep_first(dataset.test, source, "test", dataset.shape);
  check_classes(source, dataset.problem().classes);
  hold_out_validation(dataset, source);
  adapt(dataset, adaptation(source), memory_of_all);
  if (is_from_files) inspect(dataset);
  dataset.name = source.text();
  dataset.checksum = content_checksum(dataset);
  return dataset;
}

}  // namespace

std::vector<fs::path> search_path(const fs::path& data_dir) {
  std::vector<fs::path> folders;
  if (!data_dir.empty()) folders.push_back(data_dir);
  if (const char* list = std::getenv("MINIMA_DATA")) {
    for (const std::string& folder : split(list, ':')) {
      if (!folder.empty()) folders.emplace_back(folder);
    }
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    folders.push_back(fs::path(home) / ".cache" / "minima");
  }
  return folders;
}

Dataset load(const Source& source, const std::vector<fs::path>& folders, std::uint64_t most_bytes,
             std::size_t jobs) {
  try {
    return load(source, folders, DataMemory(most_bytes), jobs);
  } catch (const std::bad_alloc&) {
    throw work_error({source.text(), ""}, "there is not enough memory for these data",
                     "take fewer or smaller images, or close other programs");
  }
}

std::optional<Outline> outline(const Source& source, std::uint64_t most_bytes) {
  const KnownSet* set = find_known_set(source.name);
  if (set == nullptr || !set->generated()) return std::nullopt;
  const GeneratedSettings settings = generated_settings(source);
  check(set->name, settings);
  DataMemory(most_bytes).take(bytes_of(settings, set->problem.image), source.text());
  if (source.settings.contains("test_share")) throw has_test_split(source);
  const ImageShape shape = adaptation(source).applied_to(set->problem.image);
  DataMemory(most_bytes).take(bytes_of(settings, shape), source.text());
  Outline outline{.problem = {shape, set->problem.classes},
                  .train = settings.train,
                  .test = settings.test,
                  .origin = kGeneratedOrigin};
  if (const auto share = number_setting(source, "validation_share")) {
    const auto labels = train_labels(set->name, settings, set->problem.classes);
    outline.validation = held_out_count(labels, set->problem.classes, *share);
    outline.train -= outline.validation;
    if (outline.validation == 0) {
      throw none_held_out(source, "validation_share", labels.size(), *share);
    }
  }
  check_classes(source, set->problem.classes);
  return outline;
}

std::vector<KnownSource> known_sources(const std::vector<fs::path>& folders) {
  std::vector<KnownSource> sources;
  for (const KnownSet& set : known_sets()) {
    KnownSource source{.name = set.name,
                       .description = set.description,
                       .generated = set.generated(),
                       .available = set.generated(),
                       .can_be_fetched = can_be_fetched(set),
                       .found = {}};
    if (!set.generated()) {
      const auto place = place_of(set, folders);
      source.available = place.has_value();
      source.found = place.value_or(fs::path());
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace minima::data
