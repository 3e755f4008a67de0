#include "data/fetch/known.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace minima::data {

std::span<const KnownSet> known_sets() {
  using Kind = KnownSet::Kind;
  static const std::vector<KnownSet> sets{
      {"mnist",
       "handwritten digits, 60,000 + 10,000 of 28x28 grey",
       Kind::idx,
       {{1, 28, 28}, 10},
       {},
       {"mnist", "MNIST"}},
      {"fashion-mnist",
       "articles of clothing, 60,000 + 10,000 of 28x28 grey",
       Kind::idx,
       {{1, 28, 28}, 10},
       {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
        "Ankle boot"},
       {"fashion-mnist", "FashionMNIST"}},
      {"cifar-10",
       "animals and vehicles, 50,000 + 10,000 of 32x32 colour",
       Kind::cifar,
       {{3, 32, 32}, 10},
       {},
       {"cifar-10", "."}},
      {"glyphs",
       "ten distorted symbols, 28x28 grey; settings: difficulty, train, test, seed",
       Kind::glyphs,
       {{1, 28, 28}, 10},
       {},
       {}},
      {"textures",
       "ten local patterns, 32x32 colour; settings: difficulty, train, test, seed",
       Kind::textures,
       {{3, 32, 32}, 10},
       {},
       {}}};
  return sets;
}

const KnownSet* find_known_set(std::string_view name) {
  for (const KnownSet& set : known_sets()) {
    if (set.name == name) return &set;
  }
  return nullptr;
}

std::string known_set_suggestion(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == '_' ? '-' : c;
  });
  std::vector<std::string> names;
  for (const KnownSet& set : known_sets()) names.push_back(set.name);
  const auto nearest = nearest_name(lower, names);
  return nearest ? fmt::format("did you mean \"{}\"?", *nearest) : "";
}

}  // namespace minima::data
