// What is said about an architecture that is refused.
#pragma once

#include <string>

#include "network/notation/architecture.h"
#include "support/messages.h"

namespace minima::network {

/// The message about a text that is no architecture.
inline std::string architecture_refusal(const std::string& text) {
  return message_of([&] { (void)Architecture::parse(text); });
}

}  // namespace minima::network
