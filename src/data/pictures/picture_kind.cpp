#include "data/pictures/picture_kind.h"

#include <algorithm>
#include <array>

namespace minima::data {
namespace {

struct Signature {
  std::string_view bytes;
  PictureKind kind;
};

using namespace std::string_view_literals;

constexpr std::array kSignatures{
    Signature{"\x89PNG\r\n\x1a\n"sv, PictureKind::png},
    Signature{"\xff\xd8\xff"sv, PictureKind::jpeg},
    Signature{"GIF87a"sv, PictureKind::gif},
    Signature{"GIF89a"sv, PictureKind::gif},
    Signature{"II*\0"sv, PictureKind::tiff},
    Signature{"MM\0*"sv, PictureKind::tiff},
    Signature{"II+\0"sv, PictureKind::tiff},  // BigTIFF
    Signature{"MM\0+"sv, PictureKind::tiff},
    Signature{"BM"sv, PictureKind::bmp},
};

constexpr std::array kExtensions{".png"sv, ".jpg"sv, ".jpeg"sv, ".jpe"sv, ".jfif"sv, ".bmp"sv,
                                 ".dib"sv, ".gif"sv, ".webp"sv, ".tif"sv, ".tiff"sv, ".pnm"sv,
                                 ".pbm"sv, ".pgm"sv, ".ppm"sv,  ".pam"sv};

/// "P1" to "P7", then white space or a comment.
bool starts_pnm(std::string_view start) {
  return start.size() > 2 && start[0] == 'P' && start[1] >= '1' && start[1] <= '7' &&
         std::string_view(" \t\r\n#").find(start[2]) != std::string_view::npos;
}

}  // namespace

const char* name_of(PictureKind kind) {
  switch (kind) {
    case PictureKind::png:
      return "PNG";
    case PictureKind::jpeg:
      return "JPEG";
    case PictureKind::bmp:
      return "BMP";
    case PictureKind::gif:
      return "GIF";
    case PictureKind::webp:
      return "WebP";
    case PictureKind::tiff:
      return "TIFF";
    case PictureKind::pnm:
      break;
  }
  return "PNM";
}

std::optional<PictureKind> picture_kind(std::string_view start) {
  for (const Signature& signature : kSignatures) {
    if (start.starts_with(signature.bytes)) return signature.kind;
  }
  if (start.starts_with("RIFF") && start.substr(0, kPictureStart).ends_with("WEBP")) {
    return PictureKind::webp;
  }
  if (starts_pnm(start)) return PictureKind::pnm;
  return std::nullopt;
}

std::string small_letters(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::string small_extension(const std::filesystem::path& file) {
  return small_letters(file.extension().string());
}

bool has_picture_name(const std::filesystem::path& file) {
  const std::string extension = small_extension(file);
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

}  // namespace minima::data
