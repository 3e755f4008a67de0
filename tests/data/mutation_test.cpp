// Readers get files with many kinds of damage. Each file must either load or be refused with an
// input error. Sanitizers detect anything else.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/numbers/random.h"
#include "data/formats/cifar.h"
#include "data/formats/csv.h"
#include "data/formats/idx.h"
#include "data/pictures/picture.h"
#include "data/source/source.h"
#include "files.h"
#include "pictures.h"
#include "support/temporary_folder.h"

namespace minima::data {
namespace {

using namespace testing;

/// Truncates, flips one to four bytes, or duplicates or cuts out a piece; depends only on `number`.
std::string mutated(const std::string& whole, std::uint32_t number) {
  RandomStream random(1, subject_of("mutation"), Purpose::bootstrap, number);
  std::string out = whole;
  const auto position = [&] { return static_cast<std::size_t>(random.below(out.size())); };
  switch (number % 4) {
    case 0:
      out.resize(position());
      break;
    case 1:
      out.insert(position(), out.substr(position(), 16));
      break;
    case 2:
      out.erase(position(), 1 + random.below(16));
      break;
    default:
      for (std::uint64_t flips = 1 + random.below(4); flips > 0; --flips) {
        out[position()] = static_cast<char>(random.next());
      }
  }
  return out;
}

struct Outcome {
  int loaded = 0;
  int refused = 0;
};

template <typename Load>
Outcome survive(const std::string& whole, std::uint32_t count, Load load) {
  Outcome outcome;
  for (std::uint32_t number = 0; number < count; ++number) {
    try {
      load(mutated(whole, number));
      ++outcome.loaded;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), Error::Kind::input) << error.what();
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
      ++outcome.refused;
    }
  }
  return outcome;
}

Outcome survive_idx(const char* ending, std::string (*pack)(std::string_view)) {
  const TemporaryFolder folder;
  const std::string images = pack(idx({6, 5, 4}, ramp(120, 7)));
  write(folder / (std::string("train-images-idx3-ubyte") + ending), images);
  write(folder / "train-labels-idx1-ubyte", idx({6}, ramp(6)));
  write(folder / "t10k-images-idx3-ubyte", idx({6, 5, 4}, ramp(120)));
  write(folder / "t10k-labels-idx1-ubyte", idx({6}, ramp(6)));
  return survive(images, 400, [&](const std::string& bytes) {
    write(folder / (std::string("train-images-idx3-ubyte") + ending), bytes);
    (void)read_idx(find_idx_files(folder.path()));
  });
}

TEST(Mutation, IdxLoadsOrIsRefused) {
  const Outcome plain = survive_idx("", [](std::string_view text) { return std::string(text); });
  EXPECT_GT(plain.refused, 300);
  EXPECT_GT(plain.loaded, 0) << "a changed pixel is no error";
}

TEST(Mutation, GzipAndXzAreCheckedSoThatNextToNothingPasses) {
  EXPECT_GT(survive_idx(".gz", gzip).refused, 360);
  EXPECT_GT(survive_idx(".xz", xz).refused, 360);
}

TEST(Mutation, CifarLoadsOrIsRefused) {
  const TemporaryFolder folder;
  for (const auto& [path, content] : cifar_entries()) write(folder / path, content);
  const Outcome outcome = survive(cifar_records({3, 4}), 200, [&](const std::string& bytes) {
    write(folder / "cifar-10-batches-bin/data_batch_3.bin", bytes);
    (void)read_cifar(folder / "cifar-10-batches-bin");
  });
  EXPECT_GT(outcome.refused, 100);
}

TEST(Mutation, ArchivesLoadOrAreRefused) {
  const TemporaryFolder folder;
  const std::string plain = tar(cifar_entries());
  const auto load = [&](const std::string& bytes) {
    write(folder / "a.tar", bytes);
    (void)read_cifar(folder / "a.tar");
  };
  EXPECT_GT(survive(plain, 200, load).refused, 100);
  EXPECT_GT(survive(gzip(plain), 200, load).refused, 180);
  EXPECT_GT(survive(xz(plain), 200, load).refused, 180);
}

