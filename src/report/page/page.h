// The report as one HTML file that needs nothing else: no network, no other file.
#pragma once

#include <string>
#include <vector>

#include "analysis/claims/findings.h"
#include "analysis/headline.h"
#include "analysis/population/answer.h"
#include "report/figures/figure.h"

namespace minima::report {

/// What a page shows. Everything belongs to one store.
struct PageInput {
  const analysis::Answer& answer;
  const analysis::Headline& headline;
  const analysis::Population& population;
  const analysis::Convergence& convergence;
  const analysis::Compression& compression;
  const analysis::Findings& findings;
  std::string program_version;
  const analysis::Weights* weights = nullptr;            ///< null: nothing is said of them
  const analysis::Projection* projection = nullptr;      ///< likewise
  const analysis::ImageOutcomes* predictions = nullptr;  ///< likewise
  std::string written = "";                              ///< when, for people; empty: not said
};

/// The answer, the findings, the figures, methods, glossary and tables. Text of the store (names,
/// paths, the study file) is escaped; scripts run under a policy that permits these alone.
[[nodiscard]] std::string page_html(const PageInput& input);

/// A part of the page: its anchor, its heading, its HTML.
struct PageSection {
  std::string id;
  std::string title;
  std::string html;
};

// The parts around the figures.
[[nodiscard]] PageSection answer_section(const PageInput& input);
[[nodiscard]] PageSection findings_section(const PageInput& input);
[[nodiscard]] PageSection methods_section(const PageInput& input);
[[nodiscard]] PageSection glossary_section();
[[nodiscard]] PageSection tables_section(const PageInput& input);

}  // namespace minima::report
