#!/usr/bin/env python3
"""Compares exported networks with minima on every test image of a store's MNIST-like dataset (IDX files).

    bench/deploy/agree.py digits.minima --data data/mnist

Each variant that computes in integers is exported as C, compiled by gcc (and clang, where it is) with
-std=c99 -Wall -Wextra -Werror -pedantic, and by gcc with UBSan; classes and logits must be minima's bit for
bit, and the constants as many bytes as the manifest says. With --modules (a node_modules folder with
onnxruntime-node or onnxruntime-web), each network of floats is exported as ONNX; classes must be minima's.
"""

import argparse
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
COMPILERS = {"gcc": ["gcc", "-Os"], "clang": ["clang", "-O2"],
             "ubsan": ["gcc", "-O1", "-fsanitize=undefined", "-fno-sanitize-recover=all"]}
RUN_ONNX = Path(__file__).resolve().parent / "onnx_classes.mjs"


def call(command, folder):
    result = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True,
                            text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stderr}")
    return result.stdout


def test_images(data):
    path = next(data.glob("t10k-images*"))
    content = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
    return content[16:]


class Agreement:
    def __init__(self, arguments, folder):
        self.arguments, self.folder = arguments, folder
        self.wrong = 0

    def export(self, run, options, file, kind):
        call([self.arguments.minima, "export", self.arguments.store.resolve(), run, *options,
              "--format", kind, "-o", self.folder / file], None)

    def expected(self, run, options):
        self.export(run, options, "expected.csv", "csv")
        rows = list(csv.reader((self.folder / "expected.csv").open()))[1:]
        return [[int(cell) for cell in row[2:]] for row in rows]

    def tell(self, name, figures, same):
        self.wrong += not same
        print(f"{'ok   ' if same else 'WRONG'} {name}: {figures}", flush=True)

    def check_c(self, name, run, options):
        expected = self.expected(run, options)
        self.export(run, options, "net.c", "c")
        manifest = json.loads((self.folder / "net.c.json").read_text())
        same = True
        for compiler, command in COMPILERS.items():
            if shutil.which(command[0]) is None:
                continue
            call([*command, *STRICT, "net.c", "net_main.c", "-o", "net"], self.folder)
            printed = call(["./net", "--logits", "images"], self.folder).splitlines()
            got = [[int(word) for word in line.split()] for line in printed]
            same = same and got == expected
        call([*COMPILERS["gcc"], *STRICT, "-c", "net.c", "-o", "net.o"], self.folder)
        sizes = dict(line.split()[:2] for line in call(["size", "-A", "net.o"], self.folder)
                     .splitlines() if line.startswith("."))
        code = sum(int(size) for section, size in sizes.items() if section.startswith(".text"))
        constants = sum(int(size) for section, size in sizes.items()
                        if section.startswith(".rodata"))
        # The compiler may drop an array of equal values, or align one.
        near = abs(constants - manifest["constant_bytes"]) <= 256
        self.tell(name, f"{len(expected)} images, accuracy {manifest['test_accuracy']:.4f}, code "
                  f"{code} B, constants {constants} B (said {manifest['constant_bytes']}), "
                  f"packed {manifest['packed_bytes']} B", same and near)

    def check_onnx(self, name, run, options, must_agree):
        expected = [row[0] for row in self.expected(run, options)]
        self.export(run, options, "net.onnx", "onnx")
        got = json.loads(call(["node", RUN_ONNX, self.folder, self.arguments.modules.resolve()], None))
        agreed = sum(a == b for a, b in zip(got, expected))
        self.tell(f"ONNX {name}", f"{agreed} of {len(expected)} classes agree",
                  len(got) == len(expected) and (agreed == len(expected) or not must_agree))


def options_of(variant):
    options = []
    if variant["pruning"]:
        options += ["--sparsity", repr(variant["sparsity_asked"]), "--pruning", variant["pruning"]]
    if variant["quantization"]:
        options += ["--bits", variant["format"], "--quantization", variant["quantization"]]
    return options


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
        for run in database.execute("SELECT run_id, architecture FROM runs WHERE status = 'finished'"):
            if arguments.modules and arguments.only in run["architecture"]:
                agreement.check_onnx(f"{run['architecture']}, fp32", run["run_id"], [], True)
        for variant in database.execute(
                "SELECT v.*, r.architecture AS trained FROM variants v JOIN runs r USING (run_id) "
                "WHERE v.arithmetic = 'integer' AND v.tensor = ''"):
            if arguments.only not in variant["trained"]:
                continue
            name = (f"{variant['trained']}, {variant['pruning'] or 'dense'} "
                    f"{variant['sparsity_asked']:.2f}, {variant['format']}, activations "
                    f"{variant['activations']}")
            agreement.check_c(name, variant["run_id"], options_of(variant))
            if arguments.modules and variant["bits"] <= 8 and variant["activations"] != "int16":
                agreement.check_onnx(name, variant["run_id"], options_of(variant), False)
    print("all agree" if agreement.wrong == 0 else f"{agreement.wrong} WRONG")
    return 0 if agreement.wrong == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
