// All kinds of image files.
#include "data/pictures/picture.h"
#include "fuzz.h"

namespace minima::fuzz {

void try_input(Bytes bytes) {
  const std::string content = text_of(bytes);
  ImageShape announced;
  const bool probed = accepted([&] { announced = data::probe_picture(content, "input"); });
  // Large pictures are valid but take too long here.
  constexpr std::int64_t kMostPixels = 1 << 20;
  if (probed && std::int64_t{announced.height} * announced.width > kMostPixels) return;
  const bool decoded = accepted([&] {
    const data::Picture picture = data::decode_picture(content, "input");
    require(picture.shape.height == announced.height && picture.shape.width == announced.width,
            "the header announces another size than the picture has");
    require(picture.pixels.size() == static_cast<std::size_t>(picture.shape.channels) *
                                         static_cast<std::size_t>(picture.shape.height) *
                                         static_cast<std::size_t>(picture.shape.width),
            "a picture has another number of pixels than its shape");
  });
  require(probed || !decoded, "a picture is decoded whose header is refused");
}

}  // namespace minima::fuzz
