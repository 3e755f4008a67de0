"""Targets of -o: files, links, standard output, pipes, devices, and paths that are refused before
anything is written."""

import io
import os
import stat
import subprocess
import tarfile
import unittest

from program import PROGRAM, TINY, ProgramTest, environment, in_terminal

INTEGERS = TINY.replace('name = "tiny"', 'name = "tiny"\nweights = "all"') + """
[[quantization.protocol]]
activations = "same"
formats = ["int8"]
"""


class Outputs(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.toml", INTEGERS)
        self.ok("run", "tiny.toml", "--store", "s", "--quiet")
        # Commands that write a file; the path comes last.
        self.commands = {
            "table": ["export", "s", "--table", "runs", "-o"],
            "page": ["report", "s", "--text", "-o"],
            "study": ["recommend", "s", "--accuracy", "0.01", "--reliability", "0.99", "--next"],
            "picture": ["data", "preview", "glyphs", "train=20", "test=10", "-o"],
        }
        self.begins = {"table": b"run_id,", "page": b"<!doctype html>", "study": b"# Written by minima",
                       "picture": b"\x89PNG"}

    def files(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))

    def test_standard_output_is_written_whatever_stands_behind_it(self):
        for what, command in self.commands.items():
            for name in ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
                with self.subTest(what=what, name=name):
                    with open(self.folder / "output", "wb") as output:
                        subprocess.run([PROGRAM, *command, name], cwd=self.folder, env=environment(),
                                       stdout=output, stderr=subprocess.PIPE)
                    to_file = (self.folder / "output").read_bytes()
                    piped = self.minima(*command, name, text=False).stdout
                    self.assertTrue(to_file.lower().startswith(self.begins[what].lower()), to_file[:40])
                    self.assertTrue(piped.lower().startswith(self.begins[what].lower()), piped[:40])
                    self.assertTrue(os.path.islink("/dev/stdout"))
                    self.assertNotIn("-", self.files())

    def test_links_stay_and_their_targets_are_written(self):
        for what, command in self.commands.items():
            with self.subTest(what=what):
                (self.folder / f"{what}.link").symlink_to(f"{what}.target")
                self.minima(*command, f"{what}.link")
                self.assertTrue((self.folder / f"{what}.link").is_symlink())
                content = (self.folder / f"{what}.target").read_bytes()
                self.assertTrue(content.lower().startswith(self.begins[what].lower()))
        (self.folder / "net.link").symlink_to("net.target")
        self.ok("export", "s", "best", "-o", "net.link")
        self.assertTrue((self.folder / "net.link").is_symlink())
        self.assertGreater((self.folder / "net.target").stat().st_size, 100)

    def test_a_linked_page_inside_a_store_is_not_written_through(self):
        self.write("mine", "keep me")
        (self.folder / "s/report.html").unlink()
        (self.folder / "s/report.html").symlink_to("../mine")
        for command in (["run", "tiny.toml", "--store", "s", "--quiet"], ["report", "s"]):
            result = self.minima(*command)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("s/report.html: is a symbolic link", result.stderr)
            self.assertNotIn("figures  ", result.stdout)
        self.assertEqual((self.folder / "mine").read_text(), "keep me")
        self.assertTrue((self.folder / "s/report.html").is_symlink())

    def test_a_named_pipe_is_written_to(self):
        os.mkfifo(self.folder / "pipe")
        process = self.start(*self.commands["table"], "pipe")
        with open(self.folder / "pipe", "rb") as pipe:
            self.assertTrue(pipe.read().startswith(b"run_id,"))
        self.assertEqual(process.wait(), 0)
        self.assertTrue(stat.S_ISFIFO(os.stat(self.folder / "pipe").st_mode))

    def test_a_file_keeps_its_permissions(self):
        path = self.write("private.csv", "old")
        path.chmod(0o600)
        self.ok("export", "s", "--table", "runs", "-o", "private.csv")
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)

    def test_what_a_killed_process_left_beside_a_file_goes(self):
        gone = subprocess.Popen(["true"])
        gone.wait()
        self.write(f"runs.csv.{gone.pid}.tmp", "half")
        self.write(f"runs.csv.{os.getpid()}.tmp", "of a process that lives")
        self.write("runs.csv.x1.tmp", "of somebody else")
        self.ok("export", "s", "--table", "runs", "-o", "runs.csv")
        self.assertNotIn(f"runs.csv.{gone.pid}.tmp", self.files())
        self.assertIn(f"runs.csv.{os.getpid()}.tmp", self.files())
        self.assertIn("runs.csv.x1.tmp", self.files())

    def refused(self, *command, says=""):
        before = self.files()
        result = self.minima(*command)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(result.stdout, "", command)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertIn(says, result.stderr)
        self.assertEqual(self.files(), before)

    def test_a_network_and_its_manifest_are_written_both_or_not_at_all(self):
        (self.folder / "net.json").mkdir()
        self.refused("export", "s", "best", "-o", "net", says="net.json")
        os.mkfifo(self.folder / "pipe")
        self.refused("export", "s", "best", "-o", "pipe", says="pipe")
        self.refused("export", "s", "best", "-o", "/dev/null")
        self.assertFalse(os.path.exists("/dev/null.json"))
        self.refused("export", "s", "best", "-o", "no/net", says="no/net")
        (self.folder / "c.h").mkdir()
        self.refused("export", "s", "best", "--format", "c", "--bits", "int8", "-o", "c.c", says="c.h")

    def piped(self, *arguments):
        result = self.minima("export", "s", "best", *arguments, text=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout, result.stderr.decode()

    def test_a_network_on_standard_output_is_the_file_itself(self):
        self.ok("export", "s", "best", "-o", "net.safetensors")
        expected = (self.folder / "net.safetensors").read_bytes()
        before = self.files()
        for output in ([], ["-o", "-"], ["-o", "/dev/stdout"]):
            content, said = self.piped(*output)
            self.assertEqual(content, expected)
            self.assertIn("the manifest and the model card need -o PATH", said)
        content, _ = self.piped("--format", "csv")
        self.assertTrue(content.startswith(b"image,label,predicted,logit0"))
        self.assertEqual(self.files(), before)

    def test_an_export_of_several_files_on_standard_output_is_a_tar_archive(self):
        integers = ["--bits", "int8"]
        self.ok("export", "s", "best", "--format", "c", *integers, "-o", "network.c")
        content, said = self.piped("--format", "c", *integers)
        self.assertIn("a tar archive", said)
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            files = {each.name: archive.extractfile(each).read() for each in archive.getmembers()}
        self.assertEqual(set(files), {"network.h", "network.c", "network_main.c", "labels.txt",
                                      "network.c.json", "network.c.md"})
        for name in ("network.h", "network.c", "network_main.c", "labels.txt"):
            self.assertEqual(files[name], (self.folder / name).read_bytes(), name)
        content, _ = self.piped("--format", "arduino", *integers)
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            self.assertIn("network/library.properties", archive.getnames())
            self.assertIn("network/extras/network.json", archive.getnames())

        result = self.minima("export", "s", "best", "--format", "tflite", *integers, text=False)
        if b"built without" in result.stderr:
            return
        with tarfile.open(fileobj=io.BytesIO(result.stdout)) as archive:
            self.assertEqual(set(archive.getnames()), {
                "network.tflite", "labels.txt", "network.tflite.json", "network.tflite.md"})

    def test_a_terminal_gets_no_bytes_of_a_network(self):
        code, shown = in_terminal("export", "s", "best", folder=self.folder)
        self.assertEqual(code, 2, shown)
        self.assertIn("a network is not text, and standard output is a terminal", shown)
        code, shown = in_terminal("export", "s", "best", "--format", "csv", folder=self.folder)
        self.assertEqual(code, 0, shown)
        self.assertIn("image,label,predicted", shown)

    def test_names_of_c_files_are_what_was_asked_for(self):
        self.ok("export", "s", "best", "--format", "c", "--bits", "int8", "-o", "my-net.c")
        self.assertIn("my-net.c", self.files())
        for name in ("ü.c", "ä.c", ".c", "a\nb.c", 'a".c', ".hidden.c"):
            self.refused("export", "s", "best", "--format", "c", "--bits", "int8", "-o", name,
                         says="is not a valid name for a C file")

    def test_figures_need_a_folder_before_the_report_is_printed(self):
        self.write("file", "mine")
        self.refused("report", "s", "--figures", "file", says="file: is not a folder")

    def test_json_and_something_else_do_not_share_standard_output(self):
        self.refused("report", "s", "--json", "-o", "-", says="--json")
        self.refused("recommend", "s", "--accuracy", "0.5", "--json", "--next", "-", says="--json")

    def test_an_empty_value_is_not_taken_for_a_missing_one(self):
        for command in (["export", "s", "--table", "runs", "-o", ""], ["report", "s", "-o", ""],
                        ["report", "s", "--figures", ""], ["analyze", "s", "--only", ""],
                        ["run", "tiny.toml", "--store", ""], ["run", "tiny.toml", "--shard", ""],
                        ["run", "tiny.toml", "--jobs", ""], ["run", "tiny.toml", "--data-dir", ""],
                        ["plan", "tiny.toml", "--memory", ""], ["status", ""], ["plan", ""],
                        ["recommend", "s", "--accuracy", "0.5", "--next", ""],
                        ["recommend", "s", "--accuracy", "0.5", "--dataset", ""],
                        ["export", "s", "best", "--bits", "", "-o", "n"], ["merge", "m", ""],
                        ["data", "preview", "glyphs", "-o", ""], ["data", "info", ""]):
            with self.subTest(command=command):
                self.refused(*command, says="needs a value")


if __name__ == "__main__":
    unittest.main(verbosity=0)
