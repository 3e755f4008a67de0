"""Shared by the repository checks: traversal of the tree, reporting, exit codes."""

import os
import pathlib
import sys

SKIPPED = 77  # CTest shows this exit code as "Skipped"
NOT_OURS = {".git", "build", "node_modules", "__pycache__"}


def files(root, *suffixes):
    """Files below `root` with one of the suffixes, sorted; excludes build products and .git."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders
                            if name not in NOT_OURS and not name.endswith(".minima"))
        for name in sorted(names):
            if name.endswith(suffixes):
                yield pathlib.Path(folder, name)


def main(check):
    """Runs `check(root)`, which returns a list of complaints, on the root given as the only
    argument."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} ROOT_OF_THE_REPOSITORY")
    complaints = check(pathlib.Path(sys.argv[1]))
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)
