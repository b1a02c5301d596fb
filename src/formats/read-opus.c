/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-decoders.h"

#include "formats/cel-layout-read.h"
#include "formats/cel-readers.h"

#include <math.h>
#include <string.h>

/*
 * Bruker OPUS. A header: bytes 0a 0a fe fe, version float64, place of the directory i32, room in it
 * i32, blocks in use i32; all little-endian. The directory: {kind u32, size in words of 4 bytes
 * u32, place u32} a block. The kind has six parts, from the lowest bit: 2 bits real, imaginary,
 * amplitude; 2 bits sample, reference, ratio; 6 bits what parameters (0: it is data); 7 bits what
 * data; 2 bits derivative; 3 bits extra. A block of parameters: {three letters and a zero, type
 * u16, size in words of 2 bytes u16, value}, until "END". The status parameters (1) of a data block
 * have the kind of the data otherwise; they give NPT points from FXV to LXV in unit DXU, stored as
 * DPF (1: float32, 2: int32) to be multiplied by CSF, from MNY to MXY.
 *
 * Facts from: the documentation of brukeropus (J. Duran), of the R package opusreader2, and a
 * reader of Raman files by another author, which agree. None says what the axis of a Raman block in
 * wavenumbers counts from; it is taken for the shift only where it cannot be absolute, and noted.
 */

enum { SCORE = 98 };

enum {
    HEADER_BYTES = 24,
    ENTRY_BYTES = 12,
    MAX_BLOCKS = 1000,
    MAX_PARAMETERS = 2000,
    MAGIC = 0xfefe0a0a, /* 0a 0a fe fe */
};

/* What parameters a block holds. */
enum { HOLDS_DATA = 0, HOLDS_STATUS = 1, HOLDS_OTHER = 2 };

/* What data. */
enum { DATA_SPECTRUM = 1, DATA_INTERFEROGRAM = 2, DATA_PHASE = 3, DATA_RAMAN = 10 };

static const struct {
    guint data;
    const char *text;
} infrared[] = {
    {4, "absorbance"},
    {5, "transmittance"},
    {6, "Kubelka-Munk"},
    {12, "reflectance"},
    {15, "log(1/R)"},
    {16, "attenuated total reflection"},
    {17, "photoacoustic"},
    {18, "transmittance (computed)"},
    {19, "absorbance (computed)"},
    {36, "absorbance, second channel"},
};

enum { EXTRA_SERIES = 2, EXTRA_REPORT = 5 };
enum { TYPE_INTEGER = 0, TYPE_REAL = 1 }; /* of a parameter; 2, 3, 4 are texts */
enum { POINTS_F32 = 1, POINTS_I32 = 2 };

static const double CHECK_SHARE = 1e-3; /* of the range: stated and found extremes may differ */

typedef struct {
    guint parameters, data, derivative, extra;
    guint32 kind;
    gsize at, size;
} Block;

typedef struct {
    gint32 npt, dpf;
    double fxv, lxv, csf, mny, mxy;
    char dxu[8];
} Status;

static CelRefusal refuse(CelRefusalCode code, gsize at)
{
    return (CelRefusal){code, at};
}

/* --- the directory --- */

static Block block_of(guint32 kind, guint32 words, guint32 at)
{
    return (Block){.parameters = kind >> 4 & 0x3f,
                   .data = kind >> 10 & 0x7f,
                   .derivative = kind >> 17 & 0x3,
                   .extra = kind >> 19 & 0x7,
                   .kind = kind,
                   .at = at,
                   .size = (gsize)words * 4};
}

/* The directory, or a cursor that failed. */
static CelBytes open_directory(CelBytes file, CelRefusal *refusal)
{
    *refusal = CEL_ACCEPTED;
    if (cel_bytes_u32(&file) != MAGIC)
        *refusal = refuse(CEL_REFUSE_FORMAT, 0);
    cel_bytes_skip(&file, 8); /* version */
    const guint32 at = cel_bytes_u32(&file), room = cel_bytes_u32(&file);
    const guint32 n = cel_bytes_u32(&file);
    if (file.failed)
        *refusal = refuse(CEL_REFUSE_TRUNCATED, file.failed_at);
    else if (room > MAX_BLOCKS || n > room)
        *refusal = refuse(CEL_REFUSE_CONTRADICTION, 16);
    CelBytes directory = cel_bytes_part(&file, at, (gsize)MIN(room, MAX_BLOCKS) * ENTRY_BYTES);
    if (refusal->code == CEL_REFUSE_NOTHING && directory.failed)
        *refusal = refuse(CEL_REFUSE_TRUNCATED, 12);
    return directory;
}

