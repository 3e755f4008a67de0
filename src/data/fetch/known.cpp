#include "data/fetch/known.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace minima::data {
namespace {

/// One of the six sets of EMNIST; its files have the name of the set as a prefix.
KnownSet emnist(const std::string& part, const std::string& description, int classes) {
  const std::string name = "emnist-" + part;
  return {name,
          description,
          KnownSet::Kind::idx,
          {{1, 28, 28}, classes},
          {},
          {"emnist", "EMNIST", name},
          name,
          "emnist"};
}

}  // namespace

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
      {"kmnist",
       "handwritten Japanese characters, 60,000 + 10,000 of 28x28 grey",
       Kind::idx,
       {{1, 28, 28}, 10},
       {"o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"},
       {"kmnist", "KMNIST"}},
      {"qmnist",
       "handwritten digits, 60,000 + 60,000 of 28x28 grey",
       Kind::idx,
       {{1, 28, 28}, 10},
       {},
       {"qmnist", "QMNIST"},
       "qmnist"},
      emnist("letters", "handwritten letters, 124,800 + 20,800 of 28x28 grey", 26),
      emnist("balanced", "handwritten digits and letters, 112,800 + 18,800 of 28x28 grey", 47),
      emnist("byclass", "handwritten digits and letters, 697,932 + 116,323 of 28x28 grey", 62),
      emnist("bymerge", "handwritten digits and letters, 697,932 + 116,323 of 28x28 grey", 47),
      emnist("digits", "handwritten digits, 240,000 + 40,000 of 28x28 grey", 10),
      emnist("mnist", "handwritten digits, 60,000 + 10,000 of 28x28 grey", 10),
      {"cifar-10",
       "animals and vehicles, 50,000 + 10,000 of 32x32 colour",
       Kind::cifar,
       {{3, 32, 32}, 10},
       {},
       {"cifar-10", "."}},
      {"cifar-100",
       "animals, plants and things, 50,000 + 10,000 of 32x32 colour; setting: labels=coarse",
       Kind::cifar_100,
       {{3, 32, 32}, 100},
       {},
       {"cifar-100", "."}},
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
  std::vector<std::string> parts;  // sets whose names only continue the name
  for (const KnownSet& set : known_sets()) {
    names.push_back(set.name);
    if (set.name.starts_with(lower + "-")) parts.push_back(set.name);
  }
  if (parts.size() > 1) return fmt::format("choose one of {}", fmt::join(parts, ", "));
  const auto nearest = nearest_name(lower, names);
  return nearest ? fmt::format("did you mean \"{}\"?", *nearest) : "";
}

}  // namespace minima::data
