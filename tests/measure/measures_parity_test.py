"""Measures of weights against SciPy and scikit-learn.

usage: measures_parity_test.py PRINT_MEASURES_PROGRAM
"""

import subprocess
import sys
import unittest

try:
    import numpy
    from scipy import stats
    from sklearn import metrics
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE, trustworthiness
except ImportError:
    print("skipped: python3-scipy or python3-sklearn is not installed")
    sys.exit(77)

PROGRAM = sys.argv.pop(1)


def ask(name, *parts):
    words = [name] + [repr(float(x)) for part in parts for x in numpy.ravel(part)]
    out = subprocess.run([PROGRAM], input=" ".join(words) + "\n", capture_output=True, text=True,
                         check=True)
    return numpy.array([float(word) for word in out.stdout.split()])


class Parity(unittest.TestCase):
    def setUp(self):
        self.random = numpy.random.default_rng(1)

    def test_moments_norms_and_stable_rank(self):
        shapes = [(3, 2), (64, 20), (10, 784), (300, 300)]
        for rows, columns in shapes:
            for draw in (self.random.normal, self.random.laplace, self.random.uniform):
                w = (0.05 * draw(size=(rows, columns)) - 0.01).astype(numpy.float32)
                answer = ask("statistics", columns, w)
                v = w.astype(float).ravel()
                singular = numpy.linalg.svd(w.astype(float), compute_uv=False)
                oracle = [v.mean(), v.std(), stats.skew(v), stats.kurtosis(v),
                          (abs(v) < 0.1 * v.std()).mean(), abs(v).sum(), numpy.linalg.norm(v),
                          abs(v).max(), (v ** 2).sum() / singular[0] ** 2]
                numpy.testing.assert_allclose(answer[:-1], oracle[:-1], rtol=1e-9, atol=1e-9)
                self.assertAlmostEqual(answer[-1] / oracle[-1], 1.0, delta=1e-3)

    def test_quantile_function_is_numpys(self):
        for n in (1, 2, 63, 64, 1000):
            v = self.random.normal(size=n).astype(numpy.float32)
            oracle = numpy.quantile(v.astype(float), (numpy.arange(64) + 0.5) / 64)
            numpy.testing.assert_allclose(ask("quantiles", v), oracle, rtol=1e-6)

    def test_density_with_scotts_bandwidth(self):
        x = numpy.sort(self.random.normal(size=40))
        counts = self.random.integers(1, 30, size=40)
        at = numpy.linspace(-4, 4, 101)
        oracle = stats.gaussian_kde(numpy.repeat(x, counts))(at)
        numpy.testing.assert_allclose(ask("density", len(x), x, counts, at), oracle, rtol=1e-9,
                                      atol=1e-13)

    def test_wasserstein_distance(self):
        for n, m in ((1, 1), (1, 7), (50, 80)):
            a, b = numpy.sort(self.random.normal(size=n)), numpy.sort(self.random.normal(size=m))
            u, v = self.random.integers(1, 9, size=n), self.random.integers(1, 9, size=m)
            oracle = stats.wasserstein_distance(a, b, u, v)
            self.assertAlmostEqual(ask("wasserstein", n, m, a, u, b, v)[0], oracle, delta=1e-12)

    def clouds(self, sizes=((60, 5), (200, 64), (40, 192))):
        for n, d in sizes:
            labels = self.random.integers(0, 3, size=n)
            x = self.random.normal(size=(n, d)) + 1.5 * labels[:, None] * self.random.normal(size=d)
            yield x.astype(numpy.float32), labels

    def test_principal_components(self):
        for x, _ in self.clouds():
            answer = ask("components", *x.shape, x)
            oracle = PCA(2, svd_solver="full").fit(x.astype(float))
            numpy.testing.assert_allclose(answer[:2], oracle.explained_variance_ratio_, rtol=1e-6)
            scores = oracle.transform(x.astype(float))
            scores *= numpy.sign(scores[abs(scores).argmax(axis=0), [0, 1]])
            numpy.testing.assert_allclose(answer[2:].reshape(-1, 2), scores, atol=2e-4)

    def test_silhouette(self):
        for x, labels in self.clouds():
            answer = ask("silhouette", *x.shape, x, labels)[0]
            self.assertAlmostEqual(answer, metrics.silhouette_score(x, labels), delta=1e-5)

    def test_tsne_is_as_good_as_the_exact_one(self):
        # Of 60 points scikit-learn's own divergence differs by 6 % between its two kinds of start.
        for x, _ in self.clouds(((100, 20), (200, 64), (300, 20))):
            perplexity = min(30.0, (len(x) - 1) / 3)
            answer = ask("tsne", perplexity, *x.shape, x)
            model = TSNE(perplexity=perplexity, method="exact", init="pca", learning_rate="auto",
                         random_state=0)
            oracle = model.fit_transform(x)
            self.assertLess(abs(answer[0] / model.kl_divergence_ - 1.0), 0.05, x.shape)
            places = answer[2:].reshape(-1, 2)
            self.assertAlmostEqual(answer[1], trustworthiness(x, places), delta=1e-3)
            self.assertLess(abs(answer[1] - trustworthiness(x, oracle)), 0.02, x.shape)

    def test_permanova_is_that_of_coordinates(self):
        # With Euclidean distances, sums of squares are those of coordinates about their means.
        for strata_count, shift in ((1, 0.0), (1, 0.7), (4, 0.0), (4, 1.0)):
            points = self.random.normal(size=(40, 3))
            labels = self.random.permutation(numpy.repeat([0, 1], [24, 16]))
            strata = numpy.arange(40) % strata_count
            points += shift * labels[:, None] + 5.0 * strata[:, None]
            f, r_squared, p, expected = ask("permanova", 40, 3, points, labels, strata)

            def share(some_labels):
                total = within = groups = 0
                for s in range(strata_count):
                    total += ((points[strata == s] - points[strata == s].mean(0)) ** 2).sum()
                    for g in (0, 1):
                        cell = points[(strata == s) & (some_labels == g)]
                        groups += 1
                        within += ((cell - cell.mean(0)) ** 2).sum()
                return total, within, groups
            total, within, groups = share(labels)
            self.assertAlmostEqual(r_squared, 1 - within / total, delta=1e-5)
            oracle = ((total - within) / (groups - strata_count)) / (within / (40 - groups))
            self.assertAlmostEqual(f / oracle, 1.0, delta=1e-4)
            permuted = []
            for _ in range(999):
                shuffled = labels.copy()
                for s in range(strata_count):
                    shuffled[strata == s] = self.random.permutation(labels[strata == s])
                all_, inside, _ = share(shuffled)
                permuted.append(1 - inside / all_)
            self.assertAlmostEqual(expected, numpy.mean(permuted), delta=0.01)
            self.assertAlmostEqual(p, numpy.mean(numpy.array(permuted) >= r_squared), delta=0.05)

    def test_distances_from_the_centroid_are_those_of_coordinates(self):
        points = self.random.normal(size=(12, 4))
        labels = numpy.repeat([0, 1, 2], [2, 3, 7])
        got = ask("centroid", 12, 4, points, labels)
        for label in (0, 1, 2):
            cell = points[labels == label]
            size = len(cell)
            distances = numpy.sqrt(((cell - cell.mean(0)) ** 2).sum(1) * size / (size - 1))
            numpy.testing.assert_allclose(got[labels == label], distances, rtol=1e-5)


if __name__ == "__main__":
    unittest.main()
