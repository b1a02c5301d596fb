#!/usr/bin/env python3
"""Checks that po/zh_CN.po translates every message of the program, in the words a forensic lab may use.

Usage: check-po.py TREE [--template FILE]. Prints each offence; exits 1 when there is one, 77 when
gettext is not installed. With --template it only writes the template, for msgmerge.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# xgettext reads a message only up to the first macro it does not know: "%s: line %". So it gets
# copies in which the macro is the text it stands for. These are GLib's values where long has 64 bits
# (64-bit Linux); on another system gettext would not find these few messages and print English.
MACROS = {"G_GSIZE_FORMAT": "lu", "G_GUINT64_FORMAT": "lu",
          "G_GSSIZE_FORMAT": "li", "G_GINT64_FORMAT": "li"}

CALL = r"(?<![A-Za-z0-9_])(?:N?_|ngettext)\s*\("
STRING = r'"(?:\\.|[^"\\\n])*"'
TEXT = r"\s*(?:(?:" + STRING + r"|PRI[a-zA-Z0-9]+)\s*)+"
# The plural of ngettext() is its second text.
CUT = re.compile(CALL + TEXT + r"(?:," + TEXT + r")?([A-Za-z_]\w*)")
COMMENT = re.compile(r"(" + STRING + r"|'(?:\\.|[^'\\\n])')|/\*.*?\*/|//[^\n]*", re.S)
DIRECTIVE = re.compile(r"%(?:\d+\$)?([-+ #0]*\d*(?:\.\d+)?(?:hh|h|ll|l|z|j|t)?[diouxXeEfgGcsp%])")
CODE = re.compile(r"--[a-z][a-z0-9-]*|\b[a-z]+(?:_[a-z0-9]+)+(?:=[a-z]+)?\b|\b[a-z]+\.[a-z]{4,}\b")
HAN = "\u3400-\u9fff"
HALF_WIDTH = re.compile(rf"[{HAN}][,;:?!(]|\)[{HAN}]|[{HAN}]\.(?!\w)")
WORD = re.compile(r"(?<![\w.=/-])[A-Za-z]{4,}(?![\w=/-]|\.\w)")  # no option, name or path

# What a result may not say, and the wrong words for the questioned item (检材).
FORBIDDEN = ("样本", "样品", "检出", "阳性", "阴性", "排除", "确认", "认定", "鉴定", "同一", "不含",
             "含量", "纯度", "匹配度", "置信度", "概率", "检验报告")
FORBIDDEN_COPULA = re.compile(r"系(?![统数列])")  # 系统, 系数, 系列 are other words

# Fixed terms that hold a forbidden word but say nothing about a result.
FIXED_TERMS = {
    "方法确认": "validation of a method, the term of the standards",
    "样品处激光功率": "laser power at the sample, a quantity of the instrument",
}
# (word, beginning of the msgid): why this one message may hold it.
ALLOWED_WORDS = {
    ("鉴定", "Celadon %s: a forensic Raman tool"): "it says that a result is none (不是鉴定意见)",
    ("鉴定", "Raman screening of exhibits, sealed as evidence."): "likewise",
    ("样本", "known specimen"): "the known specimen is called so, the questioned item never",
}
# msgid: why its translation has no Chinese character.
SAME_IN_CHINESE = {}


def strip_comments(text):
    return COMMENT.sub(lambda m: m.group(1) or re.sub(r"[^\n]", " ", m.group()), text)


def has_messages(path, text):
    if path.suffix == ".ui":
        return 'translatable="yes"' in text
    return re.search(CALL, re.sub(STRING, '""', strip_comments(text))) is not None


def read_sources(tree):
    """The files with messages: name -> text. Code, tables that code includes, templates of widgets."""
    sources = {}
    for root in ("src", "drivers", "calibration", "ui"):
        for path in sorted((tree / root).rglob("*")):
            if path.suffix not in (".c", ".def", ".ui"):
                continue
            text = path.read_text(encoding="utf-8")
            if has_messages(path, text):
                sources[path.relative_to(tree).as_posix()] = text
    return sources


def extract(folder, target, names, *options):
    subprocess.run(["xgettext", "--from-code=UTF-8", "--add-comments", "--package-name=celadon", "-o", target,
                    *options, *names], cwd=folder, check=True)


def expand(text):
    return re.sub(r"\b(" + "|".join(MACROS) + r")\b", lambda m: f'"{MACROS[m.group()]}"', text)


def write_template(sources, target):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in sources.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(expand(text), encoding="utf-8")
        target = pathlib.Path(target).absolute()
        templates = sorted(name for name in sources if name.endswith(".ui"))
        code = sorted(set(sources) - set(templates))
        extract(folder, target, code, "--language=C", "--keyword=_", "--keyword=N_")
        if templates:
            extract(folder, target, templates, "--join-existing")


def unquote(text):
    whole = "".join(re.findall(r'"((?:\\.|[^"\\])*)"', text))
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), whole)


def field(block, name):
    """The text after a keyword of an entry, None without the keyword."""
    found = re.search(rf'^{re.escape(name)} ((?:".*"\n?)+)', block, re.M)
    return unquote(found.group(1)) if found else None


def read_po(path):
    """Returns the entries (msgid -> (msgstr, fuzzy)) and the number of obsolete ones. A message with
    a plural is two entries; both have the only form that Chinese has."""
    text = subprocess.run(["msgcat", "--no-wrap", path], capture_output=True, text=True, check=True,
                          encoding="utf-8").stdout
    entries, obsolete = {}, 0
    for block in text.split("\n\n"):
        if "\n#~ msgid" in "\n" + block:
            obsolete += 1
            continue
        msgid, plural = field(block, "msgid"), field(block, "msgid_plural")
        msgstr = field(block, "msgstr" if plural is None else "msgstr[0]")
        fuzzy = re.search(r"^#,.*\bfuzzy\b", block, re.M) is not None
        for one in (msgid, plural):
            if one and msgstr is not None:
                entries[one] = (msgstr, fuzzy)
    return entries, obsolete


def check_list(tree, sources):
    listed = (tree / "po/POTFILES.in").read_text(encoding="utf-8").split()
    for name in sorted(set(sources) - set(listed)):
        yield f"po/POTFILES.in: {name} has messages and is not listed"
    for name in sorted(set(listed) - set(sources)):
        yield f"po/POTFILES.in: {name} is listed and has no messages"
    if listed != sorted(set(listed)):
        yield "po/POTFILES.in: not sorted, or a line stands twice"
    if "i18n.gettext(" not in (tree / "po/meson.build").read_text(encoding="utf-8") \
            or "zh_CN" not in (tree / "po/LINGUAS").read_text(encoding="utf-8").split():
        yield "po: the catalogue is not built (meson.build, LINGUAS)"
    for name, text in sources.items():
        if name.endswith(".ui"):
            continue
        code = strip_comments(expand(text))
        for match in CUT.finditer(code):
            line = code.count("\n", 0, match.end()) + 1
            yield f"{name}:{line}: gettext cannot read a message beyond {match.group(1)}"


def forbidden_words(msgid, msgstr):
    rest = msgstr
    for term in FIXED_TERMS:
        rest = rest.replace(term, "")
    words = [w for w in FORBIDDEN if w in rest]
    words += ["系"] if FORBIDDEN_COPULA.search(rest) else []
    return [w for w in words
            if not any(w == word and msgid.startswith(start) for word, start in ALLOWED_WORDS)]


def check_entry(msgid, msgstr):
    for word in forbidden_words(msgid, msgstr):
        yield f"may not say {word}"
    if sorted(DIRECTIVE.findall(msgid)) != sorted(DIRECTIVE.findall(msgstr)):
        yield "other % directives than the message"
    if set(CODE.findall(msgid)) != set(CODE.findall(msgstr)):
        yield "other options or names than the message"
    if HALF_WIDTH.search(msgstr):
        yield "half-width punctuation beside Chinese"
    if not re.search(f"[{HAN}]", msgstr) and WORD.search(DIRECTIVE.sub("", msgid)) \
            and msgid not in SAME_IN_CHINESE:
        yield "not in Chinese"


def check_translation(tree, sources):
    with tempfile.TemporaryDirectory() as folder:
        template = pathlib.Path(folder) / "celadon.pot"
        write_template(sources, template)
        wanted, _ = read_po(template)
    catalogue = tree / "po/zh_CN.po"
    valid = subprocess.run(["msgfmt", "-c", "-o", "/dev/null", catalogue], capture_output=True, text=True)
    if valid.returncode != 0:
        yield valid.stderr.strip()
        return
    entries, obsolete = read_po(catalogue)
    if obsolete > 0:
        yield f"{obsolete} obsolete entries"
    for msgid in entries.keys() - wanted.keys():
        yield f"the program has no such message: {msgid!r}"
    for msgid in wanted:
        msgstr, fuzzy = entries.get(msgid, ("", False))
        if fuzzy or msgstr == "":
            yield f"{'fuzzy' if fuzzy else 'not translated'}: {msgid!r}"
            continue
        for offence in check_entry(msgid, msgstr):
            yield f"{offence}: {msgid!r} -> {msgstr!r}"


def main():
    tree = pathlib.Path(sys.argv[1])
    missing = [tool for tool in ("xgettext", "msgfmt", "msgcat") if shutil.which(tool) is None]
    if missing:
        print(f"SKIPPED: {', '.join(missing)} of gettext not installed; the translations are not checked")
        return 77
    sources = read_sources(tree)
    if sys.argv[2:3] == ["--template"]:
        write_template(sources, sys.argv[3])
        return 0
    offences = list(check_list(tree, sources))
    offences += [f"po/zh_CN.po: {offence}" for offence in check_translation(tree, sources)]
    print("\n".join(offences) if offences else f"{len(sources)} files with messages checked")
    return 1 if offences or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
