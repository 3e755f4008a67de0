#include "measure/tsne.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/workers.h"

namespace minima::measure {
namespace {

constexpr int kExaggeratedSteps = 250;
constexpr float kExaggeration = 12.0F;
constexpr float kLeastGain = 0.01F;

// Rows of an [n][n] matrix that a thread takes at a time. Small matrices are one piece, because
// threads would cost more than they save.
constexpr std::size_t kRowsOfPiece = 64;

// Calls work(i) for every row. Rows are independent, so the result has the same bits for any number
// of threads.
template <typename Work>
void for_each_row(std::size_t jobs, std::size_t n, const Work& work) {
  const std::size_t rows = n < 4 * kRowsOfPiece ? n : kRowsOfPiece;
  for_each_in_parallel(jobs, (n + rows - 1) / rows, [&](std::size_t piece) {
    for (std::size_t i = piece * rows; i < std::min(n, (piece + 1) * rows); ++i) work(i);
  });
}

// The similarities p(j|i) of one point. Their entropy equals that of `perplexity` equal neighbours;
// the precision of the kernel is found by bisection.
void fill_conditional(const float* squares, std::size_t self, std::size_t n, double perplexity,
                      double* p) {
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j < n; ++j) {
    if (j != self) nearest = std::min(nearest, static_cast<double>(squares[j]));
  }
  double low = 0.0;
  double high = std::numeric_limits<double>::infinity();
  double beta = 1.0;
  for (int step = 0; step < 100; ++step) {
    double sum = 0.0;
    double weighted = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
      const double further = squares[j] - nearest;  // makes the largest term 1
      p[j] = j == self ? 0.0 : std::exp(-beta * further);
      sum += p[j];
      weighted += p[j] * further;
    }
    const double excess = std::log(sum) + beta * weighted / sum - std::log(perplexity);
    for (std::size_t j = 0; j < n; ++j) p[j] /= sum;
    if (std::abs(excess) <= 1e-5) return;
    (excess > 0.0 ? low : high) = beta;
    beta = std::isinf(high) ? 2.0 * beta : (low + high) / 2.0;
    if (!std::isfinite(beta)) return;
  }
}

// Scales the distances, which may be of any size, so that the search for the precision starts at
// their mean.
std::vector<float> similarities(const std::vector<float>& squared_distances, std::size_t n,
                                const TsneSettings& settings) {
  const double mean = std::accumulate(squared_distances.begin(), squared_distances.end(), 0.0) /
                      static_cast<double>(n * n);
  const auto scale = static_cast<float>(mean > 0.0 ? 1.0 / mean : 1.0);
  std::vector<float> halves(n * n);
  for_each_row(settings.jobs, n, [&](std::size_t i) {
    std::vector<float> squares(n);
    std::vector<double> p(n);
    for (std::size_t j = 0; j < n; ++j) squares[j] = squared_distances[i * n + j] * scale;
    fill_conditional(squares.data(), i, n, settings.perplexity, p.data());
    for (std::size_t j = 0; j < n; ++j) {
      halves[i * n + j] = static_cast<float>(p[j] / (2.0 * static_cast<double>(n)));
    }
  });
  // Products of smaller values would be denormal, which is slow.
  constexpr float kLeast = 1e-30F;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i; j < n; ++j) {
      const float both = halves[i * n + j] + halves[j * n + i];
      halves[i * n + j] = halves[j * n + i] = both < kLeast ? 0.0F : both;
    }
  }
  return halves;
}

// Coordinates in separate arrays, for vectorisation.
struct Plane {
  std::vector<float> x;
  std::vector<float> y;
};

constexpr std::size_t kLanes = 8;

// The forces of a range of other points on one point, as sums in separate lanes.
struct Pull {
  float normaliser[kLanes] = {};
  float attraction_x[kLanes] = {};
  float attraction_y[kLanes] = {};
  float repulsion_x[kLanes] = {};
  float repulsion_y[kLanes] = {};

