// TIFF through libtiff, whose RGBA interface converts every layout, palette and colour space.
// Leptonica reads TIFF too, but it fills damaged strips with black without a word.
#include <tiffio.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "data/pictures/picture.h"

namespace minima::data::codec {
namespace {

/// A file in memory, as libtiff reads it.
struct TiffBytes {
  std::span<const std::uint8_t> file;
  std::uint64_t at = 0;
};

TiffBytes& bytes_of(thandle_t handle) {
  return *static_cast<TiffBytes*>(handle);
}

tmsize_t read_bytes_of(thandle_t handle, void* out, tmsize_t count) {
  TiffBytes& bytes = bytes_of(handle);
  if (count <= 0 || bytes.at >= bytes.file.size()) return 0;
  const std::size_t got =
      std::min<std::size_t>(static_cast<std::size_t>(count), bytes.file.size() - bytes.at);
  std::memcpy(out, bytes.file.data() + bytes.at, got);
  bytes.at += got;
  return static_cast<tmsize_t>(got);
}

tmsize_t write_nothing(thandle_t, void*, tmsize_t) {
  return 0;
}

toff_t seek_in(thandle_t handle, toff_t offset, int from) {
  TiffBytes& bytes = bytes_of(handle);
  const std::uint64_t base = from == SEEK_CUR ? bytes.at : from == SEEK_END ? bytes.file.size() : 0;
  bytes.at = base + offset;
  return bytes.at;
}

int close_nothing(thandle_t) {
  return 0;
}

toff_t size_of(thandle_t handle) {
  return bytes_of(handle).file.size();
}

struct CloseTiff {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};

std::unique_ptr<TIFF, CloseTiff> open_tiff(TiffBytes& bytes) {
  static const bool silent = [] {  // a library never prints
    TIFFSetErrorHandler(nullptr);
    TIFFSetWarningHandler(nullptr);
    return true;
  }();
  (void)silent;
  constexpr const char* kReadUnmapped = "rm";
  return std::unique_ptr<TIFF, CloseTiff>(TIFFClientOpen("image", kReadUnmapped, &bytes,
                                                         read_bytes_of, write_nothing, seek_in,
                                                         close_nothing, size_of, nullptr, nullptr));
}

std::uint16_t tag_of(TIFF* tiff, std::uint32_t tag) {
  std::uint16_t value = 0;
  TIFFGetFieldDefaulted(tiff, tag, &value);
  return value;
}

bool has_grey_palette(TIFF* tiff) {
  std::uint16_t* red = nullptr;
  std::uint16_t* green = nullptr;
  std::uint16_t* blue = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_COLORMAP, &red, &green, &blue) == 0) return false;
  const std::size_t colours = std::size_t{1}
                              << std::min<int>(tag_of(tiff, TIFFTAG_BITSPERSAMPLE), 8);
  return std::equal(red, red + colours, green) && std::equal(red, red + colours, blue);
}

bool is_grey(TIFF* tiff) {
  std::uint16_t photometric = 0;
  if (TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric) == 0) {
    return tag_of(tiff, TIFFTAG_SAMPLESPERPIXEL) < 3;
  }
  if (photometric == PHOTOMETRIC_PALETTE) return has_grey_palette(tiff);
  return photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
}

