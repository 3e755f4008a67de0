// Replaces tflite_model.cpp and tflite_integers.cpp if the program is built without flatbuffers.
#include "core/error.h"
#include "deploy/tflite/tflite_export.h"

namespace minima::deploy {

std::string tflite_of_integers(const compress::IntegerNetwork& /*network*/,
                               const LogitCodes& /*codes*/, const Provenance& /*provenance*/) {
  throw input_error({"--format tflite", ""}, "this program was built without TensorFlow Lite",
                    "install libflatbuffers-dev and flatbuffers-compiler, and build again");
}

}  // namespace minima::deploy
