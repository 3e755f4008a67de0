// libpng reports errors by longjmp. All resources that a jump could leak belong to PngReader, which
// is created before setjmp and destroyed after it. Functions that libpng may jump out of have no
// local objects with destructors.
#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>

#include "data/pictures/orientation.h"
#include "data/pictures/picture.h"

namespace minima::data::codec {
namespace {

struct PngReader {
  explicit PngReader(std::span<const std::uint8_t> bytes) : rest(bytes) {}
  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  png_structp png = nullptr;
  png_infop info = nullptr;
  std::span<const std::uint8_t> rest;
  std::vector<png_bytep> rows;
  Raster raster;
};

void on_error(png_structp png, png_const_charp message) {
  static_cast<PngReader*>(png_get_error_ptr(png))->raster.problem = message;
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep out, png_size_t count) {
  auto* reader = static_cast<PngReader*>(png_get_io_ptr(png));
  if (count > reader->rest.size()) png_error(png, "the file ends early");
  std::memcpy(out, reader->rest.data(), count);
  reader->rest = reader->rest.subspan(count);
}

bool palette_has_colour(PngReader& reader) {
  png_colorp palette = nullptr;
  int size = 0;
  if (png_get_PLTE(reader.png, reader.info, &palette, &size) == 0) return true;
  return std::any_of(palette, palette + size, [](const png_color& entry) {
    return entry.red != entry.green || entry.green != entry.blue;
  });
}

/// Requests 8 bits per sample, no palette, and alpha if there is transparency.
void set_transformations(PngReader& reader) {
  const png_byte colour = png_get_color_type(reader.png, reader.info);
  if (colour == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(reader.png);
  if (colour == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(reader.png);
  if (png_get_valid(reader.png, reader.info, PNG_INFO_tRNS) != 0) {
    png_set_tRNS_to_alpha(reader.png);
  }
  png_set_scale_16(reader.png);
  if (colour == PNG_COLOR_TYPE_PALETTE && !palette_has_colour(reader)) {
    png_set_rgb_to_gray_fixed(reader.png, PNG_ERROR_ACTION_NONE, -1, -1);
  }
  png_set_interlace_handling(reader.png);
  png_read_update_info(reader.png, reader.info);
}

void read_header(PngReader& reader) {
  png_read_info(reader.png, reader.info);
  reader.raster.height = static_cast<int>(png_get_image_height(reader.png, reader.info));
  reader.raster.width = static_cast<int>(png_get_image_width(reader.png, reader.info));
  if (std::int64_t{reader.raster.height} * reader.raster.width > kMaxPixels) {
    png_error(reader.png, "more than 64 megapixels");
  }
  set_transformations(reader);
  reader.raster.samples = png_get_channels(reader.png, reader.info);
}

void make_rows(PngReader& reader) {
  const std::size_t stride = png_get_rowbytes(reader.png, reader.info);
  const auto height = static_cast<std::size_t>(reader.raster.height);
  reader.raster.bytes.resize(stride * height);
  reader.rows.resize(height);
  for (std::size_t y = 0; y < height; ++y) {
    reader.rows[y] = reader.raster.bytes.data() + y * stride;
  }
}

}  // namespace

Raster decode_png(std::span<const std::uint8_t> file, bool header_only) {
  PngReader reader(file);
  reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, on_error, on_warning);
  if (reader.png != nullptr) reader.info = png_create_info_struct(reader.png);
  if (reader.info == nullptr) {
    reader.raster.problem = "out of memory";
    return std::move(reader.raster);
  }
  reader.raster.orientation = orientation_of_png(file);
  if (setjmp(png_jmpbuf(reader.png)) != 0) return std::move(reader.raster);
  png_set_read_fn(reader.png, &reader, on_read);
  png_set_user_limits(reader.png, 1 << 16, 1 << 16);
  png_set_chunk_cache_max(reader.png,
                          1);  // no text chunks: each may unpack to megabytes
  read_header(reader);
  if (header_only) return std::move(reader.raster);
  make_rows(reader);
  png_read_image(reader.png, reader.rows.data());
  png_read_end(reader.png, nullptr);
  reader.raster.has_more = is_animated_png(file);
  return std::move(reader.raster);
}

}  // namespace minima::data::codec
