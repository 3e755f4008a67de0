#include "data/generated/image_generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>

#include "core/error.h"
#include "core/text.h"
#include "core/workers.h"

namespace minima::data {
namespace {

// The step of a random stream counts the images and has 32 bits.
constexpr std::int64_t kMostImages = 100'000'000;

/// Every block of `classes` consecutive labels contains each class once.
std::vector<std::uint16_t> balanced_labels(std::size_t count, std::size_t classes,
                                           std::uint64_t seed, std::uint64_t subject) {
  std::vector<std::uint16_t> labels;
  labels.reserve(count + classes);
  std::vector<std::uint16_t> block(classes);
  for (std::uint32_t step = 0; labels.size() < count; ++step) {
    std::iota(block.begin(), block.end(), std::uint16_t{0});
    RandomStream random(seed, subject, Purpose::generated_image, step);
    random.shuffle(std::span(block));
    labels.insert(labels.end(), block.begin(), block.end());
  }
  labels.resize(count);
  return labels;
}

/// Calls work(i) for i in 0..count-1 on at most `jobs` threads.
template <typename Work>
void for_all(std::size_t count, std::size_t jobs, const Work& work) {
  constexpr std::size_t kPiece = 64;  // images that a thread takes at a time
  for_each_in_parallel(jobs, (count + kPiece - 1) / kPiece, [&](std::size_t piece) {
    const std::size_t end = std::min(count, (piece + 1) * kPiece);
    for (std::size_t i = piece * kPiece; i < end; ++i) work(i);
  });
}

std::vector<std::uint16_t> labels_of(const std::string& split_name, std::int64_t count,
                                     std::size_t classes, std::uint64_t seed) {
  return balanced_labels(static_cast<std::size_t>(count), classes, seed,
                         subject_of(split_name + "/labels"));
}

Split make_split(const ImageGenerator& generator, const GeneratedSettings& settings,
                 std::string_view split_name, std::int64_t count, std::size_t jobs) {
  const std::string name = fmt::format("{}/{}", generator.name, split_name);
  const auto pixels = static_cast<std::size_t>(generator.shape.pixels());
  Split split;
  split.labels = labels_of(name, count, generator.class_names.size(), settings.seed);
  split.images.resize(split.count() * pixels);
  const std::uint64_t subject = subject_of(name);
  for_all(split.count(), jobs, [&](std::size_t i) {
    RandomStream random(settings.seed, subject, Purpose::generated_image,
                        static_cast<std::uint32_t>(i));
    generator.draw(split.labels[i], settings.difficulty, random,
                   std::span(split.images).subspan(i * pixels, pixels));
  });
  return split;
}

}  // namespace

void check(const std::string& name, const GeneratedSettings& settings) {
  if (!(settings.difficulty >= 0.0 && settings.difficulty <= 1.0)) {
    throw input_error({name, "difficulty"},
                      fmt::format("{} is outside 0..1", shortest(settings.difficulty)),
                      "0 is easy, 1 is hard");
  }
  for (const auto& [key, count] : {std::pair{"train", settings.train}, {"test", settings.test}}) {
    if (count < 0 || count > kMostImages) {
      throw input_error({name, key}, fmt::format("cannot generate {} images", count),
                        fmt::format("ask for 0..{}", grouped(kMostImages)));
    }
  }
}

std::vector<std::uint16_t> train_labels(const std::string& name, const GeneratedSettings& settings,
                                        int classes) {
  return labels_of(name + "/train", settings.train, static_cast<std::size_t>(classes),
                   settings.seed);
}

Dataset generate(const ImageGenerator& generator, const GeneratedSettings& settings,
                 std::size_t jobs) {
  check(generator.name, settings);
  Dataset dataset;
  dataset.name = generator.name;
  dataset.origin = kGeneratedOrigin;
  dataset.shape = generator.shape;
  dataset.class_names = generator.class_names;
  dataset.train = make_split(generator, settings, "train", settings.train, jobs);
  dataset.test = make_split(generator, settings, "test", settings.test, jobs);
  dataset.checksum = content_checksum(dataset);
  return dataset;
}

double pixel_noise(RandomStream& random) {
  const std::uint32_t word = random.next();
  const std::uint32_t sum =
      (word & 255U) + ((word >> 8) & 255U) + ((word >> 16) & 255U) + (word >> 24);
  // Mean 4 * 127.5; variance 4 * (256^2 - 1) / 12.
  constexpr double kInverseSd = 1.0 / 147.80054127555;
  return (static_cast<double>(sum) - 510.0) * kInverseSd;
}

}  // namespace minima::data
