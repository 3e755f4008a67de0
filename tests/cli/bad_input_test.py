"""Bad input of every kind: exit code 2, one line with the location and a hint, no files left
behind."""

import os
import sqlite3
import unittest

import broken_data as broken
from program import TINY, ProgramTest


def study(old="", new="", text=TINY):
    assert old in text, old
    return {"study.toml": text.replace(old, new) if old else text}


def below(folder, files):
    return {f"{folder}/{name}": content for name, content in files.items()}


def data_study(folder):
    return study('"glyphs train=200 test=100"', f'"{folder}"')


def data_case(files):
    """A study on the folder `data`, which holds these files."""
    return {**below("data", files), **data_study("data")}


RUN = ["run", "study.toml"]

# name: (files, command, texts that the line must contain)
CASES = {
    # ---- study files
    "study file missing": ({}, ["run", "nowhere.toml"], ["nowhere.toml", "check the path"]),
    "study file is a folder": ({"study.toml/x": ""}, RUN, ["study.toml", "folder"]),
    "study file empty": ({"study.toml": ""}, RUN, ["study.toml"]),
    "study file binary": ({"study.toml": b"\x00\xff\xfe\x01"}, RUN, ["study.toml", "line 1"]),
    "TOML syntax": (study("epochs = 2", "epochs = = 2"), RUN, ["study.toml", "line 10"]),
    "key twice": (study("epochs = 2", "epochs = 2\nepochs = 3"), RUN, ["study.toml", "line 11"]),
    "misspelt key": (study("epochs", "epoch"), RUN,
                     ["study.toml", "line 10, column 1", "epoch", '"epochs"']),
    "misspelt section": (study("[train]", "[trian]"), RUN, ["study.toml", "line 9", "trian", "train"]),
    "wrong type": (study("epochs = 2", 'epochs = "many"'), RUN,
                   ["study.toml", "line 10, column 10", "epochs", "integer"]),
    "fraction where a whole number belongs": (study("epochs = 2", "epochs = 2.5"), RUN,
                                              ["line 10", "epochs", "integer"]),
    "epochs out of range": (study("epochs = 2", "epochs = 0"), RUN, ["line 10", "epochs", "1"]),
    "negative learning rate": (study("epochs = 2", "epochs = 2\nlearning_rate = -0.1"), RUN,
                               ["line 11", "learning_rate"]),
    "unknown optimizer": (study("epochs = 2", 'epochs = 2\noptimizer = "adem"'), RUN,
                          ["line 11", "adem", '"adam"']),
    "impossible width": (study("width = [4, 8]", "width = [4, 0]"), RUN, ["line 16", "width"]),
    "width without bounds": (study("width = [4, 8]", "width = [1000000000000]"), RUN,
                             ["line 16", "width"]),
    "too large for this machine": (study("width = [4, 8]", "width = [900000]"), RUN, ["study.toml"]),
    "negative depth": (study("depth = [1, 2]", "depth = [-1]"), RUN, ["line 15", "depth"]),
    "unknown family": (study('family = "dnn"', 'family = "dmn"'), RUN, ["line 14", "dmn", "dnn"]),
    "no design": (study(TINY[TINY.index("[[design]]"):], ""), RUN, ["study.toml", "[[design]]"]),
    "no dataset": (study('["glyphs train=200 test=100"]', "[]"), RUN, ["line 7", "datasets"]),
    "study without a name": (study('name = "tiny"', ""), RUN, ["study.toml", "name"]),
    "bad architecture": (study(TINY[TINY.index("family"):], 'architectures = ["dnn 5-x"]'), RUN,
                         ["line 14", "dnn 5-x"]),
    # ---- datasets by name
    "misspelt dataset": (study("glyphs train", "glyhps train"), RUN,
                         ["study.toml", "line 7, column 13", "glyhps", "glyphs"]),
    "dataset without images to choose by": (
        study("test=100", "test=100 validation_share=0.001"), RUN,
        ["study.toml", "line 7, column 13", "validation_share"]),
    "broken data of a study": (data_case(broken.idx_folder(train_labels=broken.idx_labels(19))), RUN,
                               ["study.toml", "line 7, column 13", "train-labels-idx1-ubyte"]),
    "order of difficulty with an unknown name": (
        study(text=TINY + '[analysis]\ndifficulty_order = "glyphs train=200, mnist"\n'), RUN,
        ["study.toml", "line 18, column 20", "glyphs train=200", "glyphs test=100 train=200"]),
    "order of difficulty with a name twice": (
        study(text=TINY + '[analysis]\ndifficulty_order = "mnist, glyphs, mnist"\n'), RUN,
        ["study.toml", "line 18, column 20", "mnist", "more than once"]),
    "misspelt dataset setting": (study("glyphs train=200", "glyphs trian=200"), RUN,
                                 ["study.toml", "line 7", "trian", "train"]),
    "dataset setting out of range": (study("glyphs train", "glyphs difficulty=2 train"), RUN,
                                     ["line 7", "difficulty", "1"]),
    "known dataset not here": (study("glyphs train=200 test=100", "mnist"), RUN,
                               ["mnist", "minima data fetch mnist"]),
    "data folder missing": (study(), [*RUN, "--data-dir", "nowhere"], ["--data-dir", "nowhere"]),
    "unknown dataset to fetch": ({}, ["data", "fetch", "minst"], ["minst", "mnist"]),
    "mirror that is no URL": ({}, ["data", "fetch", "mnist", "--data-dir", "d", "--mirror", "ftp:x"],
                              ["ftp:x", "http"]),
    # ---- IDX files
    "truncated gz": (data_case(broken.idx_folder(
        train_images=("train-images-idx3-ubyte.gz", broken.truncated_gzip(broken.idx_images(20))))),
        RUN, ["train-images-idx3-ubyte.gz", "fetch the file again"]),
    "gz that is none": (data_case(broken.idx_folder(
        train_labels=("train-labels-idx1-ubyte.gz", b"plain text"))), RUN,
        ["train-labels-idx1-ubyte.gz"]),
    "wrong magic": (data_case(broken.idx_folder(train_images=broken.idx_images(20, magic=0x1234))),
                    RUN, ["train-images-idx3-ubyte", "byte 0"]),
    "counts that disagree": (data_case(broken.idx_folder(train_labels=broken.idx_labels(19))), RUN,
                             ["train-labels-idx1-ubyte", "19", "20"]),
    "images cut off": (data_case(broken.idx_folder(train_images=broken.idx_images(20)[:-5])), RUN,
                       ["train-images-idx3-ubyte"]),
    "bytes too many": (data_case(broken.idx_folder(test_labels=broken.idx_labels(10) + b"more")),
                       RUN, ["t10k-labels-idx1-ubyte"]),
    "label out of range": ({**below("d/mnist", broken.idx_folder(
        train_labels=broken.idx_labels(20, labels=[1] * 19 + [12]))),
        **study("glyphs train=200 test=100", "mnist")}, [*RUN, "--data-dir", "d"],
        ["train-labels-idx1-ubyte", "12"]),
    "IDX file missing": (data_case(broken.idx_folder(test_labels=None)), RUN,
                         ["t10k-labels-idx1-ubyte"]),
    # ---- CIFAR and image folders
    "CIFAR batch cut off": (data_case(broken.cifar_folder(data_batch_2=bytes(3073 * 9 + 7))), RUN,
                            ["data_batch_2.bin"]),
    "CIFAR label out of range": (data_case(broken.cifar_folder(
        data_batch_3=bytes([10]) + bytes(3072))), RUN, ["data_batch_3.bin", "10"]),
    "empty class folder": (data_case(broken.image_folder(
        **{f"train/dog/{i}.png": None for i in range(4)}, **{"train/dog/notes.txt": "none"})), RUN,
        ["data/train/dog"]),
    "corrupt PNG": (data_case(broken.image_folder(**{"train/cat/1.png": broken.png()[:40]})), RUN,
                    ["data/train/cat/1.png"]),
    "PNG that is none": (data_case(broken.image_folder(**{"train/cat/1.png": b"hello"})), RUN,
                         ["data/train/cat/1.png"]),
    "images of different sizes": (data_case(broken.image_folder(
        **{"train/cat/1.png": broken.png(width=9)})), RUN, ["data/train/cat/1.png", "size="]),
    "folder without images": (data_case({"notes.txt": "nothing"}), RUN, ["data"]),
    # ---- command line
    "unknown command": ({}, ["rnu", "study.toml"], ["rnu", '"run"']),
    "unknown option": (study(), [*RUN, "--job", "2"], ["--job", '"--jobs"']),
    "unknown data command": ({}, ["data", "inof", "mnist"], ["inof", '"info"']),
    "no command": ({}, [], ["minima: a command is missing", "--help"]),
    "study missing on the line": ({}, ["run"], ["STUDY", "minima run --help"]),
    "one argument too many": (study(), [*RUN, "again"], ["again", "minima run --help"]),
    "option without its value": (study(), [*RUN, "--jobs"], ["--jobs needs a value", "minima run --help"]),
    "option twice": (study(), [*RUN, "--jobs", "2", "--jobs", "3"],
                     ["--jobs is given more than once", "minima run --help"]),
    "set without a value": (study(), [*RUN, "--set", "train.epochs"], ["--set", "train.epochs"]),
    "set of an unknown key": (study(), [*RUN, "--set", "train.epoch=3"], ["--set", "epoch", "epochs"]),
    "set out of range": (study(), [*RUN, "--set", "train.epochs=-1"], ["--set", "epochs"]),
    "shard out of range": (study(), [*RUN, "--shard", "3/2"], ["--shard", "3/2"]),
    "shard that is none": (study(), [*RUN, "--shard", "half"], ["--shard", "half", "I/N"]),
    "jobs zero": (study(), [*RUN, "--jobs", "0"], ["--jobs", "from 1 to"]),
    "jobs no number": (study(), [*RUN, "--jobs", "two"], ["--jobs", "two", "from 1 to"]),
    "pruning of a layer that is not there": (
        study(text=TINY + '[[pruning.protocol]]\nkeep = "fc77"\n'), RUN,
        ["study.toml", "pruning.protocol.keep", "fc77"]),
    "a protocol of pruning that contradicts itself": (
        study(text=TINY + "[[pruning.protocol]]\nepochs = 1\nrewind = 0\n"), RUN,
        ["study.toml", "line", "remove epochs"]),
    "quantization without weights": (
        study('name = "tiny"', 'name = "tiny"\nweights = "none"', TINY + "[quantization]\n"), RUN,
        ["study.toml", "line", 'weights = "all"']),
    "a format that is none": (
        study(text=TINY + '[[quantization.protocol]]\nformats = "int7"\n'), RUN,
        ["study.toml", "line", "formats", "int8"]),
    "analyze of no store": ({}, ["analyze", "nowhere"], ["nowhere", "is not a store"]),
    "analyze of an empty folder": ({"folder/notes.txt": "none"}, ["analyze", "folder"],
                                   ["folder", "runs.sqlite"]),
    "analyze of an empty database": ({"folder/runs.sqlite": ""}, ["analyze", "folder"],
                                    ["folder", "runs.sqlite is empty"]),
    "analysis that is none": ({}, ["analyze", "nowhere", "--only", "convergense"],
                              ["--only: unknown analysis \"convergense\"", "did you mean \"convergence\""]),
    "memory no size": (study(), [*RUN, "--memory", "8 apples"], ["--memory", "8 apples", "60%"]),
    "run larger than memory": (study(), [*RUN, "--memory", "1MB"],
                               ["study.toml", "the limit is 1.0 MB", "--memory"]),
    "plan larger than the machine": (
        study(TINY[TINY.index("family"):], 'architectures = ["dnn 100000-100000-100000"]'),
        ["plan", "study.toml", "--memory", "4GB"], ["dnn 100000-100000-100000", "4.0 GB"]),
    "bench larger than memory": ({}, ["bench", "train", "--architecture", "vit d10000 h10000 l9 p1"],
                                 ["--architecture", "vit d10000", "memory"]),
    "bench of no architecture": ({}, ["bench", "train", "--architecture", "dnn x"],
                                 ["--architecture", "dnn x"]),
    "bench for no time": ({}, ["bench", "train", "--architecture", "dnn 4", "--seconds", "-1"],
                          ["--seconds", "-1"]),
    "bench with too many runs": ({}, ["bench", "train", "--architecture", "dnn 4", "--runs", "0"],
                                 ["--runs", "from 1 to"]),
    # ---- stores
    "store missing": ({}, ["status", "nowhere"], ["nowhere"]),
    "store is a file": ({**study(), "s": "text"}, [*RUN, "--store", "s"], ["s: "]),
    "store that is none": ({**study(), "s/runs.sqlite": "dear diary"}, [*RUN, "--store", "s"],
                           ["s/runs.sqlite"]),
    "folder that is no store": ({"s/letter.txt": "dear"}, ["report", "s"], ["s: "]),
    "store below a file": ({**study(), "s": "text"}, [*RUN, "--store", "s/t"], ["s/t"]),
    "store in an unwritable place": (study(), [*RUN, "--store", "/proc/store"], ["/proc/store"]),
    "status of a file": ({"s": "text"}, ["status", "s"], ["s: "]),
    "damaged store": ({"s/runs.sqlite": b"SQLite format 3\0" + b"rubbish" * 1000}, ["status", "s"],
                      ["s"]),
    "merge of nothing": ({}, ["merge", "out", "nowhere"], ["nowhere"]),
    "merge without stores": ({}, ["merge", "out"], ["STORES", "minima merge --help"]),
}


