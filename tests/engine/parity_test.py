"""The engine against PyTorch: the same initial weights and batches must give the same losses.

usage: parity_test.py TRACE_TRAINING_PROGRAM
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

try:
    import numpy
    import torch
except ImportError:
    print("skipped: python3-torch is not installed")
    sys.exit(77)

STEPS = 50
PROGRAM = sys.argv.pop(1)


class Trace:
    """What trace_training wrote."""

    def __init__(self, folder):
        with open(os.path.join(folder, "meta.json")) as file:
            self.meta = json.load(file)

        def read(name, kind):
            return numpy.fromfile(os.path.join(folder, name), dtype=kind)

        channels, height, width = self.meta["shape"]
        images = read("images.bin", numpy.uint8).reshape(-1, channels, height * width)
        scale = numpy.array(self.meta["scale"], dtype=numpy.float32).reshape(1, channels, 1)
        shift = numpy.array(self.meta["shift"], dtype=numpy.float32).reshape(1, channels, 1)
        pixels = images.astype(numpy.float32) * scale + shift
        self.images = torch.from_numpy(pixels.reshape(len(images), -1))
        self.labels = torch.from_numpy(read("labels.bin", numpy.uint16).astype(numpy.int64))
        self.initial = self.tensors(read("initial.bin", numpy.float32))
        self.final = self.tensors(read("final.bin", numpy.float32))

    def tensors(self, values):
        result, at = {}, 0
        for tensor in self.meta["tensors"]:
            count = int(numpy.prod(tensor["shape"]))
            part = values[at : at + count].reshape(tensor["shape"])
            result[tensor["name"]] = torch.from_numpy(part.copy())
            at += count
        assert at == len(values)
        return result

    def batches(self):
        step = 0
        for order in self.meta["orders"]:
            for begin in range(0, len(order), self.meta["batch"]):
                if step == STEPS:
                    return
                step += 1
                yield torch.tensor(order[begin : begin + self.meta["batch"]])


class Dnn(torch.nn.Module):
    def __init__(self, initial):
        super().__init__()
        self.layers = torch.nn.ModuleList()
        for name, weight in initial.items():
            if name.endswith(".weight"):
                layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
                layer.weight.data = weight.clone()
                layer.bias.data = initial[name.replace(".weight", ".bias")].clone()
                self.layers.append(layer)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)


def mean_squared_error(logits, labels):
    target = torch.nn.functional.one_hot(labels, logits.shape[1]).float()
    return torch.nn.functional.mse_loss(logits, target)


class Parity(unittest.TestCase):
    def check(self, architecture, make_optimizer, train="", dataset="glyphs train=2000 test=10",
              loss=torch.nn.functional.cross_entropy):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([PROGRAM, folder, dataset, architecture, str(STEPS), train], check=True)
            trace = Trace(folder)
        torch.set_num_threads(1)
        model = Dnn(trace.initial)
        optimizer = make_optimizer(model.parameters())
        losses = []
        for indices in trace.batches():
            optimizer.zero_grad()
            value = loss(model(trace.images[indices]), trace.labels[indices])
            value.backward()
            optimizer.step()
            losses.append(value.item())
        self.assertEqual(len(trace.meta["losses"]), STEPS)
        for step, (ours, theirs) in enumerate(zip(trace.meta["losses"], losses)):
            self.assertLess(abs(ours - theirs), 1e-4 * theirs, f"loss of step {step + 1}")
        for ours, theirs in zip(trace.final.values(), model.parameters()):
            difference = (ours - theirs.detach()).abs().max().item()
            self.assertLess(difference, 1e-4, "final weights")

    def test_adam(self):
        for architecture in ("dnn 5-5", "dnn 16-16", "dnn 100-50-25", "dnn linear"):
            with self.subTest(architecture):
                self.check(architecture, lambda p: torch.optim.Adam(p, lr=0.001))

    def test_adam_with_weight_decay_and_own_betas(self):
        self.check(
            "dnn 16-16",
            lambda p: torch.optim.Adam(p, lr=0.002, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.01),
            'learning_rate = 0.002\noptimizer = { name = "adam", beta1 = 0.8, beta2 = 0.99, '
            "epsilon = 1e-6, weight_decay = 0.01 }",
        )

    def test_adamw(self):
        self.check(
            "dnn 32",
            lambda p: torch.optim.AdamW(p, lr=0.001, weight_decay=0.1),
            'optimizer = { name = "adamw", weight_decay = 0.1 }',
        )

    def test_sgd_with_momentum_and_weight_decay(self):
        self.check(
            "dnn 16-16",
            lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.001),
            'learning_rate = 0.05\noptimizer = { name = "sgd", momentum = 0.9, weight_decay = 0.001 }',
        )

    def test_squared_error_on_standardised_colour_images(self):
        self.check(
            "dnn 20-10",
            lambda p: torch.optim.Adam(p, lr=0.001),
            'loss = "mse"\nscaling = "standardised"',
            dataset="textures train=1000 test=10",
            loss=mean_squared_error,
        )

    def test_batches_that_do_not_divide_the_data(self):
        self.check(
            "dnn 16-16",
            lambda p: torch.optim.Adam(p, lr=0.001),
            "batch = 37",
            dataset="glyphs train=500 test=10",
        )

    @unittest.skipUnless(os.environ.get("MINIMA_DATA"), "MINIMA_DATA is not set")
    def test_adam_on_mnist(self):
        for architecture in ("dnn 5-5", "dnn 64-64"):
            with self.subTest(architecture):
                self.check(architecture, lambda p: torch.optim.Adam(p, lr=0.001), dataset="mnist")


if __name__ == "__main__":
    unittest.main()
