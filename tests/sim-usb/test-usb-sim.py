#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program celadon-usb-sim: what it passes on, and what it still knows after the command died.

Usage: test-usb-sim.py CELADON-USB-SIM. The command that it runs is this file with "inside".
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import simusb  # noqa: E402

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else ""


def run(*arguments, inside="pass", timeout=20):
    command = [PROGRAM, *arguments, "--", sys.executable, __file__, "inside", inside]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout)


class Program(unittest.TestCase):
    def test_exit_status_of_the_command_is_passed_on(self):
        self.assertEqual(run("wasatch-785", inside="sys.exit(7)").returncode, 7)

    def test_unknown_model_is_an_error(self):
        done = run("wasatch-999")
        self.assertEqual(done.returncode, 3)
        self.assertIn("no such model", done.stderr)

    def test_truth_survives_a_killed_command(self):
        with tempfile.TemporaryDirectory() as folder:
            truth = os.path.join(folder, "truth")
            done = run("--truth", truth, "--linger-ms", "50", "usb4000", "qepro",
                       inside="os.kill(os.getpid(), signal.SIGKILL)")
            self.assertEqual(done.returncode, 128 + signal.SIGKILL)
            lines = pathlib.Path(truth).read_text().splitlines()
            self.assertEqual([line.split()[0] for line in lines],
                             ["unit=1", "edges", "unit=2", "edges"])
            self.assertIn("laser=0", lines[0])

    def test_one_connection_waits_while_another_acts(self):
        done = run("wasatch-785", inside="two_connections()")
        self.assertEqual(done.stdout, "came True\n", done.stderr)

    def test_recorded_unit_keeps_its_own_text(self):
        folder = pathlib.Path(os.environ.get("CELADON_SHARED", "")) / "protocols/fixtures"
        if not folder.is_dir():
            self.skipTest("no recordings here")
        done = run("--fixture", str(folder), "wasatch-785@wp-00887",
                   inside="print(simusb.Simulator().get(1, 'laser_mw'))")
        self.assertEqual(done.stdout, "450.0\n", done.stderr)

    def test_idle_simulator_uses_no_time(self):
        done = run("wasatch-785", "qepro", "usb4000", inside="idle()")
        self.assertLess(float(done.stdout), 0.05, done.stderr)


def two_connections():
    came = []
    waiter = threading.Thread(
        target=lambda: came.append(simusb.Simulator().wait(1, "plugged=0", 5000)))
    waiter.start()
    time.sleep(0.1)
    simusb.Simulator().ask("unplug", 1)
    waiter.join()
    print("came", came[0])


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def idle():
    before = processor_seconds(os.getppid())
    time.sleep(1.0)
    print(processor_seconds(os.getppid()) - before)


if __name__ == "__main__":
    if PROGRAM == "inside":
        exec(sys.argv[2])
    else:
        unittest.main(argv=sys.argv[:1], verbosity=2)
