// Text on a canvas, in the bitmap font that Leptonica contains.
#include <leptonica/allheaders.h>

#include <algorithm>
#include <memory>
#include <new>

#include "data/pictures/canvas.h"

namespace minima::data {
namespace {

constexpr int kFontSize = 4;  // the smallest one

struct DestroyFont {
  void operator()(L_BMF* font) const { bmfDestroy(&font); }
};
struct DestroyPix {
  void operator()(PIX* pix) const { pixDestroy(&pix); }
};
using Font = std::unique_ptr<L_BMF, DestroyFont>;
using Pix = std::unique_ptr<PIX, DestroyPix>;

const Font& font() {
  static const Font font(bmfCreate(nullptr, kFontSize));
  if (!font) throw std::bad_alloc();
  return font;
}

/// The font has no other characters.
std::string in_ascii(std::string_view text) {
  std::string ascii;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0U) == 0x80U) continue;  // inside a character
    ascii += byte >= 0x20 && byte < 0x7f ? c : '?';
  }
  return ascii;
}

}  // namespace

void Canvas::write(std::string_view text, int left, int top, int width) {
  const int visible = std::min(width, width_ - left);
  if (visible <= 0 || text.empty()) return;
  const Pix line(pixCreate(visible, kCaptionHeight, 8));
  if (!line) throw std::bad_alloc();
  int drawn = 0;
  int overflows = 0;
  const std::string ascii = in_ascii(text);
  pixSetTextline(line.get(), font().get(), ascii.c_str(), 255, 0,
                 font()->baselinetab[std::size_t{'0'}] + 2, &drawn, &overflows);
  for (int y = 0; y < std::min(kCaptionHeight, height_ - top); ++y) {
    for (int x = 0; x < visible; ++x) {
      l_uint32 value = 0;
      pixGetPixel(line.get(), x, y, &value);
      if (value == 0) continue;
      std::fill_n(at(left + x, top + y), channels_, static_cast<std::uint8_t>(value));
    }
  }
}

bool fits_caption(std::string_view text, int width) {
  int needed = 0;
  const std::string ascii = in_ascii(text);
  return bmfGetStringWidth(font().get(), ascii.c_str(), &needed) == 0 && needed <= width;
}

}  // namespace minima::data
