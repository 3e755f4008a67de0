#include "deploy/export/write_export.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "core/codes/sha256.h"
#include "core/error.h"
#include "core/files/file.h"
#include "data/files/tar_archive.h"
#include "deploy/export/model_card.h"

namespace minima::deploy {
namespace {

namespace fs = std::filesystem;

std::filesystem::path added(fs::path path, const char* ending) {
  path += ending;
  return path;
}

bool is_present(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

/// What an earlier export wrote: names and SHA-256 of its files. nullopt: not a manifest.
using Listed = std::map<std::string, std::string>;
std::optional<Listed> listed_in(const fs::path& manifest) {
  const auto json = nlohmann::json::parse(read_file(manifest), nullptr, false);
  if (!json.is_object() || !json.contains("exported_as")) return std::nullopt;
  Listed listed;
  const auto files = json.find("files");
  if (files == json.end() || !files->is_array()) return listed;
  for (const auto& file : *files) {
    const bool is_whole = file.is_object() && file.contains("name") && file["name"].is_string() &&
                          file.contains("sha256") && file["sha256"].is_string();
    if (is_whole) listed[file["name"]] = file["sha256"];
  }
  return listed;
}

/// Decides which existing files may be replaced.
class Replaceable {
 public:
  explicit Replaceable(const ExportedNetwork& network) : network_(network) {
    if (network.folder.empty()) named_ = network.files.front().path;
    const fs::path manifest = manifest_path(network);
    if (is_present(manifest)) listed_ = listed_in(manifest).value_or(Listed());
  }

  [[nodiscard]] bool operator()(const ExportedFile& file) const {
    if (file.path == named_ || !is_present(file.path)) return true;
    const std::string present = read_file(file.path);
    if (present == file.content) return true;
    const auto found = listed_.find(network_.name_of(file));
    return found != listed_.end() && found->second == sha256(present);
  }

 private:
  const ExportedNetwork& network_;
  fs::path named_;
  Listed listed_;
};

fs::path card_path(const ExportedNetwork& network) {
  return network.card.empty() ? added(network.files.front().path, ".md") : network.card;
}

void refuse_unless_plain(const fs::path& path) {
  if (is_present(path.parent_path()) || path.parent_path().empty()) refuse_unless_plain_file(path);
}

void check_files(const ExportedNetwork& network, const Replaceable& may_replace) {
  for (const ExportedFile& file : network.files) {
    if (may_replace(file)) continue;
    throw input_error({file.path.string(), ""},
                      "exists, and this export did not write it or it was changed since",
                      "move it, or export into another folder");
  }
}

}  // namespace

fs::path manifest_path(const ExportedNetwork& network) {
  return network.manifest.empty() ? added(network.files.front().path, ".json") : network.manifest;
}

void refuse_foreign_manifest(const fs::path& manifest) {
  if (!is_present(manifest) || listed_in(manifest)) return;
  throw input_error({manifest.string(), ""}, "exists, and minima export did not write it",
                    "the manifest goes there; move it, or give another -o");
}

std::string piped_export(const std::string& format, const Provenance& provenance,
                         ExportedNetwork network, bool wants_card) {
  if (network.files.size() == 1) return std::move(network.files.front().content);
  if (wants_card) {
    ExportedFile card{card_path(network), model_card_of(format, provenance, network)};
    network.files.push_back(std::move(card));
  }
  ExportedFile manifest{manifest_path(network), manifest_of(format, provenance, network)};
  network.files.push_back(std::move(manifest));
  std::vector<data::ArchivedFile> archived;
  for (ExportedFile& file : network.files) {
    archived.push_back({file.path.generic_string(), std::move(file.content)});
  }
  return data::tar_of(archived);
}

WrittenExport write_export(const std::string& format, const Provenance& provenance,
                           ExportedNetwork network, bool wants_card) {
  WrittenExport written{.manifest = manifest_path(network)};
  ExportedFile card{card_path(network),
                    wants_card ? model_card_of(format, provenance, network) : ""};
  for (const ExportedFile& file : network.files) refuse_unless_plain(file.path);
  refuse_unless_plain(written.manifest);
  refuse_foreign_manifest(written.manifest);
  const Replaceable may_replace(network);
  check_files(network, may_replace);
  if (wants_card) {
    refuse_unless_plain(card.path);
    (may_replace(card) ? written.card : written.kept) = card.path;
    if (!written.card.empty()) network.files.push_back(std::move(card));
  }
  for (const ExportedFile& file : network.files) {
    if (!network.folder.empty()) make_folder(file.path.parent_path());
    write_file_atomically(file.path, file.content);
  }
  if (!network.folder.empty()) make_folder(written.manifest.parent_path());
  write_file_atomically(written.manifest, manifest_of(format, provenance, network));
  return written;
}

}  // namespace minima::deploy
