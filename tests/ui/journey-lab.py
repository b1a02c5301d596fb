#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The laboratory from the bag to the bundle, in one language: the technician takes a handed-over exhibit from the
list, receives, opens, measures on a simulated USB instrument and seals it; a reviewer judges it blind and releases the
report with a second key; the report is turned page by page, the sealed file verified and the case exported; the
command line finds file and bundle whole.

Usage: journey-lab.py LANGUAGE, under with-display and dbus-run-session."""
import re
import subprocess
import sys
import time

from journey import BUILD, PASSPHRASE, Journey, page_faults
from lab_way import CASE, ITEM, UNIT, LabWay

LAB_PX = 44
REPORT = "R-2026-0104-1"
OUTCOME = ("inconclusive", "无法判断")
CLAIM = ("Bird / turtle eggshell", "蛋壳(禽卵/海龟卵)")
SECOND, REVIEWER = "Practice lab head", "Practice reviewer"


class Desk:
    """What follows on the sealed result."""

    def __init__(self, journey):
        self.j = journey
        self.bundle = journey.base / "bundle.zip"

    def exhibit(self):
        return self.j.choose(re.compile(f"^{re.escape(CASE)}/{ITEM}"))

    def review(self):
        """By a second person, who sees spectra and no result."""
        j = self.j
        j.change_person(REVIEWER)
        j.choose(j.say("Reviews"))
        self.exhibit()
        j.reads("Your own verdict")
        assert j.look(j.say("Sealed result")) is None, "the review is not blind"
        j.pick("Outcome", j.say(*OUTCOME))
        j.pick("What the spectrum points to", j.say(*CLAIM), search=True)

    def record(self):
        self.j.press("Record my verdict")
        self.j.reads("Both found the same")
        self.j.reads("Nothing blocks the release")

    def release(self):
        j = self.j
        j.write(j.find(j.say("Number of the report"), {"text"}), REPORT)
        j.pick("Which paper", j.say("Expert pages"))
        j.press("Release the report…")
        j.choose(re.compile("^" + re.escape(j.say(SECOND))))
        j.write(j.find(j.say("Passphrase of this person's key"), {"text"}), PASSPHRASE)

    def agree(self):
        self.j.press("Agree")
        self.j.reads("Lines of the verification")

    def verify(self):
        for line in ("Parts of a sealed file", "Content, SHA-256", "Who signed", "Place in the ledger"):
            self.j.reads(line)

    def report(self):
        """Every page of it."""
        j = self.j
        j.press(j.paper("Expert pages"))
        pages = int(re.search("([0-9]+)[^0-9]*$", j.reads(self.page(1))).group(1))
        for number in range(2, pages + 1):
            j.press("Next page")
            j.reads(self.page(number))

    def page(self, number):
        return re.compile("^" + self.j.say("Page %u of %u").replace("%u", str(number), 1).replace("%u", "[0-9]+"))

    def save(self):
        """What stands in the report is what was found, and by whom."""
        j = self.j
        paper = j.base / "report.pdf"
        j.press("Save as…")
        j.save_as(re.compile("[.]pdf$"), paper)
        j.until(paper.exists, "the report is saved")
        j.key("Escape")
        j.button("To the case")
        words = subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True,
                               check=True).stdout
        for word in (REPORT, CASE, j.say(*OUTCOME), j.say(*CLAIM), j.say("Practice technician")):
            assert word in words, f'"{word}" does not stand in the report:\n{words[:3000]}'

    def export(self):
        """The whole case, for the court."""
        j = self.j
        j.press("To the case")
        j.reads(re.compile("^" + re.escape(CASE) + " · "))
        j.press("Export…")
        j.write(j.find(j.say("Who gets it"), {"text"}), "Court 3")

    def write(self):
        j = self.j
        j.press("As a zip file…")
        j.save_as(re.compile("[.]zip$"), self.bundle)
        j.until(self.bundle.exists, "the bundle is written")


def holds(journey, bundle):
    """Whether the command line finds the sealed file and the bundle whole."""
    sealed = max((journey.lab / "archive").glob("*.cel.h5"), key=lambda path: path.stat().st_mtime)
    for words in (["verify", "--lab", journey.lab, sealed],
                  ["import-bundle", "--trust", journey.lab / "ca.pem", bundle]):
        done = subprocess.run([BUILD / "src/cli/celadon", *words], capture_output=True, text=True)
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"


def main(language):
    faults, times, began = set(), [], time.monotonic()

    def done(part, *words):
        part(*words)
        times.append(f"{part.__name__} {time.monotonic() - began:.0f}")
        faults.update(page_faults(j, LAB_PX))

    with Journey(language, usb=[UNIT]) as j:
        j.settings.update(LabWay.settings(j.base))
        j.found_lab(worked=True)
        j.start()
        j.sign_in("Practice technician")
        way, desk = LabWay(j), Desk(j)
        done(way.look_up)
        done(way.take)
        done(way.receive)
        done(way.open, SECOND)
        for part in (way.examine, way.check, way.blank, way.measure, way.close, way.reseal):
            done(part)
        done(way.sign, SECOND)
        for part in (desk.review, desk.record, desk.release, desk.agree, desk.verify, desk.report, desk.save, desk.export,
                     desk.write):
            done(part)
        holds(j, desk.bundle)
        assert not faults, "\n".join(sorted(faults))
        print(f"{language}: {', '.join(times)}; {j.touches}")


if __name__ == "__main__":
    main(sys.argv[1])
