#include "analysis/population/memory.h"

namespace minima::analysis {

double memory_of(const store::StoreSize& size) {
  const auto times = [](std::int64_t count, double bytes) {
    return static_cast<double>(count) * bytes;
  };
  // Runs with variants keep one bit per image, to compare the variants with them.
  const double bits = size.variants > 0 ? times(size.runs, 1.0 / 8.0) : 0.0;
  const double images = times(size.most_replicates, kBytesPerPrediction) + bits;
  return times(size.runs, kBytesPerRun) + times(size.epochs, kBytesPerEpoch) +
         times(size.layer_signals, kBytesPerLayerSignal) + times(size.summaries, kBytesPerSummary) +
         times(size.variants, kBytesPerVariant) + times(size.most_images, images);
}

}  // namespace minima::analysis
