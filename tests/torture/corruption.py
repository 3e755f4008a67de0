"""Runs the program on damaged and malicious stores.

A tiny store is written once. Each case changes a copy of it, then a list of commands reads, copies
and exports the copy. A command fails if it crashes, hangs, runs out of memory, prints "unexpected:"
or more than one error line, or exits with a code other than 0, 1 and 2. It also fails if its answer
differs from that of the undamaged store without a notice. Failures are printed; the exit code is 1.

  MINIMA_PROGRAM=build/release/minima tests/torture/corruption.py            about 60 s, as in ctest
  ... --flips 5000 --cells 2000 --files 500                                  an hour
  ... --case 'cell run.dataset one -1' --keep DIR                            one case, to inspect
"""

import argparse
import os
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROGRAM = os.path.abspath(os.environ.get("MINIMA_PROGRAM", "build/release/minima"))
TIMEOUT_S = 30
# Notices that a command uses incomplete or changed records.
EXPLANATIONS = ["changed after they were recorded", "lost their weights"]
MOST_MEMORY = 3 << 30

STUDY = """
[study]
name = "torture"
replicates = 2
weights = "all"
[data]
datasets = ["glyphs train=120 test=40 validation_share=0.25"]
[train]
epochs = 2
batch = 40
[[design]]
architectures = ["dnn 4", "dnn 8"]
[[pruning.protocol]]
sparsity = [0.5]
[[quantization.protocol]]
formats = ["int8"]
"""

# {s}: the store, {o}: an empty folder. Commands that write come last.
COMMANDS = [
    "status {s}",
    "report {s} --text",
    "report {s} --all",
    "recommend {s} --accuracy 0.01",
    "export {s} --table runs --format csv -o {o}/runs.csv",
    "export {s} best --format safetensors -o {o}/best.safetensors",
    "merge {o}/merged {s}",
    "run {study} --store {s} --quiet",
    "analyze {s}",
    "doctor {s}",
]

NUMBERS = [None, -1, 0, 1, 2**63 - 1, -(2**63), 2**31, 10**9, 0.5, 1e308, -1e308, float("inf"), float("-inf")]
TEXTS = ["", "x", "\x1b[2J\n<b>", "x" * 100_000, b"\x00\xff\xfe", bytes(100_000)]
LISTS = ["[]", "[-1]", "[1e999]", "[1.5,null]", "[" * 50_000, "[9223372036854775807,2]", "{}", "[1,2,3,4]"]


def environment():
    kept = {k: v for k, v in os.environ.items() if k not in ("MINIMA_DATA", "NO_COLOR")}
    kept["HOME"] = "/nonexistent"
    return kept


def limits():
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def minima(command, folder):
    """Returns exit code (None: it hung), standard output and standard error."""
    try:
        done = subprocess.run([PROGRAM, *command], cwd=folder, env=environment(), timeout=TIMEOUT_S,
                              capture_output=True, preexec_fn=limits)
    except subprocess.TimeoutExpired:
        return None, "", ""
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def fault_of(code, err):
    """Describes forbidden behaviour of a command; empty: none."""
    if code is None:
        return f"hangs ({TIMEOUT_S} s)"
    if code not in (0, 1, 2):
        return f"exit code {code}"
    for word in ("unexpected:", "out of memory", "Sanitizer", "runtime error"):
        if word in err:
            return word.rstrip(":")
    lists_faults = code == 1 and not err  # like the doctor, on standard output
    if code != 0 and not lists_faults and len(err.strip().splitlines()) != 1:
        return f"{len(err.strip().splitlines())} lines"
    if code == 1 and "database error" in err:
        return "database error"
    return ""


def without_sizes(text):
    """Masks file sizes, which differ between equivalent stores."""
    return re.sub(r"[0-9.,]+ [KMG]?B\b", "SIZE", text)


# ---- damaged files ---------------------------------------------------------------------------


def flip(data, rng):
    for _ in range(rng.choice([1, 1, 4, 32])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def flip_header(data, rng):
    data[rng.randrange(min(len(data), 4096))] ^= 1 << rng.randrange(8)


def zero(data, rng):
    begin = rng.randrange(len(data))
    end = min(len(data), begin + rng.choice([16, 512, 4096, 20_000]))
    data[begin:end] = bytes(end - begin)


def page(data, rng):
    """Replaces a page with another one or with noise."""
    size = 4096
    pages = len(data) // size
    to = rng.randrange(pages) * size
    come = rng.randrange(pages) * size
    data[to:to + size] = data[come:come + size] if rng.random() < 0.6 else rng.randbytes(size)


def truncate(data, rng):
    del data[rng.randrange(len(data)):]


def overwrite(data, rng):
    begin = rng.randrange(len(data))
    piece = rng.choice([b"\xff" * 8, b"\x80" * 4, b"DROP TABLE run;", rng.randbytes(64)])
    data[begin:begin + len(piece)] = piece


DAMAGES = [flip, flip, flip_header, zero, page, page, truncate, overwrite]


def damaged(store, number, damages=DAMAGES):
    rng = random.Random(number)
    path = store / "runs.sqlite"
    if number % 8 == 7:
        path = next(store.glob("weights-*"))
    data = bytearray(path.read_bytes())
    rng.choice(damages)(data, rng)
    path.write_bytes(data)


# ---- hostile cells ---------------------------------------------------------------------------


def tables_of(store):
    """Returns (table, column, type) of every column."""
    with sqlite3.connect(store / "runs.sqlite") as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
            "ORDER BY name").fetchall()
        return [(table, column[1], column[2]) for (table,) in tables
                for column in connection.execute(f"PRAGMA table_info({table})")]


def shown(value):
    text = repr(value)
    return text if len(text) < 40 else f"{text[:20]}...{len(value)}"


