#include "measure/principal_components.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/numbers/random.h"

namespace minima::measure {
namespace {

using Vector = std::vector<double>;

double product(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  Vector values;

  [[nodiscard]] const double* row(std::size_t i) const { return values.data() + i * columns; }
};

Matrix centred(const Points& points) {
  Matrix matrix{points.count, points.dimensions, {points.values.begin(), points.values.end()}};
  for (std::size_t c = 0; c < matrix.columns; ++c) {
    double sum = 0.0;
    for (std::size_t r = 0; r < matrix.rows; ++r) sum += matrix.values[r * matrix.columns + c];
    const double mean = sum / static_cast<double>(matrix.rows);
    for (std::size_t r = 0; r < matrix.rows; ++r) matrix.values[r * matrix.columns + c] -= mean;
  }
  return matrix;
}

Matrix transposed(const Matrix& matrix) {
  Matrix result{matrix.columns, matrix.rows, Vector(matrix.values.size())};
  for (std::size_t r = 0; r < matrix.rows; ++r) {
    for (std::size_t c = 0; c < matrix.columns; ++c) {
      result.values[c * matrix.rows + r] = matrix.values[r * matrix.columns + c];
    }
  }
  return result;
}

// A A^T.
Matrix gram_of(const Matrix& a) {
  Matrix gram{a.rows, a.rows, Vector(a.rows * a.rows)};
  for (std::size_t i = 0; i < a.rows; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double value = std::inner_product(a.row(i), a.row(i) + a.columns, a.row(j), 0.0);
      gram.values[i * a.rows + j] = gram.values[j * a.rows + i] = value;
    }
  }
  return gram;
}

Vector times(const Matrix& matrix, const Vector& v) {
  Vector result(matrix.rows);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    result[i] = std::inner_product(v.begin(), v.end(), matrix.row(i), 0.0);
  }
  return result;
}

// Gram-Schmidt, run twice because rounding makes one pass inexact. A vector that depends linearly
// on the others becomes 0.
void orthonormalise(std::vector<Vector>& block) {
  for (std::size_t k = 0; k < block.size(); ++k) {
    const double before = std::sqrt(product(block[k], block[k]));
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t l = 0; l < k; ++l) {
        const double share = product(block[k], block[l]);
        for (std::size_t i = 0; i < block[k].size(); ++i) block[k][i] -= share * block[l][i];
      }
    }
    const double length = std::sqrt(product(block[k], block[k]));
    const double scale = length > 1e-12 * before ? 1.0 / length : 0.0;
    for (double& x : block[k]) x *= scale;
  }
}

// Rotates rows and columns p and q of a symmetric matrix, and vectors p and q, so that their common
// entry becomes 0.
void rotate(std::vector<Vector>& small, std::vector<Vector>& block, std::size_t p, std::size_t q) {
  const double theta = 0.5 * std::atan2(2.0 * small[p][q], small[q][q] - small[p][p]);
  const double c = std::cos(theta);
  const double s = std::sin(theta);
  const auto turn = [&](double& a, double& b) {
    const double old = a;
    a = c * old - s * b;
    b = s * old + c * b;
  };
  for (Vector& row : small) turn(row[p], row[q]);
  for (std::size_t i = 0; i < small.size(); ++i) turn(small[p][i], small[q][i]);
  for (std::size_t i = 0; i < block[p].size(); ++i) turn(block[p][i], block[q][i]);
}

// Rotates the block to the eigenvectors within its span (Rayleigh-Ritz), largest eigenvalue first.
// Without this step, vectors of nearly equal eigenvalues would stay mixed. Uses Jacobi rotations.
void turn_to_eigenvectors(const Matrix& gram, std::vector<Vector>& block, Vector& eigenvalues) {
  const std::size_t k = block.size();
  std::vector<Vector> small(k, Vector(k));
  for (std::size_t i = 0; i < k; ++i) {
    const Vector image = times(gram, block[i]);
    for (std::size_t j = 0; j < k; ++j) small[i][j] = product(image, block[j]);
  }
  for (int sweep = 0; sweep < 12; ++sweep) {
    for (std::size_t p = 0; p < k; ++p) {
      for (std::size_t q = p + 1; q < k; ++q) {
        if (small[p][q] != 0.0) rotate(small, block, p, q);
      }
    }
  }
  std::vector<std::size_t> order(k);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::ranges::greater(),
                           [&](std::size_t i) { return small[i][i]; });
  std::vector<Vector> sorted;
  for (std::size_t i = 0; i < k; ++i) {
    sorted.push_back(std::move(block[order[i]]));
    eigenvalues[i] = small[order[i]][order[i]];
  }
  block = std::move(sorted);
}

