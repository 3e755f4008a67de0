// Writes input files for the reader tests with the usual libraries.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace minima::data::testing {

/// Writes a file and creates its folders.
void write(const std::filesystem::path& path, std::string_view content);

[[nodiscard]] std::string gzip(std::string_view content);
[[nodiscard]] std::string xz(std::string_view content);

/// A tar archive of (path, content) entries.
using Entries = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] std::string tar(const Entries& entries);

/// A zip archive of the entries.
[[nodiscard]] std::string zip(const Entries& entries);

/// A NumPy array of version 1: `type` such as "|u1", `shape` such as "2, 3".
[[nodiscard]] std::string npy(const std::string& type, const std::string& shape,
                              std::string_view content);

/// An IDX file: magic number, sizes, content.
[[nodiscard]] std::string idx(const std::vector<std::uint32_t>& sizes, std::string_view content);

/// `count` bytes 0, step, 2*step, ...
[[nodiscard]] std::string ramp(std::size_t count, int step = 1);

/// CIFAR-10 records with these labels; all pixels of record i are 10 * i + channel.
[[nodiscard]] std::string cifar_records(const std::vector<int>& labels);

/// All six batches, one record in each training batch (labels 0..4), two in the test batch.
[[nodiscard]] Entries cifar_entries();

/// A PNG of height x width with 8 or 16 bits per sample. `samples` are interleaved: 1 (grey), 2
/// (grey, alpha), 3 (RGB) or 4 (RGB, alpha) per pixel, as bytes (two big-endian bytes per sample
/// for 16 bits).
struct PngImage {
  int height = 1;
  int width = 1;
  int samples = 1;
  int bits = 8;
  std::vector<std::uint8_t> bytes = {};
  std::vector<std::uint8_t> palette = {};  ///< RGB triples; if set, bytes are indices
  std::vector<std::uint8_t> palette_alpha = {};
  bool interlaced = false;
};
[[nodiscard]] std::string png(const PngImage& image);

/// A PNG of one colour: grey for one value, RGB for three.
[[nodiscard]] std::string flat_png(int height, int width, const std::vector<std::uint8_t>& colour);

/// A JPEG of quality 95 from interleaved samples: 1 (grey), 3 (RGB) or 4 (inverted CMYK, as Adobe).
[[nodiscard]] std::string jpeg(int height, int width, int samples,
                               const std::vector<std::uint8_t>& bytes);
[[nodiscard]] std::string flat_jpeg(int height, int width, const std::vector<std::uint8_t>& colour);

/// Returns the message of the input error that `work` throws, else "no error" or "another error:
/// ...".
[[nodiscard]] std::string refusal(const std::function<void()>& work);

}  // namespace minima::data::testing
