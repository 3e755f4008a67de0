// libjpeg reports errors by longjmp. All resources that a jump could leak belong to JpegReader,
// which is created before setjmp and destroyed after it.
#include <csetjmp>
#include <cstdio>
#include <cstring>

// jpeglib.h requires <cstdio> before it.
#include <jerror.h>
#include <jpeglib.h>

#include "data/pictures/orientation.h"
#include "data/pictures/picture.h"

namespace minima::data::codec {
namespace {

struct JpegReader {
  JpegReader() { jpeg.err = jpeg_std_error(&errors); }
  ~JpegReader() { jpeg_destroy_decompress(&jpeg); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf jump{};
  Raster raster;
};

JpegReader& reader_of(j_common_ptr jpeg) {
  return *static_cast<JpegReader*>(jpeg->client_data);
}

[[noreturn]] void stop(j_common_ptr jpeg) {
  char message[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, message);
  reader_of(jpeg).raster.problem = message;
  std::longjmp(reader_of(jpeg).jump, 1);
}

/// libjpeg only warns about lost pixels and fills them with grey. A data set must not contain such
/// images.
void on_message(j_common_ptr jpeg, int level) {
  if (level >= 0) return;
  switch (jpeg->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
      stop(jpeg);
    default:
      break;  // harmless, for example surplus bytes between segments
  }
}

/// Called for every row of blocks.
void on_progress(j_common_ptr jpeg) {
  if (reader_of(jpeg).jpeg.input_scan_number <= kMaxJpegScans) return;
  reader_of(jpeg).raster.problem = "too many scans";
  std::longjmp(reader_of(jpeg).jump, 1);
}

/// From the first segment with EXIF data; other data, such as XMP, lie in segments of this type
/// too.
int orientation_of(const jpeg_decompress_struct& jpeg) {
  for (const jpeg_marker_struct* segment = jpeg.marker_list; segment != nullptr;
       segment = segment->next) {
    if (segment->data_length >= 6 && std::memcmp(segment->data, "Exif\0", 6) == 0) {
      return exif_orientation({segment->data, segment->data_length});
    }
  }
  return 1;
}

void read_header(JpegReader& reader) {
  jpeg_decompress_struct& jpeg = reader.jpeg;
  jpeg_save_markers(&jpeg, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header(&jpeg, TRUE);
  reader.raster.orientation = orientation_of(jpeg);
  reader.raster.height = static_cast<int>(jpeg.image_height);
  reader.raster.width = static_cast<int>(jpeg.image_width);
  if (std::int64_t{reader.raster.height} * reader.raster.width > kMaxPixels) {
    ERREXIT1(&jpeg, JERR_IMAGE_TOO_BIG, 65500);
  }
  const bool is_grey = jpeg.jpeg_color_space == JCS_GRAYSCALE;
  const bool is_cmyk = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
  jpeg.out_color_space = is_grey ? JCS_GRAYSCALE : is_cmyk ? JCS_CMYK : JCS_RGB;
  reader.raster.samples = is_grey ? 1 : 3;
}

/// Converts four samples per pixel to three, in place. Adobe programs store CMYK inverted.
void cmyk_to_rgb(std::uint8_t* row, int width, bool inverted) {
  for (int x = 0; x < width; ++x) {
    const int key = inverted ? row[4 * x + 3] : 255 - row[4 * x + 3];
    for (int c = 0; c < 3; ++c) {
      const int ink = inverted ? row[4 * x + c] : 255 - row[4 * x + c];
      row[3 * x + c] = static_cast<std::uint8_t>((ink * key + 127) / 255);
    }
  }
}

void read_rows(JpegReader& reader, std::vector<std::uint8_t>& row) {
  jpeg_decompress_struct& jpeg = reader.jpeg;
  jpeg_start_decompress(&jpeg);
  const std::size_t stride = static_cast<std::size_t>(reader.raster.width) * reader.raster.samples;
  reader.raster.bytes.reserve(stride * reader.raster.height);
  row.resize(static_cast<std::size_t>(jpeg.output_width) * jpeg.output_components);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW line = row.data();
    jpeg_read_scanlines(&jpeg, &line, 1);
    if (jpeg.out_color_space == JCS_CMYK) {
      cmyk_to_rgb(row.data(), reader.raster.width, jpeg.saw_Adobe_marker != 0);
    }
    reader.raster.bytes.insert(reader.raster.bytes.end(), row.begin(),
                               row.begin() + static_cast<std::ptrdiff_t>(stride));
  }
  jpeg_finish_decompress(&jpeg);
}

}  // namespace

Raster decode_jpeg(std::span<const std::uint8_t> file, bool header_only) {
  JpegReader reader;
  std::vector<std::uint8_t> row;
  reader.jpeg.client_data = &reader;
  reader.errors.error_exit = stop;
  reader.errors.emit_message = on_message;
  if (setjmp(reader.jump) != 0) return std::move(reader.raster);
  jpeg_create_decompress(&reader.jpeg);
  reader.progress.progress_monitor = on_progress;
  reader.jpeg.progress = &reader.progress;
  jpeg_mem_src(&reader.jpeg, file.data(), file.size());
  read_header(reader);
  if (header_only) return std::move(reader.raster);
  read_rows(reader, row);
  return std::move(reader.raster);
}

}  // namespace minima::data::codec
