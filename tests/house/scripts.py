"""Shell scripts parse, are executable and pass shellcheck if it is installed; Python parses."""

import os
import shutil
import subprocess

import tree


def shell_scripts(root):
    for folder in ("scripts", ".ci"):
        for path in tree.files(root / folder, ""):
            with open(path, encoding="utf-8", errors="replace") as script:
                if script.readline().rstrip().endswith(("bash", "sh")):
                    yield path


def check_shell(path, name):
    complaints = []
    if not os.access(path, os.X_OK):
        complaints.append(f"{name}: not executable; chmod +x")
    commands = [["bash", "-n", str(path)]]
    if shutil.which("shellcheck"):
        commands.append(["shellcheck", "--external-sources", str(path)])
    for command in commands:
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            complaints.append(f"{name}: {command[0]}: {result.stdout}{result.stderr}")
    return complaints


def check(root):
    complaints = []
    for path in shell_scripts(root):
        complaints += check_shell(path, path.relative_to(root))
    for path in tree.files(root, ".py"):
        name = path.relative_to(root)
        try:
            compile(path.read_text(encoding="utf-8"), str(name), "exec")
        except SyntaxError as error:
            complaints.append(f"{name}:{error.lineno}: {error.msg}")
    return complaints


if __name__ == "__main__":
    tree.main(check)
