#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What "celadon acquire" asks before it lights the laser of a simulated USB unit, and that the unit
never saw light without the answers.

Usage: test-laser-questions.py CELADON CELADON-USB-SIM
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

CELADON, SIMULATOR = sys.argv[1:3]
YES_TO_ALL = "eyewear,blocked,clear,harmless"


class Questions(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.out = self.folder / "m.h5"
        self.truth = self.folder / "truth"

    def acquire(self, *options, typed=None):
        """@typed: lines on a terminal; without them there is none."""
        try:
            keyboard, terminal = os.openpty() if typed is not None else (None, subprocess.DEVNULL)
        except OSError as error:
            self.skipTest(f"no terminal can be made here: {error.strerror}")
        if typed is not None:
            os.write(keyboard, "".join(line + "\n" for line in typed).encode())
        result = subprocess.run(
            [SIMULATOR, "--truth", self.truth, "wasatch-785", "--", CELADON, "acquire", "--device", "wasatch",
             "--out", self.out, "--frames", "2", "--integration-ms", "20", *options],
            stdin=terminal, capture_output=True, text=True, timeout=60,
            env=dict(os.environ, LANGUAGE="en"))
        for fd in (keyboard, terminal):
            if typed is not None:
                os.close(fd)
        found = dict(re.findall(r"\b(\w+)=(\S+)", self.truth.read_text().splitlines()[0]))
        self.enables, self.laser = int(found["enables"]), int(found["laser"])
        self.assertEqual(self.laser, 0)
        return result

    def refused(self, result, says):
        self.assertEqual(result.returncode, 5, result.stderr)
        self.assertIn(says, result.stderr)
        self.assertEqual(self.enables, 0)
        self.assertFalse(self.out.exists())

    def test_without_answers_and_terminal_it_names_them_and_the_laser_stays_off(self):
        result = self.acquire()
        self.refused(result, "--laser-ok eyewear,blocked,clear,harmless|dark|unknown")
        for what in ("eyewear", "blocked", "nobody in line", "explosive"):
            self.assertIn(what, result.stderr)

    def test_each_missing_word_keeps_the_laser_off(self):
        words = YES_TO_ALL.split(",")
        for word in words:
            rest = ",".join(w for w in words if w != word)
            self.refused(self.acquire("--laser-ok", rest), "The laser stays off")

    def test_all_words_light_it_once_and_it_is_off_afterwards(self):
        result = self.acquire("--laser-ok", YES_TO_ALL)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.enables, 1)
        self.assertTrue(self.out.exists())

    def test_on_a_terminal_the_four_questions_are_asked(self):
        result = self.acquire(typed=["yes", "YES", "y", "no"])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stderr.count("?"), 4)
        self.assertIn("Laser class", result.stderr)
        self.assertEqual(self.enables, 1)

    def test_only_a_clear_yes_is_one(self):
        for typed in (["no", "yes", "yes", "no"], ["yes", "", "yes", "no"], ["yes", "yes", "yep", "no"]):
            self.refused(self.acquire(typed=typed), "The laser stays off")

    def test_the_end_of_a_long_answer_is_not_the_next_one(self):
        self.refused(self.acquire(typed=["x" * 63 + "yes", "yes", "yes", "no"]), "The laser stays off")
        self.refused(self.acquire(typed=["yes" + " " * 60 + "yes", "yes", "no", "no"]), "The laser stays off")

    def test_a_sample_that_nobody_knows_starts_at_the_lowest_power(self):
        result = self.acquire(typed=["yes", "yes", "yes", "what?"])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertGreaterEqual(self.enables, 2)  # the ramp, then the measurement

    def test_an_open_interlock_is_said_and_no_frame_is_taken_for_one(self):
        result = subprocess.run(
            [SIMULATOR, "--truth", self.truth, "wasatch-785-interlock:interlock=0", "--", CELADON, "acquire",
             "--device", "wasatch", "--out", self.out, "--laser-ok", YES_TO_ALL, "--frames", "1"],
            capture_output=True, text=True, timeout=60, env=dict(os.environ, LANGUAGE="en"))
        self.assertEqual(result.returncode, 4, result.stderr)
        self.assertIn("interlock", result.stderr)
        self.assertFalse(self.out.exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
