# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods of src/process as one writes them with scipy, from their published equations: what our
programs are timed beside. Each returns (result, iterations)."""
import numpy
from scipy import optimize, signal
from scipy.linalg import solve_banded, solveh_banded
from scipy.special import expit

TOLERANCE, MOST = 1e-3, 51


def penalty(n, order):
    """Lower band of D'D."""
    rows = numpy.zeros((order + 1, n))
    d = numpy.diff(numpy.eye(order + 1), order, axis=0).ravel() if order else numpy.ones(1)
    for i in range(order + 1):
        for k in range(order + 1 - i):
            rows[k, i:i + n - order] += d[i] * d[i + k]
    return rows


class Solver:
    def __init__(self, y, lam):
        self.y, self.band = y, lam * penalty(len(y), 2)
        self.diagonal = self.band[0].copy()

    def __call__(self, w):
        self.band[0] = self.diagonal + w
        return solveh_banded(self.band, w * self.y, lower=True, check_finite=False)


def change(old, new):
    return numpy.linalg.norm(new - old) / max(numpy.linalg.norm(old), 1e-300)


def reweighted(y, solve, weigh):
    """The loop of all but airPLS: the curve of the last solve, made with the weights before."""
    w = numpy.ones(len(y))
    for t in range(1, MOST + 1):
        z = solve(w)
        new = weigh(y - z, t)
        if new is None or change(w, new) < TOLERANCE:
            break
        w = new
    return z, t


def negatives(r):
    below = r[r < 0]
    return (below.mean(), max(below.std(ddof=1), 1e-300)) if len(below) > 1 else None


def asls(y, p=0.01):
    return reweighted(y, Solver(y, 1e6), lambda r, t: numpy.where(r > 0, p, 1 - p))


def arpls(y):
    def weigh(r, t):
        found = negatives(r)
        return None if found is None else expit(-2 * (r - (2 * found[1] - found[0])) / found[1])
    return reweighted(y, Solver(y, 1e5), weigh)


def iarpls(y):
    def weigh(r, t):
        found = negatives(r)
        if found is None:
            return None
        u = numpy.exp(min(t, 100)) * (r - 2 * found[1]) / found[1]
        return 0.5 * (1 - u / numpy.sqrt(1 + u * u))
    return reweighted(y, Solver(y, 1e5), weigh)


def drpls(y, lam=1e5, eta=0.5):
    n = len(y)
    first, second = penalty(n, 1), penalty(n, 2)
    full = numpy.zeros((5, n))
    for k in range(3):
        full[2 + k, :] = second[k]
        full[2 - k, k:] = second[k, :n - k]
    slope = numpy.zeros((5, n))
    for k in range(2):
        slope[2 + k, :] = first[k]
        slope[2 - k, k:] = first[k, :n - k]

    def solve(w):
        factor = lam * (1 - eta * w)
        band = slope + full * numpy.array([numpy.roll(factor, 2 - k) for k in range(5)])
        band[2] += w
        return solve_banded((2, 2), band, w * y, check_finite=False, overwrite_ab=True)

    def weigh(r, t):
        found = negatives(r)
        if found is None:
            return None
        v = numpy.exp(min(t, 100)) * (r - (2 * found[1] - found[0])) / found[1]
        return 0.5 * (1 - v / (1 + numpy.abs(v)))
    return reweighted(y, solve, weigh)


def airpls(y):
    solve, w, total = Solver(y, 1e6), numpy.ones(len(y)), numpy.abs(y).sum()
    for t in range(1, MOST + 1):
        z = solve(w)
        r = y - z
        below = r < 0
        lost = r[below].sum()
        if abs(lost) < TOLERANCE * total or below.sum() < 2:
            break
        w = numpy.zeros(len(y))
        w[below] = numpy.exp(numpy.minimum(min(t, 50) * r[below] / lost, 700))
    return z, t


def imodpoly(y, order=6):
    u = numpy.linspace(-1, 1, len(y))
    vander = numpy.polynomial.polynomial.polyvander(u, order)
    z = vander @ (numpy.linalg.pinv(vander) @ y)
    d = (y - z).std()
    keep = (y <= z + d).astype(float)
    inverse = numpy.linalg.pinv(vander * keep[:, None])
    for t in range(1, 252):
        y = numpy.minimum(y, z + d)
        z = vander @ (inverse @ (y * keep))
        new = (y - z).std()
        if abs(new - d) / new < TOLERANCE:
            break
        d = new
    return z, t


def extended(y, pad):
    at = numpy.arange(pad)
    left, right = numpy.polyfit(at, y[:pad], 1), numpy.polyfit(at, y[-pad:], 1)
    return numpy.concatenate([numpy.polyval(left, at - pad), y, numpy.polyval(right, at + pad)])


def snip(y, half=40):
    z = extended(y, half)
    for w in range(half, 0, -1):
        z[w:-w] = numpy.minimum(z[w:-w], 0.5 * (z[:-2 * w] + z[2 * w:]))
    return z[half:-half], 0


def hull(y):
    from scipy.spatial import ConvexHull
    x = 200 + 1.5 * numpy.arange(len(y))
    corners = ConvexHull(numpy.column_stack([x, y])).vertices
    corners = numpy.roll(corners, -corners.argmin())
    corners = corners[:corners.argmax() + 1]
    return numpy.interp(x, x[corners], y[corners]), 0


def savgol(y):
    return signal.savgol_filter(y, 11, 3), 0


def peaks(y):
    at, found = signal.find_peaks(y, prominence=30, width=2)
    return numpy.column_stack([at, found["prominences"], found["widths"]]).ravel(), 0


def bands(x, x0, p):
    """Pseudo-Voigt bands on a straight line, the parameters as those of cel-peakfit.h."""
    out = p[-2] + p[-1] * (x - x0)
    for height, centre, hwhm, share in numpy.reshape(p[:-2], (-1, 4)):
        u = (x - centre) / hwhm
        out = out + height * (share / (1 + u * u) + (1 - share) * numpy.exp(-numpy.log(2) * u * u))
    return out


def split_fit(data):
    n, x0 = int(data[2]), data[1]
    return data[3:3 + n], data[3 + n:3 + 2 * n], data[3 + 2 * n:], x0


def curve_fit(data):
    x, y, start, x0 = split_fit(data)
    p, covariance = optimize.curve_fit(lambda at, *q: bands(at, x0, q), x, y, start)
    return numpy.concatenate([p, numpy.sqrt(numpy.diag(covariance))]), 0


def lmfit(data):
    """The model that lmfit ships. It counts the offset from 0 and gives areas and shares of areas instead of
    heights; centre, width and slope are the same parameters."""
    from lmfit.models import LinearModel, PseudoVoigtModel
    x, y, start, x0 = split_fit(data)
    (height, centre, hwhm, share), (offset, slope) = start[:4], start[4:]
    area = height * hwhm * (share * numpy.pi + (1 - share) * numpy.sqrt(numpy.pi / numpy.log(2)))
    model = PseudoVoigtModel() + LinearModel()
    result = model.fit(y, model.make_params(amplitude=area, center=centre, sigma=hwhm, fraction=share,
                                            intercept=offset - slope * x0, slope=slope), x=x)
    names = "center", "sigma", "slope"
    return numpy.array([getattr(result.params[n], what) for what in ("value", "stderr") for n in names]), 0
