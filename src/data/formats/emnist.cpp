#include "data/formats/emnist.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "core/error.h"
#include "core/text.h"
#include "data/files/bytes.h"

namespace minima::data {
namespace {

constexpr const char* kLetters = "emnist-letters";

// The merged sets have no class for small letters that look like their capitals.
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kSmall = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kSmallUnlikeCapitals = "abdefghnqrt";

const std::map<std::string, std::string>& characters() {
  static const std::map<std::string, std::string> kCharacters = [] {
    const std::string digits(kDigits);
    const std::string capitals(kCapitals);
    const std::string merged = digits + capitals + std::string(kSmallUnlikeCapitals);
    return std::map<std::string, std::string>{
        {kLetters, capitals},       {"emnist-balanced", merged},
        {"emnist-bymerge", merged}, {"emnist-digits", digits},
        {"emnist-mnist", digits},   {"emnist-byclass", digits + capitals + std::string(kSmall)}};
  }();
  return kCharacters;
}

/// The image [height][width] as [width][height].
void transpose(std::span<std::uint8_t> image, int height, int width) {
  std::vector<std::uint8_t> turned(image.size());
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      turned[static_cast<std::size_t>(x) * height + y] =
          image[static_cast<std::size_t>(y) * width + x];
    }
  }
  std::ranges::copy(turned, image.begin());
}

void transpose(Dataset& dataset) {
  const auto size = static_cast<std::size_t>(dataset.shape.pixels());
  for (Split* split : {&dataset.train, &dataset.test}) {
    for (std::size_t i = 0; i < split->count(); ++i) {
      transpose(std::span(split->images).subspan(i * size, size), dataset.shape.height,
                dataset.shape.width);
    }
  }
  std::swap(dataset.shape.height, dataset.shape.width);
  dataset.notes.emplace_back("EMNIST stores its images transposed; they were turned upright");
}

/// Lets labels that begin at 1 begin at 0. Returns whether it did.
bool begin_at_zero(Dataset& dataset) {
  for (const Split* split : {&dataset.train, &dataset.test}) {
    if (std::ranges::find(split->labels, 0) != split->labels.end()) return false;
  }
  for (Split* split : {&dataset.train, &dataset.test}) {
    for (std::uint16_t& label : split->labels) --label;
  }
  dataset.notes.push_back(fmt::format("the published labels 1 to {} of the letters became 0 to {}",
                                      dataset.class_names.size() - 1,
                                      dataset.class_names.size() - 2));
  dataset.class_names.pop_back();
  return true;
}

/// A line is a label and the codes of its characters: "1 65 97" stands for A and a.
std::map<int, std::string> read_mapping(const std::filesystem::path& file) {
  const auto stream = open_bytes(file);
  std::istringstream lines(read_rest(*stream, file, kMaxClassNamesBytes));
  std::map<int, std::string> names;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (trim(line).empty()) continue;
    std::istringstream words(line);
    int label = -1;
    std::string name;
    words >> label;
    for (int code = 0; words >> code;) {
      if (code <= ' ' || code > '~') break;
      name += (name.empty() ? "" : "/") + std::string(1, static_cast<char>(code));
    }
    if (label < 0 || name.empty() || !words.eof()) {
      throw input_error({file.string(), fmt::format("line {}", number)},
                        "is not a label and the codes of its characters, such as 1 65 97",
                        kFetchAgain);
    }
    names[label] = name;
  }
  return names;
}

void name_classes(Dataset& dataset, const std::filesystem::path& mapping, int first_label) {
  const std::map<int, std::string> names = read_mapping(mapping);
  for (std::size_t i = 0; i < dataset.class_names.size(); ++i) {
    const int label = static_cast<int>(i) + first_label;
    const auto found = names.find(label);
    if (found == names.end()) {
      throw input_error({mapping.string(), ""}, fmt::format("has no line for label {}", label),
                        kFetchAgain);
    }
    dataset.class_names[i] = found->second;
  }
}

}  // namespace

bool is_emnist(const std::string& prefix) {
  return characters().contains(prefix);
}

std::vector<std::string> emnist_class_names(const std::string& prefix) {
  std::vector<std::string> names;
  for (const char c : characters().at(prefix)) names.emplace_back(1, c);
  return names;
}

void restore_emnist(Dataset& dataset, const std::string& prefix,
                    const std::filesystem::path& mapping) {
  transpose(dataset);
  const bool is_shifted = prefix == kLetters && begin_at_zero(dataset);
  if (!mapping.empty()) {
    name_classes(dataset, mapping, is_shifted ? 1 : 0);
    return;
  }
  const std::vector<std::string> names = emnist_class_names(prefix);
  if (dataset.class_names.size() <= names.size() && (prefix != kLetters || is_shifted)) {
    std::copy_n(names.begin(), dataset.class_names.size(), dataset.class_names.begin());
  }
}

}  // namespace minima::data
