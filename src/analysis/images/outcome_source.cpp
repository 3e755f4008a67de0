#include "analysis/images/image_outcomes.h"

namespace minima::analysis {

OutcomeSource outcomes_in(const store::Reader& store) {
  return {
      .labels = [&store](const std::string& dataset) { return store.labels(dataset); },
      .predictions = [&store](const OutcomeSource::OnRun& on_run) { store.predictions(on_run); },
      .outcomes =
          [&store](const OutcomeSource::OnVariant& on_variant) { store.outcomes(on_variant); }};
}

}  // namespace minima::analysis
