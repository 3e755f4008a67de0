// The binary versions of CIFAR-10 (five training batches and a test batch) and CIFAR-100 (train.bin
// and test.bin). A record is one label byte, or the coarse and then the fine label, and then 32 x
// 32 red, green and blue bytes.
#pragma once

#include <filesystem>
#include <optional>

#include "data/dataset.h"
#include "data/limits.h"

namespace minima::data {

inline constexpr Problem kCifarProblem{{3, 32, 32}, 10};
inline constexpr Problem kCifar100Problem{{3, 32, 32}, 100};

/// The labels of CIFAR-100: 100 fine classes, or the 20 coarse ones they belong to.
enum class CifarLabels { fine, coarse };

/// Finds the batches of CIFAR-10: `place` itself if it is an archive that holds them; `place` or
/// `place`/cifar-10-batches-bin if it holds *_batch*.bin files; or an archive
/// cifar-10-binary.tar.gz, .tgz, .tar.xz or .tar in it. Returns nullopt if there are none.
[[nodiscard]] std::optional<std::filesystem::path> find_cifar(const std::filesystem::path& place);

/// The same for CIFAR-100: train.bin or test.bin in `place` or `place`/cifar-100-binary, or the
/// archive cifar-100-binary.tar.gz.
[[nodiscard]] std::optional<std::filesystem::path> find_cifar_100(
    const std::filesystem::path& place);

/// Reads the batches in order (1..5, test) from a folder or an archive that find_cifar returned.
/// Archives are streamed and may have any order. Class names come from batches.meta.txt if it is
/// beside the batches. Throws an input error naming file and record; also for a batch of more than
/// kMaxCifarRecords, and if the data exceed `memory`.
[[nodiscard]] Dataset read_cifar(const std::filesystem::path& place,
                                 DataMemory memory = DataMemory());

/// Reads train.bin and test.bin of CIFAR-100 in the same way. The test split is empty if there is
/// no test.bin. Class names come from fine_label_names.txt or coarse_label_names.txt; without that
/// file classes are named "0", "1", ..., and a note says so.
[[nodiscard]] Dataset read_cifar_100(const std::filesystem::path& place, CifarLabels labels,
                                     DataMemory memory = DataMemory());

}  // namespace minima::data
