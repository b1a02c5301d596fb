#!/usr/bin/env python3
"""Checks what a reader expects of every source file: licence line, width, no banned calls, documented
public functions, file and function length, a README in each folder, no word about its making.

Usage: check-source.py TREE. Prints each offence; exits 1 when there is one.
"""
import pathlib
import re
import subprocess
import sys

ROOTS = ("src", "drivers", "calibration", "ui", "tests")
BANNED = {
    r"\b(strtod|atof|atoi|strtol|strtoul|sscanf)\s*\(": "cel_number_parse() reads numbers in any locale",
    r"\b(sprintf|strcpy|strcat|gets|vsprintf)\s*\(": "unbounded; use GString or g_snprintf",
    r"\b(system|popen)\s*\(": "no shell",
    r"\bgoto\b": "cleanup attributes instead",
}
PRINTS = re.compile(r"\b(printf|puts|fprintf|g_print|g_printerr)\s*\(")
HARD_FILE_LINES, HARD_FUNCTION_LINES, WIDTH = 1000, 120, 100
NEED_README = ("src", "src/base", "src/jail", "src/spectrum", "src/h5", "src/draw", "src/formats", "src/device",
               "src/process", "src/match", "src/evidence", "src/verify", "src/report", "src/bench", "src/cli", "src/mpi", "drivers",
               "calibration", "spectra_db", "ui", "tests", "tools", "docs", "po", "packaging")


def strip_comments(text):
    text = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def check_lines(name, text, engine):
    code = strip_comments(text)
    lines = text.splitlines()
    if not lines or "SPDX-License-Identifier: GPL-3.0-or-later" not in lines[0]:
        yield f"{name}:1: the licence line is missing"
    for number, line in enumerate(lines, 1):
        wide = sum(2 if ord(c) > 0x2E7F else 1 for c in line)
        if len(line) > WIDTH and wide > WIDTH:
            yield f"{name}:{number}: {len(line)} columns"
    if len(lines) > HARD_FILE_LINES:
        yield f"{name}: {len(lines)} lines, at most {HARD_FILE_LINES}"
    for number, line in enumerate(code.splitlines(), 1):
        for pattern, why in BANNED.items():
            if re.search(pattern, line):
                yield f"{name}:{number}: banned: {why}"
        if engine and PRINTS.search(line):
            yield f"{name}:{number}: the engine does not print"


def undocumented(name, text):
    """Public functions of a header need a doc block that names them."""
    docs = " ".join(re.findall(r"/\*\*?.*?\*/", text, flags=re.S))
    code = strip_comments(text)
    for match in re.finditer(r"^[A-Za-z][\w \*]*?\b(cel_\w+)\s*\([^;{]*\)\s*(?:G_GNUC_\w+\s*(?:\([^)]*\))?)?;",
                             code, flags=re.M | re.S):
        function = match.group(1)
        line = code.count("\n", 0, match.start())
        above = text.splitlines()[:line]
        while above and above[-1].strip() and not above[-1].strip().endswith("*/"):
            above.pop()
        beside = bool(above) and above[-1].strip().endswith("*/")
        if function not in docs and not beside:
            yield f"{name}:{line + 1}: {function} has no doc block"


def long_functions(tree, names):
    command = ["ctags", "-x", "--c-kinds=f", "--_xformat=%F\t%N\t%n\t%{end}", *names]
    try:
        out = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        yield "ctags is not installed: the length of functions is not checked"
        return
    for row in out.splitlines():
        file, function, start, end = row.split("\t")
        if end and int(end) - int(start) + 1 > HARD_FUNCTION_LINES:
            yield f"{file}:{start}: {function} is {int(end) - int(start) + 1} lines long"


def main():
    tree = pathlib.Path(sys.argv[1])
    files = [p for r in ROOTS for p in sorted((tree / r).rglob("*.[ch]"))]
    offences = []
    for path in files:
        name = path.relative_to(tree).as_posix()
        text = path.read_text(encoding="utf-8")
        engine = not name.startswith(("src/cli", "src/mpi", "src/verify", "tests", "ui"))
        offences += check_lines(name, text, engine)
        if path.suffix == ".h":
            offences += undocumented(name, text)
    offences += long_functions(tree, [p.relative_to(tree).as_posix() for p in files])
    offences += [f"{d}: no README.md" for d in NEED_README
                 if not (tree / d / "README.md").is_file()]
    print("\n".join(offences) if offences else f"{len(files)} files checked")
    return 1 if offences or not files else 0


if __name__ == "__main__":
    sys.exit(main())
