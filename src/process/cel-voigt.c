/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Faddeeva function by the trapezoidal rule with the residue of its pole added: Chiarella and
 * Reichel 1968 (Math. Comp. 22, 137), in the choice of rules of Al Azah and Chandler-Wilde 2021
 * (SIAM J. Numer. Anal. 59, 2346). */
#include "process/cel-voigt.h"

#include <math.h>

enum { TERMS = 12 };

/* 1 / (2 FAR^2) is below the rounding of a double. */
static const double FAR = 1e8;

/* h^2 = pi / TERMS balances the error of the rule with that of cutting the sum. */
static double spacing(void)
{
    return sqrt(G_PI / TERMS);
}

/* 2 i h z / pi times the sum of exp(-t^2) / (z^2 - t^2) over t = (first + k) h. In this form every
 * term of the real part is positive, so nothing is lost in the wings. */
static CelComplex rule(double x, double y, double first)
{
    const double h = spacing(), modulus = x * x + y * y, a = x * x - y * y, b = 2.0 * x * y;
    /* exp(-t^2) at the next t is that at the last one times a factor that itself falls by a factor
     */
    double power = exp(-first * first * h * h), factor = exp(-(2.0 * first + 1.0) * h * h);
    const double fall = exp(-2.0 * h * h);
    CelComplex sum = {0};
    for (int k = 0; k < TERMS; k++) {
        const double t = ((double)k + first) * h, square = t * t;
        const double weight = power / ((a - square) * (a - square) + b * b);
        sum.re += weight * y * (modulus + square);
        sum.im += weight * x * (modulus - square);
        power *= factor;
        factor *= fall;
    }
    return (CelComplex){2.0 * h / G_PI * sum.re, 2.0 * h / G_PI * sum.im};
}

/* 2 exp(-z^2) / (1 + sign exp(-2 pi i z / h)): what the rule lacks where its pole lies inside. */
static CelComplex residue(double x, double y, double sign)
{
    const double h = spacing();
    const double size = 2.0 * exp(y * y - x * x), grow = exp(2.0 * G_PI * y / h);
    const double turn = 2.0 * G_PI * x / h, phase = 2.0 * x * y;
    const double re = 1.0 + sign * grow * cos(turn), im = -sign * grow * sin(turn);
    const double scale = size / (re * re + im * im);
    return (CelComplex){scale * (cos(phase) * re - sin(phase) * im),
                        scale * (-sin(phase) * re - cos(phase) * im)};
}

static CelComplex first_quadrant(double x, double y)
{
    const double h = spacing();
    if (y >= fmax(x, G_PI / h))
        return rule(x, y, 0.5);
    const double place = x / h - floor(x / h);
    /* the rule whose points stay a quarter of the spacing away from x */
    const gboolean at_points = y < x && place >= 0.25 && place <= 0.75;
    CelComplex w = rule(x, y, at_points ? 1.0 : 0.5);
    if (at_points) {
        const double modulus = x * x + y * y;
        w.re += h * y / (G_PI * modulus);
        w.im += h * x / (G_PI * modulus);
    }
    if (y < G_PI / h) {
        const CelComplex more = residue(x, y, at_points ? -1.0 : 1.0);
        w.re += more.re;
        w.im += more.im;
    }
    return w;
}

/* The first term of the asymptotic series, i / (z sqrt(pi)) (DLMF 7.12.1), whose next one is
 * 1 / (2 z^2) of it; divided in an order in which no square leaves the range of a double. */
static CelComplex far_away(double x, double y)
{
    const double modulus = hypot(x, y), scale = 1.0 / (modulus * sqrt(G_PI));
    return (CelComplex){y / modulus * scale, x / modulus * scale};
}

CelComplex cel_faddeeva(double x, double y)
{
    CelComplex w = hypot(x, y) < FAR ? first_quadrant(fabs(x), y) : far_away(fabs(x), y);
    /* w(-conj z) = conj w(z) */
    if (x < 0.0)
        w.im = -w.im;
    return w;
}

double cel_voigt(double x, double sigma, double gamma)
{
    const double scale = sigma * G_SQRT2;
    return cel_faddeeva(x / scale, gamma / scale).re / (sigma * sqrt(2.0 * G_PI));
}
