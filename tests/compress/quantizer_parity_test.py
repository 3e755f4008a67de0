"""The quantizer against PyTorch, NumPy and tables of values made from the formats' definitions.

usage: quantizer_parity_test.py TRACE_QUANTIZER_PROGRAM
"""

import bisect
import os
import subprocess
import sys
import tempfile
import unittest
from fractions import Fraction

try:
    import numpy
    import torch
    from torch.ao.quantization import MinMaxObserver, PerChannelMinMaxObserver
except ImportError:
    print("skipped: python3-torch is not installed")
    sys.exit(77)

PROGRAM = sys.argv.pop(1)
INTEGERS = {"int16": 16, "int8": 8, "int6": 6, "int5": 5, "int4": 4, "int3": 3, "int2": 2}


class Result:
    def __init__(self, x, *words):
        with tempfile.TemporaryDirectory() as folder:
            numpy.asarray(x, dtype=numpy.float32).tofile(os.path.join(folder, "x.bin"))
            subprocess.run([PROGRAM, folder, *map(str, words)], check=True)

            def read(name, kind):
                path = os.path.join(folder, name)
                return numpy.fromfile(path, dtype=kind) if os.path.exists(path) else None

            shape = numpy.shape(x)
            self.codes = read("codes.bin", numpy.int32).reshape(shape)
            self.values = read("values.bin", numpy.float32).reshape(shape)
            self.scales = read("scales.bin", numpy.float32)
            self.zero_points = read("zero_points.bin", numpy.int32)


def quantized(x, number_format, granularity="tensor", scheme="symmetric", clipping="max"):
    channels = len(x) if granularity == "channel" else 1
    return Result(x, "quantize", channels, number_format, granularity, scheme, clipping)


def any_floats(count, seed):
    """Random bits: every kind of float, denormals, infinities and NaN too."""
    random = numpy.random.default_rng(seed)
    bits = random.integers(0, 2**32, count, dtype=numpy.uint64).astype(numpy.uint32)
    special = numpy.array([0.0, -0.0, numpy.inf, -numpy.inf, numpy.nan, 1e-45, -1e-45, 1.2e-38],
                          dtype=numpy.float32)
    return numpy.concatenate([bits.view(numpy.float32), special])


def with_ties(values):
    """Values of a format, halfway points between neighbours, and the floats next to those."""
    values = numpy.unique(values[numpy.isfinite(values)].astype(numpy.float64))
    middle = ((values[:-1] + values[1:]) / 2).astype(numpy.float32)
    return numpy.concatenate([values.astype(numpy.float32), middle,
                              numpy.nextafter(middle, numpy.float32(numpy.inf)),
                              numpy.nextafter(middle, numpy.float32(-numpy.inf))])


class FloatTable:
    """Magnitudes of a format, made from its definition with exact fractions."""

    def __init__(self, exponent_bits, mantissa_bits, infinities, has_nan=True):
        bias = 2 ** (exponent_bits - 1) - 1
        self.infinities = infinities
        self.has_nan = has_nan
        self.magnitudes = []  # by code
        for code in range(2 ** (exponent_bits + mantissa_bits)):
            exponent, mantissa = divmod(code, 2**mantissa_bits)
            is_last = exponent == 2**exponent_bits - 1
            if has_nan and is_last and (infinities or mantissa == 2**mantissa_bits - 1):
                break
            hidden = 2**mantissa_bits if exponent else 0
            self.magnitudes.append(Fraction(hidden + mantissa, 2**mantissa_bits)
                                   * Fraction(2) ** (max(exponent, 1) - bias))

    def nearest(self, x):
        """To even among two equally near; beyond the last value as if there were one more."""
        if numpy.isnan(x):
            return x if self.has_nan else numpy.float32(0)
        top = self.magnitudes[-1]
        step = top - self.magnitudes[-2]
        magnitude = Fraction(float(abs(x))) if numpy.isfinite(x) else 4 * top
        if self.infinities and magnitude >= top + step / 2:
            return numpy.copysign(numpy.float32(numpy.inf), x)
        above = bisect.bisect_left(self.magnitudes, magnitude)
        if above == len(self.magnitudes):
            best = above - 1
        else:
            candidates = [max(above - 1, 0), above]
            best = min(candidates, key=lambda code: (abs(self.magnitudes[code] - magnitude), code % 2))
        return numpy.copysign(numpy.float32(float(self.magnitudes[best])), x)


