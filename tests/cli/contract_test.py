"""Guarantees of every command: exit codes, one JSON document, useful help, closed pipes."""

import json
import os
import pty
import re
import struct
import unittest

from program import TINY, ProgramTest

COMMANDS = [["plan"], ["run"], ["status"], ["analyze"], ["report"], ["recommend"], ["export"], ["merge"], ["doctor"],
            ["data"], ["data", "list"], ["data", "info"], ["data", "fetch"], ["data", "preview"],
            ["bench"], ["bench", "train"], ["bench", "machine"]]


class Help(ProgramTest):
    def test_version_is_on_standard_output(self):
        self.assertRegex(self.ok("--version"), r"^minima \d+\.\d+\.\d+\n$")

    def test_every_command_has_help_on_standard_output(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                result = self.minima(*command, "--help")
                self.assertEqual(result.returncode, 0)
                self.assertEqual(result.stderr, "")
                self.assertIn("--help", result.stdout)

    def test_the_overview_names_every_command(self):
        text = self.ok("--help")
        for command in COMMANDS:
            self.assertIn(command[0], text)
        self.assertIn("Exit codes", text)

    def test_help_of_the_main_commands_has_examples(self):
        for command in ["plan", "run", "status", "analyze", "report", "recommend", "export",
                        "merge", "doctor", "data"]:
            self.assertIn("Examples:", self.ok(command, "--help"))


class Json(ProgramTest):
    """Each of these commands prints exactly one document on standard output."""

    def setUp(self):
        super().setUp()
        self.write("tiny.toml", TINY)

    def test_plan(self):
        plan = self.json("plan", "tiny.toml", "--json")
        self.assertEqual(plan["runs"], 8)
        self.assertEqual(plan["distinct_architectures"], 4)
        self.assertEqual(len(plan["architectures"]), 4)
        self.assertEqual(plan["architectures"][0]["parameters"], 784 * 4 + 4 + 4 * 10 + 10)
        self.assertEqual(plan["datasets"][0]["train"], 200)
        for cost in ["flop", "seconds", "store_bytes", "memory_bytes"]:
            self.assertGreater(plan[cost], 0, cost)
        self.assertEqual(os.listdir(self.folder), ["tiny.toml"], "a plan writes nothing")

    def test_analyze(self):
        self.ok("run", "tiny.toml", "--store", "s", "--quiet")
        analyses = self.json("analyze", "s", "--json", "--set", "analysis.group_by=test")
        convergence = analyses["convergence"]
        self.assertEqual(convergence["settings"], "group_by=test")
        self.assertEqual(convergence["runs"], 8)
        self.assertEqual(sum(row["count"] for row in convergence["accuracy_groups"]), 8)
        self.assertIn("minimal_parameters", [row["quantity"] for row in convergence["sizes"]])
        self.assertEqual([row[3] for row in self.rows("s", "levels")],
                         [row["parameters"] for row in convergence["levels"]])
        self.assertIn("parameters", self.ok("export", "s", "--table", "levels", "--format", "csv",
                                            "-o", "-").splitlines()[0])

    def test_analyze_weights(self):
        self.ok("run", "tiny.toml", "--store", "s", "--quiet")
        self.assertEqual(len({row[2] for row in self.rows("s", "weight_strengths")}), 8)
        weights = self.json("analyze", "s", "--json", "--only", "weights")
        self.assertNotIn("convergence", weights)
        self.assertIn("sigma", [row["finding"] for row in weights["weights"]["weight_findings"]])
        self.ok("analyze", "s", "--only", "projection", "--set", "analysis.projection_points=3")
        self.assertEqual([row[2] for row in self.rows("s", "projections")].count("all"), 3)

    def test_run_labels_every_run(self):
        self.ok("run", "tiny.toml", "--store", "s", "--quiet")
        for row in self.rows("s", "runs"):
            self.assertIn(row[12], ["non", "low", "mid", "high", "other"])
            self.assertIn(row[13], ["unstable", "learning", "overfitting", "withheld"])

    def test_run_status_and_report(self):
        run = self.json("run", "tiny.toml", "--json")
        self.assertEqual(run["runs"]["recorded"], 8)
        self.assertEqual(run["runs"]["missing"], 0)
        self.assertEqual(run["store"], "tiny.minima")
        report = self.json("report", "tiny.minima", "--json")
        self.assertEqual(report["datasets"], run["datasets"])
        rows = report["datasets"][0]["architectures"]
        self.assertEqual([row["architecture"] for row in rows],
                         ["dnn 4", "dnn 4-4", "dnn 8", "dnn 8-8"])
        for row in rows:
            self.assertEqual(row["replicates"], 2)
            self.assertLessEqual(row["test_accuracy"]["min"], row["test_accuracy"]["mean"])
        self.assertIn(report["datasets"][0]["smallest_within_one_point"],
                      [row["architecture"] for row in rows])
        status = self.json("status", "tiny.minima", "--json")
        self.assertTrue(status["complete"])
        self.assertEqual(status["runs"]["finished"], 8)

    def test_data(self):
        names = [entry["name"] for entry in self.json("data", "list", "--json")["datasets"]]
        for name in ["mnist", "fashion-mnist", "cifar-10", "glyphs", "textures"]:
            self.assertIn(name, names)
        info = self.json("data", "info", "glyphs", "train=50", "test=20", "--json")
        self.assertEqual(info["shape"], {"channels": 1, "height": 28, "width": 28})
        self.assertEqual(sum(info["train"]["class_counts"]), 50)
        self.assertEqual(info["test"]["images"], 20)
        self.assertEqual(len(info["mean"]), 1)
        self.assertRegex(info["checksum"], "^[0-9a-f]{64}$")

    def test_bench(self):
        bench = self.json("bench", "train", "--architecture", "dnn 5-5", "--dataset",
                          "glyphs train=500 test=100", "--seconds", "0.3", "--runs", "3", "--json")
        self.assertEqual(bench["architecture"], "dnn 5-5")
        self.assertEqual(bench["parameters"], 784 * 5 + 5 + 30 + 60)
        self.assertEqual((bench["runs"], bench["jobs"], bench["batch"]), (3, 1, 100))
        self.assertAlmostEqual(
            bench["microseconds_per_run_step"],
            bench["seconds"] * bench["jobs"] / (bench["runs"] * bench["steps"]) * 1e6, places=6)
        self.assertAlmostEqual(bench["efficiency"], bench["gflops"] / bench["peak_gflops"])
        self.assertEqual(bench["backend"], "cpu")
        machine = self.json("bench", "machine", "--json")
        self.assertGreater(machine["peak_gflops_one_thread"], 0)
        self.assertGreaterEqual(machine["cores"], 1)

    def test_bench_of_each_backend(self):
        train = ["bench", "train", "--architecture", "dnn 5-5", "--dataset",
                 "glyphs train=200 test=20", "--seconds", "0.1"]
        for backend in ["plain", "check"]:
            bench = self.json(*train, "--backend", backend, "--json")
            self.assertEqual(bench["backend"], backend)
            self.assertEqual(bench["runs"], 1)
        result = self.minima(*train, "--backend", "gpu")
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stderr.count("\n"), 1)
        self.assertIn('--backend: unknown backend "gpu"; did you mean "cpu"?', result.stderr)


