# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact intervals of proportions, and how figures print them."""
import math


def _below(k, n, p):
    """Chance of at most k of n at p."""
    if p <= 0:
        return 1.0
    if p >= 1:
        return float(k >= n)
    logs = [math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * math.log(p)
            + (n - i) * math.log1p(-p) for i in range(k + 1)]
    return min(1.0, math.fsum(math.exp(v) for v in logs))


def _solve(wanted):
    """The p at which the falling function @wanted passes zero."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if wanted(middle) > 0 else (low, middle)
    return (low + high) / 2


def interval(k, n, level=0.95):
    """Clopper and Pearson 1934, Biometrika 26, 404; two-sided."""
    tail = (1 - level) / 2
    low = 0.0 if k == 0 else _solve(lambda p: tail - (1 - _below(k - 1, n, p)))
    high = 1.0 if k >= n else _solve(lambda p: _below(k, n, p) - tail)
    return low, high


def text(k, n):
    """"12 of 715 = 1.7 % (0.9..2.9)"."""
    if n == 0:
        return "0 of 0"
    low, high = interval(k, n)
    return f"{k} of {n} = {100 * k / n:.2f} % ({100 * low:.2f}..{100 * high:.2f})"
