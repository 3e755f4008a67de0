// Adds layers to a graph one by one and rejects layers that do not fit their input.
#pragma once

#include <string>
#include <vector>

#include "core/error.h"
#include "network/graph.h"
#include "network/notation/architecture.h"

namespace minima::network {

class GraphBuilder {
 public:
  GraphBuilder(const Architecture& architecture, const Problem& problem)
      : architecture_(architecture), problem_(problem) {}

  [[nodiscard]] const Problem& problem() const { return problem_; }
  [[nodiscard]] Graph take() { return std::move(graph_); }

  /// Starts a layer of this name; later calls add to it.
  void begin_layer(std::string name);

  /// Adds an operation to the layer and returns its index, for the inputs of later operations.
  int add(Op op);
  /// Index of the last operation added; kImage if there is none.
  [[nodiscard]] int last() const { return static_cast<int>(graph_.ops.size()) - 1; }

  // Adds tensors to the layer, in the order of these calls, and returns their indices for
  // Op::tensors. `part`: of the tensor names, such as ".attention.q"; empty for the layer itself.
  [[nodiscard]] std::vector<std::size_t> linear_tensors(const std::string& part, int inputs,
                                                        int outputs);
  [[nodiscard]] std::vector<std::size_t> convolution_tensors(const Convolution& convolution);
  [[nodiscard]] std::vector<std::size_t> norm_tensors(const std::string& part, int width);
  [[nodiscard]] std::vector<std::size_t> learned_token(const std::string& part, Role role,
                                                       std::vector<std::int64_t> shape);

  /// Adds a layer with one Linear on the features of an image, such as "fc1".
  void add_dense(const std::string& name, int inputs, int outputs, Activation activation);

  /// The error for an architecture that does not fit the images.
  [[nodiscard]] Error misfit(const std::string& why, const std::string& hint) const;
  /// Rejects a layer with more than kMaxFeatures features. Until this check sizes are int64.
  void check_features(const std::string& layer, std::int64_t rows, std::int64_t columns,
                      std::int64_t depth) const;

 private:
  std::size_t add_tensor(const std::string& name, std::vector<std::int64_t> shape, Role role,
                         const Initial& initial);

  const Architecture& architecture_;
  const Problem& problem_;
  Graph graph_;
};

// One function per family of network/notation/architecture.h.
void lower(const Dnn& dnn, GraphBuilder& builder);
void lower(const Cnn& cnn, GraphBuilder& builder);
void lower(const Vit& vit, GraphBuilder& builder);
void lower(const PaperVit& vit, GraphBuilder& builder);

}  // namespace minima::network
