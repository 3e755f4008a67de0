#include "data/source/source_path.h"

#include <cstdlib>
#include <optional>

namespace minima::data {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

bool starts_at_home(std::string_view name) {
  return name == "~" || name.starts_with("~/");
}

std::string without_dots(const fs::path& path) {
  fs::path shorter;
  for (const fs::path& part : path) {
    if (part != "." && !part.empty()) shorter /= part;
  }
  return shorter.empty() ? "." : shorter.string();
}

/// The rest of `path` below `folder`; nullopt if it is elsewhere.
std::optional<std::string> below(const std::string& path, std::string folder) {
  if (path == folder) return ".";
  if (!folder.ends_with('/')) folder += '/';
  if (!path.starts_with(folder)) return std::nullopt;
  return path.substr(folder.size());
}

}  // namespace

fs::path resolved_path(const std::string& name, const fs::path& base) {
  fs::path path(name);
  if (path.is_absolute()) return path;
  fs::path in_base = base.empty() ? path : base / path;
  if (is_there(in_base)) return in_base;
  const char* home = std::getenv("HOME");
  if (starts_at_home(name) && home != nullptr && *home != '\0') {
    return name.size() <= 2 ? fs::path(home) : fs::path(home) / name.substr(2);
  }
  return is_there(path) ? path : in_base;
}

bool path_exists(std::string_view name, const fs::path& base) {
  if (name.empty() || name.find('\0') != std::string_view::npos) return false;
  return is_there(resolved_path(std::string(name), base));
}

std::string shortened_path(std::string_view name, const fs::path& base) {
  const fs::path path(name);
  std::string shorter = without_dots(path);
  if (!path.is_absolute()) return shorter;
  // The base may be reached through links: both its spelling and its real path count.
  std::error_code error;
  const fs::path whole = fs::absolute(base.empty() ? fs::path(".") : base, error);
  if (const auto rest = below(shorter, without_dots(whole))) return *rest;
  const fs::path real = fs::canonical(whole, error);
  if (error) return shorter;
  return below(shorter, real.string()).value_or(shorter);
}

}  // namespace minima::data
