"""Exported TensorFlow Lite models, run by Arm NN, give minima's predictions and logits.

Skipped without Debian's python3-pyarmnn and its backends; scripts/install-deps --oracles installs
them. Arm NN's reference backend computes int8 operators in 32-bit floats, so a value close to a tie
may be rounded in the other way there.
"""

import csv
import hashlib
import importlib.util
import json
import os
import random
import sys
import unittest

import program

SKIPPED = 77
CLASSES = ["a'b", "green", "r\u00efng"]
HEIGHT, WIDTH = 11, 10

STUDY = """
[study]
name = "{name}"
replicates = 1
weights = "all"

[data]
datasets = ["{data}"]

[train]
epochs = 3
batch = 20
learning_rate = 0.01
scaling = "{scaling}"

[[design]]
architectures = [{architectures}]

[[quantization.protocol]]
formats = ["int8", "int4"]
activations = "int8"
granularity = "channel"

[[quantization.protocol]]
formats = ["int8"]
activations = "int8"
granularity = "tensor"

[[quantization.protocol]]
formats = ["ternary"]
activations = "int4"
granularity = "channel"
"""


def picture(kind, channels, draw):
    """Noise [height][width][channels] with a bright row, column or corner."""
    at = draw.randrange(3, 8)
    lit = [lambda y, x: y == at, lambda y, x: x == at, lambda y, x: y + x < at + 1][kind]
    return [[[min(255, draw.randrange(90) + (150 if lit(y, x) and c != kind else 0))
              for c in range(channels)] for x in range(WIDTH)] for y in range(HEIGHT)]


class Interpreter:
    """Runs a model in Arm NN's reference backend."""

    def __init__(self, path):
        import pyarmnn
        self.armnn = pyarmnn
        parser = pyarmnn.ITfLiteParser()
        network = parser.CreateNetworkFromBinaryFile(str(path))
        (image,) = parser.GetSubgraphInputTensorNames(0)
        (logits,) = parser.GetSubgraphOutputTensorNames(0)
        self.image = parser.GetNetworkInputBindingInfo(0, image)
        self.logits = parser.GetNetworkOutputBindingInfo(0, logits)
        self.runtime = pyarmnn.IRuntime(pyarmnn.CreationOptions())
        optimized, _ = pyarmnn.Optimize(network, [pyarmnn.BackendId("CpuRef")],
                                        self.runtime.GetDeviceSpec(), pyarmnn.OptimizerOptions())
        self.number, _ = self.runtime.LoadNetwork(optimized)

    def __call__(self, picture):
        import numpy
        codes = (numpy.array(picture, numpy.int16) - 128).astype(numpy.int8)[None]
        inputs = self.armnn.make_input_tensors([self.image], [codes])
        outputs = self.armnn.make_output_tensors([self.logits])
        self.runtime.EnqueueWorkload(self.number, inputs, outputs)
        return [int(code) for code in self.armnn.workload_tensors_to_ndarray(outputs)[0].flat]


