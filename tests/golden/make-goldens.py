#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Computes the expected results in this folder from the definitions of the steps, with nothing of
Celadon and nothing beyond Python's own library.

Usage: make-goldens.py [--check]           writes (or compares) the goldens made from definitions
       make-goldens.py --reference ORACLES the few taken from the reference outputs of scipy 1.10.1

Linear maps are built row by row as matrices, so that the variance of independent samples is the sum
of squared entries times variances, whatever formula the program uses. Input numbers are rounded to
what the files show before anything is computed.
"""
import csv
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
SATURATED, COSMIC, OUT_OF_RANGE, BAD_PIXEL = 1, 2, 4, 8
FILES = {}
BY_DEFINITION = "computed by make-goldens.py from the definition"


# ---- writing ----

def shown(value):
    return repr(value) if isinstance(value, float) else str(value)


def table(header, columns):
    names = " ".join(name for name, _ in columns)
    rows = zip(*(values for _, values in columns))
    lines = [*header, f"# columns: {names}", *(" ".join(map(shown, row)) for row in rows)]
    return "\n".join(lines) + "\n"


def put(case, step, given, header=()):
    """given: list of (column, values); header: further "# key: value" lines of the input."""
    FILES[f"{case}.in"] = table(list(header), given)
    FILES[f"{case}.step"] = f"{case.split('/')[0]}{':' if step else ''}{step}\n"


def golden(case, step, given, expected, words, tolerance=(1e-10, 1e-10), header=(),
           source=BY_DEFINITION):
    put(case, step, given, header)
    FILES[f"{case}.out"] = table(
        [f"# from: {source}: {words}", f"# rtol: {tolerance[0]}", f"# atol: {tolerance[1]}"],
        expected)


def refusal(case, step, given, error, phrase, words, header=()):
    put(case, step, given, header)
    FILES[f"{case}.out"] = f"# from: rule of the step: {words}\nerror: {error}\nsays: {phrase}\n"


# ---- inputs ----

def noise(n, seed, size):
    """Numbers in -size..size of a small linear congruential generator (Park, Miller 1988)."""
    out, state = [], seed
    for _ in range(n):
        state = state * 16807 % 2147483647
        out.append(size * (2 * state / 2147483647 - 1))
    return out


def spectrum(n, seed=7, size=3.0, step=2.0, uneven=0.0, background=True):
    x = [round(400 + step * i + uneven * math.sin(0.9 * i), 4) for i in range(n)]
    y = []
    for i, extra in enumerate(noise(n, seed, size)):
        u, v = (i - 0.35 * n) / 2.3, (i - 0.7 * n) / 3.1
        value = 400 / (1 + u * u) + 250 * math.exp(-v * v) + extra
        if background:
            value += 900 + 300 * math.sin(1.2 * i / n) - 4 * i
        y.append(round(value, 3))
    return x, y


def spread_of_noise(y):
    return [round(2 + abs(value) / 100, 3) for value in y]


# ---- linear algebra ----

def solve(matrix, right):
    """Gaussian elimination with row exchange."""
    n = len(right)
    a = [list(row) + [r] for row, r in zip(matrix, right)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(a[i][k]))
        a[k], a[pivot] = a[pivot], a[k]
        for i in range(k + 1, n):
            factor = a[i][k] / a[k][k]
            if factor:
                for j in range(k, n + 1):
                    a[i][j] -= factor * a[k][j]
    out = [0.0] * n
    for k in reversed(range(n)):
        out[k] = (a[k][n] - math.fsum(a[k][j] * out[j] for j in range(k + 1, n))) / a[k][k]
    return out


def transpose(matrix):
    return [list(column) for column in zip(*matrix)]


def apply(matrix, y):
    return [math.fsum(w * v for w, v in zip(row, y)) for row in matrix]


def carried(matrix, variance):
    return [math.fsum(w * w * v for w, v in zip(row, variance)) for row in matrix]


def units(n):
    return [[1.0 if i == k else 0.0 for i in range(n)] for k in range(n)]


def matrix_of(linear, n):
    """The matrix of a linear function of a list."""
    return transpose([linear(unit) for unit in units(n)])


def polynomial_weights(places, degree, at, derivative=0):
    """Weights of the values at places in the derivative at `at` of their least-squares polynomial."""
    scale = max(abs(t) for t in places)
    basis = [[(t / scale) ** k for k in range(degree + 1)] for t in places]
    normal = [[math.fsum(row[a] * row[b] for row in basis) for b in range(degree + 1)]
              for a in range(degree + 1)]
    want = []
    for k in range(degree + 1):
        factor = math.prod(k - d for d in range(derivative))
        want.append(factor * (at / scale) ** (k - derivative) / scale ** derivative
                    if k >= derivative else 0.0)
    middle = solve(normal, want)
    return [math.fsum(m * b for m, b in zip(middle, row)) for row in basis]


def differences(n, order):
    """The rows of the matrix of `order`-th differences."""
    rows = units(n)
    for _ in range(order):
        rows = [[b - a for a, b in zip(low, high)] for low, high in zip(rows, rows[1:])]
    return rows


def penalty(n, order, stiffness):
    d = differences(n, order)
    columns = transpose(d)
    return [[stiffness * math.fsum(a * b for a, b in zip(p, q)) for q in columns] for p in columns]


# ---- moving windows ----

def savgol_matrix(n, window, degree, edges, derivative=0):
    half, rows = window // 2, []
    for i in range(n):
        row = [0.0] * n
        if edges == "interp":
            first = min(max(i - half, 0), n - window)
            places = [k - half for k in range(window)]
            for k, w in enumerate(polynomial_weights(places, degree, i - first - half, derivative)):
                row[first + k] += w
        else:
            places = list(range(-half, half + 1))
            for t, w in zip(places, polynomial_weights(places, degree, 0, derivative)):
                j = i + t
                if edges == "nearest":
                    j = min(max(j, 0), n - 1)
                else:
                    j = -j if j < 0 else 2 * (n - 1) - j if j > n - 1 else j
                row[j] += w
        rows.append(row)
    return rows


def spread_mask(mask, half):
    """Marked when a marked sample lies in the window; a replaced spike marks itself alone."""
    n, out = len(mask), []
    for i in range(n):
        bits = mask[i]
        for j in range(max(0, i - half), min(n, i + half + 1)):
            bits |= mask[j] & ~COSMIC
        out.append(bits)
    return out


def took_part(matrix, mask):
    """Marked when a marked sample has a place in the window of the row, whatever its weight."""
    out = []
    for row in matrix:
        at = [j for j, w in enumerate(row) if abs(w) > 1e-12]
        bits = 0
        for j in range(at[0], at[-1] + 1):
            bits |= mask[j]
        out.append(bits)
    return out


def median(values):
    values = sorted(values)
    n = len(values)
    return values[n // 2] if n % 2 else (values[n // 2 - 1] + values[n // 2]) / 2


def windows():
    n = 31
    x, y = spectrum(n)
    variance = spread_of_noise(y)
    mask = [0] * n
    mask[12], mask[20] = SATURATED, COSMIC
    given = [("x", x), ("y", y), ("variance", variance), ("mask", mask)]

    def case(name, step, matrix, half, words, scale=1.0):
        scaled = [[w * scale for w in row] for row in matrix]
        golden(name, step, given,
               [("x", x), ("y", apply(scaled, y)), ("variance", carried(scaled, variance)),
                ("mask", spread_mask(mask, half))], words, tolerance=(1e-10, 1e-9))

    for edges in ("interp", "nearest", "mirror"):
        case(f"smooth.savgol/{edges}", f"window=7,polynomial=2,edges={edges}",
             savgol_matrix(n, 7, 2, edges), 3, "least-squares polynomial in every window")
        case(f"smooth.boxcar/{edges}", f"window=5,edges={edges}",
             savgol_matrix(n, 5, 0, edges), 2, "mean of every window")
    case("derivative.savgol/first", "window=9,polynomial=3", savgol_matrix(n, 9, 3, "interp", 1), 4,
         "slope of the least-squares cubic, per axis unit (spacing 2)", 0.5)
    case("derivative.savgol/second", "window=7,polynomial=3,order=2,edges=nearest",
         savgol_matrix(n, 7, 3, "nearest", 2), 3,
         "curvature of the least-squares cubic, per axis unit squared (spacing 2)", 0.25)
    case("derivative.savgol/per-sample", "window=7,polynomial=2,spacing=sample,edges=mirror",
         savgol_matrix(n, 7, 2, "mirror", 1), 3, "slope of the least-squares parabola per sample")

    # The first results are read off the first full window, so a mark in it reaches them all.
    early = [0] * n
    early[5], early[n - 2] = SATURATED, BAD_PIXEL
    matrix = savgol_matrix(n, 7, 2, "interp")
    golden("smooth.savgol/marked-near-the-ends", "window=7,polynomial=2",
           [("x", x), ("y", y), ("mask", early)],
           [("x", x), ("y", apply(matrix, y)), ("mask", took_part(matrix, early))],
           "a result is marked when a marked sample took part in it", (1e-10, 1e-9))

    def medians(edges, half, values):
        wide = ([values[0]] * half + values + [values[-1]] * half if edges == "nearest"
                else [0.0] * half + values + [0.0] * half)
        return [median(wide[i:i + 2 * half + 1]) for i in range(n)]

    for edges in ("nearest", "zero"):
        wide = [variance[0]] * 2 + variance + [variance[-1]] * 2
        golden(f"smooth.median/{edges}", f"window=5,edges={edges}", given,
               [("x", x), ("y", medians(edges, 2, y)),
                ("variance", [math.pi / 2 * sum(wide[i:i + 5]) / 25 for i in range(n)]),
                ("mask", spread_mask(mask, 2))],
               "median of every window; variance pi/2 times that of the mean")

    rough_x, rough_y = spectrum(n, uneven=0.5)
    refusal("derivative.savgol/uneven-axis", "window=7,polynomial=2",
            [("x", rough_x), ("y", rough_y)], "unit", "not evenly spaced",
            "a derivative per cm-1 needs even spacing")
    refusal("smooth.savgol/even-window", "window=6,polynomial=2", [("x", x), ("y", y)], "usage",
            "odd", "a window has a middle")
    refusal("smooth.savgol/too-few-points", "window=11", [("x", x[:9]), ("y", y[:9])], "input",
            "smaller window", "the window must fit into the spectrum")


# ---- whole-spectrum smoothing ----

def fourier(cutoff, window):
    """Mirror image, plain Fourier sums, weights, and back: no fast transform."""
    def weight(u):
        if u >= 1:
            return 0.0
        return {"boxcar": 1.0, "triangle": 1 - u, "hann": (1 + math.cos(math.pi * u)) / 2,
                "blackman": 0.42 + 0.5 * math.cos(math.pi * u) + 0.08 * math.cos(2 * math.pi * u),
                "gauss": math.exp(-math.log(2) * (2 * u) ** 2)}[window]

    def linear(y):
        wide = y + y[::-1]
        m = len(wide)
        out = [0.0] * len(y)
        for k in range(m):
            frequency = min(k, m - k) / (m / 2)
            w = weight(frequency / cutoff)
            if not w:
                continue
            re = math.fsum(v * math.cos(2 * math.pi * k * j / m) for j, v in enumerate(wide))
            im = math.fsum(-v * math.sin(2 * math.pi * k * j / m) for j, v in enumerate(wide))
            for i in range(len(y)):
                angle = 2 * math.pi * k * i / m
                out[i] += w * (re * math.cos(angle) - im * math.sin(angle)) / m
        return out
    return linear


def whole():
    n = 30
    x, y = spectrum(n, seed=19)
    variance = spread_of_noise(y)
    mask = [0] * n
    mask[9] = mask[10] = BAD_PIXEL
    mask[21] = COSMIC
    bare = [("x", x), ("y", y), ("variance", variance)]
    for window, cutoff in (("hann", 0.5), ("blackman", 0.8), ("triangle", 0.4), ("gauss", 0.6),
                           ("boxcar", 0.45)):
        matrix = matrix_of(fourier(cutoff, window), n)
        golden(f"smooth.fft/{window}", f"cutoff={cutoff},window={window}", bare,
               [("x", x), ("y", apply(matrix, y)), ("variance", carried(matrix, variance))],
               "discrete Fourier sums of the mirrored spectrum, weighted", (1e-10, 1e-9))
    for order, stiffness in ((1, 20.0), (2, 100.0), (3, 500.0)):
        weights = [0.0 if m & ~COSMIC else 1.0 for m in mask]
        system = penalty(n, order, stiffness)
        for i in range(n):
            system[i][i] += weights[i]
        matrix = matrix_of(lambda v: solve(system, [w * a for w, a in zip(weights, v)]), n)
        golden(f"smooth.whittaker/order-{order}", f"lambda={stiffness},differences={order}",
               bare + [("mask", mask)],
               [("x", x), ("y", apply(matrix, y)), ("variance", carried(matrix, variance)),
                ("mask", mask)],
               "(W + lambda D'D) z = W y by Gaussian elimination, bad pixels without weight",
               (1e-9, 1e-8))


# ---- resampling ----

def interval(x, at):
    return max(i for i in range(len(x) - 1) if x[i] <= at)


def hermite(x, y, slopes, at):
    """Newton's form of the cubic with values and slopes at both ends of its interval."""
    i = interval(x, at)
    h = x[i + 1] - x[i]
    chord = (y[i + 1] - y[i]) / h
    c = (chord - slopes[i]) / h
    d = (slopes[i] + slopes[i + 1] - 2 * chord) / h ** 2
    t = at - x[i]
    return y[i] + t * (slopes[i] + t * (c + d * (t - h)))


