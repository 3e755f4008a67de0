// BMP, GIF, WebP and PNM through Leptonica, which decodes them from memory. It allocates what a
// header announces, and has no reader of the headers of BMP and GIF. So the sides are read here
// first, and files that Leptonica 1.82 decodes wrongly are refused or put right:
//   GIF   it decodes all frames before it uses the first, and forgets transparency. It is given the
//         bytes of the first frame only.
//   BMP   16 bits a pixel come as grey; with 32 bits, red and blue are exchanged; bytes after the
//         pixels are an error.
//   PNM   16 bits come with exchanged bytes, and a PAM of 1, 2, 4 or 16 bits is not scaled.
#include <leptonica/allheaders.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <memory>
#include <string_view>

#include "data/pictures/orientation.h"
#include "data/pictures/picture.h"

namespace minima::data::codec {
namespace {

using Bytes = std::span<const std::uint8_t>;

struct FreePix {
  void operator()(PIX* pix) const { pixDestroy(&pix); }
};
using Pixels = std::unique_ptr<PIX, FreePix>;

/// A library never prints: neither Leptonica's messages nor what it writes past their severity.
void silence() {
  static const bool silent = [] {
    setMsgSeverity(L_SEVERITY_NONE);
    leptSetStderrHandler([](const char*) {});
    return true;
  }();
  (void)silent;
}

Raster failed(std::string problem, bool is_variant = false) {
  Raster raster;
  raster.problem = std::move(problem);
  raster.is_variant = is_variant;
  return raster;
}

/// A number of 2 or 4 bytes, the least significant first.
std::uint32_t little(Bytes file, std::size_t at, int bytes) {
  std::uint32_t value = 0;
  for (int i = bytes - 1; i >= 0; --i) value = value << 8 | file[at + static_cast<std::size_t>(i)];
  return value;
}

/// Sets the sides; a problem if there are none or too many pixels.
Raster with_sides(std::int64_t height, std::int64_t width, int samples) {
  constexpr std::int64_t kMostSide = 1 << 24;
  if (height < 1 || width < 1) return failed("a side has no pixels");
  if (height > kMostSide || width > kMostSide || height * width > kMaxPixels) {
    return failed("more than 64 megapixels");
  }
  Raster raster;
  raster.height = static_cast<int>(height);
  raster.width = static_cast<int>(width);
  raster.samples = samples;
  return raster;
}

/// Whether `count` palette entries of `stride` bytes from `at` are all grey (R = G = B).
bool is_grey_palette(Bytes file, std::size_t at, std::size_t count, std::size_t stride) {
  for (std::size_t i = 0; i < count && at + i * stride + 3 <= file.size(); ++i) {
    const std::uint8_t* entry = file.data() + at + i * stride;
    if (entry[0] != entry[1] || entry[1] != entry[2]) return false;
  }
  return true;
}

/// A pixel of a Pix as red, green, blue, alpha.
class PixelReader {
 public:
  PixelReader(PIX* pix, int transparent, bool swapped)
      : pix_(pix), transparent_(transparent), swapped_(swapped) {}

  /// False if the pixel has no entry in the palette.
  bool read(int x, int y, std::array<int, 4>& rgba) const {
    l_uint32 value = 0;
    if (pixGetPixel(pix_, x, y, &value) != 0) return false;
    if (swapped_) value = (value & 0xff) << 8 | value >> 8;
    rgba[3] = static_cast<int>(value) == transparent_ ? 0 : 255;
    if (PIXCMAP* palette = pixGetColormap(pix_)) {
      return pixcmapGetColor(palette, static_cast<l_int32>(value), &rgba[0], &rgba[1], &rgba[2]) ==
             0;
    }
    if (pixGetDepth(pix_) == 32) {
      extractRGBAValues(value, &rgba[0], &rgba[1], &rgba[2], &rgba[3]);
    } else {
      rgba[0] = rgba[1] = rgba[2] = grey(value);
    }
    return true;
  }

