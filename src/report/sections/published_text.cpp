#include "report/sections/published_text.h"

#include <fmt/format.h>

#include "core/text.h"
#include "report/text/entry.h"
#include "report/text/text_table.h"

namespace minima::report {

std::string band_text(const analysis::PublishedBand& band) {
  return fmt::format("{:g} to {:g}", band.low, band.high);
}

std::string median_text(const analysis::PublishedGroupRow& row) {
  if (!row.median) return "-";
  std::string median = fmt::format("{:.2f}", 100.0 * *row.median);
  if (!row.interval) return median;
  return fmt::format("{} [{:.2f}, {:.2f}]", median, 100.0 * row.interval->low,
                     100.0 * row.interval->high);
}

std::string unlike_text(const analysis::Population& population) {
  const std::string unlike = analysis::options_unlike_paper_l(population.study);
  return (unlike.empty() ? "Trained as in the paper, as far as it says. "
                         : fmt::format("Trained unlike the paper: {}. ", unlike)) +
         "The paper does not say how pixels are scaled, how wide the initial weights are "
         "distributed, and how sizes of networks were drawn.";
}

std::string published_text(const analysis::Convergence& convergence,
                           const analysis::Population& population, const TextStyle& style) {
  if (convergence.published.empty()) return "";
  std::string text = bold("published", style) + ": table 2 of paper L (arXiv 2408.11720)\n";
  for (const analysis::PublishedGroups& groups : convergence.published) {
    const std::string others = groups.left_out == 0 ? ""
                                                    : fmt::format(", {} of other networks left out",
                                                                  grouped(groups.left_out));
    text += "\n" + heading(fmt::format("{}, {}", groups.dataset, groups.family),
                           counted(groups.runs, "run") + others, style);
    TextTable table(
        {{"", Align::left}, {"band"}, {"published"}, {"runs here"}, {"of all"}, {"here"}});
    for (const analysis::PublishedGroupRow& row : groups.rows) {
      table.add({fmt::format("  {}", analysis::to_string(row.published.group)),
                 band_text(row.published), fmt::format("{:.2f}", row.published.median),
                 grouped(row.count), fmt::format("{:.0f} %", 100.0 * row.share), median_text(row)});
    }
    text += table.text(style);
  }
  return text + "\n" +
         entry("values",
               "Median accuracy of each group on training images, in %, with its interval.",
               style) +
         entry("training", unlike_text(population), style);
}

}  // namespace minima::report
