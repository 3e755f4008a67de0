#include "cli/arguments/backends.h"

#include <fmt/format.h>

#include <array>

#include "cli/arguments/arguments.h"
#include "engine/check_backend.h"
#include "engine/plain/plain_backend.h"

namespace minima::cli {
namespace {

struct NamedBackend {
  const char* name;
  std::unique_ptr<engine::Backend> (*make)();
};

std::unique_ptr<engine::Backend> make_check() {
  return engine::make_check_backend(engine::make_cpu_backend(), engine::make_plain_backend());
}

constexpr std::array<NamedBackend, 3> kBackends{{{"cpu", engine::make_cpu_backend},
                                                 {"plain", engine::make_plain_backend},
                                                 {"check", make_check}}};

}  // namespace

std::string backend_names() {
  std::string names;
  for (std::size_t i = 0; i < kBackends.size(); ++i) {
    const char* separator = i == 0 ? "" : i + 1 == kBackends.size() ? " or " : ", ";
    names += fmt::format("{}{}", separator, kBackends[i].name);
  }
  return names;
}

std::unique_ptr<engine::Backend> parse_backend(const std::string& name) {
  return app::element_named("--backend", "backend", name, kBackends).make();
}

}  // namespace minima::cli
