// The binary version of CIFAR-10: five training batches and a test batch of records, each one label
// byte and then 32 x 32 red, green and blue bytes.
#pragma once

#include <filesystem>
#include <optional>

#include "data/dataset.h"
#include "data/formats/limits.h"

namespace minima::data {

inline constexpr Problem kCifarProblem{{3, 32, 32}, 10};

/// Where the batches lie: `place` itself when it is an archive, `place` or
/// `place`/cifar-10-batches-bin when it holds *_batch*.bin files, or an archive
/// cifar-10-binary.tar.gz, .tgz, .tar.xz or .tar in it; nothing when there is none of these.
[[nodiscard]] std::optional<std::filesystem::path> find_cifar(const std::filesystem::path& place);

/// Reads the batches in their order (1..5, test) from a folder or an archive that find_cifar
/// returned; archives are streamed, whatever the order inside. Class names come from
/// batches.meta.txt where it lies beside the batches. Throws an input error naming file and record,
/// also for a batch of more than kMaxCifarRecords, and for more than `memory` has room for.
[[nodiscard]] Dataset read_cifar(const std::filesystem::path& place,
                                 DataMemory memory = DataMemory());

}  // namespace minima::data
