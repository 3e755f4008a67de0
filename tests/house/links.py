"""Relative links in Markdown files point to existing targets."""

import re
import urllib.parse

import tree

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)>\s]+)>?[^)]*\)")
CODE = re.compile(r"`[^`]*`")


def links_of(text):
    """(line number, target) of every inline link outside code."""
    in_code = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith(("```", "~~~")):
            in_code = not in_code
        elif not in_code:
            for match in LINK.finditer(CODE.sub("", line)):
                yield number, match.group(1)


def check(root):
    complaints = []
    for path in tree.files(root, ".md"):
        for number, target in links_of(path.read_text(encoding="utf-8")):
            parts = urllib.parse.urlsplit(target)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            if not (path.parent / urllib.parse.unquote(parts.path)).exists():
                complaints.append(f"{path.relative_to(root)}:{number}: {target} leads nowhere")
    return complaints


if __name__ == "__main__":
    tree.main(check)
