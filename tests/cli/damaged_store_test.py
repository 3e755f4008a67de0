"""Damaged stores: every command that uses them reports the damage, and the doctor repairs it."""

import json
import re
import shutil
import sqlite3
import struct
import unittest

from program import TINY, ProgramTest

STUDY = TINY.replace('replicates = 2', 'replicates = 2\nweights = "all"') + """
[[quantization.protocol]]
formats = "int8"
"""


class DamagedStore(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("study.toml", STUDY)
        self.ok("run", "study.toml", "--store", "s", "--quiet")
        self.weights = self.folder / "s/weights-0001.safetensors"

    def execute(self, sql):
        database = sqlite3.connect(self.folder / "s/runs.sqlite")
        with database:
            database.execute(sql)
        database.close()

    def flip_all_signs(self):
        content = bytearray(self.weights.read_bytes())
        begin = 8 + struct.unpack("<Q", content[:8])[0]
        content[begin + 3::4] = bytes(byte ^ 0x80 for byte in content[begin + 3::4])
        self.weights.write_bytes(content)

    def refused(self, code, *arguments):
        """The single line of a command that must fail."""
        before = sorted(self.folder.iterdir())
        result = self.minima(*arguments)
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertEqual(sorted(self.folder.iterdir()), before, "something was left behind")
        return result.stderr

    # ---- weights that differ from the recorded ones ---------------------------------------------

    def test_damaged_weights_are_not_exported_or_merged(self):
        self.flip_all_signs()
        expected = (r"^minima: \S*weights-0001\.safetensors: run [0-9a-f]{16}, tensor fc1\.weight: .*"
                    r"not those that were recorded; `minima doctor s` checks the store\n$")
        self.assertRegex(self.refused(2, "export", "s", "best", "-o", "n.safetensors"), expected)
        self.assertRegex(self.refused(2, "merge", "m", "s"), expected)

    def test_a_report_draws_no_million_images_that_a_name_asks_for(self):
        self.execute("UPDATE dataset SET name = 'glyphs test=100 train=1000000'")
        self.ok("report", "s")
        page = (self.folder / "s/report.html").read_text()
        self.assertIn("has too many images to draw them again for a report", page)

    def test_a_report_shows_no_images_beyond_those_of_the_dataset(self):
        self.execute("UPDATE dataset SET test_count = test_count - 1")
        result = self.minima("report", "s")
        self.assertIn(result.returncode, (0, 2), result.stderr)
        self.assertNotIn("unexpected", result.stderr)

    def test_damaged_weights_are_not_compressed(self):
        self.flip_all_signs()
        variants = self.rows("s", "variants")
        self.write("study.toml", STUDY.replace('"int8"', '["int8", "int4"]'))
        result = self.minima("run", "study.toml", "--store", "s", "--quiet")
        self.assertEqual(result.returncode, 2)
        self.assertIn("not those that were recorded", result.stderr)
        self.assertEqual(self.rows("s", "variants"), variants)

    def test_an_export_of_another_accuracy_fails_and_writes_nothing(self):
        best = self.rows("s", "runs")[-1][0]
        self.execute("DELETE FROM variant_outcome")
        self.execute("DELETE FROM run_prediction")
        self.execute("UPDATE result SET test_accuracy = 1 - test_accuracy")
        self.execute("UPDATE variant SET test_accuracy = 1 - test_accuracy")
        for options in [[], ["--format", "c", "--bits", "8"]]:
            with self.subTest(options):
                line = self.refused(1, "export", "s", best, "-o", "n", *options)
                self.assertRegex(line, r"classifies 0\.\d{4} of 100 test images correctly, the store "
                                       r"records 0\.\d{4}: rounding explains at most 2 images")

    def test_an_export_within_rounding_is_written_and_says_so(self):
        best = self.rows("s", "runs")[-1][0]
        self.execute("DELETE FROM variant_outcome")
        self.execute("DELETE FROM run_prediction")
        self.execute("UPDATE result SET test_accuracy = test_accuracy + 0.02")
        result = self.minima("export", "s", best, "-o", "n.safetensors")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("rounding differs between machines", result.stderr)

    def test_class_names_of_an_export_can_be_told_apart(self):
        names = json.dumps(["a, b", 'c"d', "e"] + list("3456789"))
        database = sqlite3.connect(self.folder / "s/runs.sqlite")
        with database:
            database.execute("UPDATE dataset SET class_names = ?", [names])
        database.close()
        self.ok("export", "s", "best", "-o", "n.safetensors")
        content = (self.folder / "n.safetensors").read_bytes()
        header = json.loads(content[8:8 + struct.unpack("<Q", content[:8])[0]])
        self.assertEqual(header["__metadata__"]["classes"], json.dumps(json.loads(names), separators=(",", ":")))

    # ---- missing weights ------------------------------------------------------------------------

    def test_lost_weights_are_missed_and_can_be_trained_again(self):
        before = self.rows("s", "runs"), self.rows("s", "variants"), self.rows("s", "weight_statistics")
        self.weights.unlink()
        self.assertIn("weights-0001.safetensors is missing: 8 runs lost their weights\n"
                      "run `minima doctor s --repair`, then `minima run` to train them again",
                      self.ok("status", "s"))
        status = self.json("status", "s", "--json")
        self.assertFalse(status["complete"])
        self.assertEqual(status["lost_weights"],
                         [{"file": "weights-0001.safetensors", "problem": "is missing", "runs": 8}])
        again = self.minima("run", "study.toml", "--store", "s", "--quiet")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("is missing: 8 runs lost their weights", again.stderr)
        repair = self.ok("doctor", "s", "--repair")
        self.assertIn("8 runs are planned again", repair)
        self.assertIn("`minima run STUDY --store s` runs them again", repair)
        self.ok("run", "study.toml", "--store", "s", "--quiet")
        self.assertEqual((self.rows("s", "runs"), self.rows("s", "variants"),
                          self.rows("s", "weight_statistics")), before)
        self.ok("export", "s", "best", "-o", "n.safetensors")

    # ---- the doctor -----------------------------------------------------------------------------

    def test_doctor_finds_nothing_in_a_whole_store(self):
        text = self.ok("doctor", "s")
        self.assertTrue(text.startswith("no problems found\n"), text)
        report = self.json("doctor", "s", "--json")
        self.assertTrue(report["whole"])
        self.assertEqual((report["runs"], report["tensors"], report["unverified"]), (8, 40, 0))

    def test_doctor_names_what_is_wrong_and_repairs_it(self):
        before = self.rows("s", "runs"), self.rows("s", "variants")
        self.flip_all_signs()
        result = self.minima("doctor", "s")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr, "minima: s: 8 problems found; "
                                        "`minima doctor s --repair` repairs all\n")
        self.assertEqual(len(re.findall("not those that were recorded", result.stdout)), 8)
        report = self.minima("doctor", "s", "--json")
        self.assertEqual(report.returncode, 1)
        self.assertEqual(len(json.loads(report.stdout)["complaints"]), 8)
        repair = self.json("doctor", "s", "--repair", "--json")
        self.assertTrue(repair["whole"])
        self.assertTrue((self.folder / "s" / repair["copy"]).exists())
        self.ok("run", "study.toml", "--store", "s", "--quiet")
        self.assertEqual((self.rows("s", "runs"), self.rows("s", "variants")), before)
        self.assertIn("no problems found", self.ok("doctor", "s"))

    def test_doctor_refuses_what_is_no_store(self):
        self.assertIn("is not a store", self.refused(2, "doctor", "nowhere"))

    # ---- merging --------------------------------------------------------------------------------

    def test_a_merge_that_was_killed_at_its_start_can_be_repeated(self):
        (self.folder / "m").mkdir()
        self.write("m/lock", "process 1 on this machine\n")
        self.write("m/runs.sqlite", b"")
        self.ok("merge", "m", "s")
        self.assertEqual(self.rows("m", "runs"), self.rows("s", "runs"))
        self.assertEqual(self.rows("m", "variants"), self.rows("s", "variants"))

    def test_a_merge_refuses_results_that_rounding_does_not_explain(self):
        shutil.copytree(self.folder / "s", self.folder / "t")
        self.execute("DELETE FROM variant_outcome")
        self.execute("DELETE FROM run_prediction")
        self.execute("UPDATE result SET test_accuracy = 1 - test_accuracy")
        line = self.refused(2, "merge", "m", "s", "t")
        self.assertRegex(line, r"^minima: t: run [0-9a-f]{16}: its accuracy is .*, in s it is ")

    def test_a_merge_says_when_results_differ_a_little(self):
        shutil.copytree(self.folder / "s", self.folder / "t")
        self.execute("UPDATE result SET test_loss = test_loss * 1.0000001 WHERE run < 4")
        self.execute("DELETE FROM checksum")  # as if another processor had trained them
        result = self.minima("merge", "m", "s", "t")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("3 runs are recorded with other figures in several stores", result.stderr)


if __name__ == "__main__":
    unittest.main()
