// A made-up network to export; its files need not work.
#pragma once

#include "deploy/export/network_export.h"

namespace minima::deploy {

inline Provenance planted_provenance() {
  Provenance provenance{.program_version = "1.2",
                        .study = "a study",
                        .dataset = "my/digits size=8x8",
                        .run_id = "0123456789abcdef",
                        .replicate = 3,
                        .trained_architecture = "dnn 8",
                        .recorded_accuracy = 0.9,
                        .test_images = 200,
                        .validation_images = 50,
                        .majority_share = 0.4,
                        .training = "epochs=2 seed=1",
                        .problem = {{.channels = 1, .height = 8, .width = 8}, 2},
                        .class_names = {"cat", "d`o|g\n"},
                        .scaling = {{1.0F / 255.0F}, {0.0F}}};
  provenance.variant.architecture = "dnn 8";
  provenance.variant.parameters = 538;
  provenance.variant.test_accuracy = 0.9;
  return provenance;
}

inline ExportedNetwork planted_network(const std::filesystem::path& folder,
                                       const std::string& content = "content") {
  return {.files = {{folder / "net.c", content}, {folder / "labels.txt", "cat\ndog\n"}},
          .figures = {}};
}

}  // namespace minima::deploy
