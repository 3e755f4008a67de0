// A small HTTP server on 127.0.0.1 for the fetch tests, which can misbehave on request.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace minima::data::testing {

struct HttpRequest {
  std::string path;
  std::size_t range_start = 0;  ///< N of "Range: bytes=N-"; 0 if absent
};

/// A response; by default all of `body` with a correct length.
struct HttpReply {
  int status = 200;
  std::string body = {};
  std::string headers = {};  ///< additional header lines, each ending in CRLF
  std::size_t close_after = std::numeric_limits<std::size_t>::max();  ///< bytes of the body
  bool stall = false;  ///< after `close_after` bytes, stall and keep the connection open
};

/// For a request with a range: the rest of `content` (206), or 416 beyond its end. Otherwise all of
/// it.
[[nodiscard]] HttpReply with_ranges(const std::string& content, const HttpRequest& request);

/// Serves one connection at a time on a free port until destroyed.
class HttpServer {
 public:
  using Handler = std::function<HttpReply(const HttpRequest&)>;

  explicit HttpServer(Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::string url() const;  ///< "http://127.0.0.1:PORT"
  [[nodiscard]] std::vector<HttpRequest> requests() const;

 private:
  void serve();
  void answer(int connection);

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
  std::thread thread_;
};

}  // namespace minima::data::testing
