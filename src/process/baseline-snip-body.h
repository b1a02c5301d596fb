/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clipping of order 2 without smoothing, the usual case; see cel-lanes-forms.h. */

/* Samples of a vector that need not be aligned. */
typedef V FORM(Loose) __attribute__((aligned(8)));
#define LOOSE(array, i) (*(FORM(Loose) *)(void *)((array) + (i)))

TARGET void FORM(plain_pass)(Pass *p)
{
    const double *z = p->z;
    const gsize w = p->w, end = p->n - w;
    gsize i = w;
    for (; i + W <= end; i += W) {
        const V limit = 0.5 * (LOOSE(z, i - w) + LOOSE(z, i + w)), here = LOOSE(z, i);
        LOOSE(p->out, i) = LESSER(limit, here);
    }
    for (; i < end; i++) {
        const double limit = 0.5 * (z[i - w] + z[i + w]);
        p->out[i] = z[i] > limit ? limit : z[i];
    }
}
#undef LOOSE
