"""docs/deployment.md from beginning to end, on drawn images; and what exports contain."""

import hashlib
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

    def check_program(self):
        """All test images through the C program: the accuracy of the manifest."""
        manifest = self.check_manifest("shapes.c.json", ["shapes.c", "shapes.h", "shapes_main.c"])
        images, labels = [], []
        for label, kind in enumerate(("bar", "dot", "ring")):
            for file in sorted((self.folder / f"photos/test/{kind}").iterdir()):
                data = file.read_bytes()
                at = data.index(b"IDAT")
                length = struct.unpack(">I", data[at - 4:at])[0]
                rows = zlib.decompress(data[at + 4:at + 4 + length])
                images.append(b"".join(rows[i * 13 + 1:(i + 1) * 13] for i in range(SIDE)))
                labels.append(label)
        self.write("all.raw", b"".join(images))
        printed = self.shell("./shapes all.raw").splitlines()
        right = sum(int(line.split()[0]) == label for line, label in zip(printed, labels))
        self.assertEqual(len(printed), len(labels))
        self.assertAlmostEqual(right / len(labels), manifest["test_accuracy"], places=12)

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
