"""Magnitude masks against torch.nn.utils.prune.

usage: pruning_parity_test.py TRACE_PRUNING_PROGRAM
"""

import os
import subprocess
import sys
import tempfile
import unittest

try:
    import numpy
    import torch
    from torch.nn.utils import prune
except ImportError:
    print("skipped: python3-torch is not installed")
    sys.exit(77)

PROGRAM = sys.argv.pop(1)
NETWORKS = [("dnn 7-5", 1, 6), ("cnn 3-4 max2", 3, 12), ("vit d8 h2 l2 p4", 1, 8)]
SPARSITIES = [0.0, 0.001, 0.1, 0.25, 1 / 3, 0.5, 0.77, 0.9, 0.999, 1.0]


class Network:
    """Random parameters, and the tensors of them that can be pruned."""

    def __init__(self, architecture, channels, side, seed=1):
        self.words = [architecture, str(channels), str(side)]
        lines = subprocess.run([PROGRAM, "none", *self.words], check=True, capture_output=True,
                               text=True).stdout.split("\n")
        self.tensors = []
        for line in lines[:-2]:
            name, begin, count = line.split()
            self.tensors.append((name, int(begin), int(count)))
        random = numpy.random.default_rng(seed)
        size = int(lines[-2])
        magnitudes = numpy.unique(numpy.abs(random.normal(0, 0.1, 2 * size)).astype(numpy.float32))
        signs = random.choice([-1, 1], size).astype(numpy.float32)
        self.parameters = random.permutation(magnitudes)[:size] * signs  # no two are equal

    def weights(self, biases=False):
        return [each for each in self.tensors if biases or each[0].endswith("weight")]

    def ours(self, scope, sparsity, before=None, biases=False):
        with tempfile.TemporaryDirectory() as folder:
            self.parameters.tofile(os.path.join(folder, "parameters.bin"))
            if before is not None:
                before.tofile(os.path.join(folder, "before.bin"))
            subprocess.run([PROGRAM, folder, *self.words, scope, repr(sparsity)]
                           + ["biases"] * biases, check=True)
            return numpy.fromfile(os.path.join(folder, "mask.bin"), dtype=numpy.uint8)

    def pytorchs(self, scope, amount, before=None, biases=False):
        """`amount` is a share of all, or, on top of a mask, a number of further weights."""
        chosen = [(torch.nn.Module(), name, begin, count)
                  for name, begin, count in self.weights(biases)]
        for module, _, begin, count in chosen:
            values = torch.from_numpy(self.parameters[begin:begin + count].copy())
            module.weight = torch.nn.Parameter(values)
            if before is not None:
                prune.custom_from_mask(module, "weight",
                                       torch.from_numpy(before[begin:begin + count].copy()))
        if scope == "global":
            prune.global_unstructured([(module, "weight") for module, *_ in chosen],
                                      pruning_method=prune.L1Unstructured, amount=amount)
        else:
            for module, name, *_ in chosen:
                if scope in ("tensor", name):
                    prune.l1_unstructured(module, "weight", amount=amount)
        mask = numpy.ones(len(self.parameters), dtype=numpy.uint8)
        for module, _, begin, count in chosen:
            if hasattr(module, "weight_mask"):
                mask[begin:begin + count] = module.weight_mask.numpy()
        return mask

    def scopes(self):
        return ["global", "tensor", self.weights()[1][0]]


class Masks(unittest.TestCase):
    def test_are_pytorchs_where_no_magnitudes_are_equal(self):
        for words in NETWORKS:
            network = Network(*words)
            for scope in network.scopes():
                for sparsity in SPARSITIES:
                    numpy.testing.assert_array_equal(network.ours(scope, sparsity),
                                                     network.pytorchs(scope, sparsity),
                                                     f"{words} {scope} {sparsity}")

    def test_with_biases_are_pytorchs(self):
        for words in NETWORKS:
            network = Network(*words, seed=2)
            for scope in ("global", "tensor"):
                numpy.testing.assert_array_equal(network.ours(scope, 0.6, biases=True),
                                                 network.pytorchs(scope, 0.6, biases=True))

    def test_round_halves_to_even(self):
        network = Network("dnn linear", 1, 1)  # one tensor of 10 weights
        for sparsity in (0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95):
            ours = network.ours("global", sparsity)
            self.assertEqual((ours == 0).sum(), round(sparsity * 10), sparsity)
            numpy.testing.assert_array_equal(ours, network.pytorchs("global", sparsity))

    def test_on_top_of_a_mask_are_pytorchs_for_as_many_further_weights(self):
        for words in NETWORKS:
            network = Network(*words, seed=3)
            for scope in ("global", network.weights()[1][0]):
                first = network.ours(scope, 0.3)
                second = network.ours(scope, 0.8, before=first)
                further = int((first == 1).sum() - (second == 1).sum())
                numpy.testing.assert_array_equal(
                    second, network.pytorchs(scope, further, before=first))
                numpy.testing.assert_array_equal(second, network.ours(scope, 0.8))

    def test_with_equal_magnitudes_prune_the_same_magnitudes(self):
        special = numpy.array([0, -0.0, 1e-45, -1e-45, 1.1e-38, numpy.inf, -numpy.inf, 3e38, -3e38],
                              dtype=numpy.float32)
        for words in NETWORKS:
            network = Network(*words, seed=4)
            random = numpy.random.default_rng(5)
            size = len(network.parameters)
            quantized = numpy.round(network.parameters * 30).astype(numpy.float32)
            for values in (quantized, numpy.zeros(size, dtype=numpy.float32),
                           random.choice(special, size),
                           numpy.where(random.random(size) < 0.3, random.choice(special, size),
                                       network.parameters)):
                network.parameters = values
                for scope in network.scopes():
                    for sparsity in SPARSITIES:
                        self.expect_same_magnitudes(network, scope, sparsity)

    def expect_same_magnitudes(self, network, scope, sparsity):
        ours, theirs = network.ours(scope, sparsity), network.pytorchs(scope, sparsity)
        ranges = [(begin, begin + count) for _, begin, count in network.weights()]
        if scope == "global":
            chosen = [numpy.concatenate([numpy.arange(*each) for each in ranges])]
        else:
            chosen = [numpy.arange(*each) for each in ranges]
        for places in chosen:
            def pruned(mask):
                return numpy.sort(numpy.abs(network.parameters[places][mask[places] == 0]))
            numpy.testing.assert_array_equal(pruned(ours), pruned(theirs), f"{scope} {sparsity}")
        self.assertEqual(ours.sum(), theirs.sum())


if __name__ == "__main__":
    unittest.main()
