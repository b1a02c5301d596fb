# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one program several times side by side, with one WORD more each time, and prints in order
what they said. For a program that mostly waits and yet wants the machine for itself, because it
counts milliseconds.

Usage: side-by-side.py PROGRAM ARG... -- WORD...; fails when one of them fails.
"""
import subprocess
import sys


def main():
    at = sys.argv.index("--")
    command, words = sys.argv[1:at], sys.argv[at + 1:]
    runs = [subprocess.Popen(command + [word], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            for word in words]
    failed = 0
    for word, run in zip(words, runs):
        said = run.communicate()[0].decode(errors="replace")
        print(f"== {word}\n{said}")
        failed += run.returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
