"""Injects one fault at a time: the k-th write, fsync, rename, unlink, truncation, open, mkdir, mmap
or allocation of every command fails, or the disk is full from the k-th write on. The command must
exit with 0, 1 or 2 and print at most one error line. Repeated without the fault, it must give the
results of an undisturbed command, byte for byte.

  python3 tests/torture/failures.py --cases 4000                       (about an hour)
  python3 tests/torture/failures.py --every fsync/rename --steps run   every k of these faults
  python3 tests/torture/failures.py --every allocation --stride 500    every 500th k
"""

import errno
import sys

from campaign import Campaign, Wrong

# Name, calls that fail, errno, and whether all later calls fail too.
FAULTS = [
    ("full disk", "write,pwrite,mkdir,ftruncate", errno.ENOSPC, True),
    ("full disk, half a write", "write,pwrite", "half", True),
    ("quota", "write,pwrite", errno.EDQUOT, True),
    ("file size limit", "write,pwrite", errno.EFBIG, True),
    ("write", "write,pwrite", errno.EIO, False),
    ("fsync", "fsync,fdatasync", errno.EIO, False),
    ("rename", "rename", errno.EIO, False),
    ("unlink", "unlink", errno.EIO, False),
    ("truncation", "ftruncate", errno.EIO, False),
    ("open", "open", errno.EMFILE, False),
    ("open, no permission", "open", errno.EACCES, False),
    ("open, read-only file system", "open,write,pwrite,mkdir,rename,unlink", errno.EROFS, True),
    ("mkdir", "mkdir", errno.ENOSPC, False),
    ("mmap", "mmap", errno.ENOMEM, False),
    ("memory by mmap", "anonymous", errno.ENOMEM, False),
    ("allocation", "malloc", errno.ENOMEM, False),
    ("no memory from then on", "malloc", errno.ENOMEM, True),
]
MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENOMEM, "half"}


def inject(campaign, step, fault, at):
    name, calls, action, later = fault
    step.prepare(campaign.work)
    faults = {"LD_PRELOAD": campaign.shim, "FAULT_ROOT": campaign.work, "FAULT_AT": at,
              "FAULT_CALLS": calls, "FAULT_ACTION": action}
    if later:
        faults["FAULT_LATER"] = 1
    campaign.about = f"({name} {at} of {step.all_calls[calls]})"
    code, errors = step.finish(step.start(campaign.work, faults))
    campaign.counts[f"{name}: exit code {code}"] += 1
    lines = errors.strip().splitlines()
    if code not in (0, 1, 2):
        raise Wrong(f"ended with {code}: {errors.strip()}")
    if code == 2 and action in MACHINE:
        raise Wrong(f"the machine failed, the input is blamed: {errors.strip()}")
    own = [line for line in lines if line.startswith("minima: ")]
    if code != step.code and code != 0 and (len(lines) != 1 or len(own) != 1):
        raise Wrong(f"not one line: {errors.strip()}")
    step.check(campaign.work)


def calls_of(campaign, step, calls):
    if not hasattr(step, "all_calls"):
        step.all_calls = {}
    if calls not in step.all_calls:
        step.all_calls[calls] = step.calls(campaign.work, campaign.shim, calls)
    return step.all_calls[calls]


def case(campaign, step, number):
    fault = FAULTS[number // len(campaign.steps) % len(FAULTS)]
    count = calls_of(campaign, step, fault[1])
    if count > 0:
        inject(campaign, step, fault, campaign.random.randint(1, count))


def every(campaign):
    """Yields all k, or every STRIDE-th k, for the faults given with --every."""
    wanted = campaign.options.every.split("/")
    stride = campaign.options.stride
    first = 1 + campaign.options.seed % stride
    for fault in FAULTS:
        for step in campaign.steps if fault[0] in wanted else ():
            for k in range(first, calls_of(campaign, step, fault[1]) + 1, stride):
                yield step, lambda at=k, each=fault, of=step: inject(campaign, of, each, at)


if __name__ == "__main__":
    campaign = Campaign(__doc__)
    sys.exit(campaign.run(case, every if campaign.options.every else None))
