"""The repository checks report planted faults and nothing else."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import file_length
import floors
import formatting
import links
import scripts
import test_names
import tree


class PlantedTree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def plant(self, name, text, executable=False):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if executable:
            path.chmod(0o755)


class Floors(PlantedTree):
    def complaints(self, source, *headers):
        self.plant("src/" + source, "".join(f"#include {header}\n" for header in headers))
        return floors.check(self.root)

    def test_own_room_and_lower_floors_are_fine(self):
        self.assertEqual(self.complaints("engine/cpu.cpp", '"engine/backend.h"', '"data/dataset.h"',
                                         '"core/error.h"', "<vector>", "<fmt/format.h>"), [])

    def test_a_higher_floor_is_refused_with_file_and_line(self):
        complaints = self.complaints("core/text.cpp", '"core/text.h"', '"study/run.h"')
        self.assertEqual(len(complaints), 1)
        self.assertIn("src/core/text.cpp:2:", complaints[0])
        self.assertIn("higher floor", complaints[0])

    def test_rooms_of_one_floor_do_not_see_each_other(self):
        self.assertIn("same floor", self.complaints("engine/cpu.cpp", '"store/store.h"')[0])
        self.assertEqual(len(self.complaints("data/idx.h", '"kernels/products/gemm.h"')), 2)

    def test_spaces_do_not_hide_an_include(self):
        self.assertEqual(len(self.complaints("data/idx.h", '"study/run.h"')), 1)
        self.plant("src/data/idx.h", '  #  include   "study/run.h"\n')
        self.assertEqual(len(floors.check(self.root)), 1)

    def test_a_library_stays_in_the_file_that_hides_it(self):
        self.assertEqual(self.complaints("store/records/sqlite_writer.cpp", "<sqlite3.h>"), [])
        self.assertEqual(len(self.complaints("store/upkeep/merge.cpp", "<sqlite3.h>")), 1)
        self.assertEqual(len(self.complaints("analysis/regimes.cpp", '"sqlite3.h"')), 2)

    def test_libxsmm_and_the_command_line_library_too(self):
        self.assertEqual(self.complaints("kernels/products/gemm_libxsmm.cpp", "<libxsmm.h>"), [])
        self.assertEqual(self.complaints("cli/main.cpp", "<CLI/CLI.hpp>"), [])
        self.assertEqual(len(self.complaints("kernels/products/gemm_portable.cpp", "<libxsmm.h>")), 1)
        self.assertEqual(len(self.complaints("run/run.cpp", "<CLI/CLI.hpp>")), 2)

    def test_an_include_without_its_room_is_refused(self):
        self.assertEqual(len(self.complaints("data/idx.cpp", '"idx.h"')), 1)

    def test_a_room_without_a_floor_is_refused(self):
        self.assertIn("has no floor", self.complaints("attic/box.cpp", "<vector>")[0])

    def test_the_program_says_so_by_its_exit_code(self):
        script = pathlib.Path(floors.__file__)
        run = [sys.executable, "-B", str(script), str(self.root)]
        self.plant("src/core/a.h", '#include "core/b.h"\n')
        self.assertEqual(subprocess.run(run, capture_output=True).returncode, 0)
        self.plant("src/core/a.h", '#include "cli/main.h"\n')
        result = subprocess.run(run, capture_output=True, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn("src/core/a.h:1:", result.stdout)


class Formatting(PlantedTree):
    def test_a_file_that_clang_format_would_change_is_named(self):
        if formatting.clang_format() is None:
            self.skipTest("needs clang-format")
        self.plant(".clang-format", "BasedOnStyle: Google\n")
        self.plant("src/core/good.h", "int f();\n")
        self.assertEqual(formatting.check(self.root), [])
        self.plant("src/core/bad.h", "int  f( );\n")
        complaints = formatting.check(self.root)
        self.assertEqual(len(complaints), 1)
        self.assertIn("bad.h", complaints[0])


class FileLength(PlantedTree):
    def test_a_long_file_is_named_and_a_shorter_one_is_not(self):
        self.plant("src/core/short.h", "\n" * (file_length.LIMIT - 1))
        self.assertEqual(file_length.check(self.root), [])
        self.plant("src/core/long.h", "\n" * file_length.LIMIT)
        self.assertIn("long.h", file_length.check(self.root)[0])


class Links(PlantedTree):
    def test_a_dead_link_is_named_with_its_line(self):
        self.plant("docs/a.md", "[b](b.md)\n[root](../README.md#start)\n\n[gone](gone.md)\n")
        self.plant("docs/b.md", "")
        self.plant("README.md", "")
        complaints = links.check(self.root)
        self.assertEqual(len(complaints), 1)
        self.assertIn("docs/a.md:4: gone.md", complaints[0])

    def test_the_web_anchors_and_code_are_left_alone(self):
        self.plant("a.md", "[w](https://example.org/x) [t](#top) `[c](c.md)`\n```\n[d](d.md)\n```\n")
        self.assertEqual(links.check(self.root), [])


class Scripts(PlantedTree):
    def test_a_script_that_does_not_parse_is_named(self):
        self.plant("scripts/good", "#!/usr/bin/env bash\necho good\n", executable=True)
        self.assertEqual(scripts.check(self.root), [])
        self.plant("scripts/bad", "#!/usr/bin/env bash\nif true; then\n", executable=True)
        self.assertTrue(any("bad: bash" in complaint for complaint in scripts.check(self.root)))

    def test_a_script_that_cannot_be_executed_is_named(self):
        self.plant(".ci/run", "#!/usr/bin/env bash\necho\n")
        self.assertIn("not executable", scripts.check(self.root)[0])

    def test_python_that_does_not_parse_is_named(self):
        self.plant("bench/a.py", "def f(:\n")
        self.assertIn("bench/a.py", scripts.check(self.root)[0])


class TestNames(PlantedTree):
    def setUp(self):
        super().setUp()
        self.plant("tests/core/CMakeLists.txt", "minima_test(core\n  SOURCES file_test.cpp\n  DEPENDS minima_core)\n"
                   "foreach(test words files)\n  minima_python_test(core.${test} ${test}.py)\nendforeach()\n")
        self.plant("tests/core/file_test.cpp", "TEST(File, IsWrittenWhole) {}\n")

    def complaints(self, name):
        self.plant("docs/a.md", f"\n| a | `{name}` |\n")
        return test_names.check(self.root)

    def test_names_of_tests_are_fine_with_and_without_a_star(self):
        for name in ("core.File.IsWrittenWhole", "core.File.*", "core.Fi*", "core.words", "core.files"):
            self.assertEqual(self.complaints(name), [], name)

    def test_names_of_no_test_are_named_with_their_line(self):
        for name in ("core.File.IsRead", "core.Files.*", "core.letters"):
            self.assertEqual(self.complaints(name), [f"docs/a.md:2: no test is named {name}"])

    def test_options_and_files_are_left_alone(self):
        for name in ("analysis.significance", "core.cpp", "attic.Box.*"):
            self.assertEqual(self.complaints(name), [], name)


class Tree(PlantedTree):
    def test_build_products_are_not_looked_at(self):
        for name in ("build/a.h", ".git/a.h", "x.minima/a.h", "src/a.h"):
            self.plant(name, "")
        self.assertEqual([path.name for path in tree.files(self.root, ".h")], ["a.h"])


if __name__ == "__main__":
    unittest.main()
