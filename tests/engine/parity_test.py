"""The engine against PyTorch: the same initial weights and batches must give the same logits,
gradients and losses.

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

import parity_models  # noqa: E402  (needs PyTorch)

STEPS = 50
TOLERANCE = 1e-4
SEEDS = (1, 2, 3)
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
        self.images = torch.from_numpy(pixels.reshape(-1, channels, height, width))
        self.labels = torch.from_numpy(read("labels.bin", numpy.uint16).astype(numpy.int64))
        self.initial = self.tensors(read("initial.bin", numpy.float32))
        self.final = self.tensors(read("final.bin", numpy.float32))
        # For the first batch, at the initial weights.
        self.logits = torch.from_numpy(
            read("logits.bin", numpy.float32).reshape(-1, self.meta["classes"]))
        self.gradient = self.tensors(read("gradient.bin", numpy.float32))

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


def mean_squared_error(logits, labels):
    target = torch.nn.functional.one_hot(labels, logits.shape[1]).float()
    return torch.nn.functional.mse_loss(logits, target)


def write_idx_set(folder, counts):
    """IDX files with this number of images of noise of each class, in both splits."""
    draw = numpy.random.default_rng(1)
    labels = draw.permutation(numpy.repeat(numpy.arange(len(counts)), counts)).astype(numpy.uint8)
    means = draw.uniform(40, 215, (len(counts), 8, 8))
    images = (means[labels] + draw.uniform(-40, 40, (len(labels), 8, 8))).astype(numpy.uint8)
    for split in ("train", "t10k"):
        for name, code, array in (("images-idx3", 3, images), ("labels-idx1", 1, labels)):
            sizes = numpy.array(array.shape, dtype=">u4").tobytes()
            with open(os.path.join(folder, f"{split}-{name}-ubyte"), "wb") as file:
                file.write(bytes([0, 0, 8, code]) + sizes + array.tobytes())


def pieces(state):
    """Tensors of PyTorch's names, with q, k and v of in_proj apart."""
    result = {}
    for name, tensor in state.items():
        if "in_proj" in name:
            for matrix, part in zip("qkv", tensor.detach().chunk(3)):
                result[f"{name} ({matrix})"] = part
        else:
            result[name] = tensor.detach()
    return result


