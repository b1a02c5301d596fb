#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The second person: judges a sealed result without seeing it, releases the report with a second key, verifies
the file line by line and sends the case out, in one language.

Usage: journey-review.py LANGUAGE, under with-display and dbus-run-session."""
import re
import sys
import time

from journey import PASSPHRASE, Journey, page_faults

LAB_PX = 44


def page(j, message):
    """From the sidebar."""
    j.choose(j.say(message))


def row_of_waiting(j):
    """The sealed result that waits: exhibit 2 of the worked lab."""
    words = re.escape(j.say("Exhibit %s of case %s")).replace("%s", "2", 1).replace("%s", "2026-0113")
    return re.compile("2026-0113/2$|" + words)


def review(j):
    page(j, "Reviews")
    j.choose(row_of_waiting(j))
    j.reads("Your own verdict")
    assert j.look(j.say("Sealed result")) is None, "the review is not blind"
    j.point(j.find(j.say("Outcome"), {"combo box"}))
    time.sleep(0.5)  # the list unfolds
    j.key("Home")
    j.key("Return")
    j.press("Record my verdict")
    j.reads(re.compile("|".join(re.escape(j.say(text)) for text in ("Both found the same",
                                                                    "The two verdicts differ"))))
    j.find(j.say("Sealed result"))


def verify(j):
    page(j, "Archive")
    j.choose(row_of_waiting(j))
    for line in ("Parts of a sealed file", "Content, SHA-256", "Who signed", "Place in the ledger"):
        j.reads(line)
    j.find(j.say("Court page"))


def main(language):
    with Journey(language) as j:
        j.settings["tour-seen"] = "true"
        j.found_lab(worked=True)
        j.start()
        j.sign_in(re.compile(re.escape(j.say("Practice reviewer"))), PASSPHRASE)
        j.until(lambda: j.say("Nobody signed in") not in j.texts(), "somebody works")
        faults = set()
        for part in (review, verify):
            part(j)
            faults.update(page_faults(j, LAB_PX))
        assert not faults, "\n".join(sorted(faults))
        print(f"{language}: reviewed blind and verified; {j.touches}")


if __name__ == "__main__":
    main(sys.argv[1])
