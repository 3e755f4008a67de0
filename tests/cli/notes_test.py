"""What was left out of the data or looks wrong in them is shown everywhere."""

import json
import random
import unittest

from drawn_images import png
from program import ProgramTest

STUDY = """
[study]
name = "leaky"
[data]
datasets = ["photos"]
[train]
epochs = 1
batch = 500
[[design]]
architectures = ["dnn 2", "dnn 4"]
"""

SHARED = "2 of 8 test images (25 %) are also training images, so accuracy on them measures memory"
BATCH = "train.batch = 500 is more than the 40 training images, so each step takes all of them"


def noise(draw, high=255):
    return png([[draw.randrange(high + 1) for _ in range(6)] for _ in range(6)])


class Notes(ProgramTest):
    def setUp(self):
        super().setUp()
        draw = random.Random(1)
        for kind in ("cat", "dog"):
            for number in range(20):
                self.write(f"photos/train/{kind}/{number}.png", noise(draw))
            for number in range(3):
                self.write(f"photos/test/{kind}/{number}.png", noise(draw))
            copy = (self.folder / f"photos/train/{kind}/7.png").read_bytes()
            self.write(f"photos/test/{kind}/copy.png", copy)
        self.write("leaky.toml", STUDY)

    def assert_shown(self, note, text):
        self.assertIn(note, " ".join(text.split()))

    def test_a_store_in_a_folder_of_other_files(self):
        result = self.minima("run", "leaky.toml", "--store", "photos", "--quiet")
        self.assertEqual(result.returncode, 0, result.stderr)
        said = "photos holds other files; the store's files are put beside them"
        self.assert_shown(said, result.stderr)
        again = self.minima("run", "leaky.toml", "--store", "photos", "--quiet")
        self.assertNotIn(said, again.stderr)

    def test_data_info(self):
        self.assert_shown("note " + SHARED, self.ok("data", "info", "photos"))
        self.assertEqual(self.json("data", "info", "photos", "--json")["notes"], [SHARED])

    def test_sound_data_have_none(self):
        draw = random.Random(2)
        for number in range(10):
            for kind in "ab":
                self.write(f"sound/{kind}/{number}.png", noise(draw))
        self.assertNotIn("note", self.ok("data", "info", "sound"))
        self.assertEqual(self.json("data", "info", "sound", "--json")["notes"], [])

    def test_plan(self):
        text = self.ok("plan", "leaky.toml")
        self.assert_shown("note photos: " + SHARED, text)
        self.assert_shown("note photos: " + BATCH, text)
        plan = self.json("plan", "leaky.toml", "--json")
        self.assertEqual(plan["datasets"][0]["notes"], [SHARED, BATCH])

    def test_run_report_and_store(self):
        result = self.minima("run", "leaky.toml", "--store", "s", "--quiet", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = result.stderr.splitlines()
        self.assertTrue(lines[0].startswith("note  "), lines)
        self.assert_shown("note photos: " + SHARED, result.stderr)
        self.assert_shown("note photos: " + BATCH, result.stderr)
        headline = json.loads(result.stdout)["headline"]
        self.assertEqual(headline["datasets"][0]["notes"], [SHARED, BATCH])
        page = (self.folder / "s/report.html").read_text()
        self.assertIn("About these data", page)
        self.assertIn(SHARED, page)
        self.assertIn(BATCH, page)
        status = self.json("status", "s", "--json")
        self.assertEqual(status["datasets"][0]["notes"], [SHARED, BATCH])
        rows = json.loads(self.ok("export", "s", "--table", "datasets", "--format", "json"))
        self.assertEqual(json.loads(rows[0]["notes"]), [SHARED, BATCH])
        self.assertIn("no problems found", self.ok("doctor", "s"))

    def test_a_large_batch_trains_with_all_images(self):
        self.ok("run", "leaky.toml", "--store", "s", "--quiet")
        self.assertTrue(all(row[2] > 0 for row in self.rows("s", "epochs")))
        before = self.rows("s", "timings")
        self.ok("run", "leaky.toml", "--store", "s", "--quiet")  # the same ids: nothing is left
        self.assertEqual(self.rows("s", "timings"), before)
        self.assertEqual(len(before), 2)

    def test_class_weights_are_a_setting_of_the_study(self):
        self.ok("run", "leaky.toml", "--store", "s", "--quiet", "--set",
                "train.class_weights=balanced")
        self.assertIn("class_weights=balanced", self.rows("s", "studies")[0][1])
        result = self.minima("plan", "leaky.toml", "--set", "train.class_weights=balance")
        self.assertEqual(result.returncode, 2)
        self.assertIn("balanced", result.stderr)


if __name__ == "__main__":
    unittest.main()
