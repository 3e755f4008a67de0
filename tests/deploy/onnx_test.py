"""ONNX models of random networks of every family, run by ONNX Runtime, give minima's logits.

Skipped without node, and without the npm package onnxruntime-web in web/node_modules, where
scripts/install-deps puts it; $MINIMA_NODE_MODULES names another folder, onnxruntime-node does as well.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
SKIPPED = 77
RESULTS = []


class Onnx(unittest.TestCase):
    def test_floats_are_minimas_within_rounding(self):
        floats = [each for each in RESULTS if not each["step"]]
        self.assertGreaterEqual({each["name"].split()[0] for each in floats}, {"dnn", "cnn", "vit"})
        for each in floats:
            with self.subTest(each["name"]):
                self.assertLessEqual(each["difference"], 1e-4 * max(1.0, each["largest"]))
                self.assertEqual(each["agreed"], each["images"])

    def test_integers_are_minimas_within_steps_of_activations(self):
        integers = [each for each in RESULTS if each["step"]]
        self.assertTrue(integers)
        for each in integers:
            with self.subTest(each["name"]):
                # Activations that are a step off add up over a few layers.
                self.assertLessEqual(each["difference"], 0.05 * each["largest"] + 3 * each["step"])
        agreed = sum(each["agreed"] for each in integers)
        images = sum(each["images"] for each in integers)
        print(f"integer models: {agreed} of {images} predictions agree", file=sys.stderr)
        self.assertGreaterEqual(agreed, 0.98 * images)


def main():
    if shutil.which("node") is None:
        print("skipped: node is not installed")
        return SKIPPED
    modules = os.environ.get("MINIMA_NODE_MODULES", str(HERE.parents[1] / "web"))
    with tempfile.TemporaryDirectory(prefix="minima-onnx-") as folder:
        traced = subprocess.run([sys.argv[1], folder], capture_output=True, text=True, check=False)
        if traced.returncode != 0 and "without ONNX" in traced.stderr:
            print("skipped: this build has no ONNX")
            return SKIPPED
        if traced.returncode != 0:
            print(traced.stderr)
            return 1
        run = subprocess.run(["node", HERE / "run_onnx.mjs", folder, modules],
                             capture_output=True, text=True, check=False)
    if run.returncode == SKIPPED:
        print("skipped: no web/node_modules/onnxruntime-web; scripts/install-deps makes it")
        return SKIPPED
    if run.returncode != 0:
        print(run.stderr)
        return 1
    RESULTS.extend(json.loads(run.stdout.splitlines()[-1]))
    return 0 if unittest.main(argv=sys.argv[:1], exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
