// The formats in which minima export writes networks.
#pragma once

#include <string>
#include <string_view>

#include "deploy/export/network_export.h"
#include "engine/backend.h"

namespace minima::app {

/// What the writers of all formats get.
struct NetworkExport {
  const std::string& output;
  const deploy::NetworkToExport& network;
  const engine::PreparedDataset& dataset;
  const engine::Backend& backend;

  [[nodiscard]] deploy::ExportedNetwork file(std::string content) const {
    return {.files = {{output, std::move(content)}}, .figures = {}};
  }
};

struct NetworkFormat {
  std::string_view name;  ///< on the command line
  deploy::ExportedNetwork (*write)(const NetworkExport&);
  /// Input error if the output cannot be written there.
  void (*check_output)(const std::string& output);
  /// Why the format needs the images of the dataset; empty: it does not.
  std::string_view needs_images = {};
  bool has_card = true;  ///< whether a model card belongs to it
  bool is_text = false;  ///< whether a terminal can show it
  /// Name of its file in an archive on standard output.
  std::string_view piped_name = "network";
};

/// Input error with a suggestion for an unknown name.
[[nodiscard]] const NetworkFormat& network_format(const std::string& name);

}  // namespace minima::app
