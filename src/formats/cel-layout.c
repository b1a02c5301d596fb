/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-layout.h"

#include "formats/cel-text.h"

#include <math.h>
#include <string.h>

gsize cel_stored_bytes(CelStored stored)
{
    switch (stored) {
    case CEL_STORED_U16:
    case CEL_STORED_I16:
        return 2;
    case CEL_STORED_F64:
        return 8;
    default:
        return 4;
    }
}

static double next_number(CelBytes *bytes, CelStored stored)
{
    switch (stored) {
    case CEL_STORED_U16:
        return cel_bytes_u16(bytes);
    case CEL_STORED_I16:
        return cel_bytes_i16(bytes);
    case CEL_STORED_U32:
        return cel_bytes_u32(bytes);
    case CEL_STORED_I32:
        return cel_bytes_i32(bytes);
    case CEL_STORED_F64:
        return cel_bytes_f64(bytes);
    default:
        return (double)cel_bytes_f32(bytes);
    }
}

static CelRefusal read_numbers(CelBytes *part, const CelLayout *layout, CelStored stored,
                               double *out)
{
    for (gsize i = 0; i < layout->n_points; i++) {
        const gsize at = part->at;
        out[i] = next_number(part, stored);
        if (!isfinite(out[i]))
            return (CelRefusal){CEL_REFUSE_NOT_FINITE, at};
    }
    return part->failed ? (CelRefusal){CEL_REFUSE_TRUNCATED, part->failed_at} : CEL_ACCEPTED;
}

CelRefusal cel_layout_values(const CelLayout *layout, CelBytes file, double *out_y)
{
    cel_bytes_seek(&file, layout->values_at);
    const CelRefusal refusal = read_numbers(&file, layout, layout->stored, out_y);
    for (gsize i = 0; refusal.code == CEL_REFUSE_NOTHING && i < layout->n_points; i++) {
        out_y[i] *= layout->factor;
        if (!isfinite(out_y[i]))
            return (CelRefusal){CEL_REFUSE_NOT_FINITE,
                                layout->values_at + i * cel_stored_bytes(layout->stored)};
    }
    return refusal;
}

static CelRefusal read_text_axis(const CelLayout *layout, CelBytes file, double *out_x)
{
    CelBytes part = cel_bytes_part(&file, layout->axis_at, layout->axis_bytes);
    const char *text = (const char *)part.data, *end = text + part.size;
    for (gsize i = 0; i < layout->n_points; i++) {
        const gsize at = layout->axis_at + (gsize)(text - (const char *)part.data);
        const char *comma = text < end ? memchr(text, ',', (gsize)(end - text)) : NULL;
        const char *stop = comma != NULL ? comma : end;
        if (!cel_text_number(text, (gsize)(stop - text), '.', &out_x[i]))
            return (CelRefusal){CEL_REFUSE_CONTRADICTION, at};
        if (!isfinite(out_x[i]))
            return (CelRefusal){CEL_REFUSE_NOT_FINITE, at};
        text = comma != NULL ? comma + 1 : end;
    }
    return text == end ? CEL_ACCEPTED
                       : (CelRefusal){CEL_REFUSE_CONTRADICTION,
                                      layout->axis_at + (gsize)(text - (const char *)part.data)};
}

static double computed(const CelLayout *layout, gsize i)
{
    if (layout->axis_form == CEL_AXIS_FORM_COUNT)
        return (double)i;
    if (layout->axis_form == CEL_AXIS_FORM_LINE) {
        const double share = (double)i / (double)(layout->n_points - 1);
        return layout->axis[0] * (1.0 - share) + layout->axis[1] * share;
    }
    double x = 0.0;
    for (guint k = layout->axis_degree + 1; k-- > 0;)
        x = x * (double)(i + 1) + layout->axis[k];
    return x;
}

CelRefusal cel_layout_axis(const CelLayout *layout, CelBytes file, double *out_x)
{
    if (layout->axis_form == CEL_AXIS_FORM_TEXT)
        return read_text_axis(layout, file, out_x);
    if (layout->axis_form == CEL_AXIS_FORM_LIST) {
        cel_bytes_seek(&file, layout->axis_at);
        return read_numbers(&file, layout, layout->axis_stored, out_x);
    }
    for (gsize i = 0; i < layout->n_points; i++) {
        out_x[i] = computed(layout, i);
        if (!isfinite(out_x[i]))
            return (CelRefusal){CEL_REFUSE_NOT_FINITE, layout->axis_at};
    }
    return CEL_ACCEPTED;
}

double cel_layout_wavenumber_to_nm(double cm1)
{
    const double nm = cm1 > 0.0 ? 1e7 / cm1 : 0.0;
    return nm >= 200.0 && nm <= 2000.0 ? nm : 0.0;
}

gint64 cel_layout_filetime_us(guint64 filetime)
{
    const guint64 offset = G_GUINT64_CONSTANT(116444736000000000); /* 1601 to 1970 in 100 ns */
    const guint64 year_2200 = G_GUINT64_CONSTANT(189027648000000000);
    return filetime > offset && filetime < year_2200 ? (gint64)((filetime - offset) / 10) : 0;
}
