// A model card: what an exported network is, for people and for model hubs.
#pragma once

#include <string>

#include "deploy/export/network_export.h"

namespace minima::deploy {

/// Markdown that begins with the YAML block that model hubs read: tags, dataset, metrics. The
/// license is left open. `format`: of the export, as on the command line. The accuracy has a 95 %
/// interval (Wilson) for the number of test images.
[[nodiscard]] std::string model_card_of(const std::string& format, const Provenance& provenance,
                                        const ExportedNetwork& network);

}  // namespace minima::deploy
