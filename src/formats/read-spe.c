/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-decoders.h"

#include "formats/cel-layout-read.h"
#include "formats/cel-readers.h"

#include "formats/cel-text.h"
#include "formats/cel-xml.h"

#include <math.h>
#include <string.h>

/*
 * Princeton Instruments' SPE. A header of 4100 bytes, then frames of rows of pixels, little-endian.
 * Up to version 2.5 (WinSpec) the header tells everything: pixels u16 at 42, rows u16 at 656,
 * frames i32 at 1446, kind of number i16 at 108 (0: float32, 1: i32, 2: i16, 3: u16), version
 * float32 at 1992, and from 3000 the calibration of the axis: valid u8 at 3098, unit u8 at 3100,
 * order u8 at 3101, six coefficients float64 at 3263 of a polynomial in the number of the pixel
 * (from 1), laser float64 at 3311. From version 3 (LightField) on an XML text follows the frames,
 * whose place is the u64 at 678; it states the frames, their region and the wavelengths in nm.
 *
 * Facts from: the header file of WinSpec's manual as quoted in public readers (Priithon, IDL); the
 * R package hySpc.read.spe, which tests the pixel numbering against WinSpec; a footer published
 * with the SPE_Handler of HydraSpex. None says how a mirrored mapping is meant.
 */

enum { SCORE = 90 };

enum {
    HEADER_BYTES = 4100,
    MAX_XML_BYTES = 4 * 1024 * 1024,
    END_MARK = 0x5555,         /* i16 at 4098 */
    WINVIEW_MARK = 0x01234567, /* u32 at 2996 */
};

/* Places in the header. */
enum {
    AT_EXPOSURE_S = 10,
    AT_N_PIXELS = 42,
    AT_ABSORBANCE = 52,
    AT_KIND = 108,
    AT_BACKGROUND = 150,
    AT_COMMENTS = 200,
    AT_N_ROWS = 656,
    AT_ACCUMULATIONS = 668,
    AT_XML = 678,
    AT_SOFTWARE = 688,
    AT_FLAT_FIELD = 706,
    AT_COSMIC = 1438,
    AT_N_FRAMES = 1446,
    AT_N_REGIONS = 1510,
    AT_REGION = 1512, /* first pixel u16, last u16, binned u16, ... */
    AT_VERSION = 1992,
    AT_WINVIEW_MARK = 2996,
    AT_CALIBRATION_VALID = 3098,
    AT_CALIBRATION_UNIT = 3100,
    AT_COEFFICIENTS = 3263,
    AT_LASER = 3311,
    AT_END_MARK = 4098,
};

enum { KIND_F32, KIND_I32, KIND_I16, KIND_U16 };
enum { UNIT_NM = 4, UNIT_SHIFT = 6 };

typedef struct {
    guint64 n_frames, n_rows;
    guint64 frame_stride; /* bytes from frame to frame */
} Stack;

static CelRefusal refuse(CelRefusalCode code, gsize at)
{
    return (CelRefusal){code, at};
}

static CelBytes place(const CelBytes *file, gsize at)
{
    CelBytes there = *file;
    cel_bytes_seek(&there, at);
    return there;
}

static guint16 u16_at(const CelBytes *file, gsize at)
{
    CelBytes there = place(file, at);
    return cel_bytes_u16(&there);
}

static double f64_at(const CelBytes *file, gsize at)
{
    CelBytes there = place(file, at);
    return cel_bytes_f64(&there);
}

static double version_of(const CelBytes *file)
{
    CelBytes there = place(file, AT_VERSION);
    return (double)cel_bytes_f32(&there);
}

static gboolean is_version_3(const CelBytes *file)
{
    const double version = version_of(file);
    return version >= 2.95 && version < 3.95;
}

/* The two marks, or a version 3 with its footer behind the header: newer programs leave parts of
 * the header empty. */
static gboolean is_marked(const CelBytes *file)
{
    CelBytes there = place(file, AT_WINVIEW_MARK), footer = place(file, AT_XML);
    return cel_bytes_u32(&there) == WINVIEW_MARK || u16_at(file, AT_END_MARK) == END_MARK ||
           (is_version_3(file) && cel_bytes_u64(&footer) - HEADER_BYTES < CEL_READER_MAX_BYTES);
}

