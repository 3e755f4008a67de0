"""docs/deployment.md from beginning to end, on drawn images; and what exports contain."""

import contextlib
import csv
import hashlib
import io
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import unittest
import zlib
from pathlib import Path

import program

PAGE = Path(os.environ["MINIMA_SOURCE"]) / "docs" / "deployment.md"
SIDE = 12


def png(pixels):
    """A grey image of rows of bytes."""
    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
    rows = b"".join(b"\0" + bytes(row) for row in pixels)
    header = struct.pack(">IIBBBBB", len(pixels[0]), len(pixels), 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) +
            chunk(b"IEND", b""))


def shape(kind, draw):
    """A bar, a ring or a dot somewhere on a noisy ground."""
    x, y = draw.uniform(4, 7), draw.uniform(4, 7)

    def lit(row, column):
        distance = ((row - y) ** 2 + (column - x) ** 2) ** 0.5
        return {"bar": abs(row - y) < 1.2, "ring": 2.5 < distance < 4.5, "dot": distance < 2}[kind]

    return [[min(255, draw.randrange(60) + 180 * lit(row, column)) for column in range(SIDE)]
            for row in range(SIDE)]


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


class Deployment(program.ProgramTest):
    def draw_images(self):
        draw = random.Random(1)
        for split, count in (("train", 80), ("test", 40)):
            for kind in ("bar", "dot", "ring"):
                for number in range(count):
                    self.write(f"photos/{split}/{kind}/{number:03}.png", png(shape(kind, draw)))

    def shell(self, command):
        environment = program.environment()
        environment["PATH"] = f"{Path(program.PROGRAM).parent}:{environment['PATH']}"
        result = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=self.folder,
                                env=environment, capture_output=True, text=True, timeout=300,
                                check=False)
        if "built without ONNX" in result.stderr:
            print(f"skipped without ONNX: {command}", file=sys.stderr)
            return ""
        self.assertEqual(result.returncode, 0, f"{command}\n{result.stderr}")
        return result.stdout

    def check_manifest(self, path, files):
        manifest = json.loads((self.folder / path).read_text())
        self.assertEqual([each["name"] for each in manifest["files"]], files)
        for each in manifest["files"]:
            content = (self.folder / each["name"]).read_bytes()
            self.assertEqual(each["bytes"], len(content))
            self.assertEqual(each["sha256"], hashlib.sha256(content).hexdigest())
        self.assertEqual(manifest["study"], "shapes")
        self.assertEqual(manifest["test_accuracy"], manifest["recorded_test_accuracy"])
        return manifest

    def raw_images(self):
        """Raw bytes of the test images, in the order of the dataset: one of each class in turn."""
        images = []
        for number in range(40):
            for kind in ("bar", "dot", "ring"):
                data = (self.folder / f"photos/test/{kind}/{number:03}.png").read_bytes()
                at = data.index(b"IDAT")
                length = struct.unpack(">I", data[at - 4:at])[0]
                rows = zlib.decompress(data[at + 4:at + 4 + length])
                images.append(b"".join(rows[i * 13 + 1:(i + 1) * 13] for i in range(SIDE)))
        return b"".join(images)

    def rows_of(self, file):
        with (self.folder / file).open() as opened:
            return [[int(cell) for cell in row] for row in list(csv.reader(opened))[1:]]

    def check_program(self):
        """All test images through the C program: minima's classes and logits bit for bit."""
        manifest = self.check_manifest("shapes.c.json", ["shapes.c", "shapes.h", "shapes_main.c"])
        self.write("all.raw", self.raw_images())
        expected = self.rows_of("expected.csv")
        printed = self.shell("./shapes --logits all.raw").splitlines()
        # Class, its name, logits.
        printed = [[int(word) for word in line.split() if not word.isalpha()] for line in printed]
        self.assertEqual(printed, [row[2:] for row in expected])
        right = sum(row[1] == row[2] for row in expected)
        self.assertAlmostEqual(right / len(expected), manifest["test_accuracy"], places=12)

    def check_pytorch(self):
        """The weights in PyTorch's modules give minima's predictions."""
        try:
            import torch
        except ImportError:
            print("skipped without PyTorch: safetensors in modules", file=sys.stderr)
            return
        sys.path.insert(0, str(PAGE.parent.parent / "tests" / "engine"))
        import parity_models
        loader = {}
        with contextlib.redirect_stdout(io.StringIO()), contextlib.chdir(self.folder):
            exec(blocks("python")[0], loader)  # the page's own
        tensors, facts = loader["tensors"], loader["facts"]
        family, widths, *options = facts["architecture"].split()
        widths = [int(width) for width in widths.split("-")]
        pooling = {"pooling": torch.nn.MaxPool2d} if "max2" in options else {}
        model = getattr(parity_models, family)(widths, (1, SIDE, SIDE), 3, **pooling)
        model.load_state_dict({name: torch.tensor(values).reshape(shape)
                               for name, (shape, values) in tensors.items()})
        images = torch.frombuffer(bytearray(self.raw_images()), dtype=torch.uint8)
        images = images.reshape(-1, 1, SIDE, SIDE).float() * float(facts["pixel_scale"])
        self.shell("minima export shapes.minima best --format csv -o floats.csv")
        with torch.no_grad():
            predicted = model(images + float(facts["pixel_shift"])).argmax(dim=1).tolist()
        self.assertEqual(predicted, [row[2] for row in self.rows_of("floats.csv")])

    def check_safetensors(self):
        self.check_manifest("shapes.safetensors.json", ["shapes.safetensors"])
        self.write("load.py", blocks("python")[0])
        printed = subprocess.run([sys.executable, "load.py"], cwd=self.folder, check=True,
                                 capture_output=True, text=True).stdout
        self.assertRegex(printed, r"^(dnn|cnn) \S+.* on 120 test images")

    def test_the_page_from_top_to_bottom(self):
        if shutil.which("gcc") is None:
            self.skipTest("gcc is not installed")
        self.draw_images()
        self.write("shapes.toml", blocks("toml")[0])
        printed = [self.shell(block) for block in blocks("sh")]
        self.assertIn("export      minima export shapes.minima", printed[1])
        self.assertIn(" in ", printed[2])
        self.write("own.c", blocks("c")[0])
        self.shell("gcc -std=c99 -Wall -Wextra -Werror -pedantic -c own.c")
        self.check_program()
        self.check_safetensors()
        self.check_pytorch()
        # What recommend prints can be carried out as it stands.
        line = re.search(r"^export +(minima export .*)$", printed[1], re.MULTILINE).group(1)
        self.shell(line)