/* Takes the next entry; FALSE at the end of those in use. */
static gboolean next_block(CelBytes *directory, Block *out)
{
    if (cel_bytes_left(directory) < ENTRY_BYTES)
        return FALSE;
    const guint32 kind = cel_bytes_u32(directory), words = cel_bytes_u32(directory);
    *out = block_of(kind, words, cel_bytes_u32(directory));
    return out->at > 0;
}

/* --- parameters --- */

typedef struct {
    char name[4];
    guint type;
    gsize at, size; /* of the value, counted from the start of the block */
} Parameter;

/* Takes the next parameter of @block; FALSE at "END" or when it does not fit. */
static gboolean next_parameter(CelBytes *block, Parameter *out)
{
    if (cel_bytes_left(block) < 8)
        return FALSE;
    memcpy(out->name, cel_bytes_take(block, 4), 4);
    out->name[3] = '\0';
    out->type = cel_bytes_u16(block);
    out->size = (gsize)cel_bytes_u16(block) * 2;
    out->at = block->at;
    return strcmp(out->name, "END") != 0 && cel_bytes_skip(block, out->size);
}

static double number_of(const CelBytes *block, const Parameter *parameter)
{
    CelBytes value = cel_bytes_part(block, parameter->at, parameter->size);
    if (parameter->type == TYPE_INTEGER && parameter->size == 4)
        return cel_bytes_i32(&value);
    if (parameter->type == TYPE_REAL && parameter->size == 8)
        return cel_bytes_f64(&value);
    return NAN;
}

static void text_of(const CelBytes *block, const Parameter *parameter, char *out, gsize out_size)
{
    CelBytes value = cel_bytes_part(block, parameter->at, parameter->size);
    if (parameter->type > TYPE_REAL)
        cel_bytes_text(&value, parameter->size, out, out_size);
}

static void take_status(const CelBytes *block, const Parameter *p, Status *status)
{
    static const struct {
        const char *name;
        gsize offset;
    } reals[] = {{"FXV", offsetof(Status, fxv)},
                 {"LXV", offsetof(Status, lxv)},
                 {"CSF", offsetof(Status, csf)},
                 {"MNY", offsetof(Status, mny)},
                 {"MXY", offsetof(Status, mxy)}};
    const double number = number_of(block, p);
    for (gsize i = 0; i < G_N_ELEMENTS(reals); i++) {
        if (strcmp(p->name, reals[i].name) == 0)
            memcpy((char *)status + reals[i].offset, &number, sizeof number);
    }
    const gboolean whole = p->type == TYPE_INTEGER && isfinite(number);
    if (whole && strcmp(p->name, "NPT") == 0)
        status->npt = (gint32)number;
    else if (whole && strcmp(p->name, "DPF") == 0)
        status->dpf = (gint32)number;
    else if (strcmp(p->name, "DXU") == 0)
        text_of(block, p, status->dxu, sizeof status->dxu);
}

/* What blocks of parameters say of laser, sample and instrument; the first statement counts. */
static void take_other(const CelBytes *block, const Parameter *p, CelLayout *out)
{
    const double number = number_of(block, p);
    if (strcmp(p->name, "RLW") == 0 && out->laser_nm <= 0.0)
        out->laser_nm = cel_layout_wavenumber_to_nm(number);
    else if (strcmp(p->name, "RLP") == 0 && number > 0.0 && number < 1e5)
        out->laser_mw = number;
    else if (strcmp(p->name, "ASS") == 0 && number >= 1.0 && number < 1e9)
        out->n_accumulated = (guint32)number;
    else if (strcmp(p->name, "SNM") == 0 && out->title[0] == '\0')
        text_of(block, p, out->title, sizeof out->title);
    else if (strcmp(p->name, "INS") == 0 && out->model[0] == '\0')
        text_of(block, p, out->model, sizeof out->model);
    else if (strcmp(p->name, "SRN") == 0 && out->serial[0] == '\0')
        text_of(block, p, out->serial, sizeof out->serial);
}

