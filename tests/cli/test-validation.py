#!/usr/bin/env python3
"""Records of known specimens: only those that the lab's ledger knows count on an error-rate card.

Usage: test-validation.py CELADON [unittest arguments]
"""
import hashlib
import math
import os
import pathlib
import sys
import unittest

import lab as labs

CELADON = os.path.abspath(sys.argv.pop(1))
POLYSTYRENE = {620.9: 16, 795.8: 10, 1001.4: 100, 1031.8: 27, 1155.3: 13, 1450.5: 8, 1583.1: 12, 1602.3: 28}
SIGNED = ("sun", "li")


def spectrum():
    lines = ["Raman shift cm-1,Intensity"]
    for i in range(751):
        x = 300 + 2.0 * i
        y = 20 + sum(h * 10 / (1 + ((x - c) / 4) ** 2) for c, h in POLYSTYRENE.items())
        lines.append(f"{x:.3f},{y + 3 * math.sin(i * 12.9898) * math.cos(i * 4.1414):.4f}")
    return "\n".join(lines) + "\n"


class Records(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = labs.founded(CELADON, training=False)
        cls.sample = cls.lab.folder / "q.csv"
        cls.sample.write_text(spectrum(), encoding="utf-8")

    @classmethod
    def tearDownClass(cls):
        cls.lab.holder.cleanup()

    def validate(self, n, *words, status=0, name="records.tsv"):
        rows = "".join(f"q.csv\tps\t785\tg\tS{i}\tok\n" for i in range(n))
        manifest = self.lab.folder / "m.tsv"
        manifest.write_text("file\ttruth_id\tlaser_nm\tgroup\tspecimen\taxis_check\n" + rows, encoding="utf-8")
        records = self.lab.folder / name
        self.lab.good("validate", "--manifest", manifest, "--records", records, "--who", "Li Lei", *words,
                      status=status)
        return records

    def recorded(self, n, people=SIGNED, status=0):
        return self.validate(n, *self.lab.signed(*people), "--why", "method taken into use", status=status)

    def card(self, *words):
        return self.lab.json("identify", "--laser-nm", "785", "--lab", self.lab.lab, *words, self.sample)[0]["validation"]

    def test_1_records_speak_once_the_ledger_knows_them(self):
        records = self.recorded(100)
        digest = hashlib.sha256(records.read_bytes()).hexdigest()
        self.assertTrue(list((self.lab.lab / "papers").glob(f"{digest}*")))
        card = self.card()
        self.assertEqual((card["status"], card["specimens"], card["who"]), ("recorded", 100, "Li Lei"))
        self.assertEqual(card["right"]["k"] + card["wrong"]["k"] + card["nothing_named"]["k"], 100)
        self.assertEqual(card["records_sha256"], digest)
        self.assertGreater(card["event"], 0)
        self.assertIn("Named right", card["en"])
        self.assertIn("指向正确", card["zh_CN"])
        self.assertEqual(self.card("--condition", "weathered")["specimens"], 0)
        self.lab.good("lab", "check", "--lab", self.lab.lab)

    def test_2_a_row_put_in_by_hand_silences_them_all(self):
        place = self.lab.lab / "validation.tsv"
        before = place.read_bytes()
        place.write_bytes(before + before.splitlines(keepends=True)[-1])
        card = self.card()
        self.assertEqual((card["status"], card["specimens"]), ("not-validated", 0))
        self.assertIn("ledger knows", card["en"])
        place.write_bytes(before)
        self.assertEqual(self.card()["specimens"], 100)

    def test_3_newer_records_replace_older_ones(self):
        older = self.lab.folder / "older.tsv"
        older.write_bytes((self.lab.lab / "validation.tsv").read_bytes())
        self.recorded(99)
        self.assertIn("99 specimens", self.card()["en"])
        self.assertEqual(self.card("--records", older)["specimens"], 0)

    def test_4_only_who_answers_for_results_may_record(self):
        before = (self.lab.lab / "validation.tsv").read_bytes()
        self.recorded(100, people=("wang", "li"), status=5)
        self.recorded(100, people=("sun",), status=5)
        self.assertEqual((self.lab.lab / "validation.tsv").read_bytes(), before)

    def test_5_a_correction_takes_them_back(self):
        event = self.card()["event"]
        self.lab.case("correct", "sun", "--refers", event, "--what", "specimens were mixed up", "--why", "found later",
                      second="li")
        self.assertEqual(self.card()["specimens"], 0)
        self.assertIn("ledger knows", self.card()["en"])

    def test_usage(self):
        self.validate(1, "--lab", self.lab.lab, "--why", "x", status=2)
        self.validate(1, *self.lab.signed(*SIGNED), status=2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
