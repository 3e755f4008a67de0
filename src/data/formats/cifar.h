// The binary version of CIFAR-10: five training batches and a test batch. A record is one label
// byte, then 32 x 32 red, green and blue bytes.
#pragma once

#include <filesystem>
#include <optional>

#include "data/dataset.h"
#include "data/formats/limits.h"

namespace minima::data {

inline constexpr Problem kCifarProblem{{3, 32, 32}, 10};

/// Finds the batches: `place` itself if it is an archive; `place` or `place`/cifar-10-batches-bin
/// if it holds *_batch*.bin files; or an archive cifar-10-binary.tar.gz, .tgz, .tar.xz or .tar in
/// it. Returns nullopt if there are none.
[[nodiscard]] std::optional<std::filesystem::path> find_cifar(const std::filesystem::path& place);

/// Reads the batches in order (1..5, test) from a folder or an archive that find_cifar returned.
/// Archives are streamed and may have any order. Class names come from batches.meta.txt if it is
/// beside the batches. Throws an input error naming file and record; also for a batch of more than
/// kMaxCifarRecords, and if the data exceed `memory`.
[[nodiscard]] Dataset read_cifar(const std::filesystem::path& place,
                                 DataMemory memory = DataMemory());

}  // namespace minima::data
