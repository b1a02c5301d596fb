/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-decoders.h"

#include "formats/cel-layout-read.h"
#include "formats/cel-readers.h"

#include <string.h>

/*
 * Renishaw WiRE's WDF. A header block of 512 bytes ("WDF1"), then blocks of {name u32, unique id
 * u32, size u64 with these 16 bytes}, all little-endian. DATA: float32, one spectrum after another;
 * XLST: kind u32, unit u32, one float32 a point (usually falling); ORGN: what was known of each
 * spectrum (place, time, flags), lists of eight bytes each for the whole capacity; TEXT: a comment;
 * WARP and ZLDC: what was done to the data. Settings stand in blocks of properties whose names are
 * not described (the exposure time is one of them), so they are not read. The laser stands in the
 * header as a wavenumber in cm-1. A scan that was stopped has written fewer spectra than its
 * capacity; the rest of DATA is then not measured.
 *
 * Facts from: A. Henderson, "Renishaw file reader", doi:10.5281/zenodo.495477; Gwyddion's renishaw
 * module, whose constants are Renishaw's; the documentation of the npm package wdf-parser 0.3.
 */

enum { SCORE = 98 };

enum {
    HEADER_BYTES = 512,
    BLOCK_HEADER_BYTES = 16,
    LIST_HEADER_BYTES = 8,
    ORIGIN_HEADER_BYTES = 24,
    MAX_BLOCKS = 10000,
    MAX_ORIGINS = 64,
    VERSION = 1,
};

/* Names of blocks, their four letters read as a little-endian number. */
enum {
    BLOCK_FILE = 0x31464457,   /* "WDF1" */
    BLOCK_DATA = 0x41544144,   /* "DATA" */
    BLOCK_XLIST = 0x54534c58,  /* "XLST" */
    BLOCK_ORIGIN = 0x4e47524f, /* "ORGN" */
    BLOCK_TEXT = 0x54584554,   /* "TEXT" */
    BLOCK_WARP = 0x50524157,   /* "WARP": processing */
    BLOCK_ZELDAC = 0x43444c5a, /* "ZLDC": zero level and dark current */
};

/* Flags of the file header. */
enum { FLAG_XYXY = 1 << 0, FLAG_COSMIC = 1 << 2, FLAG_MULTITRACK = 1 << 3 };

/* Kinds of the lists in ORGN (in the low 14 bits) and units. */
enum { KIND_X = 3, KIND_Y = 4, KIND_Z = 5, KIND_FLAGS = 17, KIND_MASK = (1 << 14) - 1 };
enum { UNIT_ARBITRARY, UNIT_SHIFT, UNIT_NM = 3, UNIT_MICRON = 5, UNIT_PIXEL = 16 };
enum { SPECTRUM_SATURATED = 1 << 0 };

typedef struct {
    gsize at, size; /* of what follows the block's header; at 0: there is none */
} Block;

typedef struct {
    guint64 capacity;
    guint32 n_x, n_y, n_origins;
    guint64 flags;
    Block data, x, origin, text;
} Wdf;

static CelRefusal refuse(CelRefusalCode code, gsize at)
{
    return (CelRefusal){code, at};
}

static CelRefusal check_counts(const Wdf *wdf, const CelLayout *out)
{
    if (wdf->flags & (FLAG_XYXY | FLAG_MULTITRACK))
        return refuse(CEL_REFUSE_OTHER_AXES, 0x10);
    if (out->n_points < 2 || out->n_points > CEL_READER_MAX_POINTS)
        return refuse(CEL_REFUSE_POINTS, 0x3c);
    if (wdf->capacity > CEL_READER_MAX_SPECTRA)
        return refuse(CEL_REFUSE_SPECTRA, 0x40);
    if (out->n_spectra > wdf->capacity)
        return refuse(CEL_REFUSE_CONTRADICTION, 0x48);
    if (out->n_spectra == 0)
        return refuse(CEL_REFUSE_EMPTY, 0x48);
    if (wdf->n_y > 1)
        return refuse(CEL_REFUSE_IMAGE, 0x54);
    if (wdf->n_x != out->n_points)
        return refuse(CEL_REFUSE_CONTRADICTION, 0x58);
    return wdf->n_origins > MAX_ORIGINS ? refuse(CEL_REFUSE_CONTRADICTION, 0x5c) : CEL_ACCEPTED;
}

