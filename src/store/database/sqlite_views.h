// The views of a store, which users query.
#pragma once

#include <array>

namespace minima::store {

/// The views of all versions up to this one.
inline constexpr std::array kViewNames = {"runs",
                                          "epochs",
                                          "epoch_details",
                                          "layers",
                                          "divergences",
                                          "validations",
                                          "timings",
                                          "weights",
                                          "weight_statistics",
                                          "weight_histograms",
                                          "node_strengths",
                                          "variants",
                                          "variant_tensors",
                                          "compressions",
                                          "datasets",
                                          "studies",
                                          "sessions",
                                          "analyses"};

/// SQL that creates the views of this version.
extern const char* const kViews;

}  // namespace minima::store
