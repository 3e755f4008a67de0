"""Statistics against SciPy and scikit-learn.

usage: statistics_parity_test.py PRINT_STATISTICS_PROGRAM
"""

import subprocess
import sys
import unittest

try:
    import numpy
    from scipy import stats
    from sklearn.isotonic import IsotonicRegression
except ImportError:
    print("skipped: python3-scipy or python3-sklearn is not installed")
    sys.exit(77)

PROGRAM = sys.argv.pop(1)


def ask(lines):
    """One list of numbers for each line."""
    text = "\n".join(" ".join(repr(word) if isinstance(word, float) else str(word) for word in line)
                     for line in lines)
    out = subprocess.run([PROGRAM], input=text + "\n", capture_output=True, text=True, check=True)
    return [[float(word) for word in line.split()] for line in out.stdout.splitlines()]


class Parity(unittest.TestCase):
    def setUp(self):
        self.random = numpy.random.default_rng(1)

    def monotone(self, name, increasing):
        for n in (1, 2, 5, 60):
            for _ in range(20):
                y = self.random.normal(size=n).round(int(self.random.integers(1, 4)))
                w = self.random.integers(1, 6, size=n).astype(float)
                fit = ask([[name, *map(float, y), *map(float, w)]])[0]
                oracle = IsotonicRegression(increasing=increasing).fit_transform(
                    numpy.arange(n), y, sample_weight=w)
                numpy.testing.assert_allclose(fit, oracle, atol=1e-12)

    def test_isotonic_fit_is_that_of_scikit_learn(self):
        self.monotone("isotonic_fit", True)

    def test_antitonic_fit_is_that_of_scikit_learn(self):
        self.monotone("antitonic_fit", False)

    def test_binomial_tail_is_that_of_scipy(self):
        cases = [(k, n, p) for n in (1, 7, 100, 3000, 50000) for p in (0.02, 0.1, 0.5, 0.95)
                 for k in sorted({0, 1, n // 50, int(n * p), int(n * p * 1.02) + 1, n - 1, n})]
        answers = ask([["binomial_upper_tail", *case] for case in cases])
        for (k, n, p), (value,) in zip(cases, answers):
            oracle = stats.binom.sf(k - 1, n, p)
            self.assertAlmostEqual(value, oracle, delta=1e-10)  # lgamma of large numbers
            if 1e-290 < oracle < 0.5:
                self.assertAlmostEqual(value / oracle, 1.0, delta=1e-8, msg=f"{k} {n} {p}")

    def test_binomial_limit_is_that_of_clopper_and_pearson(self):
        cases = [(k, n, c) for n in (1, 20, 3000) for k in sorted({0, n // 10, n - 1, n})
                 for c in (0.9, 0.95)]
        answers = ask([["binomial_upper_limit", *case] for case in cases])
        for (k, n, c), (value,) in zip(cases, answers):
            oracle = 1.0 if k == n else stats.beta.ppf(c, k + 1, n - k)
            self.assertAlmostEqual(value, oracle, delta=1e-9)

    def test_normal_score_is_the_inverse_survival_function(self):
        tails = [1e-200, 1e-9, 0.025, 0.5, 0.8, 1 - 1e-12]
        for tail, (value,) in zip(tails, ask([["normal_score", tail] for tail in tails])):
            self.assertAlmostEqual(value, stats.norm.isf(tail), delta=1e-3 if tail > 0.999 else 1e-9)

    def test_tail_of_t_is_that_of_scipy(self):
        cases = [(t, df) for df in (1.0, 2.0, 3.5, 9.0, 100.0, 1e5)
                 for t in (1e-6, 0.3, 1.0, 2.5, 12.0, 300.0)]
        answers = ask([["student_t_two_sided_tail", *case] for case in cases])
        for (t, df), (value,) in zip(cases, answers):
            oracle = 2 * stats.t.sf(t, df)
            self.assertAlmostEqual(value, oracle, delta=1e-10)  # lgamma of large numbers
            if oracle > 1e-290:
                self.assertAlmostEqual(value / oracle, 1.0, delta=1e-8, msg=f"{t} {df}")

    def test_quantile_of_t_is_that_of_scipy(self):
        cases = [(c, df) for c in (0.0, 0.5, 0.9, 0.95, 0.999) for df in (1.0, 2.0, 4.0, 29.0, 1e4)]
        answers = ask([["student_t_quantile", *case] for case in cases])
        for (c, df), (value,) in zip(cases, answers):
            oracle = stats.t.ppf((1 + c) / 2, df)
            self.assertAlmostEqual(value, oracle, delta=1e-8 * max(1.0, oracle), msg=f"{c} {df}")

    def score_errors(self, name, distribution, df, scores):
        quantiles = [float(distribution.isf(stats.norm.sf(z), df)) for z in scores]
        values = [value for value, in ask([[name, x, df] for x in quantiles])]
        return [abs(value) - abs(z) for value, z in zip(values, scores)]

    def test_scores_of_t_err_on_the_side_of_caution_and_little(self):
        for df, most in ((1, 0.3), (4, 0.03), (10, 0.005), (200, 1e-4)):
            errors = self.score_errors("student_t_score", stats.t, df, [-3, -1, 0.5, 2, 3])
            self.assertLess(max(errors), 0.01)
            self.assertGreater(min(errors), -most)

    def test_scores_of_chi_squared_err_on_the_side_of_caution_and_little(self):
        for df, most in ((4, 0.26), (10, 0.075), (30, 0.02), (200, 0.002)):
            errors = self.score_errors("chi_squared_score", stats.chi2, df, [-3, -2, 1, 2, 3])
            self.assertLess(max(errors), 0.03)
            self.assertGreater(min(errors), -most)


if __name__ == "__main__":
    unittest.main()
