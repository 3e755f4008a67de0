"""Sends SIGKILL at random moments and at the N-th system call of every command that writes. After
each kill the command is repeated. Every view, table, weight and exported file must then equal those
of an undisturbed command, byte for byte, and no extra file may be left.

  python3 tests/torture/kills.py --cases 1000 --seed 7        (about 15 minutes)

If MINIMA_DATA is a folder with mnist, downloads are killed too.
"""

import time

from campaign import Wrong, main


def at_a_moment(campaign, step):
    delay = campaign.random.uniform(0, 1.1 * step.seconds)
    campaign.about = f"(after {delay:.4f} s)"
    process = step.start(campaign.work)
    time.sleep(delay)
    process.kill()
    return step.finish(process)


def at_a_call(campaign, step, calls):
    number = campaign.random.randint(1, calls)
    campaign.about = f"(at call {number} of {calls})"
    faults = {"LD_PRELOAD": campaign.shim, "FAULT_ROOT": campaign.work, "FAULT_AT": number}
    return step.finish(step.start(campaign.work, faults))


def case(campaign, step, number):
    by_call = (number // len(campaign.steps)) % 2 == 0
    if by_call and not hasattr(step, "all_calls"):
        step.all_calls = step.calls(campaign.work, campaign.shim)
    step.prepare(campaign.work)
    if by_call:
        code, errors = at_a_call(campaign, step, step.all_calls)
    else:
        code, errors = at_a_moment(campaign, step)
    campaign.counts[f"{step.name}, {'at a call' if by_call else 'at a moment'}, "
                    f"{'killed' if code == -9 else 'had ended'}"] += 1
    if code not in (step.code, -9):
        raise Wrong(f"{step.name}: {code}: {errors.strip()}")
    step.check(campaign.work)


if __name__ == "__main__":
    main(__doc__, case)