static CelRefusal read_header(CelBytes file, Wdf *wdf, CelLayout *out)
{
    if (cel_bytes_u32(&file) != BLOCK_FILE)
        return refuse(CEL_REFUSE_FORMAT, 0);
    if (file.size < HEADER_BYTES)
        return refuse(CEL_REFUSE_TRUNCATED, file.size);
    if (cel_bytes_u32(&file) != VERSION)
        return refuse(CEL_REFUSE_VERSION, 4);
    if (cel_bytes_u64(&file) != HEADER_BYTES)
        return refuse(CEL_REFUSE_VERSION, 8);
    wdf->flags = cel_bytes_u64(&file);
    cel_bytes_seek(&file, 0x3c);
    out->n_points = cel_bytes_u32(&file);
    out->n_planned = wdf->capacity = cel_bytes_u64(&file);
    out->n_spectra = cel_bytes_u64(&file);
    out->n_accumulated = cel_bytes_u32(&file);
    wdf->n_y = cel_bytes_u32(&file);
    wdf->n_x = cel_bytes_u32(&file);
    wdf->n_origins = cel_bytes_u32(&file);
    cel_bytes_text(&file, 24, out->software, sizeof out->software);
    cel_bytes_seek(&file, 0x88);
    out->started_us = cel_layout_filetime_us(cel_bytes_u64(&file));
    out->ended_us = cel_layout_filetime_us(cel_bytes_u64(&file));
    cel_bytes_skip(&file, 4); /* unit of the intensities: counts, or arbitrary */
    out->laser_nm = cel_layout_wavenumber_to_nm((double)cel_bytes_f32(&file));
    cel_bytes_seek(&file, 0xf0);
    cel_bytes_text(&file, 160, out->title, sizeof out->title);
    if (wdf->flags & FLAG_COSMIC)
        out->marks |= CEL_MARK_COSMIC_REMOVED;
    g_strlcpy(out->vendor, "Renishaw", sizeof out->vendor);
    return check_counts(wdf, out);
}

static Block *wanted(Wdf *wdf, guint32 name)
{
    switch (name) {
    case BLOCK_DATA:
        return &wdf->data;
    case BLOCK_XLIST:
        return &wdf->x;
    case BLOCK_ORIGIN:
        return &wdf->origin;
    case BLOCK_TEXT:
        return &wdf->text;
    default:
        return NULL;
    }
}

static CelRefusal find_blocks(CelBytes file, Wdf *wdf, CelLayout *out)
{
    cel_bytes_seek(&file, HEADER_BYTES);
    for (guint n = 0; cel_bytes_left(&file) > 0; n++) {
        const gsize at = file.at;
        const guint32 name = cel_bytes_u32(&file);
        cel_bytes_skip(&file, 4); /* unique id */
        const guint64 size = cel_bytes_u64(&file);
        if (file.failed || size > file.size - at)
            return refuse(CEL_REFUSE_TRUNCATED, at);
        if (size < BLOCK_HEADER_BYTES || n >= MAX_BLOCKS)
            return refuse(CEL_REFUSE_CONTRADICTION, at);
        Block *block = wanted(wdf, name);
        if (name == BLOCK_WARP || name == BLOCK_ZELDAC)
            out->marks |= CEL_MARK_PROCESSED;
        if (block != NULL && block != &wdf->text && block->at != 0)
            return refuse(CEL_REFUSE_TWICE, at);
        if (block != NULL)
            *block = (Block){.at = file.at, .size = (gsize)size - BLOCK_HEADER_BYTES};
        cel_bytes_skip(&file, (gsize)size - BLOCK_HEADER_BYTES);
    }
    return CEL_ACCEPTED;
}

static CelRefusal place_data(const Wdf *wdf, guint64 index, CelLayout *out)
{
    const gsize each = out->n_points * sizeof(float); /* at most 64 MiB */
    if (wdf->data.at == 0)
        return refuse(CEL_REFUSE_NO_DATA, HEADER_BYTES);
    if (wdf->data.size % each != 0 || wdf->data.size / each < out->n_spectra ||
        wdf->data.size / each > wdf->capacity)
        return refuse(CEL_REFUSE_CONTRADICTION, wdf->data.at);
    if (index >= out->n_spectra)
        return refuse(CEL_REFUSE_NO_SUCH, wdf->data.at);
    out->stored = CEL_STORED_F32;
    out->factor = 1.0;
    out->values_at = wdf->data.at + (gsize)index * each;
    return CEL_ACCEPTED;
}

