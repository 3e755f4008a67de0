"""Statistics of single images against SciPy and NumPy.

usage: outcomes_test.py PRINT_OUTCOMES_PROGRAM
"""

import itertools
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
    text = "".join(" ".join(str(word) for word in line) + "\n" for line in lines)
    out = subprocess.run([PROGRAM], input=text, capture_output=True, text=True, check=True)
    return [[float(word) for word in line.split()] for line in out.stdout.splitlines()]


def rest(table):
    """Mean square of the residual."""
    residual = table - table.mean(1, keepdims=True) - table.mean(0) + table.mean()
    return (residual ** 2).sum() / ((table.shape[0] - 1) * (table.shape[1] - 1))


class Parity(unittest.TestCase):
    def setUp(self):
        self.random = numpy.random.default_rng(1)

    def outcomes(self, replicates, images):
        """Correlated outcomes: some networks are better, some images easier."""
        network = 0.3 * self.random.normal(size=(replicates, 1))
        image = self.random.normal(size=(1, images))
        rest = self.random.normal(size=(replicates, images))
        return (network + image + rest < 1).astype(int)

    def test_wilson(self):
        cases = [(0, 10), (3, 10), (10, 10), (950, 1000), (1, 100000)]
        for (k, n), (low, high) in zip(cases, ask(["wilson", k, n] for k, n in cases)):
            oracle = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
            self.assertAlmostEqual(low, oracle.low, delta=1e-9)
            self.assertAlmostEqual(high, oracle.high, delta=1e-9)

    def test_mcnemar_is_the_binomial_test(self):
        cases = [(0, 1), (5, 5), (9, 1), (30, 12), (400, 470)]
        for (b, c), (exact, mid) in zip(cases, ask(["mcnemar", b, c] for b, c in cases)):
            oracle = stats.binomtest(b, b + c, 0.5).pvalue
            self.assertAlmostEqual(exact, oracle, delta=1e-10)
            # Fagerland, Lydersen and Laake 2013, equation 8.
            point = stats.binom.pmf(max(b, c), b + c, 0.5)
            self.assertAlmostEqual(mid, min(1, 2 * stats.binom.sf(max(b, c) - 1, b + c, 0.5) - point),
                                   delta=1e-10)

    def test_mean_squares_are_those_of_the_definition(self):
        for replicates, images in ((2, 7), (5, 200), (12, 50)):
            x = self.outcomes(replicates, images)
            mean, rows, columns, rest = ask([["two_way", replicates, *x.ravel()]])[0]
            r, c = x.mean(1, keepdims=True), x.mean(0, keepdims=True)
            self.assertAlmostEqual(mean, x.mean(), delta=1e-12)
            self.assertAlmostEqual(rows, images * r.var(ddof=1), delta=1e-10)
            self.assertAlmostEqual(columns, replicates * c.var(ddof=1), delta=1e-10)
            residual = x - r - c + x.mean()
            self.assertAlmostEqual(
                rest, (residual ** 2).sum() / ((replicates - 1) * (images - 1)), delta=1e-10)

    def test_spread_is_unbiased_as_defined(self):
        x = self.outcomes(8, 300)
        observed, training, low, high = ask([["spread", 8, *x.ravel()]])[0]
        within = x.var(0, ddof=1).mean()
        variance = 300 / 299 * (x.mean(1).var(ddof=1) - within / 300)
        self.assertAlmostEqual(observed, x.mean(1).std(ddof=1), delta=1e-12)
        self.assertAlmostEqual(training, max(0, variance) ** 0.5, delta=1e-10)
        rest = observed ** 2 - variance
        for limit, p in ((low, 0.975), (high, 0.025)):
            expected = max(0, observed ** 2 * 7 / stats.chi2.ppf(p, 7) - rest) ** 0.5
            self.assertAlmostEqual(limit, expected, delta=1e-9)

    def test_agreement_is_that_of_all_pairs(self):
        for replicates in (2, 5):
            labels = self.random.integers(0, 4, size=120)
            predicted = numpy.where(self.random.random((replicates, 120)) < 0.7, labels,
                                    self.random.integers(0, 4, size=(replicates, 120)))
            same, kappa, shared, different, vote = ask(
                [["agreement", replicates, 4, *labels, *predicted.ravel()]])[0]
            pairs = list(itertools.permutations(predicted, 2))
            agree = numpy.mean([(a == b).mean() for a, b in pairs])
            chance = numpy.mean([sum((a == k).mean() * (b == k).mean() for k in range(4))
                                 for a, b in pairs])
            self.assertAlmostEqual(same, agree, delta=1e-12)
            self.assertAlmostEqual(kappa, (agree - chance) / (1 - chance), delta=1e-12)
            wrong = [((a != labels), (b != labels), a != b) for a, b in pairs]
            both = sum((a & b).sum() for a, b, _ in wrong)
            self.assertAlmostEqual(shared, both / sum(a.sum() for a, _, _ in wrong), delta=1e-12)
            self.assertAlmostEqual(different, sum((a & b & d).sum() for a, b, d in wrong) / both,
                                   delta=1e-12)
            counts = numpy.array([(predicted == k).sum(0) for k in range(4)])
            self.assertAlmostEqual(vote, (counts.argmax(0) == labels).mean(), delta=1e-12)

    def test_difference_of_two_architectures(self):
        x, y = self.outcomes(4, 400), self.outcomes(6, 400)
        mean, seeds, images = ask([["difference", 4, 6, *x.ravel(), *y.ravel()]])[0]
        self.assertAlmostEqual(mean, x.mean() - y.mean(), delta=1e-12)
        self.assertAlmostEqual(
            seeds, (x.mean(1).var(ddof=1) / 4 + y.mean(1).var(ddof=1) / 6) ** 0.5, delta=1e-12)

        shared = (x.mean(0) - y.mean(0)).var(ddof=1) - rest(x) / 4 - rest(y) / 6
        self.assertAlmostEqual(images, (max(0, shared) * 399 + 1) ** 0.5 / 401, delta=1e-10)

    def test_mean_difference_of_several_pairs(self):
        pairs = [(self.outcomes(3, 250), self.outcomes(5, 250)) for _ in range(4)]
        numbers = [value for x, y in pairs for table in (x, y) for value in table.ravel()]
        mean, seeds, images, high = ask([["mean_difference", 4, 3, 5, 250, *numbers]])[0]
        self.assertAlmostEqual(mean, numpy.mean([x.mean() - y.mean() for x, y in pairs]), delta=1e-12)

        parts = [(x.mean(1).var(ddof=1) / 3, y.mean(1).var(ddof=1) / 5) for x, y in pairs]
        variance = sum(a + b for a, b in parts)
        self.assertAlmostEqual(seeds, variance ** 0.5 / 4, delta=1e-12)

        # Each image's mean difference; what the replicates contribute to it is taken off.
        by_image = numpy.mean([x.mean(0) - y.mean(0) for x, y in pairs], axis=0)
        of_runs = sum(rest(x) / 3 + rest(y) / 5 for x, y in pairs) / 16
        shared = max(0, by_image.var(ddof=1) - of_runs)
        self.assertAlmostEqual(images, (shared * 249 + 1) ** 0.5 / 251, delta=1e-10)

        # Satterthwaite's degrees of freedom, over all eight variances.
        df = variance ** 2 / sum(a ** 2 / 2 + b ** 2 / 4 for a, b in parts)
        half = ((stats.t.ppf(0.975, df) * seeds) ** 2 + (stats.norm.ppf(0.975) * images) ** 2) ** 0.5
        self.assertAlmostEqual(high, mean + half, delta=1e-9)


if __name__ == "__main__":
    unittest.main()
