#!/usr/bin/env python3
"""Fits the costs of src/run/estimate/cost_model.cpp to measurements of `minima bench train`.

Each round measures every architecture on every dataset once. The median over rounds of (time of
a step x peak) is fitted as a sum of amounts of work x costs, by non-negative least squares on
relative errors. Prints the costs and the error of the fit for each measurement. Needs numpy and
scipy.
"""

import argparse
import json
import pathlib
import statistics
import subprocess

import numpy
import scipy.optimize

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ARCHITECTURES = [
    "dnn 1", "dnn 5", "dnn 5-5", "dnn 16-16", "dnn 32-32", "dnn 100-100", "dnn 200-200",
    "dnn 500-500-500", "dnn 1000", "cnn 1", "cnn 2", "cnn 4", "cnn 8", "cnn 16", "cnn 32",
    "cnn 8-16 max2", "cnn 8-16-32", "cnn 16 avg2", "cnn 8-16 gap", "cnn 32-64 max2",
    "vit d16 h2 l1 p4", "vit d32 h4 l2 p4", "vit d64 h4 l2 p4", "vit d64 h4 l4 p4",
    "vit d128 h8 l2 p4", "vit paper h4"]
DATASETS = ["glyphs", "textures"]


def measure(program, architecture, dataset, seconds):
    output = subprocess.run(
        [program, "bench", "train", "--architecture", architecture, "--dataset", dataset,
         "--seconds", str(seconds), "--json"], check=True, capture_output=True, text=True)
    return json.loads(output.stdout)


def rounds_of(arguments):
    """{(architecture, dataset): [results]}, in rounds, so that a slow minute affects all."""
    results = {}
    for _ in range(arguments.rounds):
        for dataset in DATASETS:
            for architecture in ARCHITECTURES:
                result = measure(arguments.program, architecture, dataset, arguments.seconds)
                results.setdefault((architecture, dataset), []).append(result)
    return results


def peak_flop(result):
    """FLOP that the core could have done at its peak in the time of a step."""
    core_peak = result["peak_gflops"] / result["jobs"]
    return result["microseconds_per_run_step"] * core_peak * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / "build/release/minima")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.3)
    results = rounds_of(parser.parse_args())

    kinds = list(next(iter(results.values()))[0]["work"])
    amounts = numpy.array([[of[0]["work"][kind] for kind in kinds] for of in results.values()])
    times = numpy.array([statistics.median(map(peak_flop, of)) for of in results.values()])
    costs, _ = scipy.optimize.nnls(amounts / times[:, None], numpy.ones(len(times)))

    for key, ratio in zip(results, amounts @ costs / times):
        print(f"{key[0]:20} {key[1]:9} predicted / measured {ratio:.2f}")
    print("\nconstexpr UnitCosts kCosts{" +
          ", ".join(f".{kind} = {cost:.3g}" for kind, cost in zip(kinds, costs)) + "};")


if __name__ == "__main__":
    main()
