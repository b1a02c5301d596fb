#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong around the window: a second start, a file that is no spectrum, one that is not what was
sealed, 500 at once, no fonts, the program stopped for a while. The window says it or bears it.

Usage: journey-faults.py LANGUAGE, under with-display and dbus-run-session."""
import math
import os
import re
import signal
import subprocess
import sys
import time

from journey import Journey

STOPPED_S = 3
N_FILES, N_ROWS = 500, 8000


def second_start(j):
    """The second program shows the window of the first and ends."""
    done = subprocess.run(j.app_path, env=j.env, timeout=30, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert done.returncode == 0, done.returncode
    assert j.process.poll() is None, "the first one goes on"
    j.find(j.say("Practice technician"), {"list item"})


def double_click(j, *files):
    """What the desktop does then: it starts the program with the files."""
    subprocess.run([*j.app_path, *map(str, files)], env=j.env, timeout=60, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def wrong_file(j):
    """A sentence, not a dialog of the toolkit, and not the end."""
    letter = j.base / "letter.pdf"
    letter.write_bytes(b"%PDF-1.4 no spectrum at all")
    double_click(j, letter)
    j.reads(re.compile(re.escape(letter.name)))


def damaged_file(j):
    """One bit of a sealed file turned over: nothing of it is shown as its result, and what to do is said."""
    sealed = sorted((j.lab / "archive").glob("*.cel.h5"))[0].read_bytes()
    copy = j.base / "copy.cel.h5"
    middle = len(sealed) // 2
    copy.write_bytes(sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1:])
    double_click(j, copy)
    j.reads("This file cannot be verified")
    j.reads(re.compile(re.escape(copy.name)))
    assert j.look(j.say("Court page")) is None, "no paper is made of it"


def counts(j):
    """(files, done) as the list says."""
    pattern = re.escape(j.say("%u files, %u done, %u of them could not be evaluated")).replace("%u", "([0-9]+)")
    for text in j.texts():
        found = re.fullmatch(pattern, text)
        if found:
            return int(found.group(1)), int(found.group(2))
    return None


def many_files(j):
    """All are taken, the window answers while they are worked on, and Stop ends it."""
    files = [j.base / f"{i:03}.csv" for i in range(N_FILES)]
    shifts = [200 + i / 5 for i in range(N_ROWS)]
    rows = (f"{x:.1f},{1000 * math.exp(-((x - 1086) / 6) ** 2) + x % 7:.1f}" for x in shifts)
    text = "Raman shift/cm-1,intensity\n" + "\n".join(rows) + "\n"
    for file in files:
        file.write_text(text)
    double_click(j, *files)
    j.find(j.say("%u files").replace("%u", str(N_FILES + 1)))  # the letter is still there
    stop = j.button("Stop", enabled=False)
    j.press("Identify all")
    j.until(lambda: (counts(j) or (0, 0))[1] > 0, "the first one is done")
    j.press(stop)
    j.button("Identify all")
    files, done = counts(j)
    assert files == N_FILES + 1 and 0 < done < files, (files, done)


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
        j.found_lab(worked=True)
        j.start()
        j.find(j.say("Practice technician"), {"list item"})
        second_start(j)
        stopped(j)
        j.sign_in("Practice technician")
        j.until(lambda: j.say("Nobody signed in") not in j.texts(), "somebody works")
        wrong_file(j)
        many_files(j)
        damaged_file(j)
    without_fonts(language)
    print(f"{language}: second start, stop, wrong file, {N_FILES} files, damaged file, no fonts")


if __name__ == "__main__":
    main(sys.argv[1])
