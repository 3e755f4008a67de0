// The main results of a store, condensed from all analyses: the smallest network that meets the
// target, its statistical certainty, the effect of size, failures, the verdicts on the papers'
// claims, and what to do next.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/claims/findings.h"
#include "analysis/convergence/convergence.h"
#include "analysis/images/image_outcomes.h"
#include "analysis/recommend/recommend.h"

namespace minima::analysis {

/// Mean accuracy over all runs, with an interval over new trainings and new test images. Fractions.
struct HeadlineAccuracy {
  double mean = 0.0;
  double low = 0.0;
  double high = 0.0;
};

/// A network that the answer names: an architecture and its compression.
struct HeadlineNetwork {
  std::string architecture;
  std::string compression;  ///< short name: "" or "int8 (integers)"
  std::string protocol;     ///< full compression protocol; empty: not compressed
  std::int64_t parameters = 0;
  double bytes = 0.0;
  std::optional<std::int64_t> multiply_adds;  ///< per prediction
  std::optional<std::int64_t> ram_bytes;      ///< of the C program; absent: not exportable
  HeadlineAccuracy accuracy;
  std::int64_t met = 0;  ///< runs that reach the target
  std::int64_t runs = 0;
  bool shown = false;  ///< whether the required fraction of runs is shown to reach it
};

/// A series of architectures, with its finding in one sentence.
struct HeadlineSeries {
  std::string name;
  std::string finding;
};

/// An architecture whose runs failed.
struct HeadlineFailure {
  std::string architecture;
  std::int64_t failed = 0;
  std::int64_t runs = 0;
  std::string reason;  ///< the most frequent diagnosis
};

struct DatasetHeadline {
  std::string dataset;
  std::int64_t runs = 0;  ///< recorded
  std::int64_t runs_planned = 0;
  std::int64_t test_images = 0;
  std::vector<std::string> notes = {};  ///< as store::DatasetRecord::notes
  bool validation_chose = false;        ///< selected on validation images, evaluated on test images
  double resolution = 0.0;  ///< smallest accuracy difference that the images can resolve
  std::string no_target;    ///< why the target is missing, e.g. nothing was learned; else empty
  double target = 0.0;      ///< test accuracy
  /// The target on validation images, on which runs are counted; absent if equal to `target`.
  std::optional<double> validation_target = {};
  bool target_given = false;                  ///< by the user
  double reliability = 0.5;                   ///< fraction of runs that must reach the target
  std::optional<HeadlineNetwork> smallest;    ///< trained network that meets the target
  std::optional<HeadlineNetwork> shown;       ///< smallest one shown to meet it, if different
  std::optional<HeadlineNetwork> compressed;  ///< smallest in bytes that meets the target
  std::optional<HeadlineNetwork> in_c;        ///< smallest that exports as C, if different
  std::optional<HeadlineNetwork> best;        ///< trained network with the best mean accuracy
  std::vector<HeadlineSeries> series;  ///< with several sizes; those of the networks above first
  std::int64_t series_of_one_size = 0;
  std::vector<HeadlineFailure> failures;  ///< most failures first
  std::vector<std::string> next;          ///< how to find a smaller or more certain answer
};

struct Headline {
  std::string study;
  std::int64_t runs = 0;
  std::int64_t runs_planned = 0;
  std::int64_t architectures = 0;
  std::int64_t compressed_networks = 0;
  double confidence = 0.95;
  std::vector<DatasetHeadline> datasets;
  std::vector<std::string> claims;  ///< the papers' decided claims, most important first
  std::int64_t claims_open = 0;     ///< tested, without a verdict
  std::int64_t claims_untested = 0;
  std::vector<std::string> lacks;  ///< what an older store lacks
  std::string changed;             ///< as store::Reader::changed_values
};

/// Input of headline_of(). Everything belongs to one store.
struct HeadlineInput {
  const Population& population;
  const Convergence& convergence;
  const ImageOutcomes& outcomes;
  const Findings& findings;
  std::string store;                    ///< its path, quoted for shell commands
  std::vector<std::string> lacks = {};  ///< as store::Reader::lacks
  std::string changed = {};             ///< as store::Reader::changed_values
};

/// Selects every network as `minima recommend` does, with the dataset's target (target.h) and a
/// reliability of one half.
[[nodiscard]] Headline headline_of(const HeadlineInput& input);

/// The networks of one dataset, selected with another target: an accuracy on the images used for
/// selection. Only the target and the networks are filled in.
[[nodiscard]] DatasetHeadline networks_at(const HeadlineInput& input,
                                          const record::DatasetRecord& dataset, double target);

}  // namespace minima::analysis
