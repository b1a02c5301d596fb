#!/usr/bin/env python3
"""Checks that includes point only downward, as tests/style/layers.txt says.

Usage: check-layers.py TREE [LAYERS]. Prints each offence; exits 1 when there is one.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def read_rules(path):
    rooms, only = {}, {}
    for line in path.read_text().splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] == "only":
            only[words[1]] = words[2:]
        else:
            rooms[words[0]] = set(words[1:]) | {words[0]}
    return rooms, only


def room_of(name, rooms):
    for room in sorted(rooms, key=len, reverse=True):
        if name == room or name.startswith(room + "/"):
            return room
    return None


def resolve(tree, source, target):
    """The file of the tree that an include names, or None for a foreign header."""
    for folder in (source.parent, tree / "src", tree):
        candidate = folder / target
        if candidate.is_file():
            return candidate.resolve().relative_to(tree.resolve()).as_posix()
    return None


def foreign_offence(name, header, only):
    for pattern, places in only.items():
        hit = header == pattern or header.split("/")[-1] == pattern
        hit = hit or (not pattern.endswith(".h") and header.startswith(pattern))
        if hit and not any(name == p or name.startswith(p + "/") for p in places):
            return f"<{header}> stands only in {', '.join(places)}"
    return None


def check(tree, rules):
    rooms, only = read_rules(rules)
    offences, files = [], 0
    for source in sorted(tree.rglob("*.[ch]")):
        name = source.relative_to(tree).as_posix()
        room = room_of(name, rooms)
        if room is None:
            continue
        files += 1
        for _, header in INCLUDE.findall(source.read_text(encoding="utf-8")):
            inside = resolve(tree, source, header)
            if inside is None:
                why = foreign_offence(name, header, only)
            else:
                other = room_of(inside, rooms)
                why = None if other in rooms[room] else f"{room} may not include {other}"
            if why:
                offences.append(f"{name}: {header}: {why}")
    return offences, files


def main():
    tree = pathlib.Path(sys.argv[1])
    rules = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else tree / "tests/style/layers.txt"
    offences, files = check(tree, rules)
    print("\n".join(offences) if offences else f"{files} files, every include points downward")
    return 1 if offences or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
