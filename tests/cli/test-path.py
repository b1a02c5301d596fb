#!/usr/bin/env python3
"""The way of one exhibit through the command line: in the field with six touches, in the laboratory, every act in a
program of its own, and what is refused on the way.

Usage: test-path.py CELADON [unittest arguments]
"""
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import lab as labs  # noqa: E402

CELADON = os.path.abspath(sys.argv.pop(1))
CASE = "2026-0113"
HELD = ["--laser-ok", "eyewear,blocked,clear"]


def setUpModule():
    global FOUNDED
    FOUNDED = labs.founded(CELADON)


def tearDownModule():
    FOUNDED.holder.cleanup()


class Way(unittest.TestCase):
    who, second = "wang", "li"

    def setUp(self):
        self.lab = labs.branch(FOUNDED)
        self.addCleanup(self.lab.holder.cleanup)
        self.seed = 0

    def do(self, word, *args, second=None, status=0):
        """One act; returns where the work stands then."""
        out = self.lab.json("path", word, *args, *self.lab.signed(self.who, second), status=status)
        return out[0] if out else None

    def refused(self, word, *args, says, status=5, second=None):
        result = self.lab.run("path", word, *args, *self.lab.signed(self.who, second))
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertIn(says, result.stderr)

    def shoot(self, sample):
        self.seed += 1
        return self.do("shoot", "--device", "simulated:785", "--integration-ms", "200", "--settings",
                       f"sample={sample},seed={self.seed},speed=1e6", *HELD)

    def photo(self, name):
        return self.do("photo", self.lab.photo(name))

    def measure(self):
        """From the check to the spots."""
        view = self.shoot("polystyrene")
        self.assertEqual(view["step"], "blank")
        self.do("answer", "through=no")
        view = self.shoot("empty")
        self.assertEqual((view["step"], view["check"]), ("measure", "ok"))
        self.do("answer", "hazard=no")
        for spot in range(3):
            view = self.shoot("polystyrene")
        return view

    def seal(self, number):
        self.assertIsNotNone(self.do("identify")["outcome"])
        self.do("next")
        self.photo("after.png")
        self.do("pack", number)
        return self.do("next")


class Field(Way):
    def test_goes_from_the_scan_to_two_signatures_with_six_touches(self):
        self.do("field", "--case", CASE, "--witness", "钱七", "--place", "某河段", "--lot", "PS-2", "--frames", "3")
        self.do("answer", "safety=yes")
        self.photo("scene.png")
        self.do("scan", "1")
        view = self.photo("item.png")
        self.assertEqual(view["missing"], [])
        self.assertEqual(self.do("next")["step"], "check")
        view = self.measure()
        self.assertEqual(view["step"], "result")
        self.assertEqual(view["spots"], {"planned": 3, "tried": 3, "valid": 3, "agree": 0})
        self.assertEqual(self.seal("B1")["step"], "sign")
        view = self.do("finish", second=self.second)
        self.assertTrue(view["over"])
        self.assertEqual(view["touches"]["navigation"], 6)
        self.assertEqual(self.lab.json("path", "list", "--lab", self.lab.lab), [])
        shown = self.lab.json("case", "show", "--case", CASE, "--item", "1", "--lab", self.lab.lab)[0]
        self.assertIn('"packed"', str(shown).replace("'", '"'))
        self.lab.good("verify", self.lab.lab / "archive" / f"{view['fid']}.cel.h5", "--lab", self.lab.lab, "--replay")

    def test_says_what_is_missing_and_refuses_what_is_out_of_order(self):
        self.refused("status", says="No sample is open", status=2)
        self.refused("field", says="case is open first", status=2)
        view = self.do("field", "--case", CASE)
        self.assertEqual([need["id"] for need in view["missing"]],
                         ["safety", "scene-photo", "item", "item-photo", "witness"])
        self.refused("next", says="Not yet")
        self.refused("scan", "2026-0001/1", says="the case that is open here")
        self.refused("scan", "CELX0123456789ABCDEF", says="No exhibit of this lab", status=2)
        self.refused("answer", "hazard=perhaps", says="the answers are", status=2)
        self.refused("answer", "hazard", says="WHAT=VALUE", status=2)
        self.refused("shoot", "--device", "simulated:785", *HELD, says="Nothing is to be measured")
        self.refused("finish", says="This belongs to the step", second=self.second)
        self.refused("pack", "B1", says="This belongs to the step")
        self.refused("abandon", says="Say why", status=2)
        self.do("abandon", "--why", "下雨")
        self.assertEqual(self.lab.json("path", "list", "--lab", self.lab.lab), [])

    def test_gives_no_light_without_the_three_confirmations(self):
        self.do("field", "--case", CASE, "--witness", "钱七")
        self.do("answer", "safety=yes")
        self.photo("scene.png")
        self.do("scan", "1")
        self.photo("item.png")
        self.do("next")
        for words in ([], ["--laser-ok", "eyewear,blocked"]):
            self.refused("shoot", "--device", "simulated:785", *words, says="Press and hold")
        self.assertEqual(self.do("status")["shots"], [])

    def test_asks_which_of_several_open_samples(self):
        first = self.do("field", "--case", CASE)["id"]
        second = self.do("field", "--case", CASE)["id"]
        self.refused("status", says="Several samples are open", status=2)
        self.assertEqual(self.do("status", "--sample", second)["id"], second)
        ids = [row["id"] for row in self.lab.json("path", "list", "--lab", self.lab.lab)]
        self.assertEqual(sorted(ids), sorted([first, second]))


