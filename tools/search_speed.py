#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speed of the scan beside numpy (OpenBLAS) and R on the same arrays, in one run, one thread.

Usage: tools/figures search [--plot FILE.svg] [--rows N] [--growth N]

Entries are real spectra (RRUFF, 532 nm), warped, mixed and given noise anew; every timing is taken in turn with its
peers and the medians are compared, because another program on the machine disturbs all of them alike.
Needs Debian's python3-numpy and r-base-core (packaging/packages-figures.txt); runs with the system's python3.
"""
import argparse
import gzip
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
import numpy as np  # noqa: E402: after the number of threads is set

N_COLS, TOP, SEED = 1024, 10, 20260
PER_BASE, NEEDED, ABOVE = 48, 20, 0.95  # entries made of one spectrum; neighbours, and above which cosine
MIX, WARP, NOISE = 0.06, 0.8, 0.002     # share of another spectrum; channels; of the strongest band
N_QUERIES, REPEATS = 20, 15

R_PEER = """
con <- file("stdin", "r"); a <- commandArgs(TRUE); n <- as.integer(a[2]); m <- as.integer(a[3])
x <- matrix(readBin(a[1], "numeric", n * m, size = 4), nrow = m)
cat("ready\\n"); flush(stdout())
while (length(line <- readLines(con, 1)) > 0) {
  q <- x[, as.integer(line) + 1]
  t <- proc.time()[["elapsed"]]; for (i in 1:3) r <- cor(x, q)
  cat((proc.time()[["elapsed"]] - t) * 1000 / 3, "\\n"); flush(stdout())
}
"""


def spectra(shared):
    """Baseline-corrected spectra over 150..1300 cm-1 on N_COLS points, strongest band = 1."""
    grid, out = np.linspace(150, 1300, N_COLS), []
    with gzip.open(shared / "data/rruff/library_532.tsv.gz", "rt") as file:
        head = None
        for line in file:
            if line.startswith("# "):
                continue
            parts = line.lstrip("#").rstrip("\n").split("\t")
            if head is None:
                head = parts
                continue
            row = dict(zip(head, parts))
            y = np.array(row["y"].split("," if "," in row["y"] else None), float)
            kind, _, rest = row["axis"].partition(":")
            numbers = np.array(rest.replace(",", ":").split(":") if kind == "L" else rest.split(","), float)
            x = numbers[0] + numbers[1] * np.arange(len(y)) if kind == "L" else numbers
            if x[0] <= grid[0] + 5 and x[-1] >= grid[-1] - 5 and y.max() > 0:
                out.append(np.interp(grid, x, np.clip(y, 0, None) / y.max()).astype(np.float32))
    return np.array(out)


def made(bases, which, random):
    """One entry for each index in @which: warped, mixed with another, with noise; square root, norm 1."""
    n, at = len(which), np.arange(N_COLS)
    weight = random.uniform(0, MIX, (n, 1)).astype(np.float32)
    y = bases[which] * (1 - weight) + bases[random.integers(0, len(bases), n)] * weight
    shift = random.uniform(-WARP, WARP, (n, 1)) + random.uniform(-WARP, WARP, (n, 1)) * (at / (N_COLS / 2) - 1)
    place = np.clip(at + shift, 0, N_COLS - 1.001)
    left = place.astype(int)
    part = (place - left).astype(np.float32)
    y = np.take_along_axis(y, left, 1) * (1 - part) + np.take_along_axis(y, left + 1, 1) * part
    y += NOISE * random.standard_normal(y.shape, dtype=np.float32)
    y = np.sqrt(np.clip(y, 0, None))
    return y / np.linalg.norm(y, axis=1, keepdims=True)


def crowded(bases):
    """Those spectra whose entries stay close together: the others would make the search too easy."""
    random, out = np.random.default_rng(SEED), []
    for i in range(len(bases)):
        trial = made(bases, np.full(PER_BASE, i), random)
        if ((trial @ trial.T > ABOVE).sum(1) - 1).min() >= NEEDED + 4:
            out.append(i)
    return bases[out]


def library(bases, n, path):
    """Writes @n entries to @path and gives them back mapped; entry i is made of spectrum i mod some number."""
    used, random = bases[: max(1, min(len(bases), n // PER_BASE))], np.random.default_rng(SEED + n)
    rows = np.lib.format.open_memmap(path, "w+", np.float32, (n, N_COLS))
    for at in range(0, n, 4096):
        rows[at : at + 4096] = made(used, np.arange(at, min(at + 4096, n)) % len(used), random)
    rows.flush()
    return rows, used


def queries(rows, used, n):
    """Half near-duplicates of entries, half further entries of the same spectra."""
    random = np.random.default_rng(SEED + 1)
    near = rows[random.integers(0, len(rows), n // 2)]
    near = near + 0.002 * random.standard_normal(near.shape, dtype=np.float32)
    new = made(used, random.integers(0, len(used), n - n // 2), random)
    out = np.vstack([near / np.linalg.norm(near, axis=1, keepdims=True), new]).astype(np.float32)
    return out[random.permutation(n)]


def neighbours(rows, n=200):
    picked = rows[np.random.default_rng(SEED + 2).choice(len(rows), min(n, len(rows)), replace=False)]
    counts = np.zeros(len(picked), int)
    for at in range(0, len(rows), 65536):
        counts += (picked @ rows[at : at + 65536].T > ABOVE).sum(1)
    return counts - 1


class Peer:
    """A program that answers a line with a line."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.first = self.process.stdout.readline().split()

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def timed(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


class Series:
    """Medians of timings taken in turn."""

    def __init__(self):
        self.ms = {}

    def add(self, name, value):
        self.ms.setdefault(name, []).append(float(value))

    def __getitem__(self, name):
        return statistics.median(self.ms[name])

    def lower(self, name, quantile):
        return float(np.quantile(self.ms[name], quantile))


def single(bases, n, program, folder, with_r):
    """One query at a time at @n entries: a dictionary of figures."""
    rows, used = library(bases, n, folder / "rows.npy")
    asked = queries(rows, used, N_QUERIES)
    np.save(folder / "queries.npy", asked)
    counts = neighbours(rows)
    ours = Peer(program, str(folder / "rows.npy"), str(folder / "queries.npy"))
    memory = np.array(rows)
    other = None
    if with_r:
        memory.tofile(folder / "rows.raw")
        (folder / "peer.R").write_text(R_PEER, encoding="utf-8")
        other = Peer("Rscript", str(folder / "peer.R"), str(folder / "rows.raw"), str(n), str(N_COLS))
    times, looked_at, same = Series(), [], 0
    for turn in range(max(N_QUERIES, REPEATS)):
        q = turn % N_QUERIES
        times.add("read", ours.ask("read")[0])
        everything = ours.ask(f"all {q}")
        times.add("all", everything[0])
        times.add("numpy", timed(lambda: memory @ asked[q]))
        by_bounds = ours.ask(f"top {q}")
        times.add("top", by_bounds[0])
        times.add("again", ours.ask(f"top {q}")[0])
        looked_at.append(int(by_bounds[1]))
        same += everything[2:] == by_bounds[2:]
        if other is not None and turn < 5:
            times.add("r", other.ask(str(q))[0])
    for peer in (ours, other):
        if peer is not None:
            peer.close()
    return {"n": n, "times": times, "kernel": ours.first[0], "prepare_ms": float(ours.first[1]),
            "code_bytes": int(ours.first[2]), "looked_at": looked_at, "same": same, "turns": turn + 1,
            "neighbours": counts}


def row(*cells):
    print("| " + " | ".join(str(c) for c in cells) + " |")


def print_single(figures):
    t, n = figures["times"], figures["n"]
    gb = n * N_COLS * 4 / 1e6
    c = figures["neighbours"]
    print(f"\n### {n:,} entries x {N_COLS} float32, one query at a time\n")
    print(f"Neighbours above cosine {ABOVE} of {len(c)} entries: least {c.min()}, median {int(np.median(c))}; "
          f"{100 * (c >= NEEDED).mean():.1f} % have {NEEDED} or more.\n")
    row("what", "median ms", "beside it")
    row("---", "---", "---")
    row("reading the matrix", f"{t['read']:.3f}", f"{gb / t['read']:.1f} GB/s")
    row("exhaustive", f"{t['all']:.3f}", f"{100 * t['read'] / t['all']:.0f} % of read bandwidth")
    row("numpy `rows @ query` (OpenBLAS sgemv, no selection)", f"{t['numpy']:.3f}",
        f"{t['numpy'] / t['all']:.2f} x exhaustive")
    if "r" in t.ms:
        row("R `cor(rows, query)`", f"{t['r']:.1f}", f"{t['r'] / t['all']:.0f} x exhaustive, "
            f"{t['r'] / t['top']:.0f} x by bounds")
    row("by bounds, after the matrix was read", f"{t['top']:.4f}",
        f"1/{t['numpy'] / t['top']:.0f} of numpy; {figures['same']} of {figures['turns']} with the exhaustive top {TOP}")
    row("the same query again (codes in cache)", f"{t['again']:.4f}", f"1/{t['numpy'] / t['again']:.0f} of numpy")
    looked = figures["looked_at"]
    row("rows looked at", f"mean {statistics.mean(looked):.0f}, most {max(looked)}", "")
    row("memory of an entry", f"{N_COLS * 4} + {figures['code_bytes'] / n:.1f} bytes",
        f"codes of all: {figures['code_bytes'] / 1e6:.1f} MB")
    row("making the codes, once", f"{figures['prepare_ms']:.0f}", "")


def print_batch(bases, n_queries, n, program, folder):
    rows, used = library(bases, n, folder / "rows.npy")
    asked = queries(rows, used, n_queries)
    np.save(folder / "queries.npy", asked)
    ours, memory, times = Peer(program, str(folder / "rows.npy"), str(folder / "queries.npy")), np.array(rows), Series()
    out = np.empty((n_queries, n), np.float32)
    for _ in range(5):
        answer = ours.ask(f"batch {n_queries}")
        times.add("batch", answer[0])
        times.add("numpy", timed(lambda: np.matmul(asked, memory.T, out=out)))
    ours.close()
    print(f"\n### {n_queries:,} queries x {n:,} entries at once\n")
    row("what", "median ms", "beside it")
    row("---", "---", "---")
    row("numpy `queries @ rows.T` (OpenBLAS sgemm, no selection)", f"{times['numpy']:.0f}",
        f"{2e-6 * n_queries * n * N_COLS / times['numpy']:.0f} GFLOP/s")
    row(f"batch with top {TOP} of every query", f"{times['batch']:.0f}", f"{times['numpy'] / times['batch']:.2f} of sgemm")
    row("products computed again", f"{int(answer[1]) / n_queries:.0f} a query", f"{' '.join(answer[2:])} queries "
        "compared with the exhaustive search: equal")


def print_growth(bases, sizes, program, folder, plot):
    points = []
    print("\n### Growth\n")
    row("entries", "exhaustive ms", "numpy ms", "by bounds ms", "rows looked at, mean", "codes MB", "same top")
    row(*["---"] * 7)
    for n in sizes:
        f = single(bases, n, program, folder, False)
        t = f["times"]
        row(f"{n:,}", f"{t['all']:.3f}", f"{t['numpy']:.3f}", f"{t['top']:.4f}", f"{statistics.mean(f['looked_at']):.0f}",
            f"{f['code_bytes'] / 1e6:.2f}", f"{f['same']} of {f['turns']}")
        sys.stdout.flush()
        points.append((n, t["all"], t["numpy"], t["top"]))
    if plot:
        pathlib.Path(plot).write_text(drawn(points), encoding="utf-8")
        print(f"\nPlot: {plot}")
    return points


def drawn(points):
    """Both axes logarithmic: a line for each way."""
    colours = {"exhaustive": "#1b6e5a", "numpy": "#8a6d1f", "by bounds": "#234f9e"}
    left, top, width, height = 70, 20, 520, 300
    low, high = np.log10(min(points[0])), np.log10(max(p for q in points for p in q[1:]))
    x0, x1 = np.log10(points[0][0]), np.log10(points[-1][0])
    low = np.floor(np.log10(min(p for q in points for p in q[1:])))
    high = np.ceil(high)

    def at(n, ms):
        return (left + width * (np.log10(n) - x0) / max(x1 - x0, 1e-9),
                top + height * (high - np.log10(ms)) / (high - low))

    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="700" height="370" font-family="sans-serif" font-size="12">',
           f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="#888"/>']
    for e in range(int(low), int(high) + 1):
        y = at(points[0][0], 10.0**e)[1]
        out.append(f'<path d="M{left} {y:.1f}h{width}" stroke="#ddd"/>'
                   f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**e:g} ms</text>')
    for n, *_ in points:
        x = at(n, 1)[0]
        out.append(f'<text x="{x:.1f}" y="{top + height + 18}" text-anchor="middle">{n:,}</text>')
    for k, (name, colour) in enumerate(colours.items()):
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(p[0], p[k + 1]) for p in points))
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = at(points[-1][0], points[-1][k + 1])
        out.append(f'<text x="{x + 6:.1f}" y="{y + 4 + 12 * (name == "exhaustive"):.1f}" fill="{colour}">{name}</text>')
    out.append(f'<text x="{left + width / 2}" y="{top + height + 38}" text-anchor="middle">entries of {N_COLS} values'
               '</text></svg>\n')
    return "\n".join(out)


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else "unknown"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("shared", type=pathlib.Path)
    parser.add_argument("--plot")
    parser.add_argument("--rows", type=int, default=100000)
    parser.add_argument("--growth", type=int, default=100000, help="largest of the sizes; 0: none")
    parser.add_argument("--only-growth", action="store_true")
    options = parser.parse_args()
    bases = crowded(spectra(options.shared))
    with tempfile.TemporaryDirectory(prefix="celadon-search-") as name:
        folder = pathlib.Path(name)
        if not options.only_growth:
            small = single(bases, options.rows // 5, options.program, folder, True)
            print(f"{processor()}; kernel {small['kernel']}; numpy {np.__version__}; load {os.getloadavg()[0]:.1f}; "
                  f"{len(bases)} spectra to make entries of")
            print_single(small)
            print_single(single(bases, options.rows, options.program, folder, False))
            print_batch(bases, 1000, options.rows, options.program, folder)
        sizes = [n for n in (1000, 3000, 10000, 30000, 100000, 300000, 1000000) if n <= options.growth]
        if sizes:
            print_growth(bases, sizes, options.program, folder, options.plot)


if __name__ == "__main__":
    main()
