"""Limits the length of files below src/; a longer file holds more than one idea."""

import tree

LIMIT = 500


def check(root):
    complaints = []
    for path in tree.files(root / "src", ".h", ".cpp", ".cc", ".inc"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines >= LIMIT:
            complaints.append(f"{path.relative_to(root)}: {lines} lines; split it ({LIMIT} or more)")
    return complaints


if __name__ == "__main__":
    tree.main(check)
