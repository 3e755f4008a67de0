"""Error curves against SciPy's curve_fit, dips against linear programming.

usage: curves_test.py PRINT_CURVES_PROGRAM
"""

import subprocess
import sys
import unittest

try:
    import numpy
    from scipy import optimize
except ImportError:
    print("skipped: python3-scipy is not installed")
    sys.exit(77)

PROGRAM = sys.argv.pop(1)


def ask(name, count, numbers):
    text = " ".join([name, str(count), *(repr(float(x)) for x in numbers)]) + "\n"
    out = subprocess.run([PROGRAM], input=text, capture_output=True, text=True, check=True)
    return [float(word) for word in out.stdout.split()]


def power(sizes, a, b, c):
    return a * (sizes / sizes[0]) ** -b + c


def largest_deviation(sorted_values, mode):
    """The least distance of the empirical distribution function from one with its mode at the
    value of index `mode`, by linear programming over the heights at the values."""
    x = numpy.unique(sorted_values)
    n = len(x)
    count = numpy.searchsorted(sorted_values, x, side="right") / len(sorted_values)
    before = numpy.searchsorted(sorted_values, x, side="left") / len(sorted_values)
    # Variables: the limits from the left and the right at each value, which differ at the mode
    # alone, and the distance d.
    size = 2 * n + 1
    rows, bounds, equal = [], [], []

    def at_most(terms, bound):
        row = numpy.zeros(size)
        for index, factor in terms:
            row[index] += factor
        rows.append(row)
        bounds.append(bound)

    for i in range(n):
        at_most([(2 * i, 1), (2 * n, -1)], before[i])  # left limit: F(x-) +- d
        at_most([(2 * i, -1), (2 * n, -1)], -before[i])
        at_most([(2 * i + 1, 1), (2 * n, -1)], count[i])
        at_most([(2 * i + 1, -1), (2 * n, -1)], -count[i])
        at_most([(2 * i, 1), (2 * i + 1, -1)], 0)
        if i != mode:
            row = numpy.zeros(size)
            row[2 * i], row[2 * i + 1] = 1, -1
            equal.append(row)
    for i in range(n - 1):  # slopes rise before the mode and fall after it
        at_most([(2 * i + 1, 1), (2 * i + 2, -1)], 0)
        if i + 2 < n:
            left, right = x[i + 1] - x[i], x[i + 2] - x[i + 1]
            first = [(2 * i + 2, 1 / left), (2 * i + 1, -1 / left)]
            second = [(2 * i + 4, 1 / right), (2 * i + 3, -1 / right)]
            if i + 1 < mode:
                at_most(first + [(k, -f) for k, f in second], 0)
            if i + 1 > mode:
                at_most(second + [(k, -f) for k, f in first], 0)
    cost = numpy.zeros(size)
    cost[-1] = 1
    found = optimize.linprog(cost, A_ub=numpy.array(rows), b_ub=numpy.array(bounds),
                             A_eq=numpy.array(equal) if equal else None,
                             b_eq=numpy.zeros(len(equal)) if equal else None,
                             bounds=[(0, 1)] * size, method="highs")
    return found.fun


class Curves(unittest.TestCase):
    def setUp(self):
        self.random = numpy.random.default_rng(4)

    def test_is_the_least_squares_fit(self):
        sizes = 100.0 * 2.0 ** numpy.arange(8)
        for a, b, c, sd in ((0.2, 0.8, 0.03, 0.002), (0.3, 1.2, 0.1, 0.004), (0.25, 0.5, 0.02, 0.001)):
            errors = power(sizes, a, b, c) + sd * self.random.normal(size=len(sizes))
            numbers = [x for p, e in zip(sizes, errors) for x in (p, e, sd * sd)]
            found = ask("curve", len(sizes), numbers)
            oracle, covariance = optimize.curve_fit(
                lambda p, *k: power(p, *k), sizes, errors, p0=(a, b, c), sigma=numpy.full(8, sd),
                absolute_sigma=True, bounds=([0, 0.05, 0], [numpy.inf, 8, 1]), xtol=1e-12, ftol=1e-12)
            deviations = numpy.sqrt(numpy.diag(covariance))
            for value, expected, deviation in zip(found, oracle, deviations):
                self.assertAlmostEqual(value, expected, delta=0.02 * deviation)
            # Where the fit is nearly linear in b, the profile's interval is Wald's.
            self.assertLess(found[3], oracle[1])
            self.assertGreater(found[4], oracle[1])
            self.assertAlmostEqual(found[4] - found[3], 2 * 1.96 * deviations[1],
                                   delta=0.25 * 4 * deviations[1])

    def test_dip_is_the_least_distance_from_one_mode(self):
        for n in (3, 4, 6, 9, 14):
            for _ in range(6):
                values = numpy.sort(self.random.normal(size=n)
                                    + 4 * self.random.integers(0, 2, size=n)).round(2)
                found = ask("dip", n, values)[0]
                distinct = len(numpy.unique(values))
                oracle = min(largest_deviation(values, mode) for mode in range(distinct))
                self.assertAlmostEqual(found, max(oracle, 1 / (2 * n)), delta=1e-9, msg=values)


if __name__ == "__main__":
    unittest.main()
