// JPEG gives its EXIF segment through libjpeg. PNG and WebP keep EXIF in a chunk that may follow
// the pixels, where their libraries report it only after decoding. The sides of a picture are
// needed before, so the chunks are walked here: only lengths and names are read, and libexif parses
// what is in the chunk.
#include "data/pictures/orientation.h"

#include <libexif/exif-data.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

namespace minima::data {
namespace {

constexpr std::string_view kExifStart("Exif\0\0", 6);
constexpr std::size_t kMostExifBytes = 0xffff;  // a JPEG segment cannot hold more

struct FreeExif {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};

using Bytes = std::span<const std::uint8_t>;

std::string_view text_at(Bytes file, std::size_t at, std::size_t count) {
  return {reinterpret_cast<const char*>(file.data()) + at, count};
}

/// Four bytes as a number; the first is the most significant if `big`.
std::size_t number_at(Bytes file, std::size_t at, bool big) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | file[at + (big ? i : 3 - i)];
  return value;
}

}  // namespace

int exif_orientation(Bytes exif) {
  std::string bytes;
  if (!text_at(exif, 0, exif.size()).starts_with(kExifStart)) bytes = kExifStart;
  bytes += text_at(exif, 0, std::min(exif.size(), kMostExifBytes - bytes.size()));
  const std::unique_ptr<ExifData, FreeExif> data(exif_data_new());
  if (!data) return 1;
  exif_data_unset_option(data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);  // changes entries
  exif_data_load_data(data.get(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      static_cast<unsigned>(bytes.size()));
  const ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->size < 2) return 1;
  const int orientation = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

Bytes png_chunk(Bytes file, std::string_view name) {
  for (std::size_t at = 8; at + 12 <= file.size();) {  // length, name, content, checksum
    const std::size_t length = number_at(file, at, true);
    if (length > file.size() - at - 12) break;
    if (text_at(file, at + 4, 4) == name) return file.subspan(at + 8, length);
    at += 12 + length;
  }
  return {};
}

int orientation_of_png(Bytes file) {
  const Bytes exif = png_chunk(file, "eXIf");
  return exif.empty() ? 1 : exif_orientation(exif);
}

bool is_animated_png(Bytes file) {
  const Bytes control = png_chunk(file, "acTL");
  return control.size() >= 4 && number_at(control, 0, true) > 1;
}

int orientation_of_webp(Bytes file) {
  for (std::size_t at = 12; at + 8 <= file.size();) {  // name, length, content, padding to even
    const std::size_t length = number_at(file, at + 4, false);
    if (length > file.size() - at - 8) break;
    if (text_at(file, at, 4) == "EXIF") return exif_orientation(file.subspan(at + 8, length));
    at += 8 + length + length % 2;
  }
  return 1;
}

}  // namespace minima::data
