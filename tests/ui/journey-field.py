#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The officer's way from the scene to the sealed record, in one language, with real pointer and keys: nothing
is smaller than 19 mm, at most six touches lead on, and the sealed record verifies.

Usage: journey-field.py LANGUAGE, under with-display and dbus-run-session."""
import subprocess
import sys
import time

from field_way import FieldWay
from journey import BUILD, Journey, page_faults

FIELD_PX = 72  # 19 mm at the 96 dots an inch of the display
MOST_NAVIGATION = 6


def verifies(lab):
    """Whether the command line finds the sealed record whole."""
    sealed = sorted((lab / "archive").glob("*.cel.h5"))
    assert len(sealed) == 1, sealed
    done = subprocess.run([str(BUILD / "src/cli/celadon"), "verify", "--lab", str(lab), str(sealed[0])],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def main(language):
    faults = set()
    with Journey(language) as j:
        j.settings.update(FieldWay.settings(j.base))
        j.found_lab()
        j.start()
        j.sign_in("Practice officer")
        way = FieldWay(j)
        began, times = time.monotonic(), []
        for part in (way.begin, way.scan_step, way.measure_steps, way.pack_step, way.sign):
            part()
            times.append(f"{part.__name__} {time.monotonic() - began:.0f}")
            faults.update(page_faults(j, FIELD_PX))
        verifies(j.lab)
        assert not faults, "\n".join(sorted(faults))
        print(f"{language}: sealed; seconds: {', '.join(times)}; {j.touches}")


if __name__ == "__main__":
    main(sys.argv[1])
