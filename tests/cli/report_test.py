"""The output and files of minima report, and the page that a run writes during training."""

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
        for words in (["a.minima"], ["b.minima", "--all"], ["b.minima", "--data-dir", "."]):
            result = self.minima("report", "a.minima", *words)
            self.assertEqual(result.returncode, 2, words)
            self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertEqual(list(self.folder.glob("*.html")), [])


class Figures(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.toml", TINY)
        self.ok("run", "tiny.toml", "--store", "s", "--quiet")

    @unittest.skipUnless(shutil.which("node"), "node is not installed")
    def test_are_drawn_as_svg_files_with_node(self):
        result = self.minima("report", "s", "--figures", "f")
        self.assertEqual(result.returncode, 0, result.stderr)
        if "built without Vega" in result.stderr:
            self.skipTest("this program was built without Vega")
        specifications = {path.name.removesuffix(".vl.json") for path in self.folder.glob("f/*.vl.json")}
        drawings = {path.stem: path for path in self.folder.glob("f/*.svg")}
        self.assertEqual(set(drawings), specifications)
        for name, path in drawings.items():
            svg = xml.dom.minidom.parse(str(path))
            marks = [group for group in svg.getElementsByTagName("g") if "role-mark" in group.getAttribute("class")]
            shapes = sum(len(group.getElementsByTagName(tag)) for group in marks for tag in ("path", "line", "rect"))
            self.assertGreater(shapes, 0, name)
            self.assertNotIn("currentColor", path.read_text())
        self.assertEqual(list(self.folder.glob("f/*.tmp")), [])

    def test_without_node_are_specifications_and_data(self):
        result = subprocess.run([PROGRAM, "report", "s", "--figures", "f"], cwd=self.folder, text=True,
                                capture_output=True, env={**os.environ, "PATH": str(self.folder)})
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stderr, "no SVG files: (node is not installed|this program was built without Vega)")
        self.assertTrue(list(self.folder.glob("f/*.vl.json")))
        self.assertEqual(list(self.folder.glob("f/*.svg")), [])


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
