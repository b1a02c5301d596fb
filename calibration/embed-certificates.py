#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes C texts of the certificates that ship; the program's own reader reads them.

Usage: embed-certificates.py OUT.c DEPFILE FOLDER
"""
import pathlib
import sys


def quoted(line):
    out = ""
    for byte in line.encode("utf-8"):
        out += chr(byte) if 32 <= byte < 127 and byte not in b'"\\?' else f"\\{byte:03o}"
    return f'    "{out}\\n"'


def main():
    out, depfile, folder = (pathlib.Path(a) for a in sys.argv[1:4])
    paths = sorted(folder.glob("*.certificate"))
    if not paths:
        sys.exit(f"{folder}: no certificates")
    lines = ["/* SPDX-License-Identifier: GPL-3.0-or-later */", "/* Made by embed-certificates.py. */",
             '#include "cel-certificate-texts.h"', "", "#include <stddef.h>", "",
             "const char *const cel_certificate_ids[] = {"]
    lines += [f'    "{path.stem}",' for path in paths] + ["    NULL,", "};",
                                                         "const char *const cel_certificate_texts[] = {"]
    for path in paths:
        lines += [quoted(line) for line in path.read_text(encoding="utf-8").splitlines()]
        lines[-1] += ","
    out.write_text("\n".join([*lines, "};", ""]), encoding="utf-8")
    names = " ".join(str(p).replace(" ", "\\ ") for p in [folder, *paths])
    depfile.write_text(f"{out}: {names}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
