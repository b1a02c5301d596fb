# SPDX-License-Identifier: GPL-3.0-or-later
"""The officer's way of one exhibit through the window, step by step, as journey.py's person goes it."""
import re
import struct
import zlib

from journey import PASSPHRASE, is_enabled

CASE, ITEM, SEAL, WITNESS = "C-2026-77", "1", "S-77001", "Zhang San"
HOLD_S = 1.5  # the button asks for 1.2 s
STEP_PATIENCE_S = 60
SETTINGS = {"instrument": "'simulated:785'", "tour-seen": "true"}


def picture(path, number):
    """A small PNG that differs from the others."""
    rows = b"".join(b"\0" + bytes((x * 3 + number * 40) % 256 for x in range(64 * 3)) for _ in range(48))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class FieldWay:
    """Goes the way in a journey whose officer is signed in."""

    def __init__(self, journey):
        self.j = journey
        self.camera = journey.base / "camera"
        self.camera.mkdir(exist_ok=True)
        self.pictures = len(list(self.camera.iterdir()))
        self.leave = picture

    @staticmethod
    def settings(base):
        return {**SETTINGS, "camera-folder": f"'{base / 'camera'}'"}

    # ---- parts of steps ----

    def entry(self, message):
        """The entry that is called so."""
        name = self.j.say(message)
        return self.j.find(name, {"text", "entry", "password text"})

    def scan(self, message, text):
        """As a scanner does: it types and sends Return."""
        self.j.write(self.entry(message), text)
        self.j.key("Return")

    def missing(self):
        pattern = re.compile(re.escape(self.j.say("%s: missing")).replace("%s", ".*"))
        return sum(1 for text in set(self.j.texts()) if pattern.fullmatch(text))

    def photo(self):
        """The camera program leaves a picture; one touch takes it."""
        before = self.missing()
        self.pictures += 1
        self.leave(self.camera / f"picture-{self.pictures:03}.png", self.pictures)
        self.j.press("Newest picture")
        self.j.until(lambda: self.missing() < before, "the photo is taken", STEP_PATIENCE_S)

    def can_hold(self):
        """The button that is pressed and held, when it may be."""
        pattern = re.compile("^" + re.escape(self.j.say("Press and hold: %s")).replace("%s", "|").split("|")[0])
        for node in self.j.shown():
            if node.get_role_name() == "push button" and is_enabled(node) \
                    and pattern.search(node.get_name() or ""):
                return node
        return None

    def shoot(self):
        """Press and hold until it measures; ends when the next touch is possible."""
        self.j.hold(self.j.until(self.can_hold, "one may press and hold", STEP_PATIENCE_S), HOLD_S)
        self.j.until(lambda: self.can_hold() is None, "it measures", 5)

    def step(self):
        """The number of the step in view, 0 before the first."""
        pattern = re.compile(re.escape(self.j.say("Step %u of %u: %s")).replace("%u", "([0-9]+)", 1)
                             .replace("%u", "[0-9]+").replace("%s", ".*"))
        for text in self.j.texts():
            found = pattern.fullmatch(text)
            if found:
                return int(found.group(1))
        return 0

    def wait_step(self, number):
        self.j.until(lambda: self.step() == number, f"step {number}", STEP_PATIENCE_S)

    # ---- the steps ----

    def begin(self):
        self.j.write(self.entry("Number of the case"), CASE)
        self.j.write(self.entry("Witness, holder or second officer"), WITNESS)
        self.j.press("Begin")
        self.wait_step(1)

    def scan_step(self):
        self.j.press("The place is safe to work in")
        self.photo()
        self.scan("Scan or type the number", ITEM)
        self.photo()
        self.j.press("Next step")
        self.wait_step(2)

    def measure_steps(self):
        """Check, blank, then as many spots as are asked for."""
        self.shoot()
        self.wait_step(3)
        self.j.press("No, directly")
        self.shoot()
        self.wait_step(4)
        self.j.press("No, none of these")
        for _ in range(6):
            self.shoot()
            self.j.until(lambda: self.can_hold() or self.step() == 5, "the next spot, or the result", STEP_PATIENCE_S)
            if self.step() == 5:
                return
        raise AssertionError("no result after six spots")

    def pack_step(self):
        self.j.press("Pack and seal", STEP_PATIENCE_S)
        self.wait_step(6)
        self.photo()
        self.scan("Scan or type the number of the seal", SEAL)
        self.j.press("Next step")
        self.wait_step(7)

    def agree(self, person, passphrase=PASSPHRASE):
        """The second person chooses the own name and types."""
        self.j.press(re.compile("^" + re.escape(self.j.say(person))))
        self.j.write(self.entry("Passphrase of the second person"), passphrase)

    def sign(self, person="Practice technician"):
        self.agree(person)
        self.j.press("Sign and seal")
        self.j.find(self.j.say("It is sealed"), patience=STEP_PATIENCE_S)

    def go(self):
        """From the empty form to the sealed record."""
        for part in (self.begin, self.scan_step, self.measure_steps, self.pack_step, self.sign):
            part()
