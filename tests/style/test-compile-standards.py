#!/usr/bin/env python3
"""The maker of the table of standards refuses every file that does not follow the format, and names its line.

Usage: test-compile-standards.py TREE
"""
import pathlib
import subprocess
import sys
import tempfile

GOOD = """id: s
name_en: S
name_zh: 硫
kind: shift
unit: cm-1
u_default: 1
source: seen nowhere, made for this test

lines:
  100 | 0.5 | 1 | check
  200 |  -  | - | -
"""
BAD = {
    "a value twice": ("  200 |", "  100 |"), "a value that is no number": ("200 |", "2oo |"),
    "a shift out of range": ("200 |", "9000 |"), "nan": ("200 |", "nan |"), "a cell too few": (" | - | -\n", " | -\n"),
    "a mark that is unknown": ("| check", "| chek"), "u of 0": ("0.5", "0"), "no unit": ("unit: cm-1\n", ""),
    "a unit of lamps": ("cm-1", "nm_air"), "another id": ("id: s", "id: t"), "a key twice": ("id: s", "id: s\nid: s"),
    "an unknown key": ("source:", "sauce:"), "no u": ("u_default: 1", "u_default: -"), "no lines": ("lines:", "rows:"),
}


def compile_text(tree, text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "s.standard").write_text(text, encoding="utf-8")
        command = [sys.executable, tree / "calibration/compile-standards.py", path / "o.c", path / "o.d", path]
        return subprocess.run(command, capture_output=True, text=True)


def main():
    tree = pathlib.Path(sys.argv[1])
    failed = [] if compile_text(tree, GOOD).returncode == 0 else ["the good file was refused"]
    for what, (old, new) in BAD.items():
        assert old in GOOD
        result = compile_text(tree, GOOD.replace(old, new, 1))
        if result.returncode == 0 or "s.standard" not in result.stderr or "Traceback" in result.stderr:
            failed.append(f"{what}: {result.returncode} {result.stderr.strip()[-200:]}")
    print("\n".join(failed) if failed else f"{len(BAD)} refusals")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
