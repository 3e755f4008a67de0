// Merging stores, with notices about noteworthy findings.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace minima::store {

/// Like merge() in store.h. Reads and checks everything before it writes anything. After a kill or
/// a full disk, the same call completes the merge. A run recorded in several stores is taken from
/// the first. `say` receives notices for the user, in sentences. Additional input errors: a damaged
/// store; results of one run that differ by more than rounding.
void merge(const std::filesystem::path& out, std::span<const std::filesystem::path> stores,
           const std::function<void(const std::string&)>& say);

}  // namespace minima::store
