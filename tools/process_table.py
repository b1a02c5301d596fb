# SPDX-License-Identifier: GPL-3.0-or-later
"""Times the kernels of src/process beside scipy's, as markdown: processor time of the one thread, medians.

Usage: /usr/bin/python3 tools/process_table.py PROCESS_BENCH   (the interpreter that Debian's numpy, scipy and
lmfit belong to)
"""
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

ROUNDS, REPEATS, MANY, MANY_TIMED = 7, 9, 64, 4

# pybaselines 1.2.1 with numba: microseconds and iterations for 1,024 and 2,048 samples, measured once on another
# machine (one thread). What scipy took there on the rows below says how much faster that one was.
THERE = {"arpls": ((750, 11), (2242, 19)), "asls": ((364, 7), (664, 7)), "airpls": ((189, 3), (327, 3)),
         "iarpls": ((931, 14), (2468, 22)), "drpls": ((865, 9), (2003, 12)), "imodpoly": ((487, 23), (648, None)),
         "snip": ((301, 0), (354, 0)), "hull": ((179, 0), (267, 0))}
SCIPY_THERE = {"savgol 1024": 91, "savgol 2048": 94, "find_peaks 1024": 26, "find_peaks 2048": 45, "fit, 41 points": 464,
               "fit, 101 points": 503, "five bands": 8182}
GOALS = {"arpls": 10, "asls": 8, "airpls": 8, "iarpls": 8, "drpls": 8, "arpls, many": 30, "imodpoly": 5, "snip": 25,
         "hull": 50, "savgol": 50, "fit, 41 points": 15, "fit, 101 points": 15, "lmfit, 41 points": 150,
         "lmfit, 101 points": 150, "five bands": 8}


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


def spectra(n):
    random = numpy.random.default_rng(5)
    return numpy.concatenate([spectrum(n) + random.normal(0, 3, n) for _ in range(MANY)])


def fit_case(points, n_bands):
    """Number of bands, x0, points, x, y, start: as the program reads it."""
    random = numpy.random.default_rng(points)
    x = numpy.linspace(900, 900 + 1.5 * (points - 1), points)
    middle = x.mean()
    truth, start = [], []
    for b in range(n_bands):
        centre = x[0] + (b + 0.5) * (x[-1] - x[0]) / n_bands
        truth += [1000 - 120 * b, centre, 5 + 0.6 * b, 0.4]
        start += [900 - 100 * b, centre + 1.5, 6.5, 0.5]
    y = peers.bands(x, middle, truth + [50, 0.1]) + random.normal(0, 8, points)
    return numpy.concatenate([[n_bands, middle, points], x, y, start, [40, 0]])


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

    def close(self):
        self.process.stdin.close()
        return self.process.wait()


def median_us(function, data):
    times = []
    while len(times) < REPEATS and sum(times) < 0.3 or len(times) < 3:
        start = time.thread_time()
        function(data)
        times.append(time.thread_time() - start)
    return 1e6 * statistics.median(times)


class Row:
    """@count: spectra in the data; times are of one."""

    def __init__(self, name, data, ours, peer, count=1):
        self.name, self.data, self.ours, self.peer, self.count = name, data, ours, peer, count
        self.times, self.result, self.expected = [], None, peer(data)

    def once(self, bench):
        us, iterations, values = bench(self.ours, self.data)
        self.result = values, iterations
        self.times.append((us / self.count, median_us(self.peer, self.data) / min(self.count, MANY_TIMED)))

    def us(self, which):
        return statistics.median(t[which] for t in self.times)

    def ratio(self):
        return statistics.median(t[1] / t[0] for t in self.times)

    def deviation(self):
        """Over the largest value of the input; of fits relative, of values and uncertainties."""
        (ours, _), (theirs, _) = self.result, self.expected
        if self.peer is peers.lmfit:
            ours = ours[[1, 2, 5, 7, 8, 11]]
        if self.ours == "pvoigt":
            return numpy.abs(ours / theirs - 1).max()
        if ours.shape != theirs.shape and self.count == 1:
            return float("nan")
        return numpy.abs(ours[:len(theirs)] - theirs).max() / numpy.abs(self.data).max()

    def pybaselines(self, factor):
        """What it would take here for as many iterations as this spectrum needs."""
        name, _, n = self.name.replace(", many", "").rpartition(" ")
        if name not in THERE:
            return None
        us, iterations = THERE[name][n == "2048"]
        share = self.result[1] / self.count / iterations if iterations else 1
        return us * share * factor if iterations is not None else None


def several(data):
    """The first few of the spectra, one after the other."""
    done = [peers.arpls(y) for y in data.reshape(MANY, -1)[:MANY_TIMED]]
    return numpy.concatenate([y for y, _ in done]), sum(t for _, t in done)


def rows():
    for n in (1024, 2048):
        y = spectrum(n)
        for name in ("arpls", "asls", "airpls", "iarpls", "drpls", "imodpoly", "snip", "hull", "savgol"):
            yield Row(f"{name} {n}", y, name, getattr(peers, name))
        yield Row(f"arpls, many {n}", spectra(n), "arpls-many", several, MANY)
        yield Row(f"find_peaks {n}", y - peers.arpls(y)[0], "peaks", peers.peaks)
    for points in (41, 101):
        yield Row(f"fit, {points} points", fit_case(points, 1), "pvoigt", peers.curve_fit)
        yield Row(f"lmfit, {points} points", fit_case(points, 1), "pvoigt", peers.lmfit)
    yield Row("five bands", fit_case(301, 5), "pvoigt", peers.curve_fit)


def line(row, factor):
    theirs = row.pybaselines(factor)
    counts = f"{row.result[1]} / {row.expected[1]}" if row.expected[1] and row.count == 1 else ""
    goal = GOALS.get(row.name.removesuffix(" 1024").removesuffix(" 2048"), "")
    there = f"{theirs:.0f} | {theirs / row.us(0):.1f}" if theirs else " | "
    return (f"| {row.name} | {row.us(0):.2f} | {row.us(1):.0f} | {row.ratio():.1f} | {there} | {goal} | {counts} | "
            f"{row.deviation():.2g} |")


def main():
    with tempfile.TemporaryDirectory(prefix="celadon-process-") as folder:
        bench, table = Bench(sys.argv[1], folder), list(rows())
        for _ in range(ROUNDS):
            for row in table:
                row.once(bench)
        status = bench.close()
    factor = statistics.median(row.us(1) / SCIPY_THERE[row.name] for row in table if row.name in SCIPY_THERE)
    form = os.environ.get("CELADON_LANES", "best")
    print(f"Form of the kernels: {form}; scipy takes {factor:.2f} times as long here as where pybaselines was measured; "
          f"load {os.getloadavg()[0]:.1f}.\n")
    print("| row | ours, us | scipy (lmfit), us | ratio | pybaselines here, us | ratio | goal | iterations | "
          "largest deviation |\n|---|---|---|---|---|---|---|---|---|")
    for row in table:
        print(line(row, factor))
    return status


if __name__ == "__main__":
    sys.exit(main())
