# SPDX-License-Identifier: GPL-3.0-or-later
"""The technician's way of one exhibit through the window: taken from the list of exhibits, received, opened by two,
measured on a simulated USB instrument, sealed again and handed to a reviewer."""
import sys

from field_way import STEP_PATIENCE_S, FieldWay
from journey import TOP

sys.path.insert(0, str(TOP / "tests/sim-usb"))
import simusb  # noqa: E402

CASE, ITEM, SEAL, NEW_SEAL = "2026-0104", "1", "A1041", "B1041"
UNIT = "wasatch-785:sample=empty,time-factor=0.2"
SUBSTANCE = "calcite"
RECEIVE, OPEN, EXAMINE, CHECK, BLANK, MEASURE, CLOSING, RESULT, RESEAL, REVIEW = range(1, 11)


class LabWay(FieldWay):
    """Goes the way in a journey whose technician is signed in and sees the list of exhibits."""

    @staticmethod
    def settings(base):
        return {"camera-folder": f"'{base / 'camera'}'", "start-delay-s": "0", "tour-seen": "true"}

    def before_the_instrument(self, sample):
        """What a person lays before it."""
        simulator = simusb.Simulator(str(self.j.control))
        simulator.ask("set", 1, "sample", sample)

    def next(self, number):
        self.j.press("Next step")
        self.wait_step(number)

    # ---- the steps ----

    def look_up(self):
        """In the list of exhibits."""
        self.j.write(self.entry("Search exhibits"), f"{CASE}/{ITEM}")
        self.j.until(lambda: len(self.rows()) == 1, "one exhibit is found")
        self.j.point(self.rows()[0])
        self.j.button("Measure it")

    def take(self):
        self.j.press("Measure it")
        self.wait_step(RECEIVE)

    def rows(self):
        """Of the list of exhibits, those in view."""
        return [node for node in self.j.shown() if node.get_role_name() == "list item"
                and (node.get_name() or "").startswith("2026-")]

    def receive(self):
        self.photo()
        self.j.write(self.entry("Number of its seal, as read"), SEAL)
        self.j.press("Bag and seal intact")
        self.j.write(self.entry("Handed over by"), "Zhao Liu")
        self.j.press("Accept")
        self.next(OPEN)

    def open(self, person):
        self.j.write(self.entry("Number of its seal, as read"), SEAL)
        self.agree(person)
        self.j.press("Open the bag together")
        self.j.reads("✓ Opened by two persons", STEP_PATIENCE_S)
        self.next(EXAMINE)

    def examine(self):
        for word in ("solid", "white", "1 to 10 g"):
            self.j.press(word)
        self.photo()
        self.j.press("Next step")
        self.wait_step(CHECK)

    def check(self):
        self.before_the_instrument("polystyrene")
        self.shoot()
        self.wait_step(BLANK)

    def blank(self):
        self.before_the_instrument("empty")
        self.j.press("No, directly")
        self.shoot()
        self.wait_step(MEASURE)

    def measure(self):
        self.before_the_instrument(SUBSTANCE)
        self.j.press("No, none of these")
        for _ in range(6):
            self.shoot()
            self.j.until(lambda: self.can_hold() or self.step() == CLOSING, "the next spot, or the closing check",
                         STEP_PATIENCE_S)
            if self.step() == CLOSING:
                return
        raise AssertionError("six spots were not enough")

    def close(self):
        self.before_the_instrument("polystyrene")
        self.shoot()
        self.next(RESULT)

    def reseal(self):
        self.j.press("Pack and seal", STEP_PATIENCE_S)
        self.wait_step(RESEAL)
        self.photo()
        self.scan("Scan or type the number of the seal", NEW_SEAL)
        self.next(REVIEW)
