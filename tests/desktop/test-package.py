#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Debian package asks for what the program is built with, and names the program's version.

Usage: test-package.py TREE VERSION
"""
import pathlib
import re
import sys
import unittest

# What every builder has, or the package asks for when it runs and not when it is built.
ELSEWHERE = {"build-essential", "ninja-build"}


def packages(text):
    return set(re.findall(r"^ ?([a-z0-9][a-z0-9+.-]+)", text, flags=re.M))


class Package(unittest.TestCase):
    def test_it_asks_for_what_the_program_is_built_with(self):
        wanted = packages((top / "packaging/packages-build.txt").read_text()) - ELSEWHERE
        control = (top / "packaging/debian/control").read_text()
        named = set(re.findall(r"[a-z0-9][a-z0-9+.-]+", control))
        self.assertEqual(wanted - named, set())

    def test_its_version_is_the_programs(self):
        first = (top / "packaging/debian/changelog").read_text().splitlines()[0]
        self.assertRegex(first, r"^celadon \(" + re.escape(version) + r"-\d+\) ")

    def test_every_manual_page_is_installed(self):
        rules = (top / "docs/meson.build").read_text()
        for page in (top / "docs").glob("*.[18]"):
            self.assertIn(f"'{page.name}'", rules)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    top, version = pathlib.Path(sys.argv[1]), sys.argv[2]
    unittest.main(argv=sys.argv[:1], verbosity=2)