struct Eigenvectors {
  Vector values;
  std::vector<Vector> vectors;
};

Eigenvectors leading_eigenvectors(const Matrix& gram) {
  constexpr std::size_t kBlock = 8;  // over two: the gap below the last one sets the convergence
  Eigenvectors result{Vector(std::min(kBlock, gram.rows)), {}};
  RandomStream random(0, subject_of("principal components"), Purpose::weight_statistics);
  for (std::size_t k = 0; k < result.values.size(); ++k) {
    Vector& v = result.vectors.emplace_back(gram.rows);
    for (double& x : v) x = random.normal();
  }
  orthonormalise(result.vectors);
  for (int round = 0; round < 100; ++round) {
    for (int step = 0; step < 4; ++step) {
      for (Vector& v : result.vectors) v = times(gram, v);
      orthonormalise(result.vectors);
    }
    const Vector last = result.values;
    turn_to_eigenvectors(gram, result.vectors, result.values);
    const std::size_t second = std::min<std::size_t>(1, result.values.size() - 1);
    const auto change = [&](std::size_t k) { return std::abs(result.values[k] - last[k]); };
    if (std::max(change(0), change(second)) <= 1e-13 * result.values[0]) break;
  }
  return result;
}

double trace_of(const Matrix& matrix) {
  double trace = 0.0;
  for (std::size_t i = 0; i < matrix.rows; ++i) trace += matrix.values[i * matrix.rows + i];
  return trace;
}

// Stores the scores of a component; the score of largest magnitude is positive.
void set_scores(Plane& plane, std::size_t component, const Vector& scores, double scale) {
  const double largest =
      *std::ranges::max_element(scores, {}, [](double score) { return std::abs(score); });
  for (std::size_t i = 0; i < scores.size(); ++i) {
    plane.scores[i][component] = (largest < 0.0 ? -scale : scale) * scores[i];
  }
}

// The plane from the Gram matrix of centred points: its eigenvectors are the scores.
Plane plane_of_products(const Matrix& gram) {
  Plane plane;
  plane.scores.assign(gram.rows, {0.0, 0.0});
  const double trace = trace_of(gram);
  if (!(trace > 0.0)) return plane;
  const Eigenvectors eigen = leading_eigenvectors(gram);
  for (std::size_t k = 0; k < std::min<std::size_t>(2, eigen.values.size()); ++k) {
    const double eigenvalue = std::max(0.0, eigen.values[k]);
    plane.explained[k] = eigenvalue / trace;
    set_scores(plane, k, eigen.vectors[k], std::sqrt(eigenvalue));
  }
  return plane;
}

// The plane from the covariance matrix of the dimensions.
Plane plane_of_dimensions(const Matrix& x) {
  Plane plane;
  plane.scores.assign(x.rows, {0.0, 0.0});
  const Matrix gram = gram_of(transposed(x));
  const double trace = trace_of(gram);
  if (!(trace > 0.0)) return plane;
  const Eigenvectors eigen = leading_eigenvectors(gram);
  for (std::size_t k = 0; k < std::min<std::size_t>(2, eigen.values.size()); ++k) {
    plane.explained[k] = std::max(0.0, eigen.values[k]) / trace;
    set_scores(plane, k, times(x, eigen.vectors[k]), 1.0);
  }
  return plane;
}

// -1/2 J D J with J = I - 1/n: the Gram matrix of centred points with squared distances D.
Matrix centred_products(std::span<const float> squared_distances, std::size_t n) {
  Matrix gram{n, n, {squared_distances.begin(), squared_distances.end()}};
  Vector mean(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    mean[i] = std::accumulate(gram.row(i), gram.row(i) + n, 0.0) / static_cast<double>(n);
  }
  const double all = std::accumulate(mean.begin(), mean.end(), 0.0) / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      double& value = gram.values[i * n + j];
      value = -0.5 * (value - mean[i] - mean[j] + all);
    }
  }
  return gram;
}

}  // namespace

Plane principal_components(const Points& points) {
  if (points.count < 2 || points.dimensions == 0) {
    return {.scores = std::vector<std::array<double, 2>>(points.count, {0.0, 0.0})};
  }
  const Matrix x = centred(points);
  return x.rows < x.columns ? plane_of_products(gram_of(x)) : plane_of_dimensions(x);
}

Plane principal_coordinates(std::span<const float> squared_distances, std::size_t points) {
  return plane_of_products(centred_products(squared_distances, points));
}

}  // namespace minima::measure
