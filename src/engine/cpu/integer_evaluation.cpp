#include "engine/cpu/integer_evaluation.h"

#include "compress/integer/batched_images.h"
#include "compress/integer/integer_batch.h"
#include "engine/integer_figures.h"

namespace minima::engine {
namespace {

class CpuIntegerEvaluation final : public IntegerEvaluation {
 public:
  CpuIntegerEvaluation(const data::Split& split, const ImageShape& shape)
      : split_(split), images_(split.images, shape) {}

  [[nodiscard]] Evaluation evaluate(const compress::IntegerNetwork& network,
                                    study::Loss loss) override {
    constexpr std::size_t kBatch = compress::BatchedImages::kImages;
    compress::IntegerBatchNetwork batch_network(network);
    const auto classes = static_cast<std::size_t>(network.problem.classes);
    IntegerFigures figures(network, loss, split_.count());
    for (std::size_t batch = 0; batch < images_.batches(); ++batch) {
      const std::span<const std::int32_t> logits = batch_network.logits(images_, batch);
      for (std::size_t i = 0; i < images_.images_in(batch); ++i) {
        figures.add(logits.subspan(i * classes, classes), split_.labels[batch * kBatch + i]);
      }
    }
    return figures.evaluation();
  }

 private:
  const data::Split& split_;
  compress::BatchedImages images_;
};

}  // namespace

std::unique_ptr<IntegerEvaluation> make_cpu_integer_evaluation(const PreparedDataset& dataset,
                                                               SplitName split) {
  return std::make_unique<CpuIntegerEvaluation>(dataset.split(split), dataset.data().shape);
}

}  // namespace minima::engine