def pchip(x, y):
    h = [b - a for a, b in zip(x, x[1:])]
    m = [(b - a) / w for a, b, w in zip(y, y[1:], h)]

    def end(h0, h1, m0, m1):
        s = ((2 * h0 + h1) * m0 - h0 * m1) / (h0 + h1)
        if s * m0 <= 0:
            return 0.0
        return 3 * m0 if m0 * m1 <= 0 and abs(s) > 3 * abs(m0) else s

    slopes = [end(h[0], h[1], m[0], m[1])]
    for k in range(1, len(x) - 1):
        if m[k - 1] * m[k] <= 0:
            slopes.append(0.0)
        else:
            a = (1 + h[k] / (h[k - 1] + h[k])) / 3  # Fritsch, Butland 1984
            slopes.append(m[k - 1] * m[k] / (a * m[k] + (1 - a) * m[k - 1]))
    slopes.append(end(h[-1], h[-2], m[-1], m[-2]))
    return lambda at: hermite(x, y, slopes, at)


def akima(x, y):
    m = [(y[i + 1] - y[i]) / (x[i + 1] - x[i]) for i in range(len(x) - 1)]
    m = [3 * m[0] - 2 * m[1], 2 * m[0] - m[1], *m, 2 * m[-1] - m[-2], 3 * m[-1] - 2 * m[-2]]
    slopes = []
    for i in range(len(x)):
        left, right = abs(m[i + 1] - m[i]), abs(m[i + 3] - m[i + 2])
        slopes.append((right * m[i + 1] + left * m[i + 2]) / (left + right) if left + right
                      else (m[i + 1] + m[i + 2]) / 2)
    return lambda at: hermite(x, y, slopes, at)