def set_cell(store, table, column, which, value):
    """Sets a cell in one or all rows, ignoring constraints. Returns False if there is no row."""
    connection = sqlite3.connect(store / "runs.sqlite", isolation_level=None)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("PRAGMA foreign_keys = OFF")
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    set_schema(connection, table, sql.replace("NOT NULL", ""))
    connection.close()
    connection = sqlite3.connect(store / "runs.sqlite", isolation_level=None)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    key = ", ".join(row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5])
    key = key or "rowid"
    one = f" WHERE ({key}) = (SELECT {key} FROM {table} ORDER BY {key} DESC LIMIT 1)"
    where = one if which == "one" else ""
    try:
        done = connection.execute(f"UPDATE OR IGNORE {table} SET {column} = ?{where}", (value,)).rowcount
    except sqlite3.Error:  # a row id must be an integer
        done = 0
    set_schema(connection, table, sql)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return done > 0


def set_schema(connection, table, sql):
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ? AND type = 'table'", (sql, table))
    connection.execute("PRAGMA writable_schema = OFF")


def cell_cases(store, of_analyses):
    """Yields (name, cell) for the program's own tables, or for tables of analyses."""
    with sqlite3.connect(store / "runs.sqlite") as connection:
        results = {name for (name,) in connection.execute("SELECT name FROM analysis_table")}
    for table, column, kind in tables_of(store):
        if (table in results) != of_analyses:
            continue
        values = NUMBERS + TEXTS
        if kind == "TEXT":
            values = values + LISTS
        for value in values:
            for which in ("one", "all"):
                yield f"cell {table}.{column} {which} {shown(value)}", (table, column, which, value)


# ---- the campaign ----------------------------------------------------------------------------


class Campaign:
    def __init__(self, folder):
        self.folder = folder
        self.base = folder / "base"
        self.study = folder / "study.toml"
        self.study.write_text(STUDY)
        for command in (f"run {self.study} --store {self.base} --quiet", f"analyze {self.base}"):
            code, _, err = minima(command.split(), folder)
            assert code == 0, err
        (self.base / "report.html").unlink(missing_ok=True)
        self.untouched = self.answers(folder / "untouched", lambda store: True)
        for command, (code, _, err) in self.untouched.items():
            assert not fault_of(code, err), (command, code, err)

    def answers(self, place, change):
        """Returns the answer of each command to a changed copy; None if nothing was changed."""
        shutil.copytree(self.base, place / "s")
        if change(place / "s") is False:
            return None
        answers = {}
        for command in COMMANDS:
            (place / "o").mkdir(exist_ok=True)
            words = command.format(s="s", o="o", study=self.study).split()
            answers[command] = minima(words, place)
            shutil.rmtree(place / "o")
        return answers

    def look(self, name, change, keep=None):
        """Returns (name, faults, number of commands run)."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        answers = self.answers(place, change)
        if keep:
            shutil.copytree(place / "s", keep)
        shutil.rmtree(place)
        if answers is None:
            return name, [], 0
        faults = []
        for command, (code, out, err) in answers.items():
            fault = fault_of(code, err) or self.silence_of(command, code, out, err)
            if fault:
                faults.append(f"{command}: {fault}: {err.strip()[:300]}")
        return name, faults, len(answers)

    def silence_of(self, command, code, out, err):
        """Detects an answer that differs from that of the undamaged store without a notice."""
        answers = code == 0 or (command.startswith("recommend") and out)
        same = without_sizes(out) == without_sizes(self.untouched[command][1])
        is_said = any(word in out + err for word in EXPLANATIONS)
        return "a silently wrong answer" if answers and not same and not is_said else ""


def cases_of(campaign, arguments):
    rng = random.Random(arguments.seed)
    cells = list(cell_cases(campaign.base, of_analyses=False))
    # Commands only read these tables as text, so few cases are enough.
    results = list(cell_cases(campaign.base, of_analyses=True))
    cells = rng.sample(cells, min(arguments.cells, len(cells)))
    cells += rng.sample(results, len(cells) // 10)
    cases = [(name, lambda store, c=cell: set_cell(store, *c)) for name, cell in cells]
    first = arguments.seed * 100_000
    cases += [(f"file {i}", lambda store, n=first + i: damaged(store, n)) for i in range(arguments.files)]
    cases += [(f"flip {i}", lambda store, n=first + i: damaged(store, n, [flip])) for i in range(arguments.flips)]
    if arguments.case:
        cases = [case for case in cases if arguments.case in case[0]]
    if arguments.part:
        part, parts = map(int, arguments.part.split("/"))
        cases = cases[part - 1::parts]
    return cases


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=80, help="hostile cells, chosen at random [80]")
    parser.add_argument("--files", type=int, default=30, help="damaged files [30]")
    parser.add_argument("--flips", type=int, default=20, help="files with flipped bits alone [20]")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="commands at a time [2]")
    parser.add_argument("--part", help="I/N: one of N parts of the cases")
    parser.add_argument("--case", default="", help="only cases whose name holds this text")
    parser.add_argument("--keep", help="copies the last store here, as the commands left it")
    arguments = parser.parse_args()
    failed = commands = stores = 0
    with tempfile.TemporaryDirectory(prefix="minima-corruption-") as folder:
        campaign = Campaign(Path(folder))
        cases = cases_of(campaign, arguments)
        with ThreadPoolExecutor(arguments.jobs) as pool:
            looks = pool.map(lambda case: campaign.look(*case, keep=arguments.keep), cases)
            for name, faults, count in looks:
                stores += count > 0
                commands += count
                failed += bool(faults)
                for fault in faults:
                    print(f"FAULT {name}: {fault}", flush=True)
    print(f"{stores} stores, {commands} commands: {failed} with faults")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
