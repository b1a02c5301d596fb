/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-decoders.h"

#include "formats/cel-layout-read.h"
#include "formats/cel-readers.h"

#include <string.h>

/*
 * Thermo's OMNIC, one spectrum (SPA) or a group of them (SPG). "Spectral Data File" at 0, a title
 * at 30, the number of records u16 at 294, and from 304 records of 16 bytes: key u8, one byte,
 * place u32, length u32, six bytes; all little-endian. Key 2 leads to a header: points u32 at 4,
 * unit of the axis u8 at 8, of the intensity u8 at 12, position of the first stored point float32
 * at 16, of the last at 20, laser in cm-1 float32 at 96. Key 3 leads to the intensities, float32;
 * key 4 to a comment; key 107 to the title of one spectrum of a group.
 *
 * Facts from the format reference in SpectroChemPy's documentation ("OMNIC SPA file format"), with
 * its degrees of certainty: only what it calls established is read. Interferograms and everything
 * infrared are recognised by their units.
 */

enum { SCORE = 98 };

enum {
    TABLE_AT = 304,
    COUNT_AT = 294,
    TITLE_AT = 30,
    TITLE_BYTES = 256,
    RECORD_BYTES = 16,
    MAX_RECORDS = 10000,
    HEADER_BYTES = 100, /* as far as it is read */
};

enum { KEY_HEADER = 0x02, KEY_VALUES = 0x03, KEY_COMMENT = 0x04, KEY_TITLE = 0x6b };
enum { AXIS_WAVENUMBER = 0x01, AXIS_POINTS = 0x02, AXIS_NM = 0x03, AXIS_SHIFT = 0x20 };
enum { VALUE_VOLTS = 0x16, VALUE_RAMAN = 0x1f };

static const struct {
    guint value;
    const char *text;
} infrared[] = {
    {0x0b, "reflectance"},     {0x0c, "log(1/R)"},      {0x0f, "single beam"},
    {0x10, "% transmittance"}, {0x11, "absorbance"},    {0x14, "Kubelka-Munk"},
    {0x15, "reflectance"},     {0x17, "transmittance"}, {0x1a, "photoacoustic"},
};

static const char signature[] = "Spectral Data File", series_signature[] = "Spectral Exte File";

typedef struct {
    gsize at, size; /* at 0: there is none */
} Record;

static CelRefusal refuse(CelRefusalCode code, gsize at)
{
    return (CelRefusal){code, at};
}

static gboolean starts_with(const CelBytes *file, const char *text)
{
    return file->size >= strlen(text) && memcmp(file->data, text, strlen(text)) == 0;
}

/* The table of records, or a cursor that failed. */
static CelBytes open_table(CelBytes file, CelRefusal *refusal)
{
    *refusal = CEL_ACCEPTED;
    if (starts_with(&file, series_signature))
        *refusal = refuse(CEL_REFUSE_SERIES, 0);
    else if (!starts_with(&file, signature))
        *refusal = refuse(CEL_REFUSE_FORMAT, 0);
    cel_bytes_seek(&file, COUNT_AT);
    const guint16 n = cel_bytes_u16(&file);
    CelBytes table = cel_bytes_part(&file, TABLE_AT, (gsize)n * RECORD_BYTES);
    if (refusal->code == CEL_REFUSE_NOTHING && (table.failed || n > MAX_RECORDS))
        *refusal = refuse(CEL_REFUSE_TRUNCATED, COUNT_AT);
    return table;
}

/* The @nth record of @key (from 0); counts them all. */
static guint find(CelBytes table, guint key, guint64 nth, Record *out)
{
    guint count = 0;
    *out = (Record){0};
    while (cel_bytes_left(&table) >= RECORD_BYTES) {
        CelBytes record = table;
        if (cel_bytes_u8(&record) == key && count++ == nth) {
            cel_bytes_skip(&record, 1);
            out->at = cel_bytes_u32(&record);
            out->size = cel_bytes_u32(&record);
        }
        cel_bytes_skip(&table, RECORD_BYTES);
    }
    return count;
}

static void take_infrared(guint value, CelLayout *out)
{
    for (gsize i = 0; i < G_N_ELEMENTS(infrared); i++) {
        if (infrared[i].value != value)
            continue;
        out->kind = CEL_KIND_INFRARED;
        out->kind_text = infrared[i].text;
    }
}

/* Raman intensity over Raman shift is established; anything else must at least be nameable. */
static CelRefusal take_units(guint axis, guint value, gsize at, CelLayout *out)
{
    if (axis == AXIS_POINTS || value == VALUE_VOLTS)
        return refuse(CEL_REFUSE_INTERFEROGRAM, at + 8);
    take_infrared(value, out);
    if (value == VALUE_RAMAN)
        out->kind = CEL_KIND_RAMAN;
    else if (out->kind != CEL_KIND_INFRARED)
        return refuse(CEL_REFUSE_NOT_RAMAN, at + 12);
    if (axis != AXIS_SHIFT && (axis != AXIS_WAVENUMBER || out->kind == CEL_KIND_RAMAN) &&
        axis != AXIS_NM)
        return refuse(CEL_REFUSE_AXIS_UNIT, at + 8);
    out->unit = axis == AXIS_NM ? CEL_UNIT_NM_UNSTATED : CEL_UNIT_SHIFT_CM1;
    if (axis == AXIS_WAVENUMBER) {
        out->unit = CEL_N_UNITS;
        out->absolute = TRUE;
        out->unit_text = "cm-1";
    }
    return CEL_ACCEPTED;
}

