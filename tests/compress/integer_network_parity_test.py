"""Integer networks against PyTorch: the integers alone, through PyTorch's layers and Python's own
integers, give the same logits; and the logits are near those of the network with its floats.

usage: integer_network_parity_test.py TRACE_INTEGER_NETWORK_PROGRAM
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
    from torch.nn import functional
except ImportError:
    print("skipped: python3-torch is not installed")
    sys.exit(77)

PROGRAM = sys.argv.pop(1)
ARCHITECTURES = ("dnn linear", "dnn 16-12", "cnn 3", "cnn 4-5 max2", "cnn 4-6 pad1 avg2",
                 "cnn 5-4 k5 s2 pad2 gap")


class Trace:
    def __init__(self, *words):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([PROGRAM, folder, *map(str, words)], check=True)
            with open(os.path.join(folder, "trace.json")) as file:
                self.__dict__.update(json.load(file))
        self.images = torch.tensor(self.images, dtype=torch.float64).reshape(-1, *self.shape)
        self.logits = numpy.array(self.logits).reshape(len(self.images), -1)


def requantized(accumulators, factors):
    """Python's integers, channel by channel: to nearest, ties away from zero."""
    result = []
    for channel in range(accumulators.shape[1]):
        multiplier, shift = factors[channel if len(factors) > 1 else 0]
        part = accumulators[:, channel].numpy().astype(numpy.int64).astype(object)
        magnitude = (abs(part) * multiplier + 2 ** (shift - 1)) // 2**shift
        result.append(torch.tensor((magnitude * numpy.sign(part)).astype(numpy.int64)))
    return torch.stack(result, dim=1).double()


def integer_layer(layer, codes):
    """In double precision, which holds every 32-bit integer and sum of them exactly."""
    window = tuple(layer["window"])
    if layer["kind"] == "max_pool":
        return functional.max_pool2d(codes, window, layer["stride"])
    if layer["kind"] == "average_pool":
        sums = functional.avg_pool2d(codes, window, layer["stride"], divisor_override=1)
    else:
        weights = torch.tensor(layer["weights"], dtype=torch.float64)
        biases = torch.tensor(layer["biases"], dtype=torch.float64)
        if layer["kind"] == "dense":
            sums = functional.linear(codes.flatten(1), weights.reshape(len(biases), -1), biases)
        else:
            if layer["padding"]:
                channels = [functional.pad(codes[:, [c]], [layer["padding"]] * 4, value=float(code))
                            for c, code in enumerate(layer["padding_codes"])]
                codes = torch.cat(channels, dim=1)
            weights = weights.reshape(len(biases), codes.shape[1], *window)
            sums = functional.conv2d(codes, weights, biases, stride=layer["stride"])
    assert sums.abs().max() < 2**31
    if layer["is_output"]:
        return requantized(sums, layer["requantization"]) if layer["requantization"] else sums
    return requantized(sums, layer["requantization"]).clamp(0, layer["output_high"])


def float_logits(trace):
    values = trace.images * torch.tensor(trace.pixel_scale).double().reshape(1, -1, 1, 1) \
        + torch.tensor(trace.pixel_shift).double().reshape(1, -1, 1, 1)
    rest = torch.tensor(trace.parameters, dtype=torch.float32).double()
    for layer in trace.layers:
        window = tuple(layer["window"])
        if layer["kind"] == "max_pool":
            values = functional.max_pool2d(values, window, layer["stride"])
            continue
        if layer["kind"] == "average_pool":
            values = functional.avg_pool2d(values, window, layer["stride"])
            continue
        outputs, count = layer["output"][0], len(layer["weights"])
        weights, biases, rest = rest[:count], rest[count:count + outputs], rest[count + outputs:]
        if layer["kind"] == "dense":
            values = functional.linear(values.flatten(1), weights.reshape(outputs, -1), biases)
        else:
            weights = weights.reshape(outputs, values.shape[1], *window)
            values = functional.conv2d(values, weights, biases, layer["stride"], layer["padding"])
        if not layer["is_output"]:
            values = functional.relu(values)
    assert len(rest) == 0
    return values.numpy()


class IntegerNetworks(unittest.TestCase):
    def traces(self, *formats):
        for architecture in ARCHITECTURES:
            for shape in ((1, 11, 10), (3, 11, 10)):
                for scaling in ("unit", "standardised"):
                    for each in formats:
                        with self.subTest((architecture, shape, scaling, each)):
                            yield Trace(architecture, *shape, *each, scaling)

    def test_the_integers_alone_give_the_same_logits(self):
        for trace in self.traces(("int8", "channel", "int8"), ("int3", "tensor", "int4"),
                                 ("ternary", "channel", "int16"), ("binary", "tensor", "int6")):
            codes = trace.images
            for layer in trace.layers:
                codes = integer_layer(layer, codes)
            numpy.testing.assert_array_equal(codes.numpy().astype(numpy.int64), trace.logits)

    def test_logits_of_eight_bits_are_near_those_of_the_floats(self):
        for trace in self.traces(("int8", "channel", "int8"), ("int8", "tensor", "int16")):
            expected = float_logits(trace)
            ours = trace.logits * trace.layers[-1]["output_scale"]
            self.assertLess(abs(ours - expected).max(), 0.03 * abs(expected).max())


if __name__ == "__main__":
    unittest.main()