class RefusalTest(ProgramTest):
    def refused(self, command, expected):
        before = self.everything()
        result = self.minima(*command)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertTrue(result.stderr.startswith("minima: "), result.stderr)
        for part in expected:
            self.assertIn(part, result.stderr)
        self.assertEqual(self.everything(), before, "something was left behind")

    def everything(self):
        return sorted(os.path.join(folder, name)
                      for folder, folders, files in os.walk(self.folder) for name in folders + files)


class BadInput(RefusalTest):
    """One test per case in the table."""


def add_case(name, files, command, expected):
    def test(self):
        for path, content in files.items():
            self.write(path, content)
        self.refused(command, expected)

    setattr(BadInput, "test_" + name.replace(" ", "_"), test)


for case, content in CASES.items():
    add_case(case, *content)


class BadInputToAStore(RefusalTest):
    """Bad input that needs an existing store; uses a tiny one."""

    def setUp(self):
        super().setUp()
        self.write("study.toml", TINY)
        self.ok("run", "study.toml", "--store", "s", "--quiet")

    def test_store_of_a_newer_version(self):
        with sqlite3.connect(self.folder / "s" / "runs.sqlite") as connection:
            connection.execute("PRAGMA user_version = 9999")
        connection.close()
        self.refused(["status", "s"], ["s", "newer"])
        self.refused([*RUN, "--store", "s"], ["s", "newer"])

    def test_other_training_settings(self):
        self.refused([*RUN, "--store", "s", "--set", "train.epochs=3"], ["s", "epochs=2", "epochs=3"])

    def test_unknown_table_format_and_place_of_an_export(self):
        self.refused(["export", "s", "--table", "run"], ["--table", "run", '"runs"'])
        self.refused(["export", "s", "--table", "runs", "--format", "cvs"], ["--format", '"csv"'])
        self.refused(["export", "s", "--table", "runs", "-o", "no/where.csv"], ["no/where.csv"])
        self.refused(["export", "s", "--table", "runs", "-o", "s"], ["s: ", "folder"])

    def test_preview_into_a_missing_folder(self):
        self.refused(["data", "preview", "glyphs", "train=20", "test=10", "-o", "no/p.png"],
                     ["no/p.png"])

    def test_merge_of_different_studies(self):
        self.ok("run", "study.toml", "--store", "t", "--set", "train.batch=20", "--quiet")
        self.refused(["merge", "out", "s", "t"], ["t"])


if __name__ == "__main__":
    unittest.main(verbosity=0)
