"""Exports of networks: metadata, class tables, Arduino libraries, model cards, and what happens
without the dataset or beside files of the user."""

import json
import shutil
import struct
import subprocess
import unittest

import drawn_images
import program

# A name with what breaks careless formats: commas, quotes, a backslash, letters beyond ASCII.
NAMES = ["a, \"b\"", "dot\\n", "r\u00efng"]

STUDY = """
[study]
name = "shapes"
replicates = 1
weights = "all"

[data]
datasets = ["photos"]

[train]
epochs = 2
batch = 20

[[design]]
architectures = ["dnn 6"]

[[pruning.protocol]]
sparsity = [0.5]

[[quantization.protocol]]
formats = ["int8"]
granularity = "channel"

[[quantization.protocol]]
formats = ["int8"]
granularity = "channel"
activations = "same"
"""

# What a sketch needs of an Arduino, for a compiler on this machine.
ARDUINO = """
#include <stdint.h>
#include <stdio.h>
#define PROGMEM
#define pgm_read_byte(at) (*(at))
static inline unsigned long micros() { return 0; }
static inline void delay(unsigned long) {}
struct {
  void begin(long) {}
  void print(const char *text) { printf("%s", text); }
  void print(int number) { printf("%d", number); }
  void println(unsigned long number) { printf("%lu\\n", number); }
} Serial;
"""


def safetensors(path):
    """The metadata, and the bytes of the tensors."""
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8:8 + length])["__metadata__"], data[8 + length:]


