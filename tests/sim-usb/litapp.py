# SPDX-License-Identifier: GPL-3.0-or-later
"""An application that measures with the laser on, for the scripts that take it away: unit 1 has a gate
that is a control transfer, unit 2 one that is a bulk packet."""
import os
import subprocess

ATTEMPTS = 10
ANSWERS = ["--laser-ok", "eyewear,blocked,clear,harmless", "--frames", "200", "--integration-ms", "20"]
UNITS = {1: ["--device", "wasatch"],
         2: ["--device", "ocean", "--settings", "laser_gate=strobe,laser_nm=785,laser_mw=50,"
             "laser_class=3B,eyewear_od=6"]}


def measure(celadon, unit, folder):
    return subprocess.Popen([celadon, "acquire", *UNITS[unit], *ANSWERS, "--no-dark", "--out",
                             os.path.join(folder, "x.h5")], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def start_at_light(simulator, celadon, unit, folder):
    """An application whose laser burns. On a busy machine one may give up before: then another."""
    for _ in range(ATTEMPTS):
        process = measure(celadon, unit, folder)
        while process.poll() is None:
            if simulator.wait(unit, "laser=1", 100):
                return process
    raise RuntimeError("the laser never comes on")