/* --- frames --- */

/* Places spectrum @index, a row of a frame, and checks that all of them lie before @end. */
static CelRefusal place_values(const Stack *stack, gsize end, guint64 index, CelLayout *out)
{
    const gsize row = out->n_points * cel_stored_bytes(out->stored); /* at most 128 MiB */
    if (stack->n_frames > CEL_READER_MAX_SPECTRA || stack->n_rows > CEL_READER_MAX_SPECTRA ||
        stack->n_frames * stack->n_rows > CEL_READER_MAX_SPECTRA)
        return refuse(CEL_REFUSE_SPECTRA, AT_N_FRAMES);
    if (stack->n_frames == 0 || stack->n_rows == 0)
        return refuse(CEL_REFUSE_EMPTY, AT_N_FRAMES);
    if (stack->frame_stride > end || stack->frame_stride / row < stack->n_rows)
        return refuse(CEL_REFUSE_CONTRADICTION, AT_N_ROWS);
    const gsize all = (stack->n_frames - 1) * stack->frame_stride + stack->n_rows * row;
    if (all > end - HEADER_BYTES)
        return refuse(CEL_REFUSE_TRUNCATED, HEADER_BYTES);
    out->n_spectra = stack->n_frames * stack->n_rows;
    if (index >= out->n_spectra)
        return refuse(CEL_REFUSE_NO_SUCH, AT_N_FRAMES);
    const guint64 frame = index / stack->n_rows, line = index % stack->n_rows;
    out->factor = 1.0;
    out->values_at = HEADER_BYTES + (gsize)(frame * stack->frame_stride) + (gsize)line * row;
    out->n_rows = stack->n_rows;
    return CEL_ACCEPTED;
}

/* --- version 2: the header --- */

static void take_laser(double stated, CelLayout *out)
{
    /* Descriptions call it a wavenumber or a wavelength; the ranges of lasers do not meet. */
    out->laser_nm =
        stated >= 200.0 && stated <= 2000.0 ? stated : cel_layout_wavenumber_to_nm(stated);
}

/* The polynomial counts pixels of the spectrum only where that is the whole detector unbinned. */
static CelRefusal take_calibration(const CelBytes *file, CelLayout *out)
{
    CelBytes bytes = place(file, AT_CALIBRATION_VALID);
    const gboolean valid = cel_bytes_u8(&bytes) != 0;
    cel_bytes_seek(&bytes, AT_CALIBRATION_UNIT);
    const guint8 unit = cel_bytes_u8(&bytes), order = cel_bytes_u8(&bytes);
    out->axis_form = CEL_AXIS_FORM_COUNT;
    out->unit = CEL_UNIT_PIXEL;
    out->axis_at = AT_COEFFICIENTS;
    if (!valid) {
        out->marks |= CEL_MARK_NOT_CALIBRATED;
        return CEL_ACCEPTED;
    }
    if (unit != UNIT_NM && unit != UNIT_SHIFT)
        return refuse(CEL_REFUSE_AXIS_UNIT, AT_CALIBRATION_UNIT);
    if (order < 1 || order > CEL_LAYOUT_MAX_DEGREE)
        return refuse(CEL_REFUSE_CONTRADICTION, AT_CALIBRATION_UNIT + 1);
    if (u16_at(file, AT_REGION) > 1 || u16_at(file, AT_REGION + 4) > 1)
        return refuse(CEL_REFUSE_REGIONS, AT_REGION);
    out->axis_form = CEL_AXIS_FORM_POLYNOMIAL;
    out->unit = unit == UNIT_NM ? CEL_UNIT_NM_UNSTATED : CEL_UNIT_SHIFT_CM1;
    if (unit == UNIT_SHIFT && out->kind == CEL_KIND_UNKNOWN)
        out->kind = CEL_KIND_RAMAN;
    out->axis_degree = order;
    cel_bytes_seek(&bytes, AT_COEFFICIENTS);
    for (guint k = 0; k <= order; k++)
        out->axis[k] = cel_bytes_f64(&bytes);
    return CEL_ACCEPTED;
}

