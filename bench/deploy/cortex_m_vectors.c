/* Reset vectors of a Cortex-M: initial stack pointer and entry point (newlib's). */
#include <stdint.h>

extern void _start(void);

__attribute__((section(".vectors"), used)) static const struct {
  uintptr_t stack;
  void (*reset)(void);
} vectors = {0x20400000, _start};
