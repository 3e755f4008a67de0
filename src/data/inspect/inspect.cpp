#include "data/inspect/inspect.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "data/inspect/findings.h"

namespace minima::data {
namespace {

constexpr std::size_t kMostNames = 5;
constexpr std::size_t kLongestName = 40;

/// Number of images of each class in all splits.
std::vector<std::int64_t> images_by_class(const Dataset& dataset) {
  const int classes = dataset.problem().classes;
  std::vector<std::int64_t> images(static_cast<std::size_t>(classes), 0);
  for (const NamedSplit& each : filled_splits(dataset)) {
    const std::vector<std::int64_t> counts = class_counts(*each.split, classes);
    for (std::size_t label = 0; label < counts.size(); ++label) images[label] += counts[label];
  }
  return images;
}

}  // namespace

std::vector<NamedSplit> filled_splits(const Dataset& dataset) {
  std::vector<NamedSplit> splits{
      {"training", &dataset.train}, {"validation", &dataset.validation}, {"test", &dataset.test}};
  std::erase_if(splits, [](const NamedSplit& each) { return each.split->count() == 0; });
  return splits;
}

bool is_notable(std::size_t count, std::size_t all) {
  return count > 0 && static_cast<double>(count) >= kRareFraction * static_cast<double>(all);
}

std::string part_text(std::size_t count, std::size_t all) {
  const std::string total = grouped(static_cast<std::int64_t>(all));
  return count == all ? "all " + total
                      : fmt::format("{} of {}", grouped(static_cast<std::int64_t>(count)), total);
}

std::string names_text(const std::vector<std::string>& names) {
  const std::size_t shown = names.size() > kMostNames ? kMostNames - 1 : names.size();
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool is_last = i + 1 == names.size();
    text += i == 0 ? "" : is_last ? " and " : ", ";
    text += "\"" + printable(names[i], kLongestName) + "\"";
  }
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

void drop_empty_classes(Dataset& dataset) {
  const std::vector<std::int64_t> images = images_by_class(dataset);
  std::vector<std::uint16_t> label_of(images.size(), 0);  // new label by old label
  std::vector<std::string> kept;
  std::vector<std::string> dropped;
  for (std::size_t label = 0; label < images.size(); ++label) {
    label_of[label] = static_cast<std::uint16_t>(kept.size());
    (images[label] > 0 ? kept : dropped).push_back(dataset.class_names[label]);
  }
  if (dropped.empty() || kept.empty()) return;
  for (Split* split : {&dataset.train, &dataset.validation, &dataset.test}) {
    for (std::uint16_t& label : split->labels) label = label_of[label];
  }
  dataset.class_names = std::move(kept);
  const bool is_one = dropped.size() == 1;
  dataset.notes.push_back(
      fmt::format("{} {} {} no image in any split and {} no output; the other {} keep their order",
                  is_one ? "class" : "classes", names_text(dropped), is_one ? "has" : "have",
                  is_one ? "gets" : "get", dataset.class_names.size()));
}

void inspect(Dataset& dataset) {
  for (const Notes& notes :
       {pixel_notes(dataset), duplicate_notes(dataset), class_notes(dataset)}) {
    dataset.notes.insert(dataset.notes.end(), notes.begin(), notes.end());
  }
  // Notes of readers may name files, whose names may be anything.
  for (std::string& note : dataset.notes) note = printable(note, std::string::npos);
}

}  // namespace minima::data
