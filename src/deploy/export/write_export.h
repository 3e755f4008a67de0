// Writes an exported network to disk, without replacing files of other origin.
#pragma once

#include <filesystem>
#include <string>

#include "deploy/export/network_export.h"

namespace minima::deploy {

struct WrittenExport {
  std::filesystem::path manifest;
  std::filesystem::path card;  ///< empty: none was written
  /// A file in the place of the model card, which was kept; empty: there was none.
  std::filesystem::path kept;
};

/// The path of the manifest.
[[nodiscard]] std::filesystem::path manifest_path(const ExportedNetwork& network);

/// Input error if the file exists and is not the manifest of an export.
void refuse_foreign_manifest(const std::filesystem::path& manifest);

/// Writes the files, the model card (if wanted) and the manifest. The first file is the one that
/// the user named, so it is replaced, unless a whole folder is exported. Any other file is replaced
/// only if the manifest of an earlier export lists it with the content that it has now, or if its
/// content stays the same. Otherwise: input error, before anything is written. A model card that
/// may not be replaced is kept instead. Each file is written whole or not at all, and the manifest
/// last: if it exists, so do the others. Input error if a path cannot be a regular file.
WrittenExport write_export(const std::string& format, const Provenance& provenance,
                           ExportedNetwork network, bool wants_card);

/// The export as bytes for a pipe: of a single file its content, without manifest and model card;
/// of several files a tar archive with all of them.
[[nodiscard]] std::string piped_export(const std::string& format, const Provenance& provenance,
                                       ExportedNetwork network, bool wants_card);

}  // namespace minima::deploy
