// The notes of datasets: what was left out or changed while reading, and what looks wrong.
#pragma once

#include <span>
#include <string>

#include "report/text/style.h"
#include "store/store.h"

namespace minima::report {

/// One entry for each note; empty if there are none.
[[nodiscard]] std::string notes_text(std::span<const std::string> notes, const TextStyle& style);

/// The same for several datasets, whose names come before their notes.
[[nodiscard]] std::string notes_text(std::span<const record::DatasetRecord> datasets,
                                     const TextStyle& style);

}  // namespace minima::report
