// A map of the two papers: where this page has each of their figures, tables and claims.
#include <fmt/format.h>

#include <array>

#include "core/text.h"
#include "report/page/html.h"
#include "report/page/page.h"
#include "report/page/page_figures.h"
#include "report/page/sentences.h"
#include "report/sections/published_text.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

/// A figure or table of paper L (arXiv 2408.11720), or a result of paper M (arXiv 2601.17987).
struct PaperItem {
  const char* item;
  const char* shows;
  const char* family;          ///< that it is about; "": all
  const char* kind;            ///< of the figure that has it here; "": the methods
  const char* needs;           ///< what a study needs to have it
  const char* published = "";  ///< the published value; "": not recorded
};

constexpr const char* kPerFamily = "finished runs of this family";

constexpr std::array kItems = {
    PaperItem{"L, table 1", "settings of the experiments", "", "", ""},
    PaperItem{"L, table 2", "accuracy groups of each family and dataset", "", "curves",
              "runs with an accuracy",
              "median training accuracy of the group high in % (dnn, cnn, vit): MNIST 98.55, "
              "99.87, 90.71; Fashion-MNIST 95.88, 99.95, 74.59; CIFAR-10 77.80, 88.91, 44.56"},
    PaperItem{"L, figure 1", "training loss over epochs, by final accuracy", "", "curves-grid",
              "two families or two datasets"},
    PaperItem{"L, figure 2", "standard deviation over mean of the weights", "dnn", "sigma-mu",
              kPerFamily},
    PaperItem{"L, figure 3", "the same", "cnn", "sigma-mu", kPerFamily},
    PaperItem{"L, figure 4", "the same", "vit", "sigma-mu", kPerFamily},
    PaperItem{"L, figure 5", "distribution of the weights", "dnn", "densities", kPerFamily},
    PaperItem{"L, figure 6", "the same", "cnn", "densities", kPerFamily},
    PaperItem{"L, figure 7", "the same", "vit", "densities", kPerFamily},
    PaperItem{"L, figure 8", "node strengths, layer against layer", "dnn", "strengths", kPerFamily},
    PaperItem{"L, figure 9", "the same", "cnn", "strengths", kPerFamily},
    PaperItem{"L, figure 10", "the same", "vit", "strengths", kPerFamily},
    PaperItem{"L, figure 11", "projection of the weights to a plane", "dnn", "projection",
              kPerFamily},
    PaperItem{"L, figure 12", "the same", "cnn", "projection", kPerFamily},
    PaperItem{"L, figure 13", "the same", "vit", "projection", kPerFamily},
    PaperItem{"M", "accuracy against the number of parameters, with its regimes", "", "accuracy",
              "finished runs of several sizes"},
    PaperItem{"M", "minimal number of parameters", "", "accuracy",
              "a series of several sizes, two runs of each"},
    PaperItem{"M", "accuracy against sparsity", "", "pruning", "[pruning]"},
    PaperItem{"M", "phases of pruning", "", "phases", "[pruning]"},
    PaperItem{"M", "redundancy, and its relation to depth", "", "depth",
              "[pruning] of fully connected networks of several depths",
              "60 % and more; deeper networks stand more"},
    PaperItem{"M", "accuracy against precision", "", "bits", "[quantization]"}};

/// The figure that shows what a claim is about.
struct ClaimFigure {
  const char* claim;
  const char* kind;
};

constexpr std::array kClaimFigures = {ClaimFigure{"small_fail_more", "success"},
                                      ClaimFigure{"small_vary_more", "accuracy"},
                                      ClaimFigure{"accuracy_grows", "accuracy"},
                                      ClaimFigure{"gap_grows", "accuracy"},
                                      ClaimFigure{"regimes_in_order", "accuracy"},
                                      ClaimFigure{"shape_hardly_matters", "accuracy"},
                                      ClaimFigure{"families_agree", "accuracy"},
                                      ClaimFigure{"transition_is_sharp", "accuracy"},
                                      ClaimFigure{"redundancy_reaches_60", "redundancy"},
                                      ClaimFigure{"deeper_stands_more_pruning", "depth"},
                                      ClaimFigure{"pruning_phases", "phases"},
                                      ClaimFigure{"precision_hurts_small", "bits"},
                                      ClaimFigure{"precision_hurts_hard_data", "bits"},
                                      ClaimFigure{"convergence_phases", "curves"},
                                      ClaimFigure{"failures_lack_gradient", "diagnoses"},
                                      ClaimFigure{"failed_losses_fluctuate", "curves"},
                                      ClaimFigure{"peak_at_zero", "densities"},
                                      ClaimFigure{"strengths_correlate", "strengths"},
                                      ClaimFigure{"strengths_are_high", "strengths"},
                                      ClaimFigure{"attention_is_weak", "strengths"},
                                      ClaimFigure{"mlp_is_weak", "strengths"},
                                      ClaimFigure{"projection", "projection"},
                                      ClaimFigure{"suboptimal_scatter", "projection"},
                                      ClaimFigure{"successful_are_similar", "projection"},
                                      ClaimFigure{"low_sigma", "sigma-mu"},
                                      ClaimFigure{"similar_statistics", "sigma-mu"},
                                      ClaimFigure{"low_sigma_most_in_output", "sigma-mu"}};

