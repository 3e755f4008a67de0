#include "app/pages/page_refresh.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

#include "app/pages/report_page.h"
#include "record/study.h"

namespace minima::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRestPerWork = 19;  // limits the work to a twentieth of the time

}  // namespace

PageRefresh::PageRefresh(std::filesystem::path store, SettingsOf settings,
                         std::chrono::seconds interval)
    : store_(std::move(store)), settings_(std::move(settings)), interval_(interval) {
  if (interval_.count() == 0) return;
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void PageRefresh::work(const std::stop_token& stop) const {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  Clock::duration pause = interval_;
  while (!stopped.wait_for(lock, stop, pause, [&] { return stop.stop_requested(); })) {
    const Clock::time_point begin = Clock::now();
    write();
    pause = std::max<Clock::duration>(interval_, kRestPerWork * (Clock::now() - begin));
  }
}

void PageRefresh::write() const {
  try {
    const auto reader = store::open_reader(store_);
    // Analyses of single weights would take time and memory from training, so they wait for the
    // end.
    const SettingsOf cheap = [this](const record::StudyRecord& study) {
      study::AnalysisSettings settings = settings_(study);
      settings.raw_weights = study::RawWeights::none;
      return settings;
    };
    // Uses one thread; the others train.
    const Analyses analyses = analyses_of(*reader, {.settings = cheap});
    write_page(default_page(store_), analysis::answer_of(*reader, cheap(reader->study())),
               headline_of(analyses, store_.string()), analyses);
  } catch (const std::exception&) {
    // The final page reports the problem.
  }
}

}  // namespace minima::app
