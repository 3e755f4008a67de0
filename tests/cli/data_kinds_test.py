"""Datasets as users have them: where their paths begin, tables, and what is said about other files."""

import gzip
import json
import unittest
from program import ProgramTest

STUDY = """
[study]
name = "kinds"
[data]
datasets = {datasets}
[train]
epochs = 1
batch = 4
[[design]]
architectures = ["dnn 2"]
"""


def table(count=20):
    """Images of 2 x 2 pixels in two classes."""
    lines = ["label,pixel0,pixel1,pixel2,pixel3"]
    lines += [f"{i % 2},{i},{i},{255 - i},{i}" for i in range(count)]
    return "\n".join(lines) + "\n"


class DataKindsTest(ProgramTest):
    def study(self, *datasets, folder="studies"):
        self.write(f"{folder}/kinds.toml", STUDY.format(datasets=json.dumps(datasets)))
        return f"{folder}/kinds.toml"

    def planned(self, *datasets):
        plan = self.json("plan", self.study(*datasets), "--json")
        return sorted({row["dataset"] for row in plan["architectures"]})

    def refused(self, *arguments):
        result = self.minima(*arguments)
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        return result.stderr

    def test_paths_begin_in_the_folder_of_the_study_file(self):
        self.write("studies/digits.csv", table())
        self.assertEqual(self.planned("digits.csv test_share=0.2"), ["digits.csv test_share=0.2"])
        self.write("digits2.csv", table())
        self.assertEqual(self.planned("digits2.csv test_share=0.2"), ["digits2.csv test_share=0.2"])

    def test_one_folder_spelled_in_several_ways_is_one_dataset(self):
        self.write("studies/a/train.csv", table())
        self.write("studies/a/test.csv", table(6))
        absolute = self.folder / "studies" / "a"
        self.assertEqual(self.planned("a", "a/", "./a", str(absolute), f"{absolute}/"), ["a"])

    def test_a_missing_folder_of_the_home_is_named_in_full(self):
        error = self.refused("plan", self.study("~/photos"))
        self.assertIn("/nonexistent/photos: no such dataset, folder or archive", error)
        self.assertIn("kinds.toml", error)

    def test_a_study_of_a_table_runs_and_exports_from_elsewhere(self):
        self.write("studies/a/train.csv", table())
        self.write("studies/a/test.csv", table(6))
        self.ok("run", self.study("a size=4x4"), "--store", "a.minima")
        self.ok("export", "a.minima", "best", "--format", "csv", "-o", "out.csv", "--data-dir",
                "studies")

    def test_a_table_without_test_images_says_how_to_hold_some_out(self):
        self.write("train.csv", table())
        self.assertIn("add test_share=0.2", self.refused("data", "info", "train.csv"))
        info = self.json("data", "info", "train.csv", "test_share=0.2", "--json")
        self.assertEqual((info["train"]["images"], info["test"]["images"]), (16, 4))

    def test_settings_apply_to_named_sets(self):
        info = self.json("data", "info", "glyphs", "train=50", "test=20", "size=16x16",
                         "channels=3", "--json")
        self.assertEqual(info["shape"], {"channels": 3, "height": 16, "width": 16})
        self.assertEqual(info["name"], "glyphs channels=3 size=16x16 test=20 train=50")

    def test_idx_files_without_test_files_hold_out_a_fraction(self):
        def idx(kind, sizes, content):
            header = bytes([0, 0, 8, kind]) + b"".join(n.to_bytes(4, "big") for n in sizes)
            return gzip.compress(header + content)
        self.write("d/train-images-idx3-ubyte.gz", idx(3, [20, 2, 2], bytes(range(80))))
        self.write("d/train-labels-idx1-ubyte.gz", idx(1, [20], bytes(i % 2 for i in range(20))))
        self.assertIn("d: has no test images; add test_share=0.2", self.refused("data", "info", "d"))
        info = self.json("data", "info", "d", "test_share=0.2", "--json")
        self.assertEqual(info["test"]["class_counts"], [2, 2])

    def test_what_is_not_read_points_to_the_programs_that_convert_it(self):
        self.write("a.parquet", "PAR1")
        error = self.refused("data", "info", "a.parquet")
        self.assertIn("a.parquet: is a Parquet file, which is not read; `minima data formats`", error)
        everything = self.ok("data", "formats")
        for word in ["image folder", "table of pixels", "import pandas", "scipy.io", "h5py"]:
            self.assertIn(word, everything)
        compile(self.ok("data", "formats", "parquet"), "formats", "exec")
        kinds = self.json("data", "formats", "--json")["not_read"]
        for kind in kinds:
            compile(kind["python"], kind["name"], "exec")
        self.assertIn("valid are", self.refused("data", "formats", "xyzzy"))
        self.assertIn('"csv" needs no converter: table of pixels', self.refused("data", "formats", "csv"))


if __name__ == "__main__":
    unittest.main()
