#!/usr/bin/env python3
"""Compares minima with PyTorch: the same training, on one core, in turns.

A machine's speed drifts while others use it, so single timings are unreliable. Each round runs
minima and PyTorch one right after the other. The report gives the median over rounds of the
ratio within a round, and the fraction of the core's measured peak that minima reached.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import textwrap

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


@dataclasses.dataclass(frozen=True)
class Case:
    """One row of the table. Goals: minimum ratio of times, minimum fraction of peak."""
    architecture: str
    goal_ratio: float
    goal_share: float
    dataset: str = "glyphs train=6000"
    images: int = 6000
    shape: str = "1x28x28"


# To add a case, add a line here, and for a new family one in peers.py.
CASES = [
    Case("dnn 5-5", 20.0, 0.45),
    Case("dnn 32-32", 7.5, 0.60),
    Case("dnn 100-100", 3.4, 0.70),
    Case("dnn 200-200", 2.2, 0.70),
    Case("cnn 2", 11.0, 0.45),
    Case("cnn 8", 6.5, 0.55),
    Case("cnn 32", 7.0, 0.60),
    Case("vit paper h4", 1.8, 0.55),
]


@dataclasses.dataclass(frozen=True)
class Round:
    """Measurements of one case in one round, as printed by the programs."""
    minima: dict
    eager: dict
    ensemble: dict | None

    @staticmethod
    def time(result):
        return result["microseconds_per_run_step"]

    @property
    def ratio(self):
        return self.time(self.eager) / self.time(self.minima)

    @property
    def ensemble_ratio(self):
        return self.time(self.ensemble) / self.time(self.minima) if self.ensemble else None


@dataclasses.dataclass(frozen=True)
class Row:
    """Medians over the rounds of one case."""
    case: Case
    rounds: list

    def median(self, value):
        return statistics.median(value(round_) for round_ in self.rounds)

    @property
    def ratio(self):
        return self.median(lambda r: r.ratio)

    @property
    def share(self):
        return self.median(lambda r: r.minima["efficiency"])

    @property
    def reached(self):
        return self.ratio >= self.case.goal_ratio and self.share >= self.case.goal_share

    def document(self):
        ratios = [r.ratio for r in self.rounds]
        document = {
            **dataclasses.asdict(self.case),
            "runs": self.rounds[0].minima["runs"],
            "minima_microseconds": self.median(lambda r: r.time(r.minima)),
            "eager_microseconds": self.median(lambda r: r.time(r.eager)),
            "ratio": self.ratio, "ratio_min": min(ratios), "ratio_max": max(ratios),
            "share_of_peak": self.share, "reached": self.reached,
            "peak_gflops": self.median(lambda r: r.minima["peak_gflops"]),
            "rounds": [dataclasses.asdict(r) for r in self.rounds],
        }
        if self.rounds[0].ensemble:
            document["ensemble_microseconds"] = self.median(lambda r: r.time(r.ensemble))
            document["ensemble_ratio"] = self.median(lambda r: r.ensemble_ratio)
        return document


class Failure(Exception):
    """An error that ends the comparison, described in one line."""


def run(command):
    """Runs a program and returns its output."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Failure(f"{command[0]}: {error.strerror}") from error
    if result.returncode != 0:
        last = (result.stderr.strip().splitlines() or ["no message"])[-1]
        raise Failure(f"{' '.join(command)}: exit code {result.returncode}: {last}")
    return result.stdout


def measure(command):
    """Runs a program that prints one JSON document."""
    try:
        return json.loads(run(command))
    except json.JSONDecodeError as error:
        raise Failure(f"{' '.join(command)}: printed no JSON: {error}") from error


def run_round(case, options):
    command = [options.minima, "bench", "train", "--architecture", case.architecture,
               "--dataset", case.dataset, "--seconds", str(options.seconds), "--jobs", "1", "--json"]
    if options.runs:
        command += ["--runs", str(options.runs)]
    minima = measure(command)
    peer = [options.python, str(HERE / "peers.py"), "--architecture", case.architecture,
            "--shape", case.shape, "--images", str(case.images), "--seconds", str(options.seconds)]
    eager = measure(peer)
    ensemble = None
    if options.ensemble:
        ensemble = measure([*peer, "--mode", "ensemble", "--runs", str(minima["runs"])])
    for result in (eager, ensemble):
        if result and result["parameters"] != minima["parameters"]:
            raise Failure(f"{case.architecture}: minima trains {minima['parameters']} parameters, "
                          f"PyTorch {result['parameters']}: not the same network")
    if eager["batch"] != minima["batch"]:
        raise Failure(f"{case.architecture}: minima's batch is {minima['batch']}, "
                      f"PyTorch's {eager['batch']}")
    return Round(minima, eager, ensemble)


