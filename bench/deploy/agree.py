#!/usr/bin/env python3
"""Compares exported networks with minima on every test image of MNIST (IDX files).

build/release/minima run bench/deploy/formats.toml --store formats.minima
bench/deploy/agree.py formats.minima --data DIR/mnist --modules web

Each variant that computes in integers is exported as C. It is compiled by gcc -O2, clang -O2 (if
installed) and gcc -O2 with UBSan, all with -std=c99 -Wall -Wextra -Werror -pedantic. Classes and
logits must equal minima's bit for bit. The size of the constants (.rodata under gcc -Os) must equal
that of the manifest, except for the alignment of arrays.

With --modules (a node_modules folder with onnxruntime-node or onnxruntime-web), each network of
floats is exported as ONNX. Classes must equal minima's, and logits must agree within 1e-4. Each
integer variant that ONNX can express is exported too. ONNX rounds ties differently, so its
agreement is reported but not required.
"""

import argparse
import array
import csv
import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

STRICT = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]
COMPILERS = {"gcc": ["gcc", "-O2"], "clang": ["clang", "-O2"],
             "ubsan": ["gcc", "-O2", "-fsanitize=undefined", "-fno-sanitize-recover=all"]}
HERE = Path(__file__).resolve().parent
TOLERANCE = 1e-4  # relative, for logits of float networks
ALIGNMENT = 32  # bytes; gcc aligns larger arrays to it


class Refused(Exception):
    """minima refuses this export; the message is minima's."""


def call(command, folder, **options):
    result = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True,
                            text=True, check=False, **options)
    if result.returncode == 2 and "minima" in str(command[0]):
        raise Refused(result.stderr.strip())
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stderr}")
    return result.stdout


def test_images(data):
    path = next(data.glob("t10k-images*"))
    content = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
    return content[16:]


def sections(object_file, folder):
    """Bytes of code and of constants; relocations of constants are not part of this library."""
    sizes = {"text": 0, "rodata": 0}
    for line in call(["size", "-A", object_file], folder).splitlines():
        for kind in sizes:
            if line.startswith(f".{kind}"):
                sizes[kind] += int(line.split()[1])
    return sizes["text"], sizes["rodata"]


def rows_of(values, width):
    return [values[i:i + width] for i in range(0, len(values), width)]