/// Sides, samples and orientation of the first page, or the reason why it is refused.
Raster read_header(TIFF* tiff) {
  Raster raster;
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
  constexpr std::uint32_t kMostSide = 1 << 24;
  if (height == 0 || width == 0) {
    raster.problem = "a side has no pixels";
  } else if (height > kMostSide || width > kMostSide || std::int64_t{height} * width > kMaxPixels) {
    raster.problem = "more than 64 megapixels";
  }
  // The buffer of a strip or tile: at most four samples of 16 bits for each pixel of the limit.
  const std::uint64_t buffer =
      TIFFIsTiled(tiff) != 0 ? TIFFTileSize64(tiff) : TIFFStripSize64(tiff);
  if (raster.problem.empty() && buffer > 8 * static_cast<std::uint64_t>(kMaxPixels)) {
    raster.problem = "its tiles or strips are too large";
  }
  const std::uint16_t format = tag_of(tiff, TIFFTAG_SAMPLEFORMAT);
  char reason[1024] = "";
  if (raster.problem.empty() && ((format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID) ||
                                 TIFFRGBAImageOK(tiff, reason) == 0)) {
    raster.is_variant = true;
    raster.problem = *reason != '\0' ? reason : "its samples are no unsigned integers";
  }
  raster.height = static_cast<int>(std::min(height, kMostSide));
  raster.width = static_cast<int>(std::min(width, kMostSide));
  raster.samples = is_grey(tiff) ? 1 : 3;
  const int orientation = tag_of(tiff, TIFFTAG_ORIENTATION);
  raster.orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
  return raster;
}

/// Whether the file holds every strip or tile. libtiff fills some that are missing with others.
bool is_complete(TIFF* tiff, std::uint64_t file_bytes) {
  const std::uint32_t count =
      TIFFIsTiled(tiff) != 0 ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t offset = TIFFGetStrileOffset(tiff, i);
    const std::uint64_t bytes = TIFFGetStrileByteCount(tiff, i);
    if (offset == 0 || bytes == 0 || offset > file_bytes || bytes > file_bytes - offset) {
      return false;
    }
  }
  return true;
}

/// Whether alpha is multiplied into the samples. libtiff does it to colours, but leaves greys as
/// they are in the file.
bool is_premultiplied(TIFF* tiff, bool grey) {
  std::uint16_t count = 0;
  std::uint16_t* types = nullptr;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &count, &types);
  return !grey || count == 0 || types[0] != EXTRASAMPLE_UNASSALPHA;
}

std::uint8_t on_white(std::uint32_t sample, std::uint32_t alpha, bool premultiplied) {
  const std::uint32_t ink = premultiplied ? sample : (sample * alpha + 127) / 255;
  return static_cast<std::uint8_t>(std::min<std::uint32_t>(255, ink + 255 - alpha));
}

}  // namespace

Raster decode_tiff(std::span<const std::uint8_t> file, bool header_only) {
  TiffBytes bytes{file};
  const auto tiff = open_tiff(bytes);
  if (!tiff) {
    Raster raster;
    raster.problem = "the header is truncated or corrupt";
    return raster;
  }
  Raster raster = read_header(tiff.get());
  if (header_only || !raster.problem.empty()) return raster;
  if (!is_complete(tiff.get(), file.size())) {
    raster.problem = "strips or tiles are missing";
    return raster;
  }
  const std::size_t plane = static_cast<std::size_t>(raster.height) * raster.width;
  std::vector<std::uint32_t> pixels(plane);
  constexpr int kStopAtErrors = 1;
  // The pixels stay in the order of the file; decode_picture turns all kinds of pictures.
  if (TIFFReadRGBAImageOriented(tiff.get(), static_cast<std::uint32_t>(raster.width),
                                static_cast<std::uint32_t>(raster.height), pixels.data(),
                                raster.orientation, kStopAtErrors) == 0) {
    raster.problem = "the file is truncated or corrupt";
    return raster;
  }
  raster.bytes.reserve(plane * static_cast<std::size_t>(raster.samples));
  const bool premultiplied = is_premultiplied(tiff.get(), raster.samples == 1);
  for (const std::uint32_t pixel : pixels) {
    const std::uint32_t alpha = TIFFGetA(pixel);
    raster.bytes.push_back(on_white(TIFFGetR(pixel), alpha, premultiplied));
    if (raster.samples == 1) continue;
    raster.bytes.push_back(on_white(TIFFGetG(pixel), alpha, premultiplied));
    raster.bytes.push_back(on_white(TIFFGetB(pixel), alpha, premultiplied));
  }
  raster.has_more = TIFFReadDirectory(tiff.get()) != 0;
  return raster;
}

}  // namespace minima::data::codec
