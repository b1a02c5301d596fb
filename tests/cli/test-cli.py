#!/usr/bin/env python3
"""The program as others call it: exit statuses, messages, JSON fields, files left behind.

Usage: test-cli.py CELADON [unittest arguments]
"""
import hashlib
import json
import math
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest

CELADON = os.path.abspath(sys.argv.pop(1))
# Polystyrene, ASTM E1840 shifts with rough relative heights: enough for a spectrum that is one.
POLYSTYRENE = {620.9: 16, 795.8: 10, 1001.4: 100, 1031.8: 27, 1155.3: 13, 1450.5: 8, 1583.1: 12, 1602.3: 28}


def run(*args, **options):
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en")
    return subprocess.run([CELADON, *map(str, args)], capture_output=True, text=True, timeout=300,
                          env=environment, **options)


def lines_of(bands, start=300, end=1800, step=2.0, width=8.0):
    for i in range(int((end - start) / step) + 1):
        x = start + i * step
        y = 20 + sum(h * 10 / (1 + ((x - c) / (width / 2)) ** 2) for c, h in bands.items())
        yield x, y + 3 * math.sin(i * 12.9898) * math.cos(i * 4.1414)


def spectrum_text(bands=None, separator=",", decimal=".", header="Raman shift cm-1,Intensity\n"):
    rows = (f"{x:.3f}{separator}{y:.4f}".replace(".", decimal) for x, y in lines_of(bands or POLYSTYRENE))
    return header.replace(",", separator) + "\n".join(rows) + "\n"


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="celadon 海关 ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, content):
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8")
        return path

    def refused(self, status, *args, says=(), **options):
        result = run(*args, **options)
        self.assertEqual(result.returncode, status, result.stderr + result.stdout)
        for words in says:
            self.assertIn(words, result.stderr)
        return result

    def left_behind(self):
        return sorted(p.name for p in self.folder.iterdir())


class Usage(Case):
    COMMANDS = ("demo devices doctor acquire watch process preview convert steps peaks identify validate library key "
                "seal verify case custody export report").split()

    def test_help_of_every_command(self):
        overview = run("--help").stdout
        for command in self.COMMANDS:
            self.assertIn(f"\n  {command} ", overview)
            result = run(command, "--help")
            self.assertEqual(result.returncode, 0, command)
            self.assertIn("--lang", result.stdout)

    def test_manual_page_names_every_command(self):
        page = (pathlib.Path(__file__).parents[2] / "docs/celadon.1").read_text()
        for command in self.COMMANDS:
            self.assertRegex(page, rf"(?m)^\.BR? {command}\b")

    def test_wrong_usage_is_2(self):
        for args in ([], ["no-such"], ["steps", "--no-such"], ["steps", "no.such"], ["identify"],
                     ["process", "x.csv"], ["--lang", "fr", "steps"], ["seal", "x"], ["report", "x"],
                     ["library"], ["key", "new"], ["acquire"]):
            self.assertEqual(run(*args).returncode, 2, args)

    def test_steps_are_listed_with_types_units_and_ranges(self):
        rows = [json.loads(line) for line in run("steps", "--json").stdout.splitlines()]
        self.assertGreater(len(rows), 20)
        for row in rows:
            self.assertRegex(row["id"], r"^[a-z]+\.[a-z0-9-]+$")
            for param in row["params"]:
                self.assertLessEqual(param["min"], param["initial"])
                self.assertLessEqual(param["initial"], param["max"])
                self.assertTrue(param["unit"])

    def test_chinese_messages(self):
        result = run("--lang", "zh_CN", "--help")
        self.assertIn("用法", result.stdout)

    def test_the_first_language_of_the_environment_that_there_is(self):
        for wanted, chinese in (("fr:zh_CN:en", True), ("fr:en:zh_CN", False), ("zh_TW", True), ("fr", False)):
            result = subprocess.run([CELADON, "--help"], capture_output=True, text=True, timeout=60,
                                    env=dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE=wanted))
            self.assertEqual("用法" in result.stdout, chinese, wanted)


class Options(Case):
    def test_a_laser_that_is_none(self):
        path, out = self.write("q.csv", spectrum_text()), self.folder / "o.csv"
        for value in ("nan", "0", "-5", "1e9", "inf", "-inf", "199.9"):
            for args in (["identify", path], ["process", path, "--out", out], ["peaks", path]):
                self.refused(2, *args, f"--laser-nm={value}", says=["200 to 2000"])
        self.assertFalse(out.exists())

    def test_counts_from_1(self):
        path = self.write("q.csv", spectrum_text())
        for option in ("--top", "--threads"):
            for value in ("0", "-1"):
                self.refused(2, "identify", path, f"{option}={value}", says=[option])
        self.refused(2, "acquire", "--device", "simulated:785", "--out", self.folder / "a.h5",
                     "--frames", 0, says=["--frames"])
        self.assertEqual(self.left_behind(), ["q.csv"])

    def test_names_that_steer_a_terminal(self):
        path = self.write("a\x1b[31m\nb.csv", spectrum_text())
        for result in (run("identify", path), run("identify", str(path) + "x"), run("\x1b[2J")):
            self.assertNotIn("\x1b", result.stdout + result.stderr)
        self.assertIn("a?[31m?b.csv", run("identify", path).stdout)
        self.assertEqual(json.loads(run("identify", "--json", path).stdout)["file"], str(path))

    def test_a_folder_that_cannot_be_made_says_why(self):
        path, file = self.write("q.csv", spectrum_text()), self.write("file", "x")
        self.refused(4, "demo", "--out", file / "d", says=["file/d", "no such file or folder"])
        self.refused(4, "process", path, "--out", self.folder / "o.csv", "--steps-out", file / "s",
                     says=["file/s", "no such file or folder"])

    def test_a_list_that_is_none(self):
        self.refused(3, "identify", "--files-from", self.write("list.bin", b"a\0b\n\xff"), says=["list.bin"])

    def test_a_file_of_the_wrong_kind_is_named(self):
        wrong = self.write("wrong.bin", b"no key of ours\n")
        for args in (["key", "list", wrong], ["key", "export", wrong, "--out", self.folder / "c"],
                     ["verify", wrong, "--witness", wrong], ["report", "--form", "label", "--facts", wrong,
                                                            "--out", self.folder / "l.pdf"]):
            result = self.refused(3, *args, says=["wrong.bin"])
            self.assertEqual(result.stderr.count("wrong.bin"), 1, result.stderr)

    def test_a_missing_file_is_named_once(self):
        path, gone = self.write("q.csv", spectrum_text()), self.folder / "gone.csv"
        for args in (["identify", gone], ["identify", "--blank", gone, path], ["peaks", gone]):
            result = self.refused(3, *args, says=["no such file or folder"])
            self.assertEqual(result.stderr.count("gone.csv"), 1, result.stderr)

    def test_names_that_turn_what_is_read(self):
        path = self.write("x\u202evsc.csv", spectrum_text())
        for result in (run("identify", path), run("preview", path), run("identify", str(path) + "x")):
            self.assertNotIn("\u202e", result.stdout + result.stderr)

    def test_quiet_prints_only_errors_and_json(self):
        path = self.write("q.csv", spectrum_text())
        for args in (["steps"], ["steps", "baseline.arpls"], ["peaks", path], ["preview", path],
                     ["preview", "--formats"], ["identify", path], ["devices"], ["library", "info"],
                     ["report", "--list-facts"], ["process", path, "--out", self.folder / "o.csv"],
                     ["convert", path, self.folder / "o.jdx", "--lossy"]):
            result = run(*args, "--quiet")
            self.assertEqual((result.returncode, result.stdout), (0, ""), args)
        self.assertTrue(run("peaks", path, "--quiet", "--json").stdout)

    def test_words_that_mean_nothing_are_wrong_usage(self):
        self.refused(2, "demo", "polystyrene", "--out", self.folder / "d", says=["polystyrene"])
        self.assertEqual(self.left_behind(), [])


