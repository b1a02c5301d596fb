#!/usr/bin/env python3
"""The test of the translation test: a small tree with one fault must fail, and say which."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).parent
SOURCE = """/* _("a comment is no message") */
static const char *name = N_("The laser is on");
void f(void) { show(_("%s: line %" G_GSIZE_FORMAT ": measure the exhibit again with --laser-nm")); }
void g(unsigned n) { show(ngettext("%" G_GSIZE_FORMAT " photo of %u", "%" G_GSIZE_FORMAT " photos of %u", n), n, n); }
"""
HEADER = 'msgid ""\nmsgstr "Language: zh_CN\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
LASER = 'msgid "The laser is on"\nmsgstr "激光开启"\n\n'
LINE = ('#, c-format\nmsgid "%s: line %lu: measure the exhibit again with --laser-nm"\n'
        'msgstr "%s: 第 %lu 行：请用 --laser-nm 重新测量检材"\n\n')
PHOTOS = ('#, c-format\nmsgid "%lu photo of %u"\nmsgid_plural "%lu photos of %u"\n'
          'msgstr[0] "%2$u 张照片中的 %1$lu 张"\n\n')
PLURAL = HEADER.replace("UTF-8\\n", "UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n")
GOOD = PLURAL + LASER + LINE + PHOTOS
# what is wrong: the text of the catalogue, a word of the complaint
CATALOGUES = {
    "a message is missing": (HEADER + LINE, "not translated: 'The laser is on'"),
    "a translation is empty": (GOOD.replace("激光开启", ""), "not translated"),
    "a translation is fuzzy": (HEADER + "#, fuzzy\n" + LASER + LINE, "fuzzy"),
    "an obsolete entry stands there": (GOOD + '#~ msgid "old"\n#~ msgstr "旧"\n', "1 obsolete"),
    "a message is of no source": (GOOD + 'msgid "Old text"\nmsgstr "旧"\n', "no such message"),
    "a message is cut off at a macro": (HEADER + LASER + 'msgid "%s: line %"\nmsgstr "第"\n',
                                        "no such message"),
    "the exhibit has the wrong word": (GOOD.replace("检材", "样品"), "may not say 样品"),
    "a result word is forbidden": (GOOD.replace("激光开启", "确认激光开启"), "may not say 确认"),
    "the copula is forbidden": (GOOD.replace("激光开启", "激光系开启"), "may not say 系"),
    "a translation is English": (GOOD.replace("激光开启", "The laser is on"), "not in Chinese"),
    "an option was changed": (GOOD.replace("请用 --laser-nm", "请用 --laser"), "other options"),
    "a directive is lost": (GOOD.replace("第 %lu 行", "某行"), "format specifications"),
    "a plural is missing": (PLURAL + LASER + LINE, "not translated: '%lu photos of %u'"),
    "a plural is empty": (GOOD.replace("%2$u 张照片中的 %1$lu 张", ""), "not translated: '%lu photo of %u'"),
    "a plural is English": (GOOD.replace("张照片中的", "photos:").replace("%1$lu 张", "%1$lu"), "not in Chinese"),
    "a plural says a forbidden word": (GOOD.replace("张照片中的", "张样品照片中的"), "may not say 样品"),
    "a plural is of no source": (GOOD + 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "乙"\n', "no such message: 'b'"),
    "punctuation is half-width": (GOOD.replace("行：", "行:"), "half-width"),
}
LISTS = {
    "a file is not listed": ("", "is not listed"),
    "a file without messages is listed": ("src/a.c\nsrc/b.c\n", "has no messages"),
    "the list is not sorted": ("src/a.c\nsrc/a.c\n", "not sorted"),
}
ALLOWED = {
    "the good tree": GOOD,
    "a fixed term": GOOD.replace("激光开启", "方法确认时激光开启"),
    "a harmless word with 系": GOOD.replace("激光开启", "系统中激光开启"),
}


def run(catalogue, listed="src/a.c\n", source=SOURCE, build="i18n.gettext('celadon')\n"):
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder)
        for name in ("src", "drivers", "po"):
            (tree / name).mkdir()
        (tree / "src/a.c").write_text(source, encoding="utf-8")
        (tree / "po/LINGUAS").write_text("zh_CN\n", encoding="utf-8")
        (tree / "po/meson.build").write_text(build, encoding="utf-8")
        (tree / "po/POTFILES.in").write_text(listed, encoding="utf-8")
        (tree / "po/zh_CN.po").write_text(catalogue, encoding="utf-8")
        command = [sys.executable, here / "check-po.py", tree]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def main():
    if shutil.which("xgettext") is None:
        print("SKIPPED: gettext is not installed")
        return 77
    failures = []
    for name, catalogue in ALLOWED.items():
        result = run(catalogue)
        if result.returncode != 0:
            failures.append(f"{name} was refused: {result.stdout}{result.stderr}")
    wrong = {name: (run(text), word) for name, (text, word) in CATALOGUES.items()}
    wrong |= {name: (run(GOOD, listed), word) for name, (listed, word) in LISTS.items()}
    unknown = SOURCE.replace("G_GSIZE_FORMAT", "OTHER_FORMAT")
    wrong["a macro is unknown"] = (run(GOOD, source=unknown), "beyond OTHER_FORMAT")
    plural = SOURCE.replace('G_GSIZE_FORMAT " photos', 'OTHER_FORMAT " photos')
    wrong["a macro in a plural is unknown"] = (run(GOOD, source=plural), "beyond OTHER_FORMAT")
    wrong["the catalogue is not built"] = (run(GOOD, build="\n"), "not built")
    for name, (result, word) in wrong.items():
        if result.returncode != 1 or word not in result.stdout:
            failures.append(f"{name}, and it passed: {result.stdout}{result.stderr}")
    print("\n".join(failures) or f"{len(wrong)} faults caught")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
