// Sizes and names of the classes.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "data/inspect/findings.h"

namespace minima::data {
namespace {

// From this ratio on, a network that ignores the smallest class loses little accuracy. The classes
// of MNIST differ by 1.24.
constexpr std::int64_t kVeryUnequal = 10;

std::vector<std::string> names_without_images(const Dataset& dataset, const Split& split) {
  const auto counts = class_counts(split, dataset.problem().classes);
  std::vector<std::string> names;
  for (std::size_t label = 0; label < counts.size(); ++label) {
    if (counts[label] == 0) names.push_back(dataset.class_names[label]);
  }
  return names;
}

Notes missing_classes(const Dataset& dataset) {
  Notes notes;
  for (const auto& [name, split] : filled_splits(dataset)) {
    const std::vector<std::string> missing = names_without_images(dataset, *split);
    if (missing.empty()) continue;
    const bool is_training = split == &dataset.train;
    const bool is_one = missing.size() == 1;
    const std::string which =
        is_training
            ? fmt::format("no network can learn to recognize {}", is_one ? "it" : "them")
            : fmt::format("no accuracy says how well {} recognized", is_one ? "it is" : "they are");
    notes.push_back(fmt::format("{} {} {} no {} images, so {}", is_one ? "class" : "classes",
                                names_text(missing), is_one ? "has" : "have", name, which));
  }
  return notes;
}

Notes unequal_classes(const Dataset& dataset) {
  const auto counts = class_counts(dataset.train, dataset.problem().classes);
  std::size_t largest = 0;
  std::size_t smallest = counts.size();
  for (std::size_t label = 0; label < counts.size(); ++label) {
    if (counts[label] > counts[largest]) largest = label;
    if (counts[label] == 0) continue;  // has a note of its own
    if (smallest == counts.size() || counts[label] < counts[smallest]) smallest = label;
  }
  if (smallest == counts.size() || counts[largest] < kVeryUnequal * counts[smallest]) return {};
  const auto described = [&](std::size_t label) {
    return fmt::format("{} ({} training images)", names_text({dataset.class_names[label]}),
                       grouped(counts[label]));
  };
  return {fmt::format(
      "class {} is {} times as large as {}: compare balanced accuracies, and "
      "consider train.class_weights = \"balanced\"",
      described(largest), grouped(counts[largest] / counts[smallest]), described(smallest))};
}

/// Folders 1, 2, ... 10 come in the order of text: 1, 10, 2. Whoever takes the number of the output
/// for the name of the class is wrong from then on.
Notes numbers_as_names(const Dataset& dataset) {
  std::size_t first_other = dataset.class_names.size();
  for (std::size_t label = 0; label < dataset.class_names.size(); ++label) {
    const auto number = parse_integer(dataset.class_names[label]);
    if (!number) return {};
    const bool is_other = *number != static_cast<std::int64_t>(label);
    if (is_other && first_other == dataset.class_names.size()) first_other = label;
  }
  if (first_other == dataset.class_names.size()) return {};
  return {fmt::format(
      "all class names are numbers, but not those of the outputs: output {} is class {} (the order "
      "is {})",
      first_other, names_text({dataset.class_names[first_other]}),
      names_text(dataset.class_names))};
}

}  // namespace

Notes class_notes(const Dataset& dataset) {
  Notes notes = missing_classes(dataset);
  for (const Notes& more : {unequal_classes(dataset), numbers_as_names(dataset)}) {
    notes.insert(notes.end(), more.begin(), more.end());
  }
  return notes;
}

}  // namespace minima::data
