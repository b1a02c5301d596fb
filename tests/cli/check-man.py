#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual page names every command and every option that --help names, and no other option.

Usage: check-man.py CELADON PAGE
"""
import re
import subprocess
import sys

program, page = sys.argv[1:]
EVERYWHERE = {"--help", "--json", "--lang", "--quiet"}
SEARCH = ("identify", "validate", "seal")  # these share the section SEARCH OPTIONS
failures = []


def help_of(*command):
    return subprocess.run([program, *command, "--help"], capture_output=True, text=True, check=True,
                          env={"LC_ALL": "C"}).stdout


def options_in(text):
    return set(re.findall(r"--[a-z][a-z-]*", text))


def options_of(name):
    """Those of the command; of one with words of its own (a|b|c) those of all of them."""
    text = help_of(name)
    words = re.search(rf"celadon {name} \[OPTION[^\]]*\] ([a-z-]+(?:\|[a-z-]+)+)$", text, flags=re.M)
    for word in words.group(1).split("|") if words else ():
        text += help_of(name, word)
    return set(re.findall(r"^  (?:-h, )?(--[a-z-]+)", text, flags=re.M)) - EVERYWHERE


def section(text, name):
    found = re.search(rf"^\.SH {name}\n(.*?)(?=^\.SH |\Z)", text, flags=re.M | re.S)
    return found.group(1) if found else failures.append(f"no section {name}") or ""


with open(page, encoding="utf-8") as file:
    text = file.read().replace("\\-", "-")
entries = {}
for entry in section(text, "COMMANDS").split(".TP\n"):
    words = re.match(r"\.BR? ([\w-]+)", entry)
    if words:
        entries[words.group(1)] = options_in(entry)
shared = options_in(section(text, "SEARCH OPTIONS"))
commands = re.findall(r"^  ([\w-]+)  ", help_of(), flags=re.M)
if not commands:
    failures.append("--help lists no commands")
for name in set(commands) ^ set(entries):
    failures.append(f"{name} is only in one of --help and the page")
for name in set(commands) & set(entries):
    wanted = options_of(name)
    given = entries[name] | (shared if name in SEARCH else set())
    for option in sorted(wanted ^ given):
        failures.append(f"{name} {option}: {'not in the page' if option in wanted else 'unknown to it'}")
if options_in(section(text, "OPTIONS OF EVERY COMMAND")) != EVERYWHERE:
    failures.append("the options of every command differ")
for failure in failures:
    print(failure)
sys.exit(bool(failures))