/// A link that also selects the family; the page reads the selection from the fragment.
std::string link_html(const std::string& anchor, const std::string& family,
                      const std::string& text) {
  return fmt::format("<a href=\"#{}{}\">{}</a>", anchor,
                     family.empty() ? "" : "&amp;family=" + family, text);
}

bool has_family(const PageInput& input, const std::string& family) {
  for (const analysis::FamilyConvergence& each : input.convergence.families) {
    if (word_text(each.selection.family) == family) return true;
  }
  return family.empty();
}

std::string answered_html(const PageParts& parts, const PaperItem& item) {
  const std::string kind = item.kind;
  if (kind.empty()) return link_html("methods", "", "Methods");
  if (parts.figures.has(kind) && has_family(parts.input, item.family)) {
    return link_html(place_id(kind), item.family, "figure");
  }
  return fmt::format("not in this study: needs {}", item.needs);
}

std::vector<std::vector<std::string>> item_rows(const PageParts& parts) {
  std::vector<std::vector<std::string>> rows;
  for (const PaperItem& item : kItems) {
    rows.push_back({item.item, item.shows, *item.family == '\0' ? "all" : item.family,
                    answered_html(parts, item), item.published});
  }
  return rows;
}

std::string claim_answer_html(const PageParts& parts, const analysis::Finding& finding) {
  if (finding.verdict == analysis::Verdict::not_tested) {
    return "not in this study: " + foreign(finding.sentence);
  }
  std::string verdict = escaped(to_string(finding.verdict));
  for (const auto& [claim, kind] : kClaimFigures) {
    if (claim != finding.claim || !parts.figures.has(kind)) continue;
    return verdict + ": " + link_html(place_id(kind), "", "figure");
  }
  return verdict;
}

std::vector<std::vector<std::string>> claim_rows(const PageParts& parts) {
  std::vector<std::vector<std::string>> rows;
  for (const analysis::Finding& finding : parts.input.findings.findings) {
    const bool is_of_l = finding.source.ends_with("2408.11720");
    rows.push_back({is_of_l ? "L, claim" : "M, claim", escaped(finding.statement), "all",
                    claim_answer_html(parts, finding), ""});
  }
  return rows;
}

/// Table 2 of paper L beside the study; empty if nothing can be compared.
std::string published_html(const PageInput& input) {
  std::vector<std::vector<std::string>> rows;
  for (const analysis::PublishedGroups& groups : input.convergence.published) {
    for (const analysis::PublishedGroupRow& row : groups.rows) {
      rows.push_back({escaped(groups.dataset), word_text(groups.family),
                      analysis::to_string(row.published.group), band_text(row.published),
                      fmt::format("{:.2f}", row.published.median), grouped(row.count),
                      fmt::format("{:.0f} %", 100.0 * row.share), median_text(row)});
    }
  }
  if (rows.empty()) return "";
  return "<details><summary>Accuracy groups beside table 2 of paper L</summary>\n<p "
         "class=\"dim\">Median accuracy of each group on training images, in %, with its interval. "
         "Only networks such as the paper's. " +
         foreign(unlike_text(input.population)) + "</p>\n" +
         html_table(
             {"dataset", "family", "group", "band", "published", "runs here", "of all", "here"},
             rows, {3, 4, 5, 6, 7}) +
         "</details>\n";
}

}  // namespace

std::string papers_html(const PageParts& parts) {
  std::vector<std::string> header = {"paper", "shows", "family", "on this page", "published"};
  std::vector<std::vector<std::string>> rows = item_rows(parts);
  for (auto& row : claim_rows(parts)) rows.push_back(std::move(row));
  bool any_published = false;
  for (const auto& row : rows) any_published = any_published || !row.back().empty();
  if (!any_published) {
    header.pop_back();
    for (auto& row : rows) row.pop_back();
  }
  return "<p class=\"dim\">L is arXiv 2408.11720, M is arXiv 2601.17987.</p>\n" +
         html_table(header, rows);
}

PageSection papers_section(const PageParts& parts) {
  return {
      "papers", "What did two papers claim, and does it hold here?", "Papers",
      fmt::format("<p class=\"found\">{}</p>\n", foreign(papers_sentence(parts.input.findings))) +
          claims_html(parts.input) + published_html(parts.input) +
          "<details><summary>Where each figure, table and claim of the papers is on this "
          "page</summary>\n" +
          papers_html(parts) + "</details>\n"};
}

}  // namespace minima::report
