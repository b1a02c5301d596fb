#!/usr/bin/env python3
"""Makes a C header of an SQL file: one text constant, named after the file.

Usage: embed-sql.py FILE.sql OUT.h
"""
import pathlib
import sys

source = pathlib.Path(sys.argv[1])
lines = [f"/* Made from {source.name}. */", f"static const char {source.stem}_sql[] ="]
for line in source.read_text(encoding="utf-8").splitlines():
    code = line.split("--")[0].rstrip()
    if code:
        lines.append('    "' + code.replace("\\", "\\\\").replace('"', '\\"') + '\\n"')
pathlib.Path(sys.argv[2]).write_text("\n".join(lines) + ";\n", encoding="utf-8")
