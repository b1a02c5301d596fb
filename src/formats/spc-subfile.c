/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/spc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SUBFILE_HEADER = 32, DIRECTORY_ENTRY = 12, FLOATING = -128 };

/* Offsets in SUBHDR. */
enum { SUBEXP = 1, SUBTIME = 4, SUBNPTS = 16 };

static gboolean refuse(const CelSpcFile *f, CelSpcRemark *remark, CelSpcCode code, gsize offset,
                       double found)
{
    *remark = (CelSpcRemark){.code = code, .offset = offset, .subfile = f->index, .found = found};
    return FALSE;
}

/* What SUBHDR says. */
typedef struct {
    int exponent;
    int own_exponent; /* what SUBHDR itself says */
    guint32 n_points;
    gboolean own_x;
} Subfile;

static gsize bytes_a_point(const CelSpcFile *f)
{
    const gsize y = (f->flags & CEL_SPC_16_BIT) != 0 ? 2 : 4;
    return y + ((f->flags & CEL_SPC_OWN_X) != 0 ? 4 : 0);
}

/* Steps over the subfile sought, whose own header says how long it is. */
static gboolean step_over(CelSpcFile *f)
{
    CelBytes b = f->bytes;
    cel_bytes_seek(&b, f->at + SUBNPTS);
    const guint32 n = cel_bytes_u32(&b);
    cel_bytes_seek(&b, f->at);
    cel_bytes_skip(&b, SUBFILE_HEADER);
    if (!cel_bytes_has(&b, n, bytes_a_point(f)))
        return FALSE;
    f->at = b.at + n * bytes_a_point(f);
    f->index++;
    return TRUE;
}

gboolean cel_spc_seek(CelSpcFile *f, guint32 index, CelSpcRemark *remark)
{
    CelBytes b = f->bytes;
    *remark = (CelSpcRemark){0};
    if (f->directory != 0) {
        cel_bytes_seek(&b, f->directory + (gsize)index * DIRECTORY_ENTRY);
        f->at = cel_bytes_u32(&b);
        f->index = index;
        return !b.failed || refuse(f, remark, CEL_SPC_SHORT, b.failed_at, index);
    }
    if ((f->flags & CEL_SPC_OWN_X) == 0) {
        f->at = f->first_subfile + index * (SUBFILE_HEADER + f->n_points * bytes_a_point(f));
        f->index = index;
        return TRUE;
    }
    if (index < f->index) {
        f->at = f->first_subfile;
        f->index = 0;
    }
    while (f->index < index) {
        if (!step_over(f))
            return refuse(f, remark, CEL_SPC_SHORT, f->at, index);
    }
    return TRUE;
}

double cel_spc_z(const CelSpcFile *f)
{
    CelBytes b = f->bytes;
    cel_bytes_seek(&b, f->at);
    cel_bytes_skip(&b, SUBTIME);
    const double z = cel_bytes_f32(&b);
    return b.failed ? NAN : z;
}

static void read_header(const CelSpcFile *f, CelBytes *b, Subfile *sub, CelSpcData *out)
{
    cel_bytes_skip(b, 1); /* subflgs */
    const guint8 exponent = cel_bytes_u8(b);
    cel_bytes_skip(b, 2); /* subindx */
    out->z = cel_bytes_f32(b);
    cel_bytes_skip(b, 8); /* subnext, subnois */
    const guint32 n_points = cel_bytes_u32(b);
    out->scans = cel_bytes_u32(b);
    cel_bytes_skip(b, 8); /* subwlevel, subresv */
    sub->own_x = (f->flags & CEL_SPC_OWN_X) != 0;
    sub->n_points = sub->own_x ? n_points : f->n_points;
    /* A subfile of several may have its own exponent; writers leave 0 where the file's holds. */
    const gboolean multi = (f->flags & CEL_SPC_MULTI) != 0;
    sub->own_exponent = exponent < 0x80 ? exponent : exponent - 0x100;
    sub->exponent = multi && sub->own_exponent != 0 ? sub->own_exponent : f->exponent;
}

