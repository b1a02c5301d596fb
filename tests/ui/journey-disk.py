#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk is full while a shot is written, while the record is sealed, and where something is exported to: it
is said each time with what to do, and once there is room the work goes on with what was there. The lab lies on
a small disk of its own (a tmpfs in a mount namespace), and there is no network at all, from the first page to the
sealed record.

Usage: journey-disk.py LANGUAGE, under with-display and dbus-run-session."""
import os
import pathlib
import re
import subprocess
import sys

from field_way import HOLD_S, STEP_PATIENCE_S, FieldWay
from journey import Journey

DISK_MB = 64
SKIP = 77


def own_mounts():
    """Once more in namespaces in which disks can be mounted and no network is; skipped where that is not allowed."""
    if os.environ.get("CELADON_OWN_MOUNTS"):
        return
    if subprocess.run(["unshare", "-rmn", "true"], stderr=subprocess.DEVNULL).returncode != 0:
        print("no namespaces here")
        sys.exit(SKIP)
    os.environ["CELADON_OWN_MOUNTS"] = "1"
    os.execvp("unshare", ["unshare", "-rmn", sys.executable, *sys.argv])


class SmallDisk:
    """A disk that can be filled to the last byte, and given room again."""

    def __init__(self, place):
        self.place, self.filler = pathlib.Path(place), pathlib.Path(place) / "filler"
        self.place.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}M", "celadon-test", str(place)], check=True)

    def fill(self):
        with open(self.filler, "wb", buffering=0) as file:
            for n in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        file.write(bytes(n))
                except OSError:
                    continue

    def free(self):
        self.filler.unlink()


def full(j):
    """A full disk in the words of a file or of the ledger."""
    return re.compile("|".join(re.escape(j.say(words)) for words in (
        "the disk is full; make room on it, then do it again",
        "the disk is full. Nothing was recorded; make room and do it again")))


def held(lab):
    """What the open sample and the photos and measurements hold: names and sizes."""
    return {str(path): path.stat().st_size for folder in ("open", "raw", "photos")
            for path in (lab / folder).rglob("*") if path.is_file() and not path.name.startswith(".")}


def while_measuring(j, way, disk):
    """The light was on; when there is room the shot is written, and the sample is not lit again."""
    before = held(j.lab)
    j.hold(j.until(way.can_hold, "one may press and hold", STEP_PATIENCE_S), HOLD_S)
    j.find(j.say("STOP"))
    disk.fill()
    j.reads(full(j), STEP_PATIENCE_S)
    assert j.look(j.say("Write it now")), "the way on"
    disk.free()
    after = held(j.lab)
    assert all(after.get(name, 0) >= size for name, size in before.items()), "nothing acknowledged is lost"
    j.press("Write it now")
    j.until(lambda: way.can_hold() or way.step() == 5, "the next spot, or the result", STEP_PATIENCE_S)


def while_sealing(j, way, disk):
    """Nothing is half sealed; the same signature seals it afterwards."""
    j.press(re.compile("^" + re.escape(j.say("Practice technician"))))
    disk.fill()
    j.write(way.entry("Passphrase of the second person"), "practice")
    j.press("Sign and seal")
    j.reads(full(j), STEP_PATIENCE_S)
    assert not list((j.lab / "archive").glob("*.cel.h5")), "no sealed file before it is whole"
    disk.free()
    j.press("Understood")
    way.sign()
    assert len(list((j.lab / "archive").glob("*.cel.h5"))) == 1


def main(language):
    with Journey(language) as j:
        disk = SmallDisk(j.base / "disk")
        j.lab = disk.place / "lab"
        j.settings.update(FieldWay.settings(j.base))
        j.found_lab()
        j.start()
        j.sign_in("Practice officer")
        way = FieldWay(j)
        way.begin()
        way.scan_step()
        way.shoot()
        way.wait_step(3)
        j.press("No, directly")
        way.shoot()
        way.wait_step(4)
        j.press("No, none of these")
        while_measuring(j, way, disk)
        while way.step() == 4:
            way.shoot()
            j.until(lambda: way.can_hold() or way.step() == 5, "the next spot, or the result", STEP_PATIENCE_S)
        way.pack_step()
        while_sealing(j, way, disk)
        print(f"{language}: full while measuring and sealing, then sealed")


if __name__ == "__main__":
    own_mounts()
    main(sys.argv[1])
