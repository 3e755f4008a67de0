"""A safetensors file, read by plain Python and by PyTorch, gives minima's own logits."""

import csv
import os
import re
import sys
import unittest
from pathlib import Path

import drawn_images
from drawn_images import SIDE

SOURCE = Path(os.environ["MINIMA_SOURCE"])
TOLERANCE = 1e-4  # relative to the largest logit
STUDY = """
[study]
name = "shapes"
weights = "all"

[data]
datasets = ["photos"]

[train]
epochs = 3
batch = 20
learning_rate = 0.005
scaling = "standardised"

[[design]]
architectures = ["dnn 6-4", "cnn 2", "cnn 2-3 max2", "vit d8 h2 l1 p4", "vit d12 h3 l2 p6 cls"]

[[pruning.protocol]]
sparsity = 0.5

[[quantization.protocol]]
formats = ["int4"]
pruned = true
"""


def loader():
    """tensors_of as in docs/deployment.md, without the lines that use it."""
    page = (SOURCE / "docs" / "deployment.md").read_text()
    block = re.search(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL).group(1)
    names = {}
    exec(block.split("\ntensors, facts =")[0], names)
    return names["tensors_of"]


def linear(inputs, weight, bias):
    width = len(inputs)
    return [b + sum(w * x for w, x in zip(weight[i * width:(i + 1) * width], inputs))
            for i, b in enumerate(bias)]


def relu(values):
    return [max(0.0, value) for value in values]


def dnn_logits(tensors, pixels):
    layers = len(tensors) // 2
    for number in range(1, layers + 1):
        pixels = linear(pixels, *(tensors[f"fc{number}.{kind}"][1] for kind in ("weight", "bias")))
        if number < layers:
            pixels = relu(pixels)
    return pixels


def cnn_logits(tensors, pixels):
    """One convolution of 3 x 3 on a gray image, then a dense layer."""
    outputs = []
    shape, weight = tensors["conv1.weight"]
    for filter_number in range(shape[0]):
        for row in range(SIDE - 2):
            for column in range(SIDE - 2):
                window = [pixels[(row + i) * SIDE + column + j] for i in range(3) for j in range(3)]
                outputs += linear(window, weight[9 * filter_number:9 * filter_number + 9],
                                  [tensors["conv1.bias"][1][filter_number]])
    return linear(relu(outputs), tensors["fc.weight"][1], tensors["fc.bias"][1])


class Logits(drawn_images.DrawnImagesTest):
    def setUp(self):
        super().setUp()
        self.draw_images()
        self.write("shapes.toml", STUDY)
        self.ok("run", "shapes.toml", "--quiet")
        self.runs = {row[3]: row[0] for row in self.rows("shapes.minima", "runs")}

    def exported(self, architecture, *options):
        """Returns the tensors, the pixels of each test image as the network receives them, and
        minima's logits."""
        run = self.runs[architecture]
        self.ok("export", "shapes.minima", run, *options, "-o", "net.safetensors")
        self.ok("export", "shapes.minima", run, *options, "--format", "csv", "-o", "net.csv")
        tensors, facts = loader()(self.folder / "net.safetensors")
        scale, shift = float(facts["pixel_scale"]), float(facts["pixel_shift"])
        pixels = [byte * scale + shift for byte in self.raw_images()]
        size = SIDE * SIDE
        images = [pixels[i:i + size] for i in range(0, len(pixels), size)]
        with (self.folder / "net.csv").open() as file:
            logits = [[float(cell) for cell in row[3:-3]] for row in list(csv.reader(file))[1:]]
        self.assertEqual(len(logits), len(images))
        return tensors, images, logits

    def check_equal(self, ours, theirs, what):
        largest = max(abs(value) for row in ours for value in row)
        self.assertGreater(largest, 0.1, what)
        for mine, other in zip(ours, theirs, strict=True):
            for a, b in zip(mine, other, strict=True):
                self.assertLessEqual(abs(a - b), TOLERANCE * largest, what)

    def test_by_python_alone(self):
        for architecture, compute in (("dnn 6-4", dnn_logits), ("cnn 2", cnn_logits)):
            for options in ((), ("--sparsity", "0.5"), ("--sparsity", "0.5", "--bits", "4")):
                tensors, images, logits = self.exported(architecture, *options)
                some = range(0, len(images), 10)
                self.check_equal([logits[i] for i in some],
                                 [compute(tensors, images[i]) for i in some],
                                 f"{architecture} {options}")

    def test_by_pytorch(self):
        try:
            import torch
        except ImportError:
            self.skipTest("PyTorch is not installed")
        sys.path.insert(0, str(SOURCE / "tests" / "engine"))
        import parity_models
        torch.set_num_threads(1)
        for architecture in self.runs:
            for options in ((), ("--sparsity", "0.5", "--bits", "4")):
                tensors, images, logits = self.exported(architecture, *options)
                model = parity_models.network(architecture, (1, SIDE, SIDE), 3).eval()
                named = {name: torch.tensor(values).reshape(shape)
                         for name, (shape, values) in tensors.items()}
                model.load_state_dict(parity_models.pytorch_state(named, model))
                with torch.no_grad():
                    theirs = model(torch.tensor(images).reshape(-1, 1, SIDE, SIDE)).tolist()
                self.check_equal(logits, theirs, f"{architecture} {options}")


if __name__ == "__main__":
    unittest.main()
