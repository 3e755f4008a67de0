"""Studies that are interrupted, killed, sharded and resumed give the same store."""

import os
import re
import signal
import sqlite3
import subprocess
import time
import unittest

from program import PROGRAM, TINY, ProgramTest

# Long enough to be killed in the middle, short enough for a test.
STUDY = """
[study]
name = "study"
replicates = 6

[data]
datasets = ["glyphs train=1500 test=300", "textures train=300 test=100"]

[train]
epochs = 12
batch = 50

[[design]]
architectures = ["dnn linear", "dnn 4", "dnn 8-8", "dnn 32-16"]
"""

# Trains quickly, compresses longer.
COMPRESSED = """
[study]
name = "compressed"
replicates = 4

[data]
datasets = ["glyphs train=600 test=300 validation_share=0.1"]

[train]
epochs = 2
batch = 50

[[design]]
architectures = ["dnn 32-16", "cnn 4"]

[[pruning.protocol]]
schedule = "geometric"
sparsity = 0.9
rounds = 3
epochs = 2

[[quantization.protocol]]
activations = "same"
formats = ["int8", "int4"]

[[quantization.protocol]]
method = "qat"
formats = "int2"
epochs = 4
"""

ENDLESS = TINY.replace("epochs = 2", "epochs = 100000").replace("train=200", "train=6000")


