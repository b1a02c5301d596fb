#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weathered plastics and fresh-water polymers against measured references, beside a plain matcher.

Usage: tools/figures plastics [--cases]

Runs `celadon library import` and `celadon validate --policy development` on the folder that tools/unpack-development-data
makes. Strict: the first name is that of the polymer; family: or one that the set's truth table counts as the same. Two
intervals: exact (Clopper, Pearson 1934) as if spectra were independent, and, where there are at least five, a bootstrap
over specimens (sheets), which they are not. Plain matcher: cosine of Savitzky-Golay first derivatives (11 samples of
2 cm-1, 250 to 3200 cm-1), nothing else. --cases lists every sample that was not named right.
Needs Debian's python3-numpy and python3-scipy (packaging/packages-figures.txt); runs with the system's python3.
"""
import argparse
import csv
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
import numpy as np  # noqa: E402: after the number of threads is set
from scipy.signal import savgol_filter  # noqa: E402
from scipy.stats import beta  # noqa: E402

TOP = pathlib.Path(__file__).resolve().parent.parent
GRID = np.arange(250, 3200, 2.0)
LEAST_COMMON = 125  # channels, as in the program
SEED, RESAMPLED = 20260, 2000
SETS = [  # manifest, library, title
    ("mpx/ramanmp-nominal.tsv", "ramanmp", "sheets, nominal laser (headline)"),
    ("mpx/ramanmp-oracle.tsv", "ramanmp", "sheets, oracle axis"),
    ("rampp/own.tsv", "rampp", "fresh water, own references"),
    ("rampp/ramanmp.tsv", "ramanmp", "fresh water, RamanMP"),
]


def table(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))


def truth_sets():
    """(set, first strict id) -> ids that count as strict."""
    rows = table(TOP / "tests" / "data" / "match" / "truth.tsv")
    return {(row["set"], row["strict"].split()[0]): set(row["strict"].split()) for row in rows}


def celadon(build, *arguments):
    run = subprocess.run([build / "src" / "cli" / "celadon", *arguments], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"celadon {arguments[0]}: {run.stderr.strip()}")


def records(build, devset, work, manifest, library, policy):
    out = work / "records.tsv"
    out.unlink(missing_ok=True)
    celadon(build, "validate", f"--manifest={devset / manifest}", f"--library={work / library}.h5", "--only",
            f"--policy={policy}", f"--records={out}", "--quiet")
    return {row["file"]: row for row in table(out)}


# ---- the plain matcher ----

def slope(path):
    x, y = np.loadtxt(path, comments=("#", "Raman"), unpack=True)
    order = np.argsort(x)
    inside = (GRID >= x.min()) & (GRID <= x.max())
    out = np.zeros_like(GRID)
    if inside.sum() > 11:
        out[inside] = savgol_filter(np.interp(GRID[inside], x[order], y[order]), 11, 3, deriv=1)
    return out, inside


def plain(devset, library, rows):
    """First id of every row of a manifest."""
    entries = table(devset / library / "import.tsv")
    made = [slope(devset / library / entry["file"]) for entry in entries]
    curves, masks = np.array([m[0] for m in made]), np.array([m[1] for m in made])
    out = {}
    for folder, row in rows:
        y, inside = slope(folder / row["file"])
        common = masks & inside
        norm = np.sqrt(np.einsum("ij,ij,ij->i", curves, curves, common) * np.einsum("j,j,ij->i", y, y, common))
        score = np.where((common.sum(1) >= LEAST_COMMON) & (norm > 0), curves @ y / np.maximum(norm, 1e-30), -1)
        out[row["file"]] = entries[int(np.argmax(score))]["id"]
    return out


# ---- counting ----

def exact(k, n):
    low = beta.ppf(0.025, k, n - k + 1) if k > 0 else 0.0
    high = beta.ppf(0.975, k + 1, n - k) if k < n else 1.0
    return low, high


def clustered(right, specimens):
    names = sorted(set(specimens))
    if len(names) < 5:
        return "-"
    random = np.random.default_rng(SEED)
    sums = np.array([[sum(r for r, s in zip(right, specimens) if s == name), specimens.count(name)] for name in names])
    drawn = sums[random.integers(0, len(names), (RESAMPLED, len(names)))].sum(axis=1)
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
    return f"{100 * low:.0f}-{100 * high:.0f}"


def share(k, n):
    low, high = exact(k, n)
    return f"{100 * k / n:.1f} ({100 * low:.0f}-{100 * high:.0f})"


def at_half(samples):
    """Of the half with the highest evidence, how many are right by name, and by family."""
    half = sorted(samples, key=lambda s: -s["evidence"])[:(len(samples) + 1) // 2]
    return (f"{sum(s['strict'] for s in half)} / {sum(s['family'] for s in half)} of {len(half)}")


def print_row(title, half, samples):
    n, strict = len(samples), [s["strict"] for s in samples]
    found = [s for s in samples if s["outcome"] in ("found", "class-only")]
    print(f"| {title} | {half} | {n} | {share(sum(strict), n)} | {clustered(strict, [s['specimen'] for s in samples])} "
          f"| {100 * sum(s['family'] for s in samples) / n:.1f} "
          f"| {100 * sum(s['plain'] for s in samples) / n:.1f} | {at_half(samples)} "
          f"| {sum(s['strict'] for s in found)} / {sum(not s['family'] for s in found)} |")


def gather(build, devset, work, manifest, library):
    rows, known = table(devset / manifest), truth_sets()
    got = records(build, devset, work, manifest, library, "development")
    named = plain(devset, library, [((devset / manifest).parent, row) for row in rows])
    out = []
    for row in rows:
        path = next(p for p in got if p.endswith(row["file"]))
        record = got[path]
        strict = known.get((manifest.split("/")[0], row["truth_id"]), {row["truth_id"]})
        family = strict | set(row["family"].split())
        out.append({"file": row["file"], "group": row["group"], "half": row["split"], "specimen": row["specimen"],
                    "truth": row["truth_id"], "first": record["first_id"], "outcome": record["outcome"],
                    "strict": record["first_id"] in strict, "family": record["first_id"] in family,
                    "plain": named[row["file"]] in strict, "evidence": float(record["evidence"] or 0),
                    "ms": float(record["elapsed_ms"] or 0)})
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("devset", type=pathlib.Path)
    parser.add_argument("--cases", action="store_true", help="list what was not named right")
    given = parser.parse_args()
    print("| set | half | n | strict, % (95 %) | by specimen | family, % | plain, strict % | right by name / family in "
          "the half with most evidence | found or class-only: right / wrong |\n|---|---|---|---|---|---|---|---|---|")
    times, missed = [], []
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for library in ("ramanmp", "rampp"):
            celadon(given.build, "library", "import", f"--manifest={given.devset / library / 'import.tsv'}",
                    f"--out={work / library}.h5", "--quiet")
        for manifest, library, title in SETS:
            samples = gather(given.build, given.devset, work, manifest, library)
            times += [s["ms"] for s in samples]
            missed += [(title, s) for s in samples if not s["strict"]]
            for group in sorted({s["group"] for s in samples}):
                for half in ("development", "validation", "both"):
                    part = [s for s in samples if s["group"] == group and half in (s["half"], "both")]
                    if part:
                        print_row(f"{title}: {group}" if group.startswith("MPX") else title, half, part)
        got = records(given.build, given.devset, work, SETS[0][0], "ramanmp", "evidence").values()
        print(f"\nEvidence policy, nominal laser: found {sum(r['outcome'] == 'found' for r in got)} of {len(got)}, "
              f"leads {sum(r['ceiling'].startswith('lead') for r in got)}.")
    print(f"One identification: median {np.median(times):.2f} ms, nine of ten below {np.percentile(times, 90):.2f} ms.")
    for title, s in missed if given.cases else []:
        print(f"{title}: {s['file']} ({s['half']}): {s['truth']} -> {s['first']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
