#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of files: what the machine takes a file for by its ending, and that entry, store page and kinds name
the same ones, in both languages.

Usage: test-kinds.py UI-DATA-FOLDER LIBRARY.library.h5
"""
import configparser
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

ID = "org.celadon.Celadon"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"
EXPECTED = {"exhibit.cel.h5": "application/x-celadon-sealed",
            "mine.library.h5": "application/x-celadon-library",
            "other.h5": "application/x-hdf"}


def kinds():
    root = ElementTree.parse(data / f"{ID}.xml").getroot()
    return {kind.get("type"): kind for kind in root.iter(MIME + "mime-type")}


class Kinds(unittest.TestCase):
    def test_a_file_is_known_by_its_ending(self):
        known = pathlib.Path("/usr/share/mime/packages/freedesktop.org.xml")
        if not known.exists() or not shutil.which("update-mime-database") or not shutil.which("gio"):
            self.skipTest("shared-mime-info or gio is not installed")
        with tempfile.TemporaryDirectory() as folder:
            packages = pathlib.Path(folder, "mime", "packages")
            packages.mkdir(parents=True)
            shutil.copy(data / f"{ID}.xml", packages)
            shutil.copy(known, packages)
            env = dict(os.environ, XDG_DATA_HOME=folder + "/home", XDG_DATA_DIRS=folder)
            subprocess.run(["update-mime-database", str(packages.parent)], check=True, env=env,
                           capture_output=True)
            for name, kind in EXPECTED.items():
                shutil.copy(library, pathlib.Path(folder, name))
                told = subprocess.run(["gio", "info", "-a", "standard::content-type", f"{folder}/{name}"],
                                      check=True, env=env, capture_output=True, text=True).stdout
                self.assertIn(f"content-type: {kind}\n", told, name)

    def test_entry_and_store_page_name_the_kinds(self):
        entry = configparser.ConfigParser(interpolation=None)
        entry.optionxform = str
        entry.read(data / f"{ID}.desktop", encoding="utf-8")
        named = set(entry["Desktop Entry"]["MimeType"].rstrip(";").split(";"))
        page = ElementTree.parse(data / f"{ID}.metainfo.xml").getroot()
        self.assertEqual(named, set(kinds()))
        self.assertEqual({kind.text for kind in page.iter("mediatype")}, set(kinds()))

    def test_every_kind_has_an_icon_and_both_languages(self):
        for kind, element in kinds().items():
            icon = data / "icons/hicolor/scalable/mimetypes" / (kind.replace("/", "-") + ".svg")
            self.assertTrue(icon.exists(), icon)
            languages = [comment.get(LANG) for comment in element.iter(MIME + "comment")]
            self.assertEqual(languages, [None, "zh_CN"])

    def test_the_store_page_says_everything_in_chinese(self):
        page = ElementTree.parse(data / f"{ID}.metainfo.xml").getroot()
        for tag in ("name", "summary", "developer_name", "p", "li"):
            languages = [element.get(LANG) for element in page.iter(tag)]
            self.assertEqual(languages, [None, "zh_CN"] * (len(languages) // 2), tag)

    def test_the_entry_says_everything_in_chinese(self):
        text = (data / f"{ID}.desktop").read_text(encoding="utf-8")
        for key in ("Name", "GenericName", "Comment", "Keywords"):
            self.assertIn(f"\n{key}[zh_CN]=", text)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    data, library = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1], verbosity=2)
