"""Compares the memory used by the analyses of stores with the memory that minima expects.

python3 bench/analysis/memory.py STORE...

`minima analyze` refuses to start with less memory than it expects to need, and reports the
expected amount. The measured amount is the largest resident memory of `minima analyze`.
"""

import os
import re
import subprocess
import sys

PROGRAM = os.environ.get("MINIMA_PROGRAM", "build/release/minima")
UNITS = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}


def expected(store):
    refused = subprocess.run([PROGRAM, "analyze", store, "--memory", "1kB"], capture_output=True, text=True)
    number, unit = re.search(r"takes about ([\d.]+) (\w+) of memory", refused.stderr).groups()
    return float(number) * UNITS[unit]


def measured(store):
    process = subprocess.Popen([PROGRAM, "analyze", store], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{store}: cannot be analysed")
    return usage.ru_maxrss * 1024


for store in sys.argv[1:]:
    needs, takes = expected(store), measured(store)
    print(f"{store}: expected {needs / 1e6:.0f} MB, measured {takes / 1e6:.0f} MB, ratio {needs / takes:.2f}")
