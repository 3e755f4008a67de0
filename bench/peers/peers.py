#!/usr/bin/env python3
"""The PyTorch counterpart of `minima bench train`: trains one network in eager mode, or an ensemble
with functorch's vmap. One thread. Prints one JSON document.

The work is the same as minima's: a data set of bytes in memory. Each step gathers a random
batch, converts it to float and scales it by 1/255, then forward pass, softmax cross-entropy,
backward pass and Adam. No evaluation.
"""

import argparse
import json
import os
import statistics
import sys
import time


def choose_blas_kernels():
    """Selects the best kernels of Debian's OpenBLAS, which predates recent processors and falls
    back to SSE on unknown ones. Must be called before PyTorch is loaded."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        flags = next((set(line.split()) for line in info if line.startswith("flags")), set())
    if {"avx512f", "avx512dq", "avx512bw", "avx512vl"} <= flags:
        os.environ.setdefault("OPENBLAS_CORETYPE", "SKYLAKEX")
    elif {"avx2", "fma"} <= flags:
        os.environ.setdefault("OPENBLAS_CORETYPE", "HASWELL")


choose_blas_kernels()

import torch  # noqa: E402  (after the environment is set)

BATCH = 100
LEARNING_RATE = 1e-3


class Dataset:
    """Random images and labels instead of files; their content does not affect step time."""

    def __init__(self, shape, count, classes=10):
        generator = torch.Generator().manual_seed(1)
        self.shape = shape
        self.classes = classes
        self.images = torch.randint(0, 256, (count, *shape), dtype=torch.uint8,
                                    generator=generator)
        self.labels = torch.randint(0, classes, (count,), generator=generator)

    def batches(self):
        """Endless batches [BATCH, C, H, W] of floats in 0..1, shuffled in each epoch."""
        while True:
            order = torch.randperm(len(self.labels))
            for begin in range(0, len(order) - BATCH + 1, BATCH):
                index = order[begin:begin + BATCH]
                yield self.images[index].float().mul_(1.0 / 255.0), self.labels[index]


def dnn(widths, dataset):
    """Fully connected layers with ReLU between them, He-normal weights, zero biases."""
    channels, height, width = dataset.shape
    sizes = [channels * height * width, *widths, dataset.classes]
    layers = [torch.nn.Flatten()]
    for inputs, outputs in zip(sizes, sizes[1:]):
        linear = torch.nn.Linear(inputs, outputs)
        torch.nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
        torch.nn.init.zeros_(linear.bias)
        layers += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def cnn(filters, dataset):
    """One convolution of 3 x 3 with ReLU, then a fully connected layer."""
    channels, height, width = dataset.shape
    return torch.nn.Sequential(
        torch.nn.Conv2d(channels, filters, 3), torch.nn.ReLU(), torch.nn.Flatten(),
        torch.nn.Linear(filters * (height - 2) * (width - 2), dataset.classes))


class PaperVit(torch.nn.Module):
    """Uses the pixels as the only token of one encoder layer, then a fully connected layer."""
    WIDTH = 784

    def __init__(self, heads, classes):
        super().__init__()
        self.block = torch.nn.TransformerEncoderLayer(self.WIDTH, heads, 2048, dropout=0.0,
                                                      batch_first=True)
        self.fc = torch.nn.Linear(self.WIDTH, classes)

    def forward(self, images):
        return self.fc(self.block(images.flatten(1).unsqueeze(1)).squeeze(1))


def vit(text, dataset):
    words = text.split()
    if len(words) != 2 or words[0] != "paper" or not words[1].startswith("h"):
        sys.exit(f"peers.py: 'vit {text}': of vision transformers only 'vit paper hN' is here")
    channels, height, width = dataset.shape
    if channels * height * width != PaperVit.WIDTH:
        sys.exit(f"peers.py: 'vit {text}': takes images of {PaperVit.WIDTH} pixels")
    return PaperVit(int(words[1][1:]), dataset.classes)


# First word of an architecture -> the network that its other words describe. To add a family, add a
# function and a line here, and a case in compare.py.
FAMILIES = {
    "dnn": lambda text, dataset: dnn([int(width) for width in text.split("-")], dataset),
    "cnn": lambda text, dataset: cnn(int(text), dataset),
    "vit": vit,
}


def network(architecture, dataset):
    family, _, text = architecture.partition(" ")
    if family not in FAMILIES:
        sys.exit(f"peers.py: {architecture!r}: no family {family!r}; "
                 f"there are: {', '.join(FAMILIES)}")
    return FAMILIES[family](text, dataset)


def eager_step(architecture, dataset, runs):
    """Returns a function that trains one network for one step."""
    if runs != 1:
        sys.exit("peers.py: eager mode trains one run at a time; leave --runs out")
    model = network(architecture, dataset)
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    loss_function = torch.nn.CrossEntropyLoss()
    batches = dataset.batches()

    def step():
        images, labels = next(batches)
        optimizer.zero_grad(set_to_none=True)
        loss = loss_function(model(images), labels)
        loss.backward()
        optimizer.step()
        return loss

    return step


def ensemble_step(architecture, dataset, runs):
    """Returns a function that trains `runs` networks on one batch, with stacked parameters."""
    import functorch

    model, parameters, buffers = functorch.combine_state_for_ensemble(
        [network(architecture, dataset) for _ in range(runs)])
    parameters = [parameter.detach().requires_grad_() for parameter in parameters]
    optimizer = torch.optim.Adam(parameters, lr=LEARNING_RATE)
    loss_function = torch.nn.CrossEntropyLoss()
    batches = dataset.batches()

    def loss_of(one_parameters, one_buffers, images, labels):
        return loss_function(model(one_parameters, one_buffers, images), labels)

    losses_of = functorch.vmap(loss_of, in_dims=(0, 0, None, None))

    def step():
        images, labels = next(batches)
        optimizer.zero_grad(set_to_none=True)
        losses = losses_of(parameters, buffers, images, labels)
        losses.sum().backward()
        optimizer.step()
        return losses

    return step


def microseconds_per_step(step, seconds):
    """Mean time over `seconds` of steps, after a warm-up of a tenth of that; and the number of
    steps."""
    def steps_for(duration):
        begin = time.perf_counter()
        count = 0
        while time.perf_counter() - begin < duration:
            step()
            count += 1
        return count, time.perf_counter() - begin

    steps_for(seconds / 10)
    count, elapsed = steps_for(seconds)
    return elapsed / count * 1e6, count


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--architecture", required=True, help='as in minima: "dnn 32-32"')
    parser.add_argument("--mode", choices=["eager", "ensemble"], default="eager")
    parser.add_argument("--runs", type=int, default=1, help="networks of the ensemble")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--shape", default="1x28x28", help="channels x height x width")
    parser.add_argument("--images", type=int, default=60000, help="in the data set")
    options = parser.parse_args()
    if options.images < BATCH or options.runs < 1 or options.seconds <= 0:
        parser.error(f"--images is at least {BATCH}, --runs at least 1, --seconds above 0")
    return options


def main():
    options = arguments()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    torch.set_flush_denormal(True)  # Adam's moments of dead units decay to slow denormals
    dataset = Dataset(tuple(int(size) for size in options.shape.split("x")), options.images)
    make_step = {"eager": eager_step, "ensemble": ensemble_step}[options.mode]
    step = make_step(options.architecture, dataset, options.runs)
    first = float(step().mean())
    per_step, steps = microseconds_per_step(step, options.seconds)
    last = statistics.mean(float(step().mean()) for _ in range(10))
    print(json.dumps({
        "program": f"PyTorch {torch.__version__}",
        "mode": options.mode,
        "architecture": options.architecture,
        "parameters": sum(p.numel() for p in network(options.architecture, dataset).parameters()),
        "runs": options.runs,
        "batch": BATCH,
        "steps": steps,
        "microseconds_per_run_step": per_step / options.runs,
        "openblas_coretype": os.environ.get("OPENBLAS_CORETYPE", ""),
        "first_loss": first,
        "last_loss": last,
    }))


if __name__ == "__main__":
    main()
