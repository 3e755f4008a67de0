#include "engine/backend.h"

#include "compress/integer/integer_inference.h"
#include "engine/integer_figures.h"

namespace minima::engine {
namespace {

class IntegersByDefinition final : public IntegerEvaluation {
 public:
  IntegersByDefinition(const data::Split& split, const ImageShape& shape)
      : split_(split), pixels_(static_cast<std::size_t>(shape.pixels())) {}

  [[nodiscard]] Evaluation evaluate(const compress::IntegerNetwork& network,
                                    study::Loss loss) override {
    IntegerFigures figures(network, loss, split_.count());
    const std::span<const std::uint8_t> images = split_.images;
    for (std::size_t i = 0; i < split_.count(); ++i) {
      figures.add(compress::integer_logits(network, images.subspan(i * pixels_, pixels_)),
                  split_.labels[i]);
    }
    return figures.evaluation();
  }

 private:
  const data::Split& split_;
  std::size_t pixels_;
};

}  // namespace

std::unique_ptr<IntegerEvaluation> Backend::integers(const PreparedDataset& dataset,
                                                     SplitName split) const {
  return std::make_unique<IntegersByDefinition>(dataset.split(split), dataset.data().shape);
}

}  // namespace minima::engine