class Parity(unittest.TestCase):
    def check_close(self, ours, theirs, scale, what):
        """Largest difference against `scale`, which may be 0: then both are exactly 0."""
        difference = (ours - theirs).abs().max().item()
        self.assertLessEqual(difference, TOLERANCE * scale, what)

    def check_gradients(self, ours, model):
        ours = pieces(parity_models.pytorch_state(ours, model))
        theirs = pieces({name: p.grad for name, p in model.named_parameters()})
        self.assertEqual(sorted(ours), sorted(theirs))
        for name, gradient in theirs.items():
            # The biases of keys cancel in the softmax: their gradient is only rounding error.
            scaled_by = name.replace("in_proj_bias (k)", "in_proj_bias (q)")
            scale = theirs[scaled_by].abs().max().item()
            self.check_close(ours[name], gradient, scale, f"gradient of {name}")

    def check_final(self, ours, model):
        ours = pieces(parity_models.pytorch_state(ours, model))
        for name, parameter in pieces(dict(model.named_parameters())).items():
            # Adam turns gradients that are only rounding error into full steps. This affects the
            # biases of keys and single weights: compare the tensor, not its worst element.
            if "in_proj_bias (k)" not in name:
                difference = (ours[name] - parameter).square().mean().sqrt().item()
                self.assertLess(difference, 1e-5, f"final {name}")

    def check(self, architecture, make_optimizer, train="", dataset="glyphs train=2000 test=10",
              loss=torch.nn.functional.cross_entropy):
        """The first step must agree with every seed, the whole training with one of three.

        A pre-activation within rounding of 0 may wake a ReLU in one program and not in the other.
        From there two right programs part. It happens by chance, and the processor decides which
        kernels round how; an error would part them with every seed.
        """
        for seed in SEEDS:
            trace, model, losses = self.trained(architecture, make_optimizer, train, dataset, loss,
                                                seed)
            try:
                self.check_training(trace, model, losses)
                return
            except AssertionError:
                if seed == SEEDS[-1]:
                    raise

    def trained(self, architecture, make_optimizer, train, dataset, loss, seed):
        """Both programs' training; checks the logits and the gradients of the first step."""
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([PROGRAM, folder, dataset, architecture, str(STEPS), train, str(seed)],
                           check=True)
            trace = Trace(folder)
        torch.set_num_threads(1)
        model = parity_models.network(architecture, trace.meta["shape"], trace.meta["classes"])
        model.load_state_dict(parity_models.pytorch_state(trace.initial, model))
        optimizer = make_optimizer(model.parameters())
        losses = []
        for indices in trace.batches():
            optimizer.zero_grad()
            logits = model(trace.images[indices])
            value = loss(logits, trace.labels[indices])
            value.backward()
            if not losses:
                self.check_close(trace.logits, logits.detach(), logits.abs().max().item(), "logits")
                self.check_gradients(trace.gradient, model)
            optimizer.step()
            losses.append(value.item())
        return trace, model, losses

    def check_training(self, trace, model, losses):
        self.assertEqual(len(trace.meta["losses"]), STEPS)
        for step, (ours, theirs) in enumerate(zip(trace.meta["losses"], losses)):
            self.assertLess(abs(ours - theirs), TOLERANCE * theirs, f"loss of step {step + 1}")
        self.check_final(trace.final, model)

    def check_each(self, architectures, dataset):
        for architecture in architectures:
            with self.subTest(architecture):
                self.check(architecture, lambda p: torch.optim.Adam(p, lr=0.001), dataset=dataset)

    def test_cnn(self):
        self.check_each(("cnn 8", "cnn 8-16 max2", "cnn 8-16 gelu max2"), "glyphs train=1000 test=10")

    def test_cnn_with_other_settings_on_colour_images(self):
        self.check_each(("cnn 4", "cnn 4-8 k5 s2 pad2 gap", "cnn 4-6-8 pad1 avg2"),
                        "textures train=500 test=10")

    def test_vit(self):
        self.check_each(("vit d32 h4 l2 p7",), "glyphs train=1000 test=10")

    def test_vit_with_other_settings_on_colour_images(self):
        self.check_each(("vit d16 h2 l1 p8 post relu m2 cls", "vit d24 h3 l1 p8 f50 cls",
                         "vit d16 h4 l2 p16 post"), "textures train=500 test=10")

    # With ReLU, float32 cannot compute the 50 losses of the paper's network to 1e-4 at its usual
    # batch of 100 and learning rate of 0.001. Some of 200,000 pre-activations are within rounding of
    # 0, so that a unit is active in one program only. PyTorch's own losses in float32 and float64
    # differ by 1e-3. Small batches and steps separate this effect from errors. The same sizes with
    # GELU train with the usual batch and learning rate.

    def test_vit_of_the_paper(self):
        self.check("vit paper h4", lambda p: torch.optim.Adam(p, lr=1e-4),
                   "batch = 10\nlearning_rate = 1e-4", dataset="glyphs train=1000 test=10")

    def test_vit_of_the_paper_on_colour_images(self):
        self.check("vit paper h7", lambda p: torch.optim.Adam(p, lr=1e-5),
                   "batch = 10\nlearning_rate = 1e-5", dataset="textures train=500 test=10")

    def test_vit_of_the_papers_sizes_with_a_smooth_activation(self):
        self.check_each(("vit d784 h4 l1 p28 post f2048",), "glyphs train=1000 test=10")

    def test_adam(self):
        for architecture in ("dnn 5-5", "dnn 16-16", "dnn 100-50-25", "dnn linear", "dnn 16-8 gelu"):
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

    def test_class_weights(self):
        """Against CrossEntropyLoss with the weights of scikit-learn's "balanced"."""
        counts = numpy.array([700, 40, 160, 100])
        weights = torch.tensor(counts.sum() / (len(counts) * counts), dtype=torch.float32)

        def loss(logits, labels):
            return torch.nn.functional.cross_entropy(logits, labels, weight=weights)

        with tempfile.TemporaryDirectory() as folder:
            write_idx_set(folder, counts)
            for train in ("", "batch = 37\n"):
                with self.subTest(train):
                    self.check("dnn 16-16", lambda p: torch.optim.Adam(p, lr=0.001),
                               train + 'class_weights = "balanced"', dataset=folder, loss=loss)

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
