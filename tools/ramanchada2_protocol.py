# SPDX-License-Identifier: GPL-3.0-or-later
"""What ramanchada2's published x calibration makes of the same scans, written again from its
source (h2020charisma/ramanchada2, MIT: CalibrationModel.calibration_model_factory with its defaults):
nm from the nominal laser; neon lines and its own table of neon paired where each is the other's
nearest; a monotone cubic (PCHIP, inverted on a dense grid) through all pairs; the laser from silicon
at 520.45 cm-1. All positions (neon, silicon, bands) are those that Celadon measured, so that only the
calibrations differ and not the search for lines. The program itself could not be installed here.
"""

import bisect

GRID, SILICON_CM1 = 2048, 520.45

# Its NEON_WL table: air wavelengths as its binning of the NIST lines left them, nm.
NEON = {
    532: [540.0990367, 556.2971101, 565.7074194, 571.9552477, 574.8863277, 576.4675682, 580.4785198, 582.0597602,
          585.2993749, 587.3048506, 588.2304548, 594.5168500, 596.5994594, 597.5530281, 598.8363362, 603.0401219,
          607.4753087, 609.6736186, 614.3402065, 616.3842491, 618.2354574, 621.7836069, 626.6815957, 632.8522903,
          633.4693598, 638.3287818, 640.2571239, 650.7087379, 659.9262130, 665.2484372, 667.8709824, 692.9779961,
          702.4268723, 703.2753428, 705.1651180, 705.9364549, 717.4293736, 721.3631914, 723.5615014, 724.5642392],
    785: [792.7126582, 793.8267160, 794.4354550, 808.4718397, 811.9873779, 813.0018748, 826.0886734, 826.6444401,
          830.1481449, 831.5685359, 836.6413681, 837.8587131, 841.9079895, 846.4826422, 848.5117723, 849.6277939,
          854.5991626, 857.2370318, 859.2661619, 863.5273351, 864.8462588, 865.5665349, 866.9768563, 868.2045691,
          870.5278340, 877.2237872, 878.2386880, 885.4419402, 886.6594183, 892.0366131, 898.9356554, 908.0667409,
          914.9657833, 920.2415216, 922.1022373, 922.7773643, 928.8653245, 930.1842591, 931.4876004, 932.7206717,
          937.3876709, 942.6634092, 946.0114739, 948.7507995, 953.5192553, 954.8381899, 957.7804285, 966.6071445,
          981.0139682],
}


def mutual_nearest(x, y):
    nearest_y = [min(range(len(y)), key=lambda j: abs(a - y[j])) for a in x]
    nearest_x = [min(range(len(x)), key=lambda i: abs(b - x[i])) for b in y]
    return sorted((x[i], y[j]) for i, j in enumerate(nearest_y) if nearest_x[j] == i)


def pchip(x, y):
    """Fritsch and Butland's monotone cubic; its end polynomials go on outside."""
    h = [b - a for a, b in zip(x, x[1:])]
    slope = [(b - a) / s for a, b, s in zip(y, y[1:], h)]
    d = [0.0] * len(x)
    for k in range(1, len(x) - 1):
        if slope[k - 1] * slope[k] > 0:
            w1, w2 = 2 * h[k] + h[k - 1], h[k] + 2 * h[k - 1]
            d[k] = (w1 + w2) / (w1 / slope[k - 1] + w2 / slope[k])

    def edge(h0, h1, m0, m1):
        value = ((2 * h0 + h1) * m0 - h0 * m1) / (h0 + h1)
        if value * m0 <= 0:
            return 0.0
        return 3 * m0 if m0 * m1 <= 0 and abs(value) > 3 * abs(m0) else value

    d[0], d[-1] = edge(h[0], h[1], slope[0], slope[1]), edge(h[-1], h[-2], slope[-1], slope[-2])

    def value(at):
        k = max(0, min(len(h) - 1, sum(1 for v in x[1:-1] if v <= at)))
        t = (at - x[k]) / h[k]
        return (y[k] * (1 + 2 * t) * (1 - t) ** 2 + d[k] * h[k] * t * (1 - t) ** 2 +
                y[k + 1] * t * t * (3 - 2 * t) + d[k + 1] * h[k] * t * t * (t - 1))
    return value


def on_grid(x, y):
    """On a grid this dense straight lines are the same curve; it goes on straight outside."""
    def value(at):
        k = max(0, min(len(x) - 2, bisect.bisect_right(x, at) - 1))
        return y[k] + (y[k + 1] - y[k]) * (at - x[k]) / (x[k + 1] - x[k])
    return value


def neon_curve(neon_cm1, laser):
    """Corrected nm as a function of nm from the nominal laser, and the number of pairs."""
    pairs = mutual_nearest([1e7 / (1e7 / laser - shift) for shift in neon_cm1], NEON[laser])
    inverse = pchip([accepted for _, accepted in pairs], [found for found, _ in pairs])
    first, last = pairs[0][1], pairs[-1][1]
    dense = [first + (last - first) * k / (GRID - 1) for k in range(GRID)]
    return on_grid([inverse(nm) for nm in dense], dense), len(pairs)


def deviations(neon_cm1, laser, silicon_cm1, lines):
    """@lines: (accepted, measured) in cm-1. Returns: what is left of each, and the number of pairs."""
    curve, n_pairs = neon_curve(neon_cm1, laser)

    def nm(shift):
        return curve(1e7 / (1e7 / laser - shift))
    silicon_nm = nm(silicon_cm1)
    return [1e7 / silicon_nm - 1e7 / nm(measured) + SILICON_CM1 - accepted for accepted, measured in lines], n_pairs
