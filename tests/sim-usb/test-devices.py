#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What "celadon devices" and "celadon doctor" say of simulated units on the simulated bus.

Usage: test-devices.py CELADON CELADON-USB-SIM RUN-REPLAY
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

CELADON, SIMULATOR, REPLAY = sys.argv[1:4]


# Tells the simulator something, then becomes the program.
ASK_FIRST = ("import os, sys; sys.path.insert(0, sys.argv[1]); import simusb; "
             "simusb.Simulator().ask(*sys.argv[2].split()); os.execv(sys.argv[3], sys.argv[3:])")


def run(units, *args, ask=None):
    command = [CELADON, *map(str, args)]
    if ask:
        command = [sys.executable, "-c", ASK_FIRST, str(pathlib.Path(__file__).parent), ask, *command]
    return subprocess.run([SIMULATOR, *units, "--", *command], capture_output=True, text=True,
                          timeout=60, env=dict(os.environ, LANGUAGE="en"))


def usb_rows(units, ask=None):
    lines = run(units, "devices", "--json", ask=ask).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    return [row for row in rows if row["driver"] != "simulated"]


class Devices(unittest.TestCase):
    def test_each_unit_says_who_it_is_and_that_it_is_simulated(self):
        rows = {row["driver"]: row for row in usb_rows(["wasatch-785", "usb4000"])}
        self.assertEqual(set(rows), {"wasatch", "ocean"})
        self.assertEqual(rows["wasatch"]["serial"], "SIM-0001")
        self.assertEqual(rows["wasatch"]["laser_nm"], 785)
        for row in rows.values():
            self.assertTrue(row["simulated"])
            self.assertTrue(row["permission"])
            self.assertEqual(row["driver_validation"], "replay-only")
            self.assertNotIn("why_not", row)

    def test_a_unit_that_another_program_has_is_listed_with_the_reason(self):
        rows = usb_rows(["wasatch-785"], ask="set 1 busy 1000")
        self.assertEqual(len(rows), 1)
        self.assertIn("another program", rows[0]["why_not"])

    def test_a_unit_without_permission_is_listed_with_the_rule_file(self):
        rows = usb_rows(["wasatch-785"], ask="set 1 permission 0")
        self.assertEqual(len(rows), 1)
        self.assertIn("70-celadon.rules", rows[0]["why_not"])

    def test_a_recording_holds_no_serial_number_and_plays(self):
        for unit, driver, serial in (("wasatch-785", "wasatch", "SIM-0001"),
                                     ("usb4000", "ocean", "CELADON-SIM-001")):
            with tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name) / "tests/replay" / driver
                folder.mkdir(parents=True)
                record = folder / "case.exchange"
                result = run([unit], "devices", "--record", record)
                self.assertEqual(result.returncode, 0, result.stderr)
                text = record.read_text()
                self.assertNotIn(serial.encode().hex(" "), text)
                (folder / "case.expect").write_text("> open\n")
                played = subprocess.run([REPLAY, driver, "case"], capture_output=True, text=True,
                                        env=dict(os.environ, CELADON_SOURCE=name), timeout=60)
                self.assertIn("pixels: ", played.stdout, played.stdout + played.stderr)

    def test_several_units_need_a_choice(self):
        with tempfile.TemporaryDirectory() as name:
            record = pathlib.Path(name) / "r.txt"
            result = run(["wasatch-785", "usb4000"], "devices", "--record", record)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertFalse(record.exists())


class Doctor(unittest.TestCase):
    def test_connected_units_are_counted(self):
        rows = [json.loads(line) for line in run(["wasatch-785"], "doctor", "--json").stdout.splitlines()]
        permission = [row for row in rows if row["check"] == "permission"]
        self.assertEqual([row["state"] for row in permission], ["ok"])
        self.assertIn("1 instruments", permission[0]["message"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
