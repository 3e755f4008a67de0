#include "data/fetch/download.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "core/error.h"
#include "core/text.h"

namespace minima::data {
namespace {

constexpr long kOk = 200;
constexpr long kRangeNotSatisfiable = 416;
constexpr long kSlowestBytesPerSecond = 100;

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using Curl = std::unique_ptr<CURL, FreeCurl>;

/// The partial file, which is appended to or restarted.
class PartFile {
 public:
  explicit PartFile(const std::filesystem::path& path)
      : path_(path), file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
    if (file_ < 0) fail();
    const off_t end = ::lseek(file_, 0, SEEK_END);
    if (end < 0) fail();
    size_ = static_cast<std::uint64_t>(end);
  }
  ~PartFile() { ::close(file_); }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Returns false with errno set if the write fails.
  [[nodiscard]] bool append(const char* data, std::size_t count) {
    while (count > 0) {
      const ssize_t written = ::write(file_, data, count);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      data += written;
      count -= static_cast<std::size_t>(written);
      size_ += static_cast<std::uint64_t>(written);
    }
    return true;
  }

  [[nodiscard]] bool clear() {
    size_ = 0;
    return ::ftruncate(file_, 0) == 0;
  }

  void sync() const {
    if (::fsync(file_) != 0) fail();
  }

  [[noreturn]] void fail() const {
    throw work_error({path_.string(), ""}, fmt::format("cannot be written: {}", strerror(errno)),
                     "free some space or choose another folder");
  }

 private:
  std::filesystem::path path_;
  int file_;
  std::uint64_t size_ = 0;
};

/// One transfer, with the state that libcurl's callbacks need.
class Transfer {
 public:
  explicit Transfer(const DownloadRequest& request)
      : request_(request), part_(request.part), start_(part_.size()), curl_(curl_easy_init()) {
    if (!curl_) throw work_error({request.url, ""}, "libcurl cannot be started");
    set_up();
  }

  [[nodiscard]] DownloadResult run() {
    const CURLcode code = curl_easy_perform(curl_.get());
    if (request_.stop.stop_requested() && code != CURLE_OK) {
      throw Error(Error::Kind::interrupted,
                  "interrupted; what has arrived is kept, the same command continues");
    }
    if (disk_error_ != 0) {
      errno = disk_error_;
      part_.fail();
    }
    part_.sync();
    DownloadResult result;
    // 416 is the answer to a request beyond the last byte: the partial file is already complete.
    result.complete = code == CURLE_OK || (start_ > 0 && status() == kRangeNotSatisfiable);
    result.grew = part_.size() > start_;
    if (!result.complete) result.problem = problem_of(code);
    return result;
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(curl_.get(), option, value) != CURLE_OK) {
      throw work_error({request_.url, ""}, "libcurl does not know a setting that is needed");
    }
  }

  void set_up() {
    set(CURLOPT_URL, request_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_MAXREDIRS, 5L);
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USERAGENT, "minima");
    set(CURLOPT_ERRORBUFFER, message_.data());
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(request_.connect_seconds));
    set(CURLOPT_LOW_SPEED_LIMIT, kSlowestBytesPerSecond);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(request_.stall_seconds));
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_data);
    set(CURLOPT_XFERINFODATA, this);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
    set(CURLOPT_NOPROGRESS, 0L);
    // Not CURLOPT_RESUME_FROM, which fails if a server ignores Range. Ignoring it is harmless here.
    range_ = fmt::format("{}-", start_);
    if (start_ > 0) set(CURLOPT_RANGE, range_.c_str());
  }

  [[nodiscard]] long status() const {
    long code = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &code);
    return code;
  }

  [[nodiscard]] bool receive(const char* data, std::size_t count) {
    if (!begun_) {
      begun_ = true;
      whole_file_ = status() == kOk;
      if (whole_file_ && start_ > 0 && !part_.clear()) return disk_failed();
    }
    too_large_ = part_.size() + count > request_.most_bytes;
    if (too_large_) return false;
    return part_.append(data, count) || disk_failed();
  }

  bool disk_failed() {
    disk_error_ = errno;
    return false;
  }

  static std::size_t on_data(const char* data, std::size_t, std::size_t count, void* self) {
    return static_cast<Transfer*>(self)->receive(data, count) ? count : 0;
  }

  static int on_progress(void* self_pointer, curl_off_t total, curl_off_t, curl_off_t, curl_off_t) {
    auto* self = static_cast<Transfer*>(self_pointer);
    if (self->request_.stop.stop_requested()) return 1;
    const std::uint64_t done = self->part_.size();
    if (self->begun_ && self->request_.on_progress && done != self->reported_) {
      const std::uint64_t before = self->whole_file_ ? 0 : self->start_;
      const std::uint64_t all = total > 0 ? before + static_cast<std::uint64_t>(total) : 0;
      self->request_.on_progress(done, all);
      self->reported_ = done;
    }
    return 0;
  }

  [[nodiscard]] std::string problem_of(CURLcode code) const {
    switch (code) {
      case CURLE_HTTP_RETURNED_ERROR:
        return fmt::format("HTTP status {}", status());
      case CURLE_PARTIAL_FILE:
      case CURLE_RECV_ERROR:
      case CURLE_GOT_NOTHING:
        return fmt::format("the connection closed early, after {} bytes",
                           grouped(static_cast<std::int64_t>(part_.size())));
      case CURLE_OPERATION_TIMEDOUT:
        return status() == 0 && !begun_ ? fmt::format("no answer ({})", printable(message_.data()))
                                        : fmt::format("stalled: almost nothing arrived for {} s",
                                                      request_.stall_seconds);
      default:
        break;
    }
    if (too_large_) {
      return fmt::format("sends more than the {} bytes that the file can have",
                         grouped(static_cast<std::int64_t>(request_.most_bytes)));
    }
    return printable(message_[0] != '\0' ? message_.data() : curl_easy_strerror(code));
  }

  const DownloadRequest& request_;
  PartFile part_;
  std::uint64_t start_;
  std::string range_;
  std::array<char, CURL_ERROR_SIZE> message_{};
  bool begun_ = false;
  bool whole_file_ = false;
  bool too_large_ = false;
  int disk_error_ = 0;
  std::uint64_t reported_ = ~std::uint64_t{0};
  Curl curl_;  // last member, so that it is destroyed before what it points to
};

}  // namespace

DownloadResult download(const DownloadRequest& request) {
  return Transfer(request).run();
}

}  // namespace minima::data