def spline(x, y, ends):
    """By second derivatives, all in one dense system."""
    n = len(x)
    h = [b - a for a, b in zip(x, x[1:])]
    rows, right = [], []
    for i in range(n):
        row = [0.0] * n
        r = 0.0
        if 0 < i < n - 1:
            row[i - 1], row[i], row[i + 1] = h[i - 1], 2 * (h[i - 1] + h[i]), h[i]
            r = 6 * ((y[i + 1] - y[i]) / h[i] - (y[i] - y[i - 1]) / h[i - 1])
        elif ends == "natural":
            row[i] = 1.0
        else:  # the third derivative does not jump at the second sample from the end
            a = 0 if i == 0 else n - 3
            row[a], row[a + 1], row[a + 2] = h[a + 1], -(h[a] + h[a + 1]), h[a]
        rows.append(row)
        right.append(r)
    s = solve(rows, right)

    def value(at):
        i = interval(x, at)
        a, b = (x[i + 1] - at) / h[i], (at - x[i]) / h[i]
        return (a * y[i] + b * y[i + 1]
                + ((a ** 3 - a) * s[i] + (b ** 3 - b) * s[i + 1]) * h[i] ** 2 / 6)
    return value


def polygon(x, y):
    def value(at):
        i = interval(x, at)
        t = (at - x[i]) / (x[i + 1] - x[i])
        return (1 - t) * y[i] + t * y[i + 1]
    return value


