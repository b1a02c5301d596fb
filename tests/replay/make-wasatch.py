#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes wasatch/*.exchange: what a unit of Wasatch Photonics would be asked and would answer, by the opcodes, byte
orders and EEPROM layout of the maker's public programs (Wasatch.PY FeatureIdentificationDevice.py and EEPROM.py). The
unit is made up and has 16 pixels, so that a frame can be read.

Usage: make-wasatch.py FOLDER (tests/replay/wasatch). The .expect files are checked by hand.
"""
import pathlib
import struct
import sys

PIXELS = 16
QUIET = "timeout"


def text(page, offset, words, width):
    page[offset:offset + width] = words.encode().ljust(width, b"\0")[:width]


def put(page, offset, form, *values):
    struct.pack_into("<" + form, page, offset, *values)


def memory(arm=False, **changes):
    """Nine pages: 785 nm, 5 to 400 mW, format 15 (ARM: 18)."""
    pages = [bytearray(64) for _ in range(9)]
    text(pages[0], 0, "WP-785XS" if arm else "WP-785", 16)
    text(pages[0], 16, "WP-00001", 16)
    put(pages[0], 36, "BBB", 0 if arm else 1, 0, 1)
    put(pages[0], 39, "HHHh", changes.get("features", 0x40), 50, 10, 12)
    put(pages[0], 48, "fhfh", 1.5, -20, 1.5, -20)
    pages[0][63] = 18 if arm else 15
    put(pages[1], 0, "4f", 800.0, 10.0, -0.05, 0.0)
    put(pages[1], 16, "3f", 3000.0, -50.0, 0.0)
    put(pages[1], 28, "hh", 20, 10)
    put(pages[1], 32, "3f", 60.0, -0.02, 0.0)
    text(pages[2], 0, "IMX385" if arm else "S16011", 16)
    put(pages[2], 16, "H", PIXELS)
    put(pages[2], 27, "HH", 1, 14)
    put(pages[3], 12, "4f", 2.0, 0.24, 0.0, 0.0)
    put(pages[3], 28, "3f", 400.0, 5.0, 785.0)
    put(pages[3], 40, "II", 3, 60000)
    put(pages[3], 48, "f", 9.5)
    pages[3][61] = 40
    put(pages[5], 0, "15h", 7, *[-1] * 14)
    return pages


class Script:
    """One recording, line by line."""

    def __init__(self, why, arm=False, product=None):
        self.arm = arm
        self.lines = ["# Written by make-wasatch.py from the maker's public programs; no instrument was asked.",
                      f"# {why}", "celadon-recording 1",
                      f"device 24aa:{product or ('4000' if arm else '1000')} high-speed", "endpoint 82 512",
                      "endpoint 86 512", "open"]

    def add(self, *lines):
        self.lines += lines
        return self

    def set(self, request, value=0, index=0, data=None, end=""):
        n = data if data is not None else (8 if self.arm else 0)
        self.add(f"> 40 {request:02x} {value:04x} {index:04x}" + (f" : 00*{n}" if n else " :"), f"< {end}".rstrip())
        return self

    def get(self, request, answer, room=64, value=0, index=0):
        room = max(room, 8) if self.arm else room
        self.add(f"> c0 {request:02x} {value:04x} {index:04x} {room}", f"< {answer}".rstrip())
        return self

    def number(self, request, number, width, room=64, value=0):
        return self.get(request, number.to_bytes(width, "little").hex(" "), room, value)

    def off(self, reads="00"):
        self.set(0xBE)
        if self.arm:
            return self.get(0xFF, reads, value=0x0D)
        return self.get(0xE2, reads, 1)

    def pages(self, pages):
        for index, page in enumerate(pages):
            self.get(0xFF, bytes(page).hex(" "), value=1, index=index)
        return self

    def look(self, answer=QUIET):
        self.add("> in 82 8192", f"< {answer}")
        if answer != QUIET:
            self.look()
        return self

    def opened(self, **changes):
        self.off().set(0xDD).set(0xBD)
        pages = memory(self.arm, **changes)
        self.pages(pages).pages(pages)
        self.get(0xC0, "07 00 01 0a").get(0xB4, "30 32 36 2d 30 30 37", 7)
        if not self.arm:
            self.set(0xD2, 0, data=8)
        self.set(0xB7, 0x0180).set(0xB6, 0xFFEC)
        if not self.arm:
            self.set(0xD8, 2400).set(0xD6, 1)
        self.look()
        if self.arm:
            self.number(0x8B, 2, 1).set(0x82, 40)
        return self

    def time(self, ms):
        self.set(0xB2, ms).number(0xBF, ms, 3)
        return self

    def acquire(self):
        return self.set(0xAD)

    def frame(self, first, n=PIXELS):
        data = b"".join(struct.pack("<H", first + i) for i in range(PIXELS))[:2 * n]
        return self.add(f"> in 82 {2 * PIXELS}", f"< {data.hex(' ')}")

    def exposed(self, first):
        return self.look().acquire().frame(first).look()

    def armed(self, width=260, can_fire="01"):
        self.off()
        for setter, getter, number in ((0xC7, 0xCB, 1000), (0xDB, 0xDC, width)):
            self.set(setter, number, data=8).number(getter, number, 5)
        self.set(0xBD, 1).number(0xE3, 1, 1)
        if self.arm:
            self.set(0xFF, 0x18, 10).get(0xFF, "00 0a", value=0x17)
        return self.get(0xEF, can_fire)

    def lit(self):
        self.get(0xEF, "08" if self.arm else "01").set(0xBE, 1)
        return self if self.arm else self.get(0xE2, "01", 1)

    def still_lit(self):
        self.get(0xEF, "08" if self.arm else "01")
        return self if self.arm else self.get(0xE2, "01", 1)

    def closed(self):
        return self.off().add("close")


def gone_off(script):
    return script.add("close")


def cases():
    """Name and recording of every case."""
    yield "whole", Script("A measurement without a fault.").opened().time(100).exposed(1000).armed().lit() \
        .exposed(2000).still_lit().off().get(0xD7, "09 60", 2).closed()
    yield "xs", Script("An ARM unit: eight bytes in every set, a watchdog, no read-back to be trusted.", arm=True) \
        .opened().time(100).exposed(1000).armed(can_fire="08").lit().exposed(2000).still_lit().off().closed()
    yield "lost-acquire", Script("The first ACQUIRE comes to nothing; the second does not; a frame may still be owed.") \
        .opened().time(10).look().acquire().add(f"> in 82 {2 * PIXELS}", "< timeout").look().look().acquire() \
        .frame(1000).look().add("@ 5000000").look().exposed(2000).closed()
    yield "given-up", Script("Three ACQUIRE come to nothing.").opened().time(10) \
        .look().acquire().add(f"> in 82 {2 * PIXELS}", "< timeout").look() \
        .look().acquire().add(f"> in 82 {2 * PIXELS}", "< timeout").look() \
        .look().acquire().add(f"> in 82 {2 * PIXELS}", "< timeout").look().off().closed()
    yield "late", Script("The frame was late: two come, and the second must not stand for the next exposure.") \
        .opened().time(10).look().acquire().add(f"> in 82 {2 * PIXELS}", "< timeout").look().look().acquire() \
        .frame(1000).look().frame(2000).look().exposed(3000).closed()
    yield "torn", Script("A frame breaks off within a pixel; it is dropped whole.").opened().time(10).look().acquire() \
        .add(f"> in 82 {2 * PIXELS}", "< e8 03 e9", f"> in 82 {2 * PIXELS - 3}", "< timeout").look() \
        .exposed(2000).exposed(3000).closed()
    yield "pieces", Script("A frame in three pieces is one frame.").opened().time(10).look().acquire() \
        .add(f"> in 82 {2 * PIXELS}", "< e8 03 e9", f"> in 82 {2 * PIXELS - 3}", "< 03",
             f"> in 82 {2 * PIXELS - 4}", "< " + b"".join(struct.pack("<H", 1002 + i) for i in range(14)).hex(" ")) \
        .look().closed()
    yield "surplus", Script("More than a frame: dropped, not shifted.").opened().time(10).look().acquire().frame(1000) \
        .look("55 55").exposed(2000).closed()
    yield "overflow", Script("More than a frame within a packet.").opened().time(10).look().acquire() \
        .add(f"> in 82 {2 * PIXELS}", "< overflow : 00*32").look().exposed(2000).closed()
    yield "stale", Script("An old frame lies in the endpoint before ACQUIRE.").opened().time(10).look("55*32") \
        .acquire().frame(1000).look().closed()
    yield "stall", Script("The endpoint stalls; the frame that was asked for comes after all, later.").opened() \
        .time(10).look().acquire().add(f"> in 82 {2 * PIXELS}", "< stall", "clear 82").look().exposed(1000) \
        .add(f"> in 82 {2 * PIXELS}", "< timeout", "@ 5000000").look().exposed(3000).closed()
    yield "acquire-refused", Script("ACQUIRE is refused by an FX2 board: not repeated.").opened().time(10).look() \
        .set(0xAD, end="stall").off().closed()
    yield "gone", Script("Unplugged during the frame, with the laser on.").opened().armed().lit().time(10).look() \
        .acquire().add(f"> in 82 {2 * PIXELS}", "< gone", "close")
    yield "flat", Script("An ARM unit sends equal pixels.", arm=True).opened().time(10).look().acquire() \
        .add(f"> in 82 {2 * PIXELS}", "< d2 04" + " d2 04" * 15).look().exposed(2000).closed()
    yield "time-not-taken", Script("The integration time reads back differently, twice.").opened() \
        .set(0xB2, 10).number(0xBF, 99, 3).set(0xB2, 10).number(0xBF, 99, 3).off().closed()
    yield "arm-stalls", Script("An ARM unit reports failure of sets that it obeys; the getter decides.", arm=True) \
        .opened().set(0xB2, 10, end="stall").number(0xBF, 10, 3).look().set(0xAD, end="stall").frame(1000).look() \
        .set(0xBE, end="stall").get(0xE2, "00", 1).get(0xFF, "00", value=0x0D).get(0xFF, "00", value=0x0D).closed()
    yield "interlock-open", Script("The interlock is open when the laser is armed.").opened().armed(can_fire="00") \
        .off().closed()
    yield "interlock-opens", Script("The interlock opens during an exposure: an error, not a dark frame.").opened() \
        .armed().lit().time(10).exposed(1000).get(0xEF, "00").off().closed()
    yield "light-went-out", Script("The laser goes off by itself during an exposure.").opened().armed().lit() \
        .time(10).exposed(1000).get(0xEF, "01").get(0xE2, "00", 1).off().closed()
    width = Script("The pulse width reads back as nothing: it stays dark.").opened().off().set(0xC7, 1000, data=8) \
        .number(0xCB, 1000, 5)
    for _ in range(2):
        width.set(0xDB, 260, data=8).number(0xDC, 0, 5)
    yield "width-not-taken", width.off().off().closed()
    stuck = Script("The laser does not go off: said to be on.").opened().armed().lit()
    for _ in range(4):
        stuck.off("01")
    yield "laser-stuck", stuck.off("00").add("close")
    silent = Script("The state of the laser cannot be read: unknown.").opened()
    for _ in range(4):
        silent.off("stall")
    yield "laser-silent", silent.get(0xE2, "5a", 1).closed()
    dropped = Script("Two commands to light up are lost.").opened().armed().get(0xEF, "01").set(0xBE, 1) \
        .get(0xE2, "00", 1).set(0xBE, 1).get(0xE2, "00", 1).set(0xBE, 1).get(0xE2, "01", 1)
    yield "on-lost", dropped.closed()
    yield "watchdog-contradicts", Script("The watchdog gives back another time.", arm=True).opened().off() \
        .set(0xC7, 1000, data=8).number(0xCB, 1000, 5).set(0xDB, 260, data=8).number(0xDC, 260, 5) \
        .set(0xBD, 1).number(0xE3, 1, 1).set(0xFF, 0x18, 10).get(0xFF, "00 05", value=0x17).off().closed()
    yield "watchdog-swapped", Script("The watchdog gives back its two bytes in the other order.", arm=True).opened() \
        .off().set(0xC7, 1000, data=8).number(0xCB, 1000, 5).set(0xDB, 260, data=8).number(0xDC, 260, 5) \
        .set(0xBD, 1).number(0xE3, 1, 1).set(0xFF, 0x18, 10).get(0xFF, "0a 00", value=0x17).get(0xEF, "08").closed()
    empty = Script("A memory that was never written; it is asked for three seconds.").off().set(0xDD).set(0xBD)
    erased = [bytearray(b"\xff" * 64)] * 9
    yield "never-written", empty.pages(erased).pages(erased).add("@ 4000000").closed()
    short = Script("A page that is too short.").off().set(0xDD).set(0xBD)
    yield "short-page", short.get(0xFF, "57 50", value=1).add("@ 4000000").closed()
    twice = Script("The memory reads differently twice; the third and fourth time are equal.").off().set(0xDD).set(0xBD)
    wrong = memory()
    wrong[1][1] ^= 0x40
    yield "memory-differs", twice.pages(memory()).pages(wrong).opened().closed()
    yield "laser-on-at-open", Script("Whoever had it before left the laser on; the first command is lost.") \
        .off("01").opened().closed()
    for word in ("busy", "access", "gone"):
        script = Script(f"Opening fails: {word}.")
        script.lines[-1] = f"open {word}"
        yield f"open-{word}", script


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, script in cases():
        (folder / f"{name}.exchange").write_text("\n".join(script.lines) + "\n")


if __name__ == "__main__":
    main()
