// Architectures as their texts.
#pragma once

#include <string>
#include <vector>

#include "network/notation/architecture.h"

namespace minima::study {

/// The notation of each architecture, in the same order.
inline std::vector<std::string> texts(const std::vector<network::Architecture>& architectures) {
  std::vector<std::string> all;
  for (const network::Architecture& architecture : architectures)
    all.push_back(architecture.text());
  return all;
}

}  // namespace minima::study
