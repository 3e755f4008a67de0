"""Every C++ file is formatted by clang-format. Skipped without clang-format 14, because other
versions differ in details."""

import re
import shutil
import subprocess

import tree

VERSION = "14"


def clang_format():
    """The program of the right version, or None."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        program = shutil.which(name)
        if program:
            text = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
            found = re.search(r"version (\d+)", text)
            if found and found.group(1) == VERSION:
                return program
    return None


def check(root):
    program = clang_format()
    if program is None:
        tree.skip(f"needs clang-format {VERSION} (scripts/install-deps --dev)")
    sources = [str(path) for folder in ("src", "tests", "bench")
               for path in tree.files(root / folder, ".h", ".cpp", ".cc")]
    if not sources:
        return []
    result = subprocess.run([program, "--dry-run", "-Werror", *sources], capture_output=True,
                            text=True)
    wrong = sorted({line.split(":")[0] for line in result.stderr.splitlines() if "error:" in line})
    if result.returncode != 0 and not wrong:
        return [result.stderr]
    return [f"{name}: not as clang-format leaves it; run clang-format -i on it" for name in wrong]


if __name__ == "__main__":
    tree.main(check)