def cell_mean(x, y, low, high):
    """Trapezoids are exact for a polygon when its corners are among the nodes."""
    at = [low, *(v for v in x if low < v < high), high]
    f = polygon(x, y)
    return math.fsum((b - a) * (f(a) + f(b)) / 2 for a, b in zip(at, at[1:])) / (high - low)


def resampling():
    n = 26
    x, y = spectrum(n, seed=5, uneven=0.6)
    variance = spread_of_noise(y)
    mask = [0] * n
    mask[8] = SATURATED
    grid = [402 + 1.5 * k for k in range(31)]
    step = "from=402,to=447,step=1.5"

    def marks(at, more):
        """The two samples around a place (one when it stands on it), for curved kinds one more."""
        if at in x:
            return mask[x.index(at)]
        i = interval(x, at)
        return SATURATED if any(mask[max(i - more, 0):i + 2 + more]) else 0

    plain = [("x", x), ("y", y), ("variance", variance), ("mask", mask)]
    for name, more, extra, maker in (
            ("linear/definition", 0, "", lambda v: polygon(x, v)),
            ("cubic/not-a-knot", 1, "", lambda v: spline(x, v, "not-a-knot")),
            ("cubic/natural", 1, ",ends=natural", lambda v: spline(x, v, "natural"))):
        matrix = matrix_of(lambda v: list(map(maker(v), grid)), n)
        golden(f"resample.{name}", step + extra, plain,
               [("x", grid), ("y", apply(matrix, y)), ("variance", carried(matrix, variance)),
                ("mask", [marks(at, more) for at in grid])], "interpolation; exact variance",
               (1e-9, 1e-9))
    for name, maker in (("pchip", pchip), ("akima", akima)):
        golden(f"resample.{name}/definition", step, [("x", x), ("y", y), ("mask", mask)],
               [("x", grid), ("y", list(map(maker(x, y), grid))),
                ("mask", [marks(at, 1) for at in grid])], "piecewise cubic")
    coarse = [405 + 5.0 * k for k in range(8)]
    matrix = matrix_of(lambda v: [cell_mean(x, v, at - 2.5, at + 2.5) for at in coarse], n)
    golden("resample.mean/definition", "from=405,to=440,step=5", plain[:3],
           [("x", coarse), ("y", apply(matrix, y)), ("variance", carried(matrix, variance))],
           "means of the polygon over cells of 5")
    cropped = [x_ for x_ in (390 + 4.0 * k for k in range(21)) if x[0] <= x_ <= x[-1]]
    golden("resample.linear/crops-to-what-was-measured", "from=390,to=470,step=4",
           [("x", x), ("y", y)], [("x", cropped), ("y", list(map(polygon(x, y), cropped)))],
           "nothing outside the samples")
    for kind in ("linear", "pchip", "cubic", "akima", "mean"):
        refusal(f"resample.{kind}/beyond-the-range", "from=390,to=440,step=2,range=refuse",
                [("x", x), ("y", y)], "input", "not covered", "nothing is extrapolated")
    refusal("resample.linear/nothing-there", "from=900,to=1000,step=2", [("x", x), ("y", y)],
            "input", "not covered", "nothing is extrapolated")


# ---- backgrounds ----

def whittaker_baseline(y, mask, kind, stiffness, order, max_iter=50, tolerance=1e-3, p=0.01):
    n = len(y)
    usable = [0.0 if m else 1.0 for m in mask]
    w = usable[:]
    base = penalty(n, order, stiffness)
    slope = penalty(n, 1, 1.0)
    for t in range(1, max_iter + 2):
        system = [row[:] for row in base]
        if kind == "drpls":
            system = [[a * (1 - 0.5 * u) + b for a, b in zip(row, first)]
                      for row, first, u in zip(base, slope, w)]
        for i in range(n):
            system[i][i] += w[i]
        z = solve(system, [a * b for a, b in zip(w, y)])
        r = [(a - b) * u for a, b, u in zip(y, z, usable)]
        negative = [v for v in r if v < 0]
        if kind == "asls":
            new = [p if v > 0 else 1 - p for v in r]
        elif len(negative) < 2:
            break
        elif kind != "airpls":
            m = math.fsum(negative) / len(negative)
            s = math.sqrt(math.fsum((v - m) ** 2 for v in negative) / (len(negative) - 1))
            sharp = math.exp(min(t, 100)) / s
            if kind == "arpls":
                new = [1 / (1 + math.exp(min(2 * (v - (2 * s - m)) / s, 700))) for v in r]
            elif kind == "iarpls":
                new = [0.5 * (1 - sharp * (v - 2 * s) / math.hypot(1, sharp * (v - 2 * s))) for v in r]
            else:
                arguments = [sharp * (v - (2 * s - m)) for v in r]
                new = [0.5 * (1 - a / (1 + abs(a))) for a in arguments]
        else:
            total = math.fsum(negative)
            if abs(total) < tolerance * math.fsum(abs(a) * u for a, u in zip(y, usable)):
                break
            new = [math.exp(min(t, 50) * v / total) if v < 0 else 0.0 for v in r]
        new = [a * b for a, b in zip(new, usable)]
        change = math.dist(new, w) / math.hypot(*w)
        if kind != "airpls" and change < tolerance:
            break
        w = new
    return z