class SmallFloats(unittest.TestCase):
    def check(self, x, number_format, expected):
        ours = quantized(x, number_format, clipping="unscaled").values
        expected = numpy.asarray(expected, dtype=numpy.float32)
        number = ~numpy.isnan(expected)
        self.assertTrue(numpy.isnan(ours[~number]).all())
        numpy.testing.assert_array_equal(ours[number].view(numpy.int32),
                                         expected[number].view(numpy.int32))

    def test_fp16_and_bf16_round_as_pytorch_does(self):
        every_16_bits = torch.arange(-2**15, 2**15, dtype=torch.int32).to(torch.int16)
        for name, kind in (("fp16", torch.float16), ("bf16", torch.bfloat16)):
            every_value = every_16_bits.view(kind).float().numpy()
            for x in (any_floats(200_000, 1), with_ties(every_value)):
                self.check(x, name, torch.from_numpy(x).to(kind).float().numpy())

    def test_fp8_and_fp4_round_to_the_nearest_of_an_enumerated_table(self):
        tables = {"fp8-e4m3": FloatTable(4, 3, False), "fp8-e5m2": FloatTable(5, 2, True),
                  "fp4-e2m1": FloatTable(2, 1, False, has_nan=False)}
        for name, table in tables.items():
            values = numpy.array([float(m) for m in table.magnitudes])
            near = numpy.random.default_rng(2).normal(0, 10, 3000).astype(numpy.float32)
            ties = with_ties(numpy.concatenate([values, -values]))
            x = numpy.concatenate([any_floats(3000, 3), near, near / 1000, ties]).astype(numpy.float32)
            self.check(x, name, [table.nearest(each) for each in x])
        self.assertEqual(len(tables["fp8-e4m3"].magnitudes), 127)
        self.assertEqual(float(tables["fp8-e4m3"].magnitudes[-1]), 448.0)
        self.assertEqual(float(tables["fp8-e5m2"].magnitudes[-1]), 57344.0)


def awkward(scale, seed):
    """Normal numbers, ties, zeros, denormals, large ones."""
    random = numpy.random.default_rng(seed)
    ties = (numpy.arange(-300, 300) + 0.5) * scale
    return numpy.concatenate([random.normal(0, 60 * scale, 5000), ties, -ties, [0.0, -0.0, 1e-42, -1e-42,
                              1e6, -1e6]]).astype(numpy.float32)


class FakeQuantize(unittest.TestCase):
    def test_per_tensor_equals_pytorch(self):
        for scale in (0.1, 0.25, 1 / 3, 0.0078125, 1e-3, 7.0):
            scale = numpy.float32(scale)
            for zero, low, high in ((0, -127, 127), (3, 0, 255), (255, 0, 255), (0, -1, 1), (1, 0, 3),
                                    (-5, -128, 127), (0, -32767, 32767), (700, 0, 65535)):
                x = awkward(scale, 4)
                ours = Result(x, "grid", float(scale).hex(), zero, low, high)
                theirs = torch.fake_quantize_per_tensor_affine(
                    torch.from_numpy(x), float(scale), zero, low, high).numpy()
                numpy.testing.assert_array_equal(ours.values.view(numpy.int32),
                                                 theirs.view(numpy.int32))
                numpy.testing.assert_array_equal((ours.codes - zero).astype(numpy.float32) * scale,
                                                 theirs)

    def test_infinities_are_clamped_on_their_side_and_nan_is_zero(self):
        ours = Result([numpy.inf, -numpy.inf, numpy.nan, 1e30, -1e30], "grid", 0.5, 3, 0, 255)
        numpy.testing.assert_array_equal(ours.codes, [255, 0, 3, 255, 0])

    def test_quantizers_equal_pytorch_at_their_own_scales(self):
        x = numpy.random.default_rng(5).normal(0.01, 0.1, (12, 90)).astype(numpy.float32)
        x[:, 5] = 0.0
        x[3] = numpy.abs(x[3])
        x[4] = -numpy.abs(x[4])
        for name, bits in INTEGERS.items():
            for scheme in ("symmetric", "affine"):
                limits = (0, 2**bits - 1) if scheme == "affine" else \
                    (1 - 2 ** (bits - 1), 2 ** (bits - 1) - 1)
                for clipping in ("max", "95", "least-squared-error"):
                    ours = quantized(x, name, "channel", scheme, clipping)
                    theirs = torch.fake_quantize_per_channel_affine(
                        torch.from_numpy(x), torch.from_numpy(ours.scales),
                        torch.from_numpy(ours.zero_points), 0, *limits).numpy()
                    numpy.testing.assert_array_equal(ours.values, theirs)
                    ours = quantized(x, name, "tensor", scheme, clipping)
                    theirs = torch.fake_quantize_per_tensor_affine(
                        torch.from_numpy(x), float(ours.scales[0]), int(ours.zero_points[0]),
                        *limits).numpy()
                    numpy.testing.assert_array_equal(ours.values, theirs)