class Agreement:
    def __init__(self, arguments, folder):
        self.arguments, self.folder = arguments, folder
        self.wrong = 0
        self.programs, self.off, self.codes = 0, [], []  # results of C exports
        self.floats, self.integers, self.refused = [], [], []  # results of ONNX exports

    def export(self, run, options, file, kind):
        call([self.arguments.minima, "export", self.arguments.store.resolve(), run, *options,
              "--format", kind, "-o", self.folder / file, "--data-dir",
              self.arguments.data.resolve().parent], None)

    def expected(self, run, options):
        """The predicted class and the logits of each image, as text."""
        self.export(run, options, "expected.csv", "csv")
        with (self.folder / "expected.csv").open() as file:
            return [row[2:-3] for row in list(csv.reader(file))[1:]]

    def tell(self, name, figures, same):
        self.wrong += not same
        print(f"{'ok   ' if same else 'WRONG'} {name}: {figures}", flush=True)

    def printed_by(self, compiler):
        call([*COMPILERS[compiler], *STRICT, "-I", ".", "net.c", HERE / "each_logits.c", "-o", "net"],
             self.folder)
        with (self.folder / "images").open("rb") as images:
            printed = call(["./net"], self.folder, stdin=images)
        return [line.split() for line in printed.splitlines()]

    def check_c(self, name, run, options, expected):
        self.export(run, options, "net.c", "c")
        manifest = json.loads((self.folder / "net.c.json").read_text())
        compilers = [each for each in COMPILERS if shutil.which(COMPILERS[each][0])]
        same = [each for each in compilers if self.printed_by(each) == [row[1:] for row in expected]]
        self.programs += len(same)
        call([*COMPILERS["gcc"], *STRICT, "net.c", "net_main.c", "-o", "net"], self.folder)
        classes = call(["./net", "images"], self.folder).split()
        call(["gcc", "-Os", *STRICT, "-c", "net.c", "-o", "net.o"], self.folder)
        code, constants = sections("net.o", self.folder)
        arrays = (self.folder / "net.c").read_text().count("static const")
        said = manifest["constant_bytes"]
        self.off.append(constants - said)
        self.codes.append(code)
        self.tell(name, f"{len(expected)} images, accuracy {manifest['test_accuracy']:.4f}, logits as by "
                  f"{' '.join(same)}; code {code} B, constants {constants} B (said {said}), packed "
                  f"{manifest['packed_bytes']} B",
                  same == compilers and classes == [row[0] for row in expected] and 0 <= constants - said < ALIGNMENT * arrays)
        return manifest["logit_scale"]

    def onnx_logits(self, run, options):
        self.export(run, options, "net.onnx", "onnx")
        call(["node", HERE / "onnx_logits.mjs", self.folder, self.arguments.modules.resolve()], None)
        values = array.array("f", (self.folder / "logits").read_bytes())
        return rows_of(values, 10)

    def compare_onnx(self, run, options, expected, scale):
        """Number of images whose class agrees, the largest logit difference, the largest logit."""
        got = self.onnx_logits(run, options)
        if len(got) != len(expected):
            sys.exit(f"ONNX Runtime gave {len(got)} results for {len(expected)} images")
        agreed, difference, largest = 0, 0.0, 0.0
        for ours, theirs in zip(expected, got):
            logits = [float(word) * scale for word in ours[1:]]
            agreed += int(ours[0]) == max(range(10), key=theirs.__getitem__)
            difference = max(difference, max(abs(a - b) for a, b in zip(logits, theirs)))
            largest = max(largest, max(map(abs, logits)))
        return agreed, difference, largest

    def check_onnx_floats(self, name, run, options):
        expected = self.expected(run, options)
        agreed, difference, largest = self.compare_onnx(run, options, expected, 1.0)
        self.floats.append(difference)
        self.tell(f"ONNX {name}", f"{agreed} of {len(expected)} classes agree, logits within "
                  f"{difference:.1e} (largest {largest:.1f})",
                  agreed == len(expected) and difference <= TOLERANCE)

    def check_onnx_integers(self, name, run, options, expected, scale):
        try:
            agreed, difference, largest = self.compare_onnx(run, options, expected, scale)
        except Refused as refusal:
            self.refused.append(str(refusal))
            return
        self.integers.append((agreed / len(expected), difference / largest))
        self.tell(f"ONNX {name}", f"{agreed} of {len(expected)} classes agree, logits within "
                  f"{difference / largest:.1e} of the largest", agreed > 0.9 * len(expected))

    def summary(self):
        print(f"C: {len(self.off)} variants, {self.programs} programs bit for bit; code "
              f"{min(self.codes)} to {max(self.codes)} B; constants {min(self.off):+d} to "
              f"{max(self.off):+d} B beside what manifests say")
        if self.floats:
            print(f"ONNX of floats: {len(self.floats)} networks, logits within {max(self.floats):.1e}")
        if self.integers:
            shares, differences = zip(*self.integers)
            print(f"ONNX of integers: {len(shares)} variants, {100 * sum(shares) / len(shares):.2f} % "
                  f"of classes agree (least {100 * min(shares):.2f} %), logits within "
                  f"{max(differences):.1e} of the largest; {len(self.refused)} refused:")
            for text in sorted(set(self.refused)):
                print(f"  {text}")
        print("all agree" if self.wrong == 0 else f"{self.wrong} WRONG")


def options_of(variant):
    options = []
    if variant["pruning"]:
        options += ["--sparsity", repr(variant["sparsity_asked"]), "--pruning", variant["pruning"]]
    if variant["quantization"]:
        options += ["--bits", variant["format"], "--quantization", variant["quantization"]]
    return options


def check_all(agreement, database, arguments):
    for run in database.execute("SELECT run_id, architecture FROM runs WHERE status = 'finished'"):
        if arguments.modules and arguments.only in run["architecture"]:
            agreement.check_onnx_floats(f"{run['architecture']}, fp32", run["run_id"], [])
    for variant in database.execute(
            "SELECT v.*, r.architecture AS trained FROM variants v JOIN runs r USING (run_id) "
            "WHERE v.arithmetic = 'integer' AND v.tensor = ''"):
        if arguments.only not in variant["trained"]:
            continue
        options, run = options_of(variant), variant["run_id"]
        name = (f"{variant['trained']}, {variant['sparsity_asked']:.0%} pruned, {variant['format']}, "
                f"{variant['quantization']}")
        expected = agreement.expected(run, options)
        scale = agreement.check_c(name, run, options, expected)
        if arguments.modules:
            agreement.check_onnx_integers(name, run, options, expected, scale)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder with t10k-images")
    parser.add_argument("--minima", default="build/release/minima")
    parser.add_argument("--only", default="", help="architectures whose text contains this")
    parser.add_argument("--modules", type=Path, help="node_modules' parent, for ONNX")
    arguments = parser.parse_args()
    arguments.minima = os.path.abspath(arguments.minima)
    database = sqlite3.connect(f"file:{arguments.store / 'runs.sqlite'}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    with tempfile.TemporaryDirectory(prefix="minima-agree-") as name:
        folder = Path(name)
        (folder / "images").write_bytes(test_images(arguments.data))
        agreement = Agreement(arguments, folder)
        check_all(agreement, database, arguments)
    agreement.summary()
    return 0 if agreement.wrong == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
