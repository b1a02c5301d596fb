# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs several programs side by side and prints in order what they said. For those that mostly
wait and yet want the machine for themselves, because they count milliseconds.

Usage: side-by-side.py PROGRAM ARG... [-- PROGRAM ARG...]...; fails when one of them fails.
"""
import itertools
import subprocess
import sys


def main():
    groups = itertools.groupby(sys.argv[1:], lambda word: word == "--")
    commands = [list(words) for is_mark, words in groups if not is_mark]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            for command in commands]
    failed = 0
    for command, run in zip(commands, runs):
        said = run.communicate()[0].decode(errors="replace")
        print(f"== {' '.join(command)}\n{said}== exit status {run.returncode}")
        failed += run.returncode != 0
    return 1 if failed or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
