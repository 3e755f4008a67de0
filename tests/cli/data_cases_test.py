"""The inputs of tests/cases, which are like those of public bug reports, and what minima says."""

import shutil
import sqlite3
import subprocess
import unittest
from pathlib import Path

from program import PROGRAM, ProgramTest, environment

CASES = Path(__file__).resolve().parents[1] / "cases"
GREY = "all images are grey but stored as colour: channels=1 would make the first layer a third"


class DataCasesTest(ProgramTest):
    def take(self, *names):
        for name in names:
            if (CASES / name).is_dir():
                shutil.copytree(CASES / name, self.folder / name)
            else:
                shutil.copy(CASES / name, self.folder / name)

    def info(self, name, *settings):
        self.take(name)
        return self.json("data", "info", name, *settings, "--json")

    def refused(self, *arguments):
        result = self.minima(*arguments)
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        return result.stderr.rstrip("\n").removeprefix("minima: ")

    def images(self, info):
        """Images of each class: training, test and validation."""
        return tuple(info[split]["class_counts"] for split in ("train", "test", "validation")
                     if split in info)

    # ---- folders of images

    def test_rotated_photographs_are_turned_upright(self):
        info = self.info("exif-orientation")
        self.assertEqual(self.images(info), ([12, 12], [6, 6]))
        self.assertEqual(info["notes"], ["18 images turned upright as the orientation in the file says"])

    def test_without_their_orientation_the_classes_of_rotated_photographs_look_alike(self):
        """Otherwise the study below would prove nothing."""
        self.take("exif-orientation", "exif.toml")
        for photograph in (self.folder / "exif-orientation").rglob("*.jpg"):
            data = photograph.read_bytes()
            photograph.write_bytes(data.replace(b"Exif\0\0", b"Xxif\0\0"))
        self.assertLess(max(self.accuracies()), 0.95)

    def test_a_study_of_rotated_photographs_reaches_full_accuracy(self):
        self.take("exif-orientation", "exif.toml")
        self.assertGreater(min(self.accuracies()), 0.95)

    def accuracies(self):
        self.ok("run", "exif.toml", "--store", "s", "--quiet")
        connection = sqlite3.connect(self.folder / "s/runs.sqlite")
        rows = connection.execute("SELECT test_accuracy FROM runs").fetchall()
        connection.close()
        self.assertEqual(len(rows), 8)
        return [row[0] for row in rows]

    def test_the_start_of_a_run_says_what_was_changed(self):
        self.take("exif-orientation", "exif.toml")
        result = self.minima("run", "exif.toml", "--store", "s", "--quiet")
        said = " ".join((result.stdout + result.stderr).split())
        self.assertIn("exif-orientation: 18 images turned upright as the orientation in the file says", said)

    def test_val_is_the_test_set_if_there_is_no_test(self):
        info = self.info("train-val")
        self.assertEqual(self.images(info), ([5, 5], [5, 5]))
        self.assertEqual(info["notes"], ["the images of val are the test set, because there is no folder test"])

    def test_val_is_the_validation_split_beside_test(self):
        info = self.info("train-val-test")
        self.assertEqual(self.images(info), ([5, 5], [5, 5], [5, 5]))
        self.assertEqual(info["notes"], [])

    def test_training_and_testing_are_splits(self):
        info = self.info("training-testing")
        self.assertEqual(self.images(info), ([4, 4], [2, 2]))
        self.assertEqual((info["classes"], info["notes"]), (["bar", "ring"], []))

    def test_webp_beside_png_is_read(self):
        info = self.info("png-and-webp")
        self.assertEqual(self.images(info), ([6, 6], [4, 4]))
        self.assertEqual(info["notes"], [GREY])

    def test_webp_alone_is_read(self):
        info = self.info("only-webp", "channels=1")
        self.assertEqual(self.images(info), ([2, 2], [2, 2]))
        self.assertEqual((info["shape"]["channels"], info["notes"]), (1, []))

    # ---- arrays and tables

    def test_the_archive_of_keras_is_read(self):
        info = self.info("mnist.npz")
        self.assertEqual(self.images(info), ([5] * 4, [5] * 4))
        self.assertEqual(info["notes"], ["all 20 test images (100 %) are also training images, so accuracy on "
                                         "them measures memory"])

    def test_the_archive_of_medmnist_has_a_validation_split(self):
        info = self.info("pneumoniamnist.npz")
        self.assertEqual(self.images(info), ([5] * 4, [5] * 4, [5] * 4))
        self.assertEqual(len(info["notes"]), 3, info["notes"])

    def test_the_table_of_kaggle_has_no_test_images(self):
        self.take("train.csv")
        self.assertEqual(self.refused("data", "info", "train.csv"),
                         "train.csv: has no test images; add test_share=0.2 to hold out a fifth of the "
                         "training images for testing")

    def test_the_table_of_kaggle_is_read_with_a_share_for_testing(self):
        info = self.info("train.csv", "test_share=0.5")
        self.assertEqual(self.images(info), ([1] * 4, [1] * 4))
        self.assertEqual(info["shape"], {"channels": 1, "height": 12, "width": 12})

    def test_a_share_that_holds_out_nothing_is_refused(self):
        self.take("train.csv")
        self.assertIn("of 8 training images, test_share=0.2 leaves none to test by",
                      self.refused("data", "info", "train.csv", "test_share=0.2"))

    # ---- published sets

    def test_cifar_100_has_its_fine_classes(self):
        info = self.info("cifar-100-binary")
        self.assertEqual(info["classes"], ["name0", "name1", "name2", "name3"])
        self.assertEqual(self.images(info), ([1, 1, 1, 1], [1, 1, 0, 0]))
        notes = "\n".join(info["notes"])
        self.assertIn('"name4", "name5", "name6", "name7" and 92 more have no image in any split', notes)
        self.assertIn('classes "name2" and "name3" have no test images', notes)

    def test_cifar_100_with_a_single_coarse_class_is_refused(self):
        self.take("cifar-100-binary")
        self.assertIn("cifar-100-binary: all images are of one class; a classification task needs at least two",
                      self.refused("data", "info", "cifar-100-binary", "labels=coarse"))

    def test_emnist_is_upright_and_has_letters_for_classes(self):
        info = self.info("emnist-names")
        self.assertEqual(info["classes"], ["A", "B", "C", "D"])
        self.assertEqual(self.images(info), ([10] * 4, [5] * 4))
        self.assertEqual(info["notes"], ["EMNIST stores its images transposed; they were turned upright",
                                         "the published labels 1 to 4 of the letters became 0 to 3"])

    def test_emnist_is_found_by_its_name(self):
        self.take("emnist-names")
        named = self.json("data", "info", "emnist-names/emnist-letters", "--json")
        whole = self.json("data", "info", "emnist-names", "--json")
        self.assertEqual(named["checksum"], whole["checksum"])

    def test_idx_files_without_test_files_hold_out_a_share(self):
        self.take("idx-without-test")
        self.assertIn("idx-without-test: has no test images; add test_share=0.2",
                      self.refused("data", "info", "idx-without-test"))
        info = self.json("data", "info", "idx-without-test", "test_share=0.2", "--json")
        self.assertEqual(self.images(info), ([16, 16], [4, 4]))

    # ---- paths

    def test_a_tilde_is_the_home_folder(self):
        self.take("tilde.toml")
        shutil.copytree(CASES / "training-testing", self.folder / "home/photos")
        home = {**environment(), "HOME": str(self.folder / "home")}
        result = subprocess.run([PROGRAM, "plan", "tilde.toml"], cwd=self.folder, env=home, text=True,
                                capture_output=True)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_missing_folder_of_the_home_is_named_in_full(self):
        self.take("tilde.toml")
        error = self.refused("plan", "tilde.toml")
        self.assertIn("tilde.toml: line 4", error)
        self.assertIn("/nonexistent/photos: no such dataset, folder or archive", error)


if __name__ == "__main__":
    unittest.main()
