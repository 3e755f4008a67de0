#include "app/pages/error_galleries.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/images/misclassified.h"
#include "app/networks/stored_dataset.h"
#include "core/error.h"
#include "data/source/preview.h"

namespace minima::app {
namespace {

constexpr std::size_t kMostShown = 24;

// A store from someone else must not make a report load for minutes.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
constexpr std::int64_t kMostDrawnImages = 200'000;

void check_can_be_drawn_again(const data::Source& source) {
  const auto outline = data::outline(source, kMostBytes);
  if (!outline || outline->train + outline->validation + outline->test <= kMostDrawnImages) return;
  throw input_error({source.text(), ""}, "has too many images to draw them again for a report");
}

std::vector<std::string> runs_of(const store::Reader& store, const std::string& dataset,
                                 const std::string& architecture) {
  std::vector<std::string> ids;
  for (const record::RunRow& row : store.runs()) {
    if (row.dataset == dataset && row.architecture == architecture) ids.push_back(row.id);
  }
  return ids;
}

report::GalleryImage shown_image(const analysis::MisclassifiedImage& found,
                                 const data::Dataset& dataset) {
  return {.png = data::image_png(dataset, found.image),
          .label = dataset.class_names.at(found.label),
          .predicted = dataset.class_names.at(found.predicted),
          .wrong = found.wrong,
          .file = dataset.test.files.empty() ? "" : dataset.test.files.at(found.image)};
}

void add_images(const store::Reader& store, const analysis::MisclassifiedImages& found,
                const ImagesOf& images_of, report::ErrorGallery& gallery) {
  try {
    const auto dataset = images_of(dataset_record(store, gallery.dataset));
    const std::size_t count = std::min(found.list.size(), kMostShown);
    for (std::size_t i = 0; i < count; ++i) {
      gallery.shown.push_back(shown_image(found.list[i], *dataset));
    }
  } catch (const Error& error) {
    if (error.kind() == Error::Kind::interrupted) throw;
    gallery.shown.clear();
    gallery.missing = error.what();
  }
}

}  // namespace

ImagesOf named_images(const std::string& data_dir) {
  return [data_dir](const record::DatasetRecord& record) {
    const data::Source source = data::parse_source(record.name);
    if (data_dir.empty() && source.is_path()) {
      throw input_error({record.name, ""}, "is read only if you name a folder with datasets",
                        "repeat minima report with --data-dir DIR");
    }
    check_can_be_drawn_again(source);
    return load_dataset(record, data_dir, kMostBytes);
  };
}

std::vector<report::ErrorGallery> error_galleries(const store::Reader& store,
                                                  const analysis::Headline& headline,
                                                  const ImagesOf& images_of) {
  std::vector<report::ErrorGallery> galleries;
  for (const analysis::DatasetHeadline& dataset : headline.datasets) {
    const auto& network = dataset.smallest ? dataset.smallest : dataset.best;
    if (!network) continue;
    const auto found =
        analysis::misclassified_by(runs_of(store, dataset.dataset, network->architecture),
                                   dataset.dataset, analysis::outcomes_in(store));
    if (found.runs == 0) continue;
    report::ErrorGallery gallery{.dataset = dataset.dataset,
                                 .architecture = network->architecture,
                                 .runs = found.runs,
                                 .images = found.images,
                                 .misclassified = static_cast<std::int64_t>(found.list.size())};
    if (!found.list.empty()) add_images(store, found, images_of, gallery);
    galleries.push_back(std::move(gallery));
  }
  return galleries;
}

}  // namespace minima::app
