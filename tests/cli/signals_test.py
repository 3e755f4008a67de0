"""Signals in every command and phase: one line, no partly written file, and the exit code of the
signal."""

import io
import os
import re
import signal
import subprocess
import tarfile
import time
import unittest

from program import PROGRAM, TINY, ProgramTest, environment

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
ENDLESS = TINY.replace("epochs = 2", "epochs = 100000").replace("train=200", "train=6000")
# Slow analyses.
SLOW = TINY.replace("replicates = 2", "replicates = 40") + """
[analysis]
bootstrap_samples = 1000000
permutations = 10000000
"""
PICTURE = b"P5 4 4 255\n" + bytes(range(0, 256, 16))


class Signals(ProgramTest):
    def wait_for(self, what, process, seconds=60):
        end = time.monotonic() + seconds
        while not what():
            self.assertIsNone(process.poll(), "ended too early")
            self.assertLess(time.monotonic(), end, "waited too long")
            time.sleep(0.005)

    def assert_ended(self, process, number):
        _, errors = process.communicate(timeout=20)
        self.assertEqual(process.returncode, CODES[number], errors)
        self.assertEqual(len(errors.splitlines()), 1, errors)
        self.assertTrue(errors.startswith("minima: interrupted: "), errors)
        return errors

    def files(self):
        return sorted(path.name for path in self.folder.rglob("*.tmp"))

    def test_in_training_save_what_is_finished(self):
        self.write("endless.toml", ENDLESS)
        for number in CODES:
            store = number.name
            process = self.start("run", "endless.toml", "--store", store, "--quiet")
            self.wait_for(lambda: self.minima("status", store).returncode == 0, process)
            process.send_signal(number)
            self.assertIn("0 of 8 runs are saved", self.assert_ended(process, number))
            ended = self.rows(store, "sessions")[0]
            self.assertTrue(all(value is not None for value in ended[:3]), "the session has an end")

    def test_in_the_analysis_after_training_are_told_in_one_line(self):
        self.write("slow.toml", SLOW)
        for number in CODES:
            store = number.name
            process = self.start("run", "slow.toml", "--store", store, "--quiet", "--refresh", "0")
            self.wait_for(lambda: '"missing": 0' in self.minima("status", store, "--json").stdout,
                          process)
            time.sleep(0.3)
            process.send_signal(number)
            self.assertRegex(self.assert_ended(process, number), "160 of 160 runs are saved")
            self.assertEqual(self.files(), [])

    def test_end_every_other_command(self):
        self.write("slow.toml", SLOW)
        process = self.start("run", "slow.toml", "--store", "s", "--quiet", "--refresh", "0")
        self.wait_for(lambda: '"missing": 0' in self.minima("status", "s", "--json").stdout, process)
        time.sleep(0.3)
        process.kill()
        process.communicate()
        os.mkfifo(self.folder / "pipe")
        for command in (["analyze", "s"], ["report", "s"], ["merge", "m", "s"],
                        # Waits for a reader that never comes.
                        ["export", "s", "--table", "runs", "-o", "pipe"],
                        ["recommend", "s", "--accuracy", "0.1", "--next", "pipe"]):
            for number in CODES:
                with self.subTest(command=command, signal=number.name):
                    process = self.start(*command)
                    time.sleep(0.4)
                    process.send_signal(number)
                    self.assert_ended(process, number)
                    self.assertEqual(self.files(), [])

    def test_leave_no_unpacked_archive(self):
        with tarfile.open(self.folder / "large.tar", "w") as archive:
            for i in range(30000):
                entry = tarfile.TarInfo(f"train/{i % 10}/{i}.pgm")
                entry.size = len(PICTURE)
                archive.addfile(entry, io.BytesIO(PICTURE))
        folder = self.folder / "temporary"
        folder.mkdir()
        for number in CODES:
            with self.subTest(signal=number.name):
                process = self.start("data", "info", "large.tar", env={**environment(), "TMPDIR": folder})
                self.wait_for(lambda: any(folder.glob("minima-unpacked-*/*")), process)
                process.send_signal(number)
                self.assert_ended(process, number)
                self.assertEqual(list(folder.iterdir()), [])

    def test_a_second_one_ends_the_program_at_once(self):
        self.write("slow.toml", SLOW)
        process = self.start("run", "slow.toml", "--store", "s", "--quiet")
        self.wait_for(lambda: self.minima("status", "s").returncode == 0, process)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
        self.assertIn(process.returncode, (-signal.SIGTERM, 130), "130: it had ended by itself")

    def test_ignored_ones_stay_ignored(self):
        self.write("tiny.toml", TINY)
        process = self.start("run", "tiny.toml", "--store", "nohup", "--quiet",
                             preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        for _ in range(20):
            process.send_signal(signal.SIGHUP)
            time.sleep(0.01)
        self.assertEqual(process.wait(60), 0)

    def test_a_limit_of_file_sizes_is_a_full_disk(self):
        self.write("tiny.toml", TINY)
        for kilobytes in (1, 20, 60, 200):
            result = subprocess.run(
                ["sh", "-c", f'ulimit -f {2 * kilobytes}; exec "$0" run tiny.toml --store s --quiet',
                 PROGRAM], cwd=self.folder, env=environment(), capture_output=True, text=True)
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertTrue(re.fullmatch(r"minima: s/\S+: .*\n", result.stderr), result.stderr)
        self.ok("run", "tiny.toml", "--store", "s", "--quiet")


if __name__ == "__main__":
    unittest.main(verbosity=0)