class Streams(Case):
    def shell(self, command):
        environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en", CELADON=CELADON)
        return subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=self.folder,
                              env=environment, timeout=60)

    def test_an_answer_that_does_not_arrive_is_4(self):
        self.write("q.csv", spectrum_text())
        for command in ("identify --json q.csv >/dev/full", "identify q.csv >&-", "steps >&-",
                        "--help >/dev/full", "devices --json >/dev/full"):
            result = self.shell(f'"$CELADON" {command}')
            self.assertEqual(result.returncode, 4, command)
            self.assertIn("standard output", result.stderr)

    def test_closed_streams_do_not_print_into_files(self):
        self.write("q.csv", spectrum_text())
        self.shell('"$CELADON" process q.csv --out o.csv <&- >&- 2>&-')
        lines = (self.folder / "o.csv").read_text().splitlines()
        self.assertTrue(lines[0].startswith("# Celadon"))
        self.assertTrue(all("points" not in line for line in lines))


class Outputs(Case):
    def test_what_is_read_is_not_written_over(self):
        path = self.write("q.csv", spectrum_text())
        link = self.folder / "link.csv"
        link.symlink_to(path)
        before = path.read_bytes()
        for out in (path, link):
            self.refused(2, "process", path, "--out", out, says=["left as it is"])
        manifest = self.write("m.tsv", Import.HEADER + "q.csv\tx\tx\tx\tpolymer\t785\ts\tl\tB\n")
        self.refused(2, "library", "import", "--manifest", manifest, "--out", manifest)
        self.refused(3, "library", "import", "--manifest", manifest, "--out", path, says=["q.csv"])
        self.refused(2, "validate", "--manifest", manifest, "--records", manifest)
        self.assertEqual(path.read_bytes(), before)

    def test_pipes_and_folders_are_not_replaced(self):
        path, pipe, folder = self.write("q.csv", spectrum_text()), self.folder / "p", self.folder / "d"
        os.mkfifo(pipe)
        folder.mkdir()
        for out in (pipe, folder):
            self.refused(4, "process", path, "--out", out, says=["no file"])
        self.assertTrue(pipe.is_fifo())

    def test_the_longest_names_fit(self):
        path = self.write("q.csv", spectrum_text())
        out = self.folder / ("检" * 85)
        self.assertEqual(run("process", path, "--out", out).returncode, 0)

    def test_an_error_of_processing_names_the_file(self):
        path = self.write("two.csv", "cm-1,I\n100,1\n101,2\n")
        self.refused(3, "process", path, "--out", self.folder / "o.csv", says=["two.csv"])
        self.refused(3, "peaks", path, says=["two.csv"])

    def test_a_band_without_a_fit_states_no_uncertainty(self):
        path = self.write("noise.csv", "cm-1,I\n" + "\n".join(f"{300 + i},{i % 7}" for i in range(300)))
        for line in run("peaks", "--json", path).stdout.splitlines():
            self.assertNotEqual(json.loads(line)["u_position_cm1"], 0)