def imodpoly(x, y, degree, masked=True, original=False, tolerance=1e-3, max_iter=250):
    low, high = min(x), max(x)
    u = [2 * (v - low) / (high - low) - 1 for v in x]

    def fit(values, used):
        # Legendre polynomials keep the normal equations well conditioned
        basis = []
        for t in u:
            row = [1.0, t]
            for k in range(1, degree):
                row.append(((2 * k + 1) * t * row[k] - k * row[k - 1]) / (k + 1))
            basis.append(row[:degree + 1])
        normal = [[math.fsum(w * r[a] * r[b] for w, r in zip(used, basis))
                   for b in range(degree + 1)] for a in range(degree + 1)]
        right = [math.fsum(w * r[a] * v for w, r, v in zip(used, basis, values))
                 for a in range(degree + 1)]
        c = solve(normal, right)
        return [math.fsum(a * b for a, b in zip(c, r)) for r in basis]

    def deviation(values, p):
        r = [a - b for a, b in zip(values, p)]
        mean = math.fsum(r) / len(r)
        return math.sqrt(math.fsum((v - mean) ** 2 for v in r) / len(r))

    used = [1.0] * len(y)
    p = fit(y, used)
    d = deviation(y, p)
    if masked:
        used = [0.0 if v > b + d else 1.0 for v, b in zip(y, p)]
    clipped = y
    for _ in range(max_iter + 1):
        clipped = [min(v, b + d) for v, b in zip(y if original else clipped, p)]
        p = fit(clipped, used)
        new = deviation(clipped, p)
        if abs(new - d) / new < tolerance:
            break
        d = new
    return p


def line_through(values):
    """Least squares; as a function of the index."""
    n = len(values)
    if n == 1:
        return lambda i: values[0]
    w0 = [polynomial_weights([k - (n - 1) / 2 for k in range(n)], 1, 0, d) for d in (0, 1)]
    mean, slope = (math.fsum(a * b for a, b in zip(w, values)) for w in w0)
    return lambda i: mean + slope * (i - (n - 1) / 2)


def snip(y, half, order=2, increasing=False):
    left, right = line_through(y[:half]), line_through(y[-half:])
    z = [left(i) for i in range(-half, 0)] + list(y) + [right(half + i) for i in range(half)]
    n = len(z)
    for w in range(1, half + 1) if increasing else range(half, 0, -1):
        new = z[:]
        for i in range(w, n - w):
            limit = (z[i - w] + z[i + w]) / 2
            if order == 4:
                v = w // 2
                limit = max(limit, (-(z[i - w] + z[i + w]) + 4 * (z[i - v] + z[i + v])) / 6)
            new[i] = min(z[i], limit)
        z = new
    return z[half:n - half]


