"""The output and files of minima report, and the page that a run writes during training."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import time
import unittest
import xml.dom.minidom
from pathlib import Path

from program import PROGRAM, TINY, ProgramTest

LONG = """
[study]
name = "long"
replicates = 40
[data]
datasets = ["glyphs train=1500 test=300"]
[train]
epochs = 300
[[design]]
architectures = ["dnn 4", "dnn 8-8", "dnn 64-64"]
"""

NEEDS_NODE = unittest.skipUnless(shutil.which("node"), "node is not installed")
NEEDS_RSVG = unittest.skipUnless(shutil.which("rsvg-convert"), "needs librsvg2-bin (scripts/install-deps)")
NEEDS_POPPLER = unittest.skipUnless(shutil.which("pdffonts"), "needs poppler-utils (scripts/install-deps)")


class Answer(ProgramTest):
    def test_is_thirty_lines_at_most_and_leads_on(self):
        self.write("tiny.toml", TINY)
        for text in (self.ok("run", "tiny.toml", "--store", "s", "--quiet"), self.ok("report", "s")):
            lines = text.splitlines()
            self.assertLessEqual(len(lines), 30)
            self.assertLessEqual(max(map(len, lines)), 80)
            self.assertIn("no answer ", text)  # 200 images are too few to learn from
            self.assertEqual(lines[-2].split(), ["figures", "s/report.html"])
            self.assertEqual(lines[-1].split(None, 1)[1], "minima report s --all")
        self.assertGreater(len(self.ok("report", "s", "--all").splitlines()), 40)

    def test_names_no_page_where_none_was_written(self):
        self.write("tiny.toml", TINY)
        self.ok("run", "tiny.toml", "--store", "s", "--quiet")
        (self.folder / "s" / "report.html").unlink()
        self.assertNotIn("figures ", self.ok("report", "s", "--text"))
        self.assertFalse((self.folder / "s" / "report.html").exists())


class Comparison(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("a.toml", TINY)
        self.write("b.toml", TINY.replace("[train]", "[train]\nlearning_rate = 0.02"))
        for name in "ab":
            self.ok("run", name + ".toml", "--store", name + ".minima", "--quiet")

    def test_shows_settings_answers_and_differences(self):
        text = self.ok("report", "a.minima", "b.minima")
        self.assertIn("train.learning_rate   0.001  0.02", text)
        self.assertRegex(text, r"(?s)difference  (B is|No difference is shown).*on\s+average\s+over 4 architectures")
        self.assertEqual(text.splitlines()[-1].split(), ["figures", "a-and-b.html"])
        page = (self.folder / "a-and-b.html").read_text()
        self.assertIn("What differs between two studies?", page)
        self.assertIn("train.learning_rate", page)

    def test_as_json_has_every_pair_and_writes_no_page(self):
        found = json.loads(self.ok("report", "a.minima", "b.minima", "--json"))
        (dataset,) = found["datasets"]
        self.assertEqual(dataset["match"], "same")
        self.assertTrue(dataset["paired_over_images"])
        runs = json.loads(self.ok("report", "a.minima", "--json"))["datasets"][0]["architectures"]
        self.assertEqual({pair["architecture"] for pair in dataset["architectures"]},
                         {row["architecture"] for row in runs})
        for pair in dataset["architectures"]:
            self.assertAlmostEqual(pair["difference"]["mean"], pair["second"] - pair["first"], 9)
            self.assertLess(pair["difference"]["low"], pair["difference"]["high"])
        self.assertEqual(list(self.folder.glob("*.html")), [])

    def test_keeps_a_file_of_the_user(self):
        self.write("a-and-b.html", "<p>my notes</p>")
        result = self.minima("report", "a.minima", "b.minima")
        self.assertEqual(result.returncode, 2)
        self.assertIn("a-and-b.html: exists and is not a page of minima; give -o FILE", result.stderr)
        self.assertEqual((self.folder / "a-and-b.html").read_text(), "<p>my notes</p>")
        self.ok("report", "a.minima", "b.minima", "-o", "c.html")
        self.ok("report", "a.minima", "b.minima", "-o", "c.html")  # an older page may be replaced

    def test_refuses_what_is_about_one_store(self):
        for words in (["a.minima"], ["b.minima", "c.minima"], ["b.minima", "--all"], ["b.minima", "--data-dir", "."]):
            result = self.minima("report", "a.minima", *words)
            self.assertEqual(result.returncode, 2, words)
            self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertEqual(list(self.folder.glob("*.html")), [])


# Its sizes give the legend of colours a last tick without a label.
COMPRESSED = """
[study]
name = "tiny"
replicates = 2
[data]
datasets = ["glyphs train=1000 test=200"]
[train]
epochs = 6
batch = 50
[[design]]
family = "dnn"
depth = 1
width = [8, 100]
[[pruning.protocol]]
sparsity = [0.5, 0.9]
[[quantization.protocol]]
formats = ["int8", "int4"]
"""


class Figures(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.toml", COMPRESSED)
        self.ok("run", "tiny.toml", "--store", "s", "--quiet")

    def drawn(self, *programs, folder="f"):
        """Standard error of the command, which finds `programs` only (empty: all that are installed)."""
        path = os.environ["PATH"]
        if programs:
            path = self.folder / "bin"
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
            for program in programs:
                if shutil.which(program):
                    (path / program).symlink_to(shutil.which(program))
        result = subprocess.run([PROGRAM, "report", "s", "--figures", folder], cwd=self.folder, text=True,
                                capture_output=True, env={**os.environ, "PATH": str(path)})
        self.assertEqual(result.returncode, 0, result.stderr)
        if "built without Vega" in result.stderr:
            self.skipTest("this program was built without Vega")
        return result.stderr

    def drawings(self, ending):
        """{width in mm: {ID: path}}"""
        return {width: {path.stem: path for path in self.folder.glob(f"f/{width}mm/*{ending}")} for width in (88, 180)}

    def specified(self):
        return {path.name.removesuffix(".vl.json") for path in self.folder.glob("f/*.vl.json")}

    def check_svg(self, path, width):
        svg = xml.dom.minidom.parse(str(path))
        self.assertEqual(svg.documentElement.getAttribute("width"), f"{width}mm", path)
        box = [float(number) for number in svg.documentElement.getAttribute("viewBox").split()]
        height = float(svg.documentElement.getAttribute("height").removesuffix("mm"))
        self.assertAlmostEqual(height / width, box[3] / box[2], places=3, msg=path)
        # A drawing that was wider than the paper would be smaller than the page's 12 pixels as 7 points.
        self.assertGreaterEqual(width / 25.4 * 72 / box[2] * 12, 6.0, path)
        marks = [group for group in svg.getElementsByTagName("g") if "role-mark" in group.getAttribute("class")]
        shapes = sum(len(group.getElementsByTagName(tag)) for group in marks for tag in ("path", "line", "rect"))
        self.assertGreater(shapes, 0, path)
        self.assertNotIn("currentColor", path.read_text())
        return svg

    @NEEDS_NODE
    @NEEDS_RSVG
    def test_are_svg_files_of_a_columns_width_whose_text_needs_no_font(self):
        self.assertRegex(self.drawn(), r"^\d+ figures in f, drawn 88 and 180 mm wide as SVG and PDF files\n$")
        for width, drawings in self.drawings(".svg").items():
            self.assertEqual(set(drawings), self.specified())
            for path in drawings.values():
                svg = self.check_svg(path, width)
                for tag in ("text", "image", "mask"):
                    self.assertEqual(svg.getElementsByTagName(tag).length, 0, f"{path} has <{tag}>")
                outlines = [group for group in svg.documentElement.childNodes if group.nodeName == "g"][-1]
                self.assertGreater(len(outlines.getElementsByTagName("path")), 3, path)

    @NEEDS_NODE
    @NEEDS_RSVG
    @NEEDS_POPPLER
    def test_are_pdf_files_of_a_columns_width_with_their_fonts(self):
        self.drawn()
        for width, drawings in self.drawings(".pdf").items():
            self.assertEqual(set(drawings), self.specified())
            for path in drawings.values():
                facts = subprocess.run(["pdfinfo", path], text=True, capture_output=True, check=True).stdout
                self.assertEqual(re.search(r"Pages: +(\d+)", facts)[1], "1")
                points = float(re.search(r"Page size: +([\d.]+) x", facts)[1])
                self.assertAlmostEqual(points, width / 25.4 * 72, delta=0.01, msg=path)
                fonts = subprocess.run(["pdffonts", path], text=True, capture_output=True, check=True).stdout
                fonts = fonts.splitlines()[2:]
                self.assertGreater(len(fonts), 0, path)
                for font in fonts:
                    self.assertRegex(font, r"^[A-Z]{6}\+.* yes yes (yes|no) +\d+ +0$", "embedded, and a subset")

    @NEEDS_NODE
    def test_without_rsvg_convert_have_text_and_a_line_says_so(self):
        said = self.drawn("node")
        self.assertIn("no PDF files, and text in SVG files needs the reader's fonts: "
                      "rsvg-convert is not installed (the package librsvg2-bin)\n", said)
        self.assertRegex(said, r"\d+ figures in f, drawn 88 and 180 mm wide as SVG files\n$")
        for width, drawings in self.drawings(".svg").items():
            self.assertEqual(set(drawings), self.specified())
            for path in drawings.values():
                self.assertGreater(self.check_svg(path, width).getElementsByTagName("text").length, 0)
        self.assertEqual(self.drawings(".pdf"), {88: {}, 180: {}})

    def test_without_node_are_specifications_and_data(self):
        said = self.drawn("rsvg-convert")
        self.assertIn("no SVG and PDF files: node is not installed (the package nodejs)\n", said)
        self.assertGreater(len(self.specified()), 0)
        self.assertEqual([path for path in self.folder.glob("f/**/*") if path.suffix in (".svg", ".pdf", ".tmp")], [])
        with open(self.folder / "f" / "figures.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual({row["figure"] for row in rows}, self.specified())
        for row in rows:
            for name in row["files"].split():
                self.assertTrue((self.folder / "f" / name).is_file(), name)
            self.assertTrue(row["title"] and row["caption"])

    @NEEDS_NODE
    def test_replace_those_of_an_earlier_call_and_nothing_else(self):
        self.drawn()
        mine = {"f/88mm/mine.svg", "f/mine.csv", "f/notes.txt", "f/accuracy-d1.svg.bak"}
        for name in mine:
            self.write(name, "mine")
        # As a call whose store had other figures would leave them.
        listed = (self.folder / "f" / "figures.csv").read_text()
        self.write("f/figures.csv", listed + "gone-d7,gone-d7.vl.json gone-d7.runs.csv ../mine.csv mine.csv,Gone,,\n")
        old = {"f/gone-d7.vl.json", "f/gone-d7.runs.csv", "f/180mm/gone-d7.svg", "f/88mm/gone-d7.pdf"}
        for name in old:
            self.write(name, "old")
        self.write("mine.csv", "mine")
        before = self.files("f")
        self.drawn()
        self.assertEqual(self.files("f"), before - old)
        for name in mine | {"mine.csv"}:
            self.assertEqual((self.folder / name).read_text(), "mine")
        self.drawn("rsvg-convert")  # no Node: outdated drawings would be taken for new ones
        self.assertEqual({name for name in self.files("f") if name.endswith((".svg", ".pdf"))}, {"f/88mm/mine.svg"})

    def test_do_not_replace_another_list_of_this_name(self):
        self.write("f/figures.csv", "my,own\n")
        result = self.minima("report", "s", "--figures", "f")
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stderr, "minima: f/figures.csv: is not a list that minima report wrote; "
                                        "name another folder for the figures\n")
        self.assertEqual(self.files("f"), {"f/figures.csv"})

    def files(self, folder):
        return {str(path.relative_to(self.folder)) for path in (self.folder / folder).rglob("*") if path.is_file()}

    @NEEDS_NODE
    def test_an_interrupted_call_leaves_whole_files_only(self):
        temporary = self.folder / "t"
        temporary.mkdir()
        process = subprocess.Popen([PROGRAM, "report", "s", "--figures", "f", "--jobs", "1"], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, "TMPDIR": str(temporary)})
        self.addCleanup(process.stderr.close)
        deadline = time.monotonic() + 60
        while not list(temporary.glob("*/*/*.svg")) and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        if process.wait(timeout=60) == 0:
            self.skipTest("the figures were drawn before the signal came, or without Vega")
        while list(temporary.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.05)  # Node notices that it is alone
        self.assertEqual(list(temporary.iterdir()), [])
        for name in self.files("f"):
            self.assertRegex(name, r"\.(vl\.json|csv|svg|pdf)$")
            if name.endswith(".svg"):
                xml.dom.minidom.parse(str(self.folder / name))


class Refresh(ProgramTest):
    def test_the_page_grows_while_a_run_works_and_is_whole_when_it_is_killed(self):
        self.write("long.toml", LONG)
        process = self.start("run", "long.toml", "--store", "s", "--refresh", "1", "--jobs", "1", "--quiet")
        page = self.folder / "s" / "report.html"
        counts = []
        deadline = time.monotonic() + 60
        while len(set(counts)) < 3 and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.1)
            if not page.exists():
                continue
            text = page.read_text()
            self.assertTrue(text.endswith("</html>\n"), "a reader never sees a part of a page")
            counts.append(int(re.search(r"Unfinished: (\d+) of 120 runs so far", text)[1]))
        self.assertIsNone(process.poll(), "the study is long enough to be seen growing")
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        self.assertEqual(counts, sorted(counts))
        self.assertGreaterEqual(len(set(counts)), 3)
        self.assertTrue(page.read_text().endswith("</html>\n"))
        started, ended = self.rows("s", "(SELECT started, ended FROM sessions)")[0]
        self.assertTrue(started.endswith("Z"))
        self.assertIsNone(ended, "a session that was killed has no end")

    def test_can_be_left_out(self):
        self.write("tiny.toml", TINY)
        self.ok("run", "tiny.toml", "--store", "s", "--refresh", "0", "--quiet")
        self.assertNotIn("Unfinished", (self.folder / "s" / "report.html").read_text())
        result = self.minima("run", "tiny.toml", "--refresh", "soon")
        self.assertEqual(result.returncode, 2)
        self.assertRegex(result.stderr, "^minima: --refresh: .*\n$")

    def test_a_session_that_ended_says_how_long_it_worked_and_where(self):
        self.write("tiny.toml", TINY)
        self.ok("run", "tiny.toml", "--store", "s", "--jobs", "2", "--quiet")
        rows = self.rows("s", "(SELECT started, ended, jobs, cores, memory_bytes, system, cpu_seconds FROM sessions)")
        self.assertEqual(len(rows), 1)
        started, ended, jobs, cores, memory, system, seconds = rows[0]
        self.assertLessEqual(started, ended)
        self.assertEqual(jobs, 2)
        self.assertGreaterEqual(cores, 1)
        self.assertGreater(memory, 0)
        self.assertIn(os.uname().release, system)
        self.assertGreater(seconds, 0)
        self.assertIn(system, Path(self.folder / "s" / "report.html").read_text())


if __name__ == "__main__":
    unittest.main(verbosity=0)
