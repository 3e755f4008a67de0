#include "study/file/next_study.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <regex>
#include <sstream>

#include "core/codes/sha256.h"
#include "core/error.h"
#include "core/text.h"
#include "network/limits.h"
#include "network/notation/architecture.h"
#include "study/file/recorded_training.h"
#include "study/file/study_file.h"

namespace minima::study {
namespace {

// Keeps seeds short enough to read.
constexpr std::uint64_t kSeeds = 1'000'000;

toml::table& section(toml::table& root, const std::string& name) {
  if (!root[name].is_table()) root.insert_or_assign(name, toml::table{});
  return *root[name].as_table();
}

/// Every width times `up` / `down`, at least 1. False if a width is above the limit of a study.
struct WidthScaling {
  int up = 1;
  int down = 1;

  [[nodiscard]] bool scale(int& width, int most) const {
    const std::int64_t scaled = std::max<std::int64_t>(std::int64_t{width} * up / down, 1);
    width = static_cast<int>(std::min<std::int64_t>(scaled, most));
    return scaled <= most;
  }
  [[nodiscard]] bool scale_all(std::vector<int>& widths, int most) const {
    return std::ranges::all_of(widths, [&](int& width) { return scale(width, most); });
  }
  bool operator()(network::Dnn& dnn) const { return scale_all(dnn.hidden, network::kMaxWidth); }
  bool operator()(network::Cnn& cnn) const { return scale_all(cnn.filters, network::kMaxFilters); }
  bool operator()(network::Vit& vit) const {
    return scale(vit.width, network::kMaxTokenWidth) && scale(vit.mlp_width, network::kMaxMlpWidth);
  }
  bool operator()(network::PaperVit& /*none*/) const { return true; }
};

std::vector<std::string> scaled(const std::string& text, const std::vector<WidthScaling>& factors) {
  std::vector<std::string> found;
  const network::Architecture from = network::Architecture::parse(text);
  for (const WidthScaling& scaling : factors) {
    network::Architecture::Shape shape = from.shape();
    const bool fits = std::visit([&scaling](auto& each) { return scaling(each); }, shape);
    const network::Architecture architecture(shape);
    if (!fits || architecture.fault()) continue;  // the heads may not divide the width
    const std::string name = architecture.text();
    if (name != text && std::ranges::find(found, name) == found.end()) found.push_back(name);
  }
  return found;
}

template <typename Protocols>
std::vector<std::string> texts_of(const Protocols& protocols) {
  std::vector<std::string> texts;
  for (const auto& each : protocols) texts.push_back(each.text());
  return texts;
}

/// Keeps the protocols of a section whose texts are listed; drops a section without any.
void keep_protocols(toml::table& root, const char* name, const std::vector<std::string>& texts,
                    const std::vector<std::string>& kept) {
  toml::table* table = root[name].as_table();
  if (table == nullptr) return;
  table->insert_or_assign("representatives", "all");
  toml::array* protocols = (*table)["protocol"].as_array();
  if (protocols == nullptr || protocols->size() != texts.size()) return;
  for (std::size_t i = texts.size(); i-- > 0;) {
    if (std::ranges::find(kept, texts[i]) == kept.end()) {
      protocols->erase(protocols->cbegin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  if (protocols->empty()) root.erase(name);
}

// toml++ prints 0.8 as 0.80000000000000004. Numbers are therefore replaced by marked strings in
// their shortest form, and text_of removes the marks and quotes.
constexpr std::string_view kNumber = "@number:";

std::string marked(double number) {
  std::string text = shortest(number);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return std::string(kNumber) + text;
}

void mark_numbers(toml::table& table);

void mark_numbers(toml::array& array) {
  for (std::size_t i = 0; i < array.size(); ++i) {
    toml::node& node = array[i];
    if (auto* inner = node.as_table()) mark_numbers(*inner);
    if (auto* inner = node.as_array()) mark_numbers(*inner);
    if (const auto* number = node.as_floating_point()) {
      array.replace(array.cbegin() + static_cast<std::ptrdiff_t>(i), marked(number->get()));
    }
  }
}

void mark_numbers(toml::table& table) {
  std::vector<std::pair<std::string, double>> numbers;
  for (auto&& [key, node] : table) {
    if (auto* inner = node.as_table()) mark_numbers(*inner);
    if (auto* inner = node.as_array()) mark_numbers(*inner);
    if (const auto* number = node.as_floating_point()) {
      numbers.emplace_back(std::string(key.str()), number->get());
    }
  }
  for (const auto& [key, number] : numbers) table.insert_or_assign(key, marked(number));
}

std::string text_of(toml::table root) {
  mark_numbers(root);
  std::ostringstream out;
  out << root;
  static const std::regex number("[\"']" + std::string(kNumber) + "([^\"']*)[\"']");
  return std::regex_replace(out.str(), number, "$1");
}

/// A seed derived from the whole study except its seed, and different from the previous seed.
std::int64_t new_seed(toml::table& root, std::uint64_t before) {
  section(root, "study").insert_or_assign("seed", static_cast<std::int64_t>(before));
  const std::uint64_t digest = std::stoull(sha256(text_of(root)).substr(0, 12), nullptr, 16);
  const std::uint64_t seed = 1 + digest % kSeeds;
  return static_cast<std::int64_t>(seed == before ? seed + 1 : seed);
}

toml::table training_table(const std::string& training) {
  std::string text;
  for (const auto& [key, value] : recorded_options(training))
    text += fmt::format("{} = {}\n", key, value);
  return toml::parse(text);
}

std::string others_comment(const NextStudy& next) {
  std::string text;
  for (const std::string& each : next.others) {
    text += fmt::format("# It leaves out the dataset \"{}\": write another study with --dataset.\n",
                        printable(each));
  }
  return text;
}

}  // namespace

std::string next_study_text(const std::string& text, const NextStudy& next) {
  const Study before = parse_study(text, next.name, overrides_as_recorded(next.training));
  toml::table root = toml::parse(text);
  toml::table& study = section(root, "study");
  study.insert_or_assign("name", next.name);
  study.insert_or_assign("replicates", next.replicates);
  study.insert_or_assign("weights", "all");
  root.insert_or_assign("train", training_table(next.training));
  section(root, "data").insert_or_assign("datasets", toml::array{next.dataset});
  keep_protocols(root, "pruning", texts_of(before.pruning.protocols), next.pruning);
  keep_protocols(root, "quantization", texts_of(before.quantization.protocols), next.quantization);
  toml::array architectures;
  for (const std::string& each : next.architectures) architectures.push_back(each);
  toml::table design;
  design.insert("architectures", std::move(architectures));
  root.insert_or_assign("design", toml::array{std::move(design)});
  section(root, "study").insert_or_assign("seed", new_seed(root, before.seed));
  return fmt::format(
      "{}\n"
      "# It has a new seed, so all of its runs are new. They alone count as evidence.\n"
      "{}#   minima run THIS_FILE\n"
      "#   minima recommend {}.minima --accuracy ...\n\n{}\n",
      kNextStudyMark, others_comment(next), next.name, text_of(root));
}

std::vector<std::string> wider(const std::string& architecture) {
  return scaled(architecture, {{.up = 2}, {.up = 4}});
}

std::vector<std::string> narrower(const std::string& architecture) {
  return scaled(architecture, {{.down = 2}, {.down = 4}});
}

}  // namespace minima::study
