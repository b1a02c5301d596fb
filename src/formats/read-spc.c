/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include "formats/cel-read-out.h"
#include "formats/cel-table-private.h"
#include "formats/cel-text.h"
#include "formats/cel-words.h"
#include "formats/cel-writer.h"
#include "formats/spc-words.h"

#include <math.h>
#include <string.h>

/*
 * SPC of Galactic's GRAMS (spc.h has the sources). The numbers are read by spc-*.c; here is what
 * they mean to us. Most exports of Raman instruments are of one shape: new format, little-endian,
 * one spectrum of floating point on evenly spaced shifts. That one has met real files; all others
 * are a reader of their own that says it has not.
 */

enum { SCORE = 85, X_TYPES = 30, X_INTERFEROGRAM = 255, TECHNIQUES = 20, FLOATING = 0x80 };

static const double NM_PER_UM = 1000.0;

/* --- detection ---------------------------------------------------------------------------------
 */

static gboolean is_x_type(guint8 type)
{
    return type <= X_TYPES || type == X_INTERFEROGRAM;
}

/* Text has no zero bytes, which the high halves of these counts must be. */
static gboolean looks_new(CelBytes b)
{
    const guint8 technique = cel_bytes_u8(&b);
    cel_bytes_skip(&b, 1 + 4 + 8 + 8);
    const guint32 n_subfiles = cel_bytes_u32(&b);
    const guint8 x_type = cel_bytes_u8(&b);
    return !b.failed && technique <= TECHNIQUES && n_subfiles <= CEL_SPC_MAX_SUBFILES &&
           is_x_type(x_type);
}

static gboolean looks_old(CelBytes b)
{
    cel_bytes_skip(&b, 2);
    const double points = cel_bytes_f32(&b), first = cel_bytes_f32(&b), last = cel_bytes_f32(&b);
    const guint8 x_type = cel_bytes_u8(&b);
    return !b.failed && points >= 1.0 && points <= CEL_READER_MAX_POINTS &&
           floor(points) >= points && isfinite(first) && isfinite(last) && is_x_type(x_type);
}

static gboolean looks_like_spc(const guint8 *head, gsize n)
{
    CelBytes b = cel_bytes_of(head, n, CEL_LITTLE_ENDIAN);
    cel_bytes_skip(&b, 1);
    switch (cel_bytes_u8(&b)) {
    case CEL_SPC_NEW_LITTLE:
        return looks_new(b);
    case CEL_SPC_NEW_BIG:
        b.order = CEL_BIG_ENDIAN;
        return looks_new(b);
    case CEL_SPC_OLD:
        return looks_old(b);
    default:
        return FALSE;
    }
}

/* Flags but for the texts of the axes, version, exponent: the shape of the real files. */
static gboolean is_usual(const guint8 *head)
{
    return (head[0] & ~CEL_SPC_LABELS) == 0 && head[1] == CEL_SPC_NEW_LITTLE && head[3] == FLOATING;
}

static int detect_usual(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    return looks_like_spc(head, n) && is_usual(head) ? SCORE : 0;
}

static int detect_other(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    return looks_like_spc(head, n) && !is_usual(head) ? SCORE : 0;
}

/* --- what it is --------------------------------------------------------------------------------
 */

/* What one file is read with. */
typedef struct {
    const CelReadInput *in;
    CelReadOut *out;
    CelSpcFile file;
    CelSpcData data;
    CelText *log;    /* (nullable) */
    double laser_nm; /* 0: not stated */
    gboolean lasers_differ, simulated;
    CelUnit unit;      /* what our own log says; CEL_N_UNITS: nothing */
    char *unvalidated; /* (nullable): likewise */
} Reading;