class Ranges(unittest.TestCase):
    def setUp(self):
        self.x = numpy.random.default_rng(6).normal(0.02, 0.1, (8, 150)).astype(numpy.float32)

    def check_observer(self, observer, granularity, scheme):
        observer(torch.from_numpy(self.x))
        scales, zero_points = observer.calculate_qparams()
        ours = quantized(self.x, "int8", granularity, scheme)
        numpy.testing.assert_array_equal(ours.scales, scales.numpy())
        numpy.testing.assert_array_equal(ours.zero_points, zero_points.numpy())

    def test_full_ranges_are_those_of_pytorchs_observers(self):
        symmetric = dict(dtype=torch.qint8, quant_min=-127, quant_max=127)
        affine = dict(dtype=torch.quint8, quant_min=0, quant_max=255)
        self.check_observer(MinMaxObserver(qscheme=torch.per_tensor_symmetric, **symmetric),
                            "tensor", "symmetric")
        self.check_observer(MinMaxObserver(qscheme=torch.per_tensor_affine, **affine),
                            "tensor", "affine")
        self.check_observer(
            PerChannelMinMaxObserver(ch_axis=0, qscheme=torch.per_channel_symmetric, **symmetric),
            "channel", "symmetric")
        self.check_observer(
            PerChannelMinMaxObserver(ch_axis=0, qscheme=torch.per_channel_affine, **affine),
            "channel", "affine")

    def test_percentiles_are_numpys(self):
        ours = quantized(self.x, "int8", clipping="97.5")
        magnitude = numpy.percentile(numpy.abs(self.x).astype(numpy.float64), 97.5)
        numpy.testing.assert_allclose(ours.scales, [magnitude / 127], rtol=1e-6)
        ours = quantized(self.x, "int8", scheme="affine", clipping="97.5")
        low, high = numpy.percentile(self.x.astype(numpy.float64), [1.25, 98.75])
        numpy.testing.assert_allclose(ours.scales, [(high - low) / 255], rtol=1e-6)
        self.assertEqual(ours.zero_points[0], round(-low / ours.scales[0]))

    def test_no_hundredth_of_the_range_has_less_error(self):
        top = numpy.abs(self.x).max()
        x = torch.from_numpy(self.x)
        for name in ("int2", "int3", "int4", "int8"):
            high = 2 ** (INTEGERS[name] - 1) - 1
            ours = quantized(self.x, name, clipping="least-squared-error")
            error = ((self.x.astype(numpy.float64) - ours.values) ** 2).sum()
            for share in range(1, 101):
                other = torch.fake_quantize_per_tensor_affine(
                    x, float(numpy.float32(top * (share / 100)) / numpy.float32(high)), 0, -high, high)
                self.assertLessEqual(error, ((x.double() - other) ** 2).sum().item() * (1 + 1e-6))

    def test_ternary_and_binary_are_their_papers(self):
        for x, ours in ((row, quantized(row, "ternary")) for row in self.x):
            threshold = 0.7 * numpy.abs(x).mean()
            codes = numpy.sign(x) * (numpy.abs(x) > threshold)
            numpy.testing.assert_array_equal(ours.codes, codes)
            numpy.testing.assert_allclose(ours.scales, [numpy.abs(x[codes != 0]).mean()], rtol=1e-6)
        ours = quantized(self.x, "binary", "channel")
        numpy.testing.assert_array_equal(ours.codes, numpy.sign(self.x))
        numpy.testing.assert_allclose(ours.scales, numpy.abs(self.x).mean(axis=1), rtol=1e-6)


if __name__ == "__main__":
    unittest.main()
