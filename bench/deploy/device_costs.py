#!/usr/bin/env python3
"""Measures what exported C costs on the cores of `minima recommend --device`.

    bench/deploy/device_costs.py net.c other.c ...

Each NAME.c needs its manifest NAME.c.json beside it. For Cortex-M0+, M3 and M4 the script counts
instructions under qemu (-icount, one nanosecond an instruction); for AVR it counts cycles under
simavr. Then it fits

    count = dense x multiply-adds of dense layers + convolution x those of convolutions
            + output x values written
    code bytes = whole + layer x layers

to the networks, by least squares of relative errors, separately for weights of 8 bits and others.
src/study/devices.cpp has rounded figures.
Needs Debian's gcc-arm-none-eabi, libnewlib-arm-none-eabi, qemu-system-arm, gcc-avr, avr-libc and
simavr.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TICK = 40  # nanoseconds of a SysTick of the board (25 MHz), and so instructions
NEEDED = ["arm-none-eabi-gcc", "arm-none-eabi-size", "qemu-system-arm", "avr-gcc", "avr-size",
          "simavr"]

COMMON = """
#include "%(name)s.h"
static uint8_t image[%(guard)s_PIXELS];
static %(prefix)s_memory memory;
static void draw(void) {
  uint32_t state = 1;
  long i;
  for (i = 0; i < %(guard)s_PIXELS; ++i) {
    state = state * 1664525u + 1013904223u;
    image[i] = (uint8_t)(state >> 24);
  }
}
"""
ARM = COMMON + """
#include <stdio.h>
#define REGISTER(at) (*(volatile uint32_t *)(at))
int main(void) {
  uint32_t begin;
  volatile int found;
  draw();
  REGISTER(0xE000E014) = 0xFFFFFF;
  REGISTER(0xE000E018) = 0;
  REGISTER(0xE000E010) = 5;
  while (REGISTER(0xE000E018) == 0) {}
  begin = REGISTER(0xE000E018);
  found = %(prefix)s_class(image, &memory);
  printf("%%ld\\n", (long)(begin - REGISTER(0xE000E018)));
  return found < 0;
}
"""
AVR = COMMON + """
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
static void put(char c) {
  while (!(UCSR0A & (1 << UDRE0))) {}
  UDR0 = (uint8_t)c;
}
int main(void) {
  uint16_t ticks;
  char digits[6];
  uint8_t count = 0;
  volatile int found;
  UCSR0B = 1 << TXEN0;
  draw();
  TCNT1 = 0;
  TCCR1B = 5; /* a tick is 1024 cycles */
  found = %(prefix)s_class(image, &memory);
  ticks = TCNT1;
  if (TIFR1 & (1 << TOV1)) put('!');
  (void)found;
  do {
    digits[count++] = (char)('0' + ticks %% 10);
    ticks /= 10;
  } while (ticks);
  while (count) put(digits[--count]);
  put('\\n');
  cli();
  sleep_enable();
  sleep_cpu();
  return 0;
}
"""
# A program that does nothing but one prediction, for the size of the code.
BARE = COMMON + """
int main(void) {
  (void)draw;
  return %(prefix)s_class(image, &memory);
}
"""


def call(command, **options):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True,
                          text=True, **options).stdout


class Network:
    def __init__(self, source):
        self.source = source
        manifest = json.loads(source.with_name(source.name + ".json").read_text())
        self.dense = manifest["multiply_adds"] - manifest["convolution_multiply_adds"]
        self.convolution = manifest["convolution_multiply_adds"]
        self.outputs = manifest["layer_outputs"]
        self.constants = manifest["constant_bytes"]
        self.label = f"{manifest['architecture']} {manifest['number_format']}"
        text = source.read_text()
        self.prefix = re.search(r"^void (\w+)_logits\(", text, re.MULTILINE).group(1)
        self.layers = len(re.findall(r"^static void ", text, re.MULTILINE))

    def write(self, folder, program):
        words = {"name": self.source.stem, "prefix": self.prefix, "guard": self.prefix.upper()}
        path = folder / "measure.c"
        path.write_text(program % words)
        return path


def text_bytes(tool, program):
    return int(call([tool, program]).splitlines()[1].split()[0])


def arm(network, folder, core):
    """Instructions of a prediction, and bytes of code."""
    target = ["arm-none-eabi-gcc", f"-mcpu={core}", "-mthumb", "-std=c99", "-Os", "-I",
              network.source.parent]
    board = folder / "board.elf"
    call([*target, "--specs=rdimon.specs", "-T", HERE / "cortex_m.ld", HERE / "cortex_m_vectors.c",
          network.write(folder, ARM), network.source, "-o", board])
    ticks = int(call(["qemu-system-arm", "-M", "mps2-an386", "-icount", "shift=0,align=off,sleep=off",
                      "-nographic", "-monitor", "none", "-serial", "none", "-semihosting-config",
                      "enable=on,target=native", "-kernel", board], timeout=600))
    bare = folder / "bare.elf"
    call([*target, "-nostartfiles", "-Wl,--gc-sections", "-Wl,-emain", network.write(folder, BARE),
          network.source, "-o", bare])
    return ticks * TICK, text_bytes("arm-none-eabi-size", bare) - network.constants


def avr(network, folder):
    """Cycles of a prediction, and bytes of code."""
    target = ["avr-gcc", "-mmcu=atmega328p", "-std=c99", "-Os", "-I", network.source.parent]
    board = folder / "board.elf"
    call([*target, network.write(folder, AVR), network.source, "-o", board])
    # simavr prints each line of the serial port in colour, with a dot for the line feed.
    simulated = subprocess.run(["simavr", "-m", "atmega328p", "-f", "16000000", board], check=True,
                               capture_output=True, text=True, timeout=600)
    said = re.sub("\x1b\\[[0-9;]*m", "", simulated.stdout + simulated.stderr)
    ticks = re.search(r"^(!?\d+)\.$", said, re.MULTILINE).group(1)
    if ticks.startswith("!"):
        raise OverflowError("the timer overflowed")
    bare = folder / "bare.elf"
    call([*target, network.write(folder, BARE), network.source, "-o", bare])
    return int(ticks) * 1024, text_bytes("avr-size", bare) - network.constants


def solve(matrix, right):
    """Gaussian elimination; columns without information get 0."""
    n = len(right)
    rows = [list(row) + [value] for row, value in zip(matrix, right)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        if abs(rows[i][i]) < 1e-12:
            continue
        for r in range(n):
            if r != i:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    return [row[n] / row[i] if abs(row[i]) > 1e-12 else 0.0 for i, row in enumerate(rows)]


def fit(terms, values):
    """Coefficients that minimize the relative squared errors; and the largest of these errors."""
    scaled = [[term / value for term in row] for row, value in zip(terms, values)]
    n = len(terms[0])
    normal = [[sum(row[i] * row[j] for row in scaled) for j in range(n)] for i in range(n)]
    found = solve(normal, [sum(row[i] for row in scaled) for i in range(n)])
    worst = max(abs(sum(a * b for a, b in zip(row, found)) - 1) for row in scaled)
    return found, worst


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path, nargs="+", help="NAME.c as minima export wrote it")
    arguments = parser.parse_args()
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    if missing:
        print(f"not installed: {' '.join(missing)}", file=sys.stderr)
        return 77
    networks = [Network(source.resolve()) for source in arguments.sources]
    cores = {"avr": avr}
    for core in ("cortex-m0plus", "cortex-m3", "cortex-m4"):
        cores[core] = lambda network, folder, core=core: arm(network, folder, core)
    for core, measure in cores.items():
        measured = {}
        with tempfile.TemporaryDirectory(prefix="minima-costs-") as name:
            for network in networks:
                try:
                    count, code = measure(network, Path(name))
                except (subprocess.CalledProcessError, OverflowError) as error:
                    print(f"{core:<14} {network.label:<40} does not fit: "
                          f"{str(getattr(error, 'stderr', error)).strip()[-80:]}")
                    continue
                products = network.dense + network.convolution
                print(f"{core:<14} {network.label:<40} {count:>10} a prediction, "
                      f"{count / products:6.1f} a multiply-add, code {code} B", flush=True)
                kind = "8 bits" if network.label.endswith(" int8") else "other bits"
                measured.setdefault(kind, []).append((network, count, code))
        for kind, rows in measured.items():
            terms = [[each.dense, each.convolution, each.outputs] for each, _, _ in rows]
            (dense, convolution, output), worst = fit(terms, [count for _, count, _ in rows])
            (whole, layer), worst_code = fit([[1, each.layers] for each, _, _ in rows],
                                             [code for _, _, code in rows])
            print(f"{core}, {kind}: dense {dense:.1f}, convolution {convolution:.1f}, output {output:.0f} "
                  f"(worst {100 * worst:.0f} %); code {whole:.0f} + {layer:.0f} a layer "
                  f"(worst {100 * worst_code:.0f} %)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