class Output(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.toml", TINY)

    def test_the_answer_goes_to_standard_output_and_progress_to_standard_error(self):
        self.write("tiny.toml", TINY.replace("train=200", "train=1000").replace("epochs = 2", "epochs = 8"))
        result = self.minima("run", "tiny.toml")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("\nsmallest    dnn", result.stdout)
        self.assertRegex(result.stderr, r"\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  8/8 runs")
        self.assertNotIn("\x1b", result.stdout + result.stderr)
        self.assertNotIn("\r", result.stderr)

    def test_quiet_is_quiet(self):
        self.assertEqual(self.minima("run", "tiny.toml", "--quiet").stderr, "")

    def test_a_terminal_gets_one_live_line(self):
        ours, theirs = pty.openpty()
        process = self.start("run", "tiny.toml", stderr=theirs)
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        os.close(ours)
        self.assertEqual(process.wait(), 0)
        self.assertIn(b"\r", shown)
        lines = [line for line in shown.decode().replace("\r\n", "\n").split("\n") if "runs/s" in line]
        self.assertEqual(len(lines), 1, shown)
        self.assertRegex(lines[0].split("\r")[-1], r"^8/8 runs  .* runs/s  .* GFLOP/s  best ")

    def test_export_as_csv_and_json(self):
        self.ok("run", "tiny.toml", "--quiet")
        text = self.ok("export", "tiny.minima", "--table", "runs")
        lines = text.splitlines()
        self.assertEqual(len(lines), 9)
        self.assertTrue(lines[0].startswith("run_id,dataset,family,architecture,parameters,"))
        self.ok("export", "tiny.minima", "--table", "epochs", "--format", "json", "-o", "e.json")
        epochs = json.loads((self.folder / "e.json").read_text())
        self.assertEqual(len(epochs), 16)
        self.assertEqual(epochs[0]["epoch"], 1)
        self.assertEqual(sorted(os.listdir(self.folder)), ["e.json", "tiny.minima", "tiny.toml"])

    def test_preview_writes_a_png(self):
        self.ok("data", "preview", "glyphs", "train=100", "test=10", "-o", "sheet.png")
        head = (self.folder / "sheet.png").read_bytes()[:24]
        self.assertEqual(head[:8], b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", head[16:])
        self.assertGreater(width * height, 10000)

    def test_a_closed_pipe_ends_quietly(self):
        self.ok("run", "tiny.toml", "--quiet")
        for arguments in (["export", "tiny.minima", "--table", "epochs"], ["--help"],
                          ["report", "tiny.minima"], ["plan", "tiny.toml"]):
            read, write = os.pipe()
            os.close(read)
            process = self.start(*arguments, stdout=write)
            os.close(write)
            _, errors = process.communicate(timeout=60)
            self.assertEqual((process.returncode, errors), (0, ""), arguments)

    def test_a_full_disk_behind_standard_output_fails(self):
        with open("/dev/full", "w") as full:
            result = self.minima("--help", capture_output=False, stdout=full, stderr=-1)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"^minima: standard output: cannot be written: .*\n$")

    def test_the_embedded_study_is_inside_the_program(self):
        plan = self.json("plan", "embedded", "--json")
        self.assertEqual(plan["study"], "embedded")
        self.assertGreater(plan["runs"], 10)

    def test_settings_and_shards_reach_the_plan(self):
        plan = self.json("plan", "tiny.toml", "--json", "--set", "study.replicates=6", "--shard",
                         "1/2")
        self.assertEqual(plan["shard"], "1/2")
        self.assertEqual(plan["runs"], 12)

    def test_numbers_in_the_report_are_those_of_the_store(self):
        self.ok("run", "tiny.toml", "--quiet")
        rows = self.rows("tiny.minima", "(SELECT architecture, avg(test_accuracy) FROM runs "
                                        "GROUP BY architecture)")
        text = self.ok("report", "tiny.minima", "--all")
        for architecture, accuracy in rows:
            line = next(line for line in text.splitlines() if re.match(f"{architecture} +[0-9]", line))
            self.assertIn(f"{100 * accuracy:.2f}", line)


if __name__ == "__main__":
    unittest.main(verbosity=0)
