#pragma once

#include <memory>
#include <string>

#include "engine/backend.h"

namespace minima::cli {

/// Names of the backends, for a help text: "cpu, plain or check".
[[nodiscard]] std::string backend_names();

/// The backend with this name; otherwise an input error that names the option `--backend`.
[[nodiscard]] std::unique_ptr<engine::Backend> parse_backend(const std::string& name);

}  // namespace minima::cli
