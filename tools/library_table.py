# SPDX-License-Identifier: GPL-3.0-or-later
"""What `celadon library lint` finds in a measured library as it is, and of faults planted into it."""
import csv
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile

PLANTED = 100  # of each kind
KINDS = {"two names": ("duplicate-two-names",), "twice": ("duplicate",),
         "another's label": ("mislabelled", "nearer-to-other"), "spike": ("spikes",), "gap": ("axis-gap",)}


def half(key):
    return "a" if hashlib.sha256(key.encode()).digest()[0] % 2 == 0 else "b"


def interval(k, n):
    """Exact two-sided 95 % (Clopper, Pearson) by bisection of the binomial sum."""
    from math import comb

    def below(p, k):
        return sum(comb(n, i) * p**i * (1 - p)**(n - i) for i in range(k + 1))

    def solve(target, k):
        low, high = 0.0, 1.0
        for _ in range(60):
            mid = (low + high) / 2
            low, high = (mid, high) if below(mid, k) > target else (low, mid)
        return low
    return (0.0 if k == 0 else solve(0.975, k - 1)), (1.0 if k == n else solve(0.025, k))


class Library:
    def __init__(self, celadon, folder):
        self.celadon, self.folder = celadon, folder
        with open(os.path.join(folder, "import.tsv"), encoding="utf-8") as file:
            table = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            self.keys, self.rows = table.fieldnames, list(table)

    def lint(self, name, rows):
        manifest = os.path.join(self.folder, name + ".tsv")
        with open(manifest, "w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, self.keys, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE)
            table.writeheader()
            table.writerows(rows)
        out = os.path.join(self.folder, name + ".h5")
        subprocess.run([self.celadon, "library", "import", "--quiet", "--manifest", manifest, "--out", out], check=True)
        run = subprocess.run([self.celadon, "library", "lint", "--json", "--threads", "2", out], check=False,
                             stdout=subprocess.PIPE, text=True)
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        return lines[:-1], lines[-1]["summary"]

    def points(self, row):
        with open(os.path.join(self.folder, row["file"]), encoding="utf-8") as file:
            return [tuple(map(float, line.split())) for line in file]

    def write(self, row, name, points, **facts):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.writelines(f"{x:.4f}\t{y:.6g}\n" for x, y in points)
        return {**row, "file": name, **facts}


def damaged(kind, points, rand):
    at = rand.randrange(len(points) // 4, 3 * len(points) // 4)
    if kind == "spike":
        x, y = points[at]
        return points[:at] + [(x, y + 0.3 * max(y for _, y in points))] + points[at + 1:]
    if kind == "gap":
        return points[:at] + points[at + 60:]
    return [(x, 0.37 * y) for x, y in points[5:-5]]  # copies are scaled and cut


def plant(library, kind, rand):
    """The library's rows with the fault, and which files have it: (name, half of the substance)."""
    rows, planted, of = [dict(row) for row in library.rows], [], {}
    for row in rows:
        of.setdefault(row["id"], []).append(row)
    several = [row for row in rows if len(of[row["id"]]) >= 3]
    for n, row in enumerate(rand.sample(several, PLANTED)):
        facts, name = {}, f"planted-{n}.txt"
        if kind in ("two names", "another's label"):
            other = rand.choice([r for r in library.rows if r["id"] != row["id"] and len(of[r["id"]]) >= 3])
            facts = {k: other[k] for k in ("id", "name_en", "name_zh")}
        if kind == "another's label":  # the row itself gets the other name
            row.update(facts)
            name = row["file"]
        else:
            rows.append(library.write(row, name, damaged(kind, library.points(row), rand), **facts))
        planted.append((name, half(facts.get("id", row["id"]))))
    return rows, planted


def show_real(findings, summary):
    print(f"{summary['references']} references of {summary['substances']} substances\n")
    print("| finding | half a | half b |\n|---|---|---|")
    for kind, n in summary["kinds"].items():
        if n > 0:
            a = sum(f["kind"] == kind and half(f["substance"]) == "a" for f in findings)
            print(f"| {kind} | {a} | {n - a} |")
    print("\n| similarity | pairs | 5 % | 50 % | 95 % | 99.99 % | at the limit of links or above |\n|---|---|---|---|---|---|---|")
    for name, row in summary["similarity"].items():
        if isinstance(row, dict):
            print(f"| {name.replace('_', ' ')} | {row['pairs']} | {row['p05']} | {row['p50']} | {row['p95']} | "
                  f"{row['p9999']} | {row['above_link_limit']:.2g} |")


def show_planted(library):
    print("\n| planted | half | found | exact 95 % interval |\n|---|---|---|---|")
    for kind, names in KINDS.items():
        rows, planted = plant(library, kind, random.Random(20261126))
        seen = {n for f in library.lint("planted", rows)[0] if f["kind"] in names
                for n in (f["reference"], f.get("other", {}).get("reference", ""))}
        for which in "ab":
            mine = [name for name, h in planted if h == which]
            k = sum(name in seen for name in mine)
            low, high = interval(k, len(mine))
            print(f"| {kind} | {which} | {k} of {len(mine)} | {100 * low:.1f}..{100 * high:.1f} % |", flush=True)


def run(celadon, shared, unpack):
    with tempfile.TemporaryDirectory(prefix="celadon-library-") as scratch:
        folder = os.environ.get("CELADON_DEVSET", scratch)
        if folder == scratch:
            subprocess.run([sys.executable, unpack, shared, folder], check=True, stdout=subprocess.DEVNULL)
        with tempfile.TemporaryDirectory(prefix="celadon-planted-") as work:
            os.symlink(os.path.join(os.path.abspath(folder), "rruff", "library"), os.path.join(work, "library"))
            with open(os.path.join(folder, "rruff", "import.tsv"), encoding="utf-8") as source, \
                    open(os.path.join(work, "import.tsv"), "w", encoding="utf-8") as copy:
                copy.write(source.read())
            library = Library(celadon, work)
            show_real(*library.lint("real", library.rows))
            show_planted(library)
    return 0
