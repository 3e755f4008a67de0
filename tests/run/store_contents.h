// A small study of every family and protocol, and the whole content of its store as text.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "core/files/file.h"
#include "store/store.h"
#include "study/file/study_file.h"

namespace minima::run {

/// A fast part of the embedded study: every family, every protocol.
inline study::Study quick_study() {
  const std::vector<study::Override> overrides{
      {"data.datasets", "[\"glyphs train=120 test=40 validation_share=0.1\"]"},
      {"study.replicates", "2"},
      {"study.weights", "all"},
      {"train.epochs", "2"},
      {"train.batch", "40"}};
  const std::string path = MINIMA_SOURCE_DIR "/studies/embedded.toml";
  study::Study study = study::parse_study(read_file(path), path, overrides);
  std::erase_if(study.designs, [](const study::Design& design) {
    const auto* dnn = std::get_if<study::DnnGrid>(&design.what);
    return dnn != nullptr && dnn->shape == study::DnnGrid::Shape::all;
  });
  for (study::Design& design : study.designs) {
    if (auto* dnn = std::get_if<study::DnnGrid>(&design.what)) dnn->width = {2, 16};
    if (auto* cnn = std::get_if<study::CnnGrid>(&design.what)) cnn->channels = {2};
  }
  return study;
}

struct CellText {
  std::string operator()(std::monostate) const { return "NULL"; }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const { return fmt::format("{:a}", value); }
  std::string operator()(const std::string& text) const { return text; }
};

/// Every line of every view, and every weight, except times and weight locations. `only`: keeps the
/// lines that name one of these runs; empty: all.
inline std::vector<std::string> contents(const std::filesystem::path& folder,
                                         const std::vector<std::string>& only = {}) {
  const auto reader = store::open_reader(folder);
  std::vector<std::string> lines;
  for (const std::string& name : reader->table_names()) {
    if (name == "sessions" || name == "weights") continue;
    std::vector<std::string> columns;
    reader->table(
        name, [&](const std::vector<std::string>& names) { columns = names; },
        [&](const std::vector<record::Cell>& cells) {
          std::string line = name;
          for (std::size_t i = 0; i < cells.size(); ++i) {
            if (columns[i] != "seconds") line += "," + std::visit(CellText{}, cells[i]);
          }
          const auto names_run = [&](const std::string& id) {
            return line.find(id) != std::string::npos;
          };
          if (only.empty() || std::ranges::any_of(only, names_run)) lines.push_back(line);
        });
  }
  for (const std::string& id : reader->runs_with_weights()) {
    if (!only.empty() && std::ranges::find(only, id) == only.end()) continue;
    std::string line = "weights of " + id;
    for (const auto& tensor : reader->weights(id)) {
      for (const float value : tensor.values) line += fmt::format(",{:a}", value);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace minima::run
