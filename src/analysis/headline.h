// What a reader wants to know first, condensed from all analyses of a store: the smallest network
// that meets the target, how sure that is, what growing or shrinking would bring, what failed, what
// became of the papers' claims, and what to do next.
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

/// A network that the answer names: an architecture, and how it was compressed.
struct HeadlineNetwork {
  std::string architecture;
  std::string compression;  ///< "" or "int8 (integers)": what a reader needs to name it
  std::string protocol;     ///< of the compression, in full; empty: not compressed
  std::int64_t parameters = 0;
  double bytes = 0.0;
  std::optional<std::int64_t> multiply_adds;  ///< of one prediction
  std::optional<std::int64_t> ram_bytes;      ///< of the exported C program; absent: no C form
  HeadlineAccuracy accuracy;
  std::int64_t met = 0;  ///< runs that reach the target
  std::int64_t runs = 0;
  bool shown = false;  ///< that the demanded share of runs reaches it, at the confidence asked for
};

/// A series of architectures, in one sentence.
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
  bool validation_chose = false;  ///< validation images chose; test images judge
  double resolution = 0.0;        ///< smallest difference of accuracies that the images can tell
  std::string no_target;          ///< why there is no target: nothing learned, say; else empty
  double target = 0.0;            ///< test accuracy
  /// The target on validation images, where runs are counted, if that is another number.
  std::optional<double> validation_target = {};
  bool target_given = false;                  ///< by the user
  double reliability = 0.5;                   ///< share of runs that is to reach the target
  std::optional<HeadlineNetwork> smallest;    ///< trained network that meets the target
  std::optional<HeadlineNetwork> shown;       ///< smallest one that is shown to, if another
  std::optional<HeadlineNetwork> compressed;  ///< smallest in bytes that meets the target
  std::optional<HeadlineNetwork> in_c;        ///< smallest that exports as C, if another
  std::optional<HeadlineNetwork> best;        ///< trained network of the best mean accuracy
  std::vector<HeadlineSeries> series;  ///< of several sizes; those of the networks above first
  std::int64_t series_of_one_size = 0;
  std::vector<HeadlineFailure> failures;  ///< most failures first
  std::vector<std::string> next;          ///< what would make the answer smaller or surer
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
  std::vector<std::string> lacks;  ///< what an older store does not hold
  std::string changed;             ///< as store::Reader::changed_values
};

/// What a headline is condensed from. Everything belongs to one store.
struct HeadlineInput {
  const Population& population;
  const Convergence& convergence;
  const ImageOutcomes& outcomes;
  const Findings& findings;
  std::string store;                    ///< its path as a word of a shell, for commands
  std::vector<std::string> lacks = {};  ///< as store::Reader::lacks
  std::string changed = {};             ///< as store::Reader::changed_values
};

/// Every network is chosen as `minima recommend` does, with the dataset's target (target.h) and a
/// reliability of one half.
[[nodiscard]] Headline headline_of(const HeadlineInput& input);

}  // namespace minima::analysis
