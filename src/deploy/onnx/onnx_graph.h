// Builds an ONNX model. The ONNX library writes the format; only onnx_*.cpp depend on it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace onnx {
class ModelProto;
}

namespace minima::deploy {

class OnnxGraph {
 public:
  using Shape = std::vector<std::int64_t>;
  using Attribute = std::pair<std::string, std::variant<std::int64_t, float, Shape>>;

  OnnxGraph();
  ~OnnxGraph();
  OnnxGraph(const OnnxGraph&) = delete;
  OnnxGraph& operator=(const OnnxGraph&) = delete;

  // Tensors of the graph are identified by name; each function returns the name of the tensor that
  // it adds.

  /// Adds the input: bytes [batch][shape].
  std::string add_image(const Shape& shape);
  std::string add_floats(const std::string& name, const Shape& shape,
                         std::span<const float> values);
  std::string add_integers(const std::string& name, std::span<const std::int64_t> values);
  /// Adds codes of 8 bits, signed or unsigned, or of 32 bits.
  std::string add_int8(const std::string& name, const Shape& shape,
                       std::span<const std::int32_t> values);
  std::string add_uint8(const std::string& name, const Shape& shape,
                        std::span<const std::int32_t> values);
  std::string add_int32(const std::string& name, const Shape& shape,
                        std::span<const std::int32_t> values);
  /// Adds an operator with one output.
  std::string add(const std::string& op, const std::vector<std::string>& inputs,
                  const std::vector<Attribute>& attributes = {});

  /// The type argument of a Cast to 32-bit floats.
  [[nodiscard]] static std::int64_t float_type();

  /// The serialised model with `logits` as its output [batch][classes]. The facts become its
  /// metadata.
  [[nodiscard]] std::string model(const std::string& logits, std::int64_t classes,
                                  std::span<const std::pair<std::string, std::string>> facts);

 private:
  std::string add_codes(const std::string& name, const Shape& shape,
                        std::span<const std::int32_t> values, int type);

  std::unique_ptr<onnx::ModelProto> model_;
  int nodes_ = 0;
};

}  // namespace minima::deploy
