#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders pages in one language and tells what is wrong with them: clipped, overlapping, too small, without a
name, not translated. Exits 1 when something is.

Usage: check-pages.py [--language zh_CN|en|qps] [--out FOLDER] [--sizes LIST] [--themes LIST] [--scenes LIST]
                      [--no-pictures] RENDER_PAGES

qps is the pseudo-language of pseudo-locale.py. Run under with-display; GTK_A11Y=test adds the names.
"""
import argparse
import collections
import fnmatch
import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
HAN = re.compile("[\u3400-\u9fff]")
WORDS = re.compile(r"\b[A-Za-z][a-z]{2,} [a-z]{3,}\b")  # two words of a sentence, no name
LITERAL = re.compile(r'"((?:\\.|[^"\\\n])*)"')
PROPERTY = re.compile(r'<(?:property|attribute) name="(?:label|title|subtitle|tooltip-text|description)"[^>]*>([^<]+)<')


def load(name):
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def literals():
    """Every text that stands in the code of the window."""
    found = set()
    for path in sorted((TOP / "ui").rglob("*")):
        if path.suffix in (".c", ".def", ".h"):
            found |= set(LITERAL.findall(path.read_text(encoding="utf-8")))
        elif path.suffix == ".ui":
            found |= set(PROPERTY.findall(path.read_text(encoding="utf-8")))
    return found


def allowed():
    """(scene, language, kind, text or place) patterns of pages-allowed.tsv, each with its reason."""
    rows = []
    for line in (HERE / "pages-allowed.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            rows.append(line.split("\t")[:4])
    return rows


def is_allowed(rows, *finding):
    return any(all(fnmatch.fnmatchcase(value, pattern) for value, pattern in zip(finding, row))
               for row in rows)


def translations():
    spec = importlib.util.spec_from_file_location("check_po", TOP / "tests/style/check-po.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.read_po(TOP / "po/zh_CN.po")[0]


def untranslated(language, texts, pseudo, msgids):
    """(scene, text, why) of what a reader of that language would not understand."""
    ours = msgids | literals()
    chinese = translations() if language == "zh_CN" else {}
    for scene, text in sorted(texts):
        if not re.search("[A-Za-z]{2}", text) or pseudo.OPEN in text:
            continue
        if language == "qps" and text in ours and re.search("[a-z]{3}", text):
            yield scene, text, "not handed to gettext"
        if language != "zh_CN":
            continue
        if text in msgids and chinese.get(text, (text,))[0] != text:
            yield scene, text, "translated, but shown in English"
        elif text in msgids and text not in chinese:
            yield scene, text, "not translated"
        elif not HAN.search(text) and WORDS.search(text):
            yield scene, text, "English in a Chinese window"


def render(options, out, catalogue):
    command = [options.program, "--out", str(out), "--sizes", options.sizes, "--themes", options.themes]
    if options.scenes:
        command += ["--scenes", options.scenes]
    if options.every > 1:
        command += ["--every", str(options.every)]
    if options.no_pictures:
        command.append("--no-pictures")
    env = {**os.environ, **({"CELADON_TEST_CATALOGUE": str(catalogue)} if catalogue else {}),
           "LANGUAGE": options.language, "LC_ALL": "C.UTF-8", "G_MESSAGES_DEBUG": "",
           "CELADON_SOURCE": str(TOP)}
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout[-2000:] + done.stderr[-4000:] + f"\n{options.program}: {done.returncode}")
    return done.stdout.splitlines()[-1]


def read_rows(out, themes, name):
    return [line.split("\t") for theme in themes
            for line in (out / theme / name).read_text(encoding="utf-8").splitlines()]


def faults_of(out, themes, language, pseudo, msgids):
    """{(scene, kind, where, text): [places]}, without what is allowed."""
    rows, faults = allowed(), collections.defaultdict(list)
    for scene, theme, size, kind, where, text in read_rows(out, themes, "findings.tsv"):
        if not any(is_allowed(rows, scene, language, kind, said) for said in (text, where)):
            faults[scene, kind, where, text].append(f"{theme} {size}")
    texts = {tuple(row[:2]) for row in read_rows(out, themes, "texts.tsv")}
    told = {}
    for scene, text, why in untranslated(language, texts, pseudo, msgids):
        if not is_allowed(rows, scene, language, "untranslated", text):
            first = told.setdefault(text, scene)  # what the shell says stands in every scene
            faults[first, "untranslated", why, text].append(scene)
    return faults


def parse(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--language", default="zh_CN", choices=("zh_CN", "en", "qps"))
    parser.add_argument("--out")
    parser.add_argument("--sizes", default="1280x800")
    parser.add_argument("--themes", default="light")
    parser.add_argument("--scenes", default="")
    parser.add_argument("--every", type=int, default=1, help="each so-many-th scene: the short form")
    parser.add_argument("--no-pictures", action="store_true")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(options.out or scratch)
        pseudo = load("pseudo-locale")
        catalogue = pathlib.Path(scratch) / "catalogue"
        msgids = pseudo.write_catalogue(TOP, catalogue)
        summary = render(options, out, catalogue if options.language == "qps" else None)
        faults = faults_of(out, options.themes.split(","), options.language, pseudo, msgids)
    for (scene, kind, where, text), places in sorted(faults.items()):
        print(f"{scene}: {kind}: {where}: {text} ({len(places)}: {', '.join(sorted(set(places))[:3])})")
    print(f"{options.language}: {summary.rsplit(',', 1)[0]}, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
