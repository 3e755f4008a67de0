"""Hostile names of studies, datasets, classes and folders. No command sends control sequences to a
terminal, and JSON and CSV still contain the exact text."""

import json
import os
import pty
import re
import sqlite3
import unittest

import drawn_images
from program import TINY

# Sets a title, clears the screen, reverses text direction, begins a new line.
EVIL = "e\x1b]0;owned\x07\x1b[2J\u009b2J\u202eevil\u2066\u2028\nfake_line\r\x7f\U000e0041é"
STYLES = [b"\x1b[0m", b"\x1b[1m", b"\x1b[2m", b"\x1b[1;32m"]


def is_unsafe(character):
    code = ord(character)
    return (code < 0x20 and character != "\n" or 0x7f <= code < 0xa0 or code in (0x61c, 0x200e, 0x200f) or
            0x2028 <= code <= 0x202e or 0x2066 <= code <= 0x2069 or 0xe0000 <= code <= 0xe007f)


class HostileNames(drawn_images.DrawnImagesTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.toml", TINY)
        self.ok("run", "tiny.toml", "--store", "s", "--quiet")
        with sqlite3.connect(self.folder / "s/runs.sqlite") as database:
            classes = json.dumps([f"{EVIL}{i}" for i in range(10)])
            database.execute("UPDATE study_record SET name = ?, text = replace(text, ?, ?), "
                             "program_version = ?", (EVIL, "tiny", "other", EVIL))
            database.execute("UPDATE dataset SET name = ?, class_names = ?", (EVIL, classes))
            database.execute("DELETE FROM checksum")  # an attacker would change these too
        database.close()
        os.rename(self.folder / "s", self.folder / EVIL)

    def assert_safe(self, shown, command):
        text = shown.decode("utf-8")  # fails on invalid UTF-8
        unsafe = sorted({repr(c) for c in text if is_unsafe(c)})
        self.assertEqual(unsafe, [], command)
        if "--table" not in command:  # CSV tables contain the exact text with line breaks
            self.assertNotRegex(text, r"(?m)^fake_line", command)

    def commands(self):
        return [["status", EVIL], ["report", EVIL, "--text"], ["report", EVIL, "--all", "--text"],
                ["report", EVIL, "-o", EVIL + ".html"], ["analyze", EVIL],
                ["recommend", EVIL, "--accuracy", "0.1"], ["recommend", EVIL, "--accuracy", "0.99"],
                ["merge", "m", EVIL], ["export", EVIL, "best", "-o", "n" + EVIL],
                ["export", EVIL, EVIL], ["export", EVIL, "--table", EVIL], ["status", EVIL + "x"],
                ["analyze", EVIL, "--only", EVIL], ["run", EVIL], ["plan", "tiny.toml", "--set", EVIL],
                ["data", "info", EVIL], ["data", "fetch", EVIL], ["doctor", EVIL],
                ["doctor", EVIL, "--repair"], [EVIL]]

    def test_reach_no_output(self):
        for command in self.commands():
            with self.subTest(command=command):
                result = self.minima(*command, text=False)
                self.assertIn(result.returncode, (0, 1, 2))
                self.assert_safe(result.stdout, command)
                self.assert_safe(result.stderr, command)

    def test_reach_no_terminal(self):
        for command in [*self.commands(), ["status", EVIL, "--json"],
                        ["export", EVIL, "--table", "datasets"]]:
            with self.subTest(command=command):
                shown = self.on_terminal(*command)
                for style in STYLES:
                    shown = shown.replace(style, b"")
                self.assert_safe(shown.replace(b"\r\n", b"\n"), command)

    def on_terminal(self, *command):
        ours, theirs = pty.openpty()
        process = self.start(*command, stdout=theirs, stderr=theirs)
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            shown += piece
        os.close(ours)
        process.wait()
        return shown

    def test_are_exact_in_json_and_csv(self):
        self.assertEqual(self.json("status", EVIL, "--json")["study"], EVIL)
        table = self.json("export", EVIL, "--table", "datasets", "--format", "json")
        self.assertIn(EVIL, table[0].values())
        raw = self.minima("export", EVIL, "--table", "datasets", text=False).stdout
        self.assertIn(EVIL.encode(), raw)
        for command in [["status", EVIL, "--json"], ["report", EVIL, "--json"]]:
            self.assert_safe(self.minima(*command, text=False).stdout, command)

    def test_a_live_line_is_safe_and_no_character_is_cut(self):
        self.write("live.toml", TINY)
        shown = self.on_terminal("run", "live.toml", "--store", "ü" * 40 + "\x1b]0;x\x07")
        for style in STYLES:
            shown = shown.replace(style, b"")
        pieces = [piece.replace(b"\x1b[K", b"") for piece in re.split(b"[\r\n]+", shown)]
        for piece in pieces:
            self.assert_safe(piece, "run")

    def test_of_classes_and_folders(self):
        self.draw_images()
        os.rename(self.folder / "photos/train/bar", self.folder / "photos/train" / EVIL.replace("/", ""))
        os.rename(self.folder / "photos/test/bar", self.folder / "photos/test" / EVIL.replace("/", ""))
        os.rename(self.folder / "photos", self.folder / "p\x1b[2J")
        info = self.json("data", "info", "p\x1b[2J", "--json")
        self.assertEqual(info["name"], "p\x1b[2J")
        self.assertIn(EVIL, info["classes"])
        self.assert_commands_are_safe()
        os.rename(self.folder / "p\x1b[2J/train/dot", os.fsencode(self.folder) + b"/p\x1b[2J/train/\xff\xfe")
        self.assert_commands_are_safe()

    def assert_commands_are_safe(self):
        for command in (["data", "info", "p\x1b[2J"], ["data", "preview", "p\x1b[2J", "-o", "no/x.png"]):
            result = self.minima(*command, text=False)
            self.assert_safe(result.stdout + result.stderr, command)


if __name__ == "__main__":
    unittest.main(verbosity=0)