static void reading_clear(Reading *r)
{
    cel_spc_file_clear(&r->file);
    cel_spc_data_clear(&r->data);
    g_clear_pointer(&r->log, cel_text_free);
    g_clear_pointer(&r->unvalidated, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static gboolean refuse(const Reading *r, const CelSpcRemark *remark, GError **error)
{
    g_autofree char *text = cel_spc_describe(remark, r->file.n_subfiles);
    return cel_read_refuse(r->in, CEL_PLACE_BYTE, remark->offset, error, "%s", text);
}

static gboolean is_absorption(guint8 y_type)
{
    return y_type == CEL_SPC_Y_ABSORBANCE || y_type == CEL_SPC_Y_KUBELKA_MUNK ||
           y_type == CEL_SPC_Y_LOG_1_R || y_type == CEL_SPC_Y_TRANSMISSION ||
           y_type == CEL_SPC_Y_REFLECTANCE;
}

/* A shift axis or the technique says Raman; FT-IR is also the code of FT-Raman instruments. */
static gboolean set_kind(const Reading *r, GError **error)
{
    const CelSpcFile *f = &r->file;
    const gboolean spectral = f->x_type <= CEL_SPC_X_NM || f->x_type == CEL_SPC_X_RAMAN_CM1;
    CelSpectrumKind kind = CEL_KIND_UNKNOWN;
    if (!spectral)
        kind = CEL_KIND_OTHER;
    else if (f->x_type == CEL_SPC_X_RAMAN_CM1 || f->technique == CEL_SPC_RAMAN)
        kind = CEL_KIND_RAMAN;
    else if (is_absorption(f->y_type) || f->technique == CEL_SPC_FT_IR)
        kind = CEL_KIND_INFRARED;
    else if (f->technique != CEL_SPC_GENERAL)
        kind = CEL_KIND_OTHER;
    g_autofree char *text = g_strdup_printf("%s, %s, %s", cel_spc_technique(f->technique),
                                            cel_spc_x_name(f->x_type), cel_spc_y_name(f->y_type));
    return cel_read_set_kind(r->in, r->out, kind, text, error);
}

static gboolean choose_subfile(Reading *r, GError **error)
{
    CelSpcRemark remark;
    guint index = 0;
    const guint32 n = r->file.n_subfiles;
    if (!cel_read_choose(r->in, r->out, n, &index, error))
        return FALSE;
    for (guint32 i = 0; n > 1 && i < MIN(n, CEL_READER_MAX_TITLES); i++) {
        g_autofree char *title = NULL;
        if (!cel_spc_seek(&r->file, i, &remark))
            break;
        title = g_strdup_printf("z = %g", cel_spc_z(&r->file));
        cel_read_add_title(r->out, title);
    }
    return cel_spc_seek(&r->file, index, &remark) || refuse(r, &remark, error);
}

/* --- the log -----------------------------------------------------------------------------------
 */

/* "Laser: 785 nm edge", as WiRE writes it: the number before "nm". */
static gboolean find_nm(const char *value, double *out_nm)
{
    for (const char *nm = strstr(value, "nm"); nm != NULL; nm = strstr(nm + 2, "nm")) {
        const char *end = nm;
        while (end > value && end[-1] == ' ')
            end--;
        const char *start = end;
        while (start > value && (g_ascii_isdigit(start[-1]) || start[-1] == '.'))
            start--;
        g_autofree char *number = g_strdup_printf("%.*s nm", (int)(end - start), start);
        if (start < end && cel_word_laser("laser wavelength", number, out_nm))
            return TRUE;
    }
    return FALSE;
}

static void take_laser(Reading *r, const char *key, const char *value)
{
    double nm = 0.0;
    g_autofree char *plain = cel_word_plain(key);
    if (!cel_word_laser(key, value, &nm) && !(g_str_equal(plain, "laser") && find_nm(value, &nm)))
        return;
    r->lasers_differ |= r->laser_nm > 0.0 && fabs(r->laser_nm - nm) > 0.0;
    r->laser_nm = nm;
}

static void take_own(Reading *r, const char *key, const char *value)
{
    if (g_str_equal(key, "celadon_axis_unit") && !cel_unit_from_name(value, &r->unit))
        r->unit = CEL_N_UNITS;
    if (g_str_equal(key, CEL_META_UNVALIDATED) && r->unvalidated == NULL)
        r->unvalidated = g_strdup(value);
}

/* "Key=value" lines; called a second time with the measurement, to note them. */
static void read_log(Reading *r, CelMeasurement *m)
{
    CelLine line;
    if (r->log == NULL)
        return;
    cel_text_rewind(r->log);
    while (cel_text_next(r->log, &line, NULL)) {
        const char *equals = memchr(line.start, '=', line.length);
        if (equals == NULL || equals == line.start)
            continue;
        g_autofree char *key = g_strndup(line.start, (gsize)(equals - line.start));
        g_autofree char *value =
            g_strndup(equals + 1, (gsize)(line.start + line.length - equals) - 1);
        g_strstrip(key);
        g_strstrip(value);
        if (m != NULL) {
            cel_read_header(m, &(CelReadHeader){.key = key, .value = value, .line = line.number});
            continue;
        }
        r->simulated |= cel_line_is_simulated(&line);
        take_laser(r, key, value);
        take_own(r, key, value);
    }
}

static void open_log(Reading *r)
{
    const CelSpcFile *f = &r->file;
    if (f->log_length == 0)
        return;
    g_autoptr(GBytes) part = g_bytes_new_from_bytes(r->in->bytes, f->log_start, f->log_length);
    r->log = cel_text_open(part, r->in->name, NULL);
    if (r->log == NULL)
        cel_read_warn(r->out, CEL_PLACE_BYTE, f->log_start,
                      _("the log of the file is no text; nothing was taken from it"));
    read_log(r, NULL);
}

/* --- notes -------------------------------------------------------------------------------------
 */

static void note_field(CelMeasurement *m, const char *key, const char *value)
{
    if (*value != '\0')
        cel_read_header(m, &(CelReadHeader){.key = key, .value = value});
}

static void note_date(const CelSpcFile *f, CelMeasurement *m)
{
    if (f->year == 0 || f->month < 1 || f->month > 12 || f->day < 1 || f->day > 31 ||
        f->hour > 23 || f->minute > 59)
        return;
    g_autofree char *text =
        g_strdup_printf("%04u-%02u-%02u %02u:%02u", f->year, f->month, f->day, f->hour, f->minute);
    note_field(m, "date", text);
}

static void note_all(Reading *r)
{
    const CelSpcFile *f = &r->file;
    CelMeasurement *m = r->out->measurement;
    cel_read_laser(r->in->options, r->laser_nm, r->lasers_differ, m);
    read_log(r, m);
    note_field(m, "comment", f->comment);
    note_field(m, "source", f->source);
    note_field(m, "technique", cel_spc_technique(f->technique));
    note_field(m, "ordinate", cel_spc_y_name(f->y_type));
    note_date(f, m);
    if (*f->comment != '\0' && g_tree_lookup(m->notes, CEL_META_TITLE) == NULL) {
        g_autofree char *title = g_utf8_make_valid(f->comment, -1);
        cel_measurement_note(m, CEL_META_TITLE, title);
    }
    if ((f->flags & CEL_SPC_X_VALUES) == 0)
        cel_measurement_note(m, "axis_spacing", "even, between the first and last position stated");
    if (r->unvalidated != NULL && *r->unvalidated != '\0')
        cel_measurement_note(m, CEL_META_UNVALIDATED, r->unvalidated);
    if (f->log_damaged)
        cel_read_warn(r->out, CEL_PLACE_NONE, 0,
                      _("the log of the file is damaged; nothing was taken from it"));
    const CelLine comment = {.start = f->comment, .length = strlen(f->comment)};
    cel_read_check_simulated(m, r->simulated || cel_line_is_simulated(&comment));
}

/* --- reading -----------------------------------------------------------------------------------
 */

static void set_unit(const Reading *r, CelReadPoints *points)
{
    const CelSpcFile *f = &r->file;
    const gboolean named = (f->flags & CEL_SPC_LABELS) != 0 && *f->x_label != '\0';
    points->unit = CEL_N_UNITS;
    points->unit_text = named ? f->x_label : cel_spc_x_name(f->x_type);
    if (f->x_type == CEL_SPC_X_RAMAN_CM1 || f->x_type == CEL_SPC_X_CM1)
        points->unit = CEL_UNIT_SHIFT_CM1;
    if (f->x_type == CEL_SPC_X_NM || f->x_type == CEL_SPC_X_UM)
        points->unit = CEL_UNIT_NM_UNSTATED;
    /* Our own log tells air from vacuum, and pixels, for which SPC has no code. */
    if (r->unit != CEL_N_UNITS && points->unit != CEL_UNIT_SHIFT_CM1 &&
        r->unit != CEL_UNIT_SHIFT_CM1)
        points->unit = r->unit;
    for (gsize i = 0; f->x_type == CEL_SPC_X_UM && i < r->data.n; i++)
        r->data.x[i] *= NM_PER_UM;
}

static gboolean read_subfile(Reading *r, GError **error)
{
    CelSpcRemark remark;
    if (!choose_subfile(r, error))
        return FALSE;
    if (!cel_spc_read(&r->file, CEL_READER_MAX_POINTS, &r->data, &remark))
        return refuse(r, &remark, error);
    CelReadPoints points = {
        .x = r->data.x, .y = r->data.y, .n = r->data.n, .laser_nm = r->laser_nm};
    set_unit(r, &points);
    return cel_read_finish(r->in, &points, r->out, error);
}

static gboolean read_spc(const CelReadInput *in, CelReadOut *out, GError **error)
{
    g_auto(Reading) reading = {.in = in, .out = out, .unit = CEL_N_UNITS};
    CelSpcRemark remark;
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(in->bytes, &n);
    if (!cel_spc_open(bytes, n, CEL_READER_MAX_POINTS, &reading.file, &remark))
        return refuse(&reading, &remark, error);
    open_log(&reading);
    if (!set_kind(&reading, error) || !read_subfile(&reading, error))
        return FALSE;
    note_all(&reading);
    return TRUE;
}

const CelReader cel_reader_spc = {
    .id = "spc",
    .title = N_("SPC (Galactic GRAMS): one spectrum, floating point, even steps"),
    .validated_on = "B&W Tek i-Raman 532, Renishaw InVia Reflex 532 and Qontor 785, each against "
                    "its text export",
    .detect = detect_usual,
    .read = read_spc,
};

const CelReader cel_reader_spc_other = {
    .id = "spc-other",
    .title = N_("SPC (Galactic GRAMS): old format, big-endian, integers, several spectra"),
    .validated_on = CEL_READER_UNVALIDATED,
    .detect = detect_other,
    .read = read_spc,
};
