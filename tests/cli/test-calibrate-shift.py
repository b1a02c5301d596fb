#!/usr/bin/env python3
"""Shift calibration as others call it: what it finds, what it refuses, what it leaves behind.

Usage: test-calibrate-shift.py CELADON [unittest arguments]
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

CELADON = os.path.abspath(sys.argv.pop(1))
POLYSTYRENE = {620.9: 40, 795.8: 20, 1001.4: 100, 1031.8: 60, 1155.3: 20, 1450.5: 20, 1583.1: 20, 1602.3: 60}
CYCLOHEXANE = {384.1: 20, 426.3: 20, 801.3: 100, 1028.3: 40, 1157.6: 20, 1266.4: 40, 1444.4: 40}


def scan(bands, offset=0.0, seed=1, laser=785.0):
    """A scan whose axis shows every band @offset too high."""
    noise = random.Random(seed)
    rows = []
    for i in range(900):
        x = 200.0 + 1.9 * i
        y = 500 + sum(h * 100 / (1 + ((x - c - offset) / 3.5) ** 2) for c, h in bands.items())
        rows.append(f"{x:.2f},{y + noise.gauss(0, 10):.2f}")
    return f"laser_nm,{laser}\nRaman shift cm-1,Intensity\n" + "\n".join(rows) + "\n"


class Shift(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="celadon 校准 ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.out = self.folder / "shift.cal"

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def run_shift(self, *words):
        environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en")
        return subprocess.run([CELADON, "calibrate", "shift", *map(str, words), "--laser-nm", "785", "--out", self.out],
                              capture_output=True, text=True, timeout=120, env=environment)

    def refused(self, status, *words, says):
        result = self.run_shift(*words)
        self.assertEqual(result.returncode, status, result.stderr + result.stdout)
        self.assertIn(says, result.stderr)
        self.assertFalse(self.out.exists())

    def test_the_laser_and_the_offset_are_told_apart(self):
        ps = self.write("ps.csv", scan(POLYSTYRENE, offset=3.0))
        result = self.run_shift(f"polystyrene={ps}", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        written = json.loads(self.out.read_text())
        calibration = written["calibration"]
        self.assertEqual(written["kind"], "shift")
        self.assertAlmostEqual(float(calibration["correction_cm1"][0]), -3.0, delta=0.3)
        self.assertAlmostEqual(float(calibration["laser_nm"]), 785.185, delta=0.02)
        self.assertGreater(float(calibration["u_laser_nm"]), 0.0)
        notes = " ".join(written["notes"])
        for words in ("an axis already calibrated", "offset -", "residual correction of order 0", "cannot tell a moved laser", "temperature"):
            self.assertIn(words, notes)
        self.assertEqual(len(written["residuals"]), len(POLYSTYRENE))

    def test_people_read_limits_and_support(self):
        ps = self.write("ps.csv", scan(POLYSTYRENE))
        text = self.run_shift(f"polystyrene={ps}").stdout
        for words in ("limit", "laser 785.0", "extrapolated outside", "No lamp"):
            self.assertIn(words, text)

    def test_the_silicon_value_is_stated(self):
        silicon = self.write("si.csv", scan({520.45: 100}, offset=-1.0))
        self.assertIn("silicon taken as 520.45", self.run_shift(f"silicon={silicon}").stdout)

    def test_residuals_are_drawn(self):
        ps = self.write("ps.csv", scan(POLYSTYRENE, offset=2.0))
        for ending, magic in (("pdf", b"%PDF"), ("png", b"\x89PNG")):
            plot = self.folder / f"residuals.{ending}"
            self.assertEqual(self.run_shift(f"polystyrene={ps}", "--replace", "--plot", plot).returncode, 0)
            self.assertTrue(plot.read_bytes().startswith(magic))

    def test_another_ending_of_a_plot(self):
        ps = self.write("ps.csv", scan(POLYSTYRENE))
        self.refused(2, f"polystyrene={ps}", "--plot", self.folder / "plot.jpg", says=".pdf, .png or .svg")

    def test_another_substance(self):
        ps = self.write("ps.csv", scan(POLYSTYRENE))
        self.refused(3, f"cyclohexane={ps}", says="its lines are those of polystyrene")

    def test_a_drift_between_two_scans(self):
        first = self.write("first.csv", scan(POLYSTYRENE))
        last = self.write("last.csv", scan(POLYSTYRENE, offset=2.5, seed=2))
        self.refused(3, f"polystyrene={first}", f"polystyrene={last}", says="drifted")

    def test_standards_that_contradict(self):
        ps = self.write("ps.csv", scan(POLYSTYRENE))
        other = self.write("ch.csv", scan(CYCLOHEXANE, offset=8.0, seed=2))
        self.refused(3, f"polystyrene={ps}", f"cyclohexane={other}", says="contradict")

    def test_no_standard_named(self):
        ps = self.write("ps.csv", scan(POLYSTYRENE))
        self.refused(2, ps, says="what was measured")

    def test_a_correction_of_shifts_is_no_base(self):
        ps = self.write("ps.csv", scan(POLYSTYRENE))
        self.assertEqual(self.run_shift(f"polystyrene={ps}").returncode, 0)
        base = self.folder / "base.cal"
        self.out.rename(base)
        self.refused(3, f"polystyrene={ps}", "--base", base, says="no wavelengths of pixels")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
