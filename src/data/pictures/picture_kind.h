// The kinds of image files that are read. Content decides the kind, never the name of a file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace minima::data {

enum class PictureKind { png, jpeg, bmp, gif, webp, tiff, pnm };

/// "PNG", "JPEG", ...
[[nodiscard]] const char* name_of(PictureKind kind);

/// All kinds in one text, for messages.
inline constexpr const char* kPictureKinds = "PNG, JPEG, BMP, GIF, WebP, TIFF or PNM";

/// The number of bytes from which picture_kind() recognizes every kind.
inline constexpr std::size_t kPictureStart = 12;

/// The kind of a file that begins with `start`; nullopt if it is none of them.
[[nodiscard]] std::optional<PictureKind> picture_kind(std::string_view start);

/// Whether a file's name ends like that of a picture (.png, .JPG, .tiff), of whatever kind.
[[nodiscard]] bool has_picture_name(const std::filesystem::path& file);

/// The extension of a file in small letters with its dot, "" if it has none.
[[nodiscard]] std::string small_extension(const std::filesystem::path& file);

/// ASCII capital letters made small.
[[nodiscard]] std::string small_letters(std::string text);

}  // namespace minima::data