class TfliteModels(program.ProgramTest):
    def make_images(self, name, channels):
        """A table of pixels with 120 training images; returns the 45 test images."""
        draw = random.Random(channels)
        tests = []
        for split, count in (("train", 120), ("test", 45)):
            lines = []
            for number in range(count):
                kind = number % 3
                pixels = picture(kind, channels, draw)
                tests.append(pixels)
                flat = [str(value) for row in pixels for pixel in row for value in pixel]
                lines.append(f"{CLASSES[kind]}," + ",".join(flat))
            self.write(f"{name}/{split}.csv", "\n".join(lines) + "\n")
        return tests[120:]

    def run_study(self, name, channels, architectures, scaling="unit"):
        data = f"{name} size={HEIGHT}x{WIDTH}" + (" channels=3" if channels == 3 else "")
        names = ", ".join(f'"{each}"' for each in architectures)
        self.write(f"{name}.toml", STUDY.format(name=name, data=data, architectures=names,
                                                scaling=scaling))
        self.ok("run", f"{name}.toml", "--quiet")

    def export(self, store, run, variant, name, file):
        bits, protocol = variant
        result = self.minima("export", store, run, "--bits", bits, "--quantization", protocol,
                             "--format", name, "-o", file)
        if "built without TensorFlow Lite" in result.stderr:
            self.skipTest("built without TensorFlow Lite")
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stderr

    def check(self, store, run, variant, pictures, counts):
        said = self.export(store, run, variant, "tflite", "net.tflite")
        self.export(store, run, variant, "c", "net.c")
        self.export(store, run, variant, "csv", "net.csv")
        manifest = json.loads((self.folder / "net.tflite.json").read_text())
        step = json.loads((self.folder / "net.c.json").read_text())["logit_scale"]
        with (self.folder / "net.csv").open() as opened:
            rows = [[int(cell) for cell in row[:-3]] for row in list(csv.reader(opened))[1:]]
        self.assertEqual(len(rows), len(pictures))
        run_model = Interpreter(self.folder / "net.tflite")
        changed = 0
        for row, pixels in zip(rows, pictures):
            predicted, logits = row[2], row[3:]
            codes = run_model(pixels)
            for logit, code in zip(logits, codes):
                exact = logit * step / manifest["logit_scale"] + manifest["logit_zero_point"]
                exact = min(max(exact, -128), 127)
                self.assertLessEqual(abs(code - exact), 1.5, f"{variant}: within one step")
                counts["steps"] += abs(code - exact) > 0.51
                counts["logits"] += 1
            changed += codes.index(max(codes)) != predicted
        counts["predictions"] += len(rows)
        counts["changed"] += changed
        # What minima said about the model before anything ran it.
        counts["unexpected"] += abs(changed - manifest["changed_predictions"])
        self.assertIn(f"for {manifest['changed_predictions']} of {len(rows)} test images", said)

    def check_study(self, name, pictures):
        store = f"{name}.minima"
        rows = list(csv.DictReader(self.ok("export", store, "--table", "variants").splitlines()))
        counts = dict.fromkeys(("steps", "logits", "predictions", "changed", "unexpected"), 0)
        seen = set()
        for row in rows:
            if not row["quantization"]:
                continue
            variant = row["format"], row["quantization"]
            with self.subTest(name=name, architecture=row["architecture"], variant=variant):
                self.check(store, row["run_id"], variant, pictures, counts)
                seen.add(row["architecture"])
        print(f"{name}: {counts}", file=sys.stderr)
        self.assertLessEqual(counts["steps"], 0.01 * counts["logits"])
        self.assertLessEqual(counts["changed"], 0.02 * counts["predictions"])
        self.assertLessEqual(counts["unexpected"], 0.01 * counts["predictions"])
        return seen

    def test_colour(self):
        pictures = self.make_images("colour", 3)
        architectures = ["dnn 5", "dnn 8-6", "cnn 2", "cnn 3-4 pad1 max2", "cnn 3 pad1 avg2 gap",
                         "cnn 2 k5 s2 pad2"]
        self.run_study("colour", 3, architectures)
        self.assertEqual(self.check_study("colour", pictures), set(architectures))

    def test_padding_around_shifted_pixels(self):
        pictures = self.make_images("grey", 1)
        architectures = ["dnn 6", "cnn 2 pad1", "cnn 2-2 s2 pad1"]
        self.run_study("grey", 1, architectures, "standardised")
        self.assertEqual(self.check_study("grey", pictures), set(architectures))

    def test_files_beside_the_model(self):
        self.make_images("grey", 1)
        self.run_study("grey", 1, ["dnn 4"])
        run = self.rows("grey.minima", "runs")[0][0]
        self.export("grey.minima", run, ("int8", "tensor"), "tflite", "net.tflite")
        model = (self.folder / "net.tflite").read_bytes()
        self.assertEqual(model[4:8], b"TFL3")
        self.assertIn(json.dumps(CLASSES, ensure_ascii=False, separators=(",", ":")).encode(), model)
        self.assertEqual((self.folder / "labels.txt").read_text().splitlines(), CLASSES)
        manifest = json.loads((self.folder / "net.tflite.json").read_text())
        self.assertEqual([each["name"] for each in manifest["files"]],
                         ["net.tflite", "labels.txt", "net.tflite.md"])
        self.assertEqual(manifest["files"][0]["sha256"], hashlib.sha256(model).hexdigest())
        self.assertEqual(manifest["exported_as"], "tflite")
        card = (self.folder / "net.tflite.md").read_text()
        self.assertIn("Its logits have 8 bits, in steps of ", card)
        self.assertIn(f"1 x {HEIGHT} x {WIDTH} x 1 (images x height x width x channels)", card)


def main():
    # Arm NN's warnings about parsers that it lacks would drown the report.
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    if importlib.util.find_spec("pyarmnn") is None:
        print("skipped: no pyarmnn; scripts/install-deps --oracles installs python3-pyarmnn")
        return SKIPPED
    return 0 if unittest.main(argv=sys.argv[:1], exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
