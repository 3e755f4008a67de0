// The report as one self-contained HTML file: it needs no network and no other file.
#pragma once

#include <string>
#include <vector>

#include "analysis/claims/findings.h"
#include "analysis/headline.h"
#include "analysis/population/answer.h"
#include "report/figures/figure.h"
#include "report/page/error_gallery.h"

namespace minima::report {

/// Input of page_html(). Everything belongs to one store.
struct PageInput {
  const analysis::Answer& answer;
  const analysis::Headline& headline;
  const analysis::Population& population;
  const analysis::Convergence& convergence;
  const analysis::Compression& compression;
  const analysis::Findings& findings;
  std::string program_version;
  const analysis::Weights* weights = nullptr;            ///< null: left out
  const analysis::Projection* projection = nullptr;      ///< null: left out
  const analysis::ImageOutcomes* predictions = nullptr;  ///< null: left out
  std::vector<ErrorGallery> galleries = {};              ///< one per dataset; empty: left out
  std::string written = "";  ///< time of writing, for readers; empty: left out
};

/// The answer, the findings, the figures, methods, glossary and tables. Text from the store (names,
/// paths, the study file) is escaped. A content security policy permits only the page's own
/// scripts.
[[nodiscard]] std::string page_html(const PageInput& input);

/// A section of the page: anchor, heading and HTML.
struct PageSection {
  std::string id;
  std::string title;
  std::string html;
};

// The sections around the figures.
[[nodiscard]] PageSection answer_section(const PageInput& input);
[[nodiscard]] PageSection findings_section(const PageInput& input);
[[nodiscard]] PageSection errors_section(const PageInput& input);
[[nodiscard]] PageSection methods_section(const PageInput& input);
[[nodiscard]] PageSection glossary_section();
[[nodiscard]] PageSection tables_section(const PageInput& input);

}  // namespace minima::report
