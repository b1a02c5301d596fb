/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-logistic.h"

/* Plain SSE2 or NEON registers: every processor of the architecture has them, so there is one path
 * and one result. */
typedef double Pair __attribute__((vector_size(16)));
typedef gint64 PairBits __attribute__((vector_size(16)));

enum { TERMS = 14, BIAS = 1023, MANTISSA_BITS = 52 };

static const double LIMIT = 700.0;
/* 1.5 2^52: added to a number it leaves the nearest integer in the low bits. */
static const double ROUNDING = 6755399441055744.0;
/* ln 2 in two parts, the first with so many zero bits that its multiples by integers are exact. */
static const double LN2_HIGH = 0x1.62e42feep-1, LN2_LOW = 0x1.a39ef35793c76p-33;

static inline Pair both(double value)
{
    return (Pair){value, value};
}

static inline Pair choose(PairBits condition, Pair yes, Pair no)
{
    return (Pair)(((PairBits)yes & condition) | ((PairBits)no & ~condition));
}

/* exp(t) = 2^k exp(r), |r| <= ln 2 / 2; Taylor's remainder after r^13 is below 5e-18. */
static inline Pair exponential(Pair t)
{
    static const double inverse_factorials[TERMS] = {
        1.0,
        1.0,
        1.0 / 2.0,
        1.0 / 6.0,
        1.0 / 24.0,
        1.0 / 120.0,
        1.0 / 720.0,
        1.0 / 5040.0,
        1.0 / 40320.0,
        1.0 / 362880.0,
        1.0 / 3628800.0,
        1.0 / 39916800.0,
        1.0 / 479001600.0,
        1.0 / 6227020800.0,
    };
    t = choose(t > both(LIMIT), both(LIMIT), t);
    t = choose(t < both(-LIMIT), both(-LIMIT), t);
    const Pair rounded = t * both(1.0 / G_LN2) + both(ROUNDING);
    const Pair k = rounded - both(ROUNDING);
    const Pair r = (t - k * both(LN2_HIGH)) - k * both(LN2_LOW);
    /* even and odd powers apart: two short chains of products instead of a long one */
    const Pair square = r * r;
    Pair even = both(inverse_factorials[TERMS - 2]), odd = both(inverse_factorials[TERMS - 1]);
#pragma GCC unroll 6
    for (int i = TERMS - 4; i >= 0; i -= 2) {
        even = even * square + both(inverse_factorials[i]);
        odd = odd * square + both(inverse_factorials[i + 1]);
    }
    const Pair sum = even + odd * r;
    const PairBits power = ((PairBits)rounded + (PairBits){BIAS, BIAS}) << MANTISSA_BITS;
    return sum * (Pair)power;
}

static inline Pair logistic(Pair t)
{
    return both(1.0) / (both(1.0) + exponential(t));
}

void cel_logistic_falling(double *values, gsize n)
{
    gsize i = 0;
    for (; i + 4 <= n; i += 4) {
        const Pair a = logistic((Pair){values[i], values[i + 1]});
        const Pair b = logistic((Pair){values[i + 2], values[i + 3]});
        values[i] = a[0];
        values[i + 1] = a[1];
        values[i + 2] = b[0];
        values[i + 3] = b[1];
    }
    for (; i < n; i++)
        values[i] = logistic(both(values[i]))[0];
}
