/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving windows; see cel-lanes-forms.h. */

/* A vector that need not be aligned. */
typedef V FORM(Loose) __attribute__((aligned(8)));
#define LOOSE(array, i) (*(FORM(Loose) *)(void *)((array) + (i)))

/* Outputs from full windows: neighbours at a time, whose sums do not wait for each other; each sum
 * in the order of its window. */
TARGET void FORM(slide)(Slide *s)
{
    enum { TOGETHER = 4 };
    const double *weights = s->weights, *y = s->y;
    double *out = s->out;
    const gsize window = s->window, count = s->count;
    gsize i = 0;
    for (; i + TOGETHER * W <= count; i += TOGETHER * W) {
        V sum[TOGETHER] = {{0}};
        for (gsize k = 0; k < window; k++) {
            const V weight = SPLAT(weights[k]);
#pragma GCC unroll 4
            for (gsize t = 0; t < TOGETHER; t++)
                sum[t] += weight * LOOSE(y, i + k + t * W);
        }
#pragma GCC unroll 4
        for (gsize t = 0; t < TOGETHER; t++)
            LOOSE(out, i + t * W) = sum[t];
    }
    for (; i < count; i++)
        out[i] = weighted(weights, y + i, window);
}
#undef LOOSE