def run_case(case, options):
    rounds = []
    for number in range(options.rounds):
        print(f"{case.architecture}: round {number + 1} of {options.rounds}", file=sys.stderr)
        rounds.append(run_round(case, options))
    return Row(case, rounds)


def cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for line in info:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return "unknown processor"


def table(rows, options):
    """The rows as text, at most 80 columns wide."""
    eager = rows[0].rounds[0].eager
    peak = statistics.median(row.median(lambda r: r.minima["peak_gflops"]) for row in rows)
    coretype = eager["openblas_coretype"] or "chosen by OpenBLAS"
    lines = [
        f"{cpu_model()}, one core, peak {peak:.0f} GFLOP/s",
        f"{eager['program']} eager, OpenBLAS kernels: {coretype}",
        f"medians of {options.rounds} interleaved rounds of {options.seconds:g} s; "
        "us: microseconds per run and step",
        "",
        f"{'architecture':<14}{'runs':>5}{'minima us':>11}{'PyTorch us':>12}"
        f"{'ratio':>8}{'goal':>7}{'of peak':>10}{'goal':>7}",
    ]
    for row in rows:
        d = row.document()
        lines.append(f"{row.case.architecture:<14}{d['runs']:>5}"
                     f"{d['minima_microseconds']:>11.1f}{d['eager_microseconds']:>12.1f}"
                     f"{row.ratio:>8.1f}{row.case.goal_ratio:>7.1f}"
                     f"{row.share:>10.0%}{row.case.goal_share:>7.0%}"
                     + ("" if row.reached else "  *"))
        if "ensemble_ratio" in d:
            lines.append(f"{'  vmap ensemble':<19}{'':>11}{d['ensemble_microseconds']:>12.1f}"
                         f"{d['ensemble_ratio']:>8.1f}")
    lines.append("")
    spread = ", ".join(f"{row.case.architecture} {row.document()['ratio_min']:.1f}-"
                       f"{row.document()['ratio_max']:.1f}" for row in rows)
    lines += textwrap.wrap(f"spread of the ratio: {spread}", width=80)
    if not all(row.reached for row in rows):
        lines.append("* below a goal")
    return "\n".join(lines)


def find_python():
    """Finds an interpreter with PyTorch: this one, or Debian's."""
    for python in (sys.executable, "/usr/bin/python3"):
        if python and shutil.which(python):
            probe = subprocess.run([python, "-c", "import torch"], capture_output=True, check=False)
            if probe.returncode == 0:
                return python
    raise Failure("no Python with PyTorch here; scripts/install-deps --oracles installs it")


def pin(core):
    """Binds this process and its children to one core: the given one, or the last available one."""
    allowed = os.sched_getaffinity(0)
    if core is not None and core not in allowed:
        raise Failure(f"--core {core}: not among the cores this process may use: {sorted(allowed)}")
    os.sched_setaffinity(0, {max(allowed) if core is None else core})


def chosen_cases(names):
    known = {case.architecture: case for case in CASES}
    for name in names:
        if name not in known:
            raise Failure(f"--only {name!r}: no such case; there are: {', '.join(known)}")
    return [known[name] for name in names] if names else CASES


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minima", default=str(ROOT / "build/release/minima"), help="the program")
    parser.add_argument("--python", help="an interpreter with PyTorch [found]")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    parser.add_argument("--only", action="append", default=[], metavar="ARCHITECTURE",
                        help="this case; may be given several times")
    parser.add_argument("--runs", type=int,
                        help="in lockstep, PyTorch's ensemble too [as many as a study would]")
    parser.add_argument("--ensemble", action="store_true", help="also PyTorch's functorch.vmap")
    parser.add_argument("--core", type=int, help="bind to this core [the last]")
    parser.add_argument("--json", action="store_true", help="print everything as one document")
    parser.add_argument("--check", action="store_true", help="exit code 1 when a goal is missed")
    options = parser.parse_args()
    if options.rounds < 1 or options.seconds <= 0 or (options.runs is not None and options.runs < 1):
        parser.error("--rounds and --runs are at least 1, --seconds above 0")
    return options


def main():
    options = arguments()
    try:
        cases = chosen_cases(options.only)
        options.python = options.python or find_python()
        pin(options.core)
        rows = [run_case(case, options) for case in cases]
    except Failure as failure:
        sys.exit(f"compare.py: {failure}")
    if options.json:
        print(json.dumps({"cpu": cpu_model(), "rounds": options.rounds, "seconds": options.seconds,
                          "cases": [row.document() for row in rows]}, indent=2))
    else:
        print(table(rows, options))
    if options.check and not all(row.reached for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
