#include "app/analyses/analysis_memory.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/population/memory.h"
#include "core/error.h"
#include "core/text.h"

namespace minima::app {
namespace {

bool fits(double bytes, std::uint64_t limit) {
  return limit == 0 || bytes <= static_cast<double>(limit);
}

std::string too_much(const store::StoreSize& size, double bytes, std::uint64_t limit) {
  return fmt::format(
      "analysing {} runs with {} epochs and {} compressed networks takes about {} of memory, but "
      "the limit is {}",
      grouped(size.runs), grouped(size.epochs), grouped(size.variants),
      human_bytes(static_cast<std::uint64_t>(std::min(bytes, 1e18))), human_bytes(limit));
}

}  // namespace

double analysis_bytes_within(const run::Estimate& cost, const run::CompressionEstimate& compression,
                             std::uint64_t limit, const std::string& file) {
  store::StoreSize size = cost.size;
  size.variants = compression.networks;
  const double bytes = cost.fixed_bytes + analysis::memory_of(size);
  if (!fits(bytes, limit)) {
    throw input_error({file, ""}, too_much(size, bytes, limit),
                      "use fewer replicates, architectures or protocols, or raise --memory");
  }
  return bytes;
}

std::string too_large_to_analyse(const store::Reader& reader, std::uint64_t limit) {
  const store::StoreSize size = reader.size();
  const double bytes = run::kProgramBytes + analysis::memory_of(size);
  return fits(bytes, limit) ? "" : too_much(size, bytes, limit);
}

void check_analyses_fit(const store::Reader& reader, const std::string& store,
                        std::uint64_t limit) {
  const std::string problem = too_large_to_analyse(reader, limit);
  if (!problem.empty()) throw input_error({store, ""}, problem, "raise --memory");
}

}  // namespace minima::app