static void take_settings(const CelBytes *file, CelLayout *out)
{
    CelBytes bytes = place(file, AT_EXPOSURE_S);
    const double exposure_s = (double)cel_bytes_f32(&bytes);
    if (exposure_s > 0.0 && exposure_s < 1e6)
        out->integration_ms = exposure_s * 1000.0;
    cel_bytes_seek(&bytes, AT_COMMENTS);
    cel_bytes_text(&bytes, 80, out->comment, sizeof out->comment);
    cel_bytes_seek(&bytes, AT_ACCUMULATIONS);
    const gint32 accumulated = cel_bytes_i32(&bytes);
    out->n_accumulated = accumulated > 0 ? (guint32)accumulated : 0;
    cel_bytes_seek(&bytes, AT_SOFTWARE);
    cel_bytes_text(&bytes, 16, out->software, sizeof out->software);
    if (u16_at(file, AT_BACKGROUND) == 1)
        out->marks |= CEL_MARK_BACKGROUND_REMOVED;
    if (u16_at(file, AT_FLAT_FIELD) == 1)
        out->marks |= CEL_MARK_FLAT_FIELD;
    if (u16_at(file, AT_COSMIC) == 1)
        out->marks |= CEL_MARK_COSMIC_REMOVED;
    take_laser(f64_at(file, AT_LASER), out);
}

static CelRefusal take_kind(const CelBytes *file, CelLayout *out)
{
    static const CelStored kinds[] = {[KIND_F32] = CEL_STORED_F32,
                                      [KIND_I32] = CEL_STORED_I32,
                                      [KIND_I16] = CEL_STORED_I16,
                                      [KIND_U16] = CEL_STORED_U16};
    const guint16 kind = u16_at(file, AT_KIND);
    if (kind >= G_N_ELEMENTS(kinds))
        return refuse(CEL_REFUSE_VALUE_KIND, AT_KIND);
    out->stored = kinds[kind];
    out->n_points = u16_at(file, AT_N_PIXELS);
    if (out->n_points < 2)
        return refuse(CEL_REFUSE_POINTS, AT_N_PIXELS);
    if (u16_at(file, AT_N_REGIONS) > 1)
        return refuse(CEL_REFUSE_REGIONS, AT_N_REGIONS);
    if (u16_at(file, AT_ABSORBANCE) == 1) {
        out->kind = CEL_KIND_INFRARED;
        out->kind_text = "absorbance";
    }
    return CEL_ACCEPTED;
}

static CelRefusal decode_2(const CelBytes *file, guint64 index, CelLayout *out)
{
    CelRefusal refusal = take_kind(file, out);
    if (refusal.code != CEL_REFUSE_NOTHING)
        return refusal;
    CelBytes bytes = place(file, AT_N_FRAMES);
    const gint32 n_frames = cel_bytes_i32(&bytes);
    if (n_frames < 0)
        return refuse(CEL_REFUSE_CONTRADICTION, AT_N_FRAMES);
    Stack stack = {.n_frames = (guint64)n_frames, .n_rows = u16_at(file, AT_N_ROWS)};
    stack.frame_stride = stack.n_rows * out->n_points * cel_stored_bytes(out->stored);
    refusal = place_values(&stack, file->size, index, out);
    if (refusal.code == CEL_REFUSE_NOTHING &&
        file->size - HEADER_BYTES != stack.n_frames * stack.frame_stride)
        return refuse(CEL_REFUSE_CONTRADICTION, HEADER_BYTES); /* not the numbers it states */
    if (refusal.code == CEL_REFUSE_NOTHING)
        refusal = take_calibration(file, out);
    if (refusal.code == CEL_REFUSE_NOTHING)
        take_settings(file, out);
    return refusal;
}

/* --- version 3: the XML footer --- */

typedef struct {
    Stack stack;
    guint64 frame_bytes, width;
    guint n_frame_blocks, n_regions, n_mappings;
    char format[32], orientation[24];
    CelXmlSpan wavelengths;
    gsize at; /* of the XML text in the file */
} Footer;

static void take_block(const CelXmlItem *item, Footer *footer)
{
    char type[16];
    guint64 count = 0, height = 0;
    cel_xml_attribute(item, "type", type, sizeof type);
    if (strcmp(type, "Frame") == 0) {
        footer->n_frame_blocks++;
        cel_xml_attribute(item, "pixelFormat", footer->format, sizeof footer->format);
        cel_xml_count(item, "count", &footer->stack.n_frames);
        cel_xml_count(item, "size", &footer->frame_bytes);
        cel_xml_count(item, "stride", &footer->stack.frame_stride);
    } else if (strcmp(type, "Region") == 0) {
        cel_xml_count(item, "width", &footer->width);
        if (cel_xml_count(item, "height", &height))
            footer->stack.n_rows = height;
        footer->n_regions += cel_xml_count(item, "count", &count) && count == 1 ? 1 : 2;
    }
}

