#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`celadon calibrate intensity` and what the curve does, on scans made here.

Usage: test-intensity.py CELADON [unittest arguments]
"""
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

CELADON = os.path.abspath(sys.argv.pop(1))
SHIFTS = [150 + 2.5 * i for i in range(1150)]


def glass(x):
    """NIST SRM 2241, as its printed polynomial."""
    c = [9.71937e-02, 2.28325e-04, -5.86762e-08, 2.16023e-10, -9.77171e-14, 1.15596e-17]
    return sum(k * x ** p for p, k in enumerate(c))


def lamp(x):
    return 0.4 + 0.6 * math.exp(-((x - 900) / 1100) ** 2)


LAMP = """celadon-intensity-certificate: 1
id: own-lamp
name_en: own lamp
name_zh: 自有灯
source_kind: lamp
lot: S-12
laser_nm: 785
form: table
"""


def sensitivity(x):
    return 1 / (1 + math.exp((x - 2000) / 250))


def bands(x):
    """Four bands of one true height and a little fluorescence."""
    return 50 + sum(2000 / (1 + ((x - c) / 6) ** 2) for c in (620, 1200, 1900, 2400))


def scan(light, counts, seed):
    rand = random.Random(seed)
    rows = []
    for x in SHIFTS:
        y = counts * light(x) * sensitivity(x)
        rows.append(f"{x:.3f},{y + rand.gauss(0, math.sqrt(y + 9)):.2f}")
    return "Raman shift cm-1,Intensity\n" + "\n".join(rows) + "\n"


def run(*args):
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en")
    return subprocess.run([CELADON, *map(str, args)], capture_output=True, text=True, timeout=300,
                          env=environment, check=False)


class Intensity(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="celadon 海关 ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.glass = self.write("glass.csv", scan(glass, 60000, 1))
        self.sample = self.write("sample.csv", scan(bands, 1, 2))

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def derive(self, *more, scan_path=None, out="out.cal"):
        return run("calibrate", "intensity", "--standard", "nist-srm-2241", "--laser-nm", "785", "--out",
                   self.folder / out, *more, scan_path or self.glass)

    def refused(self, status, result, words):
        self.assertEqual(result.returncode, status, result.stderr + result.stdout)
        self.assertIn(words, result.stderr)
        self.assertFalse((self.folder / "out.cal").exists())

    def test_the_curve_brings_bands_of_equal_height_to_equal_height(self):
        result = self.derive("--lot", "2241", "--celsius", "22", "--unconfirmed", "--serial", "X-1")
        self.assertEqual(result.returncode, 0, result.stderr)
        stored = json.loads((self.folder / "out.cal").read_text(encoding="utf-8"))
        self.assertEqual(stored["kind"], "intensity")
        self.assertIn("confirmed no", stored["response"])
        out = self.folder / "corrected.csv"
        result = run("process", "--laser-nm", "785", "--intensity", self.folder / "out.cal", "--step", "correct.intensity",
                     "--out", out, self.sample)
        self.assertEqual(result.returncode, 0, result.stderr)
        points = {}
        for row in out.read_text(encoding="utf-8").splitlines():
            cells = row.split(",")
            if len(cells) > 1 and cells[0][0].isdigit():
                points[float(cells[0])] = float(cells[1])
        heights = [max(y for x, y in points.items() if abs(x - c) < 10) for c in (620, 1200, 1900, 2400)]
        raw = [2000 * sensitivity(c) for c in (620, 1200, 1900, 2400)]
        self.assertGreater(max(raw) / min(raw), 5)
        self.assertLess(max(heights) / min(heights), 1.15)

    def test_what_is_stated_must_fit_the_certificate(self):
        good = {"--lot": "2241", "--celsius": "22"}

        def words(**changed):
            merged = {**good, **{f"--{k}": v for k, v in changed.items()}}
            return [w for k, v in merged.items() if v is not None for w in (k, v)] + ["--unconfirmed"]

        self.refused(3, self.derive(*words(lot="2241a")), "another lot")
        self.refused(3, self.derive(*words(lot=None)), "another lot")
        self.refused(3, self.derive(*words(celsius="30")), "from 20 to 25")
        self.refused(2, self.derive(*words(celsius=None)), "state the temperature")
        self.refused(3, self.derive(*words(), "--laser-nm", "830"), "830 nm")
        self.refused(3, self.derive(*words(), scan_path=self.sample), "has a band")
        result = run("calibrate", "intensity", "--standard", "nist-srm-9", *words(), "--laser-nm", "785", "--out",
                     self.folder / "out.cal", self.glass)
        self.refused(2, result, "nist-srm-2241")

    def test_a_full_converter_is_seen_without_being_told(self):
        rows = scan(glass, 300000, 3).splitlines()
        full = [rows[0]] + [f"{r.split(',')[0]},{min(float(r.split(',')[1]), 65535):.2f}" for r in rows[1:]]
        path = self.write("full.csv", "\n".join(full) + "\n")
        result = self.derive("--lot", "2241", "--celsius", "22", "--unconfirmed", scan_path=path)
        self.refused(3, result, "saturated")

    def test_a_lamp_named_as_the_glass_is_caught_by_the_second_curve(self):
        self.refused(5, self.derive("--lot", "2241", "--celsius", "22"), "Nothing shows")
        rows = "".join(f"{nm} {lamp((1 / 785 - 1 / nm) * 1e7) / nm ** 3 * 1e9:.9g}\n" for nm in range(790, 1030, 4))
        certificate = self.write("own.certificate", LAMP + "u_relative: 0.01\nsource: made\nrows:\n" + rows)
        lamp_scan = self.write("lamp.csv", scan(lamp, 50000, 4))
        second = self.folder / "lamp.cal"
        result = run("calibrate", "intensity", "--standard", certificate, "--lot", "S-12", "--laser-nm", "785",
                     "--unconfirmed", "--out", second, lamp_scan)
        self.assertEqual(result.returncode, 0, result.stderr)
        words = ("--lot", "2241", "--celsius", "22", "--second", second)
        self.refused(3, self.derive(*words, scan_path=lamp_scan), "not of the standard")
        result = self.derive(*words)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("confirmed yes", (self.folder / "out.cal").read_text(encoding="utf-8"))

    def test_a_curve_for_another_laser_is_not_applied(self):
        self.assertEqual(self.derive("--lot", "2241", "--celsius", "22", "--unconfirmed").returncode, 0)
        result = run("process", "--laser-nm", "532", "--intensity", self.folder / "out.cal", "--step", "correct.intensity",
                     "--out", self.folder / "no.csv", self.sample)
        self.assertEqual(result.returncode, 3)
        self.assertIn("holds for excitation at 785", result.stderr)
        self.assertFalse((self.folder / "no.csv").exists())

    def test_a_resolution_may_be_stated_for_development_only_and_is_told(self):
        words = ("identify", "--json", "--laser-nm", "785", self.sample)
        for refused in (("--resolution-cm1", "12"), ("--resolution-cm1", "-3", "--policy", "development"),
                        ("--resolution-cm1", "nan", "--policy", "development")):
            result = run(*words, *refused)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn("development policy only", result.stderr)
        told = json.loads(run(*words, "--policy", "development", "--resolution-cm1", "12").stdout)
        plain = json.loads(run(*words, "--policy", "development").stdout)
        self.assertEqual(told["quality"]["resolution_cm1"], 12)
        self.assertNotIn("resolution_cm1", plain["quality"])


if __name__ == "__main__":
    unittest.main()
