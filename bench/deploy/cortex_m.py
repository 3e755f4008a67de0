#!/usr/bin/env python3
"""Builds an exported C network for a Cortex-M4 and runs it under qemu.

    bench/deploy/cortex_m.py net.c                      size of code and constants, the test image
    bench/deploy/cortex_m.py net.c --images images.raw  their logits, compared with this machine

Needs Debian's gcc-arm-none-eabi, libnewlib-arm-none-eabi and qemu-system-arm. The sizes are
those of the library alone (NAME.c), without the board support, newlib and the surrounding
program.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
STRICT = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Os"]
TARGET = ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb"]
NEEDED = ["gcc", "arm-none-eabi-gcc", "arm-none-eabi-size", "qemu-system-arm"]


def call(command, **options):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True,
                          text=True, **options).stdout


def sections(object_file):
    """Bytes by section; those with a suffix (-fdata-sections) are added to the base section."""
    sizes = {}
    for line in call(["arm-none-eabi-size", "-A", object_file]).splitlines():
        words = line.split()
        if len(words) == 3 and words[0].startswith("."):
            section = "." + words[0].split(".")[1]
            sizes[section] = sizes.get(section, 0) + int(words[1])
    return sizes


def build(source, folder):
    """Returns the library's object file, the program for the board and the program for this
    machine."""
    main = source.with_name(source.stem + "_main.c")
    library, board, native = folder / "library.o", folder / "board.elf", folder / "native"
    call([*TARGET, *STRICT, "-c", source, "-o", library])
    call([*TARGET, "-std=c99", "-Os", "--specs=rdimon.specs", "-I", source.parent, "-T",
          HERE / "cortex_m.ld", HERE / "cortex_m_vectors.c", main, library, "-o", board])
    call(["gcc", *STRICT, source, main, "-o", native])
    return library, board, native


def run_on_board(board, arguments, folder):
    semihosting = ",".join(["enable=on", "target=native", "arg=net",
                            *(f"arg={word}" for word in arguments)])
    return call(["qemu-system-arm", "-M", "mps2-an386", "-nographic", "-monitor", "none", "-serial",
                 "none", "-semihosting-config", semihosting, "-kernel", board],
                cwd=folder, timeout=300)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="NAME.c as minima export wrote it")
    parser.add_argument("--images", type=Path, help="raw images, one after the other")
    arguments = parser.parse_args()
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if missing:
        print(f"not installed: {' '.join(missing)}", file=sys.stderr)
        return 77
    with tempfile.TemporaryDirectory(prefix="minima-cortex-") as name:
        folder = Path(name)
        library, board, native = build(arguments.source.resolve(), folder)
        sizes = sections(library)
        print(f"code {sizes.get('.text', 0)} B, constants {sizes.get('.rodata', 0)} B, "
              f"written to {sizes.get('.data', 0) + sizes.get('.bss', 0)} B")
        words = ["--logits"]
        if arguments.images:
            shutil.copy(arguments.images, folder / "images")
            words.append("images")
        there, here = run_on_board(board, words, folder), call([native, *words], cwd=folder)
        same = there.split() == here.split()
        print(f"{len(here.splitlines())} images under qemu: "
              f"{'the same logits' if same else 'OTHER LOGITS'}")
        return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
