# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of what is said when the library has the substance, lacks it, or the sample is another kind of thing.

Reads the rows of celadon-open-world. A decision names something when its outcome is found, mixture, or class-only
for a look-alike group; it is right when what it names, or says it does not tell apart from that, holds the truth.
"""
import csv
import math

from proportions import interval, text

HALVES = ("development", "validation")
PLAIN = 0.70  # HQI 700, the field's habit


class Decision:
    def __init__(self, row):
        self.row = row
        self.scenario, self.half, self.group = row["scenario"], row["split"], row["group"]
        self.covers, self.strict = row["group_right"] == "1", row["strict"] == "1"
        self.named = row["outcome"] in ("found", "mixture") or row["ceiling"].startswith("group:")
        self.anything = row["named"] == "1"  # a class too
        self.evidence = float(row["evidence"])
        self.plain_named = float(row["hqi"]) >= PLAIN
        self.plain_right = row["hqi_id"] == row["truth"]


def read(path):
    with open(path, encoding="utf-8") as file:
        return [Decision(row) for row in csv.DictReader(file, delimiter="\t")]


def share(decisions, passes):
    return text(sum(1 for d in decisions if passes(d)), len(decisions))


SMALL, POLYMERS = "small library", "RaMPP"  # groups of samples that stand apart

ROWS = [  # scenario, what is counted, of the plain matcher
    ("in", "named, right", lambda d: d.named and d.covers, lambda d: d.plain_named and d.plain_right),
    ("in", "named, right, by its own name", lambda d: d.named and d.strict and d.row["outcome"] == "found",
     lambda d: d.plain_named and d.plain_right),
    ("in", "named, wrong", lambda d: d.named and not d.covers,
     lambda d: d.plain_named and not d.plain_right),
    ("in", "first hit right, group", lambda d: d.covers, lambda d: d.plain_right),
    ("in", "first hit right, strict", lambda d: d.strict, lambda d: d.plain_right),
    ("absent", "named, wrong", lambda d: d.named and not d.covers, lambda d: d.plain_named),
    ("series-out", "named, wrong", lambda d: d.named and not d.covers, lambda d: d.plain_named),
    ("without", "named, wrong", lambda d: d.named and not d.covers, lambda d: d.plain_named),
    ("stranger", "named or classed", lambda d: d.anything, lambda d: d.plain_named),
]

TITLES = {
    "in": "mineral in the library",
    "absent": "mineral that the library lacks",
    "series-out": "mineral and its look-alikes taken out",
    "without": "mineral taken out, its look-alikes left in",
    "stranger": "no mineral at all",
}


def table(decisions):
    print("| samples | counted | development | validation | plain HQI 700, both |\n|---|---|---|---|---|")
    for scenario, what, passes, plain in ROWS:
        of = [d for d in decisions if d.scenario == scenario and d.group not in (SMALL, POLYMERS)]
        halves = [share([d for d in of if d.half == half], passes) for half in HALVES]
        print(f"| {TITLES[scenario]} | {what} | {halves[0]} | {halves[1]} | {share(of, plain)} |")
    lacking = [d for d in decisions if d.group == SMALL and d.scenario == "absent"]
    if lacking:
        halves = [share([d for d in lacking if d.half == half], lambda d: d.named and not d.covers)
                  for half in HALVES]
        print(f"| a library of a hundred minerals lacks it | named, wrong | {halves[0]} | {halves[1]} "
              f"| {share(lacking, lambda d: d.plain_named)} |")
    print("\n| no mineral at all | spectra | specimens | named or classed | plain HQI 700 |\n|---|---|---|---|---|")
    strangers = [d for d in decisions if d.scenario == "stranger"]
    for group in sorted({d.group for d in strangers}):
        of = [d for d in strangers if d.group == group]
        specimens = len({d.row["specimen"] for d in of})
        print(f"| {group} | {len(of)} | {specimens} | {share(of, lambda d: d.anything)} "
              f"| {share(of, lambda d: d.plain_named)} |")


def wrong_names(decisions):
    """Few wrong names are listed as cases, not as a rate."""
    print("\nWrong names:\n")
    for d in decisions:
        wrong = d.anything if d.scenario == "stranger" else d.named and not d.covers
        if wrong and d.scenario != "series-out":
            print(f"* {d.scenario}, {d.half}: {d.row['truth'] or d.group} ({d.row['specimen']}) named "
                  f"{d.row['first']}, {d.row['ceiling']}, evidence {d.evidence:.2f}")


# ---- calibration ----

LEAST_SPECIMENS = 100


def independent(decisions):
    """One decision a specimen and scenario, of specimens that have no spectrum in the library."""
    seen, out = set(), []
    for d in decisions:
        key = d.row["specimen"], d.scenario
        if d.scenario in ("in", "without") and d.group in ("other sample", POLYMERS) and key not in seen:
            seen.add(key)
            out.append(d)
    return out


def pool_adjacent(pairs):
    """Isotonic regression of 0 or 1 on the score; returns the fitted values in order of score."""
    blocks = []
    for _, right in sorted(pairs, key=lambda p: p[0]):
        blocks.append([float(right), 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1][0] += last[0]
            blocks[-1][1] += last[1]
    return [total / n for total, n in blocks for _ in range(n)]


def log2_cost(pairs):
    """Cllr of (natural log likelihood ratio, right): Bruemmer and du Preez 2006."""
    right = [math.log2(1 + math.exp(-min(700, max(-700, v)))) for v, r in pairs if r]
    wrong = [math.log2(1 + math.exp(min(700, max(-700, v)))) for v, r in pairs if not r]
    return 0.5 * (sum(right) / len(right) + sum(wrong) / len(wrong))


def least_cost(pairs):
    """Cllr after the best monotone map of these very pairs."""
    prior = math.log(sum(r for _, r in pairs) / sum(not r for _, r in pairs))
    fitted = pool_adjacent(pairs)
    order = sorted(pairs, key=lambda p: p[0])
    edge = 1e-6
    return log2_cost([(math.log(max(p, edge) / max(1 - p, edge)) - prior, r)
                      for p, (_, r) in zip(fitted, order)])


def line_of(pairs):
    """Slope and intercept that turn evidence into a log likelihood ratio: logistic, classes of one weight."""
    a = b = 0.0
    n = [sum(1 for _, r in pairs if r == c) for c in (False, True)]
    for _ in range(50):
        ga = gb = haa = hab = hbb = 1e-9
        for v, right in pairs:
            p = 1 / (1 + math.exp(-max(-40.0, min(40.0, a * v + b))))
            w = 1 / (2 * n[right])
            ga, gb = ga + w * (p - right) * v, gb + w * (p - right)
            s = w * p * (1 - p)
            haa, hab, hbb = haa + s * v * v, hab + s * v, hbb + s
        determinant = (haa + 1e-6) * (hbb + 1e-6) - hab * hab
        a -= ((hbb + 1e-6) * ga - hab * gb) / determinant
        b -= ((haa + 1e-6) * gb - hab * ga) / determinant
    return a, b


def costs(train, test):
    a, b = line_of(train)
    return log2_cost([(a * v + b, r) for v, r in test]), least_cost(test)


def pairs_of(decisions):
    return [(d.evidence, d.covers) for d in decisions]


def both_kinds(pairs):
    return any(r for _, r in pairs) and any(not r for _, r in pairs)


def calibration_rows(alone):
    """(domain, fitted on, tried on)."""
    minerals = [d for d in alone if d.group != POLYMERS]
    halves = {half: [d for d in minerals if d.half == half] for half in HALVES}
    yield "minerals, all lasers: fitted on development, tried on validation", halves[HALVES[0]], halves[HALVES[1]]
    yield "minerals, all lasers: fitted on validation, tried on development", halves[HALVES[1]], halves[HALVES[0]]
    for laser in sorted({d.row["laser"] for d in minerals}):
        yield (f"minerals, {laser} nm left out and tried", [d for d in minerals if d.row["laser"] != laser],
               [d for d in minerals if d.row["laser"] == laser])
    yield "RaMPP polymers against RamanMP, left out and tried", minerals, [d for d in alone if d.group == POLYMERS]


def calibration(decisions):
    alone = independent(decisions)
    print("\nCalibration: one decision a physical specimen that has no spectrum in the library, with its substance in\n"
          "the library and with it taken out.\n")
    print("| domain | specimens | first hit right | Cllr | least Cllr | |\n|---|---|---|---|---|---|")
    for name, fitted, tried in calibration_rows(alone):
        n = len({d.row["specimen"] for d in tried})
        if not both_kinds(pairs_of(fitted)) or not both_kinds(pairs_of(tried)):
            continue
        cost, least = costs(pairs_of(fitted), pairs_of(tried))
        said = "" if n >= LEAST_SPECIMENS else "not validated here: fewer than 100 specimens"
        right = share([d for d in tried if d.scenario == "in"], lambda d: d.covers)
        print(f"| {name} | {n} | {right} | {cost:.3f} | {least:.3f} | {said} |")
    reliability([d for d in alone if d.group != POLYMERS])


BINS = [-math.inf, -4, -2, 0, 1, 2, 3, 4, 5, 6, math.inf]


def reliability_points(alone):
    for half in HALVES:
        for low, high in zip(BINS, BINS[1:]):
            of = [d for d in alone if d.half == half and low <= d.evidence < high]
            if of:
                yield half, low, high, sum(d.covers for d in of), len(of)


def reliability(alone):
    print("\n| evidence of the first hit | half | it covers the truth | log odds as fitted say |\n|---|---|---|---|")
    for half, low, high, k, n in reliability_points(alone):
        ends = [1 / (1 + math.exp(-v)) if abs(v) < 40 else float(v > 0) for v in (low, high)]
        print(f"| {low:g} to {high:g} | {half} | {text(k, n)} | {100 * ends[0]:.0f}..{100 * ends[1]:.0f} % |")


def plot(decisions, path):
    """The reliability curve: share that is right by evidence, with exact intervals."""
    shapes = []
    alone = [d for d in independent(decisions) if d.group != POLYMERS]
    for half, low, high, k, n in reliability_points(alone):
        centre = max(-5.0, low if high == math.inf else high if low == -math.inf else (low + high) / 2)
        x = 60 + (centre + 5) * 40 + (0 if half == "development" else 6)
        ends = [260 - 220 * v for v in interval(k, n)]
        colour = "#777777" if half == "development" else "#0b5394"
        shapes.append(f'<line x1="{x:.1f}" y1="{ends[0]:.1f}" x2="{x:.1f}" y2="{ends[1]:.1f}" stroke="{colour}"/>'
                      f'<circle cx="{x:.1f}" cy="{260 - 220 * k / n:.1f}" r="3" fill="{colour}"/>')
    points = " ".join(f"{60 + (v + 5) * 40:.1f},{260 - 220 / (1 + math.exp(-v)):.1f}"
                      for v in [i / 4 - 5 for i in range(49)])
    ticks = "".join(f'<text x="{60 + (v + 5) * 40}" y="276" text-anchor="middle">{v}</text>' for v in range(-5, 8, 2))
    sides = "".join(f'<text x="54" y="{264 - 220 * p / 100}" text-anchor="end">{p}</text>' for p in (0, 50, 100))
    with open(path, "w", encoding="utf-8") as file:
        file.write('<svg xmlns="http://www.w3.org/2000/svg" width="560" height="310" font-family="sans-serif" '
                   'font-size="11"><rect width="560" height="310" fill="white"/>'
                   f'<polyline points="{points}" fill="none" stroke="#bbbbbb" stroke-dasharray="4 3"/>'
                   '<path d="M60 40V260H545" fill="none" stroke="black"/>' + ticks + sides + "".join(shapes) +
                   '<text x="300" y="298" text-anchor="middle">evidence of the first hit</text>'
                   '<text x="60" y="28">right, per cent (95 % intervals); grey development, blue validation, '
                   'dashed: the fit</text></svg>\n')


def show(path, svg=None):
    decisions = read(path)
    table(decisions)
    wrong_names(decisions)
    calibration(decisions)
    if svg is not None:
        plot(decisions, svg)
