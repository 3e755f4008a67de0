// Updates the report page of a store during training.
#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <thread>

#include "app/analyses/analyses.h"

namespace minima::app {

/// Rewrites the page of a store repeatedly on a thread of its own: at most once per interval, and
/// for at most a twentieth of the time. A failed write is retried the next time.
class PageRefresh {
 public:
  /// An interval of zero disables it.
  PageRefresh(std::filesystem::path store, SettingsOf settings, std::chrono::seconds interval);
  /// Waits until a page in progress is complete.
  ~PageRefresh() = default;
  PageRefresh(const PageRefresh&) = delete;
  PageRefresh& operator=(const PageRefresh&) = delete;

 private:
  void work(const std::stop_token& stop) const;
  void write() const;

  std::filesystem::path store_;
  SettingsOf settings_;
  std::chrono::seconds interval_;
  std::jthread thread_;  // last, because it uses the others
};

}  // namespace minima::app
