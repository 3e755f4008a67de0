// Weight files.
#include <fcntl.h>

#include "fuzz.h"
#include "store/files/safetensors.h"

namespace minima::fuzz {

void try_input(Bytes bytes) {
  const std::filesystem::path path = scratch() / "input.safetensors";
  write_file(path, text_of(bytes));
  accepted([&] {
    const store::PosixFile file(path, O_RDONLY);
    const store::SafetensorsHeader header = store::read_safetensors_header(file);
    for (const store::TensorEntry& tensor : header.tensors) {
      require(header.data_start + tensor.end <= bytes.size(), "a tensor lies outside its file");
      if (tensor.dtype != "F32") continue;
      std::uint64_t needed = sizeof(float);
      for (const std::int64_t size : tensor.shape) needed *= static_cast<std::uint64_t>(size);
      require(needed == tensor.end - tensor.begin, "a tensor's shape and place disagree");
    }
  });
}

}  // namespace minima::fuzz
