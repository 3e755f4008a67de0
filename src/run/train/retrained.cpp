#include "run/train/retrained.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <initializer_list>

#include "core/text.h"

namespace minima::run {
namespace {

struct Figure {
  const char* name;
  double recorded;
  double again;
};

bool differs(const Figure& figure) {
  if (std::isnan(figure.recorded) || std::isnan(figure.again)) {
    return std::isnan(figure.recorded) != std::isnan(figure.again);
  }
  return figure.recorded != figure.again;
}

std::string first_difference(std::initializer_list<Figure> figures) {
  for (const Figure& figure : figures) {
    if (!differs(figure)) continue;
    return fmt::format("{} of {} instead of {}", figure.name, shortest(figure.again),
                       shortest(figure.recorded));
  }
  return "";
}

}  // namespace

std::string difference_of(const record::RunResult& recorded, const record::RunResult& again) {
  if (recorded.status != again.status) {
    return fmt::format("the status {} instead of {}", word_of(again.status),
                       word_of(recorded.status));
  }
  std::string difference = first_difference(
      {{"a number of epochs", static_cast<double>(recorded.epochs),
        static_cast<double>(again.epochs)},
       {"a training loss", recorded.train_loss, again.train_loss},
       {"a training accuracy", recorded.train_accuracy, again.train_accuracy},
       {"a test loss", recorded.test_loss, again.test_loss},
       {"a test accuracy", recorded.test_accuracy, again.test_accuracy},
       {"a validation accuracy", recorded.validation_accuracy, again.validation_accuracy}});
  for (std::size_t i = 0; difference.empty() && i < recorded.history.size(); ++i) {
    if (i >= again.history.size()) return "fewer epochs";
    const record::EpochRecord& then = recorded.history[i];
    const record::EpochRecord& now = again.history[i];
    difference = first_difference({{"a training loss", then.train_loss, now.train_loss},
                                   {"a training accuracy", then.train_accuracy, now.train_accuracy},
                                   {"a test loss", then.test_loss, now.test_loss},
                                   {"a test accuracy", then.test_accuracy, now.test_accuracy}});
    if (!difference.empty()) difference += fmt::format(" in epoch {}", then.epoch);
  }
  return difference;
}

}  // namespace minima::run
