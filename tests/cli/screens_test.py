"""Every screen fits the width of the terminal, down to 40 columns, whatever characters names have."""

import re
import unicodedata
import unittest

from drawn_images import png
from program import TINY, ProgramTest, in_terminal

COMPRESSED = TINY.replace('name = "tiny"', 'name = "tiny"\nweights = "all"') + """
[[pruning.protocol]]
sparsity = [0.5]

[[quantization.protocol]]
formats = ["int8"]
"""


def columns(text):
    """Columns that a terminal uses, by the tables of Python."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


class Screens(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.toml", COMPRESSED)
        self.ok("run", "tiny.toml", "--store", "s", "--quiet")

    def too_long(self, shown, width):
        """Lines that are too wide although they could be broken: no command, more than one word. An
        error is one line by contract."""
        lines = [re.sub(r".*\r", "", line) for line in shown.splitlines()]
        text = [re.sub(r"\x1b\[[0-9;]*[mK]", "", line) for line in lines]
        return [line for line in text if columns(line) > width and "minima " not in line
                and not line.startswith("minima: ")
                and len(re.sub(r"^.{0,13}?(  |$)", "", line.strip()).split()) > 1]

    def test_every_line_fits(self):
        commands = [["plan", "tiny.toml"], ["plan", "tiny.toml", "--store", "s"], ["status", "s"],
                    ["report", "s"], ["report", "s", "--all"], ["analyze", "s"],
                    ["recommend", "s", "--accuracy", "0.1"], ["recommend", "s", "--accuracy", "0.999"],
                    ["doctor", "s"], ["data", "list"], ["data", "info", "glyphs", "train=50", "test=20"],
                    ["bench", "machine"], ["--help"], ["run", "--help"], ["run", "tiny.toml", "--store", "s"]]
        for width in (40, 60, 80):
            for command in commands:
                with self.subTest(command=command, width=width):
                    _, shown = in_terminal(*command, folder=self.folder, columns=width)
                    self.assertNotIn("unexpected", shown)
                    self.assertEqual(self.too_long(shown, width), [])

    def test_wide_characters_take_two_columns(self):
        for label in ("\u732b", "dog", "e\u0301te\u0301"):
            for number in range(5):
                self.write(f"photos/{label}/{number}.png", png([[number, len(label)]] * 2))
        shown = self.ok("data", "info", "photos")
        rows = [line for line in shown.splitlines() if line.startswith(("\u732b", "dog", "e\u0301"))]
        self.assertEqual(len(rows), 3, shown)
        self.assertEqual(len({columns(row) for row in rows}), 1, shown)


if __name__ == "__main__":
    unittest.main()
