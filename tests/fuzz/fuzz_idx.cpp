// The IDX files of MNIST and similar sets; the input is one of the four, the others are valid.
#include <array>

#include "data/formats/idx.h"
#include "fuzz.h"

namespace minima::fuzz {
namespace {

using namespace std::string_view_literals;

struct Part {
  const char* name;
  std::string_view sound;
};

// Each split has two images of 2 x 2 pixels, of classes 0 and 1.
constexpr auto kImages =
    "\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x02"
    "abcdefgh"sv;
constexpr auto kLabels = "\0\0\x08\x01\0\0\0\x02\0\x01"sv;
constexpr std::array<Part, 4> kParts{{{"train-images-idx3-ubyte", kImages},
                                      {"train-labels-idx1-ubyte", kLabels},
                                      {"t10k-images-idx3-ubyte", kImages},
                                      {"t10k-labels-idx1-ubyte", kLabels}}};

}  // namespace

void try_input(Bytes bytes) {
  const std::size_t chosen = take_choice(bytes, kParts.size());
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    write_file(scratch() / kParts[i].name, i == chosen ? text_of(bytes) : kParts[i].sound);
  }
  const data::IdxFiles files = data::find_idx_files(scratch());
  accepted([&] {
    const data::Dataset dataset = data::read_idx(files);
    const auto pixels = static_cast<std::size_t>(dataset.shape.pixels());
    for (const data::Split* split : {&dataset.train, &dataset.test}) {
      require(split->images.size() == split->count() * pixels, "images and labels disagree");
      for (const auto label : split->labels) {
        require(label < dataset.class_names.size(), "a label has no class");
      }
    }
  });
}

}  // namespace minima::fuzz