static void take_mapping(const CelXmlItem *item, Footer *footer, CelLayout *out)
{
    char laser[32];
    double nm = 0.0;
    footer->n_mappings++;
    cel_xml_attribute(item, "orientation", footer->orientation, sizeof footer->orientation);
    cel_xml_attribute(item, "laserLine", laser, sizeof laser);
    if (cel_text_number(laser, strlen(laser), '.', &nm) && nm >= 200.0 && nm <= 2000.0)
        out->laser_nm = nm;
}

static void take_open(const CelXmlItem *item, Footer *footer, CelLayout *out)
{
    if (cel_xml_is(&item->name, "DataBlock"))
        take_block(item, footer);
    else if (cel_xml_is(&item->name, "WavelengthMapping"))
        take_mapping(item, footer, out);
    else if (cel_xml_is(&item->name, "Origin"))
        cel_xml_attribute(item, "software", out->software, sizeof out->software);
    else if (cel_xml_is(&item->name, "Camera") && out->model[0] == '\0') {
        cel_xml_attribute(item, "model", out->model, sizeof out->model);
        cel_xml_attribute(item, "serialNumber", out->serial, sizeof out->serial);
    }
}

static void take_text(const CelXml *xml, const CelXmlItem *item, Footer *footer, CelLayout *out)
{
    static const struct {
        const char *name;
        guint mark;
    } corrections[] = {{"BackgroundCorrection", CEL_MARK_BACKGROUND_REMOVED},
                       {"FlatfieldCorrection", CEL_MARK_FLAT_FIELD},
                       {"CosmicRayCorrection", CEL_MARK_COSMIC_REMOVED}};
    double number = 0.0;
    if (cel_xml_is(&item->name, "Wavelength") && cel_xml_inside(xml, 1, "WavelengthMapping"))
        footer->wavelengths = item->text;
    else if (cel_xml_is(&item->name, "ExposureTime") && out->integration_ms <= 0.0 &&
             cel_text_number(item->text.start, item->text.length, '.', &number) && number > 0.0 &&
             number < 1e9)
        out->integration_ms = number;
    for (gsize i = 0; i < G_N_ELEMENTS(corrections); i++) {
        if (cel_xml_is(&item->name, "Enabled") && cel_xml_is(&item->text, "True") &&
            cel_xml_inside(xml, 1, corrections[i].name))
            out->marks |= corrections[i].mark;
    }
}

static CelRefusal read_footer(const CelBytes *file, Footer *footer, CelLayout *out)
{
    CelBytes bytes = place(file, AT_XML);
    const guint64 at = cel_bytes_u64(&bytes);
    if (at < HEADER_BYTES || at >= file->size)
        return refuse(CEL_REFUSE_TRUNCATED, AT_XML);
    footer->at = (gsize)at;
    if (file->size - footer->at > MAX_XML_BYTES)
        return refuse(CEL_REFUSE_XML, footer->at);
    CelXml xml = cel_xml_of((const char *)file->data + footer->at, file->size - footer->at);
    CelXmlItem item;
    for (gboolean first = TRUE; cel_xml_next(&xml, &item); first = FALSE) {
        if (first && (item.kind != CEL_XML_OPEN || !cel_xml_is(&item.name, "SpeFormat")))
            return refuse(CEL_REFUSE_XML, footer->at);
        if (item.kind == CEL_XML_OPEN)
            take_open(&item, footer, out);
        else if (item.kind == CEL_XML_TEXT)
            take_text(&xml, &item, footer, out);
    }
    return xml.bad ? refuse(CEL_REFUSE_XML, footer->at + (gsize)(xml.at - xml.start))
                   : CEL_ACCEPTED;
}

