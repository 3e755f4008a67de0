// Shared by the fetch tests: a small set, its destination folder, and servers that offer it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/codes/sha256.h"
#include "core/error.h"
#include "core/files/file.h"
#include "data/fetch/fetch.h"
#include "files.h"
#include "http_server.h"
#include "support/temporary_folder.h"

namespace minima::data::testing {

/// Text that does not compress well.
inline std::string noise(std::size_t count) {
  std::string text;
  for (std::uint32_t i = 0; text.size() < count; ++i) text += sha256(std::to_string(i));
  return text.substr(0, count);
}

class Fetch : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.destination = folder_.path();
    options_.stall_seconds = 1;
    options_.on_trouble = [this](const std::string& line) { troubles_.push_back(line); };
    set_ = {.name = "tiny",
            .mirrors = {},
            .files = {{"file.gz", {{"", content_.size(), sha256(content_)}}}}};
  }

  /// Fetches from these servers in this order.
  std::vector<FetchedFile> fetch_from(const std::vector<const HttpServer*>& servers) {
    set_.mirrors.clear();
    for (const HttpServer* server : servers) set_.mirrors.push_back(server->url());
    return fetch_set(set_, options_);
  }

  std::string failure(const std::vector<const HttpServer*>& servers) {
    try {
      fetch_from(servers);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), Error::Kind::work);
      return error.what();
    }
    ADD_FAILURE() << "fetched";
    return "";
  }

  [[nodiscard]] std::filesystem::path file() const { return folder_ / "tiny/file.gz"; }

  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "tiny")) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  const std::string content_ = noise(200'000);
  const std::string packed_ = gzip(content_);
  const HttpServer::Handler honest_ = [this](const HttpRequest& r) {
    return with_ranges(packed_, r);
  };
  TemporaryFolder folder_;
  RemoteSet set_;
  FetchOptions options_;
  std::vector<std::string> troubles_;
};

}  // namespace minima::data::testing
