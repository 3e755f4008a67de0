"""Stores of older versions: read, analyzed as far as possible, and clear about what they lack."""

import json
import shutil
import sqlite3
import unittest
from pathlib import Path

from program import TINY, ProgramTest

OLD_STORES = Path(__file__).parent.parent / "store/old_stores"
VERSIONS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
# Complete stores written by the programs of these versions. To keep them small, all analyses except
# one were left out.
WRITTEN = [5, 6]
CURRENT = 11

# The study of these stores.
WRITTEN_STUDY = """
[study]
name = "old"
replicates = 2
weights = "all"
[data]
datasets = ["glyphs train=60 test=20"]
[train]
epochs = 2
batch = 10
[[design]]
architectures = ["dnn 1"]
[[pruning.protocol]]
sparsity = 0.5
[[quantization.protocol]]
formats = "int8"
"""

# Two protocols with different numbers of calibration images.
CALIBRATED = TINY + """
[[pruning.protocol]]
sparsity = 0.5

[[quantization.protocol]]
formats = "int8"
activations = "same"
calibration_images = 10
pruned = true

[[quantization.protocol]]
formats = "int8"
activations = "same"
calibration_images = 150
pruned = true
"""


class OlderStore(ProgramTest):
    def old_store(self, version):
        store = self.folder / f"v{version}"
        store.mkdir()
        database = sqlite3.connect(store / "runs.sqlite")
        database.executescript((OLD_STORES / f"version-{version}.sql").read_text())
        database.close()
        return store

    def test_status_says_what_each_lacks(self):
        for version in VERSIONS:
            with self.subTest(version):
                store = self.old_store(version)
                lacks = self.json("status", store, "--json")["lacks"]
                self.assertTrue(lacks[0].startswith("No predictions per image"), lacks)
                text = self.ok("status", store)
                for sentence in lacks:
                    self.assertIn(sentence, text)

    def test_is_read_without_an_update(self):
        for version in VERSIONS:
            with self.subTest(version):
                store = self.old_store(version)
                before = (store / "runs.sqlite").read_bytes()
                rows = self.ok("export", store, "--table", "runs", "--format", "csv", "-o", "-")
                self.assertEqual(len(rows.splitlines()), 5)
                self.assertEqual((store / "runs.sqlite").read_bytes(), before)

    def test_is_analysed(self):
        for version in VERSIONS:
            with self.subTest(version):
                store = self.old_store(version)
                self.ok("report", store)
                self.assertIn("dnn", self.ok("analyze", store))
                self.assertEqual(self.rows(store, "pragma_user_version")[0][0], CURRENT)


