#include "data/limits.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/text.h"

namespace minima::data {

void DataMemory::take(std::uint64_t bytes, const std::filesystem::path& file) {
  if (bytes <= left_) {
    left_ -= bytes;
    return;
  }
  throw input_error({file.string(), ""},
                    fmt::format("{} of images are more than the {} of memory that data may take",
                                human_bytes(bytes_ - left_ + bytes), human_bytes(bytes_)),
                    "take fewer or smaller images, or raise --memory");
}

}  // namespace minima::data
