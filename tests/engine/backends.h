// The backends that the conformance tests are run with.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "collector.h"
#include "engine/check_backend.h"
#include "engine/plain/plain_backend.h"
#include "small_data.h"

namespace minima::engine {

struct TestedBackend {
  std::string name;
  std::unique_ptr<Backend> (*make)();
  /// Largest difference of a weight after a few epochs from a reference in double precision.
  double tolerance = 0.0;
};

inline std::ostream& operator<<(std::ostream& out, const TestedBackend& backend) {
  return out << backend.name;
}

inline std::unique_ptr<Backend> make_tested_check() {
  return make_check_backend(make_cpu_backend(), make_plain_backend());
}

inline std::vector<TestedBackend> tested_backends() {
  return {{"cpu", make_cpu_backend, 2e-5},
          {"plain", make_plain_backend, 2e-6},
          {"check", make_tested_check, 2e-5}};
}

inline std::string name_of(const testing::TestParamInfo<TestedBackend>& info) {
  return info.param.name;
}

class BackendTest : public testing::TestWithParam<TestedBackend> {
 protected:
  [[nodiscard]] std::shared_ptr<const PreparedDataset> prepare(const data::Dataset& dataset) const {
    return backend_->prepare(std::make_shared<const data::Dataset>(dataset));
  }
  [[nodiscard]] Collector train(const data::Dataset& dataset, const std::vector<study::Run>& runs,
                                const TrainOptions& options = {}, std::stop_token stop = {}) const {
    Collector collector;
    backend_->train(*prepare(dataset), runs, options, collector, std::move(stop));
    return collector;
  }
  /// On the test images.
  [[nodiscard]] std::vector<Evaluation> evaluate(const data::Dataset& dataset,
                                                 std::span<const Candidate> candidates,
                                                 std::span<const std::uint32_t> images = {}) const {
    return backend_->evaluate(*prepare(dataset), SplitName::test, candidates, images);
  }

  std::unique_ptr<Backend> backend_ = GetParam().make();
};

}  // namespace minima::engine
