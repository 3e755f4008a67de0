#include "analysis/population/published_bands.h"

namespace minima::analysis {
namespace {

constexpr auto kNon = AccuracyGroup::non;
constexpr auto kLow = AccuracyGroup::low;
constexpr auto kMid = AccuracyGroup::mid;
constexpr auto kHigh = AccuracyGroup::high;

// If the table gives no limits (non on MNIST), the band ends where low begins.
constexpr PublishedBand kBands[] = {
    {network::Family::dnn, "mnist", kNon, 0, 30, 11.35},
    {network::Family::dnn, "mnist", kLow, 30, 55, 39.33},
    {network::Family::dnn, "mnist", kMid, 80, 82, 80.91},
    {network::Family::dnn, "mnist", kHigh, 95, 100, 98.55},
    {network::Family::dnn, "fashion-mnist", kNon, 0, 30, 10.00},
    {network::Family::dnn, "fashion-mnist", kLow, 30, 75, 72.90},
    {network::Family::dnn, "fashion-mnist", kMid, 83.5, 84, 83.67},
    {network::Family::dnn, "fashion-mnist", kHigh, 95, 100, 95.88},
    {network::Family::dnn, "cifar-10", kNon, 0, 20, 11.35},
    {network::Family::dnn, "cifar-10", kLow, 20, 32, 30.94},
    {network::Family::dnn, "cifar-10", kMid, 45, 55, 52.29},
    {network::Family::dnn, "cifar-10", kHigh, 75, 100, 77.80},
    {network::Family::cnn, "mnist", kLow, 0, 95, 93.77},
    {network::Family::cnn, "mnist", kMid, 96, 98, 97.68},
    {network::Family::cnn, "mnist", kHigh, 99.5, 100, 99.87},
    {network::Family::cnn, "fashion-mnist", kLow, 0, 90, 85.93},
    {network::Family::cnn, "fashion-mnist", kMid, 96, 98, 97.71},
    {network::Family::cnn, "fashion-mnist", kHigh, 99.5, 100, 99.95},
    {network::Family::cnn, "cifar-10", kLow, 0, 55, 40.39},
    {network::Family::cnn, "cifar-10", kMid, 55, 75, 63.36},
    {network::Family::cnn, "cifar-10", kHigh, 80, 100, 88.91},
    {network::Family::vit, "mnist", kLow, 0, 30, 22.11},
    {network::Family::vit, "mnist", kMid, 70, 85, 74.58},
    {network::Family::vit, "mnist", kHigh, 85, 100, 90.71},
    {network::Family::vit, "fashion-mnist", kLow, 0, 40, 30.40},
    {network::Family::vit, "fashion-mnist", kMid, 65, 72, 69.59},
    {network::Family::vit, "fashion-mnist", kHigh, 74, 100, 74.59},
    {network::Family::vit, "cifar-10", kLow, 0, 20, 17.50},
    {network::Family::vit, "cifar-10", kMid, 0, 40, 38.18},
    {network::Family::vit, "cifar-10", kHigh, 40, 100, 44.56},
};

}  // namespace

std::vector<PublishedBand> published_bands(network::Family family, const std::string& dataset) {
  const std::string name = dataset.substr(0, dataset.find(' '));
  std::vector<PublishedBand> bands;
  for (const PublishedBand& band : kBands) {
    if (band.family == family && band.dataset == name) bands.push_back(band);
  }
  return bands;
}

}  // namespace minima::analysis
