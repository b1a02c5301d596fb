#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking at files and writing them in other formats, as others call it.

Usage: test-convert.py CELADON [unittest arguments]
"""
import hashlib
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

CELADON = os.path.abspath(sys.argv.pop(1))
# Polystyrene, ASTM E1840 shifts with rough relative heights: enough for a spectrum that is one.
POLYSTYRENE = {620.9: 16, 795.8: 10, 1001.4: 100, 1031.8: 27, 1155.3: 13, 1450.5: 8, 1583.1: 12, 1602.3: 28}
ENDINGS = (".csv", ".jdx", ".spc", ".nxs", ".h5")


def run(*args, **options):
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en")
    return subprocess.run([CELADON, *map(str, args)], capture_output=True, text=True, timeout=120,
                          env=environment, **options)


def points(step=2.0):
    for i in range(751):
        x = 300 + i * step + 0.2 * math.sin(i / 50)
        y = 20 + sum(h * 10 / (1 + ((x - c) / 4) ** 2) for c, h in POLYSTYRENE.items())
        yield x, y + 3 * math.sin(i * 12.9898) * math.cos(i * 4.1414)


def text(head="Laser Wavelength,785 nm\nRaman shift cm-1,Intensity\n", separator=","):
    return head + "".join(f"{x:.3f}{separator}{y:.4f}\n" for x, y in points())


def witec(n):
    """A WITec export of @n spectra; its reader was written from a description alone."""
    rows = "".join(f"{x:.3f}" + "".join(f"\t{(i + 1) * y:.4f}" for i in range(n)) + "\n" for x, y in points())
    return (f"//Exported ASCII-File\n[Header]\nFileName = a.wip\nSizeX = {n}\nSizeY = 1\nSizeGraph = 751\n"
            "XAxisUnit = rel. 1/cm\nDataUnit = CCD cts\n\n[Data]\n"
            "X-Axis" + "".join(f"\tSpec.Data {i + 1}" for i in range(n)) + "\n" + rows)


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="celadon 海关 ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, content):
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    def preview(self, path, *options):
        result = run("preview", "--json", "--rows", 100000, *options, path)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def convert(self, source, name, *options):
        out = self.folder / name
        result = run("convert", *options, source, out)
        self.assertEqual(result.returncode, 0, result.stderr)
        return out

    def refused(self, status, *args, says=()):
        result = run(*args)
        self.assertEqual(result.returncode, status, result.stderr + result.stdout)
        for words in says:
            self.assertIn(words, result.stderr)
        return result

    def near(self, a, b, x_precision=0.0, y_precision=0.0):
        """Both lists of points, within so many of the largest value."""
        self.assertEqual(len(a), len(b))
        for column, precision in ((0, x_precision), (1, y_precision)):
            limit = precision * max(abs(p[column]) for p in a)
            self.assertLessEqual(max(abs(p[column] - q[column]) for p, q in zip(a, b)), limit)


class Preview(Case):
    def test_a_preview_says_what_was_read_and_what_was_guessed(self):
        found = self.preview(self.write("q.csv", text()))
        self.assertEqual((found["format"], found["kind"], found["axis_unit"], found["points"]),
                         ("text", "unknown", "cm-1", 751))
        self.assertEqual((found["laser_nm"], found["spectra"], found["validated"]), (785, 1, True))
        self.assertTrue(any(g.startswith("columns: guessed: comma") for g in found["guesses"]))
        self.assertEqual(found["rows"][0], [300, round(next(points())[1], 4)])

    def test_a_few_rows_are_the_first_and_the_last(self):
        result = run("preview", "--json", "--rows", 2, self.write("q.csv", text()))
        found = json.loads(result.stdout)
        self.assertNotIn("rows", found)
        self.assertEqual((len(found["first"]), len(found["last"])), (2, 2))
        self.assertEqual(found["first"][0][0], 300)

    def test_a_missing_laser_is_said(self):
        found = self.preview(self.write("q.csv", text("Raman shift cm-1,Intensity\n")))
        self.assertIsNone(found["laser_nm"])
        self.assertTrue(any("--laser-nm" in w["text"] for w in found["warnings"]))

    def test_a_unit_that_nothing_states_is_a_warning_and_no_guess(self):
        rows = "".join(f"{x};{y}\n" for x, y in ((800.5, 1), (850.5, 2), (900.25, 3)))
        found = self.preview(self.write("q.txt", rows))
        self.assertFalse(found["axis_unit_known"])
        self.assertEqual(found["axis_unit"], "not stated")
        self.assertFalse(any("given" in guess for guess in found["guesses"]))
        self.assertTrue(any("--axis-unit" in w["text"] for w in found["warnings"]))
        self.refused(3, "convert", self.folder / "q.txt", self.folder / "o.csv", says=["--axis-unit"])

    def test_an_infrared_spectrum_is_shown_and_not_converted(self):
        path = self.write("ir.csv", "wavenumber cm-1,absorbance\n" +
                          "".join(f"{x},{0.01 * x}\n" for x in range(600, 4000, 100)))
        self.assertEqual(self.preview(path)["kind"], "infrared")
        self.refused(3, "convert", path, self.folder / "o.csv", says=["infrared"])
        self.assertFalse((self.folder / "o.csv").exists())

    def test_each_file_has_its_line_and_a_bad_one_stops_none(self):
        good, bad = self.write("a.csv", text()), self.write("b.csv", "no numbers here\n")
        result = run("preview", "--json", bad, good)
        self.assertEqual(result.returncode, 3)
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertIn("error", lines[0])
        self.assertEqual(lines[1]["points"], 751)

    def test_people_read_the_same(self):
        result = run("preview", self.write("q.csv", text()))
        for words in ("Text with columns", "751 points", "785 nm", "1 of 1", "columns: guessed"):
            self.assertIn(words, result.stdout)

    def test_the_formats_are_listed_with_what_they_were_tried_on(self):
        lines = [json.loads(line) for line in run("preview", "--formats", "--json").stdout.splitlines()]
        formats = {line["format"]: line for line in lines}
        self.assertIn(".spc", formats["spc"]["written_as"])
        self.assertEqual(formats["opus"]["validated_on"], "format description only")
        self.assertIsNone(formats["opus"]["written_as"])

    def test_no_file_is_wrong_usage(self):
        self.refused(2, "preview", says=["Name the files"])


class Convert(Case):
    def test_every_format_gives_the_points_back(self):
        source = self.write("q.csv", text())
        before = self.preview(source)["rows"]
        for ending in ENDINGS:
            with self.subTest(ending=ending):
                out = self.convert(source, "o" + ending, "--lossy")
                found = self.preview(out)
                self.assertEqual((found["laser_nm"], found["axis_unit"]), (785, "cm-1"))
                single = 1e-7 if ending == ".spc" else 0.0
                self.near(before, found["rows"], single, single)

    def test_a_chain_through_all_formats_ends_where_it_began(self):
        path = source = self.write("q.csv", text())
        for i, ending in enumerate(ENDINGS + (".csv",)):
            path = self.convert(path, f"o{i}{ending}", "--lossy")
        self.near(self.preview(source)["rows"], self.preview(path)["rows"], 1e-7, 1e-7)

    def test_the_digest_of_the_source_stands_in_the_file(self):
        source = self.write("q.csv", text())
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        for ending in ENDINGS:
            out = self.convert(source, "o" + ending, "--lossy")
            self.assertIn(digest.encode(), out.read_bytes(), ending)

    def test_what_would_be_lost_is_named_and_nothing_is_written(self):
        made = self.folder / "m.h5"
        result = run("acquire", "--device", "simulated:785", "--frames", 3, "--out", made)
        self.assertEqual(result.returncode, 0, result.stderr)
        out = self.folder / "o.csv"
        self.refused(5, "convert", made, out, says=["frames", "--lossy"])
        self.assertFalse(out.exists())
        self.convert(made, "o.csv", "--lossy")
        self.convert(made, "o.nxs")

    def test_the_simulated_mark_survives_every_format(self):
        source = self.write("q.csv", "# simulated: yes\n" + text())
        for ending in ENDINGS:
            out = self.convert(source, "o" + ending, "--lossy")
            self.assertTrue(self.preview(out)["simulated"], ending)

    def test_all_spectra_of_a_file_go_into_one_that_holds_several(self):
        source = self.write("two.txt", witec(2))
        found = self.preview(source)
        self.assertEqual(found["spectra"], 2)
        self.assertTrue(any("no other was asked for" in g for g in found["guesses"]))
        second = self.preview(source, "--spectrum", 2)["rows"]
        for ending in (".jdx", ".nxs"):
            out = self.convert(source, "o" + ending, "--all", "--lossy")
            self.assertEqual(self.preview(out)["spectra"], 2, ending)
            self.near(second, self.preview(out, "--spectrum", 2)["rows"], 1e-7, 1e-7)
        self.refused(2, "convert", "--all", source, self.folder / "o.csv", says=["1 spectra at most"])
        self.refused(2, "convert", "--all", "--spectrum", 2, source, self.folder / "p.nxs")
        self.refused(2, "preview", "--spectrum", 3, source, says=["there is no spectrum 3"])

    def test_the_file_that_is_read_is_never_written(self):
        source = self.write("q.csv", text())
        self.refused(2, "convert", source, source, says=["one that is read"])
        self.assertEqual(source.read_text(), text())

    def test_names_that_cannot_be_written(self):
        source = self.write("q.csv", text())
        self.refused(2, "convert", source, self.folder / "o.pdf", says=[".jdx", ".nxs"])
        self.refused(2, "convert", source, self.folder / "o.cel.h5", says=["celadon seal"])
        self.refused(2, "convert", source, self.folder / "O.CEL.H5", says=["celadon seal"])
        self.refused(2, "convert", source)
        self.refused(3, "convert", self.folder / "none.csv", self.folder / "o.csv")
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["q.csv"])

    def test_json_says_what_was_written(self):
        source = self.write("q.csv", text())
        result = run("convert", "--json", source, self.folder / "o.nxs")
        told = json.loads(result.stdout)
        self.assertEqual((told["format"], told["spectra"], told["lost"]), ("celadon", 1, []))


class Unvalidated(Case):
    """What a reader that never met a real file of its format reads is a lead at most."""

    def outcome(self, path, library):
        result = run("identify", "--json", "--only", "--library", library, "--policy", "development",
                     "--laser-nm", 785, path)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def test_the_first_of_several_is_not_taken_in_silence(self):
        path = self.write("two.txt", witec(2))
        silent = run("identify", "--json", "--laser-nm", 785, "--spectrum", 2, path)
        told = run("identify", "--json", "--laser-nm", 785, path)
        self.assertEqual((silent.returncode, silent.stderr), (0, ""))
        self.assertIn("1 of 2", told.stderr)
        self.refused(2, "identify", "--laser-nm", 785, "--spectrum", 3, path, says=["no spectrum 3"])
        self.assertIn("1 of 2", run("convert", path, self.folder / "first.csv").stderr)

    def test_the_first_of_several_columns_is_not_taken_in_silence(self):
        path = self.write("three.csv", "Raman shift,A,B\n" +
                          "".join(f"{x},{x % 7},{x % 5}\n" for x in range(200, 2000)))
        told = run("identify", "--laser-nm", 785, path)
        silent = run("identify", "--laser-nm", 785, "--column", 2, path)
        self.assertIn("intensity column 2 of the file", told.stderr)
        self.assertEqual((silent.returncode, silent.stderr), (0, ""))

    def test_what_is_kept_is_not_chosen_by_chance(self):
        self.write("two.txt", witec(2))
        self.write("m.tsv", "file\tid\tname_en\tname_zh\tclass\tlaser_nm\tsource\tlicence\tgrade\n"
                   "two.txt\tps\tPolystyrene\t聚苯乙烯\tpolymer\t785\town\town\tA\n")
        result = run("library", "import", "--manifest", self.folder / "m.tsv", "--out",
                     self.folder / "l.library.h5")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("holds 2 spectra", result.stderr)

    def test_a_reference_read_so_gives_a_lead_at_most(self):
        self.write("w.txt", witec(1))
        self.convert(self.folder / "w.txt", "w.csv")
        good = self.write("good.csv", text())
        for name in "w.txt", "w.csv":
            self.write("m.tsv", "file\tid\tname_en\tname_zh\tclass\tlaser_nm\tsource\tlicence\tgrade\n"
                       f"{name}\tps\tPolystyrene\t聚苯乙烯\tpolymer\t785\town\town\tA\n")
            library = self.folder / f"{name}.library.h5"
            self.assertEqual(run("library", "import", "--manifest", self.folder / "m.tsv", "--out",
                                 library).returncode, 0)
            answer = self.outcome(good, library)
            self.assertNotEqual(answer["outcome"], "found", name)
            self.assertEqual(answer["hits"][0]["grade"], "D", name)

    def test_its_spectrum_is_never_found_in_any_format(self):
        good = self.write("good.csv", text())
        self.write("import.tsv", "file\tid\tname_en\tname_zh\tclass\tlaser_nm\tsource\tlicence\tgrade\n"
                   "good.csv\tps\tPolystyrene\t聚苯乙烯\tpolymer\t785\town\town\tA\n")
        library = self.folder / "l.library.h5"
        self.assertEqual(run("library", "import", "--manifest", self.folder / "import.tsv", "--out",
                             library).returncode, 0)
        self.assertEqual(self.outcome(good, library)["outcome"], "found")
        path = self.write("w.txt", witec(1))
        self.assertFalse(self.preview(path)["validated"])
        files = [path] + [self.convert(path, "w" + e, "--lossy") for e in ENDINGS]
        for path in files:
            answer = self.outcome(path, library)
            self.assertNotEqual(answer["outcome"], "found", path)
            self.assertTrue(any("never been tried" in why for why in answer["why"]), path)


if __name__ == "__main__":
    unittest.main()