TEST(Mutation, TablesLoadOrAreRefused) {
  const TemporaryFolder folder;
  std::string table = "label,pixel0,pixel1,pixel2,pixel3\n";
  for (int i = 0; i < 20; ++i) table += fmt::format("{},{},{},0,255\n", i % 3, i, 10 * i);
  const Outcome outcome = survive(table, 400, [&](const std::string& bytes) {
    write(folder / "a.csv", bytes);
    (void)read_csv(find_csv(folder / "a.csv").value());
  });
  EXPECT_GT(outcome.refused, 100);
  EXPECT_GT(outcome.loaded, 20) << "a changed digit is no error";
}

TEST(Mutation, ArchivesOfImagesLoadOrAreRefused) {
  const TemporaryFolder folder;
  Entries entries;
  for (const char* name : {"p/a/1.png", "p/a/2.png", "p/b/1.png", "p/b/2.png"}) {
    entries.emplace_back(name, flat_png(2, 2, {7}));
  }
  const auto load_as = [&](const char* name) {
    return [&folder, name](const std::string& bytes) {
      write(folder / name, bytes);
      (void)load(parse_source((folder / name).string()), {});
    };
  };
  EXPECT_GT(survive(zip(entries), 200, load_as("a.zip")).refused, 100);
  EXPECT_GT(survive(tar(entries), 200, load_as("a.tar")).refused, 50);
  EXPECT_GT(survive(gzip(tar(entries)), 100, load_as("a.tar.gz")).refused, 90);
}

TEST(Mutation, ArchivesOfTablesLoadOrAreRefused) {
  const TemporaryFolder folder;
  const Entries tables = {{"d/train.csv", "label,a,b,c,d\n0,1,2,3,4\n1,5,6,7,8\n"},
                          {"d/test.csv", "label,a,b,c,d\n0,9,2,3,4\n1,5,6,7,9\n"}};
  const std::string labels("\0\1", 2);
  const Entries images = {{"train-images-idx3-ubyte", idx({2, 2, 2}, ramp(8))},
                          {"train-labels-idx1-ubyte", idx({2}, labels)},
                          {"t10k-images-idx3-ubyte", idx({2, 2, 2}, ramp(8, 3))},
                          {"t10k-labels-idx1-ubyte", idx({2}, labels)}};
  const auto load_as = [&](const char* name) {
    return [&folder, name](const std::string& bytes) {
      write(folder / name, bytes);
      (void)load(parse_source((folder / name).string()), {});
    };
  };
  EXPECT_GT(survive(zip(tables), 200, load_as("a.zip")).refused, 100);
  EXPECT_GT(survive(tar(images), 200, load_as("a.tar")).refused, 20);
}

std::vector<std::uint8_t> pattern(std::size_t count) {
  const std::string bytes = ramp(count, 37);
  return {bytes.begin(), bytes.end()};
}

TEST(Mutation, PngLoadsOrIsRefused) {
  const auto load = [](const std::string& bytes) { (void)decode_picture(bytes, "a.png"); };
  const PngImage colour{
      .height = 9, .width = 11, .samples = 4, .bytes = pattern(9 * 11 * 4), .interlaced = true};
  const PngImage palette{.height = 9,
                         .width = 11,
                         .bytes = std::vector<std::uint8_t>(99, 1),
                         .palette = {1, 2, 3, 4, 5, 6},
                         .palette_alpha = {7}};
  EXPECT_GT(survive(png(colour), 400, load).refused, 300);
  EXPECT_GT(survive(png(palette), 400, load).refused, 200);
}

TEST(Mutation, JpegLoadsOrIsRefused) {
  const auto load = [](const std::string& bytes) { (void)decode_picture(bytes, "a.jpg"); };
  EXPECT_GT(survive(jpeg(17, 23, 3, pattern(17 * 23 * 3)), 400, load).refused, 150);
  EXPECT_GT(survive(jpeg(17, 23, 4, pattern(17 * 23 * 4)), 400, load).refused, 150);
}

TEST(Mutation, OtherPicturesLoadOrAreRefused) {
  const auto load = [](const std::string& bytes) { (void)decode_picture(bytes, "a"); };
  for (const PictureKind kind : {PictureKind::bmp, PictureKind::gif, PictureKind::webp,
                                 PictureKind::tiff, PictureKind::pnm}) {
    for (const int channels : {1, 3}) {
      const Picture picture{{channels, 9, 11}, pattern(static_cast<std::size_t>(channels) * 99)};
      const std::string file = encoded(kind, picture);
      EXPECT_GT(survive(file, 400, load).refused, 100) << name_of(kind);
    }
  }
}

}  // namespace
}  // namespace minima::data
