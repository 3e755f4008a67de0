#include "data/fetch/content_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <span>
#include <vector>

#include "core/codes/sha256.h"
#include "core/error.h"
#include "core/text.h"
#include "data/files/bytes.h"

namespace minima::data {
namespace {

/// Readers infer compression from the name and would refuse an uncompressed file named .gz.
bool is_gzip(const std::filesystem::path& path) {
  std::array<char, 2> start{};
  std::ifstream(path, std::ios::binary).read(start.data(), start.size());
  return start == std::array{'\x1f', '\x8b'};
}

/// Compares the rest of `stream`; stops at the first surplus byte.
std::optional<std::string> stream_problem(ByteStream& stream, const RemoteContent& expected) {
  const std::string what = expected.member.empty() ? "the content" : expected.member;
  std::vector<std::uint8_t> buffer(std::size_t{1} << 18);
  Sha256 hash;
  std::uint64_t bytes = 0;
  for (;;) {
    const std::size_t got = stream.read(buffer);
    hash.add(std::span(buffer).first(got));
    bytes += got;
    if (bytes > expected.bytes || got < buffer.size()) break;
  }
  if (bytes > expected.bytes) {
    return fmt::format("{} is longer than {} bytes", what,
                       grouped(static_cast<std::int64_t>(expected.bytes)));
  }
  const std::string hex = hash.hex();
  if (hex == expected.sha256) return std::nullopt;
  return fmt::format("{} has SHA-256 {}, not {}", what, hex, expected.sha256);
}

/// Compares the file itself, packed as it is.
std::optional<std::string> packed_problem(const std::filesystem::path& path,
                                          const RemoteFile& expected) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> buffer(std::size_t{1} << 18);
  Sha256 hash;
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto got = static_cast<std::size_t>(in.gcount());
    hash.add(std::span(reinterpret_cast<const std::uint8_t*>(buffer.data()), got));
  }
  const std::string hex = hash.hex();
  if (hex == expected.packed_sha256) return std::nullopt;
  return fmt::format("the file has SHA-256 {}, not {}", hex, expected.packed_sha256);
}

std::optional<std::string> archive_problem(const std::filesystem::path& path,
                                           const RemoteFile& expected) {
  ArchiveReader archive(path, ArchiveFormat::tar);
  std::vector<std::string> missing;
  for (const RemoteContent& content : expected.contents) missing.push_back(content.member);
  while (const auto member = archive.next()) {
    const std::string name = std::filesystem::path(*member).filename().string();
    const auto content =
        std::ranges::find(expected.contents, name, [](const auto& c) { return c.member; });
    if (content == expected.contents.end()) continue;
    if (auto problem = stream_problem(archive.content(), *content)) return problem;
    std::erase(missing, name);
  }
  if (missing.empty()) return std::nullopt;
  return fmt::format("{} is missing in the archive", missing.front());
}

}  // namespace

std::optional<std::string> content_problem(const std::filesystem::path& path,
                                           const RemoteFile& expected) {
  if (expected.name.ends_with(".gz") && !is_gzip(path)) return "the file is not gzip data";
  if (!expected.packed_sha256.empty()) return packed_problem(path, expected);
  try {
    if (!expected.contents.front().member.empty()) return archive_problem(path, expected);
    return stream_problem(*open_bytes(path), expected.contents.front());
  } catch (const Error&) {
    return "the file is truncated or corrupt";
  }
}

}  // namespace minima::data
