// The report page of a store that is being written.
#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <thread>

#include "cli/analyses.h"

namespace minima::cli {

/// Writes the page of a store again and again, on a thread of its own: at most once in an interval,
/// and so seldom that it takes a twentieth of the time at most. A page that cannot be written is
/// left for the next time.
class PageRefresh {
 public:
  /// An interval of zero: never.
  PageRefresh(std::filesystem::path store, SettingsOf settings, std::chrono::seconds interval);
  /// Waits until a page that is being written is whole.
  ~PageRefresh() = default;
  PageRefresh(const PageRefresh&) = delete;
  PageRefresh& operator=(const PageRefresh&) = delete;

 private:
  void work(const std::stop_token& stop) const;
  void write() const;

  std::filesystem::path store_;
  SettingsOf settings_;
  std::chrono::seconds interval_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace minima::cli
