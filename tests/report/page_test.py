"""Report pages in a real browser: figures have marks, nothing is requested, nothing complains, and
names from outside do no harm. Skipped without Chromium or web/node_modules."""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import unittest
import zlib
from pathlib import Path

SOURCE = Path(os.environ["MINIMA_SOURCE"])
sys.path.insert(0, str(SOURCE / "tests" / "cli"))
from program import ProgramTest  # noqa: E402

WEB = SOURCE / "web"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

COMPRESSED = """
[study]
name = "small"
replicates = 2
[data]
datasets = ["glyphs train=300 test=200"]
[train]
epochs = 6
[[design]]
architectures = ["dnn 8", "dnn 12-12", "dnn 16", "dnn 1-1-1", "cnn 2"]
[[pruning.protocol]]
sparsity = [0.5, 0.9]
[[quantization.protocol]]
formats = ["int8", "int4", "int2"]
[[pruning.protocol]]
scope = "one-layer"
sparsity = [0.5, 0.9]
[[quantization.protocol]]
scope = "one-layer"
formats = ["int4", "int2"]
"""

# A smaller version of the embedded study: it has every figure and takes a tenth of the time.
EMBEDDED = ["--set", "study.replicates=2", "--set", "train.epochs=4"]

HOSTILE_DATA = "<script>window.hacked = 1<&'"
HOSTILE_CLASSES = ["<script>window.hacked = 1<", "\" onload=\"window.hacked=1", "שלום\u202eabc", "x" * 200]
SIMULATED = Path(os.environ.get("MINIMA_SIMULATED_STORE", ""))  # a program that writes 14,400 runs


def png(pixels):
    """An 8-bit grey picture of square shape."""
    side = int(len(pixels) ** 0.5)
    rows = b"".join(b"\0" + bytes(pixels[i * side:(i + 1) * side]) for i in range(side))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


# Tooltips name the data: runs by their id, means by their architectures.
TOOLTIPS = r"^(?=.*(run|runs|redundancy))(?=.*(architecture|hidden layers|tensor))"


