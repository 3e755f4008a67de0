#include "files.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <jpeglib.h>
#include <png.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "core/error.h"

namespace minima::data::testing {
namespace fs = std::filesystem;

void write(const fs::path& path, std::string_view content) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string gzip(std::string_view content) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

namespace {

std::string packed(const Entries& entries, int (*set_format)(archive*),
                   int (*add_filter)(archive*)) {
  std::size_t size = 1 << 16;
  for (const auto& [name, content] : entries) size += content.size() + 4096;
  std::string out(size, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  set_format(writer);
  if (add_filter != nullptr) add_filter(writer);
  archive_write_set_bytes_in_last_block(writer, 1);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  for (const auto& [name, content] : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(writer, entry);
    archive_write_data(writer, content.data(), content.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

}  // namespace

std::string xz(std::string_view content) {
  return packed({{"data", std::string(content)}}, archive_write_set_format_raw,
                archive_write_add_filter_xz);
}

std::string tar(const Entries& entries) {
  return packed(entries, archive_write_set_format_ustar, nullptr);
}

std::string zip(const Entries& entries) {
  return packed(entries, archive_write_set_format_zip, nullptr);
}

std::string npy(const std::string& type, const std::string& shape, std::string_view content) {
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  header.resize((header.size() + 10 + 64) / 64 * 64 - 11, ' ');
  header += '\n';
  std::string out = "\x93NUMPY";
  out += {1, 0, static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  return out + header + std::string(content);
}

std::string idx(const std::vector<std::uint32_t>& sizes, std::string_view content) {
  std::string out{0, 0, 8, static_cast<char>(sizes.size())};
  for (const std::uint32_t size : sizes) {
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(size >> shift & 0xff);
  }
  return out.append(content);
}

std::string ramp(std::size_t count, int step) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    out += static_cast<char>(i * static_cast<std::size_t>(step) & 0xff);
  }
  return out;
}

std::string cifar_records(const std::vector<int>& labels) {
  std::string out;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    out += static_cast<char>(labels[i]);
    for (std::size_t channel = 0; channel < 3; ++channel) {
      out += std::string(1024, static_cast<char>(10 * i + channel));
    }
  }
  return out;
}

Entries cifar_entries() {
  Entries entries;
  for (int batch = 1; batch <= 5; ++batch) {
    entries.emplace_back(fmt::format("cifar-10-batches-bin/data_batch_{}.bin", batch),
                         cifar_records({batch - 1}));
  }
  entries.emplace_back("cifar-10-batches-bin/test_batch.bin", cifar_records({9, 8}));
  return entries;
}

namespace {

int png_colour_type(const PngImage& image) {
  if (!image.palette.empty()) return PNG_COLOR_TYPE_PALETTE;
  static constexpr int kTypes[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA,
                                   PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
  return kTypes[image.samples - 1];
}

void set_palette(png_structp writer, png_infop info, const PngImage& image) {
  std::vector<png_color> palette;
  for (std::size_t i = 0; i + 2 < image.palette.size(); i += 3) {
    palette.push_back({image.palette[i], image.palette[i + 1], image.palette[i + 2]});
  }
  png_set_PLTE(writer, info, palette.data(), static_cast<int>(palette.size()));
  if (image.palette_alpha.empty()) return;
  png_set_tRNS(writer, info, image.palette_alpha.data(),
               static_cast<int>(image.palette_alpha.size()), nullptr);
}

}  // namespace

std::string png(const PngImage& image) {
  std::string out;
  png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(writer);
  png_set_write_fn(
      writer, &out,
      [](png_structp self, png_bytep bytes, png_size_t count) {
        static_cast<std::string*>(png_get_io_ptr(self))
            ->append(reinterpret_cast<const char*>(bytes), count);
      },
      nullptr);
  png_set_IHDR(writer, info, static_cast<png_uint_32>(image.width),
               static_cast<png_uint_32>(image.height), image.bits, png_colour_type(image),
               image.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, 0, 0);
  if (!image.palette.empty()) set_palette(writer, info, image);
  png_write_info(writer, info);
  std::vector<std::uint8_t> bytes = image.bytes;
  const std::size_t stride = png_get_rowbytes(writer, info);
  std::vector<png_bytep> rows;
  for (int y = 0; y < image.height; ++y) rows.push_back(bytes.data() + y * stride);
  png_write_image(writer, rows.data());
  png_write_end(writer, nullptr);
  png_destroy_write_struct(&writer, &info);
  return out;
}

namespace {

std::vector<std::uint8_t> repeated(std::size_t count, const std::vector<std::uint8_t>& colour) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < count; ++i) bytes.insert(bytes.end(), colour.begin(), colour.end());
  return bytes;
}

}  // namespace

std::string flat_png(int height, int width, const std::vector<std::uint8_t>& colour) {
  return png({.height = height,
              .width = width,
              .samples = static_cast<int>(colour.size()),
              .bytes = repeated(static_cast<std::size_t>(height) * width, colour)});
}

std::string jpeg(int height, int width, int samples, const std::vector<std::uint8_t>& bytes) {
  jpeg_compress_struct writer{};
  jpeg_error_mgr errors{};
  writer.err = jpeg_std_error(&errors);
  jpeg_create_compress(&writer);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&writer, &memory, &size);
  writer.image_height = static_cast<JDIMENSION>(height);
  writer.image_width = static_cast<JDIMENSION>(width);
  writer.input_components = samples;
  writer.in_color_space = samples == 1 ? JCS_GRAYSCALE : samples == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&writer);
  jpeg_set_quality(&writer, 95, TRUE);
  if (samples == 4) writer.write_Adobe_marker = TRUE;
  jpeg_start_compress(&writer, TRUE);
  std::vector<std::uint8_t> copy = bytes;
  while (writer.next_scanline < writer.image_height) {
    JSAMPROW row = copy.data() + static_cast<std::size_t>(writer.next_scanline) * width * samples;
    jpeg_write_scanlines(&writer, &row, 1);
  }
  jpeg_finish_compress(&writer);
  std::string out(reinterpret_cast<char*>(memory), size);
  jpeg_destroy_compress(&writer);
  std::free(memory);
  return out;
}

std::string flat_jpeg(int height, int width, const std::vector<std::uint8_t>& colour) {
  return jpeg(height, width, static_cast<int>(colour.size()),
              repeated(static_cast<std::size_t>(height) * width, colour));
}

std::string refusal(const std::function<void()>& work) {
  try {
    work();
    return "no error";
  } catch (const Error& error) {
    return error.kind() == Error::Kind::input ? error.what()
                                              : std::string("another error: ") + error.what();
  }
}

}  // namespace minima::data::testing
