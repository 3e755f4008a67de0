// Messages about rejected architectures.
#pragma once

#include <string>

#include "network/notation/architecture.h"
#include "support/messages.h"

namespace minima::network {

/// The message for a text that is not an architecture.
inline std::string architecture_refusal(const std::string& text) {
  return message_of([&] { (void)Architecture::parse(text); });
}

}  // namespace minima::network