static CelRefusal read_header(const CelBytes *file, const Record *header, CelLayout *out)
{
    CelBytes part = cel_bytes_part(file, header->at, HEADER_BYTES);
    if (part.failed || header->size < HEADER_BYTES)
        return refuse(CEL_REFUSE_TRUNCATED, header->at);
    cel_bytes_seek(&part, 4);
    out->n_points = cel_bytes_u32(&part);
    const guint axis = cel_bytes_u8(&part);
    cel_bytes_seek(&part, 12);
    const guint value = cel_bytes_u8(&part);
    cel_bytes_seek(&part, 16);
    out->axis[0] = (double)cel_bytes_f32(&part);
    out->axis[1] = (double)cel_bytes_f32(&part);
    cel_bytes_seek(&part, 36);
    out->n_accumulated = cel_bytes_u32(&part);
    cel_bytes_seek(&part, 96);
    out->laser_nm = cel_layout_wavenumber_to_nm((double)cel_bytes_f32(&part));
    out->axis_form = CEL_AXIS_FORM_LINE;
    out->axis_at = header->at + 16;
    const CelRefusal refusal = take_units(axis, value, header->at, out);
    if (refusal.code == CEL_REFUSE_NOTHING &&
        (out->n_points < 2 || out->n_points > CEL_READER_MAX_POINTS))
        return refuse(CEL_REFUSE_POINTS, header->at + 4);
    return refusal;
}

static CelRefusal place_values(const CelBytes *file, const Record *values, CelLayout *out)
{
    if (values->size != out->n_points * sizeof(float))
        return refuse(CEL_REFUSE_CONTRADICTION, values->at);
    if (cel_bytes_part(file, values->at, values->size).failed)
        return refuse(CEL_REFUSE_TRUNCATED, values->at);
    out->stored = CEL_STORED_F32;
    out->factor = 1.0;
    out->values_at = values->at;
    return CEL_ACCEPTED;
}

static void read_texts(CelBytes file, CelBytes table, guint64 index, CelLayout *out)
{
    Record title, comment;
    find(table, KEY_TITLE, index, &title);
    find(table, KEY_COMMENT, 0, &comment);
    CelBytes own = cel_bytes_part(&file, title.at, MIN(title.size, TITLE_BYTES));
    if (out->n_spectra > 1 && title.at > 0)
        cel_bytes_text(&own, own.size, out->title, sizeof out->title);
    CelBytes all = cel_bytes_part(&file, TITLE_AT, TITLE_BYTES);
    if (out->title[0] == '\0')
        cel_bytes_text(&all, TITLE_BYTES, out->title, sizeof out->title);
    CelBytes text = cel_bytes_part(&file, comment.at, comment.size);
    if (comment.at > 0)
        cel_bytes_text(&text, text.size, out->comment, sizeof out->comment);
    g_strlcpy(out->vendor, "Thermo", sizeof out->vendor);
}

CelRefusal cel_decode_spa(CelBytes file, guint64 index, CelLayout *out)
{
    memset(out, 0, sizeof *out);
    file.order = CEL_LITTLE_ENDIAN;
    CelRefusal refusal;
    Record header, values;
    const CelBytes table = open_table(file, &refusal);
    if (refusal.code != CEL_REFUSE_NOTHING)
        return refusal;
    const guint n = find(table, KEY_HEADER, index, &header);
    if (n == 0)
        return refuse(CEL_REFUSE_NO_AXIS, TABLE_AT);
    if (index >= n)
        return refuse(CEL_REFUSE_NO_SUCH, TABLE_AT);
    out->n_spectra = n;
    refusal = read_header(&file, &header, out);
    if (refusal.code != CEL_REFUSE_NOTHING)
        return refusal;
    const guint n_values = find(table, KEY_VALUES, index, &values);
    if (n_values != n)
        return refuse(n_values == 0 ? CEL_REFUSE_NO_DATA : CEL_REFUSE_CONTRADICTION, TABLE_AT);
    refusal = place_values(&file, &values, out);
    if (refusal.code == CEL_REFUSE_NOTHING)
        read_texts(file, table, index, out);
    return refusal;
}

static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    return cel_head_starts(head, n, signature) || cel_head_starts(head, n, series_signature) ? SCORE
                                                                                             : 0;
}

static gboolean read_spa(const CelReadInput *in, CelReadOut *out, GError **error)
{
    return cel_layout_read(in, cel_decode_spa, out, error);
}

const CelReader cel_reader_spa = {
    .id = "spa",
    .title = N_("Thermo OMNIC (SPA, SPG)"),
    .validated_on = CEL_READER_UNVALIDATED,
    .detect = detect,
    .read = read_spa,
};
