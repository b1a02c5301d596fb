#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of the measuring application at random moments: the guard turns the laser off within a
second, as the simulated device itself saw its light. A unit whose gate is a control transfer and one
whose gate is a bulk packet, neither with a watchdog.

Usage: test-laser-kill.py CELADON CELADON-USB-SIM. CELADON_LONG: how many kills (10).
"""
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import simusb  # noqa: E402
from litapp import measure, start_at_light  # noqa: E402

KILLS = int(os.environ.get("CELADON_LONG", "10"))
OFF_WITHIN_MS = 1000
LONGEST_MS = 1500  # from the start of the application: opening, darks, light, frames


def now_ms():
    return time.clock_gettime(time.CLOCK_MONOTONIC) * 1e3


def kill_once(simulator, celadon, unit, at_light, folder):
    """Returns (was lit at the kill, ms from the kill to the last end of light, what is wrong)."""
    edges_before = len(simulator.edges(unit))
    if at_light:
        process = start_at_light(simulator, celadon, unit, folder)
        time.sleep(random.uniform(0, 0.4))
    else:
        process = measure(celadon, unit, folder)
        time.sleep(random.uniform(0, LONGEST_MS / 1e3))
    killed_ms = now_ms()
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(OFF_WITHIN_MS / 1e3)
    on_after = simulator.get(unit, "laser") > 0
    left = not simulator.wait(unit, "clients=0", 5000)
    edges = simulator.edges(unit)[edges_before:]
    lit = sum(1 if on else -1 for on, us in edges if us / 1e3 <= killed_ms) > 0
    last_off_ms = max((us / 1e3 for on, us in edges if not on), default=killed_ms)
    wrong = "the laser is on" if on_after or simulator.get(unit, "laser") > 0 else \
        "the guard does not leave" if left else None
    return lit, max(last_off_ms - killed_ms, 0.0), wrong


def inside(celadon):
    random.seed(20260621)
    simulator = simusb.Simulator()
    times, failures = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for i in range(KILLS):
            lit, off_ms, wrong = kill_once(simulator, celadon, 1 + i % 2, i % 5 < 4, folder)
            if lit:
                times.append(off_ms)
            if wrong or off_ms > OFF_WITHIN_MS:
                failures += 1
                print(f"kill {i}: off after {off_ms:.1f} ms; {wrong or 'too late'}", file=sys.stderr)
    times.sort()
    print(f"{KILLS} kills, {len(times)} of them with light: off after {times[len(times) // 2]:.1f} ms in the "
          f"median, {times[-1]:.1f} ms at worst; {failures} failed")
    return 1 if failures or not times else 0


if __name__ == "__main__":
    if sys.argv[1] == "inside":
        sys.exit(inside(sys.argv[2]))
    if len(sys.argv) < 3:
        print("there is no simulated bus here: skipped")
        sys.exit(77)
    sys.exit(subprocess.run([sys.argv[2], "wasatch-785", "usb4000:gate=1", "--", sys.executable, __file__,
                             "inside", sys.argv[1]], check=False).returncode)
