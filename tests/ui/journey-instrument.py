#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An instrument comes, goes and comes back while the window stands there, in one language: the strip says each
time what holds, and that a simulated unit is simulated.

Usage: journey-instrument.py LANGUAGE, under with-display and dbus-run-session."""
import re
import sys

from journey import TOP, Journey

sys.path.insert(0, str(TOP / "tests/sim-usb"))
import simusb  # noqa: E402

MODEL = "CELADON-SIM"


def strip_says(journey, message):
    """Waits until the strip says so of the instrument; the message holds one %s, the model."""
    return journey.reads(re.compile("^" + re.escape(journey.say(message) % MODEL) + "$"))


def laser_off(journey):
    return re.compile(journey.say("Laser off (read back)", "激光：关闭（已回读）").replace("(", "[(]").replace(")", "[)]"))


def comes_and_goes(language):
    with Journey(language, usb=["wasatch-785:sample=calcite"]) as j:
        j.found_lab()
        j.start()
        strip_says(j, "%s (SIMULATED)")
        j.reads(laser_off(j))
        simulator = simusb.Simulator(str(j.control))
        simulator.ask("unplug", 1)
        strip_says(j, "%s: unplugged")
        assert j.look(laser_off(j)) is None, "off was not read back from a unit that is gone"
        simulator.ask("plug", 1)
        strip_says(j, "%s (SIMULATED)")
        j.reads(laser_off(j))


def is_busy(language):
    """Another program has it: none is opened, and the window goes on working."""
    with Journey(language, usb=["wasatch-785:sample=calcite,plugged=0"]) as j:
        j.found_lab()
        j.start()
        simulator = simusb.Simulator(str(j.control))
        simulator.ask("set", 1, "busy", 1000)
        simulator.ask("plug", 1)
        assert simulator.wait(1, "opens>=1", 20000), "it was tried"
        j.reads("No instrument")
        simulator.ask("set", 1, "busy", 0)
        simulator.ask("unplug", 1)
        j.until(lambda: simulator.get(1, "clients") == 0, "it was let go")
        simulator.ask("plug", 1)
        strip_says(j, "%s (SIMULATED)")


if __name__ == "__main__":
    comes_and_goes(sys.argv[1])
    if sys.argv[1] == "en":  # no word of it differs by language
        is_busy(sys.argv[1])
    print(f"{sys.argv[1]}: came, went, came back")
