// Builds a TensorFlow Lite model of int8 operators. The flatbuffers library writes the format; only
// tflite_model.cpp depends on it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tflite {
struct ModelT;
struct OperatorT;
}  // namespace tflite

namespace minima::deploy {

class TfliteModel {
 public:
  using Shape = std::vector<std::int32_t>;

  /// real = scale x (code - zero_point)
  struct Quantization {
    std::vector<float> scales;  ///< one, or one for each index of `dimension`
    std::int64_t zero_point = 0;
    std::int32_t dimension = 0;
  };

  /// The window of a convolution or of pooling.
  struct Window {
    int height = 1;
    int width = 1;
    int stride = 1;
    bool is_same = false;  ///< padding SAME, else VALID
  };

  TfliteModel();
  ~TfliteModel();
  TfliteModel(const TfliteModel&) = delete;
  TfliteModel& operator=(const TfliteModel&) = delete;

  // Tensors are identified by number; each function returns the number of the tensor that it adds.

  /// Adds computed int8 codes.
  int add_codes(const std::string& name, const Shape& shape, const Quantization& quantization);
  /// Adds constants of int8, each in -128..127.
  int add_int8(const std::string& name, const Shape& shape, std::span<const std::int32_t> values,
               const Quantization& quantization);
  /// Adds constants of int32; without scales they are plain integers.
  int add_int32(const std::string& name, const Shape& shape, std::span<const std::int32_t> values,
                const Quantization& quantization);

  // Operators, in the order in which they run. `output`: a tensor of add_codes().

  /// `inputs`: image, weights [filters][height][width][channels], biases.
  void convolve(const std::vector<int>& inputs, int output, const Window& window, bool relu);
  /// `inputs`: image, weights [1][height][width][channels], biases.
  void convolve_by_channel(const std::vector<int>& inputs, int output, const Window& window);
  /// `inputs`: features, weights [outputs][inputs], biases.
  void connect(const std::vector<int>& inputs, int output, bool relu);
  void pool_max(int input, int output, const Window& window);
  /// `inputs`: image, and constants [4][2]: the values before and after in each dimension.
  void pad(const std::vector<int>& inputs, int output);
  void reshape(int input, int output, const Shape& shape);
  void take_minimum(const std::vector<int>& inputs, int output);

  void set_description(const std::string& text);
  void add_metadata(const std::string& name, const std::string& content);

  /// The serialised model. Its output is int8 codes, like its input.
  [[nodiscard]] std::string bytes(int input, int output);

 private:
  enum class Code;
  int add_tensor(const std::string& name, const Shape& shape, const Quantization& quantization,
                 std::vector<std::uint8_t> constants);
  /// The new operator, without options.
  tflite::OperatorT& add(Code code, std::vector<int> inputs, int output);

  std::unique_ptr<tflite::ModelT> model_;
};

}  // namespace minima::deploy
