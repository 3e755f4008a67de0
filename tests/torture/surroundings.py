"""Disturbs the environment of a command: one or several signals at random moments, a clock that
jumps, little memory, a store that is moved away while it is written. The command must exit with the
matching exit code and one error line. Repeated, it must give the results of an undisturbed command.

  python3 tests/torture/surroundings.py --cases 1000 --seed 7    (about 15 minutes)
"""

import os
import resource
import shutil
import signal
import sqlite3
import time
from pathlib import Path

from campaign import Wrong, main

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
MEGABYTE = 1 << 20


def assert_one_line(step, code, errors):
    """Expects one error line, the last; the command may report what it had done before."""
    lines = errors.strip().splitlines()
    own = [line for line in lines if line.startswith("minima: ")]
    if len(own) != 1 or lines[-1] != own[0]:
        raise Wrong(f"{step.name}: {code}, not one line: {errors.strip()}")


def signals(campaign, step):
    sent = [campaign.random.choice(SIGNALS) for _ in range(campaign.random.choice([1, 1, 2, 5]))]
    moments = sorted(campaign.random.uniform(0, 1.1 * step.seconds) for _ in sent)
    campaign.about = f"({', '.join(f'{s.name} after {t:.3f} s' for s, t in zip(sent, moments))})"
    process = step.start(campaign.work)
    begin = time.monotonic()
    for number, moment in zip(sent, moments):
        time.sleep(max(0.0, begin + moment - time.monotonic()))
        process.send_signal(number)
    code, errors = step.finish(process)
    expected = {step.code, *(128 + number for number in sent), *(-number for number in sent)}
    if code not in expected:
        raise Wrong(f"{step.name}: {code}: {errors.strip()}")
    if code > 128:
        assert_one_line(step, code, errors)
    return "had ended" if code == step.code else "by the second" if code < 0 else f"exit code {code}"


def clock(campaign, step):
    jump = campaign.random.choice([-1, 1]) * campaign.random.choice([1, 3600, 10**6, 10**9])
    campaign.about = f"(by {jump} s)"
    code, errors = step.finish(step.start(campaign.work, {"LD_PRELOAD": campaign.shim, "FAULT_CLOCK": jump}))
    if code != step.code:
        raise Wrong(f"{step.name}: {code}: {errors.strip()}")
    for store in step.stores:
        with sqlite3.connect(f"file:{campaign.work / store / 'runs.sqlite'}?immutable=1", uri=True) as database:
            wrong = database.execute("SELECT count(*) FROM sessions WHERE ended < started OR cpu_seconds < 0").fetchone()[0]
            wrong += database.execute("SELECT count(*) FROM timings WHERE seconds < 0").fetchone()[0]
        database.close()
        if wrong:
            raise Wrong(f"{step.name}: {wrong} rows of sessions and timings run backwards")
    return "exit code 0" if code == 0 else f"exit code {code}"


def memory(campaign, step):
    limit = campaign.random.randint(40, 400) * MEGABYTE
    campaign.about = f"({limit // MEGABYTE} MB)"
    process = step.start(campaign.work, before=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    code, errors = step.finish(process)
    is_loader = "shared libraries" in errors or "cannot allocate memory in static TLS" in errors
    if is_loader or code == 127:
        return "did not start"
    # Analyses estimate their memory and are refused before they allocate it.
    is_refused = code == 2 and "raise --memory" in errors
    if code not in (step.code, 0, 1) and not is_refused:
        raise Wrong(f"{step.name}: {code}: {errors.strip()}")
    if code != step.code:
        assert_one_line(step, code, errors)
    return f"exit code {code}"


def moved(campaign, step):
    store = campaign.work / Path((step.stores or step.files)[0]).parts[0]
    moment = campaign.random.uniform(0, step.seconds)
    campaign.about = f"(after {moment:.3f} s)"
    process = step.start(campaign.work)
    time.sleep(moment)
    shutil.rmtree(campaign.folder / "elsewhere", ignore_errors=True)
    was_there = store.exists()
    if was_there:
        os.rename(store, campaign.folder / "elsewhere")
    code, errors = step.finish(process)
    # 2 if the store was gone before the command opened it.
    if code not in (step.code, 0, 1, 2):
        raise Wrong(f"{step.name}: {code}: {errors.strip()}")
    if code not in (step.code, 0):
        assert_one_line(step, code, errors)
    if was_there:
        # Discard the partial store that was started in its place.
        shutil.rmtree(store, ignore_errors=True)
        os.rename(campaign.folder / "elsewhere", store)
    return f"exit code {code}"


WAYS = [signals, clock, signals, memory, signals, moved]


def case(campaign, step, number):
    way = WAYS[number // len(campaign.steps) % len(WAYS)]
    step.prepare(campaign.work)
    campaign.counts[f"{way.__name__}: {way(campaign, step)}"] += 1
    step.check(campaign.work)


if __name__ == "__main__":
    main(__doc__, case)
