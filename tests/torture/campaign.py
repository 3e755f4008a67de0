"""Shared by the campaigns in this folder: a tiny study, commands to disturb, and the comparison of
the resulting store with an undisturbed one."""

import argparse
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from mirror import serve

HERE = Path(__file__).parent
PROGRAM = os.environ.get("MINIMA_PROGRAM", str(HERE.parent.parent / "build" / "release" / "minima"))
PATIENCE = 60  # seconds after which a command counts as hanging

STUDY = """
[study]
name = "tiny"
replicates = 2
weights = "all"
[data]
datasets = ["glyphs train=100 test=50 validation_share=0.1"]
[train]
epochs = 2
batch = 50
[[design]]
architectures = ["dnn 2", "cnn 1"]
[[pruning.protocol]]
schedule = "geometric"
sparsity = 0.75
rounds = 1
epochs = 1
[[quantization.protocol]]
activations = "same"
formats = ["int8"]
[analysis]
bootstrap_samples = 100
permutations = 100
projection_points = 10
"""

# A download of real files, because the program only knows their hashes.
DATA = Path(os.environ.get("MINIMA_DATA", "/nonexistent"))
FETCHED = [f"data/mnist/{name}.gz" for name in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                                "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")]
LOCK_OF_DATA = "data/mnist/.lock"

# Views that depend on time or on the number of interruptions.
UNSTABLE = {"compressions", "sessions", "timings", "weights"}


def environment(faults=None):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FAULT_", "MINIMA_", "LD_PRELOAD"))}
    kept["HOME"] = "/nonexistent"
    if faults is not None:
        kept.update({k: str(v) for k, v in faults.items()})
    return kept


