// NumPy archives: the input is the whole file.
#include "data/formats/npz.h"
#include "fuzz.h"

namespace minima::fuzz {

void try_input(Bytes bytes) {
  const std::filesystem::path file = scratch() / "images.npz";
  write_file(file, text_of(bytes));
  accepted([&] {
    const data::Dataset dataset = data::read_npz(file, data::DataMemory(std::uint64_t{64} << 20));
    const auto pixels = static_cast<std::size_t>(dataset.shape.pixels());
    for (const data::Split* split : {&dataset.train, &dataset.validation, &dataset.test}) {
      require(split->images.size() == split->count() * pixels, "images and labels disagree");
      for (const auto label : split->labels) {
        require(label < dataset.class_names.size(), "a label has no class");
      }
    }
  });
}

}  // namespace minima::fuzz
