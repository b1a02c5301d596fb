#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the table of standards from calibration/standards/*.standard (format: calibration/README.md).

Usage: compile-standards.py OUT.c DEPFILE FOLDER
A file that does not follow the format stops the build with its name and line.
"""
import math
import pathlib
import re
import sys

KINDS = ["lamp", "shift", "intensity"]
# unit in the files -> (C name, smallest, largest value)
UNITS = {"nm_air": ("CEL_UNIT_NM_AIR", 100.0, 20000.0), "cm-1": ("CEL_UNIT_SHIFT_CM1", 30.0, 4500.0)}
KEYS = {"id", "name_en", "name_zh", "kind", "unit", "u_default", "celsius", "source"}
REQUIRED = KEYS - {"celsius"}


class Bad(Exception):
    pass


def number(text, low, high, what):
    if not re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", text):
        raise Bad(f"{what} is no number: {text!r}")
    value = float(text)
    if not low <= value <= high:
        raise Bad(f"{what} {text} is not within {low:g} to {high:g}")
    return value


def read_key(entry, text):
    key, colon, value = (part.strip() for part in text.partition(":"))
    if not colon or key not in KEYS or not value:
        raise Bad(f"no key of a standard: {text!r}")
    if key in entry:
        raise Bad(f"{key} stands twice")
    entry[key] = value


def read_line(entry, text):
    """One row: value | u | weight | check; '-' where something is not stated."""
    cells = [cell.strip() for cell in text.split("|")]
    if len(cells) != 4 or cells[3] not in ("-", "check"):
        raise Bad("a row is: value | u | weight | check or -")
    _, low, high = UNITS[entry["unit"]]
    value = number(cells[0], low, high, "value")
    u = 0.0 if cells[1] == "-" else number(cells[1], 1e-9, 50.0, "u")
    weight = 0.0 if cells[2] == "-" else number(cells[2], 1e-9, 1.0, "weight")
    if entry["lines"] and value <= entry["lines"][-1][0]:
        raise Bad("values must rise")
    entry["lines"].append((value, u, weight, cells[3] == "check"))


def check_head(entry, stem):
    missing = sorted(REQUIRED - entry.keys())
    if missing:
        raise Bad("missing: " + ", ".join(missing))
    if entry["id"] != stem or not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", stem):
        raise Bad("id and name of the file must be the same: a-z 0-9 _ -")
    if entry["kind"] not in KINDS or entry["unit"] not in UNITS:
        raise Bad("unknown kind or unit")
    if (entry["kind"] == "lamp") != (entry["unit"] == "nm_air"):
        raise Bad("lamps are in nm_air, everything else is in cm-1")
    entry["u_default"] = number(entry["u_default"], 1e-9, 50.0, "u_default")
    if "celsius" in entry:
        entry["celsius"] = number(entry["celsius"], -50.0, 200.0, "celsius")


def read(path):
    entry, in_lines = {}, False
    for at, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = raw.strip()
        try:
            if not text or text.startswith("#"):
                continue
            if text == "lines:" and not in_lines:
                check_head(entry, path.stem)
                in_lines, entry["lines"] = True, []
            elif in_lines:
                read_line(entry, text)
            else:
                read_key(entry, text)
        except Bad as bad:
            sys.exit(f"{path}:{at}: {bad}")
    if not entry.get("lines"):
        sys.exit(f"{path}: no lines")
    return entry


def quoted(text):
    out = ""
    for byte in text.encode("utf-8"):
        plain = 32 <= byte < 127 and byte not in b'"\\?'
        out += chr(byte) if plain else f"\\{byte:03o}"
    return f'"{out}"'


def source_text(entries):
    out = ['/* SPDX-License-Identifier: GPL-3.0-or-later */', '/* Made by compile-standards.py. */',
           '#include "cel-standard-table.h"', '', '#include <math.h>', '']
    for k, entry in enumerate(entries):
        out.append(f"static const CelStandardLine lines_{k}[] = {{")
        out += [f"    {{ {v!r}, {u!r}, {w!r}, {'TRUE' if c else 'FALSE'} }}," for v, u, w, c in entry["lines"]]
        out += ["};", f"static const CelStandard standard_{k} = {{"]
        out += [f"    .{key} = {quoted(entry[key])}," for key in ("id", "name_en", "name_zh", "source")]
        celsius = entry.get("celsius", math.nan)
        out += [f"    .kind = CEL_STANDARD_{entry['kind'].upper()}, .unit = {UNITS[entry['unit']][0]},",
                f"    .u_default = {entry['u_default']!r},",
                f"    .celsius = {'NAN' if math.isnan(celsius) else repr(celsius)},",
                f"    .lines = lines_{k}, .n_lines = {len(entry['lines'])},", "};"]
    out += ["const CelStandard *const cel_standard_table[] = {"]
    out += [f"    &standard_{k}," for k in range(len(entries))]
    out += ["};", f"const gsize cel_standard_table_n = {len(entries)};", ""]
    return "\n".join(out)


def main():
    out, depfile, folder = (pathlib.Path(a) for a in sys.argv[1:4])
    paths = sorted(folder.glob("*.standard"))
    entries = sorted((read(p) for p in paths), key=lambda e: (KINDS.index(e["kind"]), e["id"]))
    if not entries:
        sys.exit(f"{folder}: no standards")
    out.write_text(source_text(entries), encoding="utf-8")
    names = " ".join(str(p).replace(" ", "\\ ") for p in [folder, *paths])
    depfile.write_text(f"{out}: {names}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
