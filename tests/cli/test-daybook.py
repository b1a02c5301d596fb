#!/usr/bin/env python3
"""The day's gate through the command line: a check passes, the laser drifts, the closing check fails, claims are
locked, and every result since the last passed check is listed.

Usage: test-daybook.py CELADON [unittest arguments]
"""
import hashlib
import json
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import lab as labs  # noqa: E402

CELADON = os.path.abspath(sys.argv.pop(1))
CASE, SERIAL = "2026-0113", "SIM-785-0001"


def setUpModule():
    global FOUNDED
    FOUNDED = labs.founded(CELADON)


def tearDownModule():
    FOUNDED.holder.cleanup()


class Daybook(unittest.TestCase):
    def setUp(self):
        self.lab = labs.branch(FOUNDED)
        self.addCleanup(self.lab.holder.cleanup)

    def take_in(self, item):
        l = self.lab
        l.case("intake", "wang", "--case", CASE, "--item", item, "--condition", "完好", "--from-dept", "城南派出所",
               "--from-person", "赵六", "--to-dept", "快检室", "--to-person", "王芳", "--seal-no", f"A{item}",
               "--description", "白色塑料颗粒", "--request", "材质筛查", "--title", "非法倾倒")
        l.case("open", "wang", "--case", CASE, "--item", item, "--seal-no", f"A{item}", second="li")

    def result(self, item, seed):
        """One sealed result; returns its file id and its recordings."""
        shots = [self.lab.shoot("polystyrene", seed + i, item=item).name for i in range(3)]
        sealed = self.lab.json("seal", *shots, "--case", CASE, "--exhibit", item, "--policy", "evidence",
                               *self.lab.signed("wang", ledger=True))[0]
        return sealed["fid"], shots

    def book(self, *words, status=0):
        return self.lab.json("daybook", *words, "--lab", self.lab.lab, status=status)

    def identify(self, shots, status):
        return self.lab.json("identify", "--lab", self.lab.lab, "--replicates", *shots, status=status)[0]

    def test_drift_fails_the_check_locks_claims_and_recalls_every_result(self):
        for item in "123":
            self.take_in(item)
        self.assertEqual(self.book("state", "--serial", SERIAL, status=1)[0]["state"], "unchecked")
        self.assertEqual(self.lab.check("performance", 90)["verdict"], "pass")
        before, shots = self.result("1", 10)
        self.assertNotEqual(self.identify(shots, 0)["outcome"], "refused")
        self.assertEqual(self.lab.check("performance", 91)["verdict"], "pass")
        in_doubt = {self.result("2", 20)[0], self.result("3", 30)[0]}
        self.assertEqual(self.book("state", "--serial", SERIAL)[0]["state"], "ok")

        failed = self.lab.check("closing", 92, drift_nm=0.3)
        self.assertEqual(failed["verdict"], "fail")
        self.assertGreater(abs(failed["mean_deviation_cm1"]), 3)
        check = max(row["seq"] for row in self.book("list", "--serial", SERIAL))
        recalled = {row["fid"] for row in self.book("recall", "--check", check)}
        self.assertEqual(recalled, in_doubt)
        self.assertNotIn(before, recalled)

        # Measured between a passed and a failed check, or after it: no result, not even a lead.
        late = [self.lab.shoot("polystyrene", 40 + i, item="2").name for i in range(3)]
        for shots in ([f"replicate-2-{20 + i}.h5" for i in range(3)], late):
            answer = self.identify(shots, 5)
            self.assertEqual((answer["outcome"], answer["claim"]["ceiling"]), ("refused", "none"))
            self.assertIn("期间核查", answer["claim"]["zh_CN"])
        # Measuring goes on, and what was measured before the last passed check stands.
        self.assertNotEqual(self.identify([f"replicate-1-{10 + i}.h5" for i in range(3)], 0)["outcome"], "refused")

        self.assertEqual(self.lab.check("performance", 93)["verdict"], "pass")
        self.assertEqual({row["fid"] for row in self.book("recall", "--check", check)}, in_doubt)
        self.assertEqual(self.book("state", "--serial", SERIAL)[0]["state"], "ok")

    def test_a_calibration_is_sealed_and_derived_again_from_its_seal(self):
        l = self.lab
        self.assertEqual(l.check("performance", 90)["verdict"], "pass")
        lamp = l.folder / "lamp.h5"  # a lamp shines in the dark frames too
        l.good("acquire", "--device", "simulated:785", "--settings", "sample=neon,seed=5", "--no-dark",
               "--integration-ms", 60, "--out", lamp, "--kind", "other", *l.signed("wang"))
        l.good("calibrate", "wavelength", f"neon={lamp.name}", "--out", "first.cal",
               *l.signed("wang"))
        self.assertEqual(self.book("state", "--serial", SERIAL, status=1)[0]["state"], "unchecked")
        sealed = [p for p in (l.lab / "archive").glob("*.cel.h5")]
        self.assertEqual(len(sealed), 1)
        lamp.unlink()
        l.good("calibrate", "wavelength", "--from", sealed[0], "--out", "again.cal")
        first, again = (json.loads((l.folder / name).read_text()) for name in ("first.cal", "again.cal"))
        for changes in ("id", "made_wall_us"):
            first["calibration"].pop(changes), again["calibration"].pop(changes)
        self.assertEqual(first, again)
        # In force from now on: every measurement names it.
        l.good("acquire", "--device", "simulated:785", "--settings", "sample=polystyrene,seed=9", "--integration-ms",
               200, "--calibration", "first.cal", "--out", "p.h5", "--kind", "check", *l.signed("wang"))
        told = l.json("qualify", "--standard", "polystyrene", "p.h5", *l.signed("wang"))[0]
        self.assertEqual(told["verdict"], "pass")
        row = self.book("list", "--serial", SERIAL)[-1]
        text = (l.folder / "first.cal").read_bytes()
        name = json.loads(text)["calibration"]["id"]
        self.assertEqual(row["calibration"], f"{name} {hashlib.sha256(text).hexdigest()}")
        refused = l.run("acquire", "--device", "simulated:532", "--calibration", "first.cal", "--out", "q.h5")
        self.assertEqual(refused.returncode, 2, refused.stderr)
        lines = l.json("verify", sealed[0])[0]["lines"]
        self.assertNotIn("contradicted", [line["state"] for line in lines])

    def test_a_disturbed_instrument_needs_a_new_check(self):
        self.lab.check("performance", 90)
        self.lab.good("daybook", "disturb", "--serial", SERIAL, "--why", "跌落", *self.lab.signed("wang"))
        self.assertEqual(self.book("state", "--serial", SERIAL, status=1)[0]["state"], "disturbed")

    def test_an_instrument_goes_back_to_its_own_calibration(self):
        l = self.lab
        l.check("performance", 90)
        own = self.book("list", "--serial", SERIAL)[-1]["calibration"]
        back = ["daybook", "own-calibration", "--serial", SERIAL]
        nothing = l.run(*back, "--why", "无", *l.signed("wang"))
        self.assertEqual(nothing.returncode, 5)
        self.assertIn("measures with its own calibration", nothing.stderr)
        lamp = l.folder / "lamp.h5"
        l.good("acquire", "--device", "simulated:785", "--settings", "sample=neon,seed=5", "--no-dark",
               "--integration-ms", 60, "--out", lamp, "--kind", "other", *l.signed("wang"))
        l.good("calibrate", "wavelength", f"neon={lamp.name}", "--out", "first.cal", "--in-force", *l.signed("wang"))
        self.assertEqual(l.check("performance", 91)["verdict"], "pass")
        self.assertNotEqual(self.book("list", "--serial", SERIAL)[-1]["calibration"], own)
        self.assertEqual(l.run(*back, *l.signed("wang")).returncode, 2)  # no reason
        officer = l.run(*back, "--why", "现场", *l.signed("zhao"))
        self.assertEqual(officer.returncode, 5)
        self.assertIn("may not put a calibration in force", officer.stderr)
        self.assertEqual(self.book("state", "--serial", SERIAL)[0]["state"], "ok")
        l.good(*back, "--why", "氖灯未对准", *l.signed("wang"))
        row = self.book("list", "--serial", SERIAL)[-1]
        self.assertEqual((row["kind"], row["why"], row["op_name"]), ("calibration", "氖灯未对准", "王芳"))
        # The check of the other calibration speaks no more; the next one is of its own.
        self.assertEqual(self.book("state", "--serial", SERIAL, status=1)[0]["state"], "unchecked")
        self.assertEqual(l.check("performance", 92)["verdict"], "pass")
        self.assertEqual(self.book("list", "--serial", SERIAL)[-1]["calibration"], own)
        self.assertEqual(self.book("state", "--serial", SERIAL)[0]["state"], "ok")
        l.good("lab", "check", "--lab", l.lab)

    def test_the_inventory_numbers_an_instrument(self):
        l = self.lab
        self.assertEqual(l.run("daybook", "asset", "--serial", SERIAL, *l.signed("wang")).returncode, 2)
        l.good("daybook", "asset", "--serial", SERIAL, "--asset", "YQ-07", *l.signed("wang"))
        row = self.book("list", "--serial", SERIAL)[-1]
        self.assertEqual((row["kind"], row["asset"]), ("inventory", "YQ-07"))
        self.assertEqual(self.book("state", "--serial", SERIAL, status=1)[0]["state"], "unchecked")

    def test_a_verdict_is_measured_not_typed(self):
        path = self.lab.shoot("polystyrene", 90, kind="check")
        typed = self.lab.run("case", "check", "--measurement", path, "--kind", "performance", "--verdict", "pass",
                             *self.lab.signed("wang"))
        self.assertEqual(typed.returncode, 5, typed.stderr)

    def test_a_chart_warns_before_the_limit_is_reached(self):
        for i in range(11):
            self.assertEqual(self.lab.check("performance", 90 + i)["verdict"], "pass")
        chart = ["chart", "--serial", SERIAL, "--standard", "polystyrene"]
        self.assertEqual(len(self.book(*chart)), 11)
        path = self.lab.shoot("polystyrene", 120, kind="check", drift_nm=0.06)
        self.lab.good("qualify", "--standard", "polystyrene", path, *self.lab.signed("wang"))
        last = self.book(*chart, "--plot", self.lab.folder / "chart.pdf", status=1)[-1]
        self.assertIn("1-3s", last["rules"])
        self.assertEqual((self.lab.folder / "chart.pdf").read_bytes()[:5], b"%PDF-")
        for language, name in ("zh_CN", "聚苯乙烯"), ("en", "Polystyrene"):
            self.book(*chart, "--plot", self.lab.folder / "chart.svg", "--lang", language, status=1)
            title = (self.lab.folder / "chart.svg").read_text(encoding="utf-8")
            self.assertIn(f"{SERIAL}, {name}", title)
            self.assertNotIn("polystyrene", title)


if __name__ == "__main__":
    unittest.main()
