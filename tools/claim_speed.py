#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a raw frame to the claim against a large library, and starting up with it.

Usage: tools/figures claim-cli [--entries N] [--keep FOLDER]

Entries are made as for tools/figures search (of real spectra), imported by `celadon library import`; the samples are
raw frames of 2,048 pixels with fluorescence, noise and a cosmic ray. Runs with the system's python3 (numpy).
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import search_speed as made
import numpy as np

N_PIXELS, N_FRAMES, COLUMNS = 2048, 12, ("file", "id", "name_en", "name_zh", "class", "laser_nm", "source", "licence",
                                         "grade", "baseline")


def write(path, x, y, laser="532"):
    lines = [f"# laser_nm: {laser}"] if laser else []
    lines += [f"{a:.3f}\t{b:.6g}" for a, b in zip(x, y)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_library(bases, n, folder):
    """Writes @n spectra and their manifest; 25 of each spectrum, each spectrum a substance."""
    used, random = bases[: max(1, n // 25)], np.random.default_rng(made.SEED)
    grid, rows = np.linspace(150, 1300, made.N_COLS), ["\t".join(COLUMNS)]
    (folder / "spectra").mkdir()
    for at in range(0, n, 1000):
        which = np.arange(at, min(at + 1000, n)) % len(used)
        for i, y in enumerate(made.made(used, which, random) ** 2):
            name = f"spectra/{at + i}.txt"
            write(folder / name, grid, 1000 * y / y.max())
            rows.append("\t".join((name, f"s{which[i]:04}", f"Substance {which[i]}", "", "mineral", "532",
                                   f"made {at + i}", "cite", "B", "removed")))
    (folder / "import.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return used


def write_frames(used, folder):
    """Raw frames with their background; returns [(file, substance)]."""
    random, out = np.random.default_rng(made.SEED + 5), []
    grid, x = np.linspace(150, 1300, made.N_COLS), np.linspace(120, 1800, N_PIXELS)
    for k, which in enumerate(random.integers(0, len(used), N_FRAMES)):
        y = made.made(used, np.array([which]), random)[0] ** 2
        counts = 4000 * np.interp(x, grid, y / y.max(), left=0, right=0)
        counts += 900 + 3000 * np.exp(-(((x - 1100) / 900) ** 2)) + 15 * random.standard_normal(N_PIXELS)
        counts[int(random.integers(100, 1900))] += 9000
        write(folder / f"frame-{k}.txt", x, counts)
        out.append((folder / f"frame-{k}.txt", f"s{which:04}"))
    return out


def run(*command, **environment):
    start = time.perf_counter()
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False,
                          env={**os.environ, **environment})
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(str(c) for c in command[:4])}: {done.stderr[-2000:]}")
    return done.stdout, time.perf_counter() - start


def identify(celadon, library, files, cache, repeats=1):
    out, seconds = run(celadon, "identify", "--library", library, "--only", "--policy", "development", "--json",
                       *[str(f) for f in files for _ in range(repeats)], XDG_CACHE_HOME=str(cache))
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")], seconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("celadon")
    parser.add_argument("shared", type=pathlib.Path)
    parser.add_argument("--entries", type=int, default=20000)
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the files, used again when it is there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="celadon-claim-") as name:
        folder = options.keep or pathlib.Path(name)
        folder.mkdir(exist_ok=True)
        library, bases = folder / "library.h5", made.crowded(made.spectra(options.shared))
        if not library.exists():
            used = write_library(bases, options.entries, folder)
            _, seconds = run(options.celadon, "library", "import", "--manifest", folder / "import.tsv", "--out", library)
            print(f"import: {seconds:.0f} s")
        used = bases[: max(1, options.entries // 25)]
        frames = write_frames(used, folder)
        files, cache = [f for f, _ in frames], folder / "cache"
        answers, first_start = identify(options.celadon, library, files[:1], cache)
        _, second_start = identify(options.celadon, library, files[:1], cache)
        answers, _ = identify(options.celadon, library, files, cache, 3)
        times = [a["elapsed_ms"] for a in answers]
        right = sum(a["hits"][0]["id"] == frames[i // 3][1] for i, a in enumerate(answers) if a.get("hits"))
        print(f"{made.processor()}; load {os.getloadavg()[0]:.1f}; library of {options.entries:,} entries, "
              f"{library.stat().st_size / 1e6:.0f} MB; raw frames of {N_PIXELS} pixels\n")
        made.row("what", "figure")
        made.row("---", "---")
        made.row("raw frame to claim with reasons, median", f"{statistics.median(times):.2f} ms")
        made.row("the same, 90 % below", f"{np.quantile(times, 0.9):.2f} ms")
        made.row("right substance first", f"{right} of {len(answers)}")
        made.row("first start with this library (prepared, cache written)", f"{first_start:.2f} s")
        made.row("next start (cache mapped)", f"{second_start:.2f} s")


if __name__ == "__main__":
    main()
