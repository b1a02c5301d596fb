/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/spc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    NEW_HEADER = 512,
    OLD_HEADER = 224, /* the first subfile's header follows and was once counted in */
    LOG_HEADER = 64,
    DIRECTORY_ENTRY = 12,
    SUBFILE_HEADER = 32,
    OLD_MULTI_MAX_POINTS = 1 << 24, /* a count in a float: exact up to here */
};

static gboolean refuse(CelSpcRemark *remark, CelSpcCode code, gsize offset, double found)
{
    *remark = (CelSpcRemark){.code = code, .offset = offset, .found = found};
    return FALSE;
}

/* Fields of SPCHDR in their order. */
static void read_new(CelSpcFile *f, gsize *out_log)
{
    CelBytes *b = &f->bytes;
    f->technique = cel_bytes_u8(b);
    const guint8 exponent = cel_bytes_u8(b);
    f->exponent = exponent < 0x80 ? exponent : exponent - 0x100;
    f->n_points = cel_bytes_u32(b);
    f->first = cel_bytes_f64(b);
    f->last = cel_bytes_f64(b);
    const guint32 n_subfiles = cel_bytes_u32(b);
    f->n_subfiles = MAX(n_subfiles, 1);
    f->x_type = cel_bytes_u8(b);
    f->y_type = cel_bytes_u8(b);
    cel_bytes_skip(b, 2); /* fztype, fpost */
    const guint32 date = cel_bytes_u32(b);
    f->minute = date & 0x3f;
    f->hour = date >> 6 & 0x1f;
    f->day = date >> 11 & 0x1f;
    f->month = date >> 16 & 0x0f;
    f->year = date >> 20;
    cel_bytes_skip(b, 9); /* fres */
    cel_bytes_text(b, 9, f->source, sizeof f->source);
    cel_bytes_skip(b, 2 + 32); /* fpeakpt, fspare */
    cel_bytes_text(b, 130, f->comment, sizeof f->comment);
    cel_bytes_text(b, 30, f->x_label, sizeof f->x_label); /* fcatxt: x, y, z, each ended by zero */
    *out_log = cel_bytes_u32(b);
    f->first_subfile = f->at = NEW_HEADER;
}

/* Fields of OSPCHDR in their order; counts and limits are 32-bit floating point. */
static gboolean read_old(CelSpcFile *f, CelSpcRemark *remark)
{
    CelBytes *b = &f->bytes;
    f->exponent = cel_bytes_i16(b);
    const double points = cel_bytes_f32(b);
    f->first = cel_bytes_f32(b);
    f->last = cel_bytes_f32(b);
    f->x_type = cel_bytes_u8(b);
    f->y_type = cel_bytes_u8(b);
    f->year = cel_bytes_u16(b) & 0x0fff;
    f->month = cel_bytes_u8(b);
    f->day = cel_bytes_u8(b);
    f->hour = cel_bytes_u8(b);
    f->minute = cel_bytes_u8(b);
    cel_bytes_skip(b, 8 + 2 + 2 + 28); /* ores, opeakpt, onscans, ospare */
    cel_bytes_text(b, 130, f->comment, sizeof f->comment);
    cel_bytes_text(b, 30, f->x_label, sizeof f->x_label);
    f->first_subfile = f->at = OLD_HEADER;
    if (!(points >= 1.0 && points <= OLD_MULTI_MAX_POINTS) || floor(points) < points)
        return refuse(remark, CEL_SPC_POINTS, 4, points);
    f->n_points = (guint32)points;
    /* The number of subfiles is not stated: as many as fit. */
    const gsize width = (f->flags & CEL_SPC_16_BIT) != 0 ? 2 : 4;
    const gsize fit = (b->size - OLD_HEADER) / (SUBFILE_HEADER + f->n_points * width);
    f->n_subfiles =
        (f->flags & CEL_SPC_MULTI) != 0 ? (guint32)CLAMP(fit, 1, CEL_SPC_MAX_SUBFILES) : 1;
    return TRUE;
}

/* The log is words beside the numbers: a damaged one is left aside and said. */
static void find_log(CelSpcFile *f, gsize log)
{
    CelBytes b = f->bytes;
    if (log == 0)
        return;
    cel_bytes_seek(&b, log);
    const gsize size = cel_bytes_u32(&b);
    cel_bytes_skip(&b, 4); /* logsizm: memory, not file */
    const gsize text = cel_bytes_u32(&b);
    f->log_damaged = b.failed || log < NEW_HEADER || text < LOG_HEADER || text > size ||
                     size > f->bytes.size - log || size - text > CEL_SPC_MAX_LOG;
    if (f->log_damaged || size == text)
        return;
    const guint8 *start = f->bytes.data + log + text;
    const guint8 *zero = memchr(start, '\0', size - text);
    f->log_start = log + text;
    f->log_length = zero != NULL ? (gsize)(zero - start) : size - text;
}