class Resume(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("study.toml", STUDY)
        self.write("endless.toml", ENDLESS)

    def recorded(self, store):
        result = self.minima("status", store, "--json")
        if result.returncode != 0:
            return 0
        return int(re.search(r'"finished": (\d+)', result.stdout).group(1))

    def wait_for(self, what, seconds=60):
        end = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), end, "waited too long")
            time.sleep(0.01)

    def assert_same(self, first, second):
        for view in ("runs", "epochs"):
            rows = self.rows(first, view)
            self.assertEqual(rows, self.rows(second, view), view)
            self.assertTrue(rows)

    def whole(self):
        self.ok("run", "study.toml", "--store", "whole", "--jobs", "2", "--quiet")
        return "whole"

    def test_killed_in_the_middle_and_resumed_with_other_jobs(self):
        process = self.start("run", "study.toml", "--store", "killed", "--jobs", "3", "--quiet")
        self.wait_for(lambda: self.recorded("killed") >= 3 or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
        self.assertEqual(process.wait(), -signal.SIGKILL)
        before = self.recorded("killed")
        self.assertTrue(3 <= before < 48, before)
        run = self.json("run", "study.toml", "--store", "killed", "--jobs", "1", "--json")
        self.assertEqual(run["runs"]["recorded_before"], before)
        self.assertEqual(run["runs"]["recorded"], 48 - before)
        self.assert_same("killed", self.whole())

    def compressed(self, store):
        path = os.path.join(self.folder, store, "runs.sqlite")
        if not os.path.exists(path):
            return 0
        try:
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
                return database.execute("SELECT count(*) FROM compressions").fetchone()[0]
        except sqlite3.OperationalError:
            return 0  # being created

    def test_killed_while_it_compresses_and_resumed_with_other_jobs(self):
        self.write("compressed.toml", COMPRESSED)
        process = self.start("run", "compressed.toml", "--store", "killed", "--jobs", "2",
                             "--quiet")
        self.wait_for(lambda: self.compressed("killed") >= 2 or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
        self.assertEqual(process.wait(), -signal.SIGKILL)
        before = self.compressed("killed")
        self.assertTrue(2 <= before < 24, before)
        run = self.json("run", "compressed.toml", "--store", "killed", "--jobs", "1", "--json")
        self.assertEqual(run["compression"]["recorded_before"], before)
        self.assertEqual(run["compression"]["recorded"], 24 - before)
        self.ok("run", "compressed.toml", "--store", "unkilled", "--jobs", "2", "--quiet")
        for view in ("runs", "variants", "variant_tensors", "pruning_curves", "trade_offs"):
            rows = self.rows("killed", view)
            self.assertEqual(rows, self.rows("unkilled", view), view)
            self.assertTrue(rows)

    def test_interrupted_by_ctrl_c_and_resumed(self):
        process = self.start("run", "study.toml", "--store", "stopped", "--jobs", "2")
        self.wait_for(lambda: self.recorded("stopped") >= 3 or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, errors)
        self.assertEqual(output, "")
        last = errors.splitlines()[-1]
        self.assertRegex(last, r"^minima: interrupted: \d+ of 48 runs are saved in stopped; the same "
                               r"command resumes$")
        self.assertEqual(int(last.split()[2]), self.recorded("stopped"))
        self.ok("run", "study.toml", "--store", "stopped", "--jobs", "3", "--quiet")
        self.assert_same("stopped", self.whole())

    def test_an_endless_run_stops_at_once(self):
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            store = signal_number.name
            process = self.start("run", "endless.toml", "--store", store, "--json")
            self.wait_for(lambda: self.minima("status", store).returncode == 0
                          or process.poll() is not None)
            begin = time.monotonic()
            process.send_signal(signal_number)
            output, _ = process.communicate(timeout=20)
            self.assertEqual(process.returncode, 128 + signal_number)
            self.assertLess(time.monotonic() - begin, 5)
            self.assertIn('"interrupted": true', output, "one JSON document all the same")

    def test_a_second_writer_is_refused(self):
        process = self.start("run", "endless.toml", "--store", "locked", "--quiet")
        self.wait_for(lambda: self.minima("status", "locked").returncode == 0
                      or process.poll() is not None)
        second = self.minima("run", "endless.toml", "--store", "locked", "--quiet")
        self.assertEqual(second.returncode, 2)
        self.assertEqual(len(second.stderr.splitlines()), 1)
        self.assertIn("locked", second.stderr)
        self.assertIn(str(process.pid), second.stderr, "the other process is named")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), 130)

    def test_merged_shards_equal_the_whole(self):
        for part in (1, 2, 3):
            self.ok("run", "study.toml", "--store", f"part{part}", "--shard", f"{part}/3", "--quiet")
        self.ok("merge", "merged", "part1", "part2", "part3")
        self.assert_same("merged", self.whole())
        self.assertEqual(self.json("report", "merged", "--json")["datasets"][0]["runs_recorded"], 24)

    def test_results_of_another_instruction_set_are_reported(self):
        self.write("tiny.toml", TINY)
        for part in (1, 2):
            self.ok("run", "tiny.toml", "--store", f"p{part}", "--shard", f"{part}/2", "--quiet")
        here = self.json("status", "p1", "--json")["backends"]
        self.assertEqual([entry["runs"] for entry in here], [4])
        self.assertTrue(here[0]["instruction_set"])
        self.assertEqual(self.minima("merge", "same", "p1", "p2").stderr.count("last bits"), 0)
        # As if another machine had trained the first part.
        with sqlite3.connect(self.folder / "p1/runs.sqlite") as database:
            database.execute("UPDATE session SET instruction_set = 'OTHER'")
            database.execute("DELETE FROM checksum WHERE part = 'session'")
        database.close()
        merged = self.minima("merge", "mixed", "p1", "p2")
        self.assertEqual(merged.returncode, 0, merged.stderr)
        lines = [line for line in merged.stderr.splitlines() if "last bits" in line]
        self.assertEqual(len(lines), 1, merged.stderr)
        self.assertIn("cpu with OTHER", lines[0])
        status = self.ok("status", "mixed")
        self.assertIn("4 runs by cpu with OTHER", status)
        self.assertIn(f"4 runs by cpu with {here[0]['instruction_set']}", status)
        resumed = self.minima("run", "tiny.toml", "--store", "p1", "--quiet")
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        self.assertIn("cpu with OTHER", resumed.stderr)
        self.assertIn("new results are computed by", resumed.stderr)
        again = self.minima("run", "tiny.toml", "--store", "p2", "--quiet")
        self.assertNotIn("last bits", again.stderr)
        complete = self.minima("run", "tiny.toml", "--store", "p1", "--quiet")
        self.assertEqual(complete.returncode, 0, complete.stderr)
        self.assertNotIn("new results", complete.stderr)

    def test_run_again_trains_nothing(self):
        self.whole()
        run = self.json("run", "study.toml", "--store", "whole", "--json")
        self.assertEqual(run["runs"]["recorded"], 0)
        self.assertEqual(run["runs"]["recorded_before"], 48)

    def test_more_replicates_add_to_what_is_there(self):
        self.whole()
        run = self.json("run", "study.toml", "--store", "whole", "--json", "--set",
                        "study.replicates=7")
        self.assertEqual(run["runs"]["recorded_before"], 48)
        self.assertEqual(run["runs"]["recorded"], 8)

    def test_an_ignored_interrupt_stays_ignored(self):
        process = subprocess.Popen(
            ["sh", "-c", 'trap "" INT; exec "$0" run study.toml --store nohup --quiet', PROGRAM],
            cwd=self.folder, stdout=subprocess.DEVNULL)
        self.addCleanup(self.end, process)
        self.wait_for(lambda: self.recorded("nohup") >= 1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(120), 0)


