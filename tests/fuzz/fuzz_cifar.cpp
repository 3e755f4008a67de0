// The binary version of CIFAR-10; the input is one of the batches or the class names.
#include <array>

#include "data/formats/cifar.h"
#include "fuzz.h"

namespace minima::fuzz {

void try_input(Bytes bytes) {
  constexpr std::array<const char*, 7> kFiles{
      "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
      "data_batch_5.bin", "test_batch.bin",   "batches.meta.txt"};
  constexpr std::size_t kRecord = 1 + 3 * 32 * 32;
  const std::size_t chosen = take_choice(bytes, kFiles.size());
  for (std::size_t i = 0; i < kFiles.size(); ++i) {
    if (i == chosen) {
      write_file(scratch() / kFiles[i], text_of(bytes));
    } else if (i + 1 < kFiles.size()) {
      write_file(scratch() / kFiles[i], std::string(kRecord, static_cast<char>(i)));
    } else {
      std::filesystem::remove(scratch() / kFiles[i]);
    }
  }
  accepted([] {
    const auto place = data::find_cifar(scratch());
    if (place) static_cast<void>(data::read_cifar(*place));
  });
}

}  // namespace minima::fuzz
