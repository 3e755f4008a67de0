#include "core/numbers/random.h"

#include <Random123/philox.h>

#include "core/numbers/portable_math.h"

namespace minima {
namespace {

// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection that mixes all bits.
std::uint64_t mix(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

std::uint64_t subject_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return mix(hash);
}

std::uint64_t subject_of(std::uint64_t subject, std::uint64_t number) {
  return mix(mix(subject) ^ number);
}

StreamKey stream_key(std::uint64_t seed, std::uint64_t subject, Purpose purpose,
                     std::uint32_t step) {
  return {mix(mix(seed) ^ subject), static_cast<std::uint32_t>(purpose), step};
}

std::array<std::uint32_t, 4> stream_block(const StreamKey& key, std::uint64_t block) {
  const r123::Philox4x32::ctr_type counter{{static_cast<std::uint32_t>(block),
                                            static_cast<std::uint32_t>(block >> 32), key.purpose,
                                            key.step}};
  const r123::Philox4x32::key_type words{
      {static_cast<std::uint32_t>(key.key), static_cast<std::uint32_t>(key.key >> 32)}};
  const auto mixed = r123::Philox4x32()(counter, words);
  return {mixed[0], mixed[1], mixed[2], mixed[3]};
}

RandomStream::RandomStream(std::uint64_t seed, std::uint64_t subject, Purpose purpose,
                           std::uint32_t step)
    : key_(stream_key(seed, subject, purpose, step)) {}

void RandomStream::refill() {
  words_ = stream_block(key_, block_++);
  used_ = 0;
}

std::uint32_t RandomStream::next() {
  if (used_ == 4) refill();
  return words_[static_cast<std::size_t>(used_++)];
}

std::uint64_t RandomStream::next64() {
  const std::uint64_t high = next();
  return (high << 32) | next();
}

double RandomStream::uniform() {
  return static_cast<double>(next64() >> 11) * 0x1.0p-53;
}

double RandomStream::uniform(double low, double high) {
  return low + (high - low) * uniform();
}

std::uint64_t RandomStream::below(std::uint64_t bound) {
  // Rejects the incomplete last interval, so that the result is unbiased.
  const std::uint64_t limit = ~std::uint64_t{0} - (~std::uint64_t{0} % bound + 1) % bound;
  for (;;) {
    const std::uint64_t bits = next64();
    if (bits <= limit) return bits % bound;
  }
}

double RandomStream::normal() {
  // Odd multiples of 2^-53: exact, symmetric about 1/2, and never 0 or 1.
  const std::uint64_t odd = (next64() >> 12) * 2 + 1;
  return portable::normal_quantile(static_cast<double>(odd) * 0x1.0p-53);
}

}  // namespace minima
