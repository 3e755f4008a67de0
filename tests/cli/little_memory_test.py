"""Little memory: a --memory limit, an address space of a few MB, a small stack."""

import resource
import unittest

from program import TINY, ProgramTest

# In KB. The last suffices; the others must not cause a crash.
ADDRESS_SPACES = [80_000, 120_000, 160_000, 4_000_000]


class LittleMemory(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.toml", TINY)
        self.ok("run", "tiny.toml", "--store", "s", "--quiet")

    def with_limit(self, which, bytes_, *command):
        return self.minima(*command, preexec_fn=lambda: resource.setrlimit(which, (bytes_, bytes_)))

    def assert_one_line(self, result, *codes):
        self.assertIn(result.returncode, codes, result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertNotIn("unexpected", result.stderr)

    def test_analyses_that_need_more_than_a_limit_are_refused_before_they_begin(self):
        for command in (["report", "s"], ["analyze", "s"], ["recommend", "s", "--accuracy", "0.5"]):
            result = self.minima(*command, "--memory", "10MB")
            self.assert_one_line(result, 2)
            self.assertEqual(result.stdout, "")
            self.assertIn("analysing 8 runs", result.stderr)
            self.assertIn("the limit is 10 MB", result.stderr)
            self.assertIn("--memory", result.stderr)

    def test_a_merge_that_cannot_be_analysed_keeps_its_runs_and_says_so(self):
        result = self.minima("merge", "m", "s", "--memory", "10MB")
        self.assertEqual(result.returncode, 0)
        self.assertIn("not analysed: analysing 8 runs", result.stderr)
        self.assertEqual(self.rows("m", "epochs"), self.rows("s", "epochs"))

    def test_a_plan_says_what_the_analyses_take(self):
        few = self.json("plan", "tiny.toml", "--json")["analysis_memory_bytes"]
        many = self.json("plan", "tiny.toml", "--set", "study.replicates=5000", "--json")
        self.assertGreater(many["analysis_memory_bytes"], few + 20_000 * 6000)

    def test_a_small_address_space_is_enough_or_one_line_says_that_it_is_not(self):
        for kilobytes in ADDRESS_SPACES:
            for command in (["run", "tiny.toml", "--store", f"r{kilobytes}", "--quiet"], ["status", "s"],
                            ["report", "s", "--text"], ["analyze", "s"], ["merge", f"m{kilobytes}", "s"],
                            ["export", "s", "best", "-o", f"n{kilobytes}"]):
                with self.subTest(kilobytes=kilobytes, command=command):
                    result = self.with_limit(resource.RLIMIT_AS, kilobytes << 10, *command)
                    if result.returncode != 0:
                        self.assert_one_line(result, 1, 2)
                    self.assertTrue(result.returncode == 0 or kilobytes < 1_000_000, result.stderr)

    def test_what_a_small_address_space_stopped_goes_on_in_a_larger_one(self):
        self.with_limit(resource.RLIMIT_AS, 120_000 << 10, "run", "tiny.toml", "--store", "t", "--quiet")
        self.ok("run", "tiny.toml", "--store", "t", "--quiet")
        self.assertEqual(self.rows("t", "runs"), self.rows("s", "runs"))

    def test_a_stack_that_is_too_small_is_an_error_and_no_crash(self):
        for kilobytes in (64, 128):
            result = self.with_limit(resource.RLIMIT_STACK, kilobytes << 10, "status", "s")
            self.assert_one_line(result, 1)
            self.assertIn("the stack limit is below 256 KB", result.stderr)
        result = self.with_limit(resource.RLIMIT_STACK, 256 << 10, "run", "tiny.toml", "--store", "t",
                                 "--quiet")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.rows("t", "runs"), self.rows("s", "runs"))


if __name__ == "__main__":
    unittest.main()
