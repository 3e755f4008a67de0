#include "data/fetch/fetch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>

#include "core/codes/sha256.h"
#include "core/error.h"
#include "core/files/file.h"
#include "core/text.h"
#include "data/fetch/content_check.h"
#include "data/fetch/download.h"
#include "data/fetch/unpack.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

// Maximum number of downloads from one mirror while each one makes progress.
constexpr int kMostAttempts = 20;

/// Keeps a second fetch out of the same folder. The lock is on the folder itself, so it leaves no
/// file behind and a killed process releases it.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder)
      : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    // Some file systems cannot lock folders; the fetch then runs without a lock.
    if (folder_ >= 0 && ::flock(folder_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      ::close(folder_);
      throw work_error({folder.string(), ""}, "another fetch is writing to this folder",
                       "wait until it has finished");
    }
  }
  ~FolderLock() {
    if (folder_ >= 0) ::close(folder_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int folder_;
};

/// Base URLs without a trailing slash, to which a file name is appended.
std::vector<std::string> bases_of(const RemoteSet& set, const FetchOptions& options) {
  std::vector<std::string> bases;
  for (std::string mirror : options.mirrors) {
    if (!mirror.starts_with("http://") && !mirror.starts_with("https://")) {
      throw input_error({"mirror \"" + mirror + "\"", ""}, "is not an http:// or https:// address",
                        "write it like https://example.org/data");
    }
    while (mirror.ends_with('/')) mirror.pop_back();
    bases.push_back(mirror + "/" + set.name);
  }
  return bases.empty() ? set.mirrors : bases;
}

/// Bound on the size of the file: no compression makes it much larger than its content.
std::uint64_t most_bytes(const RemoteFile& file) {
  std::uint64_t bytes = file.packed_bytes;
  for (const RemoteContent& content : file.contents) bytes += content.bytes + 4096;
  return bytes + bytes / 8 + 65536;
}

/// Fetches one file from its mirrors and records what went wrong with each.
class FileFetch {
 public:
  FileFetch(const RemoteSet& set, const RemoteFile& file, const FetchOptions& options)
      : file_(file),
        options_(options),
        label_(set.name + "/" + file.name),
        path_(options.destination / set.name / file.name) {}

  [[nodiscard]] FetchedFile run(const std::vector<std::string>& bases) {
    if (fs::is_regular_file(path_) && !content_problem(path_, file_)) return {path_, ""};
    std::string troubles;
    for (const std::string& base : bases) {
      const std::string url = base + "/" + file_.name;
      const std::optional<std::string> problem = try_mirror(url);
      if (!problem) {
        remove_parts();
        return {path_, url};
      }
      const std::string line = fmt::format("{}: {}", url, *problem);
      if (options_.on_trouble) options_.on_trouble(line);
      troubles += troubles.empty() ? line : ", " + line;
    }
    throw work_error({label_, ""},
                     fmt::format("could not be fetched from any mirror ({})", troubles),
                     "check the network and try again, or name another mirror");
  }

 private:
  /// Each mirror has its own partial file. Two mirrors may have compressed the same content
  /// differently, so parts from both cannot be combined.
  [[nodiscard]] fs::path part_of(const std::string& url) const {
    fs::path part = path_;
    part += "." + sha256(url).substr(0, 8) + ".part";
    return part;
  }

  [[nodiscard]] DownloadResult download_once(const std::string& url, const fs::path& part) const {
    DownloadRequest request;
    request.url = url;
    request.part = part;
    request.most_bytes = most_bytes(file_);
    request.stall_seconds = options_.stall_seconds;
    request.connect_seconds = options_.connect_seconds;
    request.stop = options_.stop;
    if (options_.on_progress) {
      request.on_progress = [&](std::uint64_t done, std::uint64_t total) {
        options_.on_progress({label_, url, done, total});
      };
    }
    return download(request);
  }

  /// Returns the problem, or nullopt once the file has its final name.
  [[nodiscard]] std::optional<std::string> try_mirror(const std::string& url) const {
    const fs::path part = part_of(url);
    bool may_restart = true;
    for (int attempt = 1;; ++attempt) {
      std::error_code ignored;
      const std::uintmax_t before = fs::exists(part, ignored) ? fs::file_size(part, ignored) : 0;
      const DownloadResult result = download_once(url, part);
      if (!result.complete) {
        if (result.grew && attempt < kMostAttempts) continue;
        if (fs::file_size(part, ignored) == 0) fs::remove(part, ignored);
        return result.problem;
      }
      const std::optional<std::string> problem = content_problem(part, file_);
      if (!problem) {
        put_in_place(part);
        return std::nullopt;
      }
      fs::remove(part, ignored);
      // The start and the end may come from different versions of the file, so retry once from the
      // start before rejecting the mirror.
      if (before == 0 || !may_restart) return *problem + "; what it sent was removed";
      may_restart = false;
    }
  }

  void put_in_place(const fs::path& part) const {
    std::error_code error;
    fs::rename(part, path_, error);
    if (error) {
      throw work_error({path_.string(), ""}, fmt::format("cannot be written: {}", error.message()),
                       "move the existing file away");
    }
  }

  void remove_parts() const {
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(path_.parent_path(), ignored)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with(file_.name + ".") && name.ends_with(".part")) {
        fs::remove(entry.path(), ignored);
      }
    }
  }

  const RemoteFile& file_;
  const FetchOptions& options_;
  std::string label_;
  fs::path path_;
};

