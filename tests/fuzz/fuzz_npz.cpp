// NumPy archives: the input is the whole file.
#include "data/formats/npz.h"
#include "fuzz.h"

namespace minima::fuzz {

void try_input(Bytes bytes) {
  const std::filesystem::path file = scratch() / "images.npz";
  write_file(file, text_of(bytes));
  Problem announced;
  const bool planned = accepted([&] { announced = data::npz_problem(file); });
  const bool read = accepted([&] {
    const data::Dataset dataset = data::read_npz(file, data::DataMemory(std::uint64_t{64} << 20));
    require(dataset.problem() == announced, "the plan has another problem than the data");
  });
  require(planned || !read, "what can be read cannot be planned");
}

}  // namespace minima::fuzz
