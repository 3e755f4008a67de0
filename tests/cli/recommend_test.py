"""The output of minima recommend, its exit codes, and the study it writes."""

import json
import random
import re
import shlex
import shutil
import subprocess
import unittest
from pathlib import Path

import drawn_images
import program

# 95 % of the images are bars. A barely trained network of one unit answers "bar" to all of them.
ONE_CLASS = """
[study]
name = "ward"
replicates = 6
weights = "all"

[data]
datasets = ["ward validation_share=0.2"]

[train]
epochs = 1
batch = 100
learning_rate = 0.0001

[[design]]
architectures = ["dnn 1", "dnn 2"]
"""


class OneClass(program.ProgramTest):
    def setUp(self):
        super().setUp()
        draw = random.Random(2)
        for split, bars in (("train", 380), ("test", 190)):
            for kind, count in (("bar", bars), ("ring", bars // 19)):
                for number in range(count):
                    self.write(f"ward/{split}/{kind}/{number:03}.png",
                               drawn_images.png(drawn_images.shape(kind, draw)))
        self.write("ward.toml", ONE_CLASS)
        self.ok("run", "ward.toml", "--quiet")

    def test_is_never_recommended(self):
        accuracies = [run[5:] for run in self.rows("ward.minima", "runs")]
        self.assertTrue(accuracies)
        result = self.minima("recommend", "ward.minima", "--accuracy", "0.9", "--json")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertRegex(result.stderr, "ward.*no network of this store reaches 0.9 in at least 50 % of its")
        (dataset,) = json.loads(result.stdout)["datasets"]
        self.assertAlmostEqual(dataset["majority_share"], 0.95)
        self.assertTrue(dataset["asks_for_nothing"])
        self.assertEqual(dataset["met"], [])
        self.assertEqual(dataset["nearest"]["met"], 0)
        self.assertGreater(dataset["nearest"]["guessed"], 0)
        text = self.minima("recommend", "ward.minima", "--accuracy", "0.9").stdout
        self.assertRegex(text, r'^note +always predicting "bar" reaches 0.950, so ask for more')


class Recommend(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.toml", program.TINY.replace("epochs = 2", "epochs = 2\nlearning_rate = 0.008"))
        self.store = "it's a $store.minima"
        self.ok("run", "tiny.toml", "--quiet", "--store", self.store)

    def recommend(self, *arguments):
        return self.minima("recommend", self.store, *arguments)

    def test_exits_with_1_and_a_sentence_where_nothing_meets_the_demand(self):
        result = self.recommend("--accuracy", "0.999")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn("reaches 0.999 in at least 50 % of its replicates", result.stderr)
        self.assertIn("none of 4 choices meets the demand", result.stdout)

    def test_writes_a_study_of_new_runs(self):
        self.recommend("--accuracy", "0.999", "--next", "next.toml")
        text = (self.folder / "next.toml").read_text()
        self.assertIn("learning_rate = 0.008\n", text)
        plan = self.json("plan", "next.toml", "--json")
        self.assertGreater(plan["runs"], 0)
        seed = int(re.search(r"^seed = (\d+)$", text, re.MULTILINE).group(1))
        self.assertNotEqual(seed, 1)
        self.ok("run", "next.toml", "--quiet", "--set", "study.replicates=1", "--set",
                "train.epochs=1")
        known = {row[0] for row in self.rows(self.store, "runs")}
        new = {row[0] for row in self.rows("tiny-next.minima", "runs")}
        self.assertFalse(known & new, "no run counts twice")

    def test_says_which_datasets_the_new_study_leaves_out(self):
        data = '"glyphs train=200 test=100"'
        self.write("two.toml", program.TINY.replace(data, data + ', "textures train=200 test=100"'))
        self.ok("run", "two.toml", "--quiet", "--store", "two.minima")
        demand = ["recommend", "two.minima", "--accuracy", "0.999", "--next", "next.toml"]
        printed = self.minima(*demand).stdout
        other = "textures test=100 train=200"  # as the store names it
        self.assertIn("leaves out the dataset", (self.folder / "next.toml").read_text())
        self.assertIn("--dataset", printed)
        repeated = self.minima(*demand, "--dataset", other)
        self.assertNotIn("left out", repeated.stdout)
        text = (self.folder / "next.toml").read_text()
        self.assertNotIn("leaves out", text)
        self.assertIn(other, text)
        document = json.loads(self.minima(*demand, "--json").stdout)
        self.assertEqual(document["next_study_leaves_out"], [other])

    def test_writes_over_its_own_study_only(self):
        self.recommend("--accuracy", "0.999", "--next", "next.toml")
        result = self.recommend("--accuracy", "0.998", "--next", "next.toml")
        self.assertEqual(result.returncode, 1, "its own")
        self.write("mine.toml", "[study]\n")
        result = self.recommend("--accuracy", "0.999", "--next", "mine.toml")
        self.assertEqual(result.returncode, 2)
        self.assertRegex(result.stderr, "mine.toml.*not written by minima.*another path")
        self.assertEqual((self.folder / "mine.toml").read_text(), "[study]\n")

    def test_writes_no_study_that_the_limits_forbid(self):
        result = self.recommend("--accuracy", "0.999", "--reliability", "0.9999999", "--next",
                                "next.toml")
        self.assertEqual(result.returncode, 1)
        self.assertIn("no study of at most 1,000,000 runs", result.stderr)
        self.assertFalse((self.folder / "next.toml").exists())

    def test_prints_commands_that_a_shell_takes(self):
        text = self.recommend("--accuracy", "0.01").stdout + self.recommend(
            "--accuracy", "0.999").stdout
        commands = re.findall(r"minima (?:recommend|export) .*", text)
        self.assertTrue(commands)
        for command in commands:
            self.assertEqual(shlex.split(command)[2], self.store, command)


class Embedded(program.ProgramTest):
    """The study that comes with minima: its smallest network with 95 % accuracy, as a C program."""

    def test_its_smallest_network_becomes_a_c_program(self):
        if shutil.which("gcc") is None:
            self.skipTest("gcc is not installed")
        self.ok("run", "embedded", "--quiet", "--refresh", "0", "--set", "study.replicates=3",
                "--set", 'data.datasets=["glyphs train=4000 test=1000 validation_share=0.1"]',
                timeout=900)
        document = self.json("recommend", "embedded.minima", "--accuracy", "0.95", "--json")
        (dataset,) = document["datasets"]
        self.assertEqual(dataset["chosen_on"], "validation")
        met = dataset["met"]
        self.assertEqual([each["bytes"] for each in met], sorted(each["bytes"] for each in met))
        smallest = dataset["smallest_in_c"]
        self.assertGreater(smallest["ram_bytes"], 0)
        environment = program.environment()
        environment["PATH"] = f"{Path(program.PROGRAM).parent}:{environment['PATH']}"
        command = smallest["export"] + ' && gcc -std=c99 -Os net.c net_main.c -o net && ./net'
        result = subprocess.run(["bash", "-euc", command], cwd=self.folder, env=environment,
                                capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        source = (self.folder / "net.c").read_text()
        ram = re.search(r"RAM: (\d+) bytes of activations, (\d+) of logits", source)
        self.assertEqual(smallest["ram_bytes"], int(ram.group(1)) + int(ram.group(2)))


if __name__ == "__main__":
    unittest.main()
