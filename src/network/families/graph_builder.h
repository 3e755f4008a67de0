// Adds layers to a graph one by one; refuses those that do not fit what reaches them.
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

  /// What follows belongs to the layer of this name.
  void begin_layer(std::string name);

  /// Adds an operation to the layer and returns its index, for the inputs of those that follow.
  int add(Op op);
  /// Index of the operation that was added last; kImage if there is none.
  [[nodiscard]] int last() const { return static_cast<int>(graph_.ops.size()) - 1; }

  // Tensors of the layer, in the order of these calls; their indices are for Op::tensors. `part`:
  // of the names, such as ".attention.q"; empty for the layer's own.
  [[nodiscard]] std::vector<std::size_t> linear_tensors(const std::string& part, int inputs,
                                                        int outputs);
  [[nodiscard]] std::vector<std::size_t> convolution_tensors(const Convolution& convolution);
  [[nodiscard]] std::vector<std::size_t> norm_tensors(const std::string& part, int width);
  [[nodiscard]] std::vector<std::size_t> learned_token(const std::string& part, Role role,
                                                       std::vector<std::int64_t> shape);

  /// Adds a layer of one Linear on the features of an image: "fc1".
  void add_dense(const std::string& name, int inputs, int outputs, Activation activation);

  /// The architecture does not fit the images.
  [[nodiscard]] Error misfit(const std::string& why, const std::string& hint) const;
  /// Refuses a layer with more features than an int can safely count; sizes are int64 until then.
  void check_features(const std::string& layer, std::int64_t rows, std::int64_t columns,
                      std::int64_t depth) const;

 private:
  std::size_t add_tensor(const std::string& name, std::vector<std::int64_t> shape, Role role,
                         const Initial& initial);

  const Architecture& architecture_;
  const Problem& problem_;
  Graph graph_;
};

// One function for each family of network/notation/architecture.h.
void lower(const Dnn& dnn, GraphBuilder& builder);
void lower(const Cnn& cnn, GraphBuilder& builder);
void lower(const Vit& vit, GraphBuilder& builder);
void lower(const PaperVit& vit, GraphBuilder& builder);

}  // namespace minima::network
