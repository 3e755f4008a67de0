// The notation of architectures, one line of text that is the key everywhere.
//
//   dnn 32-32      two hidden layers of 32 units
//   dnn linear     no hidden layer
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace minima::study {

/// Fully connected network with ReLU between its layers; hidden widths from input to output.
struct Dnn {
  std::vector<int> hidden;
  bool operator==(const Dnn&) const = default;
};

class Architecture {
 public:
  Architecture() = default;
  explicit Architecture(Dnn dnn) : shape_(std::move(dnn)) {}

  /// Throws an input error (no file, no place) that says what is wrong with the text.
  [[nodiscard]] static Architecture parse(std::string_view text);

  [[nodiscard]] std::string text() const;    ///< canonical; parses back to the same
  [[nodiscard]] std::string family() const;  ///< "dnn"
  [[nodiscard]] const std::variant<Dnn>& shape() const { return shape_; }

  bool operator==(const Architecture&) const = default;

 private:
  std::variant<Dnn> shape_;
};

/// The names that an architecture may begin with: "dnn".
[[nodiscard]] std::vector<std::string> family_names();

}  // namespace minima::study
