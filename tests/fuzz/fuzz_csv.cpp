// Tables of pixels: the input is a table for training; the one for testing is valid.
#include "data/formats/csv.h"
#include "fuzz.h"

namespace minima::fuzz {

void try_input(Bytes bytes) {
  const data::CsvLayout layout{.channels = take_choice(bytes, 2) == 0 ? 0 : 3};
  write_file(scratch() / "train.csv", text_of(bytes));
  write_file(scratch() / "test.csv", "label,pixel0,pixel1,pixel2,pixel3\n1,0,1,2,3\n");
  accepted([&] {
    const auto files = data::find_csv(scratch());
    require(files.has_value(), "a folder with train.csv is not found");
    const data::Dataset dataset =
        data::read_csv(*files, layout, data::DataMemory(std::uint64_t{64} << 20));
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
