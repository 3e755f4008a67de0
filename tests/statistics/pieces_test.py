"""The piecewise fit against an exhaustive search over all change points, with numpy's least
squares.

usage: pieces_test.py FIT_PIECES_PROGRAM
"""

import itertools
import math
import subprocess
import sys
import unittest

try:
    import numpy
except ImportError:
    print("skipped: python3-numpy is not installed")
    sys.exit(77)

PROGRAM = sys.argv.pop(1)
MOST = 6


def line(x, y):
    design = numpy.stack([x, numpy.ones_like(x)], axis=1)
    (slope, intercept), *_ = numpy.linalg.lstsq(design, y, rcond=None)
    return slope, intercept, float(numpy.sum((y - design @ [slope, intercept]) ** 2))


def exhaustive(least, x, y):
    n = len(x)
    penalty = max(3 * math.log(n), 12.5 * n / (n - 2))
    best = None
    lines = {(i, j): line(x[i:j], y[i:j])
             for i in range(n) for j in range(i + 1, n + 1) if j - i >= least}
    for count in range(1, min(n // least, MOST) + 1):
        for inner in itertools.combinations(range(1, n), count - 1):
            ends = [0, *inner, n]
            pairs = list(zip(ends, ends[1:]))
            if any(j - i < least for i, j in pairs):
                continue
            squares = sum(lines[pair][2] for pair in pairs)
            criterion = n * math.log(max(squares / n, 1e-12)) + (count - 1) * penalty
            if best is None or criterion < best[0] - 1e-9:
                best = (criterion, [(i, j, *lines[i, j][:2]) for i, j in pairs])
    return best[1]


def series(random, n):
    """A line broken at random places, with noise."""
    x = numpy.log(numpy.arange(1.0, n + 1))
    y = random.normal(size=n) * 10 ** random.uniform(-4, -1)
    for _ in range(random.integers(0, 4)):
        at = random.integers(0, n)
        y[at:] += random.normal() + random.normal() * (x[at:] - x[at])
    return x, y


class Pieces(unittest.TestCase):
    def test_the_best_of_all_change_points_is_found(self):
        random = numpy.random.default_rng(5)
        cases = [(int(least), *series(random, int(n)))
                 for least, n in zip(random.integers(2, 5, 150), random.integers(5, 15, 150))]
        text = "\n".join(" ".join(map(repr, [least, len(x), *x.tolist(), *y.tolist()]))
                         for least, x, y in cases)
        output = subprocess.run([PROGRAM], input=text, capture_output=True, text=True, check=True)
        found = [list(map(float, row.split())) for row in output.stdout.splitlines()]
        self.assertEqual(len(found), len(cases))
        broken = 0
        for (least, x, y), row in zip(cases, found):
            expected = exhaustive(least, x, y)
            broken += len(expected) > 1
            numpy.testing.assert_allclose(row, numpy.ravel(expected), rtol=1e-6, atol=1e-9)
        self.assertGreater(broken, 30, "too few of the cases have change points to test anything")


if __name__ == "__main__":
    unittest.main()
