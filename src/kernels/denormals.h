#pragma once

#include <cstdint>

namespace minima::kernels {

/// While alive, this thread's floating-point unit takes denormal numbers for zero: the second
/// moments of Adam reach them, and they cost a hundred cycles each. Nothing on processors without
/// the switch.
class FlushDenormals {
 public:
  FlushDenormals();
  ~FlushDenormals();
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  std::uint64_t before_ = 0;
};

}  // namespace minima::kernels
