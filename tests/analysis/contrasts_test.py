"""Contrasts, correlations and sign changes against SciPy.

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
            delta = ask([["delta", n, *a, *b]])[0][0]
            oracle = stats.mannwhitneyu(a, b).statistic
            self.assertAlmostEqual(delta, 2 * oracle / (n * m) - 1, delta=1e-12)

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

    def sign_changes(self, effects, weights):
        """Two-sided p of the weighted mean, by all changes of signs."""
        return stats.permutation_test(
            (effects,), lambda d, axis: (weights * d).sum(axis) / weights.sum(),
            permutation_type="samples", vectorized=True, n_resamples=10 ** 6).pvalue

    def test_pooled_effect_has_the_p_of_all_sign_changes(self):
        for n, shift in ((6, 0.0), (6, 3.0), (9, 0.5), (12, -0.4)):
            effects = self.random.normal(size=n) + shift
            weights = self.random.uniform(0.5, 3.0, size=n)
            effect, p, _, _ = ask([["pooled", n, *effects, *weights]])[0]
            self.assertAlmostEqual(effect, numpy.average(effects, weights=weights), delta=1e-12)
            self.assertAlmostEqual(p, self.sign_changes(effects, weights), delta=1e-9)

    def test_interval_holds_the_effects_that_the_test_does_not_reject(self):
        for n in (6, 8, 11):
            effects = self.random.normal(size=n) ** 3
            weights = self.random.uniform(0.5, 3.0, size=n)
            _, _, low, high = ask([["pooled", n, *effects, *weights]])[0]
            for inside, outside in ((low + 1e-6, low - 1e-6), (high - 1e-6, high + 1e-6)):
                self.assertGreater(self.sign_changes(effects - inside, weights), 0.05)
                self.assertLessEqual(self.sign_changes(effects - outside, weights), 0.05)

    def test_many_architectures_have_nearly_the_p_of_a_t_test(self):
        for shift in (0.0, 0.3, 0.5):
            effects = self.random.normal(size=40) + shift
            _, p, low, high = ask([["pooled", 40, *effects, *numpy.ones(40)]])[0]
            oracle = stats.ttest_1samp(effects, 0.0)
            self.assertAlmostEqual(p, oracle.pvalue, delta=0.02)
            interval = oracle.confidence_interval(0.95)
            self.assertAlmostEqual(low, interval.low, delta=0.03)
            self.assertAlmostEqual(high, interval.high, delta=0.03)

    def test_interval_holds_the_truth_as_often_as_it_says(self):
        lines = [["pooled", 8, *(self.random.normal(size=8) + 1.0), *numpy.ones(8)]
                 for _ in range(400)]
        held = sum(low <= 1.0 <= high for _, _, low, high in ask(lines))
        self.assertGreater(held, 400 * 0.92)


if __name__ == "__main__":
    unittest.main()
