/* SPDX-License-Identifier: GPL-3.0-or-later */
/* W references side by side; see cel-lanes-forms.h. Every sum runs as it would for one alone. */

/* Mean about channel @i where the bell reaches over an end. */
CEL_LANES_INLINE void FORM(near_end)(const CelNoiseBell *bell, const double *in, gsize n, gsize i,
                                     V *out)
{
    V sum = AT(in, i * W);
    double weight = 1;
    for (gsize k = 1; k <= bell->reach; k++) {
        if (i >= k) {
            sum += bell->weight[k] * AT(in, (i - k) * W);
            weight += bell->weight[k];
        }
        if (i + k < n) {
            sum += bell->weight[k] * AT(in, (i + k) * W);
            weight += bell->weight[k];
        }
    }
    *out = sum / weight;
}

TARGET void FORM(smooth)(Work *work)
{
    const CelNoiseBell *bell = work->bell;
    const gsize n = work->beside->n;
    const double *in = work->beside->raw;
    double *y = work->beside->y;
    const gsize from = MIN(bell->reach, n), to = MAX(n - from, from);
    for (gsize i = 0; i < from; i++)
        FORM(near_end)(bell, in, n, i, &AT(y, i * W));
    for (gsize i = to; i < n; i++)
        FORM(near_end)(bell, in, n, i, &AT(y, i * W));
    for (gsize i = from; i < to; i++) {
        V sum = AT(in, i * W);
        for (gsize k = 1; k <= bell->reach; k++)
            sum += bell->weight[k] * (AT(in, (i - k) * W) + AT(in, (i + k) * W));
        AT(y, i * W) = sum / bell->whole;
    }
}

/* Sum of squares under the weights, in four parts. */
CEL_LANES_INLINE void FORM(square)(const CelJointBeside *b, const double *weight, V *out)
{
    V sum[4] = {{0}};
    gsize i = 0;
    for (; i + 3 < b->n; i += 4) {
#pragma GCC unroll 4
        for (gsize d = 0; d < 4; d++) {
            const V v = weight[i + d] * AT(b->y, (i + d) * W);
            sum[d] += v * v;
        }
    }
    for (; i < b->n; i++) {
        const V v = weight[i] * AT(b->y, i * W);
        sum[0] += v * v;
    }
    *out = (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* B'W v, for v times w; between two knots the four sums stay in registers. */
CEL_LANES_INLINE void FORM(against_splines)(const CelJointBeside *b, const CelJointBackground *bg,
                                            V *out)
{
    for (gsize k = 0; k < CEL_JOINT_MAX_K; k++)
        out[k] = SPLAT(0.0);
    for (gsize i = 0; i < b->n;) {
        const guint8 cell = bg->cell[i];
        V *at = out + (cell - bg->cell[0]);
        V sum[4] = {{0}};
        for (; i < b->n && bg->cell[i] == cell; i++) {
            const V v = bg->weight[i] * AT(b->y, i * W);
#pragma GCC unroll 4
            for (gsize d = 0; d < 4; d++)
                sum[d] += v * bg->spline[i][d];
        }
        for (gsize d = 0; d < 4; d++)
            at[d] += sum[d];
    }
}

TARGET void FORM(explain)(Work *work)
{
    CelJointBeside *b = work->beside;
    const CelJointBackground *bg = work->background;
    const double(*chol)[4] = bg->range->chol;
    V z[CEL_JOINT_MAX_K], explained = {0};
    FORM(square)(b, bg->weight, &AT(b->whole, 0));
    FORM(against_splines)(b, bg, z);
    for (gsize j = 0; j < bg->n_splines; j++) {
        for (gsize d = 1; d <= MIN(j, 3); d++)
            z[j] -= chol[j][d] * z[j - d];
        z[j] /= chol[j][0];
        explained += z[j] * z[j];
    }
    AT(b->explained, 0) = explained;
}
