# SPDX-License-Identifier: GPL-3.0-or-later
"""Times the kernels of src/process beside scipy's, as markdown. Run with the interpreter that Debian's
numpy, scipy and lmfit belong to: /usr/bin/python3 process_table.py PROCESS_BENCH"""
import os

# Before numpy loads its library of linear algebra: one thread.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy

import process_peers as peers

ROUNDS, REPEATS = 7, 15

# pybaselines 1.2.1 with numba, microseconds for 1,024 and 2,048 samples, as measured once on another
# machine (one thread); what scipy took there says how much faster this one is.
THERE = {"asls": (364, 664), "arpls": (750, 2242), "airpls": (189, 327), "iarpls": (931, 2468),
         "drpls": (865, 2003), "imodpoly": (487, 648), "snip": (301, 354), "hull": (179, 267)}
SCIPY_THERE = {"savgol": (91, 94), "peaks": (26, 45), "pvoigt 41": (464,), "pvoigt 101": (503,),
               "five": (8182,)}
GOALS = {"arpls": 10, "asls": 8, "airpls": 8, "iarpls": 8, "drpls": 8, "imodpoly": 5, "snip": 25,
         "hull": 50, "savgol": 50, "pvoigt 41": 15, "pvoigt 101": 15, "five": 8}


def spectrum(n):
    """Twelve bands on fluorescence, noise sd 8."""
    random = numpy.random.default_rng(3)
    x = numpy.linspace(0, 1, n)
    y = 900 + 1600 * numpy.exp(-((x - 0.35) / 0.4) ** 2) + 200 * x
    for _ in range(12):
        p = [random.uniform(100, 1500), random.uniform(0.05, 0.95), random.uniform(0.002, 0.008),
             random.uniform(0, 1), 0, 0]
        y += peers.bands(x, 0, p)
    return numpy.round(y + random.normal(0, 8, n), 6)


def fit_case(points, n_bands):
    random = numpy.random.default_rng(points)
    x = numpy.linspace(900, 900 + 1.5 * (points - 1), points)
    middle = x.mean()
    truth, start = [], []
    for b in range(n_bands):
        centre = x[0] + (b + 0.5) * (x[-1] - x[0]) / n_bands
        truth += [1000 - 120 * b, centre, 5 + 0.6 * b, 0.4]
        start += [900 - 100 * b, centre + 1.5, 6.5, 0.5]
    truth += [50, 0.1]
    start += [40, 0]
    y = peers.bands(x, middle, truth) + random.normal(0, 8, points)
    return numpy.concatenate([[n_bands, middle, points], x, y, start])


class Bench:
    """The program of ours, which answers one row at a time."""

    def __init__(self, program, folder):
        self.folder = pathlib.Path(folder)
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, row, data):
        source, result = self.folder / "in", self.folder / "out"
        source.write_bytes(numpy.ascontiguousarray(data, float).tobytes())
        self.process.stdin.write(f"{row} {REPEATS} {source} {result}\n")
        self.process.stdin.flush()
        us, iterations = self.process.stdout.readline().split()
        return float(us), int(iterations), numpy.frombuffer(result.read_bytes())


def peer_us(function, data):
    function(data)
    times = []
    while len(times) < REPEATS and sum(times) < 0.3 or len(times) < 3:
        start = time.perf_counter()
        function(data)
        times.append(time.perf_counter() - start)
    return 1e6 * statistics.median(times)


class Row:
    def __init__(self, name, data, ours, peer):
        self.name, self.data, self.ours, self.peer = name, data, ours, peer
        self.times, self.result, self.expected = [], None, peer(data)

    def round(self, bench):
        us, iterations, values = bench(self.ours, self.data)
        self.result = values, iterations
        self.times.append((us, peer_us(self.peer, self.data)))

    def us(self):
        return statistics.median(t[0] for t in self.times)

    def peer_us(self):
        return statistics.median(t[1] for t in self.times)

    def ratio(self):
        return statistics.median(t[1] / t[0] for t in self.times)

    def deviation(self):
        """Largest, over the largest value of the input; of fits relative (values and uncertainties)."""
        (ours, _), (theirs, _) = self.result, self.expected
        if ours.shape != theirs.shape:
            return float("nan")
        if self.ours == "pvoigt":
            return numpy.abs(ours / theirs - 1).max()
        return numpy.abs(ours - theirs).max() / numpy.abs(self.data).max()


def rows():
    for n in (1024, 2048):
        y = spectrum(n)
        for name in ("arpls", "asls", "airpls", "imodpoly", "snip", "hull", "savgol"):
            yield Row(f"{name} {n}", y, name, getattr(peers, name))
        yield Row(f"peaks {n}", y - peers.arpls(y)[0], "peaks", peers.peaks)
    for name, points, n_bands in (("pvoigt 41", 41, 1), ("pvoigt 101", 101, 1), ("five", 301, 5)):
        yield Row(name, fit_case(points, n_bands), "pvoigt", peers.curve_fit)


def main():
    with tempfile.TemporaryDirectory(prefix="celadon-process-") as folder:
        bench = Bench(sys.argv[1], folder)
        table = list(rows())
        for _ in range(ROUNDS):
            for row in table:
                row.round(bench)
    for row in table:
        print(row.name, f"{row.us():.2f} {row.peer_us():.1f} {row.ratio():.1f}", row.result[1], row.expected[1], f"{row.deviation():.2g}")
    bench.process.stdin.close()
    return bench.process.wait()


if __name__ == "__main__":
    sys.exit(main())
