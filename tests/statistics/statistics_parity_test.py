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

    def compare(self, name, cases, oracle, relative=1e-10, least=1e-290):
        """Compares with the oracle, up to `relative`; both may be below `least`."""
        for case, (value,) in zip(cases, ask([[name, *case] for case in cases])):
            expected = float(oracle(*case))
            if abs(expected) > least:
                self.assertAlmostEqual(value / expected, 1.0, delta=relative, msg=f"{name} {case}")
            else:
                self.assertLess(abs(value), 2 * least + 1e-300, msg=f"{name} {case}")

    def test_binomial_tail_is_that_of_scipy(self):
        cases = [(k, n, p) for n in (1, 7, 100, 3000, 50000) for p in (0.02, 0.1, 0.5, 0.95)
                 for k in sorted({0, 1, n // 50, int(n * p), int(n * p * 1.02) + 1, n - 1, n})]
        self.compare("binomial_upper_tail", cases, lambda k, n, p: stats.binom.sf(k - 1, n, p))

    def test_binomial_limit_is_that_of_clopper_and_pearson(self):
        cases = [(k, n, c) for n in (1, 20, 3000) for k in sorted({0, n // 10, n - 1, n})
                 for c in (0.9, 0.95, 1 - 1e-6)]
        self.compare("binomial_upper_limit", cases,
                     lambda k, n, c: 1.0 if k == n else stats.beta.ppf(c, k + 1, n - k))

    def test_ranks_of_the_median_are_quantiles_of_the_binomial_distribution(self):
        cases = [(n, c) for n in (1, 5, 6, 7, 8, 9, 30, 31, 1000, 100001) for c in (0.5, 0.9, 0.95, 0.999)]
        for (n, confidence), ranks in zip(cases, ask([["median_ranks", *case] for case in cases])):
            k = int(stats.binom.ppf((1 - confidence) / 2, n, 0.5))
            self.assertEqual(ranks, [k, n + 1 - k] if k > 0 else [], (n, confidence))

    def test_normal_score_is_the_inverse_survival_function(self):
        tails = [(tail,) for tail in (1e-200, 1e-9, 1e-6, 0.025, 0.8, 1 - 1e-12)]
        self.compare("normal_score", tails, stats.norm.isf)

    def test_tail_of_t_is_that_of_scipy(self):
        cases = [(t, df) for df in (1.0, 2.0, 3.5, 9.0, 100.0, 1e5)
                 for t in (1e-6, 0.3, 1.0, 2.5, 12.0, 300.0)]
        self.compare("student_t_two_sided_tail", cases, lambda t, df: 2 * stats.t.sf(t, df))

    def test_quantile_of_t_is_that_of_scipy(self):
        degrees = (1.0, 1.5, 2.0, 4.0, 29.0, 1e4)
        cases = [(c, df) for c in (0.5, 0.9, 0.95, 0.999) for df in degrees]
        # SciPy's own error is 2e-9 here, as mpmath shows.
        self.compare("student_t_quantile", cases, lambda c, df: stats.t.ppf((1 + c) / 2, df), 1e-8)
        cases = [(tail, df) for tail in (0.05, 1e-3, 1e-6, 1e-9) for df in degrees]
        self.compare("student_t_upper_quantile", cases, stats.t.isf, 1e-8)

    def test_chi_squared_is_that_of_scipy(self):
        cases = [(p, df) for p in (1e-6, 0.005, 0.025, 0.5, 0.975, 0.995, 1 - 1e-6)
                 for df in (0.5, 1.0, 4.0, 29.0, 999.0)]
        self.compare("chi_squared_quantile", cases, stats.chi2.ppf)

    def test_tails_of_f_are_those_of_scipy(self):
        cases = [(f, a, b) for f in (0.01, 0.5, 1.0, 3.0, 40.0) for a in (1.0, 3.0, 20.0)
                 for b in (1.0, 2.5, 10.0, 1e6)]
        self.compare("f_upper_tail", cases, stats.f.sf, 1e-8)
        self.compare("f_lower_tail", cases, stats.f.cdf, 1e-8)

    def test_scores_have_the_tail_of_their_statistic(self):
        scores = (-4.75, -3, -1, 0.5, 2, 4.75)  # P(Z > 4.75) = 1e-6
        for name, distribution in (("student_t_score", stats.t), ("chi_squared_score", stats.chi2)):
            for df in (1.0, 2.5, 10.0, 200.0):
                # SciPy's isf near 1 has few digits, so the lower tail is asked for by its quantile.
                statistics = [float(distribution.isf(stats.norm.sf(z), df) if z > 0 else
                                    distribution.ppf(stats.norm.cdf(z), df)) for z in scores]
                values = ask([[name, x, df] for x in statistics])
                for z, (value,) in zip(scores, values):
                    self.assertAlmostEqual(value, z, delta=1e-8, msg=f"{name} {z} {df}")


if __name__ == "__main__":
    unittest.main()