static CelRefusal take_format(const Footer *footer, CelLayout *out)
{
    static const struct {
        const char *name;
        CelStored stored;
    } formats[] = {{"MonochromeUnsigned16", CEL_STORED_U16},
                   {"MonochromeUnsigned32", CEL_STORED_U32},
                   {"MonochromeFloating32", CEL_STORED_F32}};
    if (footer->n_frame_blocks != 1 || footer->n_regions != 1)
        return refuse(CEL_REFUSE_REGIONS, footer->at);
    gsize i = 0;
    while (i < G_N_ELEMENTS(formats) && strcmp(footer->format, formats[i].name) != 0)
        i++;
    if (i == G_N_ELEMENTS(formats))
        return refuse(CEL_REFUSE_VALUE_KIND, footer->at);
    out->stored = formats[i].stored;
    if (footer->width < 2 || footer->width > CEL_READER_MAX_POINTS)
        return refuse(CEL_REFUSE_POINTS, footer->at);
    out->n_points = (gsize)footer->width;
    const guint64 row = footer->width * cel_stored_bytes(out->stored);
    if (footer->frame_bytes / row != footer->stack.n_rows || footer->frame_bytes % row != 0)
        return refuse(CEL_REFUSE_CONTRADICTION, footer->at);
    return CEL_ACCEPTED;
}

static CelRefusal take_wavelengths(const CelBytes *file, const Footer *footer, CelLayout *out)
{
    out->axis_at = footer->at;
    if (footer->n_mappings == 0) {
        out->axis_form = CEL_AXIS_FORM_COUNT;
        out->unit = CEL_UNIT_PIXEL;
        out->marks |= CEL_MARK_NOT_CALIBRATED;
        return CEL_ACCEPTED;
    }
    if (footer->n_mappings > 1)
        return refuse(CEL_REFUSE_TWICE, footer->at);
    if (strcmp(footer->orientation, "Normal") != 0)
        return refuse(CEL_REFUSE_ORIENTATION, footer->at);
    if (footer->wavelengths.length == 0)
        return refuse(CEL_REFUSE_NO_AXIS, footer->at);
    out->axis_form = CEL_AXIS_FORM_TEXT;
    out->unit = CEL_UNIT_NM_UNSTATED;
    out->axis_at = (gsize)(footer->wavelengths.start - (const char *)file->data);
    out->axis_bytes = footer->wavelengths.length;
    return CEL_ACCEPTED;
}

static CelRefusal decode_3(const CelBytes *file, guint64 index, CelLayout *out)
{
    Footer footer = {0};
    CelRefusal refusal = read_footer(file, &footer, out);
    if (refusal.code == CEL_REFUSE_NOTHING)
        refusal = take_format(&footer, out);
    if (refusal.code == CEL_REFUSE_NOTHING)
        refusal = place_values(&footer.stack, footer.at, index, out);
    if (refusal.code == CEL_REFUSE_NOTHING)
        refusal = take_wavelengths(file, &footer, out);
    return refusal;
}

CelRefusal cel_decode_spe(CelBytes file, guint64 index, CelLayout *out)
{
    memset(out, 0, sizeof *out);
    file.order = CEL_LITTLE_ENDIAN;
    if (file.size < HEADER_BYTES)
        return refuse(CEL_REFUSE_TRUNCATED, file.size);
    if (!is_marked(&file))
        return refuse(CEL_REFUSE_FORMAT, AT_END_MARK);
    const double version = version_of(&file);
    g_strlcpy(out->vendor, "Princeton Instruments", sizeof out->vendor);
    if (version >= 1.0 && version < 2.95)
        return decode_2(&file, index, out);
    return is_version_3(&file) ? decode_3(&file, index, out)
                               : refuse(CEL_REFUSE_VERSION, AT_VERSION);
}

/* The header begins with settings of the detector: only marks further on tell it. */
static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    const CelBytes file = cel_bytes_of(head, n, CEL_LITTLE_ENDIAN);
    if (n < HEADER_BYTES || !is_marked(&file))
        return 0;
    return SCORE;
}

static gboolean read_spe(const CelReadInput *in, CelReadOut *out, GError **error)
{
    return cel_layout_read(in, cel_decode_spe, out, error);
}

const CelReader cel_reader_spe = {
    .id = "spe",
    .title = N_("Princeton Instruments SPE"),
    .validated_on = CEL_READER_UNVALIDATED,
    .detect = detect,
    .read = read_spe,
};