class ExportOfNetworks(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.toml", program.TINY + "[[quantization.protocol]]\nformats = [\"int8\"]\n"
                   "[[quantization.protocol]]\nformats = [\"int8\"]\nactivations = \"same\"\n")
        self.ok("run", "tiny.toml", "--quiet")

    def refused(self, *arguments):
        result = self.minima("export", "tiny.minima", *arguments)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 1)
        return result.stderr

    def test_names_the_variants_where_several_fit(self):
        self.assertIn("2 variants fit", self.refused("best", "--bits", "8", "-o", "x.safetensors"))

    def test_refuses_what_does_not_exist(self):
        self.assertIn("no finished run", self.refused("nothing", "-o", "x"))
        self.assertIn("no such variant", self.refused("best", "--sparsity", "0.5", "-o", "x"))
        self.assertIn("is no format", self.refused("best", "--format", "tflite", "-o", "x"))
        self.assertIn("needs a file", self.refused("best"))
        self.assertIn("and not both", self.refused("best", "--table", "runs"))
        self.assertIn("and not both", self.refused())

    def test_refuses_floats_as_integers(self):
        self.assertIn("does not compute in integers",
                      self.refused("best", "--format", "c", "-o", "x.c"))

    def test_refuses_a_study_whose_settings_were_overridden(self):
        self.ok("run", "tiny.toml", "--quiet", "--set", "train.epochs=1", "--store", "other.minima")
        result = self.minima("export", "other.minima", "best", "-o", "x.safetensors")
        self.assertEqual(result.returncode, 2)
        self.assertIn("--set", result.stderr)
        self.ok("export", "other.minima", "best", "--set", "train.epochs=1", "-o", "x.safetensors")

    def test_leaves_nothing_where_it_cannot_write(self):
        self.assertIn("cannot be written", self.refused("best", "-o", "missing/x.safetensors"))


if __name__ == "__main__":
    unittest.main()
