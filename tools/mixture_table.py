#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random mixtures of the 80 spectra of one handheld, unmixed by `celadon identify`.

    mixture_table.py CELADON SHARED [--n 300] [--minerals] [--half development|validation]

A mixture: 2 or 3 spectra of wasatch_enlighten_785, each to its strongest band, weights uniform on the
simplex and at least 0.1; the axis put off by a normal deviate of 2 cm-1, once for the whole mixture or
(harder than any instrument does it) anew for each ingredient; a smooth random background of 0.3 and white
noise of 1/30 of the strongest band on samples 2 cm-1 apart. Names of one substance count as one
(SAME). The half is the first byte of SHA-256 of the sorted names, joined by "+": even development, odd
validation. References are the 80 spectra themselves, so the figures are optimistic; --minerals adds the
2,359 of RRUFF as distractors. Nothing was chosen on the validation half.

Beside: scipy's nnls over the slopes of the same 80 spectra on the mixture as it is, weights over 5 %.
Needs python3-numpy and python3-scipy. Everything is seeded.
"""
import argparse
import gzip
import hashlib
import json
import pathlib
import subprocess
import tempfile

import numpy
from scipy.optimize import nnls
from scipy.signal import savgol_filter
from scipy.stats import beta

SAME = {"Methyl_Ethyl_Ketone": "2-Butanone", "isopropanol": "2-Propanol",
        "Citric_Acid_Anhydrate": "Citric_Acid", "Citric_Acid_Monohydrate": "Citric_Acid"}
GRID = numpy.arange(310, 2291, 2.0)
SNR, AXIS_SD, BASELINE, LEAST, SHOWN = 30, 2.0, 0.3, 0.1, 0.05


def identity(name):
    return SAME.get(name, name).lower().replace("-", "_")


def half_of(names):
    return "development validation".split()[hashlib.sha256("+".join(sorted(names)).encode()).digest()[0] % 2]


def interval(hits, n):
    """Clopper, Pearson, 95 %."""
    low = beta.ppf(0.025, hits, n - hits + 1) if hits > 0 else 0.0
    high = beta.ppf(0.975, hits + 1, n - hits) if hits < n else 1.0
    return f"{100 * hits / n:.1f} ({100 * low:.1f}-{100 * high:.1f})"


def read_wasatch(path):
    points, inside = [], False
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        cells = line.split(",")
        if inside and len(cells) >= 3:
            points.append((float(cells[1]), float(cells[2])))
        inside = inside or line.startswith("Pixel,Wavenumber")
    x, y = numpy.array(points).T
    return x, y / y.max()


def read_spectra(shared):
    folder = shared / "data" / "wasatch_enlighten_785"
    return {path.stem: read_wasatch(path) for path in sorted(folder.glob("*.csv"))}


def minerals(shared):
    """(id, name, x, y) of the packed library."""
    with gzip.open(shared / "data" / "rruff" / "library_532.tsv.gz", "rt", encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                continue
            ident, name, _, _, _, n, axis, scale, y = line.rstrip("\n").split("\t")
            if axis.startswith("L:"):
                first, step = (float(v) for v in axis[2:].split(":"))
                x = first + step * numpy.arange(int(n))
            else:
                x = numpy.array(axis[2:].split(), float)
            yield ident, name, x, numpy.array(y.split(), float) * float(scale)


def write_xy(path, x, y):
    path.write_text("".join(f"{a:.8g}\t{b:.8g}\n" for a, b in zip(x, y)), encoding="ascii")


COLUMNS = "file id name_en name_zh class laser_nm source licence grade baseline packaging".split()


def import_library(celadon, folder, rows):
    """rows: (id, name, class, laser, packaging, x, y), background already off."""
    lines = ["\t".join(COLUMNS)]
    for i, (ident, name, kind, laser, packaging, x, y) in enumerate(rows):
        write_xy(folder / f"reference-{i}.txt", x, y)
        lines.append("\t".join([f"reference-{i}.txt", ident, name, "", kind, str(laser), "development", "-",
                                "B", "removed", packaging]))
    (folder / "import.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    run = subprocess.run([celadon, "library", "import", "--quiet", "--manifest", folder / "import.tsv",
                          "--out", folder / "own.library.h5"], check=False, capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(run.stderr)
    return folder / "own.library.h5"


def slug(name):
    return "".join(c if c.isalnum() else "_" for c in name.lower())


def library_rows(spectra, shared, with_minerals):
    for name, (x, y) in spectra.items():
        yield identity(name), SAME.get(name, name), "solvent", 785, "", x, y
    if with_minerals:
        for _, name, x, y in minerals(shared):
            yield "mineral_" + slug(name), name, "mineral", 532, "", x, y


def draw(spectrum, shift):
    return numpy.interp(GRID - shift, *spectrum)


def background(random):
    t = (GRID - GRID[0]) / (GRID[-1] - GRID[0])
    a, b, centre, width, c = random.random_sample(5)
    y = a * (1 - t) + b * numpy.exp(-0.5 * ((t - centre) / (0.2 + 0.3 * width)) ** 2) + c * t ** 2
    return y / y.max()


def weights(random, k):
    while True:
        w = random.dirichlet(numpy.ones(k))
        if w.min() >= LEAST:
            return w


def mixtures(spectra, k, each, half, n, seed=1):
    """n times (truth, intensities)."""
    random, names, out = numpy.random.RandomState(1000 * seed + 10 * k + each), list(spectra), []
    while len(out) < n:
        chosen = [names[i] for i in random.choice(len(names), k, replace=False)]
        w, shift = weights(random, k), AXIS_SD * random.randn(k)
        smooth, noise = background(random), random.randn(len(GRID))
        truth = {identity(name) for name in chosen}
        if len(truth) < k or half_of(truth) != half:
            continue
        y = sum(a * draw(spectra[name], shift[i if each else 0]) for i, (a, name) in enumerate(zip(w, chosen)))
        out.append((truth, y + y.max() * (BASELINE * smooth + noise / SNR)))
    return out


class PlainFit:
    def __init__(self, spectra):
        self.names = [identity(name) for name in spectra]
        self.slopes = savgol_filter([draw(s, 0) for s in spectra.values()], 11, 3, deriv=1).T

    def __call__(self, y):
        w, _ = nnls(self.slopes, savgol_filter(y, 11, 3, deriv=1))
        return {name for name, weight in zip(self.names, w / w.sum()) if weight > SHOWN}


def identify(celadon, library, folder, curves, *options, laser=785):
    files = []
    for i, (x, y) in enumerate(curves):
        files.append(folder / f"sample-{i}.txt")
        write_xy(files[-1], x, y)
    (folder / "list").write_text("".join(f"{f}\n" for f in files), encoding="utf-8")
    run = subprocess.run([celadon, "identify", "--quiet", "--library", library, "--only", "--policy",
                          "development", "--json", "--laser-nm", str(laser), *options, "--files-from",
                          folder / "list"], check=False, capture_output=True, text=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if len(answers) != len(files):
        raise SystemExit(run.stderr)
    return answers


def fitted(answer):
    """What the fit names; where one reference explains the spectrum, that one."""
    if answer["outcome"] == "found":
        return {answer["hits"][0]["id"]}
    parts = (answer["mixture"] or {"components": []})["components"]
    return {part["id"] for part in parts if part["kind"] != "blank"}


def claimed(answer):
    return fitted(answer) if answer["outcome"] in ("found", "mixture") else set()


class Count:
    def __init__(self):
        self.n = self.exact = self.extra = self.wrong = 0

    def add(self, truth, got):
        self.n += 1
        self.exact += got == truth
        self.extra += len(got - truth)
        self.wrong += bool(got - truth)

    def __str__(self):
        return f"{interval(self.exact, self.n)} | {self.extra / self.n:.3f}"


def one_row(celadon, library, spectra, k, each, half, n, misses):
    data = mixtures(spectra, k, each, half, n)
    plain, fit, claims = Count(), Count(), Count()
    plain_fit = PlainFit(spectra)
    with tempfile.TemporaryDirectory(prefix="celadon-mixtures-") as scratch:
        answers = identify(celadon, library, pathlib.Path(scratch), [(GRID, y) for _, y in data])
    for (truth, y), answer in zip(data, answers):
        plain.add(truth, plain_fit(y))
        fit.add(truth, fitted(answer))
        claims.add(truth, claimed(answer))
        if misses and fitted(answer) != truth:
            print("#", sorted(truth - fitted(answer)), "not named,", sorted(fitted(answer) - truth), "extra;",
                  answer["outcome"])
        elif misses and claimed(answer) != truth:
            m = answer["mixture"] or {}
            print("# unclaimed", {c["id"]: (c["unshared_bands"], c["spectral_weight"]) for c in m.get("components", [])},
                  {v: m.get(v) for v in ("residual", "residual_noise", "unexplained_height")})
    times = sorted(a["elapsed_ms"] for a in answers)
    print(f"| {k} | {'each' if each else 'common'} | {half} | {n} | {fit} | {interval(claims.exact, n)} | "
          f"{claims.wrong} | {plain} | {times[n // 2]:.1f} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("celadon")
    parser.add_argument("shared", type=pathlib.Path)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--half", choices=["development", "validation"])
    parser.add_argument("--minerals", action="store_true")
    parser.add_argument("--misses", action="store_true")
    words = parser.parse_args()
    spectra = read_spectra(words.shared)
    with tempfile.TemporaryDirectory(prefix="celadon-library-") as scratch:
        library = import_library(words.celadon, pathlib.Path(scratch),
                                 list(library_rows(spectra, words.shared, words.minerals)))
        print("| components | axis off by | half | n | exact set, % (95 %) | false a mixture | exact set claimed, % "
              "| claims with a false name | plain NNLS exact, % | false a mixture | median ms |\n"
              "|---|---|---|---|---|---|---|---|---|---|---|")
        for half in [words.half] if words.half else ["development", "validation"]:
            for k in (2, 3):
                for each in (False, True):
                    one_row(words.celadon, library, spectra, k, each, half, words.n, words.misses)


if __name__ == "__main__":
    main()
