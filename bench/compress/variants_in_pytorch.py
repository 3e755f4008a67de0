#!/usr/bin/env python3
"""The PyTorch counterpart of minima_variants_benchmark: makes 20 sparsities x 12 number formats of
one trained network and evaluates them on all test images. One thread. Prints one JSON document.

variants_in_pytorch.py FOLDER      FOLDER: from minima_variants_benchmark --export

For each variant it computes loss, accuracy and predictions of all images, in batches. The
fastest batch size is determined before timing starts.
"""

import json
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))
import peers  # noqa: E402, F401  (names OpenBLAS's kernels before PyTorch is loaded)

import torch  # noqa: E402
from torch.nn import functional  # noqa: E402

BATCHES = [250, 500, 1000, 2000, 5000]


class Network:
    """Dense layers; parameters as exported by minima: weight [outputs][inputs], bias, .."""

    def __init__(self, folder):
        self.meta = json.loads((folder / "meta.json").read_text())
        flat = torch.frombuffer(bytearray((folder / "parameters.bin").read_bytes()),
                                dtype=torch.float32)
        sizes = [int(torch.tensor(shape).prod()) for shape in self.meta["tensors"]]
        self.tensors = [piece.reshape(shape) for piece, shape
                        in zip(flat.split(sizes), self.meta["tensors"])]
        self.weights = self.tensors[0::2]
        self.biases = self.tensors[1::2]
        images = bytearray((folder / "images.bin").read_bytes())
        self.bytes = torch.frombuffer(images, dtype=torch.uint8).reshape(self.meta["images"], -1)
        labels = bytearray((folder / "labels.bin").read_bytes())
        self.labels = torch.frombuffer(labels, dtype=torch.uint8).long()


def prune(weights, sparsities):
    """Masks for each sparsity over all weights together; the smallest magnitudes are pruned."""
    magnitudes = torch.cat([w.reshape(-1) for w in weights]).abs()
    order = torch.sort(magnitudes, stable=True).indices
    sizes = [w.numel() for w in weights]
    mask = torch.ones_like(magnitudes)
    masks = []
    for number in range(sparsities):
        mask[order[:len(order) * number // sparsities]] = 0.0
        masks.append([m.reshape(w.shape) for m, w in zip(mask.clone().split(sizes), weights)])
    return masks


def fp8_e4m3(x):
    """The nearest value of the format: 3 mantissa bits, exponents from -6, up to 448."""
    exponent = torch.frexp(x).exponent.sub_(1).clamp_(min=-6)
    step = torch.ldexp(torch.ones(()), exponent - 3)
    return torch.round(x / step).mul_(step).clamp_(-448.0, 448.0)


def quantize(weight, mask, name):
    """Quantizes one tensor, symmetric, over the whole range of the values that the mask keeps."""
    kept = weight * mask
    if name == "fp16":
        return kept.half().float()
    if name == "bf16":
        return kept.bfloat16().float()
    magnitude = kept.abs()
    if name in ("ternary", "binary"):
        mean = magnitude.sum() / mask.sum()
        if name == "binary":
            return torch.where(weight < 0, -mean, mean) * mask
        chosen = (magnitude > 0.7 * mean).float()
        return kept.sign() * chosen * ((magnitude * chosen).sum() / chosen.sum())
    largest = float(magnitude.max())
    if name == "fp8-e4m3":
        return fp8_e4m3(kept * (448.0 / largest)) * (largest / 448.0)
    top = 2 ** (int(name[3:]) - 1) - 1
    return torch.fake_quantize_per_tensor_affine(kept, largest / top, 0, -top, top)


def make_variants(network, masks):
    return [[quantize(w, m, name) for w, m in zip(network.weights, mask)]
            for mask in masks for name in network.meta["formats"]]


def evaluate(network, images, weights, batch):
    """Mean loss, accuracy and predictions of one variant."""
    loss = 0.0
    predictions = []
    for begin in range(0, len(images), batch):
        x = images[begin:begin + batch]
        for number, (weight, bias) in enumerate(zip(weights, network.biases)):
            x = functional.linear(x, weight, bias)
            if number + 1 < len(weights):
                x = x.relu_()
        labels = network.labels[begin:begin + batch]
        loss += float(functional.cross_entropy(x, labels, reduction="sum"))
        predictions.append(x.argmax(1))
    predictions = torch.cat(predictions)
    correct = int((predictions == network.labels).sum())
    return loss / len(images), correct / len(images), predictions


def fastest_batch(network, images):
    def seconds(batch):
        begin = time.perf_counter()
        for _ in range(3):
            evaluate(network, images, network.weights, batch)
        return time.perf_counter() - begin

    seconds(BATCHES[0])
    return min(BATCHES, key=lambda batch: min(seconds(batch), seconds(batch)))


def main():
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    network = Network(pathlib.Path(sys.argv[1]))
    with torch.no_grad():
        batch = fastest_batch(network, network.bytes.float().mul_(1.0 / 255.0))
        begin = time.perf_counter()
        masks = prune(network.weights, network.meta["sparsities"])
        pruned = time.perf_counter()
        variants = make_variants(network, masks)
        quantized = time.perf_counter()
        images = network.bytes.float().mul_(1.0 / 255.0)
        results = [evaluate(network, images, weights, batch) for weights in variants]
        end = time.perf_counter()
    print(json.dumps({
        "program": f"PyTorch {torch.__version__}",
        "openblas_coretype": os.environ.get("OPENBLAS_CORETYPE", ""),
        "batch": batch,
        "variants": len(variants),
        "pruning_seconds": pruned - begin,
        "quantizing_seconds": quantized - pruned,
        "evaluating_seconds": end - quantized,
        "seconds": end - begin,
        "losses": [result[0] for result in results],
        "accuracies": [result[1] for result in results],
    }))


if __name__ == "__main__":
    main()
