#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong around the window: a second start, a file that is no spectrum, no fonts,
the program stopped for a while. The window says it or bears it.

Usage: journey-faults.py LANGUAGE, under with-display and dbus-run-session."""
import os
import re
import signal
import subprocess
import sys
import time

from journey import Journey

STOPPED_S = 3


def second_start(j):
    """The second program shows the window of the first and ends."""
    done = subprocess.run(j.app_path, env=j.env, timeout=30, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert done.returncode == 0, done.returncode
    assert j.process.poll() is None, "the first one goes on"
    j.find(j.say("Practice technician"), {"list item"})


def wrong_file(j):
    """Opened as by a double click: a sentence, not a dialog of the toolkit, and not the end."""
    letter = j.base / "letter.pdf"
    letter.write_bytes(b"%PDF-1.4 no spectrum at all")
    subprocess.run([*j.app_path, str(letter)], env=j.env, timeout=30, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    j.reads(re.compile(re.escape(letter.name)))


def stopped(j):
    """As in a suspended machine: afterwards it answers as before."""
    os.kill(j.pid(), signal.SIGSTOP)
    time.sleep(STOPPED_S)
    os.kill(j.process.pid, signal.SIGCONT)
    j.reads(re.compile("GB|MB"))


def without_fonts(language):
    """Not pretty, but there: every text is still told to those who listen."""
    with Journey(language, env={"FONTCONFIG_FILE": "/dev/null"}) as j:
        j.found_lab()
        j.start()
        j.find(j.say("Practice technician"), {"list item"})


def main(language):
    with Journey(language) as j:
        j.settings["tour-seen"] = "true"
        j.found_lab()
        j.start()
        j.find(j.say("Practice technician"), {"list item"})
        second_start(j)
        stopped(j)
        j.sign_in("Practice technician")
        j.until(lambda: j.say("Nobody signed in") not in j.texts(), "somebody works")
        wrong_file(j)
    without_fonts(language)
    print(f"{language}: second start, stop, wrong file, no fonts")


if __name__ == "__main__":
    main(sys.argv[1])
