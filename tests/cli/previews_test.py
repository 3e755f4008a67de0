"""The images that a run gets wrong: as a contact sheet, in a table of predictions, in the report."""

import csv
import io
import re
import struct
import unittest

from drawn_images import KINDS, DrawnImagesTest

STUDY = """
[study]
name = "photos"
replicates = 2
weights = "all"

[data]
datasets = ["photos"]

[train]
epochs = 1
batch = 20

[[design]]
architectures = ["dnn 1"]
"""


class Previews(DrawnImagesTest):
    def setUp(self):
        super().setUp()
        self.draw_images()
        self.write("photos.toml", STUDY)
        self.ok("run", "photos.toml", "--store", "s", "--quiet")

    def predictions(self):
        text = self.ok("export", "s", "best", "--format", "csv")
        return list(csv.DictReader(io.StringIO(text)))

    def test_predictions_name_classes_and_files(self):
        rows = self.predictions()
        self.assertEqual(len(rows), 120)
        for row in rows:
            self.assertEqual(row["class"], KINDS[int(row["label"])])
            self.assertEqual(row["predicted_class"], KINDS[int(row["predicted"])])
            self.assertRegex(row["file"], rf"^test/{row['class']}/\d\d\d\.png$")
        self.assertEqual(len({row["file"] for row in rows}), 120)

    def test_the_sheet_shows_what_the_predictions_say(self):
        wrong = {row["file"]: row for row in self.predictions() if row["label"] != row["predicted"]}
        self.assertGreater(len(wrong), 3)  # one unit cannot tell three shapes apart
        listed = self.ok("data", "preview", "--errors", "s", "best", "-o", "errors.png")
        self.assertIn(f"{len(wrong)} of 120 test images wrong", listed)
        shown = [line.split() for line in listed.splitlines() if line.endswith(".png")]
        self.assertEqual({row[3] for row in shown}, set(wrong))
        for _, label, predicted, file in shown:
            self.assertEqual((label, predicted),
                             (wrong[file]["class"], wrong[file]["predicted_class"]))
        content = (self.folder / "errors.png").read_bytes()
        width, height = struct.unpack(">II", content[16:24])
        rows = -(-len(wrong) // 8)
        self.assertEqual((width, height), (8 * 102 + 6, rows * (96 + 34 + 6) + 6))

    def test_the_sheet_goes_to_standard_output(self):
        result = self.minima("data", "preview", "--errors", "s", "best", "-o", "-", text=False)
        self.assertTrue(result.stdout.startswith(b"\x89PNG"))
        self.assertIn(b"test images wrong", result.stderr)

    def test_the_page_shows_the_worst_images(self):
        page = (self.folder / "s/report.html").read_text()
        self.assertIn('<ul class="gallery">', page)
        count = len(re.findall(r'<img src="data:image/png;base64,', page))
        self.assertTrue(0 < count <= 24, count)
        # A store from somewhere else does not make minima read a path.
        self.ok("report", "s")
        page = (self.folder / "s/report.html").read_text()
        self.assertNotIn('<ul class="gallery">', page)
        self.assertIn("repeat minima report with --data-dir DIR", page)
        self.ok("report", "s", "--data-dir", ".")
        self.assertIn('<ul class="gallery">', (self.folder / "s/report.html").read_text())

    def refused(self, *command):
        result = self.minima("data", "preview", *command)
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        return result.stderr

    def test_what_cannot_be_shown_is_refused(self):
        self.assertIn("give a dataset, or --errors STORE RUN", self.refused("-o", "x.png"))
        self.assertIn("give a dataset, or --errors STORE RUN",
                      self.refused("glyphs", "--errors", "s", "best", "-o", "x.png"))
        self.assertIn("not a finished run", self.refused("--errors", "s", "zzz", "-o", "x.png"))
        self.assertIn("only --errors needs one",
                      self.refused("glyphs", "--dataset", "x", "-o", "x.png"))
        self.ok("run", "photos.toml", "--store", "none", "--quiet", "--set", 'study.predictions="none"')
        self.assertIn("its predictions were not recorded",
                      self.refused("--errors", "none", "best", "-o", "x.png"))
        for file in (self.folder / "photos/test/bar").iterdir():
            file.unlink()
        self.assertIn("bar", self.refused("--errors", "s", "best", "-o", "x.png"))
        self.assertFalse((self.folder / "x.png").exists())


if __name__ == "__main__":
    unittest.main()
