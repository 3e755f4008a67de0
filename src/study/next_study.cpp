#include "study/next_study.h"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "core/error.h"
#include "study/architecture.h"

namespace minima::study {
namespace {

constexpr int kMostUnits = 100'000;

toml::table& section(toml::table& root, const std::string& name) {
  if (!root[name].is_table()) root.insert_or_assign(name, toml::table{});
  return *root[name].as_table();
}

/// Every width times `up` and divided by `down`; at least 1.
struct Scaling {
  int up = 1;
  int down = 1;

  [[nodiscard]] int operator()(int width) const {
    return std::clamp(width * up / down, 1, kMostUnits);
  }
  void operator()(Dnn& dnn) const {
    for (int& width : dnn.hidden) width = (*this)(width);
  }
  void operator()(Cnn& cnn) const {
    for (int& filters : cnn.filters) filters = (*this)(filters);
  }
  void operator()(Vit& vit) const {
    vit.width = (*this)(vit.width);
    vit.mlp_width = (*this)(vit.mlp_width);
  }
  void operator()(PaperVit& /*none*/) const {}
};

std::vector<std::string> scaled(const std::string& text, const std::vector<Scaling>& factors) {
  std::vector<std::string> found;
  const Architecture from = Architecture::parse(text);
  for (const Scaling& scaling : factors) {
    Architecture::Shape shape = from.shape();
    std::visit([&scaling](auto& each) { scaling(each); }, shape);
    const Architecture architecture(shape);
    try {
      architecture.check();
    } catch (const Error&) {
      continue;  // heads that do not divide the width
    }
    const std::string name = architecture.text();
    if (name != text && std::ranges::find(found, name) == found.end()) found.push_back(name);
  }
  return found;
}

}  // namespace

std::string next_study_text(const std::string& text, const NextStudy& next) {
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw input_error({next.name, ""}, "the study kept in the store is no TOML",
                      std::string(error.description()));
  }
  toml::table& study = section(root, "study");
  study.insert_or_assign("name", next.name);
  study.insert_or_assign("replicates", next.replicates);
  study.insert_or_assign("weights", "all");
  section(root, "data").insert_or_assign("datasets", toml::array{next.dataset});
  for (const char* name : {"pruning", "quantization"}) {
    if (root[name].is_table()) root[name].as_table()->insert_or_assign("representatives", "all");
  }
  toml::array architectures;
  for (const std::string& each : next.architectures) architectures.push_back(each);
  toml::table design;
  design.insert("architectures", std::move(architectures));
  root.insert_or_assign("design", toml::array{std::move(design)});
  std::ostringstream out;
  out << root << '\n';
  return out.str();
}

std::vector<std::string> wider(const std::string& architecture) {
  return scaled(architecture, {{.up = 2}, {.up = 4}});
}

std::vector<std::string> narrower(const std::string& architecture) {
  return scaled(architecture, {{.down = 2}, {.down = 4}});
}

}  // namespace minima::study
