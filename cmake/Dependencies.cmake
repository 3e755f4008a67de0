# Dependencies of minima; docs/decisions/0002-dependencies.md gives the reason for each.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(LibArchive REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(PNG REQUIRED)
find_package(JPEG REQUIRED)
find_package(TIFF REQUIRED)
pkg_check_modules(LEPTONICA REQUIRED IMPORTED_TARGET lept)
pkg_check_modules(EXIF REQUIRED IMPORTED_TARGET libexif)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(HWY REQUIRED IMPORTED_TARGET libhwy)
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)
add_library(random123 INTERFACE)
target_include_directories(random123 SYSTEM INTERFACE ${RANDOM123_INCLUDE_DIR})

# The system's headers only.
find_path(BOOST_MATH_INCLUDE_DIR boost/math/distributions.hpp REQUIRED)

find_path(XSMM_INCLUDE_DIR libxsmm.h)
find_library(XSMM_LIBRARY xsmm)
find_library(XSMM_NOBLAS_LIBRARY xsmmnoblas)
# Kernels are built outside libxsmm's registry (kernels/products/gemm_libxsmm.cpp), with functions that only
# the static library provides.
if(XSMM_INCLUDE_DIR AND XSMM_LIBRARY AND XSMM_NOBLAS_LIBRARY)
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_INCLUDES ${XSMM_INCLUDE_DIR})
  set(CMAKE_REQUIRED_LIBRARIES ${XSMM_LIBRARY} ${XSMM_NOBLAS_LIBRARY} Threads::Threads
                               ${CMAKE_DL_LIBS})
  check_cxx_source_compiles("
    #include <libxsmm.h>
    #include <libxsmm/libxsmm_main.h>
    int main() {
      libxsmm_build_request request{};
      libxsmm_code_pointer code{};
      int flags = LIBXSMM_MALLOC_FLAG_X;
      return libxsmm_build(&request, LIBXSMM_CAPACITY_REGISTRY, &code) +
             libxsmm_get_malloc_xinfo(code.ptr, nullptr, &flags, nullptr);
    }" MINIMA_XSMM_BUILDS)
  unset(CMAKE_REQUIRED_INCLUDES)
  unset(CMAKE_REQUIRED_LIBRARIES)
endif()
if(MINIMA_GEMM STREQUAL "auto")
  if(MINIMA_XSMM_BUILDS)
    set(MINIMA_GEMM_CHOSEN libxsmm)
  else()
    set(MINIMA_GEMM_CHOSEN portable)
  endif()
else()
  set(MINIMA_GEMM_CHOSEN ${MINIMA_GEMM})
endif()
message(STATUS "minima: matrix products by ${MINIMA_GEMM_CHOSEN}")

find_path(ONNX_INCLUDE_DIR onnx/onnx_pb.h)
find_library(ONNX_PROTO_LIBRARY onnx_proto)
find_library(PROTOBUF_LIBRARY protobuf)
if(ONNX_INCLUDE_DIR AND ONNX_PROTO_LIBRARY AND PROTOBUF_LIBRARY)
  set(MINIMA_ONNX ON)
else()
  set(MINIMA_ONNX OFF)
endif()
message(STATUS "minima: export to ONNX ${MINIMA_ONNX}")

# The headers check that flatc has their version.
find_path(FLATBUFFERS_INCLUDE_DIR flatbuffers/flatbuffers.h)
find_program(FLATC flatc)
if(FLATBUFFERS_INCLUDE_DIR AND FLATC)
  set(MINIMA_TFLITE ON)
else()
  set(MINIMA_TFLITE OFF)
endif()
message(STATUS "minima: export to TensorFlow Lite ${MINIMA_TFLITE}")

if(MINIMA_TESTS)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
  include(GoogleTest)
  # Debian's own interpreter comes first, because it finds the PyTorch and SciPy packages.
  find_program(MINIMA_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
  find_program(MINIMA_PYTHON NAMES python3 REQUIRED)
endif()
if(MINIMA_BENCHMARKS)
  find_package(benchmark QUIET)
  if(NOT benchmark_FOUND)
    set(MINIMA_BENCHMARKS OFF)
  endif()
endif()