static gboolean check_header(const CelSpcFile *f, const CelBytes *b, const Subfile *sub,
                             gsize max_points, CelSpcRemark *remark)
{
    const gboolean short_words = (f->flags & CEL_SPC_16_BIT) != 0;
    if (b->failed)
        return refuse(f, remark, CEL_SPC_SHORT, f->at, SUBFILE_HEADER);
    /* One says integers, the other floating point: either reading could be wrong. */
    const gboolean differ =
        sub->own_exponent != 0 && (sub->own_exponent == FLOATING) != (sub->exponent == FLOATING);
    if (differ || (sub->exponent == FLOATING && (short_words || f->version == CEL_SPC_OLD)))
        return refuse(f, remark, CEL_SPC_EXPONENT, b->at - SUBFILE_HEADER + SUBEXP,
                      sub->own_exponent);
    if (sub->n_points == 0)
        return refuse(f, remark, CEL_SPC_POINTS, b->at - SUBFILE_HEADER + SUBNPTS, 0.0);
    if (sub->n_points > max_points)
        return refuse(f, remark, CEL_SPC_TOO_MANY, b->at, sub->n_points);
    if (!cel_bytes_has(b, sub->n_points, bytes_a_point(f)))
        return refuse(f, remark, CEL_SPC_SHORT, b->at, sub->n_points);
    return TRUE;
}

static void fill_x(const CelSpcFile *f, CelBytes *b, const Subfile *sub, CelSpcData *out)
{
    const gsize n = sub->n_points;
    if (sub->own_x) {
        for (gsize i = 0; i < n; i++)
            out->x[i] = cel_bytes_f32(b);
    } else if (f->common_x != NULL) {
        memcpy(out->x, f->common_x, n * sizeof *out->x);
    } else {
        const double step = n > 1 ? (f->last - f->first) / (double)(n - 1) : 0.0;
        for (gsize i = 0; i < n; i++)
            out->x[i] = i + 1 < n || n == 1 ? f->first + step * (double)i : f->last;
    }
}

/* 32-bit ordinates of the old format: the high 16 bits come first, each half little-endian. */
static gint32 swapped(guint32 word)
{
    const guint32 bits = word << 16 | word >> 16;
    gint32 value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* A fixed-point ordinate is a fraction of 2^exponent. */
static double read_y(const CelSpcFile *f, CelBytes *b, const Subfile *sub)
{
    if (sub->exponent == FLOATING)
        return cel_bytes_f32(b);
    if ((f->flags & CEL_SPC_16_BIT) != 0)
        return ldexp(cel_bytes_i16(b), sub->exponent - 16);
    if (f->version == CEL_SPC_OLD)
        return ldexp(swapped(cel_bytes_u32(b)), sub->exponent - 32);
    return ldexp(cel_bytes_i32(b), sub->exponent - 32);
}

static gboolean fill_y(const CelSpcFile *f, CelBytes *b, const Subfile *sub, CelSpcData *out,
                       CelSpcRemark *remark)
{
    for (gsize i = 0; i < sub->n_points; i++) {
        const gsize at = b->at;
        out->y[i] = read_y(f, b, sub);
        if (!isfinite(out->y[i]))
            return refuse(f, remark, CEL_SPC_NOT_FINITE, at, (double)i + 1.0);
    }
    return TRUE;
}

static gboolean check_order(const CelSpcFile *f, const CelSpcData *data, CelSpcRemark *remark)
{
    const double *x = data->x;
    for (gsize i = 0; i < data->n; i++) {
        const gboolean falls = data->n > 1 && x[1] < x[0];
        if (isfinite(x[i]) && (i == 0 || (falls ? x[i] < x[i - 1] : x[i] > x[i - 1])))
            continue;
        refuse(f, remark, CEL_SPC_ORDER, f->at, x[i]);
        remark->expected = (double)i + 1.0;
        return FALSE;
    }
    return TRUE;
}

gboolean cel_spc_read(const CelSpcFile *f, gsize max_points, CelSpcData *out, CelSpcRemark *remark)
{
    Subfile sub = {0};
    CelBytes b = f->bytes;
    *out = (CelSpcData){0};
    *remark = (CelSpcRemark){0};
    cel_bytes_seek(&b, f->at);
    read_header(f, &b, &sub, out);
    if (!check_header(f, &b, &sub, max_points, remark))
        return FALSE;
    out->n = sub.n_points;
    out->x = malloc(out->n * sizeof *out->x);
    out->y = malloc(out->n * sizeof *out->y);
    if (out->x == NULL || out->y == NULL)
        return refuse(f, remark, CEL_SPC_NO_MEMORY, b.at, sub.n_points);
    fill_x(f, &b, &sub, out);
    return fill_y(f, &b, &sub, out, remark) && check_order(f, out, remark);
}

void cel_spc_data_clear(CelSpcData *data)
{
    free(data->x);
    free(data->y);
    *data = (CelSpcData){0};
}
