"""Makes inputs of every kind, shows them to `minima data info`, and writes docs/input-kinds.md.

For every input one of three things must happen: the right result, a result with a note that says what
was left out or looks wrong, or a refusal that names file, reason and remedy. This script knows what it
put into each input, so it notices images that are lost without a note.

usage: input_kinds.py            compares the outcomes with the document; fails if they differ
       input_kinds.py --write    writes the document
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from inputs import archives, arrays, folders, known, tables
from inputs.sets import SPLITS, EmptyFolder, Link, Pipe
from program import PROGRAM, environment

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "input-kinds.md"
FEWEST = 150
RIGHT, NOTE, REFUSED, SILENT, WRONG = "right", "note", "refused", "SILENT", "WRONG"
OUTCOMES = (RIGHT, NOTE, REFUSED, SILENT, WRONG)


def all_inputs():
    return folders.inputs() + archives.inputs() + arrays.inputs() + tables.inputs() + known.inputs()


def place(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, EmptyFolder):
            path.mkdir(exist_ok=True)
        elif isinstance(data, Link):
            path.symlink_to(data.target)
        elif isinstance(data, Pipe):
            os.mkfifo(path)
        else:
            path.write_bytes(data)


def outcome_of(each):
    """The outcome and what was said."""
    with tempfile.TemporaryDirectory(prefix="minima-inputs-") as name:
        folder = Path(name)
        place(folder, each.files)
        ran = subprocess.run([PROGRAM, "data", "info", each.path, *each.settings, "--json"], cwd=folder,
                             env=environment(), capture_output=True, timeout=120)
    error = ran.stderr.decode("utf-8", "backslashreplace")
    if ran.returncode == 0:
        return judged_result(each, json.loads(ran.stdout), error)
    return judged_refusal(each, ran.returncode, ran.stdout, error)


def judged_refusal(each, code, output, error):
    line = error.removesuffix("\n").removeprefix("minima: ")
    faults = []
    if code != 2:
        faults.append(f"exit code {code}")
    if output:
        faults.append("output in spite of the refusal")
    if "\n" in line or not error.startswith("minima: ") or any(ord(c) < 32 for c in line):
        faults.append("the refusal is not one printable line")
    files = [each.path, os.path.basename(each.path.rstrip("/")), *each.files]
    if not any(name in line for name in files):
        faults.append("the refusal names no file")
    if "; " not in line:
        faults.append("the refusal has no remedy")
    faults += [f"the refusal does not say {text!r}" for text in each.says if text not in line]
    return (WRONG, f"{'; '.join(faults)}: {line}") if faults else (REFUSED, line)


def counts_in(info, split):
    return info.get({"val": "validation"}.get(split, split), {}).get("class_counts", [])


def judged_result(each, info, error):
    notes = info["notes"]
    if each.put is None:
        return WRONG, "a result, though nothing in it can be read"
    expected = each.expected or each.put
    said = " / ".join(notes)
    lost = fault_of(each, expected, info)
    if error:
        return WRONG, f"output on stderr: {error}"
    if any(ord(c) < 32 for c in said):
        return WRONG, f"control characters in the notes: {said!r}"
    if lost:
        return (WRONG if notes else SILENT), f"{lost} {said}".strip()
    differs = each.elsewhere > 0 or expected is not each.put and (
        expected.classes != each.put.classes or
        any(expected.counts(split) != each.put.counts(split) for split in SPLITS))
    unsaid = [text for text in each.says if text not in said]
    if unsaid or (differs and not notes):
        return SILENT, f"not said: {', '.join(map(repr, unsaid))} {said}".strip()
    return (NOTE, said) if notes else (RIGHT, "")


def fault_of(each, expected, info):
    """How the result differs from the expected one; "" if it does not."""
    if info["classes"] != expected.classes:
        return f"classes {info['classes']} instead of {expected.classes}."
    if each.held_out:
        both = [a + b for a, b in zip(counts_in(info, "train"), counts_in(info, "test"))]
        wanted = expected.counts("train")
        is_right = both == wanted and sum(counts_in(info, "test")) > 0
        return "" if is_right else f"{both} instead of {wanted} images."
    for split in SPLITS:
        found, wanted = counts_in(info, split), expected.counts(split)
        if sum(found) + sum(wanted) > 0 and found != wanted:
            return f"{found} instead of {wanted} {split} images."
    if each.same_pixels and info["checksum"] != expected.checksum():
        return "other pixels, labels or another order."
    return ""


# ---- the document

def shortened(text, most=420):
    """Without what depends on the versions of libraries: their words, and sizes of packed data."""
    text = re.sub(r"after \d+ bytes of content", "after ... bytes of content", text)
    text = re.sub(r"(truncated or corrupt|damaged \w+ image) \([^)]*\)", r"\1 (...)", text)
    return text if len(text) <= most else text[:most - 3] + "..."


def cell(text):
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "'")


def put_in(each):
    if each.put is None:
        return str(each.elsewhere or "-")
    counts = [str(sum(each.put.counts(split))) for split in SPLITS if split in each.put.splits]
    return " + ".join(counts) + (f" + {each.elsewhere}" if each.elsewhere else "")


def matrix(results):
    """Variations that several containers have, by container."""
    containers, variations, outcomes = [], {}, {}
    for each, (outcome, _) in results:
        if each.container not in containers:
            containers.append(each.container)
        variations.setdefault(each.variation, set()).add(each.container)
        outcomes[each.container, each.variation] = outcome
    common = [name for name, having in variations.items() if len(having) >= 3]
    shown = [name for name in containers if sum((name, each) in outcomes for each in common) >= 3]
    lines = ["| variation | " + " | ".join(shown) + " |", "| --- |" + " --- |" * len(shown)]
    for variation in common:
        row = [outcomes.get((name, variation), "") for name in shown]
        lines.append(f"| {variation} | {' | '.join(row)} |")
    return lines


def document(results):
    counts = {name: sum(outcome == name for _, (outcome, _) in results) for name in OUTCOMES}
    lines = [
        "# Kinds of inputs and what minima says", "",
        "This page is the record of a test. It is for those who want to see how minima treats an unusual or "
        "damaged input, and for those who change what it reads. To prepare your own data, read "
        "[Image folders](image-folders.md) and [Datasets](data.md) instead: they have the layouts, the "
        "settings and the [most common refusals](image-folders.md#common-refusals). If minima refused your "
        "data, search this page for the words of the message.", "",
        "[tests/cli/input_kinds.py](../tests/cli/input_kinds.py) writes this page. It makes "
        f"{len(results)} inputs with known images, and runs `minima data info` on each. "
        "The test `cli.input_kinds` repeats this and compares the outcomes with this page.", "",
        "| outcome | meaning | inputs |", "| --- | --- | --- |",
        "| right | every image, label and pixel as it was put in, and nothing to say "
        f"| {counts[RIGHT]} |",
        f"| note | a result, with notes on what was left out, changed or looks wrong | {counts[NOTE]} |",
        f"| refused | exit code 2 and one line with file, reason and remedy | {counts[REFUSED]} |",
        f"| silent | something is missing, and no note says so | {counts[SILENT] + counts[WRONG]} |", "",
        "Unless a row changes pixels or holds test images out, the script also computes the checksum of "
        "all images and labels from what it put in, and compares it. An archive (.zip, .tar, .npz) that is "
        "cut off behind its last file is right, because all images are there.", "",
        "## Common variations", "", *matrix(results), ""]
    container = None
    for each, (outcome, said) in results:
        if each.container != container:
            container = each.container
            lines += ["", f"## {container[0].upper()}{container[1:]}", "",
                      "| input | images put in | outcome | minima says |", "| --- | --- | --- | --- |"]
        lines.append(f"| {each.variation} | {put_in(each)} | {outcome} | {cell(shortened(said))} |")
    return re.sub(r"\n\n\n+", "\n\n", "\n".join(lines)) + "\n"


def by_container(results):
    order = []
    for each, _ in results:
        if each.container not in order:
            order.append(each.container)
    return sorted(results, key=lambda result: order.index(result[0].container))


def main():
    inputs = all_inputs()
    with ThreadPoolExecutor(2) as pool:
        results = by_container(list(zip(inputs, pool.map(outcome_of, inputs))))
    failed = [(each, result) for each, result in results if result[0] in (SILENT, WRONG)]
    for each, (outcome, said) in failed:
        print(f"{outcome}: {each.container}, {each.variation}: {said}")
    counts = ", ".join(f"{sum(result[0] == name for _, result in results)} {name}" for name in OUTCOMES)
    print(f"{len(results)} inputs: {counts}")
    text = document(results)
    if sys.argv[1:] == ["--write"]:
        DOCUMENT.write_text(text, encoding="utf-8")
    names = [(each.container, each.variation) for each in inputs]
    if len(set(names)) < len(names):
        sys.exit(f"inputs occur twice: {sorted({name for name in names if names.count(name) > 1})}")
    if failed or len(inputs) < FEWEST:
        sys.exit(1)
    if DOCUMENT.read_text(encoding="utf-8") != text:
        show_difference(text)
        sys.exit(f"{DOCUMENT.name} differs; review with `input_kinds.py --write` and git diff")


def show_difference(text):
    before = DOCUMENT.read_text(encoding="utf-8").splitlines()
    for line in text.splitlines():
        if line not in before:
            print("new:", line)
    for line in before:
        if line not in text.splitlines():
            print("old:", line)


if __name__ == "__main__":
    main()
