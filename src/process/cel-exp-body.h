/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exp() for kernels; see cel-exp.h and cel-lanes-forms.h. exp(t) = 2^k exp(r), |r| <= ln 2 / 2;
 * Taylor's remainder after r^13 is below 5e-18. Two vectors go through side by side: one alone
 * waits for itself longer than the processor can look ahead. */
CEL_LANES_INLINE void FORM(exponential_two)(V *t)
{
    /* 1.5 2^52: added to a number it leaves the nearest integer in the low bits. ln 2 in two parts,
     * the first with so many zero bits that its multiples by integers are exact. */
    const double rounding = 6755399441055744.0;
    const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
    /* 1 / (i + 2)! */
    static const double coefficients[] = {1.0 / 2.0,        1.0 / 6.0,         1.0 / 24.0,
                                          1.0 / 120.0,      1.0 / 720.0,       1.0 / 5040.0,
                                          1.0 / 40320.0,    1.0 / 362880.0,    1.0 / 3628800.0,
                                          1.0 / 39916800.0, 1.0 / 479001600.0, 1.0 / 6227020800.0};
    enum { TERMS = G_N_ELEMENTS(coefficients), BIAS = 1023, MANTISSA_BITS = 52 };
    V rounded[2], r[2], square[2], even[2], odd[2];
#pragma GCC unroll 2
    for (gsize v = 0; v < 2; v++) {
        const V x = GREATER(LESSER(t[v], SPLAT(700.0)), SPLAT(-700.0));
        rounded[v] = x * (1.0 / G_LN2) + rounding;
        const V k = rounded[v] - rounding;
        r[v] = (x - k * ln2_high) - k * ln2_low;
        square[v] = r[v] * r[v];
        even[v] = SPLAT(coefficients[TERMS - 2]);
        odd[v] = SPLAT(coefficients[TERMS - 1]);
    }
    /* even and odd powers apart: two short chains of products instead of a long one */
#pragma GCC unroll 5
    for (int i = TERMS - 4; i >= 0; i -= 2) {
#pragma GCC unroll 2
        for (gsize v = 0; v < 2; v++) {
            even[v] = even[v] * square[v] + coefficients[i];
            odd[v] = odd[v] * square[v] + coefficients[i + 1];
        }
    }
#pragma GCC unroll 2
    for (gsize v = 0; v < 2; v++) {
        const VBITS power = ((VBITS)rounded[v] + (gint64)BIAS) << MANTISSA_BITS;
        /* 1 last, so that the rounding of what is small beside it does not count */
        t[v] = (1.0 + (r[v] + square[v] * (even[v] + odd[v] * r[v]))) * (V)power;
    }
}

/* @t: CEL_LANES vectors */
CEL_LANES_INLINE void FORM(exponential)(V *t)
{
    for (gsize v = 0; v < CEL_LANES; v += 2)
        FORM(exponential_two)(t + v);
}