  void add(const float* p, const float* x, const float* y, float at_x, float at_y) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float dx = at_x - x[lane];
      const float dy = at_y - y[lane];
      const float q = 1.0F / (1.0F + dx * dx + dy * dy);
      const float pq = p[lane] * q;
      normaliser[lane] += q;
      attraction_x[lane] += pq * dx;
      attraction_y[lane] += pq * dy;
      repulsion_x[lane] += q * q * dx;
      repulsion_y[lane] += q * q * dy;
    }
  }
};

float sum(const float (&lanes)[kLanes]) {
  float total = 0.0F;
  for (const float lane : lanes) total += lane;
  return total;
}

// Gradient descent on the places. Arrays are padded to whole lanes with places so far away that
// they exert no force.
class Descent {
 public:
  Descent(const std::vector<float>& joint, const std::vector<std::array<double, 2>>& start,
          std::size_t jobs)
      : jobs_(jobs),
        n_(start.size()),
        stride_((n_ + kLanes - 1) / kLanes * kLanes),
        p_(n_ * stride_, 0.0F),
        places_(padded(1e15F)),
        step_(padded(0.0F)),
        gains_(padded(1.0F)),
        attraction_(padded(0.0F)),
        repulsion_(padded(0.0F)),
        normalisers_(n_) {
    for (std::size_t i = 0; i < n_; ++i) {
      std::copy_n(joint.data() + i * n_, n_, p_.data() + i * stride_);
      places_.x[i] = static_cast<float>(start[i][0]);
      places_.y[i] = static_cast<float>(start[i][1]);
    }
  }

  void step(float exaggeration, float momentum, float learning_rate) {
    const auto normaliser = static_cast<float>(pull_all());
    for (std::size_t i = 0; i < n_; ++i) {
      const auto move = [&](float& place, float& last, float& gain, float attraction,
                            float repulsion) {
        const float slope = 4.0F * (exaggeration * attraction - repulsion / normaliser);
        gain = std::max(kLeastGain, last * slope < 0.0F ? gain + 0.2F : gain * 0.8F);
        last = momentum * last - learning_rate * gain * slope;
        place += last;
      };
      move(places_.x[i], step_.x[i], gains_.x[i], attraction_.x[i], repulsion_.x[i]);
      move(places_.y[i], step_.y[i], gains_.y[i], attraction_.y[i], repulsion_.y[i]);
    }
  }

  /// Resets momentum and gains between two phases of the descent.
  void forget() {
    step_ = padded(0.0F);
    gains_ = padded(1.0F);
  }

  [[nodiscard]] Layout layout() {
    Layout result;
    const double normaliser = pull_all();
    for (std::size_t i = 0; i < n_; ++i) {
      result.places.push_back({places_.x[i], places_.y[i]});
      for (std::size_t j = 0; j < n_; ++j) {
        const double p = p_[i * stride_ + j];
        if (i == j || p <= 0.0) continue;
        const double dx = places_.x[i] - places_.x[j];
        const double dy = places_.y[i] - places_.y[j];
        result.divergence += p * std::log(p * normaliser * (1.0 + dx * dx + dy * dy));
      }
    }
    return result;
  }

 private:
  [[nodiscard]] Plane padded(float value) const {
    return {std::vector<float>(stride_, value), std::vector<float>(stride_, value)};
  }

  /// Fills attraction and repulsion; returns the sum of all similarities of places.
  double pull_all() {
    for_each_row(jobs_, n_, [this](std::size_t i) {
      Pull pull;
      for (std::size_t j = 0; j < stride_; j += kLanes) {
        pull.add(p_.data() + i * stride_ + j, places_.x.data() + j, places_.y.data() + j,
                 places_.x[i], places_.y[i]);
      }
      normalisers_[i] = sum(pull.normaliser);
      attraction_.x[i] = sum(pull.attraction_x);
      attraction_.y[i] = sum(pull.attraction_y);
      repulsion_.x[i] = sum(pull.repulsion_x);
      repulsion_.y[i] = sum(pull.repulsion_y);
    });
    const double normaliser =
        std::accumulate(normalisers_.begin(), normalisers_.end(),
                        -static_cast<double>(n_));  // without each point's similarity to itself
    return std::max(normaliser, 1e-12);
  }