 private:
  [[nodiscard]] int grey(l_uint32 value) const {
    switch (pixGetDepth(pix_)) {
      case 1:
        return value == 0 ? 255 : 0;
      case 2:
        return static_cast<int>(value) * 85;
      case 4:
        return static_cast<int>(value) * 17;
      case 16:
        return static_cast<int>((value * 255 + 32895) >> 16);
      default:
        return static_cast<int>(value);
    }
  }

  PIX* pix_;
  int transparent_;
  bool swapped_;
};

/// Fills `raster` with the samples of `pix`, as many per pixel as the header announced.
/// `transparent`: an index in the palette. `swapped`: exchange the two bytes of each pixel.
void take_pixels(Raster& raster, PIX* pix, int transparent = -1, bool swapped = false) {
  if (pixGetWidth(pix) != raster.width || pixGetHeight(pix) != raster.height) {
    raster.problem = "its pixels have another size than its header says";
    return;
  }
  const auto samples = static_cast<std::size_t>(raster.samples);
  const bool has_alpha = samples == 2 || samples == 4;
  raster.bytes.resize(samples * static_cast<std::size_t>(raster.height) * raster.width);
  std::uint8_t* out = raster.bytes.data();
  const PixelReader reader(pix, transparent, swapped);
  std::array<int, 4> rgba{};
  for (int y = 0; y < raster.height; ++y) {
    for (int x = 0; x < raster.width; ++x) {
      if (!reader.read(x, y, rgba)) {
        raster.problem = "a pixel has a colour that the palette lacks";
        return;
      }
      for (std::size_t c = 0; c < (samples >= 3 ? 3U : 1U); ++c) {
        *out++ = static_cast<std::uint8_t>(rgba[c]);
      }
      if (has_alpha) *out++ = static_cast<std::uint8_t>(rgba[3]);
    }
  }
}

// ---- BMP

constexpr std::size_t kBmpHeaders = 54;  // of the file and the shortest header of the image

/// Leptonica refuses bytes after the pixels, as Photoshop writes them, and an announced number of
/// bytes that counts them. So it is given neither.
Pixels bmp_pixels(Bytes file) {
  const std::int64_t height = static_cast<std::int32_t>(little(file, 22, 4));
  const std::int64_t row = (std::int64_t{little(file, 18, 4)} * little(file, 28, 2) + 31) / 32 * 4;
  const std::int64_t end = little(file, 10, 4) + row * (height < 0 ? -height : height);
  const std::size_t count = std::min(file.size(), static_cast<std::size_t>(end));
  std::vector<std::uint8_t> exact(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(count));
  if (exact.size() < kBmpHeaders) return nullptr;
  std::fill_n(exact.begin() + 34, 4, std::uint8_t{0});
  return Pixels(pixReadMemBmp(exact.data(), exact.size()));
}

/// Whether this version of Leptonica exchanges red and blue of 32-bit BMPs: decodes one red pixel.
bool exchanges_red_and_blue() {
  std::array<std::uint8_t, 58> red{'B', 'M', 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40,
                                   0,   0,   0,  1, 0, 0, 0, 1, 0, 0, 0,  1, 0, 32};
  red[56] = 255;  // the pixel is blue, green, red, unused
  const Pixels pix = bmp_pixels(red);
  l_uint32 value = 0;
  if (pix) pixGetPixel(pix.get(), 0, 0, &value);
  l_int32 first = 0;
  extractRGBValues(value, &first, nullptr, nullptr);
  return first != 255;
}

void exchange_red_and_blue(Raster& raster) {
  const auto samples = static_cast<std::size_t>(raster.samples);
  for (std::size_t i = 0; i + samples <= raster.bytes.size(); i += samples) {
    std::swap(raster.bytes[i], raster.bytes[i + 2]);
  }
}

// ---- GIF

/// The structure of a GIF up to the end of its first frame.
struct GifFrame {
  int height = 0;
  int width = 0;
  int transparent = -1;  ///< index in the palette; -1: none
  bool has_colour = false;
  bool is_whole = false;     ///< covers the whole picture
  bool has_more = false;     ///< other frames follow
  std::size_t end = 0;       ///< offset of the byte after the frame
  const char* problem = "";  ///< empty: none
};

class GifWalk {
 public:
  explicit GifWalk(Bytes file) : file_(file) {}

