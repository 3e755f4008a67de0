#include "data/fetch/fetch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>

#include "core/error.h"
#include "core/file.h"
#include "core/sha256.h"
#include "core/text.h"
#include "data/fetch/content_check.h"
#include "data/fetch/download.h"

namespace minima::data {
namespace {

namespace fs = std::filesystem;

// Downloads from one mirror, as long as each brings something new.
constexpr int kMostAttempts = 20;

/// Keeps a second fetch out of the same folder as long as it lives. The lock is on the folder
/// itself: nothing is left behind, and a killed process lets go of it.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder)
      : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    // File systems that cannot lock folders must do without.
    if (folder_ >= 0 && ::flock(folder_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      ::close(folder_);
      throw work_error({folder.string(), ""}, "another fetch is filling this folder",
                       "wait until it has ended");
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

/// Base URLs, without a slash at the end, to which a file's name is added.
std::vector<std::string> bases_of(const RemoteSet& set, const FetchOptions& options) {
  std::vector<std::string> bases;
  for (std::string mirror : options.mirrors) {
    if (!mirror.starts_with("http://") && !mirror.starts_with("https://")) {
      throw input_error({"mirror \"" + mirror + "\"", ""}, "is no http:// or https:// address",
                        "write it like https://example.org/data");
    }
    while (mirror.ends_with('/')) mirror.pop_back();
    bases.push_back(mirror + "/" + set.name);
  }
  return bases.empty() ? set.mirrors : bases;
}

/// No file can be much larger than its content, in whatever way it was compressed.
std::uint64_t most_bytes(const RemoteFile& file) {
  std::uint64_t bytes = 0;
  for (const RemoteContent& content : file.contents) bytes += content.bytes + 4096;
  return bytes + bytes / 8 + 65536;
}

/// Fetches one file; knows its place, its mirrors and what went wrong with them.
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
    throw work_error({label_, ""}, fmt::format("could be fetched from no mirror ({})", troubles),
                     "check the network and try again, or name another mirror");
  }

 private:
  /// Each mirror has its own partial file: two mirrors may have compressed the same content
  /// differently, and halves of the two would make no whole.
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

  /// What went wrong, or nothing when the file stands under its final name.
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
      // The beginning may have been of another file than the end: that is no lie yet.
      if (before == 0 || !may_restart) return *problem + "; what it sent was removed";
      may_restart = false;
    }
  }

  void put_in_place(const fs::path& part) const {
    std::error_code error;
    fs::rename(part, path_, error);
    if (error) {
      throw work_error({path_.string(), ""}, fmt::format("cannot be written: {}", error.message()),
                       "move away what stands there");
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

}  // namespace

std::vector<FetchedFile> fetch_set(const RemoteSet& set, const FetchOptions& options) {
  const std::vector<std::string> bases = bases_of(set, options);
  const fs::path folder = options.destination / set.name;
  make_folder(folder);
  const FolderLock lock(folder);
  std::vector<FetchedFile> fetched;
  for (const RemoteFile& file : set.files) {
    fetched.push_back(FileFetch(set, file, options).run(bases));
  }
  return fetched;
}

std::vector<FetchedFile> fetch(const std::string& name, const FetchOptions& options) {
  const std::vector<RemoteSet> sets = remote_sets();
  const auto set = std::ranges::find(sets, name, [](const RemoteSet& s) { return s.name; });
  if (set == sets.end()) {
    std::vector<std::string> names;
    for (const RemoteSet& known : sets) names.push_back(known.name);
    throw input_error({"data fetch", ""}, fmt::format("\"{}\" is no set to fetch", printable(name)),
                      suggestion(name, names));
  }
  FetchOptions chosen = options;
  if (chosen.mirrors.empty()) chosen.mirrors = mirrors_of_environment();
  return fetch_set(*set, chosen);
}

}  // namespace minima::data
