#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The laboratory from the bag to the bundle, in one language: the technician takes a handed-over exhibit from the
list, receives, opens, measures on a simulated USB instrument and seals it; a reviewer judges it blind and releases the
report with a second key; the report is opened page by page, the sealed file verified and the case exported; the
command line finds file and bundle whole.

Usage: journey-lab.py LANGUAGE, under with-display and dbus-run-session."""
import subprocess
import sys
import time

from journey import BUILD, Journey, nameless, too_small, twice_named
from lab_way import UNIT, LabWay

LAB_PX = 44


def main(language):
    faults, times, began = set(), [], time.monotonic()

    def done(part, *words):
        part(*words)
        times.append(f"{part.__name__} {time.monotonic() - began:.0f}")
        faults.update(too_small(j, LAB_PX) + nameless(j) + twice_named(j))

    with Journey(language, usb=[UNIT]) as j:
        j.settings.update(LabWay.settings(j.base))
        j.found_lab(worked=True)
        j.start()
        j.sign_in("Practice technician")
        way = LabWay(j)
        for part in (way.take, way.receive, lambda: way.open("Practice lab head"), way.examine, way.check, way.blank, way.measure,
                     way.close, way.reseal, way.sign):
            done(part)
        assert not faults, "\n".join(sorted(faults))
        print(f"{language}: {', '.join(times)}; {j.touches}")


if __name__ == "__main__":
    main(sys.argv[1])
