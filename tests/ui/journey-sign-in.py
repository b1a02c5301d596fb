#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From nothing to signed in, in one language: the practice lab is made in the window, a wrong passphrase is
refused in a sentence, the right one opens the lab; everything that is touched is large enough and has a name.

Usage: journey-sign-in.py LANGUAGE, under with-display and dbus-run-session."""
import sys

from journey import Journey, page_faults

LAB_PX = 44


def main(language):
    with Journey(language) as j:
        j.start()
        j.press("Practise in a training lab")
        j.find(j.say("Practice technician"), {"list item"})
        assert not page_faults(j, LAB_PX), page_faults(j, LAB_PX)
        j.sign_in("Practice technician", "not the passphrase")
        j.reads("passphrase")
        j.button("Sign in", enabled=False)
        j.sign_in("Practice technician")
        j.until(lambda: j.say("Nobody signed in") not in j.texts(), "the strip says who works")
        print(f"{language}: signed in; {j.touches}")


if __name__ == "__main__":
    main(sys.argv[1])
