#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 at random moments of the officer's way through the window; then it is opened again and the way gone to
its end. What the window had acknowledged before must be there after.

Usage: field-kills.py N [SEED], under with-display and dbus-run-session. Prints a line of figures."""
import json
import os
import random
import sys
import threading
import time

from field_way import FieldWay
from journey import Journey, Lost

WAY_S = 60  # about as long as the way takes; kills are drawn over it


class Killer(threading.Thread):
    """Takes the application away after so many seconds."""

    def __init__(self, pid, seconds):
        super().__init__(daemon=True)
        self.pid, self.seconds, self.done = pid, seconds, False

    def run(self):
        time.sleep(self.seconds)
        try:
            os.kill(self.pid, 9)
            self.done = True
        except ProcessLookupError:
            pass


def acknowledged(lab):
    """What the lab's open samples hold: number of complete journal entries, photos, frames on disk."""
    held = {}
    for path in sorted((lab / "open").rglob("*")) if (lab / "open").exists() else []:
        if path.is_file() and not path.name.startswith("."):
            held[str(path.relative_to(lab))] = path.stat().st_size
    return held


def go_on(journey, way):
    """After the kill: sign in again, take up what is open, or begin anew; to the end."""
    journey.start(fresh=False)
    journey.sign_in("Practice officer")
    start = journey.until(lambda: journey.look(journey.say("Go on"), {"push button"})
                          or journey.look(journey.say("Begin"), {"push button"}), "the path's first page")
    resumed = journey.look(journey.say("Go on"), {"push button"}) is not None
    if resumed:
        journey.press("Go on")
        journey.until(lambda: way.step() > 0, "the step at which it stood")
    return resumed, way.step(), start is not None


def one(rng, language):
    """One way with one kill. Returns (seconds at which it was killed, step before, step after)."""
    with Journey(language) as j:
        j.settings.update(FieldWay.settings(j.base))
        j.found_lab()
        j.start()
        j.sign_in("Practice officer")
        way = FieldWay(j)
        moment = rng.uniform(1, WAY_S)
        killer = Killer(j.pid(), moment)
        killer.start()
        before = 0
        for part in (way.begin, way.scan_step, way.measure_steps, way.pack_step, way.sign):
            try:
                part()
                before = way.step()
            except (Lost, Exception):  # noqa: B014, the window is gone, wherever it was
                break
        killer.join()
        j.process.wait(timeout=30)
        held = acknowledged(j.lab)
        resumed, after, _ = go_on(j, way)
        now = acknowledged(j.lab)
        lost = [name for name, size in held.items() if now.get(name, 0) < size and resumed]
        assert not lost, f"killed at {moment:.1f} s, step {before}: lost {lost}"
        assert resumed or before in (0, 7), f"killed at {moment:.1f} s in step {before}: nothing to go on with"
        assert not resumed or after >= before, f"killed at {moment:.1f} s: step {before}, then {after}"
        return moment, before, after


def main(n, seed):
    rng = random.Random(seed)
    steps = {}
    for i in range(n):
        moment, before, after = one(rng, "en")
        steps[before] = steps.get(before, 0) + 1
        print(f"{i + 1}: killed at {moment:.1f} s in step {before}, went on in step {after}", file=sys.stderr)
    print(f"{n} kills: all taken up where they stood, nothing acknowledged lost; by step {json.dumps(steps)}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
