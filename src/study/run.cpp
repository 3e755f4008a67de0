#include "study/run.h"

#include <fmt/format.h>

#include "core/codes/sha256.h"

namespace minima::study {

std::string run_id(const Run& run) {
  return run_id(run, run.train.text());
}

std::string run_id(const Run& run, const std::string& train_text) {
  const std::string canonical =
      fmt::format("dataset={}\narchitecture={}\nreplicate={}\nseed={}\ntrain={}\n", run.dataset,
                  run.architecture.text(), run.replicate, run.seed, train_text);
  return sha256(canonical).substr(0, 16);
}

Run make_run(std::string dataset, network::Architecture architecture, int replicate,
             std::uint64_t seed, const TrainSettings& train) {
  Run run{.id = {},
          .dataset = std::move(dataset),
          .architecture = std::move(architecture),
          .replicate = replicate,
          .seed = seed,
          .train = train};
  run.id = run_id(run);
  return run;
}

}  // namespace minima::study