def content_of(store):
    """Returns every view and analysis table, and the bytes of every weight by run and tensor."""
    connection = sqlite3.connect(f"file:{store / 'runs.sqlite'}?immutable=1", uri=True)
    try:
        def rows(sql):
            return sorted(map(repr, connection.execute(sql)))
        views = [name for name, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
        tables = [name for name, in connection.execute("SELECT name FROM analysis_table")]
        content = {name: rows(f'SELECT * FROM "{name}"')
                   for name in set(views) - UNSTABLE | set(tables)}
        weights = {}
        for run, tensor, name, shape, file, offset, count, sealed in connection.execute(
                "SELECT run.run_id, tensor, name, shape, file, offset, count, sealed FROM weight "
                "JOIN run ON run.id = weight.run JOIN weight_file ON weight_file.number = file"):
            path = store / f"weights-{file:04d}.{'safetensors' if sealed else 'part'}"
            start = connection.execute("SELECT data_start FROM weight_file WHERE number = ?", (file,)).fetchone()[0]
            with open(path, "rb") as stream:
                stream.seek(offset + start)
                weights[run, tensor, name, shape] = stream.read(4 * count)
        content["weights"] = weights
        files = {f"weights-{number:04d}.safetensors" for number, in connection.execute("SELECT number FROM weight_file")}
        return content, files
    finally:
        connection.close()


class Wrong(Exception):
    """A finding of a campaign."""


class Step:
    """A command to disturb: its input files, its arguments and its expected results."""

    def __init__(self, name, lab, setup, command, stores=(), files=(), code=0):
        self.name, self.lab, self.setup, self.command = name, lab, setup, command
        self.stores, self.files = stores, files
        self.code = code  # exit code of the undisturbed command
        self.expected = None
        self.seconds = None

    def prepare(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "study.toml").write_text(STUDY)
        for source in self.setup:
            shutil.copytree(self.lab / source, folder / source)

    def start(self, folder, faults=None, before=None):
        # stdout is discarded because a pipe could fill up.
        return subprocess.Popen([PROGRAM, *self.command], cwd=folder, env=environment(faults),
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=before)

    def finish(self, process):
        try:
            _, errors = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise Wrong(f"{self.name}: hangs") from None
        return process.returncode, errors.decode(errors="replace")

    def result(self, folder):
        found = {}
        for store in self.stores:
            names = {path.name for path in (folder / store).iterdir()}
            content, weights = content_of(folder / store)
            stray = names - weights
            stray -= {"lock", "runs.sqlite", "report.html"}
            if stray:
                raise Wrong(f"{self.name}: {store} holds {sorted(stray)}")
            for file in weights:
                if not (folder / store / file).exists():
                    raise Wrong(f"{self.name}: {store}/{file} is missing")
            found[store] = content
        for file in self.files:
            found[file] = (folder / file).read_bytes()
        folders = {path.parts[0] for path in map(Path, self.files) if len(path.parts) > 1}
        known = {"study.toml", *self.setup, *self.stores, *self.files, *folders}
        below = {str(path.relative_to(folder)) for name in folders
                 for path in (folder / name).rglob("*") if path.is_file()}
        stray = ({path.name for path in folder.iterdir()} | below) - known - {LOCK_OF_DATA}
        if stray:
            raise Wrong(f"{self.name}: left {sorted(stray)}")
        return found

    def undisturbed(self, folder):
        self.prepare(folder)
        begin = time.monotonic()
        code, errors = self.finish(self.start(folder))
        self.seconds = time.monotonic() - begin
        if code != self.code:
            raise Wrong(f"{self.name}: undisturbed: {code}: {errors}")
        self.expected = self.result(folder)

    def calls(self, folder, shim, counted=None):
        """Returns the number of calls at which a fault can be injected."""
        self.prepare(folder)
        number = folder.parent / "count"
        faults = {"LD_PRELOAD": shim, "FAULT_ROOT": folder, "FAULT_COUNT": number}
        if counted:
            faults["FAULT_CALLS"] = counted
        self.finish(self.start(folder, faults))
        return int(number.read_text())

    def check(self, folder):
        """Repeats the command and compares the results with the undisturbed ones."""
        code, errors = self.finish(self.start(folder))
        if code != self.code:
            raise Wrong(f"{self.name}: repeated: {code}: {errors.strip()}")
        self.compare(folder)

    def compare(self, folder):
        found = self.result(folder)
        for name, content in self.expected.items():
            if found[name] == content:
                continue
            if isinstance(content, dict):
                names = [k for k in content if found[name].get(k) != content[k]]
                raise Wrong(f"{self.name}: {name} differs in {sorted(names)}")
            raise Wrong(f"{self.name}: {name} differs")


def steps_in(lab):
    """Creates the initial stores of the steps."""
    def minima(*command):
        subprocess.run([PROGRAM, *command], cwd=lab, env=environment(), check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    (lab / "study.toml").write_text(STUDY)
    run = ["run", "study.toml", "--jobs", "2", "--quiet"]
    minima(*run, "--store", "whole")
    minima(*run, "--store", "part1", "--shard", "1/2")
    minima(*run, "--store", "part2", "--shard", "2/2")
    few = ["--set", "study.weights=representative", "--set", "pruning.representatives=median",
           "--set", "quantization.representatives=median"]
    minima(*run, "--store", "grown", *few, "--set", "study.replicates=1")
    parts = ["part1", "part2"]
    steps = [
        Step("run", lab, [], [*run, "--store", "new"], stores=["new"]),
        Step("grow", lab, ["grown"], [*run, "--store", "grown", *few, "--set", "study.replicates=3"],
             stores=["grown"]),
        Step("merge", lab, parts, ["merge", "merged", *parts], stores=["merged", *parts]),
        Step("analyze", lab, ["whole"], ["analyze", "whole", "--set", "analysis.seed=2"], stores=["whole"]),
        Step("report", lab, ["whole"], ["report", "whole"], stores=["whole"]),
        Step("table", lab, ["whole"], ["export", "whole", "--table", "runs", "-o", "runs.csv"],
             stores=["whole"], files=["runs.csv"]),
        Step("export", lab, ["whole"],
             ["export", "whole", "best", "--format", "c", "--bits", "int8", "-o", "net.c"],
             stores=["whole"], files=["net.c", "net.h", "net_main.c", "net.c.json", "net.c.md", "labels.txt"]),
        Step("recommend", lab, ["whole"],
             ["recommend", "whole", "--accuracy", "0.01", "--reliability", "0.9", "--next", "next.toml"],
             stores=["whole"], files=["next.toml"], code=1),  # the evidence is not sufficient yet
    ]
    if all((DATA / Path(file).relative_to("data")).is_file() for file in FETCHED):
        fetch = ["data", "fetch", "mnist", "--data-dir", "data", "--quiet", "--mirror", serve(DATA)]
        steps.append(Step("fetch", lab, [], fetch, files=FETCHED))
    else:
        print("no download is disturbed: MINIMA_DATA names no folder with mnist")
    return steps


class Campaign:
    def __init__(self, description):
        parser = argparse.ArgumentParser(description=description,
                                         formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("--cases", type=int, default=40, help="how many [40]")
        parser.add_argument("--seed", type=int, default=1, help="of the random choices [1]")
        parser.add_argument("--steps", help="only these, separated by commas")
        parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after that long")
        parser.add_argument("--keep", help="folder for the stores of cases that went wrong")
        parser.add_argument("--every", help="faults of failures.py, separated by slashes, to try at each of their places")
        parser.add_argument("--stride", type=int, default=1, help="with --every: at each N-th of them [1]")
        self.options = parser.parse_args()
        self.random = random.Random(self.options.seed)
        self.counts = Counter()
        self.wrong = []

    def run(self, case, listed=None):
        """Calls case(campaign, step, number) for each case, cycling through the steps, or the
        functions that `listed` yields as (step, function). Then reports."""
        begin = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="minima-torture-") as name:
            self.folder = Path(name)
            self.work = self.folder / "work"
            self.shim = self.build_shim()
            lab = self.folder / "lab"
            lab.mkdir()
            self.steps = steps_in(lab)
            if self.options.steps:
                wanted = self.options.steps.split(",")
                self.steps = [step for step in self.steps if step.name in wanted]
            for step in self.steps:
                step.undisturbed(self.work)
            def in_turn(_):
                for number in range(self.options.cases):
                    step = self.steps[number % len(self.steps)]
                    yield step, lambda at=number, of=step: case(self, of, at)

            for number, (step, do) in enumerate((listed or in_turn)(self)):
                if time.monotonic() - begin > self.options.seconds:
                    break
                try:
                    do()
                except (Wrong, sqlite3.Error, OSError) as problem:
                    self.note(number, step, problem)
        return self.report(time.monotonic() - begin)

    def build_shim(self):
        shim = self.folder / "faults.so"
        if shutil.which(os.environ.get("CC", "cc")) is None:
            print("skipped: there is no C compiler")
            sys.exit(77)
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1", HERE / "faults.c", "-o", shim],
                       check=True)
        return shim

    def note(self, number, step, problem):
        self.wrong.append(f"case {number}, {step.name}: {problem} {self.about}")
        print(self.wrong[-1], flush=True)
        if self.options.keep:
            shutil.copytree(self.work, Path(self.options.keep) / f"{self.options.seed}-{number}", symlinks=True)

    about = ""

    def report(self, seconds):
        for name, count in sorted(self.counts.items()):
            print(f"{count:6}  {name}")
        print(f"{sum(self.counts.values())} cases in {seconds:.0f} s, {len(self.wrong)} went wrong")
        return 1 if self.wrong else 0


def main(description, case):
    sys.exit(Campaign(description).run(case))