static gboolean check_flags(const CelSpcFile *f, CelSpcRemark *remark)
{
    const gboolean own = (f->flags & CEL_SPC_OWN_X) != 0, multi = (f->flags & CEL_SPC_MULTI) != 0;
    const gboolean stored = (f->flags & CEL_SPC_X_VALUES) != 0;
    if ((own && !(stored && multi)) || (f->version == CEL_SPC_OLD && (own || stored)))
        return refuse(remark, CEL_SPC_FLAGS, 0, f->flags);
    if (!multi && f->n_subfiles > 1)
        return refuse(remark, CEL_SPC_SUBFILES, 24, f->n_subfiles);
    if (f->exponent < -128 || f->exponent > 127 ||
        (f->exponent == -128 && ((f->flags & CEL_SPC_16_BIT) != 0 || f->version == CEL_SPC_OLD)))
        return refuse(remark, CEL_SPC_EXPONENT, f->version == CEL_SPC_OLD ? 2 : 3, f->exponent);
    return TRUE;
}

static gboolean check_counts(CelSpcFile *f, gsize max_points, CelSpcRemark *remark)
{
    const gsize at = 4, size = f->bytes.size;
    if (f->n_subfiles > CEL_SPC_MAX_SUBFILES || f->n_subfiles > size / SUBFILE_HEADER)
        return refuse(remark, CEL_SPC_SUBFILES, 24, f->n_subfiles);
    if ((f->flags & CEL_SPC_OWN_X) != 0) { /* then the field holds the directory's place */
        f->directory = f->n_points;
        const gsize bytes = (gsize)f->n_subfiles * DIRECTORY_ENTRY;
        if (f->directory != 0 && (f->directory > size || bytes > size - f->directory))
            return refuse(remark, CEL_SPC_SHORT, at, (double)f->directory);
        return TRUE;
    }
    if (f->n_points == 0)
        return refuse(remark, CEL_SPC_POINTS, at, 0.0);
    if (f->n_points > max_points)
        return refuse(remark, CEL_SPC_TOO_MANY, at, f->n_points);
    if (f->n_points > size / ((f->flags & CEL_SPC_16_BIT) != 0 ? 2 : 4))
        return refuse(remark, CEL_SPC_SHORT, at, f->n_points);
    return TRUE;
}

static gboolean check_axis(const CelSpcFile *f, CelSpcRemark *remark)
{
    if ((f->flags & CEL_SPC_X_VALUES) != 0 || f->n_points < 2)
        return TRUE;
    if (isfinite(f->first) && isfinite(f->last) && fabs(f->first - f->last) > 0.0)
        return TRUE;
    *remark =
        (CelSpcRemark){.code = CEL_SPC_AXIS, .offset = 8, .expected = f->first, .found = f->last};
    return FALSE;
}

static gboolean read_common_x(CelSpcFile *f, CelSpcRemark *remark)
{
    if ((f->flags & (CEL_SPC_X_VALUES | CEL_SPC_OWN_X)) != CEL_SPC_X_VALUES)
        return TRUE;
    CelBytes b = f->bytes;
    cel_bytes_seek(&b, f->at);
    if (!cel_bytes_has(&b, f->n_points, sizeof(float)))
        return refuse(remark, CEL_SPC_SHORT, f->at, f->n_points);
    f->common_x = malloc(f->n_points * sizeof *f->common_x);
    if (f->common_x == NULL)
        return refuse(remark, CEL_SPC_NO_MEMORY, f->at, f->n_points);
    for (guint32 i = 0; i < f->n_points; i++)
        f->common_x[i] = cel_bytes_f32(&b);
    f->first_subfile = f->at = b.at;
    return TRUE;
}

gboolean cel_spc_open(const guint8 *bytes, gsize n, gsize max_points, CelSpcFile *out,
                      CelSpcRemark *remark)
{
    gsize log = 0;
    *out = (CelSpcFile){.bytes = cel_bytes_of(bytes, n, CEL_LITTLE_ENDIAN)};
    *remark = (CelSpcRemark){0};
    out->flags = cel_bytes_u8(&out->bytes);
    const guint8 version = cel_bytes_u8(&out->bytes);
    if (version != CEL_SPC_NEW_LITTLE && version != CEL_SPC_NEW_BIG && version != CEL_SPC_OLD)
        return refuse(remark, CEL_SPC_NOT_SPC, 1, version);
    out->version = (CelSpcVersion)version;
    out->bytes.order = version == CEL_SPC_NEW_BIG ? CEL_BIG_ENDIAN : CEL_LITTLE_ENDIAN;
    const gsize header = version == CEL_SPC_OLD ? OLD_HEADER : NEW_HEADER;
    if (n < header + SUBFILE_HEADER)
        return refuse(remark, CEL_SPC_SHORT, n, (double)(header + SUBFILE_HEADER));
    if (version == CEL_SPC_OLD && !read_old(out, remark))
        return FALSE;
    if (version != CEL_SPC_OLD)
        read_new(out, &log);
    find_log(out, log);
    return check_flags(out, remark) && check_counts(out, max_points, remark) &&
           check_axis(out, remark) && read_common_x(out, remark);
}

void cel_spc_file_clear(CelSpcFile *file)
{
    free(file->common_x);
    file->common_x = NULL;
}
