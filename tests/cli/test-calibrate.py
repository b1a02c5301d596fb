#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""celadon calibrate as others call it. Usage: test-calibrate.py CELADON

Measured lamps lie in the folder CELADON_SHARED; without it only the refusals are tried (exit 77).
"""
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

program = sys.argv[1]
shared = os.environ.get("CELADON_SHARED", "")
neon = pathlib.Path(shared or "/nowhere", "data/ramanchada2/ICV_BW785/Ne_785nm_x20_50ms.txt")
failures = []


def run(*arguments):
    return subprocess.run([program, "calibrate", *map(str, arguments)], capture_output=True, text=True, check=False)


def expect(what, result, status, *words):
    said = result.stdout + result.stderr
    if result.returncode != status or not all(word in said for word in words):
        failures.append(f"{what}: exit {result.returncode}, expected {status} and {words}:\n{said}")


def without_data(folder):
    out = folder / "cal"
    expect("no kind", run("--out", out), 2, "kind")
    expect("unknown kind", run("weight", "x", "--out", out), 2, "kind")
    expect("no output", run("wavelength", "--standard", "neon", "x"), 2, "--out")
    expect("no file", run("wavelength", "--standard", "neon", folder / "none", "--out", out), 3, "none")
    text = folder / "flat.txt"
    text.write_text("".join(f"{i} {100 + i % 7}\n" for i in range(200)))
    expect("no lamp named", run("wavelength", "--axis-unit", "pixel", text, "--out", out), 2, "--standard")
    expect("no lines", run("wavelength", "--axis-unit", "pixel", "--standard", "neon", text, "--out", out), 3, "lines")
    if out.exists():
        failures.append("a refused calibration left a file")


def with_data(folder):
    out = folder / "ne.cal"
    words = ("wavelength", "--axis-unit", "pixel", "--out", out)
    expect("derived", run(*words, "--author", "N", "--standard", "neon", neon), 0, "assigned")
    stored = json.loads(out.read_bytes())
    if stored["inputs"][0]["sha256"] != hashlib.sha256(neon.read_bytes()).hexdigest():
        failures.append("the input's digest is not that of the file")
    if stored["author"] != "N" or stored["kind"] != "wavelength" or len(stored["residuals"]) < 12:
        failures.append(f"not what was asked for: {stored['author']}, {stored['kind']}")
    expect("there already", run(*words, "--standard", "neon", neon), 5)
    expect("replaced", run(*words, "--replace", f"neon={neon}"), 0)
    expect("JSON", run(*words, "--json", "--replace", f"neon={neon}"), 0, '"coefficients"')
    other = folder / "ar.cal"
    expect("wrong lamp", run("wavelength", "--axis-unit", "pixel", "--standard", "argon", neon, "--out", other), 3,
           "neon")
    expect("calibrated already", run("wavelength", "--standard", "neon", neon, "--out", other), 3, "already")
    if other.exists():
        failures.append("a refused calibration left a file")


with tempfile.TemporaryDirectory(prefix="celadon-calibrate-") as name:
    without_data(pathlib.Path(name))
    if neon.exists():
        with_data(pathlib.Path(name))
for failure in failures:
    print(failure)
if failures:
    sys.exit(1)
if not neon.exists():
    print("CELADON_SHARED names no folder with measured lamps")
    sys.exit(77)
