#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a catalogue of a language that nobody speaks: every message in brackets, accented and 40 % longer.

Usage: pseudo-locale.py TREE FOLDER     writes FOLDER/LANGUAGE/LC_MESSAGES/celadon.mo

What stands in the window without brackets then was never handed to gettext; what is cut off would be in
a language with longer words. Directives (%s), markup and keys (_) stay as they are.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

LANGUAGE = "qps"
OPEN, CLOSE = "⟦", "⟧"
LONGER = 0.4
ACCENTS = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")
KEEP = re.compile(r"%(?:\d+\$)?[-+ #0]*\d*(?:\.\d+)?(?:hh|h|ll|l|z|j|t)?[diouxXeEfgGcsp%]|</?[a-z][^>]*>|&[a-z]+;")


def lengthen(text):
    """The text accented, with letters doubled until it is long enough: words get longer, not more."""
    pieces, last = [], 0
    for keep in KEEP.finditer(text):
        pieces += [text[last:keep.start()].translate(ACCENTS), keep.group()]
        last = keep.end()
    pieces.append(text[last:].translate(ACCENTS))
    missing = int(len(text) * LONGER + 0.5)
    for i in range(0, len(pieces), 2):
        grown = []
        for letter in pieces[i]:
            grown.append(letter)
            if missing > 0 and letter in "áéíóú":
                grown.append(letter)
                missing -= 1
        pieces[i] = "".join(grown)
    return "".join(pieces) + "~" * missing


def pseudo(text):
    head = re.match(r"\s*", text).group()
    tail = re.search(r"\s*$", text[len(head):]).group()
    core = text[len(head):len(text) - len(tail)] if tail else text[len(head):]
    return head + OPEN + lengthen(core) + CLOSE + tail if core else text


def unquote(lines):
    whole = "".join(re.findall(r'"((?:\\.|[^"\\])*)"', lines))
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), whole)


def quote(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def messages(template):
    """(msgid, msgid_plural or None, whether it is a format) of a template."""
    for block in template.split("\n\n"):
        found = re.search(r'^msgid ((?:".*"\n)+)(?:msgid_plural ((?:".*"\n)+))?msgstr', block, re.M)
        if found and unquote(found.group(1)):
            plural = unquote(found.group(2)) if found.group(2) else None
            yield unquote(found.group(1)), plural, re.search(r"^#,.*\bc-format", block, re.M) is not None


def entry(msgid, plural, is_format):
    lines = ["#, c-format"] if is_format else []
    lines.append("msgid " + quote(msgid))
    if plural is None:
        lines.append("msgstr " + quote(pseudo(msgid)))
    else:
        lines += ["msgid_plural " + quote(plural), "msgstr[0] " + quote(pseudo(msgid)),
                  "msgstr[1] " + quote(pseudo(plural))]
    return "\n".join(lines) + "\n"


HEADER = '''msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=n!=1;\\n"
'''


def template_of(tree):
    with tempfile.NamedTemporaryFile(suffix=".pot") as file:
        subprocess.run([sys.executable, tree / "tests/style/check-po.py", tree, "--template", file.name],
                       check=True, stdout=subprocess.DEVNULL)
        return subprocess.run(["msgcat", "--no-wrap", file.name], check=True, capture_output=True,
                              text=True, encoding="utf-8").stdout


def write_catalogue(tree, folder):
    """Writes the catalogue; returns the msgids."""
    place = pathlib.Path(folder) / LANGUAGE / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    found = list(messages(template_of(pathlib.Path(tree))))
    with tempfile.NamedTemporaryFile("w", suffix=".po", encoding="utf-8") as file:
        file.write("\n".join([HEADER, *(entry(*message) for message in found)]))
        file.flush()
        subprocess.run(["msgfmt", "--check-format", "-o", place / "celadon.mo", file.name], check=True)
    return {msgid for msgid, _, _ in found}


if __name__ == "__main__":
    print(len(write_catalogue(sys.argv[1], sys.argv[2])), "messages")
