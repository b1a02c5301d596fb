#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bench by keys alone, in one language: live view, Escape ends it and stays on the page, a measurement, every
tool by its key, bands fitted; everything that is touched has a name.

Usage: journey-work.py LANGUAGE, under with-display and dbus-run-session."""
import sys

from journey import Journey, nameless


def main(language):
    with Journey(language, settings={"tour-seen": "true"}) as j:
        j.start()
        j.press("Practise in a training lab")
        j.sign_in("Practice technician")
        j.choose(j.say("Workbench"))
        j.button("Live view")
        j.key("ctrl+l")
        j.button("End live view")
        j.button("Stop")
        j.key("Escape")
        j.button("Live view")
        j.key("ctrl+m")
        j.reads(j.say("Measurement %u") % 1)
        for key, text in (("alt+2", "Add a step"), ("alt+3", "Add a file"), ("alt+4", "Fit the bands"),
                          ("alt+5", "Identify")):
            j.key(key)
            j.button(text)
            assert not nameless(j), nameless(j)
        j.key("ctrl+f")
        j.button("Copy the table")
        print(f"{language}: live, measured, fitted by keys; {j.touches}")


if __name__ == "__main__":
    main(sys.argv[1])