class Devices(Case):
    def test_simulated_instruments_say_so(self):
        rows = [json.loads(line) for line in run("devices", "--json").stdout.splitlines()]
        self.assertTrue(rows)
        for row in rows:
            for field in ("id driver model serial laser_nm range_cm1 firmware permission simulated "
                          "driver_validation").split():
                self.assertIn(field, row)
            self.assertTrue(row["simulated"])

    def test_unknown_device(self):
        result = run("acquire", "--device", "usb:none", "--out", self.folder / "x.h5")
        self.assertIn(result.returncode, (2, 4))
        self.assertEqual(self.left_behind(), [])

    def test_acquire_looks_at_its_words_and_its_file_before_it_measures(self):
        self.refused(2, "acquire", "--device", "simulated:785", "--out", self.folder / "a.h5", "oops")
        for out in (self.folder / "none" / "a.h5", "/dev/full", self.folder):
            self.assertEqual(run("acquire", "--device", "usb:none", "--out", out).returncode, 4)
            self.assertIn(str(out), run("acquire", "--device", "usb:none", "--out", out).stderr)

    def test_answers_before_the_laser_are_words_of_a_list(self):
        for words in ("eyewear,gloves", "harmless,dark", "", "EYEWEAR"):
            self.refused(2, "acquire", "--device", "simulated:785", "--out", self.folder / "a.h5",
                         "--laser-ok", words)
        out = self.folder / "a.h5"
        self.assertEqual(run("acquire", "--device", "simulated:785", "--out", out, "--frames", 1,
                             "--laser-ok", "eyewear,blocked,clear,harmless").returncode, 0)

    def test_a_dark_sample_gets_the_lowest_power_first(self):
        out = self.folder / "a.h5"
        result = run("acquire", "--device", "simulated:785", "--out", out, "--frames", 1, "--laser-ok",
                     "eyewear,blocked,clear,dark", "--laser-cap-mw", "20", "--integration-ms", "100")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.refused(5, "acquire", "--device", "simulated:785", "--out", out, "--laser-cap-mw", "0.001")

    def test_watch_imports_each_file_once_and_leaves_the_folder(self):
        handheld, out = self.folder / "handheld", self.folder / "imported"
        handheld.mkdir()
        rows = "".join(f"{200 + 5 * i},{1000 if i == 100 else 10 + i % 7}\n" for i in range(200))
        (handheld / "a.csv").write_text(rows)
        (handheld / "b\n.csv").write_text(rows)
        result = run("watch", handheld, "--out", out, "--once", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual(sorted(line["outcome"] for line in lines), ["imported", "known"])
        self.assertEqual({line["provenance"] for line in lines}, {"imported: instrument unverified"})
        self.assertEqual(len(list(out.iterdir())), 1)
        (handheld / "c.bin").write_bytes(b"\0\1")
        result = run("watch", handheld, "--out", out, "--once")
        self.assertEqual(result.returncode, 3)
        self.assertIn("c.bin: left where it is", result.stdout)
        self.assertEqual(len(result.stdout.splitlines()), 3)
        self.refused(2, "watch", handheld, "--out", handheld / "inside")
        self.refused(3, "watch", self.folder / "none", "--out", out)
        self.assertEqual(len(list(handheld.iterdir())), 3)

    def test_nothing_is_recorded_where_nothing_is_connected(self):
        self.refused(4, "devices", "--record", self.folder / "x.txt", "--device", "wasatch:9-99",
                     says=["Nothing was recorded"])
        self.assertEqual(self.left_behind(), [])

    def test_acquire_then_peaks(self):
        out = self.folder / "m.h5"
        self.assertEqual(run("acquire", "--device", "simulated:785", "--out", out, "--frames", 3,
                             "--settings", "sample=polystyrene,seed=5").returncode, 0)
        rows = [json.loads(line) for line in run("peaks", "--json", out).stdout.splitlines()]
        strongest = max(rows, key=lambda row: row["height"])
        self.assertAlmostEqual(strongest["position_cm1"], 1001.4, delta=2.0)
        self.assertGreater(strongest["u_position_cm1"], 0)


class Doctor(Case):
    def test_every_check_says_how_it_came_out_and_what_mends_it(self):
        result = run("doctor", "--json")
        rows = [json.loads(line) for line in result.stdout.splitlines()]
        checks = [row["check"] for row in rows]
        for check in "usb udev-rule permission guard font disk clock".split():
            self.assertIn(check, checks)
        for row in rows:
            self.assertIn(row["state"], ("ok", "warning", "failed"))
            self.assertEqual(row["state"] != "ok", "remedy" in row, row)
        failed = any(row["state"] == "failed" for row in rows)
        self.assertEqual(result.returncode, 1 if failed else 0)

    def test_the_rule_file_that_ships_is_the_one_of_the_tables(self):
        shipped = pathlib.Path(__file__).parents[2] / "drivers/udev/70-celadon.rules"
        printed = run("doctor", "--print-udev").stdout
        self.assertEqual(printed, shipped.read_text(),
                         "celadon doctor --print-udev > drivers/udev/70-celadon.rules")

    def test_words_are_refused(self):
        self.refused(2, "doctor", "now")


class Identify(Case):
    def test_json_has_the_fields_of_the_contract(self):
        path = self.write("q.csv", spectrum_text())
        result = run("identify", "--json", "--laser-nm", 785, path)
        self.assertEqual(result.returncode, 0, result.stderr)
        answer = json.loads(result.stdout)
        for field in "file outcome claim hits mixture stability replicates policy quality why elapsed_ms".split():
            self.assertIn(field, answer)
        for field in "en zh_CN ceiling".split():
            self.assertIn(field, answer["claim"])
        hit = answer["hits"][0]
        for field in ("rank id name_en name_zh class library reference score hqi peak_score "
                      "shift_applied_cm1 matched_cm1 missing_cm1 extra_cm1 kind grade").split():
            self.assertIn(field, hit)
        self.assertEqual(hit["id"], "ps")
        self.assertEqual(hit["grade"], "D")

    def test_a_band_table_is_never_found(self):
        path = self.write("q.csv", spectrum_text())
        for policy in ("evidence", "development"):
            answer = json.loads(run("identify", "--json", "--policy", policy, path).stdout)
            self.assertNotEqual(answer["outcome"], "found")
            self.assertEqual(answer["policy"], policy)

    def test_expect_is_1_for_any_other_answer(self):
        path = self.write("q.csv", spectrum_text())
        self.assertEqual(run("identify", "--expect", "pe", path).returncode, 1)

    def test_a_guessed_unit_is_told(self):
        path = self.write("bare.csv", spectrum_text(header=""))
        said = run("identify", path).stderr
        self.assertIn("bare.csv", said)
        self.assertIn("--axis-unit", said)
        self.assertEqual(run("identify", "--axis-unit", "cm-1", path).stderr, "")

    def test_a_spectrum_of_two_points_is_told_apart_from_a_wrong_window(self):
        path = self.write("two.csv", "cm-1,I\n100,1\n101,2\n")
        self.refused(3, "identify", path, says=["two.csv", "whole spectrum"])

    def test_two_lines_are_not_told_as_matches(self):
        path = self.write("lines.csv", spectrum_text({777.0: 100, 1533.0: 60}))
        answer = json.loads(run("identify", "--json", path).stdout)
        self.assertIn("only 2 clear bands", " ".join(answer["why"]))
        self.assertNotIn("diagnostic bands of", " ".join(answer["why"]))

    def test_an_expected_id_that_no_library_has_is_told(self):
        path = self.write("q.csv", spectrum_text())
        self.refused(1, "identify", "--expect", "polyethylen", path, says=["polyethylen"])
        self.assertEqual(run("identify", "--expect", "pe", path).stderr, "")

    def test_a_bad_file_does_not_stop_the_others(self):
        good, bad = self.write("good.csv", spectrum_text()), self.write("bad.csv", "")
        result = run("identify", "--json", bad, good)
        self.assertEqual(result.returncode, 3)
        rows = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual([("error" in row) for row in rows], [True, False])

    def test_files_from_a_list(self):
        path = self.write("q.csv", spectrum_text())
        blank = self.write("q .csv ", spectrum_text())
        names = self.write("list.txt", f"{path}\r\n\n{blank}")
        self.assertEqual(len(run("identify", "--json", "--files-from", names).stdout.splitlines()), 2)

    def test_copies_are_one_replicate(self):
        path = self.write("q.csv", spectrum_text())
        copy = self.write("copy.csv", spectrum_text(separator=";", decimal=","))
        answer = json.loads(run("identify", "--json", "--replicates", path, copy, path).stdout)
        self.assertEqual((answer["replicates"]["planned"], answer["replicates"]["valid"]), (3, 1))

    def test_replicates_of_which_none_is_usable(self):
        bad = self.write("bad.csv", "")
        self.refused(3, "identify", "--json", "--replicates", bad, bad, says=["bad.csv"])

    def test_a_blank_is_read_and_named_when_it_cannot_be(self):
        path, blank = self.write("q.csv", spectrum_text()), self.write("blank.csv", spectrum_text())
        answer = json.loads(run("identify", "--json", "--policy", "development", "--blank", blank, path).stdout)
        self.assertNotIn(answer["outcome"], ("found", "mixture"))
        self.assertIn("recorded blank of the packaging explains", " ".join(answer["why"]))
        self.refused(3, "identify", "--blank", self.write("bad.csv", ""), path, says=["bad.csv"])
        self.refused(2, "identify", *5 * ["--blank", blank], path, says=["blank.csv"])

    def test_noise_claims_nothing(self):
        path = self.write("noise.csv", "cm-1,Intensity\n" + "\n".join(
            f"{300 + 2 * i},{100 + 10 * math.sin(i * i * 0.7391 + i)}" for i in range(700)))
        answer = json.loads(run("identify", "--json", "--policy", "development", path).stdout)
        self.assertIn(answer["outcome"], ("nothing-claimed", "inconclusive"))
        self.assertTrue(answer["why"])


class Import(Case):
    HEADER = "file\tid\tname_en\tname_zh\tclass\tlaser_nm\tsource\tlicence\tgrade\n"

    def library(self, *rows):
        for name, bands in rows:
            self.write(f"{name}.csv", spectrum_text(bands))
        manifest = self.write("m.tsv", self.HEADER + "".join(
            f"{n}.csv\t{n}\t{n}\t{n}\tpolymer\t785\tours\tCC0\tB\n" for n, _ in rows))
        return manifest, self.folder / "lib.library.h5"

    def test_import_and_identify(self):
        other = {400.0: 50, 700.0: 100, 1200.0: 60, 1500.0: 30}
        manifest, out = self.library(("one", POLYSTYRENE), ("two", other))
        self.assertEqual(run("library", "import", "--manifest", manifest, "--out", out).returncode, 0)
        path = self.write("q.csv", spectrum_text())
        args = ("identify", "--json", "--library", out, "--only", path)
        answer = json.loads(run(*args, "--policy", "development").stdout)
        self.assertEqual(answer["hits"][0]["id"], "one")
        self.assertEqual(answer["hits"][0]["kind"], "measured")
        self.assertGreater(answer["hits"][0]["hqi"], 0.98)
        self.assertNotEqual(json.loads(run(*args).stdout)["outcome"], "found")

    def test_the_number_of_hits_shown_does_not_change_the_answer(self):
        twin = {c: h * 1.03 for c, h in POLYSTYRENE.items()}
        manifest, out = self.library(("one", POLYSTYRENE), ("twin", twin))
        run("library", "import", "--manifest", manifest, "--out", out)
        path = self.write("q.csv", spectrum_text())
        answers = [json.loads(run("identify", "--json", "--library", out, "--only", "--policy",
                                  "development", "--top", n, path).stdout) for n in (1, 10)]
        self.assertEqual([len(a["hits"]) for a in answers], [1, 2])
        self.assertEqual([a["outcome"] for a in answers], ["nothing-claimed"] * 2)
        self.assertEqual(answers[0]["why"], answers[1]["why"])

    def test_a_bad_row_is_named_and_the_rest_go_on(self):
        manifest, out = self.library(("one", POLYSTYRENE))
        manifest.write_text(manifest.read_text() + "gone.csv\tx\tx\tx\tpolymer\t785\ts\tl\tB\n")
        result = self.refused(3, "library", "import", "--manifest", manifest, "--out", out,
                              says=["m.tsv:3", "gone.csv"])
        self.assertTrue(out.exists(), result.stderr)
        self.assertEqual(run("library", "info", out).returncode, 0)

    def test_names_that_cannot_be_read_are_bad_rows(self):
        manifest, out = self.library(("one", POLYSTYRENE))
        for number in ("a\x1bb", "a\u202eb", "i" * 200):
            manifest.write_text(self.HEADER + f"one.csv\t{number}\tx\tx\tpolymer\t785\ts\tl\tB\n")
            self.refused(3, "library", "import", "--manifest", manifest, "--out", out, says=["m.tsv:2"])

    def test_no_good_row_writes_nothing(self):
        manifest = self.write("m.tsv", self.HEADER + "gone.csv\tx\tx\tx\tpolymer\t785\ts\tl\tB\n")
        self.refused(3, "library", "import", "--manifest", manifest, "--out", self.folder / "l.h5",
                     says=["gone.csv"])
        self.assertEqual(self.left_behind(), ["m.tsv"])

    def test_a_library_that_is_truncated_or_not_ours(self):
        manifest, out = self.library(("one", POLYSTYRENE))
        run("library", "import", "--manifest", manifest, "--out", out)
        whole = out.read_bytes()
        path = self.write("q.csv", spectrum_text())
        for name, content in (("half.h5", whole[:len(whole) // 2]), ("text.h5", b"no library\n" * 50),
                              ("empty.h5", b""), ("bit.h5", whole[:-600] + b"\x55" + whole[-599:])):
            bad = self.write(name, content)
            result = run("identify", "--library", bad, path)
            self.assertEqual(result.returncode, 3, (name, result.stderr))
            self.assertIn(name, result.stderr)


class BadFiles(Case):
    def check(self, name, content, *says, args=()):
        path = self.write(name, content)
        out = self.folder / "out.csv"
        self.refused(3, "process", "--out", out, *args, path, says=[name, *says])
        self.assertFalse(out.exists())

    def test_nan_in_the_axis(self):
        self.check("nan.csv", "cm-1,I\n100,1\nnan,2\n102,3\n", "3")

    def test_unsorted_and_duplicate_positions(self):
        self.check("unsorted.csv", "cm-1,I\n100,1\n101,2\n99,3\n104,1\n", "4")
        self.check("twice.csv", "cm-1,I\n100,1\n101,2\n101,3\n104,1\n", "4")

    def test_one_column(self):
        self.check("one.txt", "".join(f"{i * 7 % 100}\n" for i in range(200)))

    def test_empty_and_binary(self):
        self.check("empty.csv", "", "empty")
        self.check("binary.csv", bytes(range(256)) * 40)

    def test_nm_without_a_laser(self):
        text = "wavelength nm,I\n" + "".join(f"{800 + i * 0.1:.1f},{i % 17}\n" for i in range(900))
        path, out = self.write("nm.csv", text), self.folder / "out.csv"
        self.refused(3, "process", "--out", out, path, says=["laser"])
        self.assertFalse(out.exists())
        self.assertEqual(run("process", "--out", out, "--laser-nm", 785, path).returncode, 0)

    def test_wrong_unit(self):
        text = "wavelength nm,I\n" + "".join(f"{2 + i},{i % 17}\n" for i in range(900))
        self.check("unit.csv", text, args=("--laser-nm", 785))

    def test_what_is_fine(self):
        out = self.folder / "out.csv"
        fine = {
            "comma.csv": spectrum_text(separator=";", decimal=","),
            "bom.csv": "\ufeff" + spectrum_text(),
            "crlf.csv": spectrum_text().replace("\n", "\r\n"),
            "negative.csv": spectrum_text().replace("300.000,2", "300.000,-2"),
            "gb.csv": spectrum_text(header="拉曼位移 cm-1,强度\n").encode("gb18030"),
            "utf16.csv": spectrum_text().encode("utf-16"),
        }
        for name, content in fine.items():
            result = run("process", "--out", out, self.write(name, content))
            self.assertEqual(result.returncode, 0, (name, result.stderr))

    def test_ten_million_points(self):
        path = self.folder / "long.csv"
        with path.open("w") as file:
            file.write("cm-1,I\n")
            for block in range(100):
                file.write("".join(f"{i * 0.0004:.4f},{i % 7}\n"
                                   for i in range(block * 100000, (block + 1) * 100000)))
        started = time.monotonic()
        result = run("process", "--step", "normalise.max", "--out", self.folder / "o.csv", path)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertLess(time.monotonic() - started, 120)


class Evidence(Case):
    def setUp(self):
        super().setUp()
        self.passphrase = self.write("pass", "correct horse battery\n")
        self.key = self.folder / "op.key"

    def new_key(self, *args):
        result = run("key", "new", "--name", "王检验", "--out", self.key, "--passphrase-file",
                     self.passphrase, *args)
        self.assertEqual(result.returncode, 0, result.stderr)

    def seal(self, *args, key=None):
        out = self.folder / "e.cel.h5"
        return out, run("seal", *args, "--case", "案-1", "--exhibit", "1-1", "--key", key or self.key,
                        "--passphrase-file", self.passphrase, "--out", out)

    def test_seal_verify_report(self):
        self.new_key()
        paths = [self.write(f"q{i}.csv", spectrum_text()) for i in range(3)]
        out, result = self.seal(*paths)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(out.stat().st_mode & 0o777, 0o440)
        verdict = json.loads(run("verify", "--json", out).stdout)
        self.assertFalse(verdict["contradicted"])
        self.assertIn("王检验", json.dumps(verdict, ensure_ascii=False))
        self.assertEqual(run("verify", "--require", "time", out).returncode, 1)
        for language in ("zh_CN", "en"):
            pdf = self.folder / f"{language}.pdf"
            result = run("report", out, "--form", "card", "--out", pdf, "--lang", language)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertTrue(pdf.read_bytes().startswith(b"%PDF"))
        self.refused(5, "report", out, "--form", "court", "--out", self.folder / "x.pdf",
                     says=["persons/second/name", "lab/name"])
        self.assertFalse((self.folder / "x.pdf").exists())
        self.assertEqual(self.seal(*paths)[1].returncode, 5)  # evidence is not replaced

    def test_a_changed_file_contradicts_its_seal(self):
        self.new_key()
        out, _ = self.seal(self.write("q.csv", spectrum_text()))
        data = bytearray(out.read_bytes())
        at = data.index("案-1".encode())
        data[at:at + 3] = "桉".encode()
        bad = self.write("bad.cel.h5", bytes(data))
        self.assertIn(run("verify", bad).returncode, (1, 3))
        self.assertIn(run("report", bad, "--out", self.folder / "x.pdf").returncode, (3, 5))

    def test_wrong_passphrase_and_foreign_files(self):
        self.new_key()
        path = self.write("q.csv", spectrum_text())
        self.passphrase.write_text("wrong passphrase\n")
        self.assertEqual(self.seal(path)[1].returncode, 5)
        self.assertEqual(run("verify", path).returncode, 3)
        self.assertEqual(self.seal(path, key=path)[1].returncode, 3)

    def test_simulated_data_get_a_training_seal_only(self):
        self.new_key()
        simulated = self.folder / "sim.h5"
        run("acquire", "--device", "simulated:785", "--out", simulated, "--frames", 3)
        exported = self.folder / "sim.csv"
        run("process", simulated, "--out", exported)
        for path in (simulated, exported):
            out, result = self.seal(path)
            self.assertEqual(result.returncode, 5, result.stderr)
            self.assertFalse(out.exists())
            self.assertEqual(self.seal(path, "--training")[1].returncode, 5)  # not a training key
        self.key.unlink()
        self.new_key("--training")
        out, result = self.seal(exported, "--training")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("training", run("verify", out).stdout.lower())

    def test_required_lines_that_are_not_there(self):
        self.new_key()
        out, _ = self.seal(self.write("q.csv", spectrum_text()))
        self.assertEqual(run("verify", "--require", "record", out).returncode, 0)
        for lines in ("nonsense", "record,time", " time", "record, ledger"):
            self.assertEqual(run("verify", "--require", lines, out).returncode, 1, lines)

    def test_verify_reports_a_line_for_every_file(self):
        path = self.write("q.csv", spectrum_text())
        result = run("verify", "--json", path, self.folder / "none.h5")
        self.assertEqual(result.returncode, 3)
        rows = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual([row["exit"] for row in rows], [3, 3])

    def test_numbers_that_cannot_be_read_on_paper(self):
        self.new_key()
        path = self.write("q.csv", spectrum_text())
        for number in ("", " ", "a\nb", "\u202e12-1", "1\u200b2", "x" * 100, "\u2028"):
            self.refused(2, "seal", path, "--case", number, "--exhibit", "1", "--key", self.key,
                         "--passphrase-file", self.passphrase, "--out", self.folder / "e.h5")
        self.refused(2, "key", "new", "--name", "  ", "--out", self.folder / "k",
                     "--passphrase-file", self.passphrase)

    def test_a_seal_never_lands_on_what_it_seals(self):
        self.new_key()
        path = self.write("q.csv", spectrum_text())
        for out in (path, self.key, self.passphrase):
            before = out.read_bytes()
            self.refused(2, "seal", path, "--case", "C", "--exhibit", "1", "--key", self.key,
                         "--passphrase-file", self.passphrase, "--out", out)
            self.assertEqual(out.read_bytes(), before)

    def test_of_two_seals_at_once_one_stands(self):
        self.new_key()
        path, out = self.write("q.csv", spectrum_text()), self.folder / "two.cel.h5"
        both = [subprocess.Popen([CELADON, "seal", path, "--case", case, "--exhibit", "1", "--key", self.key,
                                  "--passphrase-file", self.passphrase, "--out", out],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for case in "ABC"]
        self.assertEqual(sorted(p.wait(120) for p in both), [0, 5, 5])
        self.assertEqual(run("verify", out).returncode, 0)

    def test_the_mark_of_simulated_data_survives_other_programs(self):
        simulated, text = self.folder / "sim.h5", self.folder / "sim.csv"
        run("acquire", "--device", "simulated:785", "--out", simulated, "--frames", 1)
        run("process", simulated, "--out", text)
        rest = text.read_text().replace("# simulated: yes\n", "")
        unnamed = "".join(line for line in rest.splitlines(True) if not line.startswith("# instrument"))
        marks = ("#simulated=YES", '"# simulated: yes"', "# simulated: true", "#\tsimulated:\tyes", "; simulated: 1",
                 "% Simulated", "# simulated:yes", "# 模拟数据")
        for mark in marks:
            path = self.write("marked.csv", mark + "\n" + unnamed)
            self.assertTrue(json.loads(run("identify", "--json", path).stdout)["simulated"], mark)
        path = self.write("cut.csv", rest)  # the instrument's name says it still
        self.assertTrue(json.loads(run("identify", "--json", path).stdout)["simulated"])
        path = self.write("real.csv", "# simulated: no\n" + spectrum_text())
        self.assertFalse(json.loads(run("identify", "--json", path).stdout)["simulated"])

    def test_a_training_record_is_not_sealed_as_evidence(self):
        self.new_key("--training")
        training, result = self.seal(self.write("q.csv", spectrum_text()), "--training")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.key.unlink()
        self.new_key()
        self.refused(5, "seal", training, "--case", "1", "--exhibit", "1", "--key", self.key,
                     "--passphrase-file", self.passphrase, "--out", self.folder / "real.cel.h5")

    def test_a_key_is_not_overwritten_and_private(self):
        self.new_key()
        self.assertEqual(self.key.stat().st_mode & 0o777, 0o600)
        self.refused(5, "key", "new", "--name", "x", "--out", self.key, "--passphrase-file", self.passphrase)

    def test_papers_of_two_languages_differ_and_forms_are_checked(self):
        self.new_key()
        sealed, result = self.seal(self.write("q.csv", spectrum_text()))
        self.assertEqual(result.returncode, 0, result.stderr)
        made = {}
        for language in ("en", "zh_CN"):
            out = self.folder / f"{language}.pdf"
            self.assertEqual(run("--lang", language, "report", sealed, "--out", out).returncode, 0)
            made[language] = out.read_bytes()
        self.assertNotEqual(made["en"], made["zh_CN"])
        for form in ("", "Card", "cards"):
            self.refused(2, "report", sealed, "--form", form, "--out", self.folder / "x.pdf")
        self.refused(2, "report", sealed, sealed, "--out", self.folder / "x.pdf")
        self.refused(3, "report", self.folder / "none.h5", "--out", self.folder / "x.pdf", says=["none.h5"])
        self.assertFalse((self.folder / "x.pdf").exists())

    def facts_from_the_list(self, sealed):
        """Facts with nothing but what --list-facts says is needed."""
        facts = {}
        for line in run("report", "--list-facts", "--json").stdout.splitlines():
            row = json.loads(line)
            value = {"text": row["path"], "list": ["x"], "number": 7, "digest": "ab" * 32,
                     "code": (row["codes"] or [""])[0]}[row["kind"]]
            place, *names = facts, *row["path"].split("/")
            for name in names[:-1]:
                place = place.setdefault(name, {})
            if row["court"]:
                place[names[-1]] = value
        facts["case"]["number"], facts["exhibit"]["number"] = "案-1", "1-1"
        facts = {k: v for k, v in facts.items() if v}
        facts.get("report", {}).pop("replaces", None)
        path = self.write("facts.json", json.dumps(facts, ensure_ascii=False))
        refused = self.refused(5, "report", sealed, "--form", "court", "--facts", path,
                               "--out", self.folder / "x.pdf", says=["file/fid"])
        facts["file"]["fid"] = refused.stderr.split('"')[-2]
        self.write("facts.json", json.dumps(facts, ensure_ascii=False))
        return path

    def test_facts_that_the_list_names_are_enough_for_a_court_page(self):
        self.new_key()
        sealed, result = self.seal(self.write("q.csv", spectrum_text()))
        self.assertEqual(result.returncode, 0, result.stderr)
        facts = self.facts_from_the_list(sealed)
        out = self.folder / "court.pdf"
        for form in ("court", "expert", "card"):
            result = run("report", sealed, "--form", form, "--facts", facts, "--out", out, "--lang", "zh_CN")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertTrue(out.read_bytes().startswith(b"%PDF"))
        text = facts.read_text(encoding="utf-8")
        for bad, status, says in ((text.replace('"pass"', '"fail"'), 5, "checks/opening"),
                                  (text.replace("lab/name", "物证鉴定所"), 5, "鉴定"),
                                  (text.replace('"lab"', '"labs"'), 3, "labs"),
                                  (text[:-5], 3, "bad.json")):
            self.refused(status, "report", sealed, "--form", "court", "--facts", self.write("bad.json", bad),
                         "--out", self.folder / "x.pdf", says=[says])
        self.assertFalse((self.folder / "x.pdf").exists())

    def test_papers_do_not_replace_what_they_are_made_from(self):
        self.new_key()
        sealed, _ = self.seal(self.write("q.csv", spectrum_text()))
        facts = self.write("facts.json", "{}")
        self.refused(2, "report", sealed, "--out", sealed)
        self.refused(2, "report", sealed, "--facts", facts, "--out", facts)
        self.refused(2, "report", "--form", "day", "--facts", facts, "--out", facts)
        self.assertEqual(facts.read_text(), "{}")

    def test_sheets_are_made_from_facts_alone(self):
        label = self.write("label.json", json.dumps({
            "code": "CELX-1", "case": "案-1", "exhibit": "1-1", "name": "白色粉末", "seal_no": "F-1",
            "packed_at": "2026-11-18", "packer": "王芳"}))
        out = self.folder / "sheet.pdf"
        for args in (("label", "--facts", label), ("blank-intake",), ("blank-custody",), ("blank-measurement",)):
            result = run("report", "--form", *args, "--out", out)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertTrue(out.read_bytes().startswith(b"%PDF"))
            out.unlink()
        self.refused(3, "report", "--form", "handover", "--facts", label, "--out", out)
        self.refused(3, "report", "--form", "day", "--out", out)
        self.refused(2, "report", label, "--form", "label", "--facts", label, "--out", out)
        self.refused(3, "report", "--form", "label", "--facts", self.folder / "none.json", "--out", out,
                     says=["none.json"])
        self.assertFalse(out.exists())

    def test_a_required_line_of_one_file_fails_the_whole_call(self):
        self.new_key()
        sealed, _ = self.seal(self.write("q.csv", spectrum_text()))
        result = run("verify", "--json", "--require", "time", sealed, sealed)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(len(result.stdout.splitlines()), 2)
        self.assertEqual(run("verify", "--require", "record", sealed, sealed).returncode, 0)


class Process(Case):
    def test_a_file_for_every_step(self):
        path, stages = self.write("q.csv", spectrum_text()), self.folder / "stages"
        out = self.folder / "o.csv"
        result = run("process", path, "--out", out, "--steps-out", stages, "--step", "crop.range:from=400,to=1700",
                     "--step", "normalise.max")
        self.assertEqual(result.returncode, 0, result.stderr)
        names = sorted(p.name for p in stages.iterdir())
        self.assertEqual(names, ["01-crop.range.csv", "02-normalise.max.csv"])
        self.assertEqual((stages / names[1]).read_text(), out.read_text())
        first = [line for line in (stages / names[0]).read_text().splitlines() if line[0].isdigit()]
        self.assertTrue(first[0].startswith("400,"), first[0])
        self.assertTrue(first[-1].startswith("1700,"), first[-1])
        self.assertEqual(len(first), 651)

    def test_the_result_of_a_step_is_what_the_step_says(self):
        path, out = self.write("q.csv", spectrum_text()), self.folder / "o.csv"
        run("process", path, "--out", out, "--step", "normalise.max")
        values = [float(line.split(",")[1]) for line in out.read_text().splitlines() if line[0].isdigit()]
        self.assertEqual(max(values), 1)

    def test_recipe_and_step_together_are_refused(self):
        path, out = self.write("q.csv", spectrum_text()), self.folder / "o.csv"
        self.refused(2, "process", path, "--out", out, "--recipe", "raw", "--step", "normalise.max",
                     says=["not both"])
        self.assertFalse(out.exists())

    def test_wrong_steps_and_recipes_write_nothing(self):
        path, out = self.write("q.csv", spectrum_text()), self.folder / "o.csv"
        for step in ("no.such", "crop.range:from=abc", "crop.range:nothing=1", "baseline.arpls:lambda=-1",
                     "crop.range:from", ""):
            self.refused(2, "process", path, "--out", out, "--step", step)
        self.refused(2, "process", path, "--out", out, "--recipe", "no-such", says=["no-such"])
        self.assertFalse(out.exists())

    def test_two_inputs_are_refused(self):
        path = self.write("q.csv", spectrum_text())
        self.refused(2, "process", path, path, "--out", self.folder / "o.csv", says=["one input"])

    def test_the_column_that_is_asked_for(self):
        text = "Raman shift cm-1,a,b\n" + "".join(f"{300 + i},{i % 5},{100 + i}\n" for i in range(50))
        path, out = self.write("q.csv", text), self.folder / "o.csv"
        self.assertEqual(run("process", path, "--out", out, "--column", 2, "--step",
                             "crop.range:from=310,to=320").returncode, 0)
        rows = [line for line in out.read_text().splitlines() if line[0].isdigit()]
        self.assertEqual(rows[0], "310,110")
        self.refused(2, "process", path, "--out", out, "--column", 3, says=["q.csv", "column 3"])

    def test_quiet_prints_nothing(self):
        path, out = self.write("q.csv", spectrum_text()), self.folder / "o.csv"
        result = run("process", "--quiet", path, "--out", out)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))


class Steps(Case):
    def test_only_the_named_step_is_listed(self):
        rows = [json.loads(line) for line in run("steps", "--json", "normalise.snv", "crop.range").stdout.splitlines()]
        self.assertEqual(sorted(row["id"] for row in rows), ["crop.range", "normalise.snv"])
        text = run("steps", "crop.range").stdout
        self.assertTrue(text.startswith("crop.range@"))
        self.assertNotIn("Recipes:", text)

    def test_the_whole_list_ends_with_the_recipes(self):
        self.assertIn("\nRecipes:\n", run("steps").stdout)

    def test_a_choice_names_its_choices(self):
        params = [p for line in run("steps", "--json").stdout.splitlines() for p in json.loads(line)["params"]]
        self.assertIn("choice", {p["type"] for p in params})
        for param in params:
            self.assertEqual("choices" in param, param["type"] == "choice", param)
            if "choices" in param:
                self.assertEqual(param["max"], len(param["choices"]) - 1)


class Peaks(Case):
    def peaks(self, *args):
        path = self.write("q.csv", spectrum_text())
        result = run("peaks", "--json", *args, path)
        self.assertEqual(result.returncode, 0, result.stderr)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def test_every_field_of_a_fitted_band(self):
        for row in self.peaks():
            self.assertEqual(set(row), {"position_cm1", "u_position_cm1", "height", "u_height", "fwhm_cm1",
                                        "u_fwhm_cm1", "area", "u_area", "prominence"})

    def test_width_and_position_are_those_that_were_made(self):
        row = max(self.peaks(), key=lambda row: row["height"])
        self.assertAlmostEqual(row["position_cm1"], 1001.4, delta=0.1)
        self.assertGreater(row["fwhm_cm1"], 7.9)  # smoothing widens a band a little
        self.assertLess(row["fwhm_cm1"], 9.0)

    def test_positions_rise(self):
        positions = [row["position_cm1"] for row in self.peaks()]
        self.assertEqual(positions, sorted(positions))

    def test_a_higher_limit_lists_fewer(self):
        low, high = self.peaks("--smallest-percent", 2), self.peaks("--smallest-percent", 50)
        self.assertEqual(len(high), 1)
        self.assertGreaterEqual(len(low), len(POLYSTYRENE))

    def test_an_unknown_recipe(self):
        self.refused(2, "peaks", self.write("q.csv", spectrum_text()), "--recipe", "no-such", says=["no-such"])


class Library(Case):
    def test_the_library_that_ships_is_told(self):
        row = json.loads(run("library", "info", "--json").stdout)
        self.assertRegex(row["sha256"], "^[0-9a-f]{64}$")
        self.assertGreater(row["substances"], 0)
        self.assertLessEqual(row["with_data"], row["substances"])
        self.assertGreater(row["bands"], 0)
        self.assertIn(row["sha256"], run("library", "info").stdout)

    def test_an_imported_library_is_counted(self):
        for name in ("one", "two", "three"):
            self.write(f"{name}.csv", spectrum_text())
        manifest = self.write("m.tsv", Import.HEADER + "".join(
            f"{file}.csv\t{id_}\tx\tx\tpolymer\t785\tours\tCC0\tB\n"
            for file, id_ in (("one", "a"), ("two", "a"), ("three", "b"))))
        out = self.folder / "l.library.h5"
        row = json.loads(run("library", "import", "--json", "--manifest", manifest, "--out", out).stdout)
        self.assertEqual((row["rows"], row["imported"], row["substances"], row["problems"]), (3, 3, 2, []))
        info = json.loads(run("library", "info", "--json", out).stdout)
        self.assertEqual((info["substances"], info["references"], info["with_data"], info["bands"]), (2, 3, 2, 0))

    def test_refused_rows_stand_in_json_with_their_line(self):
        self.write("one.csv", spectrum_text())
        manifest = self.write("m.tsv", Import.HEADER + "one.csv\ta\ta\ta\tpolymer\t785\ts\tl\tB\n"
                              "gone.csv\tb\tb\tb\tpolymer\t785\ts\tl\tB\n")
        result = run("library", "import", "--json", "--manifest", manifest, "--out", self.folder / "l.h5")
        self.assertEqual(result.returncode, 3)
        row = json.loads(result.stdout)
        self.assertEqual((row["rows"], row["imported"], len(row["problems"])), (2, 1, 1))
        self.assertIn(":3", row["problems"][0])

    def test_words_that_library_does_not_know(self):
        for words in (["import", "x"], ["info", "a", "b"], ["export"], ["import"]):
            self.refused(2, "library", *words)


class Why(Case):
    def identify(self, *args):
        sample = self.write("q.csv", spectrum_text())
        result = run("identify", "--laser-nm", "785", *args, sample)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_lines_are_the_same_in_text_and_json(self):
        answer = json.loads(self.identify("--json"))
        for language, key in (("en", "en"), ("zh_CN", "zh_CN")):
            text = self.identify("--lang", language)
            self.assertGreater(len(answer["explanation"][key]), 1)
            for line in answer["explanation"][key]:
                self.assertIn(line, text)

    def test_bands_carry_their_numbers(self):
        first = json.loads(self.identify("--json"))["hits"][0]
        self.assertEqual([p["sample_cm1"] for p in first["peaks"]["matched"]], first["matched_cm1"])
        self.assertEqual([p["sample_cm1"] for p in first["peaks"]["extra"]], first["extra_cm1"])
        for pair in first["peaks"]["matched"]:
            off = pair["sample_cm1"] + first["shift_applied_cm1"] - pair["reference_cm1"]
            self.assertAlmostEqual(pair["difference_cm1"], off, delta=0.2)
            self.assertLessEqual(abs(pair["difference_cm1"]), pair["tolerance_cm1"])

    def test_recalculations_are_asked_for_and_repeat(self):
        self.assertIsNone(json.loads(self.identify("--json"))["stability"])
        once, again = (json.loads(self.identify("--json", "--stability"))["stability"] for _ in range(2))
        self.assertEqual(once, again)
        self.assertEqual(once["runs"], 200)
        text = self.identify("--lang", "zh_CN", "--stability-runs", "50")
        self.assertIn("对同一次测量数据复算50次,", text)
        self.assertIn("该数不代表结论正确的概率", text)

    def test_numbers_of_recalculations_that_are_none(self):
        sample = self.write("q.csv", spectrum_text())
        for runs in ("0", "-1", "10001"):
            self.refused(2, "identify", "--stability-runs", runs, sample, says=["--stability-runs"])


class Validate(Case):
    def manifest(self, *rows, header="file\ttruth_id\tlaser_nm\tgroup\tfamily\n"):
        self.write("q.csv", spectrum_text())
        return self.write("m.tsv", header + "".join("\t".join(row) + "\n" for row in rows))

    def validate(self, manifest, *args):
        result = run("validate", "--json", "--manifest", manifest, *args)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def test_counts_stand_by_group_and_for_all(self):
        manifest = self.manifest(("q.csv", "ps", "785", "plastics"), ("q.csv", "pe", "785", "plastics", "ps pp"),
                                 ("q.csv", "", "", ""), ("gone.csv", "ps", "785", "lost"))
        answer = self.validate(manifest)
        groups = {g["group"]: g for g in answer["groups"]}
        self.assertEqual([g["group"] for g in answer["groups"]], ["plastics", "samples", "lost", "all"])
        self.assertEqual((groups["plastics"]["top1"]["k"], groups["plastics"]["top1"]["n"]), (1, 2))
        self.assertEqual((groups["plastics"]["top1_family"]["k"], groups["plastics"]["top5"]["n"]), (2, 2))
        self.assertEqual((groups["samples"]["n"], groups["samples"]["top1"]["n"]), (1, 0))
        self.assertEqual((groups["lost"]["n"], groups["lost"]["unusable"]), (0, 1))
        self.assertEqual((groups["all"]["n"], groups["all"]["unusable"], groups["all"]["top1"]["k"]), (3, 1, 1))
        # every evaluated sample stands under exactly one outcome
        for group in groups.values():
            counted = sum(o["right"]["k"] + o["wrong"]["k"] for o in group["outcomes"].values())
            self.assertEqual(counted, group["n"])
        self.assertEqual(sum(b["first_hit_right"]["n"] for b in answer["reliability"]), 3)

    def test_records_have_a_line_for_every_sample(self):
        manifest = self.manifest(("q.csv", "ps", "785", "g"), ("gone.csv", "ps", "", "g"))
        records = self.folder / "records.tsv"
        self.validate(manifest, "--records", records)
        header, *rows = [line.split("\t") for line in records.read_text().splitlines()]
        rows = [dict(zip(header, row, strict=True)) for row in rows]
        self.assertEqual(len(rows), 2)
        self.assertEqual((rows[0]["first_id"], rows[0]["rank"], rows[0]["truth_id"]), ("ps", "1", "ps"))
        self.assertEqual(rows[0]["problem"], "")
        self.assertEqual((rows[1]["outcome"], rows[1]["first_id"]), ("unusable", ""))
        self.assertIn("gone.csv", rows[1]["problem"])

    def test_a_background_that_the_source_took_off_is_not_taken_off_again(self):
        rows = [line.split(",") for line in spectrum_text().splitlines()[1:]]
        with_background = "".join(f"{x},{float(y) + 2e-3 * (float(x) - 200)}\n" for x, y in rows)
        manifest = self.manifest(("hill.csv", "ps", "785", "g", ""), ("hill.csv", "ps", "785", "g", "removed"),
                                 header="file\ttruth_id\tlaser_nm\tgroup\tbaseline\n")
        self.write("hill.csv", with_background)
        records = self.folder / "records.tsv"
        self.validate(manifest, "--records", records)
        header, *lines = [line.split("\t") for line in records.read_text().splitlines()]
        raw, removed = (dict(zip(header, line, strict=True)) for line in lines)
        self.assertGreater(float(raw["score"]), float(removed["score"]))

    def test_records_that_no_ledger_knows_count_for_nothing(self):
        header = "file\ttruth_id\tlaser_nm\tgroup\tspecimen\taxis_check\n"
        self.write("q.csv", spectrum_text())
        manifest = self.write("m.tsv", header + "".join(f"q.csv\tps\t785\tg\tS{i}\tok\n" for i in range(100)))
        records = self.folder / "records.tsv"
        self.validate(manifest, "--records", records)
        words = ["identify", "--laser-nm", "785", "--records", records, self.folder / "q.csv"]
        card = json.loads(run(*words, "--json").stdout)["validation"]
        self.assertEqual((card["status"], card["specimens"]), ("not-validated", 0))
        self.assertNotIn("event", card)
        self.assertIn("ledger knows", run(*words).stdout)

    def test_records_that_are_none(self):
        sample = self.write("q.csv", spectrum_text())
        bad = self.write("bad.tsv", "file\tgroup\n")
        self.refused(3, "identify", "--laser-nm", "785", "--records", bad, sample, says=["bad.tsv", "outcome"])
        self.refused(3, "identify", "--laser-nm", "785", "--records", self.folder / "no.tsv", sample, says=["no.tsv"])

    def test_manifests_that_are_none(self):
        good = "file\ttruth_id\tlaser_nm\tgroup\n"
        for content, words in ((b"", "m.tsv"), (b"fi", "m.tsv"), (good, "names no sample"),
                               ("file\tgroup\nq.csv\tg\n", "truth_id"), ("truth_id\nps\n", '"file"'),
                               (good + "\tps\t785\tg\n", "line 2"), (good + "\nq.csv\tps\tred\tg\n", "line 3"),
                               (good + "q.csv\tps\t-1\tg\n", '"-1"'), (good + "q.csv\tps\tnan\tg\n", '"nan"'),
                               (good.encode() + b"q.csv\t\xff\xfe\t785\tg\n", "UTF-8")):
            self.refused(3, "validate", "--manifest", self.write("m.tsv", content), says=["m.tsv", words])
        self.refused(3, "validate", "--manifest", self.folder / "none.tsv", says=["none.tsv"])

    def test_a_manifest_from_another_system(self):
        self.write("q.csv", spectrum_text())
        path = self.write("m.tsv", b"\xef\xbb\xbf" + b"truth_id\tfile\r\nps\tq.csv\r\n\r\n")
        self.assertEqual(self.validate(path)["groups"][-1]["top1"]["k"], 1)

    def test_the_report_for_people_has_the_same_counts(self):
        text = run("validate", "--manifest", self.manifest(("q.csv", "ps", "785", "g"))).stdout
        self.assertIn("g: n 1 (0 not in a library, 0 unusable)", text)
        self.assertIn("top 1 1/1 (100.0 %, 2.5..100.0)", text)  # 0.025 ** (1/1)


class Answers(Case):
    def test_a_list_and_words_come_in_order(self):
        paths = [self.write(f"q{i}.csv", spectrum_text()) for i in range(3)]
        names = self.write("list.txt", f"{paths[1]}\r\n\r\n{paths[2]}")
        lines = run("identify", "--json", "--files-from", names, paths[0]).stdout.splitlines()
        self.assertEqual([json.loads(line)["file"] for line in lines], [str(paths[i]) for i in (0, 1, 2)])

    def test_an_empty_list_names_no_file(self):
        self.refused(2, "identify", "--files-from", self.write("list.txt", "\n\n"), says=["files"])
        self.refused(3, "identify", "--files-from", self.folder / "no.txt", says=["no.txt"])

    def test_as_many_hits_as_asked_ranked_from_1(self):
        path = self.write("q.csv", spectrum_text())
        for top in (1, 3):
            hits = json.loads(run("identify", "--json", "--top", top, path).stdout)["hits"]
            self.assertEqual([hit["rank"] for hit in hits], list(range(1, top + 1)))
            scores = [hit["score"] for hit in hits]
            self.assertEqual(scores, sorted(scores, reverse=True))

    def test_a_bad_replicate_is_named_in_the_answer(self):
        good, bad = self.write("good.csv", spectrum_text()), self.write("bad.csv", "")
        result = run("identify", "--json", "--replicates", good, bad)
        self.assertEqual(result.returncode, 0, result.stderr)
        replicates = json.loads(result.stdout)["replicates"]
        self.assertEqual((replicates["planned"], replicates["valid"]), (2, 1))
        self.assertEqual(len(replicates["reasons"]), 1)
        self.assertIn("replicate 2", replicates["reasons"][0])
        self.assertIn("bad.csv", replicates["reasons"][0])

    def test_an_answer_for_people_is_in_the_language_asked_for(self):
        path = self.write("q.csv", spectrum_text())
        answer = json.loads(run("identify", "--json", path).stdout)
        for language, key in (("en", "en"), ("zh_CN", "zh_CN")):
            text = run("--lang", language, "identify", path).stdout
            self.assertIn(answer["claim"][key][:20], text.replace("\n", " "))

    def test_an_exhibit_in_wavelengths_is_no_answer_without_a_laser(self):
        path = self.write("nm.csv", "wavelength nm,I\n" + "".join(f"{800 + i * 0.1:.1f},{i % 17}\n" for i in range(900)))
        result = self.refused(3, "identify", "--json", path, says=["laser"])
        row = json.loads(result.stdout)
        self.assertEqual((row["file"], row["exit"]), (str(path), 3))


class Interruptions(Case):
    def test_ctrl_c_leaves_no_partial_file(self):
        manifest = self.write("m.tsv", Import.HEADER + "".join(
            f"q{i}.csv\ts{i}\tx\tx\tpolymer\t785\ts\tl\tB\n" for i in range(3000)))
        for i in range(3000):
            self.write(f"q{i}.csv", f"Raman shift cm-1,I\n" + "".join(
                f"{300 + 2 * k},{(k * (i + 7)) % 101}\n" for k in range(400)))
        before = self.left_behind()
        commands = [
            ["acquire", "--device", "simulated:785", "--frames", "2000", "--integration-ms", "500",
             "--settings", "speed=1", "--out", str(self.folder / "a.h5")],
            ["library", "import", "--manifest", str(manifest), "--out", str(self.folder / "l.h5")],
        ]
        for command in commands:
            interrupted = 0
            for delay in (0.02, 0.08, 0.2, 0.5):
                process = subprocess.Popen([CELADON, *command], stdout=subprocess.DEVNULL,
                                           stderr=subprocess.PIPE)
                time.sleep(delay)
                process.send_signal(signal.SIGINT)
                _, message = process.communicate(timeout=20)
                if process.returncode == 0:
                    pathlib.Path(command[-1]).unlink()  # it was done before
                    continue
                interrupted += 1
                self.assertIn(process.returncode, (130, -signal.SIGINT), message[:500])
                self.assertEqual(self.left_behind(), before, command)
            self.assertGreater(interrupted, 0, command)

    def test_a_full_disk_leaves_nothing(self):
        def tiny():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        path = self.write("q.csv", spectrum_text())
        before = self.left_behind()
        result = run("process", "--out", self.folder / "o.csv", path, preexec_fn=tiny)
        self.assertEqual(result.returncode, 4, result.stderr)
        self.assertIn("o.csv", result.stderr)
        result = run("acquire", "--device", "simulated:785", "--out", self.folder / "a.h5", preexec_fn=tiny)
        self.assertEqual(result.returncode, 4, result.stderr)
        self.assertEqual(self.left_behind(), before)

    def test_a_folder_that_is_not_there(self):
        path = self.write("q.csv", spectrum_text())
        self.refused(4, "process", "--out", self.folder / "no/o.csv", path, says=["o.csv"])


class Demo(Case):
    def test_the_whole_road(self):
        result = run("demo", "--json", "--out", self.folder)
        self.assertEqual(result.returncode, 0, result.stderr)
        row = json.loads(result.stdout)
        self.assertTrue(pathlib.Path(row["file"]).is_file())
        self.assertTrue(pathlib.Path(row["report"]).read_bytes().startswith(b"%PDF"))
        answer = row["answer"]
        self.assertEqual(answer["hits"][0]["id"], "ps")
        self.assertEqual(answer["replicates"]["planned"], 3)
        self.assertNotEqual(answer["outcome"], "found")
        self.assertEqual(run("verify", row["file"]).returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=1)
