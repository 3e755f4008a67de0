// Replaces onnx_*.cpp if the program is built without the ONNX library.
#include "core/error.h"
#include "deploy/onnx/onnx_export.h"

namespace minima::deploy {
namespace {

Error absent() {
  return input_error({"--format onnx", ""}, "this program was built without ONNX",
                     "install libonnx-dev and build again");
}

}  // namespace

std::string onnx_of_floats(const network::Architecture& /*architecture*/,
                           std::span<const float> /*values*/, const Provenance& /*provenance*/) {
  throw absent();
}

std::string onnx_of_integers(const compress::IntegerNetwork& /*network*/,
                             const Provenance& /*provenance*/) {
  throw absent();
}

}  // namespace minima::deploy
