// The report as one self-contained HTML file: it needs no network and no other file.
#pragma once

#include <string>
#include <vector>

#include "analysis/claims/findings.h"
#include "analysis/headline.h"
#include "analysis/highlights.h"
#include "analysis/population/answer.h"
#include "report/figures/figure.h"
#include "report/page/error_gallery.h"
#include "report/page/page_frame.h"

namespace minima::report {

class PageFigures;

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
  std::string written = "";  ///< time of writing as 2026-01-31T12:00Z; empty: left out
};

/// The answer, a section for each question with its figures, the papers, methods, glossary and
/// tables. Text from the store (names, paths, the study file) is escaped. A content security policy
/// permits only the page's own scripts.
[[nodiscard]] std::string page_html(const PageInput& input);

/// What the sections are made of.
struct PageParts {
  const PageInput& input;
  const PageFigures& figures;
  std::vector<analysis::DatasetHighlights> highlights;
};

// The parts of the page. The sections between the answer and the papers are those that have data.
[[nodiscard]] PageSection answer_section(const PageParts& parts);
[[nodiscard]] std::vector<PageSection> result_sections(const PageParts& parts);
/// The misclassified images of each dataset; empty if there are none.
[[nodiscard]] std::string galleries_html(const PageInput& input);
[[nodiscard]] PageSection papers_section(const PageParts& parts);
[[nodiscard]] PageSection methods_section(const PageInput& input);
[[nodiscard]] PageSection glossary_section();
[[nodiscard]] PageSection tables_section(const PageInput& input);

/// The claims with their verdicts, and the tests behind them.
[[nodiscard]] std::string claims_html(const PageInput& input);
/// Each figure and table of the papers, and where this page has it.
[[nodiscard]] std::string papers_html(const PageParts& parts);
/// The trained networks of each dataset, and how the fit of their sizes was made.
[[nodiscard]] std::string selectors_html(const PageInput& input);

}  // namespace minima::report
