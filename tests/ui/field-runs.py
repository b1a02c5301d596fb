#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many exhibits, one after another, the officer's way through the window: touches and attended time of each.

Usage: field-runs.py N [LANGUAGE], under with-display and dbus-run-session. The last line has the figures. No
control of the way may be passed over: what the window counted must be what was done here."""
import re
import statistics
import sys
import time

from field_way import FieldWay
from journey import Journey

MOST_NAVIGATION, PHOTOS = 6, 3


def counted(journey):
    """(navigation, holds, photos) as the last page of the way tells."""
    pattern = re.compile(re.escape(journey.say("%u touches, %u presses, %u photos")).replace("%u", "([0-9]+)"))
    text = journey.reads(pattern)
    return tuple(int(number) for number in pattern.search(text).groups())


def one(language, i):
    with Journey(language) as j:
        j.settings.update(FieldWay.settings(j.base))
        j.found_lab()
        j.start()
        j.sign_in("Practice officer")
        way = FieldWay(j)
        began = time.monotonic()
        way.go()
        took = time.monotonic() - began
        navigation, holds, photos = counted(j)
        assert navigation <= MOST_NAVIGATION, f"{navigation} touches lead on"
        assert holds == j.touches["hold"], f"{holds} presses counted, {j.touches['hold']} made"
        assert photos == PHOTOS, f"{photos} photos"
        print(f"{i + 1}: {navigation} touches, {holds} presses, {photos} photos, {took:.0f} s", file=sys.stderr)
        return navigation, holds, took


def main(n, language):
    rows = [one(language, i) for i in range(n)]
    navigation, holds, took = zip(*rows)
    print(f"{n} runs to the sealed record: at most {max(navigation)} touches that lead on, {min(holds)} to "
          f"{max(holds)} presses, {PHOTOS} photos, attended {statistics.median(took):.0f} s (median), 0 controls skipped")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "en")
