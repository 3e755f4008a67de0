#include "engine/backend.h"
#include "engine/cpu/candidate_evaluation.h"
#include "engine/cpu/cohort.h"
#include "engine/cpu/integer_evaluation.h"
#include "engine/cpu/memory.h"
#include "kernels/layers/elementwise.h"
#include "kernels/products/gemm.h"

namespace minima::engine {
namespace {

class CpuBackend final : public Backend {
 public:
  [[nodiscard]] BackendInfo info() const override {
    return {.name = "cpu",
            .instruction_set = kernels::instruction_set(),
            .matrix_products = kernels::gemm_library()};
  }

  [[nodiscard]] study::CohortLimits limits(const study::Optimizer& optimizer) const override {
    return cpu_cohort_limits(optimizer);
  }

  [[nodiscard]] TrainingBytes training_bytes(const network::Architecture& architecture,
                                             const Problem& problem,
                                             const study::TrainSettings& train,
                                             std::uint64_t limit) const override {
    return cpu_training_bytes(architecture, problem, train, limit);
  }

  void train(const PreparedDataset& dataset, std::span<const study::Run> cohort,
             const TrainOptions& options, TrainObserver& observer,
             std::stop_token stop) const override {
    train_cohort(dataset, cohort, options, observer, stop);
  }

  [[nodiscard]] std::vector<Evaluation> evaluate(
      const PreparedDataset& dataset, SplitName split, std::span<const Candidate> candidates,
      std::span<const std::uint32_t> images) const override {
    return evaluate_candidates(dataset, split, candidates, images);
  }

  [[nodiscard]] std::unique_ptr<IntegerEvaluation> integers(const PreparedDataset& dataset,
                                                            SplitName split) const override {
    return make_cpu_integer_evaluation(dataset, split);
  }
};

}  // namespace

std::unique_ptr<Backend> make_cpu_backend() {
  return std::make_unique<CpuBackend>();
}

}  // namespace minima::engine