static CelRefusal read_parameters(const CelBytes *file, const Block *block, Status *status,
                                  CelLayout *out)
{
    CelBytes part = cel_bytes_part(file, block->at, block->size);
    if (part.failed)
        return refuse(CEL_REFUSE_TRUNCATED, block->at);
    Parameter p;
    for (guint n = 0; n < MAX_PARAMETERS && next_parameter(&part, &p); n++) {
        if (status != NULL)
            take_status(&part, &p, status);
        else
            take_other(&part, &p, out);
    }
    return part.failed ? refuse(CEL_REFUSE_TRUNCATED, block->at + part.failed_at) : CEL_ACCEPTED;
}

/* --- which data --- */

typedef struct {
    Block data, status;
    guint n_data, n_status;
    const char *infrared; /* (nullable): .data is not Raman */
    gboolean spectrum, interferogram, series, derivative;
} Found;

static const char *infrared_text(guint data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(infrared); i++) {
        if (infrared[i].data == data)
            return infrared[i].text;
    }
    return NULL;
}

/* Raman data win over infrared, of which the first stands for all. */
static void note_data(Found *found, const Block *block)
{
    const char *text = infrared_text(block->data);
    if (block->parameters != HOLDS_DATA || block->extra == EXTRA_REPORT)
        return;
    found->spectrum |= block->data == DATA_SPECTRUM;
    found->interferogram |= block->data == DATA_INTERFEROGRAM || block->data == DATA_PHASE;
    if (block->data != DATA_RAMAN && (text == NULL || found->n_data > 0))
        return;
    if (block->extra == EXTRA_SERIES)
        found->series = TRUE;
    else if (block->derivative != 0)
        found->derivative = TRUE;
    else {
        found->n_data = found->infrared != NULL ? 1 : found->n_data + 1;
        found->data = *block;
        found->infrared = text;
    }
}

/* The status block of the data: the same kind but for the part that says "parameters". */
static void find_status(CelBytes directory, Found *found)
{
    Block block;
    while (next_block(&directory, &block)) {
        if (block.parameters != HOLDS_STATUS ||
            (block.kind & ~(guint32)(0x3f << 4)) != found->data.kind)
            continue;
        found->status = block;
        found->n_status++;
    }
}

static CelRefusal choose(CelBytes directory, Found *found)
{
    Block block;
    for (CelBytes at = directory; next_block(&at, &block);)
        note_data(found, &block);
    if (found->n_data > 0)
        find_status(directory, found);
    if (found->n_data > 1 || found->n_status > 1) /* which parameters belong to which data? */
        return refuse(CEL_REFUSE_TWICE, found->data.at);
    if (found->n_data == 1)
        return found->n_status == 1 ? CEL_ACCEPTED : refuse(CEL_REFUSE_NO_AXIS, found->data.at);
    return refuse(found->series          ? CEL_REFUSE_SERIES
                  : found->derivative    ? CEL_REFUSE_DERIVATIVE
                  : found->spectrum      ? CEL_REFUSE_NOT_RAMAN
                  : found->interferogram ? CEL_REFUSE_INTERFEROGRAM
                                         : CEL_REFUSE_NO_DATA,
                  HEADER_BYTES);
}

/* --- one spectrum --- */

static CelRefusal take_layout(const Found *found, const Status *status, CelLayout *out)
{
    const gsize at = found->status.at;
    if (status->npt < 2 || status->npt > CEL_READER_MAX_POINTS)
        return refuse(CEL_REFUSE_POINTS, at);
    if (!isfinite(status->fxv) || !isfinite(status->lxv))
        return refuse(CEL_REFUSE_NO_AXIS, at);
    if (strcmp(status->dxu, "WN") != 0)
        return refuse(CEL_REFUSE_AXIS_UNIT, at);
    if ((status->dpf != POINTS_F32 && status->dpf != POINTS_I32) || !isfinite(status->csf))
        return refuse(CEL_REFUSE_VALUE_KIND, at);
    out->n_spectra = 1;
    out->n_points = (gsize)status->npt;
    out->kind = found->infrared != NULL ? CEL_KIND_INFRARED : CEL_KIND_RAMAN;
    out->kind_text = found->infrared;
    out->unit = found->infrared != NULL ? CEL_N_UNITS : CEL_UNIT_SHIFT_CM1;
    out->absolute = found->infrared != NULL;
    out->unit_text = "WN";
    out->axis_form = CEL_AXIS_FORM_LINE;
    out->axis_at = at;
    out->axis[0] = status->fxv;
    out->axis[1] = status->lxv;
    out->stored = status->dpf == POINTS_F32 ? CEL_STORED_F32 : CEL_STORED_I32;
    out->factor = status->csf;
    out->values_at = found->data.at;
    return CEL_ACCEPTED;
}

