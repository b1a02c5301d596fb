/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/spc.h"

#include <math.h>
#include <string.h>

/* SPC files as the description of the format has them, field by field, apart from our writer. */

enum { SPC_HEADER = 512, SPC_OLD_HEADER = 224, SPC_SUBHEADER = 32, SPC_FLOATING = 0x80 };

typedef struct {
    CelSpcVersion version;
    guint8 flags, technique, exponent, x_type, y_type;
    guint32 n_points, n_subfiles, log;
    double first, last;
} SpcHead;

static inline CelByteOrder spc_order(CelSpcVersion version)
{
    return version == CEL_SPC_NEW_BIG ? CEL_BIG_ENDIAN : CEL_LITTLE_ENDIAN;
}

static inline void spc_put_head(CelBytesOut *out, const SpcHead *head)
{
    out->order = spc_order(head->version);
    cel_bytes_put_u8(out, head->flags);
    cel_bytes_put_u8(out, (guint8)head->version);
    if (head->version == CEL_SPC_OLD) {
        cel_bytes_put_u16(out, (guint16)(gint8)head->exponent);
        cel_bytes_put_f32(out, (float)head->n_points);
        cel_bytes_put_f32(out, (float)head->first);
        cel_bytes_put_f32(out, (float)head->last);
        cel_bytes_put_u8(out, head->x_type);
        cel_bytes_put_u8(out, head->y_type);
        cel_bytes_put_u16(out, 1993);
        cel_bytes_put_u32(out, 0x1e0a0c02); /* month 2, day 12, hour 10, minute 30 */
        cel_bytes_put_zeros(out, 40);
        cel_bytes_put_text(out, "an old comment", 130);
        cel_bytes_put_zeros(out, 30);
        return;
    }
    cel_bytes_put_u8(out, head->technique);
    cel_bytes_put_u8(out, head->exponent);
    cel_bytes_put_u32(out, head->n_points);
    cel_bytes_put_f64(out, head->first);
    cel_bytes_put_f64(out, head->last);
    cel_bytes_put_u32(out, head->n_subfiles);
    cel_bytes_put_u8(out, head->x_type);
    cel_bytes_put_u8(out, head->y_type);
    cel_bytes_put_zeros(out, 2);
    cel_bytes_put_u32(out, 2024U << 20 | 3 << 16 | 21 << 11 | 14 << 6 | 59);
    cel_bytes_put_zeros(out, 9);
    cel_bytes_put_text(out, "maker", 9);
    cel_bytes_put_zeros(out, 34);
    cel_bytes_put_text(out, "a comment", 130);
    cel_bytes_put_text(out, "shift", 30);
    cel_bytes_put_u32(out, head->log);
    cel_bytes_put_zeros(out, SPC_HEADER - out->used);
}

static inline void spc_put_subheader(CelBytesOut *out, guint8 exponent, float z, guint32 n_points)
{
    cel_bytes_put_u8(out, 0);
    cel_bytes_put_u8(out, exponent);
    cel_bytes_put_u16(out, 0);
    cel_bytes_put_f32(out, z);
    cel_bytes_put_zeros(out, 8);
    cel_bytes_put_u32(out, n_points);
    cel_bytes_put_u32(out, 7); /* scans */
    cel_bytes_put_zeros(out, 8);
}

static inline void spc_put_floats(CelBytesOut *out, const double *values, gsize n)
{
    for (gsize i = 0; i < n; i++)
        cel_bytes_put_f32(out, (float)values[i]);
}

/* Fixed-point ordinates: value * 2^(bits - exponent); the old format swaps halves. */
static inline void spc_put_fixed(CelBytesOut *out, const SpcHead *head, const double *values,
                                 gsize n)
{
    const gboolean narrow = (head->flags & CEL_SPC_16_BIT) != 0;
    for (gsize i = 0; i < n; i++) {
        const gint32 word = (gint32)ldexp(values[i], (narrow ? 16 : 32) - (gint8)head->exponent);
        const guint32 bits = (guint32)word;
        if (narrow)
            cel_bytes_put_u16(out, (guint16)bits);
        else
            cel_bytes_put_u32(out, head->version == CEL_SPC_OLD ? bits << 16 | bits >> 16 : bits);
    }
}

static inline void spc_put_log(CelBytesOut *out, const char *text)
{
    const guint32 size = (guint32)(64 + strlen(text) + 1);
    cel_bytes_put_u32(out, size);
    cel_bytes_put_u32(out, 4096);
    cel_bytes_put_u32(out, 64);
    cel_bytes_put_zeros(out, 52);
    cel_bytes_put(out, text, strlen(text) + 1);
}