  GifFrame run() {
    constexpr std::size_t kHeader = 13;
    if (!has(kHeader)) return ended();
    const int flags = file_[10];
    at_ = kHeader;
    if (!skip_palette(flags)) return ended();
    while (has(1)) {
      const std::uint8_t block = file_[at_++];
      if (block == ';') {
        if (frame_.end == 0) frame_.problem = "no frame";
        return frame_;
      }
      if (block == ',' && frame_.end > 0) {
        frame_.has_more = true;
        return frame_;
      }
      if (block == ',' ? !frame() : block == '!' ? !extension() : true) return ended();
    }
    return ended();
  }

 private:
  [[nodiscard]] bool has(std::size_t bytes) const { return file_.size() - at_ >= bytes; }

  GifFrame ended() {
    frame_.problem = "the file ends early";
    return frame_;
  }

  bool skip_palette(int flags) {
    if ((flags & 0x80) == 0) return true;
    const std::size_t colours = std::size_t{2} << (flags & 7);
    if (!has(3 * colours)) return false;
    frame_.has_colour = !is_grey_palette(file_, at_, colours, 3);
    at_ += 3 * colours;
    return true;
  }

  bool skip_blocks() {
    while (has(1)) {
      const std::size_t length = file_[at_++];
      if (length == 0) return true;
      if (!has(length)) return false;
      at_ += length;
    }
    return false;
  }

  bool extension() {
    if (!has(6)) return false;
    const bool is_control = file_[at_] == 0xf9 && file_[at_ + 1] >= 4;
    if (is_control && frame_.end == 0) {
      frame_.transparent = (file_[at_ + 2] & 1) != 0 ? file_[at_ + 5] : -1;
    }
    ++at_;
    return skip_blocks();
  }

  bool frame() {
    constexpr std::size_t kDescriptor = 9;
    if (!has(kDescriptor)) return false;
    frame_.width = static_cast<int>(little(file_, at_ + 4, 2));
    frame_.height = static_cast<int>(little(file_, at_ + 6, 2));
    frame_.is_whole = little(file_, at_, 4) == 0 &&
                      frame_.width >= static_cast<int>(little(file_, 6, 2)) &&
                      frame_.height >= static_cast<int>(little(file_, 8, 2));
    const int flags = file_[at_ + 8];
    at_ += kDescriptor;
    if (!skip_palette(flags) || !has(1)) return false;
    ++at_;  // size of the codes
    if (!skip_blocks()) return false;
    frame_.end = at_;
    return true;
  }