std::vector<std::string> mirrors_of_environment() {
  std::vector<std::string> mirrors;
  const char* value = std::getenv("MINIMA_MIRROR");
  for (const std::string& word : split(value == nullptr ? "" : value, ' ')) {
    if (!trim(word).empty()) mirrors.emplace_back(trim(word));
  }
  return mirrors;
}

/// Whether all files of the archive were put in their place earlier.
bool are_unpacked(const RemoteSet& set, const fs::path& folder) {
  return !set.unpacked.empty() && std::ranges::all_of(set.unpacked, [&](const std::string& name) {
    std::error_code ignored;
    return fs::is_regular_file(folder / name, ignored);
  });
}

std::vector<FetchedFile> unpacked_files(const RemoteSet& set, const fs::path& folder,
                                        const std::string& url) {
  std::vector<FetchedFile> files;
  for (const std::string& name : set.unpacked) files.push_back({folder / name, url});
  return files;
}

}  // namespace

std::vector<FetchedFile> fetch_set(const RemoteSet& set, const FetchOptions& options) {
  const std::vector<std::string> bases = bases_of(set, options);
  const fs::path folder = options.destination / set.name;
  make_folder(folder);
  const FolderLock lock(folder);
  if (are_unpacked(set, folder)) return unpacked_files(set, folder, "");
  std::vector<FetchedFile> fetched;
  for (const RemoteFile& file : set.files) {
    fetched.push_back(FileFetch(set, file, options).run(bases));
  }
  if (set.unpacked.empty()) return fetched;
  const FetchedFile archive = fetched.front();
  unpack_zip(archive.path, folder, set.unpacked);
  std::error_code ignored;
  fs::remove(archive.path, ignored);
  return unpacked_files(set, folder, archive.url);
}

std::vector<FetchedFile> fetch(const std::string& name, const FetchOptions& options) {
  const std::vector<RemoteSet> sets = remote_sets();
  // "emnist-letters" is a part of the set "emnist".
  const auto set = std::ranges::find_if(sets, [&](const RemoteSet& each) {
    return name == each.name || (!each.unpacked.empty() && name.starts_with(each.name + "-"));
  });
  if (set == sets.end()) {
    std::vector<std::string> names;
    for (const RemoteSet& known : sets) names.push_back(known.name);
    throw input_error({"data fetch", ""},
                      fmt::format("there is no dataset \"{}\" to fetch", printable(name)),
                      suggestion(name, names));
  }
  FetchOptions chosen = options;
  if (chosen.mirrors.empty()) chosen.mirrors = mirrors_of_environment();
  return fetch_set(*set, chosen);
}

}  // namespace minima::data
