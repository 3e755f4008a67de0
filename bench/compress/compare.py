#!/usr/bin/env python3
"""Compares minima with PyTorch on 240 pruned and quantized variants of one network. The variants
are made and evaluated on all test images, on one core, in turns.

Each round runs minima and PyTorch one right after the other. The report gives the median over
rounds of the ratio within a round, and the fraction of the core's measured peak that minima
reached. Both start from the same trained parameters, and their accuracies must agree. With
$MINIMA_DATA set the images are MNIST's, otherwise the generated glyphs.
"""

import argparse
import importlib.util
import json
import pathlib
import statistics
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# PyTorch's own matrix products reach about half of the peak in batches of a thousand. The same
# products can therefore be at most twice as fast.
GOAL_RATIO = 1.4
GOAL_SHARE = 0.5
PARTS = ["pruning", "quantizing", "evaluating"]
# A different summation order may change the predictions of a few images.
TOLERANCE = 0.002


def load_peers_compare():
    """Loads the training comparison, for the code that both comparisons share."""
    spec = importlib.util.spec_from_file_location("peers_compare", HERE.parent / "peers/compare.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses looks here
    spec.loader.exec_module(module)
    return module


common = load_peers_compare()


def check(minima, pytorch):
    """Checks that both evaluated the same networks."""
    if minima["variants"] != pytorch["variants"]:
        raise common.Failure(f"minima has {minima['variants']} variants, "
                             f"PyTorch {pytorch['variants']}")
    worst = max(abs(a - b) for a, b in zip(minima["accuracies"], pytorch["accuracies"]))
    if worst > TOLERANCE:
        raise common.Failure(f"accuracies differ by up to {worst:.4f}: not the same networks")
    return worst


def run_rounds(options, folder):
    rounds = []
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
        minima = common.measure([options.program, options.architecture])
        pytorch = common.measure([options.python, str(HERE / "variants_in_pytorch.py"), folder])
        rounds.append({"minima": minima, "pytorch": pytorch, "worst": check(minima, pytorch),
                       "ratio": pytorch["seconds"] / minima["seconds"]})
    return rounds


def median(rounds, value):
    return statistics.median(value(round_) for round_ in rounds)


def table(rounds):
    minima, pytorch = rounds[0]["minima"], rounds[0]["pytorch"]
    ratios = [r["ratio"] for r in rounds]
    lines = [
        f"{common.cpu_model()}, one core, "
        f"peak {median(rounds, lambda r: r['minima']['peak_gflops']):.0f} GFLOP/s",
        f"{pytorch['program']}, OpenBLAS kernels: {pytorch['openblas_coretype'] or 'its choice'}, "
        f"batches of {pytorch['batch']}",
        f"{minima['variants']} variants of {minima['architecture']} on {minima['images']} images "
        f"of {minima['dataset'].split()[0]}; medians of {len(rounds)} interleaved rounds",
        "",
        f"{'':<14}{'minima s':>10}{'PyTorch s':>11}{'ratio':>8}",
    ]
    for part in PARTS + [""]:
        key = f"{part}_seconds".lstrip("_")
        ratio = median(rounds, lambda r: r["pytorch"][key] / r["minima"][key])
        lines.append(f"{part or 'all':<14}{median(rounds, lambda r: r['minima'][key]):>10.3f}"
                     f"{median(rounds, lambda r: r['pytorch'][key]):>11.3f}{ratio:>8.1f}")
    lines += [
        "",
        f"minima: {median(rounds, lambda r: r['minima']['gflops']):.0f} GFLOP/s, "
        f"{median(rounds, lambda r: r['minima']['share']):.0%} of peak; evaluation alone "
        f"{median(rounds, lambda r: r['minima']['evaluating_share']):.0%}",
        f"spread of the ratio: {min(ratios):.1f}-{max(ratios):.1f}; accuracies differ by at most "
        f"{max(r['worst'] for r in rounds):.4f}",
    ]
    return "\n".join(lines)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", help="minima_variants_benchmark",
                        default=str(ROOT / "build/release/bench/compress/minima_variants_benchmark"))
    parser.add_argument("--python", help="an interpreter with PyTorch [found]")
    parser.add_argument("--architecture", default="dnn 100-100", help="a dense network")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--core", type=int, help="bind to this core [the last]")
    parser.add_argument("--json", action="store_true", help="print everything as one document")
    parser.add_argument("--check", action="store_true", help="exit code 1 when a goal is missed")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds is at least 1")
    return options


def main():
    options = arguments()
    try:
        options.python = options.python or common.find_python()
        common.pin(options.core)
        with tempfile.TemporaryDirectory() as folder:
            common.run([options.program, "--export", folder, options.architecture])
            rounds = run_rounds(options, folder)
    except common.Failure as failure:
        sys.exit(f"compare.py: {failure}")
    print(json.dumps(rounds, indent=2) if options.json else table(rounds))
    reached = (median(rounds, lambda r: r["ratio"]) >= GOAL_RATIO
               and median(rounds, lambda r: r["minima"]["share"]) >= GOAL_SHARE)
    if options.check and not reached:
        sys.exit(1)


if __name__ == "__main__":
    main()
