#include "study/settings/train_settings.h"

#include <numbers>

#include "core/numbers/portable_math.h"

namespace minima::study {

namespace {

// Multiplies instead of calling pow(), to get the same bits on every machine.
double integer_power(double base, int exponent) {
  double power = 1.0;
  for (int i = 0; i < exponent; ++i) power *= base;
  return power;
}

}  // namespace

double schedule_factor(const Schedule& schedule, int epoch, int epochs) {
  switch (schedule.kind) {
    case Schedule::Kind::constant:
      return 1.0;
    case Schedule::Kind::cosine:
      return 0.5 * (1.0 + portable::cos(std::numbers::pi * epoch / epochs));
    case Schedule::Kind::step:
      return integer_power(schedule.factor, epoch / schedule.every);
  }
  return 1.0;
}

}  // namespace minima::study
