#include "http_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace minima::data::testing {
namespace {

HttpRequest parse(const std::string& text) {
  HttpRequest request;
  const std::size_t begin = text.find(' ') + 1;
  request.path = text.substr(begin, text.find(' ', begin) - begin);
  const std::size_t range = text.find("Range: bytes=");
  if (range != std::string::npos) {
    request.range_start = std::strtoull(text.c_str() + range + 13, nullptr, 10);
  }
  return request;
}

void send_all(int connection, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// Returns true if a byte or the end of the connection can be read within 20 ms.
bool readable(int connection) {
  pollfd waiting{connection, POLLIN, 0};
  return ::poll(&waiting, 1, 20) > 0;
}

}  // namespace

HttpReply with_ranges(const std::string& content, const HttpRequest& request) {
  if (request.range_start == 0) return {.body = content};
  if (request.range_start >= content.size()) return {.status = 416};
  return {.status = 206,
          .body = content.substr(request.range_start),
          .headers = fmt::format("Content-Range: bytes {}-{}/{}\r\n", request.range_start,
                                 content.size() - 1, content.size())};
}

HttpServer::HttpServer(Handler handler) : handler_(std::move(handler)) {
  // Ignore proxies from the environment.
  ::setenv("no_proxy", "127.0.0.1", 1);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("no port to listen on");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

HttpServer::~HttpServer() {
  stopping_ = true;
  thread_.join();
  ::close(listener_);
}

std::string HttpServer::url() const {
  return fmt::format("http://127.0.0.1:{}", port_);
}

std::vector<HttpRequest> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void HttpServer::serve() {
  while (!stopping_) {
    if (!readable(listener_)) continue;
    const int connection = ::accept(listener_, nullptr, nullptr);
    if (connection < 0) continue;
    answer(connection);
    ::close(connection);
  }
}

void HttpServer::answer(int connection) {
  std::string text;
  while (text.find("\r\n\r\n") == std::string::npos) {
    char buffer[4096];
    const ssize_t got = ::recv(connection, buffer, sizeof(buffer), 0);
    if (got <= 0) return;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  const HttpRequest request = parse(text);
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  const HttpReply reply = handler_(request);
  send_all(connection,
           fmt::format("HTTP/1.1 {} -\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n",
                       reply.status, reply.body.size(), reply.headers));
  send_all(connection, std::string_view(reply.body).substr(0, reply.close_after));
  while (reply.stall && !stopping_ && !readable(connection)) {
  }
}

}  // namespace minima::data::testing
