#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A unit that leaves the bus with its laser on and comes back at another address, light still on: the
guard turns it off, whether the application lives, ends or was killed, as the simulated device itself
saw its light. A gate that is a control transfer and one that is a bulk packet.

Usage: test-laser-return.py CELADON CELADON-USB-SIM
"""
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import simusb  # noqa: E402
from litapp import start_at_light  # noqa: E402

OFF_WITHIN_MS = 2000
CLOSED_WITHIN_MS = 2000
AWAY_S = 0.7


def leave(simulator, unit, application, manner):
    """The unit leaves the bus with its light on; the application ends, as it must, or is killed."""
    if manner == "killed first":
        application.send_signal(signal.SIGKILL)
    simulator.ask("unplug", unit)
    if manner == "killed after":
        application.send_signal(signal.SIGKILL)
    return application.wait()


def return_once(simulator, celadon, unit, manner, folder):
    """Returns (whether light burned while it was away, what is wrong)."""
    application = start_at_light(simulator, celadon, unit, folder)
    status = leave(simulator, unit, application, manner)
    time.sleep(AWAY_S)
    lit = simulator.get(unit, "laser") > 0
    simulator.ask("plug", unit)
    wrong = None
    if not simulator.wait(unit, "laser=0", OFF_WITHIN_MS):
        wrong = "the light burns on"
    elif manner == "alive" and status != 4:
        wrong = f"the application ended with {status}"
    elif not simulator.wait(unit, "clients=0", CLOSED_WITHIN_MS):
        wrong = "the unit is held open"
    return lit, wrong


def inside(celadon):
    simulator = simusb.Simulator()
    failures = n_lit = 0
    with tempfile.TemporaryDirectory() as folder:
        for unit in (1, 2):
            for manner in ("alive", "killed first", "killed after"):
                lit, wrong = return_once(simulator, celadon, unit, manner, folder)
                print(f"unit {unit}, application {manner}: {'lit' if lit else 'dark'} while away, "
                      f"{wrong or 'off when back'}")
                failures += wrong is not None
                n_lit += lit
    return 1 if failures or n_lit < 2 else 0


if __name__ == "__main__":
    if sys.argv[1] == "inside":
        sys.exit(inside(sys.argv[2]))
    if len(sys.argv) < 3:
        print("there is no simulated bus here: skipped")
        sys.exit(77)
    sys.exit(subprocess.run([sys.argv[2], "wasatch-785", "usb4000:gate=1", "--", sys.executable, __file__,
                             "inside", sys.argv[1]], check=False).returncode)
