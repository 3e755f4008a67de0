"""Simulates power cuts at the N-th system call. For each file, data written since its last fsync
is lost, kept, or lost in some sectors. New names since the last fsync of a folder may be lost. The
repeated command must give the results of an undisturbed command, byte for byte.

  python3 tests/torture/powercuts.py --cases 1000 --seed 7    (about 15 minutes)
"""

from campaign import Wrong, main


def case(campaign, step, number):
    if not hasattr(step, "all_calls"):
        step.all_calls = step.calls(campaign.work, campaign.shim)
    step.prepare(campaign.work)
    scratch = campaign.folder / "scratch"
    scratch.mkdir(exist_ok=True)
    at = campaign.random.randint(1, step.all_calls)
    seed = campaign.random.randrange(1 << 32)
    campaign.about = f"(at call {at} of {step.all_calls}, FAULT_SEED={seed})"
    faults = {"LD_PRELOAD": campaign.shim, "FAULT_ROOT": campaign.work, "FAULT_AT": at,
              "FAULT_ACTION": "power", "FAULT_SEED": seed, "FAULT_SCRATCH": scratch}
    code, errors = step.finish(step.start(campaign.work, faults))
    for backup in scratch.iterdir():
        backup.unlink()
    campaign.counts[f"{step.name}, {'cut' if code == -9 else 'had ended'}"] += 1
    if code not in (step.code, -9):
        raise Wrong(f"{step.name}: {code}: {errors.strip()}")
    step.check(campaign.work)


if __name__ == "__main__":
    main(__doc__, case)