/* Some blocks are longer than their points; the stated extremes tell that the right ones are read.
 */
static CelRefusal check_values(const CelBytes *file, const Found *found, const Status *status,
                               const CelLayout *layout)
{
    const gsize need = layout->n_points * 4;
    if (found->data.size < need || found->data.at > file->size ||
        file->size - found->data.at < need)
        return refuse(CEL_REFUSE_TRUNCATED, found->data.at);
    if (!isfinite(status->mny) || !isfinite(status->mxy))
        return found->data.size == need ? CEL_ACCEPTED
                                        : refuse(CEL_REFUSE_CONTRADICTION, found->data.at);
    CelBytes part = cel_bytes_part(file, found->data.at, need);
    double low = INFINITY, high = -INFINITY;
    for (gsize i = 0; i < layout->n_points; i++) {
        const double y =
            layout->factor * (layout->stored == CEL_STORED_F32 ? (double)cel_bytes_f32(&part)
                                                               : (double)cel_bytes_i32(&part));
        low = fmin(low, y);
        high = fmax(high, y);
    }
    const double slack = CHECK_SHARE * fmax(fabs(status->mxy - status->mny), fabs(status->mxy));
    return fabs(low - status->mny) <= slack && fabs(high - status->mxy) <= slack
               ? CEL_ACCEPTED
               : refuse(CEL_REFUSE_CHECK, found->data.at);
}

static void read_others(const CelBytes *file, CelBytes directory, CelLayout *out)
{
    Block block;
    while (next_block(&directory, &block)) {
        if (block.parameters >= HOLDS_OTHER)
            read_parameters(file, &block, NULL, out); /* one that is damaged says nothing */
    }
}

CelRefusal cel_decode_opus(CelBytes file, guint64 index, CelLayout *out)
{
    memset(out, 0, sizeof *out);
    file.order = CEL_LITTLE_ENDIAN;
    CelRefusal refusal;
    const CelBytes directory = open_directory(file, &refusal);
    Found found = {0};
    Status status = {.fxv = NAN, .lxv = NAN, .csf = NAN, .mny = NAN, .mxy = NAN};
    if (refusal.code == CEL_REFUSE_NOTHING)
        refusal = choose(directory, &found);
    if (refusal.code == CEL_REFUSE_NOTHING)
        refusal = read_parameters(&file, &found.status, &status, out);
    if (refusal.code == CEL_REFUSE_NOTHING)
        refusal = take_layout(&found, &status, out);
    if (refusal.code == CEL_REFUSE_NOTHING)
        refusal = check_values(&file, &found, &status, out);
    if (refusal.code != CEL_REFUSE_NOTHING)
        return refusal;
    if (index > 0)
        return refuse(CEL_REFUSE_NO_SUCH, found.data.at);
    g_strlcpy(out->vendor, "Bruker", sizeof out->vendor);
    read_others(&file, directory, out);
    return CEL_ACCEPTED;
}

static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    return n >= 4 && memcmp(head, "\n\n\xfe\xfe", 4) == 0 ? SCORE : 0;
}

static gboolean read_opus(const CelReadInput *in, CelReadOut *out, GError **error)
{
    return cel_layout_read(in, cel_decode_opus, out, error);
}

const CelReader cel_reader_opus = {
    .id = "opus",
    .title = N_("Bruker OPUS"),
    .validated_on = CEL_READER_UNVALIDATED,
    .detect = detect,
    .read = read_opus,
};
