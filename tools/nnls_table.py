#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Non-negative least squares beside scipy.optimize.nnls, on the same columns, in one run, one thread.

    nnls_table.py NNLS_FIGURES

Needs python3-numpy and python3-scipy.
"""
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy
from scipy.optimize import nnls

ROWS, REPEATS = 1024, 51


def scipy_us(a, b):
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        x, _ = nnls(a, b)
        times.append(1e6 * (time.perf_counter() - start))
    return sorted(times)[REPEATS // 2], x


def main():
    print("| columns of 1,024 | scipy nnls, us | Gram matrix stored: A'b and solution | ratio | solution alone "
          "| ratio | Gram matrix made anew | ratio | largest deviation |\n|---|---|---|---|---|---|---|---|---|")
    for k in (10, 50, 200):
        with tempfile.TemporaryDirectory(prefix="celadon-nnls-") as scratch:
            path = pathlib.Path(scratch) / "problem"
            run = subprocess.run([sys.argv[1], str(k), path], check=True, capture_output=True, text=True)
            values = numpy.fromfile(path)
        whole, stored, alone = (float(v) for v in run.stdout.split())
        a, b, x = values[:k * ROWS].reshape(k, ROWS).T, values[k * ROWS:(k + 1) * ROWS], values[(k + 1) * ROWS:]
        theirs, expected = scipy_us(numpy.ascontiguousarray(a), b)
        print(f"| {k} | {theirs:.0f} | {stored:.1f} | {theirs / stored:.0f} | {alone:.2f} | {theirs / alone:.0f} | "
              f"{whole:.0f} | {theirs / whole:.1f} | {numpy.abs(x - expected).max():.1e} |")


if __name__ == "__main__":
    main()
