#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A paper is opened from the archive, enlarged and printed into a file with the toolkit's own dialog, in one language;
the print is text, and called as the paper.

Usage: journey-paper.py LANGUAGE, under with-display and dbus-run-session."""
import re
import subprocess
import sys

from journey import Journey, page_faults

LAB_PX = 44
EXHIBIT = "2026-0113/1"


def open_paper(j):
    j.choose(j.say("Archive"))
    j.choose(re.compile("^" + re.escape(EXHIBIT)))
    j.press(j.paper("Result card"))
    j.reads(re.compile("^" + j.say("Page %u of %u").replace("%u", "1", 1).replace("%u", "[0-9]+")))
    j.press("Larger")
    assert not page_faults(j, LAB_PX), page_faults(j, LAB_PX)


def print_it(j):
    """Into a file: the only printer of this machine."""
    j.press("Print…")
    rows = j.until(lambda: [node for node in j.shown() if node.get_role_name() == "table row"][1:], "a printer is there")
    j.point(rows[0])
    j.press(re.compile("^(_?Print|打印)[^…]*$"))  # as the toolkit calls it
    return j.until(lambda: next((path for path in j.base.rglob("*.pdf")
                                if path.stat().st_size > 0), None),
                   "the print is written")


def main(language):
    with Journey(language) as j:
        j.settings["tour-seen"] = "true"
        j.env["HOME"] = str(j.base)
        j.found_lab(worked=True)
        j.start()
        j.sign_in("Practice technician")
        open_paper(j)
        printed = print_it(j)
        j.stop()
        words = subprocess.run(["pdftotext", str(printed), "-"], capture_output=True, text=True, check=True).stdout
        assert EXHIBIT.split("/")[0] in words, words[:2000]
        print(f"{language}: printed {printed.name}; {j.touches}")


if __name__ == "__main__":
    main(sys.argv[1])
