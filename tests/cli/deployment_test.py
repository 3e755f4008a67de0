"""Follows docs/deployment.md from beginning to end on drawn images, and checks the exports."""

import csv
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

import drawn_images
import program

PAGE = Path(os.environ["MINIMA_SOURCE"]) / "docs" / "deployment.md"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


class Deployment(drawn_images.DrawnImagesTest):
    def shell(self, command):
        environment = program.environment()
        environment["PATH"] = f"{Path(program.PROGRAM).parent}:{environment['PATH']}"
        result = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=self.folder,
                                env=environment, capture_output=True, text=True, timeout=300,
                                check=False)
        if "built without" in result.stderr:
            print(f"skipped: {command}: {result.stderr}", file=sys.stderr)
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

    def rows_of(self, file):
        with (self.folder / file).open() as opened:
            return [[int(cell) for cell in row[:-3]] for row in list(csv.reader(opened))[1:]]

    def check_program(self):
        """Runs all test images through the C program: minima's classes and logits bit for bit."""
        manifest = self.check_manifest("shapes.c.json", ["shapes.c", "shapes.h", "shapes_main.c",
                                                        "labels.txt", "shapes.c.md"])
        self.write("all.raw", self.raw_images())
        expected = self.rows_of("expected.csv")
        printed = self.shell("./shapes --logits all.raw").splitlines()
        # Columns: class, its name, logits.
        printed = [[int(word) for word in line.split() if not word.isalpha()] for line in printed]
        self.assertEqual(printed, [row[2:] for row in expected])
        right = sum(row[1] == row[2] for row in expected)
        self.assertAlmostEqual(right / len(expected), manifest["test_accuracy"], places=12)

    def check_safetensors(self):
        self.check_manifest("shapes.safetensors.json",
                            ["shapes.safetensors", "shapes.safetensors.md"])
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
        # The command that recommend prints works unchanged.
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
        message = self.refused("best", "--bits", "8", "-o", "x.safetensors")
        self.assertIn("2 variants match; choose one of: ", message)
        # Each of the printed options can be pasted into a shell, and selects one variant.
        choices = message.strip().split("choose one of: ")[1].split(" | ")
        self.assertEqual(len(choices), 2)
        for choice in choices:
            self.ok("export", "tiny.minima", "best", *shlex.split(choice), "-o", "x.safetensors")

    def test_each_format_has_a_writer_of_its_own(self):
        message = self.refused("best", "--format", "zzzzzzzzzzzz", "-o", "x")
        formats = message.strip().split("valid are: ")[1].split(", ")
        self.assertEqual(set(formats), {"safetensors", "onnx", "tflite", "c", "arduino", "csv"})
        integers = ["--bits", "8", "--quantization", "activations"]
        written = {}
        for name in formats:
            result = self.minima("export", "tiny.minima", "best", *integers, "--format", name,
                                 "-o", f"net.{name}")
            if "built without" in result.stderr:
                continue
            self.assertEqual(result.returncode, 0, result.stderr)
            is_folder = (self.folder / f"net.{name}").is_dir()
            self.assertEqual(is_folder, name == "arduino")
            path = f"net.{name}/extras/net.{name}.json" if is_folder else f"net.{name}.json"
            manifest = json.loads((self.folder / path).read_text())
            self.assertEqual(manifest["exported_as"], name)
            if is_folder:
                continue
            written[name] = (self.folder / f"net.{name}").read_bytes()
        self.assertEqual({name for name, text in written.items() if b"#include" in text}, {"c"})

    def test_refuses_what_does_not_exist(self):
        self.assertIn("not a finished run", self.refused("nothing", "-o", "x"))
        self.assertIn("no such variant", self.refused("best", "--sparsity", "0.5", "-o", "x"))
        self.assertIn("unknown format", self.refused("best", "--format", "tensorflow", "-o", "x"))
        self.assertIn("not both", self.refused("best", "--table", "runs"))
        self.assertIn("not both", self.refused())

    def test_refuses_floats_as_integers(self):
        self.assertIn("does not compute in integers",
                      self.refused("best", "--format", "c", "-o", "x.c"))

    def test_a_run_is_exported_as_it_was_trained_even_if_the_study_file_says_otherwise(self):
        self.ok("run", "tiny.toml", "--quiet", "--set", "train.epochs=1", "--set",
                "train.init={name=\"normal\", sd=0.02}", "--store", "other.minima")
        self.ok("export", "other.minima", "best", "-o", "x.safetensors")
        self.assertIn("epochs=1", (self.folder / "x.safetensors.md").read_text())
        self.ok("export", "other.minima", "best", "--set", "train.epochs=1", "-o", "x.safetensors")
        result = self.minima("export", "other.minima", "best", "--set", "train.epochs=3", "-o", "x.safetensors")
        self.assertEqual(result.returncode, 2)
        self.assertRegex(result.stderr, r'it was trained with "seed=1 epochs=1 .*", but --set gives '
                         r'"seed=1 epochs=3 .*"; leave out')
        self.minima("recommend", "other.minima", "--accuracy", "0.99", "--next", "next.toml")
        self.assertIn("epochs = 1", (self.folder / "next.toml").read_text())

    def test_best_names_a_more_accurate_run_without_weights(self):
        self.write("plain.toml", program.TINY)
        self.ok("run", "plain.toml", "--quiet", "--store", "plain.minima")
        accuracies = {row[0]: row[1] for row in self.rows("plain.minima", "(SELECT run_id, test_accuracy FROM runs)")}
        kept = {row[0] for row in self.rows("plain.minima", "(SELECT run.run_id FROM run JOIN weight ON weight.run = run.id)")}
        best = max(accuracies, key=accuracies.get)
        self.assertNotIn(best, kept, "the representative is the worse of two replicates")
        result = self.minima("export", "plain.minima", "best", "-o", "x.safetensors")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(f"note: run {best} ", result.stderr)
        self.assertIn("does not have its weights", result.stderr)

    def test_the_best_run_is_that_of_one_dataset(self):
        data = '"glyphs train=200 test=100"'
        self.write("two.toml", program.TINY.replace(data, data + ', "textures train=200 test=100"'))
        self.ok("run", "two.toml", "--quiet", "--store", "two.minima")
        result = self.minima("export", "two.minima", "best", "-o", "x.safetensors")
        self.assertEqual(result.returncode, 2)
        self.assertIn("best: the store has 2 datasets; choose one: ", result.stderr)
        choices = result.stderr.strip().split("choose one: ")[1].split(" | ")
        self.assertEqual(len(choices), 2)
        for choice in choices:
            option = shlex.split(choice)
            self.ok("export", "two.minima", "best", *option, "-o", "x.safetensors")
            manifest = json.loads((self.folder / "x.safetensors.json").read_text())
            self.assertIn(option[1], json.dumps(manifest))
        self.ok("export", "two.minima", "best", "--dataset", "glyphs", "-o", "x.safetensors")
        self.assertIn("glyphs test=100 train=200", (self.folder / "x.safetensors.json").read_text())
        result = self.minima("export", "two.minima", "best", "--dataset", "mnist", "-o", "x.safetensors")
        self.assertEqual(result.returncode, 2)
        self.assertIn('unknown dataset "mnist"', result.stderr)

    def test_leaves_nothing_where_it_cannot_write(self):
        self.assertIn("cannot be written", self.refused("best", "-o", "missing/x.safetensors"))