  Bytes file_;
  std::size_t at_ = 0;
  GifFrame frame_;
};

// ---- PNM

bool is_pam_with_wrong_scale(l_int32 type, l_int32 bits, l_int32 samples) {
  return type == 7 && bits != 8 && (samples != 1 || bits == 16);
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// The first picture of the file. `has_more`: another one follows, which the format allows.
Pixels first_of_pnm(Bytes file, bool& has_more) {
  auto* const data = const_cast<std::uint8_t*>(file.data());  // opened for reading only
  const std::unique_ptr<std::FILE, CloseFile> stream(fmemopen(data, file.size(), "rb"));
  if (!stream) return nullptr;
  Pixels pix(pixReadStreamPnm(stream.get()));
  int next = std::fgetc(stream.get());
  while (next == ' ' || next == '\n' || next == '\r' || next == '\t') {
    next = std::fgetc(stream.get());
  }
  has_more = next == 'P';
  return pix;
}

}  // namespace

Raster decode_bmp(Bytes file, bool header_only) {
  silence();
  if (file.size() < kBmpHeaders) return failed("the file ends early");
  const std::size_t pixels_at = little(file, 10, 4);
  const std::size_t palette_at = 14 + std::size_t{little(file, 14, 4)};
  const std::int64_t height = static_cast<std::int32_t>(little(file, 22, 4));
  const std::uint32_t bits = little(file, 28, 2);
  if (little(file, 14, 4) == 12 || bits == 16 || little(file, 30, 4) != 0) {
    return failed("compressed, 16 bits a pixel, or of OS/2", true);
  }
  const std::size_t colours = pixels_at > palette_at ? (pixels_at - palette_at) / 4 : 0;
  const bool is_grey = bits <= 8 && is_grey_palette(file, palette_at, colours, 4);
  Raster raster = with_sides(height < 0 ? -height : height,
                             static_cast<std::int32_t>(little(file, 18, 4)), is_grey ? 1 : 3);
  if (header_only || !raster.problem.empty()) return raster;
  const Pixels pix = bmp_pixels(file);
  if (!pix) return failed("the header or the number of bytes is wrong");
  take_pixels(raster, pix.get());
  if (raster.problem.empty() && bits == 32 && exchanges_red_and_blue()) {
    exchange_red_and_blue(raster);
  }
  return raster;
}

Raster decode_gif(Bytes file, bool header_only) {
  silence();
  const GifFrame frame = GifWalk(file).run();
  if (*frame.problem != '\0') return failed(frame.problem);
  if (!frame.is_whole) return failed("its first frame covers only a part", true);
  const int samples = (frame.has_colour ? 3 : 1) + (frame.transparent >= 0 ? 1 : 0);
  Raster raster = with_sides(frame.height, frame.width, samples);
  if (header_only || !raster.problem.empty()) return raster;
  std::vector<std::uint8_t> first(file.begin(),
                                  file.begin() + static_cast<std::ptrdiff_t>(frame.end));
  first.push_back(';');
  const Pixels pix(pixReadMemGif(first.data(), first.size()));
  if (!pix) return failed("its pixels are truncated or corrupt");
  raster.has_more = frame.has_more;
  take_pixels(raster, pix.get(), frame.transparent);
  return raster;
}

Raster decode_webp(Bytes file, bool header_only) {
  silence();
  constexpr std::size_t kFlags = 20;  // of the chunk VP8X
  const std::string_view chunk(reinterpret_cast<const char*>(file.data()) + kPictureStart,
                               std::min<std::size_t>(4, file.size() - kPictureStart));
  if (chunk == "VP8X" && file.size() > kFlags && (file[kFlags] & 2) != 0) {
    return failed("an animation", true);
  }
  l_int32 width = 0;
  l_int32 height = 0;
  l_int32 samples = 0;
  if (readHeaderMemWebP(file.data(), file.size(), &width, &height, &samples) != 0) {
    return failed("the header is wrong");
  }
  Raster raster = with_sides(height, width, samples);
  raster.orientation = orientation_of_webp(file);
  if (header_only || !raster.problem.empty()) return raster;
  const Pixels pix(pixReadMemWebP(file.data(), file.size()));
  if (!pix) return failed("the file is truncated or corrupt");
  take_pixels(raster, pix.get());
  return raster;
}

Raster decode_pnm(Bytes file, bool header_only) {
  silence();
  l_int32 width = 0;
  l_int32 height = 0;
  l_int32 depth = 0;
  l_int32 type = 0;
  l_int32 bits = 0;
  l_int32 samples = 0;
  if (readHeaderMemPnm(file.data(), file.size(), &width, &height, &depth, &type, &bits, &samples) !=
      0) {
    return failed("its header is wrong, or its largest value is not 1, 3, 15, 255 or 65535", true);
  }
  if (is_pam_with_wrong_scale(type, bits, samples)) {
    return failed("a PAM of other than 8 bits a sample", true);
  }
  if (type == 3 && bits == 16) return failed("colours as text with 16 bits", true);
  Raster raster = with_sides(height, width, samples);
  if (header_only || !raster.problem.empty()) return raster;
  const Pixels pix = first_of_pnm(file, raster.has_more);
  if (!pix) return failed("the file ends early");
  const bool swapped = type == 5 && bits == 16 && std::endian::native == std::endian::little;
  take_pixels(raster, pix.get(), -1, swapped);
  return raster;
}

}  // namespace minima::data::codec
