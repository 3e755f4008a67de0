#include "app/pages/misclassified_sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/console.h"
#include "app/networks/export_network.h"
#include "app/networks/stored_dataset.h"
#include "core/error.h"
#include "core/text.h"
#include "data/source/preview.h"
#include "report/text/text_table.h"

namespace minima::app {
namespace {

using analysis::MisclassifiedImage;

/// At most `most` images: one of each class after the other, then ordered by class.
std::vector<MisclassifiedImage> spread_over_classes(const std::vector<MisclassifiedImage>& images,
                                                    std::size_t most) {
  std::map<std::size_t, std::size_t> seen;  // images by class
  std::vector<std::pair<std::size_t, MisclassifiedImage>> ranked;
  for (const MisclassifiedImage& each : images) ranked.emplace_back(seen[each.label]++, each);
  std::ranges::stable_sort(ranked, {}, [](const auto& each) { return each.first; });
  ranked.resize(std::min(ranked.size(), most));
  std::vector<MisclassifiedImage> spread;
  for (const auto& [rank, image] : ranked) spread.push_back(image);
  std::ranges::stable_sort(spread, {}, &MisclassifiedImage::label);
  return spread;
}

std::string table_of(const std::vector<MisclassifiedImage>& images, const data::Dataset& dataset) {
  const bool has_files = !dataset.test.files.empty();
  std::vector<report::Column> columns{
      {"image"}, {"class", report::Align::left}, {"predicted", report::Align::left}};
  if (has_files) columns.push_back({"file", report::Align::left});
  report::TextTable table(columns);
  for (const MisclassifiedImage& each : images) {
    std::vector<std::string> cells{grouped(static_cast<std::int64_t>(each.image)),
                                   dataset.class_names.at(each.label),
                                   dataset.class_names.at(each.predicted)};
    if (has_files) cells.push_back(dataset.test.files.at(each.image));
    table.add(std::move(cells));
  }
  return table.text(output_style());
}

std::string summary_of(const record::RunRow& run, std::size_t shown,
                       const analysis::MisclassifiedImages& found) {
  const auto wrong = static_cast<std::int64_t>(found.list.size());
  return fmt::format("{} on {}, run {}: {} of {} test images wrong{}\n", run.architecture,
                     printable(run.dataset), run.id, grouped(wrong), grouped(found.images),
                     shown < found.list.size() ? fmt::format("; {} shown", shown) : "");
}

}  // namespace

ErrorsSheet errors_sheet(const ErrorsArguments& arguments) {
  const auto store = store::open_reader(arguments.store);
  const record::RunRow run = find_run(*store, arguments.run, arguments.dataset, Needs::results);
  const analysis::RunsOnDataset group{run.dataset, {run.id}};
  const auto found =
      analysis::misclassified_by(std::span(&group, 1), analysis::outcomes_in(*store)).front();
  if (found.runs == 0) {
    throw input_error({arguments.store, "run " + run.id}, "its predictions were not recorded",
                      "train with predictions = \"all\" in [study]");
  }
  if (found.list.empty()) {
    throw input_error({arguments.store, "run " + run.id},
                      fmt::format("classifies all {} test images correctly, so there are none to "
                                  "show",
                                  grouped(found.images)));
  }
  const auto dataset = load_dataset(dataset_record(*store, run.dataset), arguments.data_dir);
  const auto images = spread_over_classes(found.list, arguments.most);
  std::vector<data::CaptionedImage> captioned;
  for (const MisclassifiedImage& each : images) {
    captioned.push_back({.image = each.image,
                         .first = dataset->class_names.at(each.label),
                         .second = "as " + dataset->class_names.at(each.predicted)});
  }
  return {.png = data::captioned_sheet(*dataset, captioned),
          .text = summary_of(run, images.size(), found) + table_of(images, *dataset)};
}

}  // namespace minima::app