static CelRefusal place_axis(CelBytes file, const Wdf *wdf, CelLayout *out)
{
    if (wdf->x.at == 0)
        return refuse(CEL_REFUSE_NO_AXIS, HEADER_BYTES);
    if (wdf->x.size != LIST_HEADER_BYTES + out->n_points * sizeof(float))
        return refuse(CEL_REFUSE_CONTRADICTION, wdf->x.at);
    cel_bytes_seek(&file, wdf->x.at + 4);
    switch (cel_bytes_u32(&file)) {
    case UNIT_ARBITRARY:
        out->unit = CEL_N_UNITS;
        break;
    case UNIT_SHIFT:
        out->unit = CEL_UNIT_SHIFT_CM1;
        out->kind = CEL_KIND_RAMAN; /* over nm it may be luminescence */
        break;
    case UNIT_NM:
        out->unit = CEL_UNIT_NM_UNSTATED;
        break;
    case UNIT_PIXEL:
        out->unit = CEL_UNIT_PIXEL;
        break;
    default: /* descriptions differ about 2, "wavenumber (nm)" */
        return refuse(CEL_REFUSE_AXIS_UNIT, wdf->x.at + 4);
    }
    out->axis_form = CEL_AXIS_FORM_LIST;
    out->axis_stored = CEL_STORED_F32;
    out->axis_at = wdf->x.at + LIST_HEADER_BYTES;
    return CEL_ACCEPTED;
}

static void add_place(CelLayout *out, guint kind, guint32 unit, double value)
{
    char text[64];
    g_snprintf(text, sizeof text, "%s%c %.6g%s", out->place[0] != '\0' ? ", " : "",
               "xyz"[kind - KIND_X], value, unit == UNIT_MICRON ? " um" : "");
    g_strlcat(out->place, text, sizeof out->place);
}

/* Lists of one number a spectrum, capacity numbers each. */
static CelRefusal read_origins(CelBytes file, const Wdf *wdf, guint64 index, CelLayout *out)
{
    if (wdf->origin.at == 0)
        return CEL_ACCEPTED;
    const gsize each = ORIGIN_HEADER_BYTES + (gsize)wdf->capacity * sizeof(double);
    CelBytes part = cel_bytes_part(&file, wdf->origin.at, wdf->origin.size);
    const guint32 n = cel_bytes_u32(&part);
    if (n != wdf->n_origins || part.failed || wdf->origin.size != sizeof(guint32) + n * each)
        return refuse(CEL_REFUSE_CONTRADICTION, wdf->origin.at);
    for (guint32 i = 0; i < n; i++) {
        cel_bytes_seek(&part, sizeof(guint32) + i * each);
        const guint kind = cel_bytes_u32(&part) & KIND_MASK;
        const guint32 unit = cel_bytes_u32(&part);
        cel_bytes_skip(&part, 16 + (gsize)index * sizeof(double));
        if (kind >= KIND_X && kind <= KIND_Z)
            add_place(out, kind, unit, cel_bytes_f64(&part));
        else if (kind == KIND_FLAGS && (cel_bytes_u64(&part) & SPECTRUM_SATURATED) != 0)
            out->marks |= CEL_MARK_SATURATED;
    }
    return CEL_ACCEPTED;
}

CelRefusal cel_decode_wdf(CelBytes file, guint64 index, CelLayout *out)
{
    Wdf wdf = {0};
    memset(out, 0, sizeof *out);
    file.order = CEL_LITTLE_ENDIAN;
    CelRefusal refusal = read_header(file, &wdf, out);
    if (refusal.code == CEL_REFUSE_NOTHING)
        refusal = find_blocks(file, &wdf, out);
    if (refusal.code == CEL_REFUSE_NOTHING)
        refusal = place_data(&wdf, index, out);
    if (refusal.code == CEL_REFUSE_NOTHING)
        refusal = place_axis(file, &wdf, out);
    if (refusal.code == CEL_REFUSE_NOTHING)
        refusal = read_origins(file, &wdf, index, out);
    if (refusal.code != CEL_REFUSE_NOTHING || wdf.text.at == 0)
        return refusal;
    cel_bytes_seek(&file, wdf.text.at);
    cel_bytes_text(&file, wdf.text.size, out->comment, sizeof out->comment);
    return refusal;
}

static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    return n >= 4 && memcmp(head, "WDF1", 4) == 0 ? SCORE : 0;
}

/* The real file that was read holds one spectrum over Raman shift; maps and other axes are known
 * from descriptions alone. */
static gboolean read_wdf(const CelReadInput *in, CelReadOut *out, GError **error)
{
    if (!cel_layout_read(in, cel_decode_wdf, out, error))
        return FALSE;
    if (out->n_spectra > 1 || out->kind != CEL_KIND_RAMAN)
        cel_measurement_note(out->measurement, CEL_META_UNVALIDATED, cel_reader_wdf.id);
    return TRUE;
}

const CelReader cel_reader_wdf = {
    .id = "wdf",
    .title = N_("Renishaw WiRE (WDF)"),
    .validated_on = "a single spectrum of a Qontor 785 (WiRE 5.5)",
    .detect = detect,
    .read = read_wdf,
};
