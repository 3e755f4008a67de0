"""Tests that documents name in backticks exist: `core.File.*`, `cli.outputs`."""

import fnmatch
import re

import tree

GOOGLETEST = re.compile(r"minima_test\((\w+)\s+(?:HOT\s+)?SOURCES\s+([^)]*?)\s+DEPENDS")
CASE = re.compile(r"\b(?:TEST|TEST_F|TEST_P|TYPED_TEST|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP)"
                  r"\(\s*(\w+),\s*(\w+)")
COMMAND = re.compile(r"(?:add_test\(NAME|minima_python_test\()\s*(\w+\.[\w${}]+)")
LOOP = re.compile(r"foreach\((\w+)\s([^)]*)\)")
NAMED = re.compile(r"`([a-z_]+)\.([A-Za-z_*]+(?:\.[A-Za-z_*]\w*)?)`")
SECTIONS = {"study", "data", "train", "analysis"}  # `analysis.significance` is an option
SUFFIXES = {"cpp", "h", "html", "md", "py"}  # `report.html` is a file


def cases(folder, cmake):
    """Names of the GoogleTest cases that a CMake file registers."""
    for test, sources in GOOGLETEST.findall(cmake):
        for source in sources.split():
            path = folder / source
            if path.is_file():
                for suite, case in CASE.findall(path.read_text(encoding="utf-8")):
                    yield f"{test}.{suite}.{case}"


def commands(cmake):
    """Names of the other tests; `*` stands for a variable that is not of a loop."""
    loops = {variable: values.split() for variable, values in LOOP.findall(cmake)}
    for name in COMMAND.findall(cmake):
        variable = re.search(r"\$\{(\w+)\}", name)
        values = loops.get(variable.group(1), ["*"]) if variable else [""]
        for value in values:
            yield re.sub(r"\$\{\w+\}", value, name)


def known_tests(root):
    """The names of GoogleTest cases, and those of other tests."""
    in_programs, others = set(), set()
    for path in tree.files(root / "tests", "CMakeLists.txt"):
        cmake = path.read_text(encoding="utf-8")
        in_programs.update(cases(path.parent, cmake))
        others.update(commands(cmake))
    return in_programs, others


def module_of(name):
    return name.split(".")[0]


def check(root):
    in_programs, others = known_tests(root)
    # Cases of programs begin with a capital letter, other tests do not.
    modules = {True: set(map(module_of, in_programs)),
               False: set(map(module_of, others)) - SECTIONS}
    complaints = []
    for path in tree.files(root, ".md"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for module, rest in NAMED.findall(line):
                if module not in modules[rest[0].isupper()] or rest in SUFFIXES:
                    continue
                name = f"{module}.{rest}"
                if not any(fnmatch.fnmatchcase(each, name) or fnmatch.fnmatchcase(name, each)
                           for each in in_programs | others):
                    complaints.append(f"{path.relative_to(root)}:{number}: no test is named {name}")
    return complaints


if __name__ == "__main__":
    tree.main(check)
