# SPDX-License-Identifier: GPL-3.0-or-later
"""The officer's way of one exhibit through the window, step by step, as journey.py's person goes it."""
import re
import struct
import time
import zlib

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
        self.holds = 0

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
        picture(self.camera / f"picture-{self.pictures:03}.png", self.pictures)
        self.j.press("Newest picture")
        self.j.until(lambda: self.missing() < before, "the photo is taken", STEP_PATIENCE_S)

    def is_at(self, step):
        """Whether the heading of that step is in view."""
        return self.j.look(self.j.say(step)) is not None

    def shoot(self):
        """Press and hold, until the button may be held again or the step is another."""
        button = self.j.find(re.compile(re.escape(self.j.say("Hold"))), {"push button"}, STEP_PATIENCE_S)
        self.j.hold(button, HOLD_S)
        self.holds += 1

    # ---- the steps ----

    def begin(self):
        self.j.write(self.entry("Number of the case"), CASE)
        self.j.write(self.entry("Witness, holder or second officer"), WITNESS)
        self.j.press("Begin")

    def scan_step(self):
        self.j.press("The place is safe to work in")
        self.photo()
        self.scan("Scan or type the number", ITEM)
        self.photo()
        self.j.press("Next")
