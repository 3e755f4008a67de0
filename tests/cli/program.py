"""Runs the program and examines its behavior; shared by the tests in this folder."""

import fcntl
import json
import os
import pty
import sqlite3
import struct
import subprocess
import tempfile
import termios
import unittest
from pathlib import Path

PROGRAM = os.environ["MINIMA_PROGRAM"]

# Eight runs that take well under a second.
TINY = """
[study]
name = "tiny"
replicates = 2

[data]
datasets = ["glyphs train=200 test=100"]

[train]
epochs = 2
batch = 50

[[design]]
family = "dnn"
depth = [1, 2]
width = [4, 8]
"""


def environment():
    """An environment without the user's own data folders and terminal."""
    kept = {k: v for k, v in os.environ.items() if k not in ("MINIMA_DATA", "NO_COLOR", "MINIMA_MIRROR")}
    kept["HOME"] = "/nonexistent"
    return kept


def in_terminal(*arguments, folder, columns=80, rows=40):
    """Runs the program in a terminal; returns its exit code and everything it showed."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=folder,
                               env={**environment(), "TERM": "dumb", "LANG": "C.UTF-8"},
                               stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    shown = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # the program has closed the terminal
            break
        if not piece:
            break
        shown += piece
    os.close(leader)
    return process.wait(timeout=900), shown.decode(errors="replace").replace("\r\n", "\n")


class ProgramTest(unittest.TestCase):
    """A test with its own folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="minima-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content)
        return path

    def minima(self, *arguments, **options):
        options = {"capture_output": True, "timeout": 900, "text": True, **options}
        return subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, env=environment(),
                              **options)

    def start(self, *arguments, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment(), **options}
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=self.folder, text=True, **options)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def ok(self, *arguments, **options):
        """Standard output of a command that must succeed."""
        result = self.minima(*arguments, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def json(self, *arguments):
        """The only JSON document on standard output."""
        return json.loads(self.ok(*arguments))

    def rows(self, store, view):
        """All rows of a view, as seen by any SQLite client."""
        connection = sqlite3.connect(f"file:{self.folder / store / 'runs.sqlite'}?mode=ro", uri=True)
        try:
            return connection.execute(f"SELECT * FROM {view}").fetchall()
        finally:
            connection.close()
