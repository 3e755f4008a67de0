#include "app/pages/error_galleries.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

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

const std::optional<analysis::HeadlineNetwork>& named_network(
    const analysis::DatasetHeadline& dataset) {
  return dataset.smallest ? dataset.smallest : dataset.best;
}

/// The runs of the network that each dataset's answer names, in the order of the headline.
std::vector<analysis::RunsOnDataset> named_runs(const analysis::Headline& headline,
                                                const analysis::Population& population) {
  std::vector<analysis::RunsOnDataset> groups;
  for (const analysis::DatasetHeadline& dataset : headline.datasets) {
    analysis::RunsOnDataset& group = groups.emplace_back();
    group.dataset = dataset.dataset;
    const auto& network = named_network(dataset);
    if (!network) continue;
    for (const record::RunRow& run : population.runs) {
      const bool is_named =
          run.dataset == dataset.dataset && run.architecture == network->architecture;
      if (is_named) group.runs.push_back(run.id);
    }
  }
  return groups;
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
                                                  const analysis::Population& population,
                                                  const ImagesOf& images_of) {
  const auto found =
      analysis::misclassified_by(named_runs(headline, population), analysis::outcomes_in(store));
  std::vector<report::ErrorGallery> galleries;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].runs == 0) continue;
    const analysis::DatasetHeadline& dataset = headline.datasets[i];
    report::ErrorGallery gallery{.dataset = dataset.dataset,
                                 .architecture = named_network(dataset)->architecture,
                                 .runs = found[i].runs,
                                 .images = found[i].images,
                                 .misclassified = static_cast<std::int64_t>(found[i].list.size())};
    if (!found[i].list.empty()) add_images(store, found[i], images_of, gallery);
    galleries.push_back(std::move(gallery));
  }
  return galleries;
}

}  // namespace minima::app