class WrittenStore(ProgramTest):
    """An older store with weights: read, updated, continued, every value compared."""

    # Views that depend on study and results alone, as docs/store.md promises.
    VIEWS = ["runs", "epochs", "epoch_details", "layers", "divergences", "validations", "timings",
             "weight_statistics", "weight_histograms", "node_strengths", "variants",
             "variant_tensors", "compressions", "datasets", "sessions"]

    def written_store(self, version, name="old"):
        store = self.folder / name
        shutil.rmtree(store, ignore_errors=True)
        store.mkdir()
        database = sqlite3.connect(store / "runs.sqlite")
        database.executescript((OLD_STORES / f"written-{version}.sql").read_text())
        database.close()
        shutil.copy(OLD_STORES / "written.safetensors", store / "weights-0001.safetensors")
        return store

    def values(self, store):
        return {view: self.rows(store, view) for view in self.VIEWS}

    def labels(self, store):
        """Leaves out each analysis's statements about single runs."""
        return [row[:10] for row in self.rows(store, "runs")]

    def assert_same_values(self, rows, older, view):
        """Columns that a later version appended to the view are NULL."""
        columns = len(older[0]) if older else 0
        self.assertEqual([tuple(row[:columns]) for row in rows], older, view)
        self.assertEqual({value for row in rows for value in row[columns:]} - {None}, set(), view)

    def test_every_value_is_read_as_it_was_written(self):
        for version in WRITTEN:
            with self.subTest(version):
                store = self.written_store(version)
                before = (store / "runs.sqlite").read_bytes()
                for view, rows in self.values(store).items():
                    told = json.loads(self.ok("export", store, "--table", view, "--format", "json"))
                    self.assert_same_values([tuple(row.values()) for row in told], rows, view)
                self.assertEqual((store / "runs.sqlite").read_bytes(), before)
                self.assertIn("no problems found", self.ok("doctor", store))

    def test_an_update_changes_no_value(self):
        for version in WRITTEN:
            with self.subTest(version):
                store = self.written_store(version)
                before = self.values(store)
                labels = self.labels(store)
                self.ok("analyze", store)
                self.assertEqual(self.rows(store, "pragma_user_version")[0][0], CURRENT)
                self.assertEqual(self.labels(store), labels)
                for view in self.VIEWS[1:]:
                    self.assert_same_values(self.rows(store, view), before[view], view)
                self.assertIn("no problems found", self.ok("doctor", store))

    def test_is_run_on(self):
        self.write("old.toml", WRITTEN_STUDY)
        for version in WRITTEN:
            with self.subTest(version):
                store = self.written_store(version)
                before = self.values(store)
                self.ok("run", "old.toml", "--store", store, "--quiet", "--set", "study.replicates=3")
                self.assertEqual(len(self.labels(store)), 3)
                self.assertEqual(self.labels(store)[:2], [row[:10] for row in before["runs"]])
                for view in ["epochs", "layers", "weight_statistics", "node_strengths"]:
                    self.assertEqual(self.rows(store, view)[:len(before[view])], before[view], view)
                self.assertTrue(all(row[-1] is not None for row in self.rows(store, "weights")),
                                "checksums were made when the weights were put together")
                self.assertIn("no problems found", self.ok("doctor", store))

    def test_damaged_weights_are_found_without_checksums(self):
        for version in WRITTEN:
            with self.subTest(version):
                store = self.written_store(version)
                weights = store / "weights-0001.safetensors"
                damaged = bytearray(weights.read_bytes())
                damaged[-1] ^= 0x80  # the sign of the last bias
                weights.write_bytes(damaged)
                result = self.minima("doctor", store)
                self.assertEqual(result.returncode, 1)
                self.assertIn("fc2.bias: its values are not those that were recorded", result.stdout)


class NewStore(ProgramTest):
    def test_lacks_nothing(self):
        self.write("tiny.toml", TINY)
        self.ok("run", "tiny.toml", "--store", "s", "--quiet")
        self.assertEqual(self.json("status", "s", "--json")["lacks"], [])

    def test_says_that_predictions_were_not_asked_for(self):
        self.write("tiny.toml", TINY)
        self.ok("run", "tiny.toml", "--store", "s", "--quiet", "--set", "study.predictions=none")
        self.assertIn("No predictions per image", self.ok("status", "s"))

    def test_plan_counts_predictions(self):
        self.write("tiny.toml", CALIBRATED)

        def plan(choice):
            return self.json("plan", "tiny.toml", "--json", "--set", f"study.predictions={choice}")

        everything, runs, nothing = plan("all"), plan("runs"), plan("none")
        self.assertEqual(nothing["prediction_bytes"], 0)
        self.assertGreater(runs["prediction_bytes"], 0)
        self.assertGreater(everything["prediction_bytes"], runs["prediction_bytes"])
        self.assertAlmostEqual(everything["store_bytes"] - everything["prediction_bytes"],
                               nothing["store_bytes"])
        self.assertIn("predictions per image", self.ok("plan", "tiny.toml"))

    def test_makes_again_what_an_older_version_calibrated_with_other_images(self):
        self.write("study.toml", CALIBRATED)
        run = ("run", "study.toml", "--store", "s")
        self.ok(*run, "--quiet")
        right = self.rows("s", "variants")
        database = sqlite3.connect(self.folder / "s/runs.sqlite")
        with database:
            database.execute("UPDATE compression_task SET schema = 5")
            database.execute("UPDATE variant SET test_loss = 99 WHERE pruning <> '' "
                             "AND quantization <> ''")
        database.close()
        self.assertNotEqual(self.rows("s", "variants"), right)
        self.assertIn("calibrated with another protocol's images", self.ok("status", "s"))
        again = self.minima(*run)
        self.assertEqual(again.returncode, 0, again.stderr)
        told = [line for line in again.stderr.splitlines() if "repeated" in line]
        self.assertEqual(len(told), 1, again.stderr)
        self.assertIn("8 compression tasks repeated", told[0])
        self.assertEqual(self.rows("s", "variants"), right)
        self.assertNotIn("compression repeated", self.minima(*run).stderr)


if __name__ == "__main__":
    unittest.main()