LATE = """
[study]
name = "late"
replicates = 2
[data]
datasets = ["glyphs train=500 test=200"]
[train]
epochs = 3
[[design]]
architectures = ["dnn 2", "dnn 4"]
"""

WEIGHTS_NOT_KEPT = "the weights of 2 runs were not kept"
REMEDY = "minima run pruned.toml --store late.minima --retrain-missing"


class LateCompression(ProgramTest):
    """Pruning is added to a study that has finished and kept one network of each architecture."""

    def setUp(self):
        super().setUp()
        self.write("late.toml", LATE)
        self.write("pruned.toml", LATE + "[pruning]\n")
        self.ok("run", "late.toml", "--quiet")

    def files(self):
        folder = self.folder / "late.minima"
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    def unwrapped(self, text):
        return " ".join(text.split())

    def test_a_plan_says_what_is_done_and_what_cannot_be_done(self):
        before = self.files()
        plan = self.unwrapped(self.ok("plan", "pruned.toml"))
        self.assertIn("late.minima has 4 of 4 runs and 0 of 4 compression tasks; 2 tasks are left "
                      "to run", plan)
        self.assertIn(f"2 compression tasks left out: {WEIGHTS_NOT_KEPT}; `{REMEDY}`", plan)
        store = self.json("plan", "pruned.toml", "--json")["store"]
        self.assertEqual((store["runs_recorded"], store["runs_missing"]), (4, 0))
        self.assertEqual(store["left_out"]["compression_tasks"], 2)
        self.assertEqual(store["left_out"]["remedy"], REMEDY)
        self.assertEqual(self.files(), before, "a plan writes nothing")

    def test_a_plan_with_a_new_store_says_nothing_of_stores(self):
        self.assertIsNone(self.json("plan", "pruned.toml", "--store", "new", "--json")["store"])
        self.assertNotIn("compression tasks", self.ok("plan", "pruned.toml", "--store", "new"))
        self.assertFalse((self.folder / "new").exists())

    def test_run_and_status_say_what_is_left_out(self):
        result = self.minima("run", "pruned.toml", "--quiet")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stderr,
                         f"2 compression tasks left out: {WEIGHTS_NOT_KEPT}; `{REMEDY}` trains "
                         "these runs again, with the same results\n")
        run = self.json("run", "pruned.toml", "--json")
        self.assertEqual(run["compression"]["left_out"], 2)
        self.assertEqual(run["left_out"], {"compression_tasks": 2, "remedy": REMEDY,
                                           "reason": "the weights of their runs were not kept"})
        status = self.unwrapped(self.ok("status", "late.minima"))
        self.assertNotIn("complete", status)
        self.assertIn("all runs are done, but 2 compression tasks were left out", status)
        self.assertIn("--retrain-missing", status)
        left_out = self.json("status", "late.minima", "--json")["left_out"]
        self.assertEqual(left_out["compression_tasks"], 2)
        self.assertEqual(left_out["reason"], "the weights of their runs were not kept")
        self.assertIn("minima status", self.ok("report", "late.minima"))
        page = (self.folder / "late.minima" / "report.html").read_text()
        self.assertIn("2 compression tasks were left out", page)

    def test_nothing_is_left_out_of_a_study_without_compression(self):
        run = self.json("run", "late.toml", "--json")
        nothing = {"compression_tasks": 0, "reason": None, "remedy": None}
        self.assertEqual(run["left_out"], nothing)
        self.assertEqual(self.json("status", "late.minima", "--json")["left_out"], nothing)
        self.assertIn("complete", self.ok("status", "late.minima"))

    def test_retraining_gives_the_store_of_a_study_pruned_from_the_beginning(self):
        before = self.rows("late.minima", "runs"), self.rows("late.minima", "epochs")
        run = self.json("run", "pruned.toml", "--retrain-missing", "--json")
        self.assertEqual(run["retraining"], {"planned": 2, "retrained": 2, "missing": 0,
                                             "interrupted": False})
        self.assertEqual((run["compression"]["recorded"], run["left_out"]["compression_tasks"]),
                         (4, 0))
        self.ok("run", "pruned.toml", "--store", "whole", "--quiet")
        for view in ("runs", "epochs", "variants", "variant_tensors"):
            self.assertEqual(self.rows("late.minima", view), self.rows("whole", view), view)
        self.assertEqual((self.rows("late.minima", "(SELECT run_id FROM runs)"),
                          self.rows("late.minima", "epochs")),
                         ([(row[0],) for row in before[0]], before[1]))
        self.assertEqual(self.json("status", "late.minima", "--json")["left_out"]
                         ["compression_tasks"], 0)
        self.assertIn("no problems found", self.ok("doctor", "late.minima"))
        self.assertIn("nothing is left to run", self.ok("plan", "pruned.toml"))
        again = self.minima("run", "pruned.toml", "--retrain-missing")
        self.assertIn("no run was trained again", again.stderr)

    def test_weights_of_all_runs_can_be_added_later(self):
        before = self.rows("late.minima", "runs")
        later = ("run", "late.toml", "--set", "study.weights=all", "--quiet")
        self.assertIn("lacks the weights of 2 runs", self.minima(*later).stderr)
        result = self.minima(*later, "--retrain-missing")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(self.rows("late.minima", "(SELECT DISTINCT run FROM weight)")), 4)
        self.assertEqual(self.rows("late.minima", "runs"), before)
        self.assertEqual(self.minima(*later).stderr, "")

    def test_other_results_are_not_mixed_with_the_recorded_ones(self):
        # As if another processor had trained the runs.
        with sqlite3.connect(self.folder / "late.minima/runs.sqlite") as database:
            database.execute("UPDATE session SET instruction_set = 'OTHER'")
            database.execute("UPDATE result SET train_loss = train_loss * 1.0000001")
            database.execute("DELETE FROM checksum")
        database.close()
        result = self.minima("run", "pruned.toml", "--retrain-missing", "--quiet")
        self.assertEqual(result.returncode, 2)
        last = result.stderr.splitlines()[-1]
        self.assertIn("late.minima: run ", last)
        self.assertIn("trained again it has a training loss of", last)
        self.assertIn("computed by cpu with OTHER", last)
        self.assertEqual(len(self.rows("late.minima", "(SELECT DISTINCT run FROM weight)")), 2)

    def test_more_epochs_need_all_training_again(self):
        self.write("longer.toml", LATE.replace("epochs = 3", "epochs = 4"))
        result = self.minima("run", "longer.toml", "--quiet")
        self.assertEqual(result.returncode, 2)
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn("all 4 runs would be trained again", result.stderr)
        self.assertIn("use another --store", result.stderr)
        plan = self.unwrapped(self.ok("plan", "longer.toml"))
        self.assertIn("all 4 runs would be trained again", plan)
        store = self.json("plan", "longer.toml", "--json")["store"]
        self.assertEqual(store["retrained"], 4)
        self.assertIn("epochs=3", store["other_settings"])


if __name__ == "__main__":
    unittest.main(verbosity=0)