class Pages(ProgramTest):
    def study(self, name, datasets, architectures, more=""):
        return self.write(name + ".toml", f"""
[study]
name = "{name}"
[data]
datasets = [{json.dumps(datasets)}]
[train]
epochs = 2
{more}
[[design]]
architectures = {json.dumps(architectures)}
""")

    def run_all(self):
        self.write("small.toml", COMPRESSED)
        for split in ("train", "test"):
            for number, name in enumerate(HOSTILE_CLASSES):
                for i in range(6):
                    self.write(f"{HOSTILE_DATA}/{split}/{name}/{i}.png",
                               png([(number * 60 + i + p) % 256 for p in range(64)]))
        self.study("hostile", HOSTILE_DATA, ["dnn 4", "dnn 6"], "batch = 10")
        self.study("one", "glyphs train=100 test=50", ["dnn 4"])
        self.study("failed", "glyphs train=200 test=100", ["dnn 4", "dnn 8"],
                   "optimizer = \"sgd\"\nlearning_rate = 100")
        pages = []
        for name in ("small", "hostile", "one", "failed"):
            self.ok("run", f"{name}.toml", "--store", name, "--quiet")
            pages.append(self.folder / name / "report.html")
            self.assertTrue(pages[-1].exists(), name)
        self.ok("run", "small.toml", "--store", "unfinished", "--shard", "1/3", "--quiet")
        self.ok("run", "embedded", "--store", "embedded", "--quiet", *EMBEDDED)
        pages += [self.folder / name / "report.html" for name in ("unfinished", "embedded")]
        pages += [self.compared(name) for name in ("small", "hostile")]
        if SIMULATED.is_file():
            subprocess.run([SIMULATED, self.folder / "simulated"], check=True, stdout=subprocess.DEVNULL)
            self.ok("report", "simulated")
            pages.append(self.folder / "simulated" / "report.html")
        return pages

    def compared(self, name):
        """A page that compares a store with one of another learning rate."""
        self.ok("run", f"{name}.toml", "--store", f"other {name}", "--quiet", "--set", "train.learning_rate=0.02")
        folder = self.folder / f"compared-{name}"
        folder.mkdir()
        self.ok("report", name, f"other {name}", "-o", folder / "report.html")
        return folder / "report.html"

    def open(self, pages):
        result = subprocess.run(
            ["node", SOURCE / "tests" / "report" / "page_in_browser.mjs", WEB, CHROMIUM, *pages],
            capture_output=True, text=True, timeout=1500, env={**os.environ, "HOME": str(self.folder)})
        self.assertEqual(result.returncode, 0, result.stderr)
        return {Path(report["file"]).parent.name: report for report in json.loads(result.stdout)}

    def test_pages_in_a_browser(self):
        reports = self.open(self.run_all())
        for name, report in reports.items():
            with self.subTest(page=name):
                self.assertEqual(report["complaints"], [])
                self.assertEqual({request.split("#")[0] for request in report["requests"]},
                                 {"file://" + report["file"]}, "nothing but the page itself is loaded")
                self.assertEqual(report["violations"], [], "axe-core")
                self.assertEqual(report["deadLinks"], [])
                self.assertFalse(report["hacked"])
                self.assertEqual(report["tabStops"][0][0], "#answer", "the first stop skips to the answer")
                self.assertIn(report["tabStops"][1], (["#answer", "solid"], ["dataset", "solid"], ["family", "solid"]),
                              "then the selectors or the contents, visibly")
                for figure, tooltip in report["tooltips"].items():
                    self.assertRegex(tooltip, TOOLTIPS, figure)
                for axis in report["axes"]:
                    for one, other in zip(axis["labels"], axis["labels"][1:]):
                        self.assertNotEqual(one, other, axis)
                self.check_confusions(report["axes"])
                self.report_times(name, report)
                for width, view in report["views"].items():
                    self.assertLessEqual(view["overflow"], 0, width)
                    for figure in view["figures"]:
                        if figure["state"] == "absent":
                            self.assertIn("This figure exists for: ", figure["absent"])
                            continue
                        self.assertEqual(figure["state"], "drawn", figure["id"])
                        self.assertGreater(figure["marks"], 0, figure["id"])
                        self.assertFalse(figure["cutOff"], (figure["id"], width))
        self.check_small(reports["small"])
        self.assertIn(HOSTILE_DATA, reports["hostile"]["text"])
        self.assertIn(HOSTILE_DATA, reports["compared-hostile"]["text"])
        self.assertIn("train.learning_rate", reports["compared-small"]["text"])
        self.assertIn("Unfinished:", reports["unfinished"]["text"])
        self.assertNotIn("Unfinished:", reports["small"]["text"])
        self.check_embedded(reports["embedded"])
        self.check_reloads(reports)
        if SIMULATED.is_file():
            self.assertLess(Path(reports["simulated"]["file"]).stat().st_size, 5_000_000)

    def check_confusions(self, axes):
        """The classes stand in the same order from the left and from the top."""
        orders = {(axis["id"], axis["side"]): axis["labels"] for axis in axes
                  if axis["id"] == "figure-confusion"}
        for (figure, side), labels in orders.items():
            other = orders.get((figure, "top" if side == "left" else "left"), [])
            if len(labels) == len(other):  # else some labels are hidden for lack of room
                self.assertEqual(labels, other, figure)

    def report_times(self, name, report):
        """Measured, not judged: how fast a page is depends on what else the machine does."""
        size = Path(report["file"]).stat().st_size / 1e6
        for width, view in report["views"].items():
            print(f"{name:10} {size:.1f} MB  {width:>4} px: loaded in {view['seconds']['loaded']:.2f} s, "
                  f"{len(view['figures'])} figures, the slowest drawn in {view['seconds']['longest']:.2f} s")

    def check_reloads(self, reports):
        self.assertIsNone(reports["small"]["reloads"], "a finished page never reloads")
        reloads = reports["unfinished"]["reloads"]
        self.assertEqual(reloads["active"], 1, "an active reader is not disturbed")
        self.assertEqual(reloads["loads"], 2, "a quiet one sees the newest page")
        before, after = reloads["before"], reloads["after"]
        self.assertEqual((after["hash"], after["open"]), (before["hash"], before["open"]), "at the same place")
        self.assertLess(abs(after["top"] - before["top"]), 30, "in pixels")

    def check_kinds(self, report, kinds):
        ids = {figure["id"] for figure in report["views"]["1280"]["figures"]}
        for kind in kinds:
            self.assertTrue(any(re.match(kind + r"-(d\d|dnn|cnn|vit)", name) for name in ids), (kind, ids))

    def check_embedded(self, report):
        self.check_kinds(report, (
            "overview", "accuracy", "success", "curves", "learning", "pruning", "phases", "redundancy", "depth",
            "bits", "total-bits", "sparsity-bits", "sigma-mu", "densities", "strengths", "projection"))
        self.assertLess(report["views"]["1280"]["height"], 12_000, "with details folded")
        first, second, again = report["selected"]
        self.assertEqual((first["scope"], second["scope"]), ("glyphs", "textures"), "the key selects a dataset")
        self.assertIn("dataset=textures", second["hash"])
        self.assertEqual(again, second, "an address keeps the selection")
        self.assertEqual([first["answers"], second["answers"]], [1, 1])
        before, chosen, after = report["setOff"]
        self.assertGreater(chosen, before, "the key sets one name off, the rest fades")
        self.assertEqual(after, before, "and again brings it back")

    def check_small(self, report):
        self.check_kinds(report, (
            "overview", "accuracy", "success", "curves", "learning", "pruning", "redundancy", "bits", "total-bits",
            "layers-pruned", "layers-quantized"))
        self.assertIn("test accuracy", report["tooltips"]["accuracy-d1"])
        self.assertLessEqual(report["views"]["1280"]["answerEnds"], 800, "the answer fits a small screen")
        kinds = {name.split(".", 1)[1]: start for name, start in report["downloads"].items()}
        self.assertTrue(kinds["trained.csv"].startswith("family,architecture,parameters"), kinds)
        self.assertTrue(kinds["vl.json"].startswith('{"$schema"'), kinds)
        self.assertTrue(kinds["svg"].startswith("<svg"), kinds)
        self.assertTrue(kinds["png"].startswith("\x89PNG"), kinds)


if __name__ == "__main__":
    if not shutil.which("node") or not all(
            (WEB / "node_modules" / package).is_dir() for package in ("playwright-core", "axe-core")):
        print("skipped: no web/node_modules; scripts/install-deps makes it")
        sys.exit(77)
    if CHROMIUM is None:
        print("skipped: no Chromium; scripts/install-deps --browser installs it")
        sys.exit(77)
    unittest.main()