class Exports(drawn_images.DrawnImagesTest):
    def setUp(self):
        super().setUp()
        self.draw_images()
        for kind, name in zip(drawn_images.KINDS, NAMES):
            for split in ("train", "test"):
                (self.folder / "photos" / split / kind).rename(self.folder / "photos" / split / name)
        self.write("shapes.toml", STUDY)
        self.ok("run", "shapes.toml", "--quiet")

    def export(self, *arguments):
        """What a successful export says."""
        result = self.minima("export", "shapes.minima", "best", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stderr

    def refused(self, *arguments):
        result = self.minima("export", "shapes.minima", "best", *arguments)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        return result.stderr

    integers = ("--bits", "8", "--quantization", "activations")

    # ---- metadata

    def test_safetensors_has_what_loaders_of_pytorch_ask_for(self):
        self.export("-o", "net.safetensors")
        metadata, _ = safetensors(self.folder / "net.safetensors")
        # transformers.load_state_dict refuses any other format.
        self.assertEqual(metadata["format"], "pt")
        self.assertEqual(metadata["number_format"], "fp32")
        self.assertEqual(sorted(json.loads(metadata["classes"])), sorted(NAMES))

    def test_onnx_has_the_classes_as_a_list(self):
        result = self.minima("export", "shapes.minima", "best", "--format", "onnx", "-o", "net.onnx")
        if "built without ONNX" in result.stderr:
            self.skipTest("built without ONNX")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.export("-o", "net.safetensors")
        metadata, _ = safetensors(self.folder / "net.safetensors")
        self.assertIn(metadata["classes"].encode(), (self.folder / "net.onnx").read_bytes())

    # ---- C

    def test_c_comes_with_classes_and_the_rule_of_the_input(self):
        self.export("--format", "c", *self.integers, "-o", "net.c")
        header = (self.folder / "net.h").read_text()
        self.assertIn("#define NET_CLASS_NAMES", header)
        self.assertIn("NET_CHANNELS = 1", header)
        self.assertIn("is resized to 12 x 12", " ".join(header.split()))
        self.assertIn("byte x 0.003921569 + 0", " ".join(header.split()))
        order = json.loads((self.folder / "net.c.json").read_text())["classes"]
        self.assertEqual((self.folder / "labels.txt").read_text().split("\n"),
                         [name.replace("\\", "\\\\") for name in order] + [""])
        self.write("table.c", '#include <stdio.h>\n#include "net.h"\n'
                   "static const char *const names[NET_CLASSES] = NET_CLASS_NAMES;\n"
                   "int main(void) {\n  int i;\n"
                   '  for (i = 0; i < NET_CLASSES; ++i) printf("%s\\n", names[i]);\n  return 0;\n}\n')
        self.compile("gcc", "-std=c99", "-o", "table", "table.c")
        printed = subprocess.run([self.folder / "table"], capture_output=True, check=True).stdout
        self.assertEqual(printed.decode().split("\n"), order + [""])

    def compile(self, compiler, *arguments):
        if shutil.which(compiler) is None:
            self.skipTest(f"{compiler} is not installed")
        result = subprocess.run([compiler, "-Wall", "-Wextra", "-Werror", *arguments],
                                cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)

    # ---- Arduino

    def test_arduino_gets_a_library_with_a_sketch(self):
        self.export("--format", "arduino", *self.integers, "-o", "shapes")
        files = sorted(str(each.relative_to(self.folder / "shapes"))
                       for each in (self.folder / "shapes").rglob("*") if each.is_file())
        self.assertEqual(files, ["README.md", "examples/Classify/Classify.ino", "extras/labels.txt",
                                 "extras/shapes.json", "keywords.txt", "library.properties",
                                 "src/shapes.c", "src/shapes.h"])
        properties = dict(line.split("=", 1) for line in
                          (self.folder / "shapes/library.properties").read_text().splitlines())
        # The fields that the specification of Arduino libraries requires.
        for field in ("name", "version", "author", "maintainer", "sentence", "paragraph", "category",
                      "url", "architectures"):
            self.assertIn(field, properties)
        self.assertEqual(properties["includes"], "shapes.h")
        manifest = json.loads((self.folder / "shapes/extras/shapes.json").read_text())
        self.assertIn("src/shapes.c", [each["name"] for each in manifest["files"]])
        # Another export replaces the library; a changed file of it stays.
        self.export("--format", "arduino", *self.integers, "-o", "shapes/")
        self.write("shapes/src/shapes.h", "changed")
        self.assertIn("shapes.h: exists", self.refused("--format", "arduino", *self.integers,
                                                       "-o", "shapes"))

    def test_the_sketch_of_the_library_names_the_class_of_its_image(self):
        self.export("--format", "arduino", *self.integers, "-o", "shapes")
        self.write("Arduino.h", ARDUINO)
        self.write("host.cpp", '#include "Arduino.h"\n'
                   '#include "shapes/examples/Classify/Classify.ino"\n'
                   "int main() {\n  setup();\n  loop();\n  return 0;\n}\n")
        self.compile("gcc", "-c", "shapes/src/shapes.c", "-o", "shapes.o")
        self.compile("g++", "-Ishapes/src", "host.cpp", "shapes.o", "-o", "host")
        printed = subprocess.run([self.folder / "host"], capture_output=True, text=True,
                                 check=True).stdout
        self.assertRegex(printed, r"^class (\d+) \(.*\), expected \1, microseconds 0\n$")

    def test_a_library_is_a_folder_with_a_plain_name(self):
        self.write("file", "")
        self.assertIn("is a file, and an Arduino library is a folder",
                      self.refused("--format", "arduino", *self.integers, "-o", "file"))
        self.assertIn("is not a valid name for an Arduino library",
                      self.refused("--format", "arduino", *self.integers, "-o", "my shapes"))

    # ---- model cards

    def test_a_card_lies_beside_every_network(self):
        self.export("-o", "net.safetensors")
        card = (self.folder / "net.safetensors.md").read_text()
        self.assertTrue(card.startswith("---\n"))
        self.assertIn("pipeline_tag: image-classification", card)
        self.export("-o", "bare.safetensors", "--no-card")
        self.assertFalse((self.folder / "bare.safetensors.md").exists())
        self.export("--format", "csv", "-o", "predictions.csv")
        self.assertFalse((self.folder / "predictions.csv.md").exists())

    def test_a_card_of_the_user_stays(self):
        self.write("net.safetensors.md", "# Mine\n")
        self.assertIn("net.safetensors.md was kept", self.export("-o", "net.safetensors"))
        self.assertEqual((self.folder / "net.safetensors.md").read_text(), "# Mine\n")

    # ---- files of the user

    def test_files_of_the_user_are_not_replaced(self):
        self.write("net.safetensors.json", '{"mine": 1}')
        self.assertIn("net.safetensors.json: exists, and minima export did not write it",
                      self.refused("-o", "net.safetensors"))
        self.write("labels.txt", "mine\n")
        self.assertIn("labels.txt: exists, and this export did not write it",
                      self.refused("--format", "c", *self.integers, "-o", "net.c"))
        self.assertEqual((self.folder / "labels.txt").read_text(), "mine\n")
        self.assertFalse((self.folder / "net.c").exists())

    # ---- without the dataset

    def test_a_network_needs_no_images(self):
        without_activations = next(row[8] for row in self.rows("shapes.minima", "variants")
                                   if row[8] and "activations" not in row[8])
        variants = {"trained": (), "pruned": ("--sparsity", "0.5"),
                    "quantized": ("--bits", "8", "--quantization", without_activations)}
        for name, options in variants.items():
            self.assertNotIn("not verified", self.export(*options, "-o", f"{name}-with.safetensors"))
        (self.folder / "photos").rename(self.folder / "elsewhere")
        for name, options in variants.items():
            with self.subTest(name):
                said = self.export(*options, "-o", f"{name}-without.safetensors")
                self.assertIn("as recorded in the store", said)
                self.assertRegex(said, "\nthe accuracy was not verified: photos: ")
                with_images, without = (safetensors(self.folder / f"{name}-{which}.safetensors")[1]
                                        for which in ("with", "without"))
                self.assertEqual(with_images, without)
                manifest = json.loads((self.folder / f"{name}-without.safetensors.json").read_text())
                self.assertIs(manifest["accuracy_verified"], False)
                self.assertIsNone(manifest["test_accuracy"])
                self.assertGreater(manifest["recorded_test_accuracy"], 0)

    def test_verify_insists_on_the_images(self):
        self.export("--verify", "-o", "net.safetensors")
        (self.folder / "photos").rename(self.folder / "elsewhere")
        self.assertIn("photos", self.refused("--verify", "-o", "net.safetensors"))

    def test_says_why_it_needs_images(self):
        (self.folder / "photos").rename(self.folder / "elsewhere")
        said = self.refused("--format", "c", *self.integers, "-o", "net.c")
        self.assertIn("(this export needs the images: its activations are calibrated on training "
                      "images)", said)
        self.assertEqual(list(self.folder.glob("net*")), [])
        self.assertIn("it predicts them", self.refused("--format", "csv", "-o", "net.csv"))

    def test_refuses_images_that_have_changed(self):
        first = next((self.folder / "photos" / "test" / NAMES[0]).iterdir())
        shutil.copy(next((self.folder / "photos" / "test" / NAMES[1]).iterdir()), first)
        self.assertIn("is not the data that the store was trained on", self.refused("-o", "x.st"))
        first.write_bytes(b"damaged")
        self.refused("-o", "x.st")

    # ---- devices

    def test_recommends_what_fits_a_device(self):
        command = ("recommend", "shapes.minima", "--accuracy", "0.05")
        (dataset,) = self.json(*command, "--device", "atmega328p", "--json")["datasets"]
        self.assertEqual(dataset["device"]["ram_bytes"], 2048)
        self.assertTrue(dataset["met"])
        for choice in dataset["met"]:
            self.assertEqual(choice["arithmetic"], "integer")
            self.assertLessEqual(choice["device"]["flash_bytes"], 32256)
            self.assertLessEqual(choice["device"]["ram_bytes"], 2048)
            self.assertGreater(choice["device"]["estimated_milliseconds"], 0)
        text = self.ok(*command, "--device", "atmega328p")
        self.assertRegex(text, r"\nestimated +on atmega328p: flash ")
        self.assertRegex(text, r"est\. time")

    def test_reads_devices_of_the_user(self):
        self.write("boards.toml", '[[device]]\nname = "tiny"\ncore = "avr"\nflash_bytes = 500\n'
                   "ram_bytes = 128\nmegahertz = 8\n")
        command = ("recommend", "shapes.minima", "--accuracy", "0.05", "--devices", "boards.toml")
        result = self.minima(*command, "--device", "tiny")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("no network of this store within the limits reaches", result.stderr)
        self.assertIn("do not fit or have no C program", " ".join(result.stdout.split()))
        for options, message in ((("--device", "tinny"), 'unknown device "tinny"; did you mean "tiny"?'),
                                 ((), "no device was chosen; add --device NAME")):
            result = self.minima(*command, *options)
            self.assertEqual(result.returncode, 2)
            self.assertIn(message, result.stderr)


if __name__ == "__main__":
    unittest.main()
