"""Contrasts and correlations against SciPy, and how often an interval holds a planted truth.

usage: contrasts_test.py PRINT_CONTRASTS_PROGRAM
"""

import subprocess
import sys
import unittest

try:
    import numpy
    from scipy import stats
except ImportError:
    print("skipped: python3-scipy is not installed")
    sys.exit(77)

PROGRAM = sys.argv.pop(1)


def ask(lines):
    text = "".join(" ".join(repr(float(x)) if i > 1 else str(x) for i, x in enumerate(line)) + "\n"
                   for line in lines)
    out = subprocess.run([PROGRAM], input=text, capture_output=True, text=True, check=True)
    return [[float(word) for word in line.split()] for line in out.stdout.splitlines()]


class Parity(unittest.TestCase):
    def setUp(self):
        self.random = numpy.random.default_rng(1)

    def test_delta_is_that_of_mann_and_whitney(self):
        for n, m, shift in ((6, 9, 0.0), (20, 15, 0.8), (40, 60, 0.3)):
            a = self.random.normal(size=n).round(1) + shift
            b = self.random.normal(size=m).round(1)
            delta, p, _, _ = ask([["contrast", n, *a, *b]])[0]
            oracle = stats.mannwhitneyu(a, b, method="asymptotic", use_continuity=False)
            self.assertAlmostEqual(delta, 2 * oracle.statistic / (n * m) - 1, delta=1e-12)
            self.assertAlmostEqual(p, oracle.pvalue, delta=0.03)

    def test_correlation_and_interval_are_pearsons_and_fishers(self):
        for n in (6, 30, 200):
            x = self.random.normal(size=n)
            y = 0.6 * x + self.random.normal(size=n)
            r, low, high = ask([["correlation", n, *x, *y]])[0]
            oracle = stats.pearsonr(x, y)
            interval = oracle.confidence_interval(0.95)
            self.assertAlmostEqual(r, oracle.statistic, delta=1e-12)
            self.assertAlmostEqual(low, interval.low, delta=1e-9)
            self.assertAlmostEqual(high, interval.high, delta=1e-9)

    def test_interval_of_delta_holds_the_truth_as_often_as_it_says(self):
        for n, m, shift in ((8, 8, 0.0), (10, 25, 1.0), (15, 15, 2.0)):
            truth = 2 * stats.norm.cdf(shift / 2 ** 0.5) - 1
            lines = [["contrast", n, *(self.random.normal(size=n) + shift),
                      *self.random.normal(size=m)] for _ in range(300)]
            held = sum(low <= truth <= high for _, _, low, high in ask(lines))
            self.assertGreater(held, 300 * 0.92)


if __name__ == "__main__":
    unittest.main()
