// Merging stores, for those who want to know what is noteworthy about them.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace minima::store {

/// As merge() of store.h. Everything is read and checked before anything is written; after a kill
/// or a full disk the same call completes what was begun. A run recorded in several stores is taken
/// from the first. `say` gets what a user should know of the stores, in sentences. Input errors,
/// too: a damaged store; results of one run that no rounding explains.
void merge(const std::filesystem::path& out, std::span<const std::filesystem::path> stores,
           const std::function<void(const std::string&)>& say);

}  // namespace minima::store