class FormatsThatCannotSayIt(program.ProgramTest):
    """Refused formats: the message names an alternative, and no files are left behind."""

    def setUp(self):
        super().setUp()
        study = program.TINY.split("[[design]]")[0].replace("epochs", 'scaling = "standardised"\nepochs')
        self.write("tiny.toml", study.replace('"tiny"', '"tiny"\nweights = "all"') + """
[[design]]
architectures = ["dnn 4", "cnn 1 pad1", "vit d8 h2 l1 p7"]

[[quantization.protocol]]
formats = ["int16", "int8", "fp16"]
activations = "int8"
""")
        self.ok("run", "tiny.toml", "--quiet")
        self.runs = {row[3]: row[0] for row in self.rows("tiny.minima", "runs")}

    def refused(self, architecture, *options):
        result = self.minima("export", "tiny.minima", self.runs[architecture], *options, "-o", "net.c")
        if "built without" in result.stderr:
            self.skipTest(result.stderr)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertEqual(list(self.folder.glob("net*")), [])
        return result.stderr

    def test_onnx_refuses_more_than_eight_bits(self):
        said = self.refused("dnn 4", "--format", "onnx", "--bits", "int16")
        self.assertRegex(said, "8 bits only; choose a variant of at most 8 bits, or --format c")
        self.ok("export", "tiny.minima", self.runs["dnn 4"], "--format", "c", "--bits", "int16",
                "-o", "net.c")

    def test_onnx_refuses_padding_around_shifted_pixels(self):
        said = self.refused("cnn 1 pad1", "--format", "onnx", "--bits", "int8")
        self.assertRegex(said, "conv1: padding .* cannot be written; use --format c, or a variant of")
        self.ok("export", "tiny.minima", self.runs["cnn 1 pad1"], "--format", "c", "--bits", "int8",
                "-o", "net.c")

    def test_c_refuses_vision_transformers_and_what_rounds_in_reals(self):
        self.assertIn("vision transformers have no integer arithmetic here; use --format onnx",
                      self.refused("vit d8 h2 l1 p7", "--format", "c", "--bits", "int8"))
        self.assertIn("does not compute in integers alone; choose",
                      self.refused("dnn 4", "--format", "c", "--bits", "fp16"))

    def test_tflite_refuses_what_it_cannot_hold(self):
        self.assertIn("int8 models hold weights and activations of at most 8 bits; choose",
                      self.refused("dnn 4", "--format", "tflite", "--bits", "int16"))
        self.assertIn("does not compute in integers alone; choose",
                      self.refused("dnn 4", "--format", "tflite", "--bits", "fp16"))
        self.assertIn("vision transformers have no integer arithmetic here; use --format onnx",
                      self.refused("vit d8 h2 l1 p7", "--format", "tflite", "--bits", "int8"))

    def test_onnx_refuses_activations_that_are_rounded_without_integers(self):
        self.assertIn("activations in int8 beside weights in fp16 cannot be written; choose",
                      self.refused("dnn 4", "--format", "onnx", "--bits", "fp16"))
        self.assertIn("activations in int8 beside weights in int8 cannot be written; choose",
                      self.refused("vit d8 h2 l1 p7", "--format", "onnx", "--bits", "int8"))


if __name__ == "__main__":
    unittest.main()
