// The files that only EMNIST and QMNIST have: labels from 1 with a mapping file, and a table of
// labels. The input is one of them.
#include "data/formats/idx.h"
#include "fuzz.h"

namespace minima::fuzz {
namespace {

using namespace std::string_view_literals;

// Two images of 2 x 3 pixels.
constexpr auto kImages =
    "\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x03"
    "abcdefghijkl"sv;
constexpr auto kLetters = "\0\0\x08\x01\0\0\0\x02\x01\x02"sv;
constexpr auto kMapping = "1 65 97\n2 66 98\n"sv;
constexpr auto kTable =
    "\0\0\x0c\x02\0\0\0\x02\0\0\0\x01"
    "\0\0\0\x07\0\0\0\x01"sv;

void try_set(const char* prefix) {
  const data::IdxFiles files = data::find_idx_files(scratch(), prefix);
  accepted([&] {
    const data::Dataset dataset = data::read_idx(files);
    require(dataset.train.images.size() == 12, "images are missing");
    for (const auto label : dataset.train.labels) {
      require(label < dataset.class_names.size(), "a label has no class");
    }
  });
}

}  // namespace

void try_input(Bytes bytes) {
  const std::size_t chosen = take_choice(bytes, 3);
  const auto put = [&](const char* name, std::string_view sound, bool is_chosen) {
    write_file(scratch() / name, is_chosen ? text_of(bytes) : std::string(sound));
  };
  put("emnist-letters-train-images-idx3-ubyte", kImages, false);
  put("emnist-letters-train-labels-idx1-ubyte", kLetters, chosen == 0);
  put("emnist-letters-mapping.txt", kMapping, chosen == 1);
  put("qmnist-train-images-idx3-ubyte", kImages, false);
  put("qmnist-train-labels-idx2-int", kTable, chosen == 2);
  try_set(chosen == 2 ? "qmnist" : "emnist-letters");
}

}  // namespace minima::fuzz
