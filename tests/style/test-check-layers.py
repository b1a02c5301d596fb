#!/usr/bin/env python3
"""The test of the layering test: a tree with a forbidden include must fail, and say where."""
import pathlib
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).parent
FORBIDDEN = [
    ("src/base/cel-new.c", '#include "spectrum/cel-axis.h"', "src/base may not include src/spectrum"),
    ("src/process/cel-new.c", '#include "match/cel-library.h"', "src/process may not include"),
    ("src/match/cel-new.c", '#include <hdf5.h>', "stands only in src/h5"),
    ("src/bench/cel-new.c", '#include <gtk/gtk.h>', "stands only in ui"),
    ("src/cli/cel-new.c", '#include <cairo.h>', "stands only in src/draw"),
]


def run(tree):
    command = [sys.executable, here / "check-layers.py", tree, here / "layers.txt"]
    return subprocess.run(command, capture_output=True, text=True)


def make_tree(folder, extra=None):
    for name in ("src/spectrum/cel-axis.h", "src/match/cel-library.h", "src/base/cel-error.h"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#include <glib.h>\n")
    if extra:
        path = folder / extra[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(extra[1] + "\n")


def main():
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        make_tree(pathlib.Path(folder))
        if run(folder).returncode != 0:
            failures.append("a clean tree was refused")
    for name, line, expected in FORBIDDEN:
        with tempfile.TemporaryDirectory() as folder:
            make_tree(pathlib.Path(folder), (name, line))
            result = run(folder)
            if result.returncode != 1 or name not in result.stdout or expected not in result.stdout:
                failures.append(f"{name} with {line} passed: {result.stdout}{result.stderr}")
    print("\n".join(failures) or f"{len(FORBIDDEN)} forbidden includes caught")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