class Laboratory(Way):
    def test_goes_from_the_receipt_to_the_blind_review(self):
        self.do("lab", "--frames", "3", "--lot", "PS-2")
        self.do("scan", f"{CASE}/1")
        self.photo("bag.png")
        parties = ["--from-dept", "城南派出所", "--from-person", "赵六", "--to-dept", "快检室", "--to-person", "王芳"]
        asked = ["--request", "材质筛查", "--contact", "某路9号", "--population", "一袋,约200粒", "--sampling", "随机抽取",
                 "--units-tested", "1粒"]
        self.do("receive", "--seal-no", "A1", "--condition", "完好", *parties, *asked)
        shown = self.lab.json("case", "show", "--case", CASE, "--item", "1", "--lab", self.lab.lab)[0]["exhibit"]
        self.assertEqual([shown[k] for k in ("population", "sampling", "units_tested")],
                         ["一袋,约200粒", "随机抽取", "1粒"])
        case = self.lab.json("case", "list", "--lab", self.lab.lab)[0]
        self.assertEqual((case["request"], case["customer_contact"], case["customer_dept"]),
                         ("材质筛查", "某路9号", "城南派出所"))
        self.assertEqual(self.do("next")["step"], "open")
        self.refused("open", "--seal-no", "A1", says="two persons")
        self.do("open", "--seal-no", "A1", second=self.second)
        self.do("next")
        self.photo("item.png")
        self.do("part", "1-1=白色颗粒")
        self.do("next")
        view = self.measure()
        self.assertEqual((view["step"], view["measured"]), ("closing", "1-1"))
        self.do("answer", "closing=later")
        self.do("next")
        self.assertEqual(self.seal("B1")["step"], "review")
        view = self.do("finish", second="li")
        gate = self.lab.run("case", "gate", "--fid", view["fid"], "--lab", self.lab.lab, "--json")
        self.assertIn("closing-check", gate.stdout)
        self.assertNotIn("left-out", gate.stdout)

    def test_ends_with_a_refusal(self):
        self.do("lab")
        self.do("scan", f"{CASE}/2")
        self.photo("bag.png")
        view = self.do("receive", "--refuse", "--why", "封签破损", "--from-person", "赵六", "--to-person", "王芳")
        self.assertTrue(view["over"])


if __name__ == "__main__":
    unittest.main()
