// Properties that hold for every value of an option.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "study/file/study_file.h"
#include "support/properties.h"

namespace minima::study {
namespace {

using rc::gen::element;
using rc::gen::inRange;

const std::string kStart = "[study]\nname = \"any\"\n[data]\ndatasets = [\"mnist\"]\n";
const std::string kDesign = "[[design]]\narchitectures = [\"dnn 4\"]\n";

/// A positive number between 1e-6 and 1, of any magnitude.
double any_fraction() {
  return (*inRange(1, 1000)) / 1000.0 * *element(1.0, 0.1, 1e-3);
}

struct Setting {
  std::string key;
  std::string value;
};

Setting any_training_setting() {
  switch (*inRange(0, 5)) {
    case 0:
      return {"epochs", fmt::format("{}", *inRange(1, 1000))};
    case 1:
      return {"batch", fmt::format("{}", *inRange(1, 5000))};
    case 2:
      return {"learning_rate", fmt::format("{}", any_fraction())};
    case 3:
      return {"optimizer", fmt::format("\"{}\"", *element("adam", "sgd", "adamw"))};
    default:
      return {"scaling", fmt::format("\"{}\"", *element("unit", "standardised"))};
  }
}

RC_GTEST_PROP(Options, OfAnOverrideAreThoseOfTheFile, ()) {
  const Setting setting = any_training_setting();
  const Study in_file = parse_study(
      kStart + fmt::format("[train]\n{} = {}\n", setting.key, setting.value) + kDesign, "any");
  const std::vector<Override> overrides{
      parse_override(fmt::format("train.{}={}", setting.key, setting.value))};
  const Study overridden = parse_study(kStart + kDesign, "any", overrides);
  RC_ASSERT(overridden.train.text() == in_file.train.text());
}

RC_GTEST_PROP(Options, OfPruningKeepTheSparsitiesAndPruneToEachOnce, ()) {
  const auto count = *inRange<std::size_t>(1, 8);
  std::vector<double> sparsity;
  std::string list;
  for (std::size_t i = 0; i < count; ++i) {
    sparsity.push_back(*inRange(0, 1000) / 1000.0);
    list += fmt::format("{}{}", i == 0 ? "" : ", ", sparsity.back());
  }
  const Study study = parse_study(
      kStart + kDesign + fmt::format("[[pruning.protocol]]\nsparsity = [{}]\n", list), "any");
  RC_ASSERT(study.pruning.protocols.size() == 1U);
  const PruningProtocol& protocol = study.pruning.protocols[0];
  RC_ASSERT(protocol.sparsity == sparsity);
  std::ranges::sort(sparsity);
  sparsity.erase(std::unique(sparsity.begin(), sparsity.end()), sparsity.end());
  RC_ASSERT(protocol.steps() == sparsity);
}

}  // namespace
}  // namespace minima::study