  std::size_t jobs_;
  std::size_t n_;
  std::size_t stride_;
  std::vector<float> p_;
  Plane places_;
  Plane step_;
  Plane gains_;
  Plane attraction_;
  Plane repulsion_;
  std::vector<double> normalisers_;
};

std::vector<std::array<double, 2>> scaled(std::vector<std::array<double, 2>> start) {
  const auto n = static_cast<double>(start.size());
  std::array<double, 2> mean{0.0, 0.0};
  for (const auto& place : start) {
    for (std::size_t k = 0; k < 2; ++k) mean[k] += place[k] / n;
  }
  double squares = 0.0;
  for (const auto& place : start) squares += (place[0] - mean[0]) * (place[0] - mean[0]) / n;
  const double scale = squares > 0.0 ? 1e-4 / std::sqrt(squares) : 0.0;
  for (auto& place : start) {
    for (std::size_t k = 0; k < 2; ++k) place[k] = scale * (place[k] - mean[k]);
  }
  return start;
}

}  // namespace

double perplexity_for(std::size_t points, double perplexity) {
  return std::min(perplexity, std::max(1.0, (static_cast<double>(points) - 1.0) / 3.0));
}

Layout tsne(const std::vector<float>& squared_distances,
            const std::vector<std::array<double, 2>>& start, const TsneSettings& settings) {
  const std::size_t n = start.size();
  if (n < 3) {
    Layout still;
    for (const auto& place : start) {
      still.places.push_back({static_cast<float>(place[0]), static_cast<float>(place[1])});
    }
    return still;
  }
  Descent descent(similarities(squared_distances, n, settings), scaled(start), settings.jobs);
  const float learning_rate = std::max(static_cast<float>(n) / (4.0F * kExaggeration), 50.0F);
  for (int step = 0; step < settings.steps; ++step) {
    const bool early = step < kExaggeratedSteps;
    if (step == kExaggeratedSteps) descent.forget();
    descent.step(early ? kExaggeration : 1.0F, early ? 0.5F : 0.8F, learning_rate);
  }
  return descent.layout();
}

double trustworthiness(const std::vector<float>& squared_distances,
                       const std::vector<std::array<float, 2>>& places, std::size_t neighbours) {
  const std::size_t n = places.size();
  if (n < 3) return std::numeric_limits<double>::quiet_NaN();
  const std::size_t k = std::min(neighbours, std::max<std::size_t>(1, (n - 1) / 2));
  std::vector<std::size_t> order(n);
  std::vector<std::size_t> rank(n);
  double penalty = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto sort_by = [&](const auto& distance) {
      std::iota(order.begin(), order.end(), 0);
      std::ranges::stable_sort(order, {}, [&](std::size_t j) {
        return j == i ? -1.0F : distance(j);  // the point itself comes first
      });
    };
    sort_by([&](std::size_t j) { return squared_distances[i * n + j]; });
    for (std::size_t r = 0; r < n; ++r) rank[order[r]] = r;
    sort_by([&](std::size_t j) {
      return std::hypot(places[i][0] - places[j][0], places[i][1] - places[j][1]);
    });
    for (std::size_t r = 1; r <= k; ++r) {
      penalty += static_cast<double>(rank[order[r]] > k ? rank[order[r]] - k : 0);
    }
  }
  const auto count = static_cast<double>(n);
  const auto nearest = static_cast<double>(k);
  return 1.0 - 2.0 * penalty / (count * nearest * (2.0 * count - 3.0 * nearest - 1.0));
}

}  // namespace minima::measure
