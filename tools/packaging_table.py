#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real spectra of minerals behind measured packaging, with and without a recorded blank of it.

    packaging_table.py CELADON SHARED [--n 300] [--half development|validation]

A sample: one RRUFF query whose mineral the library holds (532, 780, 785 nm; another laser or another piece
than the reference), plus one raw measurement of a PE, PP, PET or PS sheet (mpx_weathered_plastics, WITec,
532 nm, cleaned, fluorescence and noise as measured, on the axis fitted to its own bands). The sheet's
strongest band above its background stands at f, the mineral's at 1 - f, f uniform in 0.2..0.8. The recorded
blank is the first measurement of the same sheet; the samples take the others, from other spots. References: the 2,359 spectra of RRUFF and
the plastics of RamanMP (other pieces, other instruments), PE, PP, PET, PS and PVC marked as packaging.

The half is that of the mineral's name (SHA-256, even: development). Right means the mineral's own name, no
series or look-alike. Beside: the plain matcher, SG slope cosine against every reference, best one wins.
Needs python3-numpy and python3-scipy. Everything is seeded.
"""
import argparse
import csv
import gzip
import hashlib
import pathlib
import tempfile

import numpy
from scipy.ndimage import grey_opening
from scipy.signal import savgol_filter

import mixture_table as table

PACKAGING = {"PE": "LDPE HDPE".split(), "PP": ["PP"], "PET": ["PET"], "PS": ["PS"]}
MARKED = ("PE_", "PP_", "PET_", "PS_", "PVC_")
FITTED_NM = {"1024": 532.20, "1600": 532.14}
GRID = numpy.arange(150, 1301, 2.0)


def half_of(name):
    return "development validation".split()[hashlib.sha256(name.encode()).digest()[0] % 2]


def plastics(shared):
    folder = shared / "data" / "ramanmp_plastics_pigments"
    with open(folder / "names.tsv", encoding="utf-8") as file:
        names = {row["column"]: row for row in csv.DictReader(file, delimiter="\t")}
    with gzip.open(folder / "MPdatabase.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    for c, column in enumerate(rows[0]):
        if names.get(column, {}).get("group") != "plastic":
            continue
        points = [(float(r[0]), float(r[c])) for r in rows[1:] if r[c] not in ("", "NA")]
        x, y = numpy.array(sorted(points)).T
        packaging = "yes" if column.startswith(MARKED) else ""
        yield ("plastic_" + table.slug(names[column]["substance"]), names[column]["substance"], "polymer", 785,
               packaging, x, numpy.maximum(y, 0))


def sheets(shared):
    """{sheet: [(x, y)]}: raw measurements of cleaned packaging, axis fitted to its bands."""
    folder, out = shared / "data" / "mpx_weathered_plastics", {}
    polymers = sum(PACKAGING.values(), [])
    with open(folder / "INDEX.tsv", encoding="utf-8") as file:
        for path, sheet, polymer, treatment, _, _, unit, laser, n, *_ in list(csv.reader(file, delimiter="\t"))[1:]:
            if polymer not in polymers or treatment != "nobio" or unit != "nm" or laser != "532" or n not in FITTED_NM:
                continue
            data = numpy.loadtxt(folder / path, delimiter=",", skiprows=1, usecols=(0, 1))
            x, y = 1e7 / FITTED_NM[n] - 1e7 / data[:, 0], data[:, 1]
            keep = (x > 140) & (x < 1800)
            background = grey_opening(y[keep], 101)
            out.setdefault(sheet, []).append((x[keep], y[keep] / (y[keep] - background).max()))
    return {sheet: spectra for sheet, spectra in out.items() if len(spectra) > 1}


def queries(shared, half):
    folder = shared / "data" / "rruff"
    with open(folder / "queries_dev_truth.tsv", encoding="utf-8") as file:
        truth = {r["id"]: r for r in csv.DictReader((l for l in file if not l.startswith("#")), delimiter="\t")}
    with gzip.open(folder / "queries_dev.tsv.gz", "rt", encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                continue
            ident, _, _, _, _, n, axis, scale, y = line.rstrip("\n").split("\t")
            row = truth[ident]
            if row["in_library"] != "1" or half_of(row["truth_substance"]) != half:
                continue
            x = (float(axis[2:].split(":")[0]) + float(axis[2:].split(":")[1]) * numpy.arange(int(n))
                 if axis.startswith("L:") else numpy.array(axis[2:].split(), float))
            y = numpy.array(y.split(), float)
            yield "mineral_" + table.slug(row["truth_substance"]), x, y / y.max()


class Sample:
    def __init__(self, random, mineral, packed):
        self.truth, x, y = mineral
        sheet = sorted(packed)[random.randint(len(packed))]
        self.sheet, here = sheet, random.randint(1, len(packed[sheet]))
        self.share = random.uniform(0.2, 0.8)
        keep = (x >= max(150, packed[sheet][here][0][0])) & (x <= 1800)
        self.x = x[keep]
        self.y = (1 - self.share) * y[keep] + self.share * numpy.interp(self.x, *packed[sheet][here])
        self.alone = y[keep]
        self.blank = packed[sheet][0]


def slopes(x, y):
    inside = (GRID >= x[0]) & (GRID <= x[-1])
    values = savgol_filter(numpy.interp(GRID, x, y), 11, 3, deriv=1) * inside
    return values, inside


class PlainMatcher:
    def __init__(self, rows):
        self.ids = [r[0] for r in rows]
        values = [slopes(r[5], r[6] / r[6].max()) for r in rows]
        self.slopes = numpy.array([v for v, _ in values])
        self.inside = numpy.array([i for _, i in values], float)

    def __call__(self, x, y):
        values, inside = slopes(x, y)
        norms = numpy.sqrt((self.slopes ** 2 @ inside) * (self.inside @ values ** 2))
        return self.ids[int(numpy.argmax(self.slopes @ values / numpy.maximum(norms, 1e-12)))]


def first(answer):
    return {answer["hits"][0]["id"]} if answer["hits"] else set()


def answers_for(celadon, library, samples, how):
    """how: alone, recorded, unrecorded. One call a sheet where its blank is given."""
    with tempfile.TemporaryDirectory(prefix="celadon-packaging-") as scratch:
        folder = pathlib.Path(scratch)
        if how == "alone":
            return table.identify(celadon, library, folder, [(s.x, s.alone) for s in samples], laser=532)
        if how == "unrecorded":
            return table.identify(celadon, library, folder, [(s.x, s.y) for s in samples], laser=532)
        out = {}
        for sheet in sorted({s.sheet for s in samples}):
            mine = [s for s in samples if s.sheet == sheet]
            table.write_xy(folder / "blank.txt", *mine[0].blank)
            found = table.identify(celadon, library, folder, [(s.x, s.y) for s in mine], "--blank",
                                   folder / "blank.txt", laser=532)
            out.update(zip(map(id, mine), found))
        return [out[id(s)] for s in samples]


def one_half(celadon, library, plain, shared, half, n):
    random = numpy.random.RandomState(6)
    minerals, packed = list(queries(shared, half)), sheets(shared)
    samples = [Sample(random, minerals[i], packed) for i in random.choice(len(minerals), min(n, len(minerals)), False)]
    n = len(samples)
    for how, title in (("alone", "no packaging"), ("recorded", "blank recorded"), ("unrecorded", "no blank")):
        answers = answers_for(celadon, library, samples, how)
        truths = [s.truth for s in samples]
        named = sum(t in table.fitted(a) | (first(a) if how == "recorded" and not table.fitted(a) else set())
                    for t, a in zip(truths, answers))
        ranked = sum(t in first(a) for t, a in zip(truths, answers))
        claimed = sum(t in table.claimed(a) for t, a in zip(truths, answers))
        wrong = sum(any(i.startswith("mineral_") for i in table.claimed(a) - {t}) for t, a in zip(truths, answers))
        right = sum(plain(s.x, s.alone if how == "alone" else s.y) == s.truth for s in samples)
        extra = sum(len({i for i in table.fitted(a) if i.startswith("mineral_")} - {t}) for t, a in zip(truths, answers)) / n
        print(f"| {title} | {half} | {n} | {table.interval(named, n)} | {extra:.2f} | {table.interval(ranked, n)} | "
              f"{table.interval(claimed, n)} | {table.interval(wrong, n)} | {table.interval(right, n)} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("celadon")
    parser.add_argument("shared", type=pathlib.Path)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--half", choices=["development", "validation"])
    words = parser.parse_args()
    rows = [("mineral_" + table.slug(name), name, "mineral", 532, "", x, y)
            for _, name, x, y in table.minerals(words.shared)] + list(plastics(words.shared))
    with tempfile.TemporaryDirectory(prefix="celadon-library-") as scratch:
        library = table.import_library(words.celadon, pathlib.Path(scratch), rows)
        plain = PlainMatcher(rows)
        print("| | half | n | in the named set, % (95 %) | other minerals named a sample | first hit, % | claimed, % "
              "| claimed a wrong mineral, % | plain matcher first, % |\n|---|---|---|---|---|---|---|---|---|")
        for half in [words.half] if words.half else ["development", "validation"]:
            one_half(words.celadon, library, plain, words.shared, half, words.n)


if __name__ == "__main__":
    main()