def hull(x, y, parts=1):
    """A sample is a corner when no chord of two others passes below it: all chords are tried."""
    n, corners = len(x), []
    for s in range(parts):
        members = range(s * n // parts, (s + 1) * n // parts)
        for i in members:
            if not any(y[a] + (y[b] - y[a]) * (x[i] - x[a]) / (x[b] - x[a]) <= y[i]
                       for a in members if a < i for b in members if b > i):
                corners.append(i)
    f = polygon([x[i] for i in corners], [y[i] for i in corners])
    return [f(at) for at in x]


def backgrounds():
    n = 56
    x, y = spectrum(n, seed=31, uneven=0.4)
    variance = spread_of_noise(y)
    clear = [0] * n
    mask = clear[:]
    mask[18] = mask[19] = SATURATED
    mask[40] = COSMIC

    def case(name, step, baseline, words, marks=None, tolerance=(1e-9, 1e-7)):
        given = [("x", x), ("y", y), ("variance", variance)]
        expected = [("x", x), ("y", [a - b for a, b in zip(y, baseline)]), ("variance", variance)]
        if marks:
            given.append(("mask", marks))
            expected.append(("mask", marks))
        golden(name, step, given, expected, words, tolerance)

    for kind, stiffness, order in (("arpls", 1000.0, 2), ("asls", 2000.0, 2), ("airpls", 50.0, 2),
                                   ("iarpls", 1000.0, 2), ("drpls", 1000.0, 2), ("arpls", 30.0, 1),
                                   ("asls", 50.0, 1), ("airpls", 20.0, 1), ("iarpls", 30.0, 1)):
        case(f"baseline.{kind}/order-{order}", f"lambda={stiffness},order={order}",
             whittaker_baseline(y, clear, kind, stiffness, order),
             "reweighted (W + D1'D1 + lambda (I - W/2) D'D) z = W y, every solve by Gaussian elimination"
             if kind == "drpls" else
             "reweighted (W + lambda D'D) z = W y, every solve by Gaussian elimination")
    for kind, stiffness in (("arpls", 1000.0), ("asls", 2000.0), ("airpls", 50.0), ("iarpls", 1000.0),
                            ("drpls", 1000.0)):
        case(f"baseline.{kind}/marked", f"lambda={stiffness}",
             whittaker_baseline(y, mask, kind, stiffness, 2),
             "as order-2, marked samples without weight", mask)
        refusal(f"baseline.{kind}/too-few-points", "", [("x", x[:2]), ("y", y[:2])], "numeric",
                "too few", "second differences need three samples")
    case("baseline.arpls/stops-after-three", "lambda=1000,max_iter=2",
         whittaker_baseline(y, clear, "arpls", 1000.0, 2, max_iter=2), "max_iter + 1 solves at most")
    for name, step, options in (
            ("cubic", "poly_order=3", {"degree": 3}),
            ("all-points", "poly_order=2,mask_initial_peaks=no", {"degree": 2, "masked": False}),
            ("from-the-original", "poly_order=4,use_original=yes", {"degree": 4, "original": True})):
        case(f"baseline.imodpoly/{name}", step, imodpoly(x, y, **options),
             "Legendre polynomials, normal equations", tolerance=(1e-9, 1e-6))
    refusal("baseline.imodpoly/too-few-points", "poly_order=5", [("x", x[:4]), ("y", y[:4])],
            "numeric", "Lower the order", "six coefficients need six samples")
    case("baseline.snip/decreasing", "max_half_window=7", snip(y, 7), "clipping in windows 7..1")
    case("baseline.snip/increasing-order-4", "max_half_window=6,order=4,direction=increasing",
         snip(y, 6, 4, True), "clipping in windows 1..6, parabola allowed")
    refusal("baseline.snip/too-few-points", "max_half_window=40", [("x", x), ("y", y)], "usage",
            "does not fit", "the window must fit into the spectrum")
    case("baseline.rubberband/whole", "", hull(x, y), "lower hull by trying every chord")
    case("baseline.rubberband/three-parts", "segments=3", hull(x, y, 3),
         "lower hull of every third by trying every chord")
    refusal("baseline.rubberband/too-few-points", "segments=30", [("x", x), ("y", y)], "usage",
            "fewer parts", "a part has two samples or more")


# ---- spikes ----

def whitaker_hayes(y, threshold, reach):
    jump = [b - a for a, b in zip(y, y[1:])]
    middle = median(jump)
    mad = median([abs(v - middle) for v in jump])
    bad = [abs(0.6745 * (v - middle) / mad) > threshold for v in jump] + [False]
    flags, out = bad[:], list(y)
    for i in range(len(y)):
        if bad[i]:
            good = [out[j] for j in range(max(0, i - reach), min(len(y) - 1, i + reach + 1))
                    if not bad[j]]
            out[i] = math.fsum(good) / len(good)
            bad[i] = False
    return out, flags


def spikes():
    n = 60
    x, y = spectrum(n, seed=3, size=1.0)
    struck = y[:]
    struck[44] = round(y[44] + 900, 3)
    struck[12] = round(y[12] + 700, 3)
    out, flags = whitaker_hayes(struck, 12.0, 3)
    golden("despike.whitaker-hayes/definition", "threshold=12", [("x", x), ("y", struck)],
           [("x", x), ("y", out), ("mask", [COSMIC if f else 0 for f in flags])],
           "modified z score of the first difference, means of good neighbours")
    refusal("despike.whitaker-hayes/too-few-points", "", [("x", x[:7]), ("y", y[:7])], "input",
            "needs 8", "the noise must be told from spikes")
    refusal("despike.whitaker-hayes/flat", "", [("x", x[:20]), ("y", [5.0] * 20)], "numeric",
            "no measure for spikes", "the median absolute deviation is zero")

    # No noise, bands five times wider than the narrowest: only what was added is a spike.
    smooth = [round(500 + 3 * i + 400 / (1 + ((i - 25) / 6) ** 2), 3) for i in range(n)]
    struck = smooth[:]
    struck[10] += 800
    struck[40], struck[41] = struck[40] + 600, struck[41] + 450
    out, variance, mask = smooth[:], [9.0] * n, [0] * n
    for a, b in ((10, 10), (40, 41)):
        around = [a - 3, a - 2, a - 1, b + 1, b + 2, b + 3]
        middle = (a + b) / 2
        for i in range(a, b + 1):
            weights = polynomial_weights([j - middle for j in around], 2, i - middle)
            out[i] = math.fsum(w * struck[j] for w, j in zip(weights, around))
            variance[i] = 9.0 * (1 + math.fsum(w * w for w in weights))
            mask[i] = COSMIC
    golden("despike.celadon/two-spikes", "", [("x", x), ("y", struck), ("variance", [9.0] * n)],
           [("x", x), ("y", out), ("variance", variance), ("mask", mask)],
           "known truth: two spikes were added; the parabola through three samples on either side")
    band = [round(50 + 900 * math.exp(-4 * math.log(2) * ((i - 30.3) / 4) ** 2), 3)
            for i in range(n)]
    golden("despike.celadon/a-sharp-band-stays", "", [("x", x), ("y", band)],
           [("x", x), ("y", band)], "known truth: a Gaussian band 4 samples wide, no spike",
           (0.0, 0.0))
    refusal("despike.celadon/too-few-points", "", [("x", x[:7]), ("y", y[:7])], "input", "needs 8",
            "the noise must be told from spikes")


def frames():
    """Five frames that differ at few samples, so that no drift can be seen; one is struck."""
    n, count = 48, 5
    x, base = spectrum(n, seed=23, size=0.0, background=False)
    base = [float(round(v + 300)) for v in base]
    rows = [base[:] for _ in range(count)]
    for k, i in enumerate(range(3, n, 4)):
        rows[k % count][i] += 4.0
        rows[(k + 2) % count][i] -= 4.0
    rows[1][5] += 1000.0
    rows[3][43] += 600.0
    rows[3][44] += 300.0
    rows[2][17] += 500.0  # in the band that all frames show: left as it is
    mean = [math.fsum(column) / count for column in zip(*rows)]
    expected, variance, mask = mean[:], [6.0] * n, [0] * n
    for frame, i in ((1, 5), (3, 43), (3, 44)):
        expected[i] = math.fsum(row[i] for f, row in enumerate(rows) if f != frame) / (count - 1)
        variance[i] = 6.0 * count / (count - 1)
        mask[i] = COSMIC
    given = [("x", x), ("y", mean), ("variance", [6.0] * n)]
    header = ["# read_noise: 5", "# gain: 2"]
    golden("despike.frames/struck-frames", "", given + [("frame", row) for row in rows],
           [("x", x), ("y", expected), ("variance", variance), ("mask", mask)],
           "known truth: mean of the frames that were not struck, but nothing changed in a band", (1e-10, 1e-10), header)
    refusal("despike.frames/two-frames", "", given + [("frame", row) for row in rows[:2]], "input",
            "2 single frames", "two frames do not tell which one is struck", header)
    changed = [mean[0] + 1, *mean[1:]]
    refusal("despike.frames/changed-before", "",
            [("x", x), ("y", changed)] + [("frame", row) for row in rows], "input",
            "was changed before", "the spectrum is the mean of the frames", header)


# ---- corrections of counts ----

def corrections(given):
    x, y, variance, mask = (values for _, values in given)
    n = len(x)
    c = [1.0, -2e-5, 3e-9]
    dark = "# meta_dark: subtracted"
    with_c = ["# nonlinearity: " + " ".join(map(repr, c)), dark]
    low = [v if i != 3 else -20.0 for i, v in enumerate(y)]

    def linear(v):
        return v / math.fsum(k * max(v, 0.0) ** p for p, k in enumerate(c))

    # the slope of the map by a central difference that is exact to 1e-9
    slopes = [(linear(v + 1e-3) - linear(v - 1e-3)) / 2e-3 for v in low]
    golden("correct.nonlinearity/counts-of-light", "",
           [("x", x), ("y", low), ("variance", variance), ("mask", mask)],
           [("x", x), ("y", [linear(v) for v in low]),
            ("variance", [v * s * s for v, s in zip(variance, slopes)]), ("mask", mask)],
           "definition, power by power; slope by differences", (1e-7, 0.0), with_c)
    golden("correct.nonlinearity/passes-when-told", "when_absent=pass", given, given, "unchanged", (0.0, 0.0))
    refusal("correct.nonlinearity/no-coefficients", "", given, "input", "no nonlinearity coefficients",
            "nothing is known of the detector", [dark])
    refusal("correct.nonlinearity/dark-still-there", "", given, "input", "dark.subtract before",
            "the offset of the detector is not light", with_c[:1])
    refusal("correct.nonlinearity/absurd-coefficients", "", given, "numeric", "no detector needs",
            "the coefficients would halve or double counts", ["# nonlinearity: 3 0", dark])

    # the curve has as many points as the spectrum, 1.5 times as far apart, from its fourth sample on
    at = [x[3] + 1.0 + 1.5 * (x[1] - x[0]) * i for i in range(n)]
    factor = [1.0 + 0.02 * i + 0.001 * i * i for i in range(n)]
    u = [0.02 + 0.001 * i * i for i in range(n)]
    curve = [("response_x", at), ("response_factor", factor), ("response_u", u)]

    def on_line(values, where):
        k = max(i for i in range(n - 1) if at[i] <= where)
        t = (where - at[k]) / (at[k + 1] - at[k])
        return values[k] * (1 - t) + values[k + 1] * t

    kept = [i for i in range(n) if at[0] <= x[i] <= at[-1]]
    f = {i: on_line(factor, x[i]) for i in kept}
    spread = {i: on_line(u, x[i]) for i in kept}
    laser = ["# response_laser_nm: 785", "# meta_laser_nm: 784.8"]
    columns = [("x", [x[i] for i in kept]), ("y", [y[i] * f[i] for i in kept])]
    golden("correct.intensity/crops-to-the-curve", "max_u=1", given + curve,
           columns + [("variance", [variance[i] * f[i] ** 2 for i in kept]), ("mask", [mask[i] for i in kept])],
           "the definition on a polygon", (1e-13, 0.0), laser)
    golden("correct.intensity/curve-counted-as-noise-where-good", "max_u=0.1,systematic=yes", given + curve,
           columns + [("variance", [f[i] ** 2 * (variance[i] + (y[i] * spread[i]) ** 2) for i in kept]),
                      ("mask", [mask[i] | (OUT_OF_RANGE if spread[i] > 0.1 else 0) for i in kept])],
           "the definition on a polygon", (1e-13, 0.0), laser)
    golden("correct.intensity/passes-when-told", "when_absent=pass", given, given, "unchanged", (0.0, 0.0))
    refusal("correct.intensity/no-curve", "", given, "input", "no response curve", "nothing is known of the instrument")
    refusal("correct.intensity/beyond-the-curve", "outside=refuse", given + curve, "input",
            "says nothing outside", "nothing is made up", laser)
    refusal("correct.intensity/other-laser", "", given + curve, "unit", "holds for excitation at 532",
            "another laser, another curve", ["# response_laser_nm: 532", "# meta_laser_nm: 785"])
    refusal("correct.intensity/wavelengths", "", given + curve, "unit", "calibrate its axis first",
            "the curve stands on shifts", ["# unit: nm_air", *laser])


# ---- simple steps ----

def simple():
    n = 20
    x, y = spectrum(n, seed=11)
    variance = spread_of_noise(y)
    mask = [0] * n
    mask[0], mask[1], mask[7], mask[19] = OUT_OF_RANGE, OUT_OF_RANGE, SATURATED, BAD_PIXEL
    given = [("x", x), ("y", y), ("variance", variance), ("mask", mask)]

    dark = [round(100 + v, 3) for v in noise(n, 41, 2)]
    more = [0] * n
    more[4], more[7] = BAD_PIXEL, BAD_PIXEL
    golden("dark.subtract/with-dark", "",
           given + [("dark", dark), ("dark_variance", [0.25] * n), ("dark_mask", more)],
           [("x", x), ("y", [a - b for a, b in zip(y, dark)]),
            ("variance", [v + 0.25 for v in variance]),
            ("mask", [a | b for a, b in zip(mask, more)])], "difference; variances add, masks join")
    golden("dark.subtract/dark-without-variance", "", given[:3] + [("dark", dark)],
           [("x", x), ("y", [a - b for a, b in zip(y, dark)])],
           "a sum with an unknown variance is unknown")
    golden("dark.subtract/passes-when-told", "when_absent=pass", given[:2], given[:2], "unchanged",
           (0.0, 0.0))
    refusal("dark.subtract/no-dark", "", given[:2], "input", "no dark spectrum",
            "the detector's own signal is not the sample's")

    corrections(given)

    def kept(low, high):
        return [(name, values[low:high]) for name, values in given]

    golden("crop.range/inside", "from=407,to=431", given, kept(4, 16), "samples 408..430",
           (0.0, 0.0))
    golden("crop.range/leaves-out-what-the-filter-blocks", "from=300,to=431", given, kept(2, 16),
           "the range less the two first samples, which are marked out of range", (0.0, 0.0))
    refusal("crop.range/outside", "from=900,to=1000", given, "input", "fewer than two samples",
            "an empty spectrum is none")
    refusal("crop.range/other-unit", "from=700,to=800,unit=nm", given, "unit", "range is given in nm",
            "shifts are no wavelengths")
    refusal("crop.range/backwards", "from=431,to=407", given, "usage", "ends before it begins",
            "a range has a beginning and an end")

    free = [i for i in range(n) if not mask[i]]
    used = [y[i] for i in free]
    mean = math.fsum(used) / len(used)
    pairs = [i for i in range(n - 1) if not mask[i] and not mask[i + 1]]
    area = math.fsum((abs(y[i]) + abs(y[i + 1])) / 2 * (x[i + 1] - x[i]) for i in pairs)
    deviation = math.sqrt(math.fsum((v - mean) ** 2 for v in used) / (len(used) - 1))
    for name, offset, scale, words in (
            ("max", 0.0, max(used), "y / max"),
            ("area", 0.0, area, "y / area of |y| by trapezoids"),
            ("vector", 0.0, math.sqrt(math.fsum(v * v for v in used)), "y / Euclidean length"),
            ("snv", mean, deviation, "(y - mean) / standard deviation with n - 1"),
            ("minmax", min(used), max(used) - min(used), "(y - min) / (max - min)")):
        golden(f"normalise.{name}/definition", "", given,
               [("x", x), ("y", [(v - offset) / scale for v in y]),
                ("variance", [v / scale ** 2 for v in variance]), ("mask", mask)],
               words + " of the unmarked samples", (1e-12, 1e-15))
        if name in ("snv", "minmax"):
            refusal(f"normalise.{name}/flat", "", [("x", x), ("y", [3.0] * n)], "numeric", "flat",
                    "nothing can be divided by zero")
    refusal("normalise.max/negative", "", [("x", x), ("y", [-v for v in y])], "numeric", "negative",
            "a negative scale would turn the spectrum over")


# ---- taken from reference outputs ----

def reference(folder):
    """Excerpts of scipy's interpolation: local kinds give the same far from the ends."""
    def read(kind):
        with open(pathlib.Path(folder) / kind / "syn_uneven_777.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        return {key: [float(row[key]) for row in rows] for key in rows[0]}

    given, wanted = read("input"), read("resample")
    part = slice(300, 340)
    x, y = given["shift"][part], given["intensity"][part]
    inside = [i for i, at in enumerate(wanted["shift"]) if x[4] <= at <= x[-5]]
    grid = [wanted["shift"][i] for i in inside]
    for kind in ("linear", "pchip", "akima"):
        golden(f"resample.{kind}/scipy", f"from={grid[0]},to={grid[-1]},step=2",
               [("x", x), ("y", y)], [("x", grid), ("y", [wanted[kind][i] for i in inside])],
               f"syn_uneven_777, samples 301 to 340, {kind}", (2e-10, 0.0),
               source="scipy 1.10.1 in double precision, 10 digits")


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--reference"] and len(arguments) == 2:
        reference(arguments[1])
    elif arguments in ([], ["--check"]):
        for part in (simple, windows, whole, resampling, backgrounds, spikes, frames):
            part()
    else:
        sys.exit(__doc__)
    differs = 0
    for name, text in FILES.items():
        path = HERE / name
        if arguments == ["--check"]:
            if not path.exists() or not same(path.read_text(), text):
                print(f"{name} is not what this script makes")
                differs = 1
            continue
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return differs


def same(a, b):
    """Equal up to the last digits, in which mathematical libraries may differ."""
    first, second = a.split(), b.split()
    if len(first) != len(second):
        return False
    for p, q in zip(first, second):
        if p == q:
            continue
        try:
            if not math.isclose(float(p), float(q), rel_tol=1e-9, abs_tol=1e-9):
                return False
        except ValueError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
