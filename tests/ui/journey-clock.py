#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock jumps forward and back between two acts: the strip and the page say so, and the events on record show
it themselves.

Usage: journey-clock.py LANGUAGE, under with-display and dbus-run-session; needs libfaketime."""
import contextlib
import glob
import json
import os
import re
import sqlite3
import sys
import time

import field_way
from field_way import FieldWay
from journey import Journey

SKIP = 77
DAY_US = 86400 * 1000000


def faketime():
    """The library that tells a program another time; skipped without."""
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not found:
        print("libfaketime is not installed")
        sys.exit(SKIP)
    return found[0]


class Clock:
    """The wall clock of the window alone: the time since the machine started goes on."""

    def __init__(self, file):
        self.file = file
        self.set("+0")

    def set(self, offset):
        temporary = self.file.with_suffix(".new")
        temporary.write_text(offset + "\n")
        temporary.replace(self.file)

    def env(self):
        return {"LD_PRELOAD": faketime(), "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
                "DONT_FAKE_MONOTONIC": "1"}


    def now(self):
        """What it shows, in seconds since 1970."""
        return time.time() + (86400 if self.file.read_text().strip() == "+1d" else 0)


def events(lab):
    """(act, wall clock, clock since the start, remark on the clock) of the ledger's events in their order."""
    with contextlib.closing(sqlite3.connect(f"file:{lab / 'register.sqlite'}?mode=ro", uri=True)) as db:
        records = [json.loads(record) for record, in db.execute("SELECT record FROM event ORDER BY source, seq")]
    return [(e["act"], e["t_wall_us"], e["t_mono_us"], e.get("clock"), e.get("clock_behind_us", 0)) for e in records]


def check_records(lab):
    """A jump is seen in what is signed: the two clocks of an event no longer go together; and the first event
    after a jump back says so in words."""
    told = events(lab)
    apart = [wall - mono for _, wall, mono, _, _ in told]
    ahead = [act for (act, *_), offset in zip(told, apart) if offset - apart[0] > DAY_US / 2]
    assert ahead and ahead[0] != told[0][0], "some events bear the time of the day after"
    behind = [(act, us) for act, _, _, remark, us in told if remark == "behind"]
    assert len(behind) == 1 and behind[0][1] > DAY_US / 2, behind
    assert abs(apart[-1] - apart[0]) < 5e6, "after that the times are right again"


def main(language):
    with Journey(language) as j:
        clock = Clock(j.base / "faketime")
        j.settings.update(FieldWay.settings(j.base))
        j.found_lab()
        j.env.update(clock.env())
        j.start()
        j.sign_in("Practice officer")
        way = FieldWay(j)

        def taken(path, number):
            field_way.picture(path, number)
            os.utime(path, (clock.now(), clock.now()))  # the camera goes by the same clock
        way.leave = taken
        way.begin()
        assert j.look(j.say("Clock in doubt")) is None
        clock.set("+1d")
        j.find(j.say("Clock in doubt"))
        j.reads(re.compile(re.escape(j.say("The clock was changed while the program ran. Times are recorded as "
                                           "doubtful; the work can go on. ").strip())))
        j.press("The place is safe to work in")
        way.photo()
        clock.set("+0")
        way.scan("Scan or type the number", "1")
        way.photo()
        clock.set("+1d")
        j.press("Next step")  # puts the exhibit on record, a day too late
        way.wait_step(2)
        clock.set("+0")
        way.shoot()
        way.wait_step(3)
        j.find(j.say("Clock in doubt"))  # it stays: what was recorded stays doubtful
        check_records(j.lab)
        print(f"{language}: a day ahead and back, said and recorded; the work went on")


if __name__ == "__main__":
    main(sys.argv[1])
