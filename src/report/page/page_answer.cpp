// The first section: the answer, and the best trade-offs of accuracy and bytes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/page/html.h"
#include "report/page/page.h"
#include "report/page/page_headline.h"
#include "report/text/style.h"
#include "study/settings/number_format.h"

namespace minima::report {
namespace {

using analysis::TradeOff;

constexpr std::size_t kMostTradeOffs = 12;

std::vector<const TradeOff*> front_of(const analysis::DatasetTradeOffs& dataset) {
  std::vector<const TradeOff*> front;
  for (const TradeOff& row : dataset.rows) {
    if (row.on_front) front.push_back(&row);
  }
  std::ranges::stable_sort(front, std::ranges::greater(),
                           [](const TradeOff* row) { return row->accuracy.mean; });
  if (front.size() > kMostTradeOffs) front.resize(kMostTradeOffs);
  return front;
}

std::string accuracy_interval_text(const TradeOff& row) {
  if (!row.low || !row.high) return "";
  return fmt::format("[{:.1f}, {:.1f}]", 100.0 * *row.low, 100.0 * *row.high);
}

bool validation_chose(const PageInput& input, const std::string& dataset) {
  return std::ranges::any_of(input.headline.datasets, [&](const auto& each) {
    return each.dataset == dataset && each.validation_chose;
  });
}

std::string trade_offs_html(const PageInput& input) {
  std::string out;
  for (const auto& dataset : input.compression.trade_offs) {
    std::vector<std::vector<std::string>> rows;
    for (const TradeOff* row : front_of(dataset)) {
      rows.push_back({foreign(row->architecture),
                      row->pruning.empty() ? "-" : fmt::format("{:.0f} %", 100.0 * row->sparsity),
                      escaped(study::format_label(row->format, row->quantization)),
                      human_bytes(static_cast<std::uint64_t>(std::llround(row->bytes))),
                      percent(row->accuracy.mean), accuracy_interval_text(*row),
                      row->gain_shown ? (*row->gain_shown ? "yes" : "no") : "",
                      grouped(row->accuracy.runs)});
    }
    if (rows.empty()) continue;
    out += fmt::format(
        "<h3>Best trade-offs: {}</h3>\n<p class=\"dim\">No other network is both as small and as "
        "accurate{}. The most accurate network is first. The intervals hold for all networks at "
        "once. Gain shown: significantly more accurate than the next smaller one.</p>\n",
        foreign(dataset.dataset),
        validation_chose(input, dataset.dataset)
            ? " on validation images; the accuracies are those of test images"
            : "");
    out += html_table(
        {"architecture", "sparsity", "format", "bytes", "test %", "interval", "gain shown", "runs"},
        rows, {1, 3, 4, 5, 7});
  }
  return out;
}

}  // namespace

PageSection answer_section(const PageInput& input) {
  return {"answer", "The answer", headline_html(input.headline) + trade_offs_html(input)};
}

}  // namespace minima::report
