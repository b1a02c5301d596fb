#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic behind tools/figures open-world and tools/fit-decision. Usage: test-open-world.py TOOLS"""
import importlib.machinery
import importlib.util
import math
import sys
import unittest

TOOLS = sys.argv.pop(1)
sys.path.insert(0, TOOLS)
import open_world  # noqa: E402
import proportions  # noqa: E402

_loader = importlib.machinery.SourceFileLoader("fit_decision", TOOLS + "/fit-decision")
fit_decision = importlib.util.module_from_spec(importlib.util.spec_from_loader("fit_decision", _loader))
sys.dont_write_bytecode = True
_loader.exec_module(fit_decision)


class Proportions(unittest.TestCase):
    def test_intervals_are_those_of_clopper_and_pearson(self):
        for k, n, low, high in ((0, 10, 0, 0.30850), (5, 10, 0.18709, 0.81291), (10, 10, 0.69150, 1),
                                (2, 715, 0.000339, 0.010069)):
            got = proportions.interval(k, n)
            self.assertAlmostEqual(got[0], low, 4)
            self.assertAlmostEqual(got[1], high, 4)

    def test_none_of_many_prints_its_upper_bound(self):
        self.assertEqual(proportions.text(0, 1382), "0 of 1382 = 0.00 % (0.00..0.27)")
        self.assertEqual(proportions.text(0, 0), "0 of 0")


class Calibration(unittest.TestCase):
    def test_pooled_values_never_fall(self):
        pairs = [(v, v * 7 % 5 > 2) for v in range(40)]
        fitted = open_world.pool_adjacent(pairs)
        self.assertEqual(len(fitted), 40)
        self.assertEqual(fitted, sorted(fitted))
        self.assertAlmostEqual(sum(fitted), sum(r for _, r in pairs))

    def test_ratios_that_say_nothing_cost_one_bit(self):
        self.assertAlmostEqual(open_world.log2_cost([(0.0, True), (0.0, False)]), 1.0)

    def test_ratios_that_mislead_cost_more_than_none(self):
        self.assertGreater(open_world.log2_cost([(-5.0, True), (5.0, False)]), 5)

    def test_the_least_cost_is_no_more_than_that_of_a_fitted_line(self):
        pairs = [(v / 10, (v * 37 % 100) < v) for v in range(100)]
        cost, least = open_world.costs(pairs, pairs)
        self.assertLessEqual(least, cost + 1e-6)
        self.assertLess(cost, 1)

    def test_a_line_that_is_fitted_on_right_and_wrong_rises(self):
        slope, _ = open_world.line_of([(v / 10, (v * 37 % 100) < v) for v in range(100)])
        self.assertGreater(slope, 0)

    def test_one_decision_a_specimen_and_none_of_a_specimen_in_the_library(self):
        def made(specimen, group, scenario="in"):
            return open_world.Decision(dict(scenario=scenario, split="development", group=group, specimen=specimen,
                                            group_right="1", strict="1", outcome="found", ceiling="substance:x",
                                            named="1", evidence="2", hqi="0.9", hqi_id="x", truth="x"))
        kept = open_world.independent([made("R1", "other sample"), made("R1", "other sample"),
                                       made("R1", "other sample", "without"), made("R2", "same sample")])
        self.assertEqual([(d.row["specimen"], d.scenario) for d in kept], [("R1", "in"), ("R1", "without")])


def decision(scenario, right, *terms):
    row = dict(zip(fit_decision.TERMS, (str(t) for t in terms)))
    row.update(scenario=scenario, split="development", group_right="1" if right else "0", matched="5",
               carries="1", missing="0", extra="0")
    return fit_decision.Decision(row)


class Fit(unittest.TestCase):
    def decisions(self):
        """Right ones score higher; the other terms say nothing."""
        out = []
        for i in range(200):
            right = i * 7 % 10 < 5
            out.append(decision("in" if right else "without", right, 0.79 + 0.001 * (i % 97) + 0.06 * right, 0.1,
                                0.5 + 0.001 * (i * 31 % 83), 0.5, 0.5))
        return out

    def test_a_term_that_tells_right_from_wrong_weighs_and_one_that_is_constant_does_not(self):
        weights, _, standard = fit_decision.fit(self.decisions())
        self.assertGreater(standard[0], 1)
        self.assertLess(abs(standard[2]), 0.5)
        self.assertAlmostEqual(weights[1], 0)

    def test_the_constant_belongs_to_the_terms_as_they_are(self):
        decisions = self.decisions()
        weights, constant, _ = fit_decision.fit(decisions)
        mean = sum(1 / (1 + math.exp(-constant - sum(w * t for w, t in zip(weights, d.terms))))
                   for d in decisions) / len(decisions)
        self.assertAlmostEqual(mean, 0.5, 3)

    def test_the_level_names_the_asked_share(self):
        decisions = [decision("in", True, 0.9, 0.1, 1, 1, 1) for _ in range(1000)]
        level = fit_decision.pick_level(decisions, [i / 100 for i in range(1000)])
        named = sum(1 for i in range(1000) if i / 100 >= level)
        self.assertGreaterEqual(named, 775)
        self.assertLess(named, 790)

    def test_the_level_rises_where_a_wrong_name_would_pass_too_often(self):
        decisions = [decision("in", True, 0.9, 0.1, 1, 1, 1) for _ in range(1000)]
        decisions += [decision("stranger", False, 0.9, 0.1, 1, 1, 1)]
        level = fit_decision.pick_level(decisions, [i / 100 for i in range(1000)] + [2.3])
        self.assertGreater(level, 2.3)

    def test_too_few_bands_or_a_strong_one_missing_never_name(self):
        one = decision("in", True, 0.9, 0.1, 1, 1, 1)
        self.assertTrue(one.above)
        self.assertFalse(decision("in", True, 0.77, 0.1, 1, 1, 1).above)
        self.assertFalse(decision("in", True, 0.9, 0.01, 1, 1, 1).above)


if __name__ == "__main__":
    unittest.main()
