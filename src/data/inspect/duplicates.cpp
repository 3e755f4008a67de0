// The same picture several times, found by a hash of its pixels. Hashes of 64 bits make a false
// alarm less likely than 1 in 100,000 even for ten million images.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "core/text.h"
#include "data/inspect/findings.h"

namespace minima::data {
namespace {

// If one picture is at least this fraction of a split, something produced it: a failed conversion,
// or a placeholder for images that were not found.
constexpr double kFrequentFraction = 0.1;
// Two of a handful of images may well be equal.
constexpr std::size_t kFewestEqual = 3;

constexpr std::size_t kSplits = 3;

std::uint64_t hash_of(std::span<const std::uint8_t> image) {
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15;  // 2^64 / golden ratio
  std::uint64_t hash = image.size();
  const auto add = [&hash](std::uint64_t word) {
    hash = (hash ^ word) * kFactor;
    hash ^= hash >> 32;
  };
  std::uint64_t word = 0;
  std::size_t at = 0;
  for (; at + sizeof(word) <= image.size(); at += sizeof(word)) {
    std::memcpy(&word, image.data() + at, sizeof(word));
    add(word);
  }
  word = 0;
  if (at < image.size()) std::memcpy(&word, image.data() + at, image.size() - at);
  add(word);
  return hash;
}

struct HashedImage {
  std::uint64_t hash = 0;
  std::uint16_t label = 0;
  std::uint8_t split = 0;  // index into filled_splits
};

std::vector<HashedImage> hashed_images(const Dataset& dataset,
                                       const std::vector<NamedSplit>& splits) {
  const auto pixels = static_cast<std::size_t>(dataset.shape.pixels());
  std::vector<HashedImage> images;
  for (std::size_t s = 0; s < splits.size(); ++s) {
    const Split& split = *splits[s].split;
    for (std::size_t i = 0; i < split.count(); ++i) {
      images.push_back({hash_of(std::span(split.images).subspan(i * pixels, pixels)),
                        split.labels[i], static_cast<std::uint8_t>(s)});
    }
  }
  std::ranges::sort(images, {}, &HashedImage::hash);
  return images;
}

/// Sums over all pictures.
struct Counts {
  std::array<std::size_t, kSplits> most{};  ///< copies of the most frequent picture of a split
  /// Images of split `second` whose picture is also in split `first`: [first][second].
  std::array<std::array<std::size_t, kSplits>, kSplits> shared{};
  std::size_t ambiguous_pictures = 0;  ///< with more than one label
  std::size_t ambiguous_images = 0;

  /// Adds the images of one picture.
  void add(std::span<const HashedImage> copies) {
    std::array<std::size_t, kSplits> of_split{};
    bool is_ambiguous = false;
    for (const HashedImage& copy : copies) {
      ++of_split[copy.split];
      is_ambiguous = is_ambiguous || copy.label != copies.front().label;
    }
    for (std::size_t second = 0; second < kSplits; ++second) {
      most[second] = std::max(most[second], of_split[second]);
      for (std::size_t first = 0; first < second; ++first) {
        if (of_split[first] > 0) shared[first][second] += of_split[second];
      }
    }
    if (!is_ambiguous) return;
    ++ambiguous_pictures;
    ambiguous_images += copies.size();
  }
};

Counts counts_of(std::span<const HashedImage> images) {
  Counts counts;
  for (std::size_t begin = 0; begin < images.size();) {
    std::size_t end = begin + 1;
    while (end < images.size() && images[end].hash == images[begin].hash) ++end;
    if (end - begin > 1) counts.add(images.subspan(begin, end - begin));
    begin = end;
  }
  return counts;
}

std::string percentage(std::size_t part, std::size_t all) {
  return brief(100.0 * static_cast<double>(part) / static_cast<double>(all)) + " %";
}

void add_frequent(Notes& notes, const Counts& counts, const std::vector<NamedSplit>& splits) {
  for (std::size_t s = 0; s < splits.size(); ++s) {
    const std::size_t all = splits[s].split->count();
    const std::size_t equal = counts.most[s];
    if (equal < kFewestEqual) continue;
    if (static_cast<double>(equal) < kFrequentFraction * static_cast<double>(all)) continue;
    notes.push_back(fmt::format("{} {} images are one and the same picture", part_text(equal, all),
                                splits[s].name));
  }
}

void add_shared(Notes& notes, const Counts& counts, const std::vector<NamedSplit>& splits) {
  for (std::size_t second = 1; second < splits.size(); ++second) {
    for (std::size_t first = 0; first < second; ++first) {
      const std::size_t all = splits[second].split->count();
      const std::size_t shared = counts.shared[first][second];
      if (!is_notable(shared, all)) continue;
      notes.push_back(
          fmt::format("{} {} images ({}) are also {} images, so accuracy on them measures memory",
                      part_text(shared, all), splits[second].name, percentage(shared, all),
                      splits[first].name));
    }
  }
}

}  // namespace

Notes duplicate_notes(const Dataset& dataset) {
  const std::vector<NamedSplit> splits = filled_splits(dataset);
  const std::vector<HashedImage> images = hashed_images(dataset, splits);
  const Counts counts = counts_of(images);
  Notes notes;
  add_frequent(notes, counts, splits);
  add_shared(notes, counts, splits);
  if (is_notable(counts.ambiguous_images, images.size())) {
    notes.push_back(fmt::format(
        "{} with more than one label ({} images): at most one of the labels is right",
        counts.ambiguous_pictures == 1
            ? "1 picture occurs"
            : grouped(static_cast<std::int64_t>(counts.ambiguous_pictures)) + " pictures occur",
        grouped(static_cast<std::int64_t>(counts.ambiguous_images))));
  }
  return notes;
}

}  // namespace minima::data
