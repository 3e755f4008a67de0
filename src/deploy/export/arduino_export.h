// An exported network as an Arduino library: a folder that the Arduino IDE and PlatformIO accept.
#pragma once

#include <filesystem>
#include <string>

#include "deploy/c/c_export.h"
#include "deploy/export/network_export.h"

namespace minima::deploy {

/// The files library.properties, keywords.txt, src/NAME.h, src/NAME.c, extras/labels.txt and
/// examples/Classify/Classify.ino of the library NAME, the last part of `folder`. Its manifest is
/// extras/NAME.json, its model card README.md. Input error if the variant has no integer network.
[[nodiscard]] ExportedNetwork arduino_files_of(const NetworkToExport& network,
                                               const TestImage& image,
                                               const std::filesystem::path& folder);

/// NAME for a folder path/NAME or path/NAME/.
[[nodiscard]] std::string arduino_name_of(const std::filesystem::path& folder);

}  // namespace minima::deploy
