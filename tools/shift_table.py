# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of shift calibration on measured scans, as markdown, from what two science tests print."""
import os
import re
import subprocess

import ramanchada2_protocol

TESTS = ("test-science-shift", "test-science-wasatch-shifts")


def messages(build, shared, top):
    """{kind: rows of cells} of the tests' messages, and the names of tests that failed."""
    rows, failed = {}, []
    environment = dict(os.environ, CELADON_SHARED=str(shared), CELADON_SOURCE=str(top), CELADON_LONG="2",
                       LC_ALL="C.UTF-8")
    for name in TESTS:
        run = subprocess.run([build / "tests" / "science" / name], capture_output=True, text=True, env=environment,
                             check=False)
        for line in re.findall(r"^# (shift[\w-]*\|.*)$", run.stdout, flags=re.M):
            kind, *cells = line.split("|")
            rows.setdefault(kind, []).append(cells)
        if run.returncode != 0:
            failed.append(name)
    return rows, failed


def merged(positions):
    """Positions of several scans: those closer than 1.5 cm-1 are one line."""
    out = []
    for position in sorted(positions):
        if out and position - out[-1] < 1.5:
            out[-1] = 0.5 * (out[-1] + position)
        else:
            out.append(position)
    return out


def peer(rows, setting, file):
    """Mean and largest magnitude that the other protocol leaves of one scan's lines."""
    mine = [r for r in rows["shift-line"] if r[0] == setting and r[8] == "0"]
    neon = merged({float(r[4]) for r in mine if r[1] == "calibration" and r[2] == "neon"})
    silicon = next(float(r[4]) for r in mine if r[1] == "calibration" and r[2] == "silicon")
    lines = [(float(r[3]), float(r[4])) for r in mine if r[1] == file]
    left, _ = ramanchada2_protocol.deviations(neon, 532 if "532" in setting else 785, silicon, lines)
    return sum(map(abs, left)) / len(left), max(map(abs, left))


def print_scans(rows):
    print("| instrument, setting | tried on | lines | before: mean / RMS / largest | after | ramanchada2: mean / largest |")
    print("|---|---|---|---|---|---|")
    for setting, used, file, n, *figures, _ in rows["shift"]:
        if used == "neon, silicon":
            mean, worst = peer(rows, setting, file)
            print(f"| {setting} | {file} | {n} | {' / '.join(figures[:3])} | {' / '.join(figures[3:6])} "
                  f"| {mean:.2f} / {worst:.2f} |")


def print_lasers(rows):
    print("\n| instrument, setting | calibrated on | laser | lamp | scatter between standards |\n|---|---|---|---|---|")
    for setting, used, laser, lamp, between, _ in rows["shift-fit"]:
        print(f"| {setting} | {used} | {laser.removeprefix('laser ')} | {lamp.removeprefix('lamp ')} "
              f"| {between.removeprefix('between standards ')} |")


def print_turns(rows):
    print("\n| instrument, setting | calibrated on | tried on | mean / RMS / largest after |\n|---|---|---|---|")
    for setting, used, file, _, *figures, _ in rows["shift"]:
        if used != "neon, silicon":
            print(f"| {setting} | {used} | {file} | {' / '.join(figures[3:6])} |")


def print_units(rows):
    print("\n| unit, cyclohexane | lines | before: mean / RMS / largest | after, the same lines | laser in memory, found |")
    print("|---|---|---|---|---|")
    for unit, n, *figures in rows["shift-wasatch"]:
        memory, found, moved, u = figures[6:]
        print(f"| {unit} | {n} | {' / '.join(figures[:3])} | {' / '.join(figures[3:6])} "
              f"| {memory}, {found} nm ({moved} +- {u} cm-1) |")


def run(build, shared, top):
    rows, failed = messages(build, shared, top)
    print_scans(rows)
    print_lasers(rows)
    print_turns(rows)
    print_units(rows)
    refused = sum(int(n) for _, n in rows["shift-refused"])
    print(f"\nScans under another standard's name: {refused} of {refused} refused.")
    for name in failed:
        print(f"\n**{name} failed**")
    return 1 if failed else 0
