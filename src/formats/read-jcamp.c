/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include "formats/cel-read-out.h"
#include "formats/cel-table-private.h"
#include "formats/cel-text.h"
#include "formats/cel-words.h"
#include "formats/cel-writer.h"
#include "formats/jcamp-words.h"

#include <math.h>
#include <string.h>

/*
 * JCAMP-DX 4.24 and 5.01: text of "##LABEL= value" records (jcamp.h has the sources). The numbers
 * are read by jcamp-*.c; here is what they mean to us. Raman files are in 1/CM, which is the shift.
 * The standard has no label for the laser: writers use their own, which begin with "$".
 */

enum { SCORE = 90, SCORE_NO_VERSION = 60, MAX_LABEL = 64, MAX_VALUE = 4000, MAX_NOTES = 2000 };

static const double NM_PER_UM = 1000.0;

/* Words of our own writer. */
static const char UNIT_LABEL[] = "$CELADONAXISUNIT", UNVALIDATED_LABEL[] = "$UNVALIDATEDREADER",
                  OUR_LABEL[] = "$CELADON";

/* --- detection ---------------------------------------------------------------------------------
 */

static gboolean is_blank(guint8 c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Behind blanks and "$$" comments. */
static gsize skip_comments(const guint8 *head, gsize n)
{
    gsize at = n >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < n) {
        if (is_blank(head[at])) {
            at++;
        } else if (n - at >= 2 && head[at] == '$' && head[at + 1] == '$') {
            while (at < n && head[at] != '\n' && head[at] != '\r')
                at++;
        } else {
            break;
        }
    }
    return at;
}

static gboolean label_at(const guint8 *head, gsize n, gsize at, const char *wanted)
{
    if (n - at < 3 || head[at] != '#' || head[at + 1] != '#')
        return FALSE;
    const guint8 *equals = memchr(head + at, '=', MIN(n - at, MAX_LABEL));
    const CelJcampText label = {(const char *)head + at + 2,
                                equals != NULL ? (gsize)(equals - head) - at - 2 : 0};
    return equals != NULL && cel_jcamp_label_is(label, wanted);
}

static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    const gsize first = skip_comments(head, n);
    if (!label_at(head, n, first, "TITLE"))
        return 0;
    for (gsize at = first; at + 2 < n; at++) {
        if (head[at] == '#' && label_at(head, n, at, "JCAMPDX"))
            return SCORE;
    }
    return cel_head_has(head, n, "XYDATA") || cel_head_has(head, n, "XYPOINTS") ? SCORE_NO_VERSION
                                                                                : 0;
}

/* --- text --------------------------------------------------------------------------------------
 */

/* What one file is read with. */
typedef struct {
    const CelReadInput *in;
    CelReadOut *out;
    const char *utf8;
    gsize n;
    CelJcampFile file;
    guint block;
    CelJcampData data;
} Reading;

static void reading_clear(Reading *reading)
{
    cel_jcamp_file_clear(&reading->file);
    cel_jcamp_data_clear(&reading->data);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

/* One value as a string: without comments, its lines joined by blanks. */
static char *value_text(CelJcampText value)
{
    GString *out = g_string_new(NULL);
    const char *at = value.start, *end = value.start + value.length;
    while (at < end && out->len < MAX_VALUE) {
        const CelJcampText line = cel_jcamp_first_line((CelJcampText){at, (gsize)(end - at)});
        if (out->len > 0 && line.length > 0)
            g_string_append_c(out, ' ');
        g_string_append_len(out, line.start, (gssize)MIN(line.length, (gsize)MAX_VALUE));
        while (at < end && *at != '\n' && *at != '\r')
            at++;
        at += at < end ? 1 : 0;
    }
    return g_string_free(out, FALSE);
}

static char *label_value(const Reading *r, guint block, const char *label)
{
    const CelJcampRecord *record = cel_jcamp_find(&r->file, block, label, NULL);
    return record != NULL ? value_text(record->value) : NULL;
}

static gboolean refuse(const Reading *r, const CelJcampRemark *remark, GError **error)
{
    g_autofree char *text = cel_jcamp_describe(remark);
    return cel_read_refuse(r->in, CEL_PLACE_LINE, remark->line, error, "%s", text);
}

/* --- which block, and what it is ---------------------------------------------------------------
 */

static gboolean list_blocks(Reading *r, guint *out_blocks, guint *out_n)
{
    *out_n = 0;
    for (guint b = 0; b < r->file.n_blocks; b++) {
        if (!cel_jcamp_has_spectrum(&r->file, b))
            continue;
        out_blocks[(*out_n)++] = b;
        g_autofree char *title = label_value(r, b, "TITLE");
        cel_read_add_title(r->out, title != NULL ? title : "");
    }
    return *out_n > 0;
}

/* Without any spectrum the first table, or the first block, says why. */
static guint first_table(const Reading *r)
{
    for (guint b = 0; b < r->file.n_blocks; b++) {
        if (cel_jcamp_has_table(&r->file, b))
            return b;
    }
    return 0;
}

static gboolean choose_block(Reading *r, GError **error)
{
    g_autofree guint *blocks = g_new(guint, r->file.n_blocks);
    guint n = 0, index = 0;
    if (!list_blocks(r, blocks, &n)) {
        r->block = first_table(r);
        return TRUE;
    }
    if (!cel_read_choose(r->in, r->out, n, &index, error))
        return FALSE;
    r->block = blocks[index];
    return TRUE;
}

static gboolean set_kind(const Reading *r, GError **error)
{
    static const CelSpectrumKind kinds[CEL_JCAMP_N_KINDS] = {
        [CEL_JCAMP_KIND_UNSTATED] = CEL_KIND_UNKNOWN,  [CEL_JCAMP_KIND_RAMAN] = CEL_KIND_RAMAN,
        [CEL_JCAMP_KIND_INFRARED] = CEL_KIND_INFRARED, [CEL_JCAMP_KIND_NMR] = CEL_KIND_OTHER,
        [CEL_JCAMP_KIND_MASS] = CEL_KIND_OTHER,        [CEL_JCAMP_KIND_UV_VIS] = CEL_KIND_INFRARED,
        [CEL_JCAMP_KIND_LINK] = CEL_KIND_UNKNOWN,      [CEL_JCAMP_KIND_OTHER] = CEL_KIND_OTHER,
    };
    g_autofree char *type = label_value(r, r->block, "DATATYPE");
    g_autofree char *ordinate = label_value(r, r->block, "YUNITS");
    CelSpectrumKind kind = kinds[cel_jcamp_kind(&r->file, r->block)];
    if (kind == CEL_KIND_UNKNOWN && ordinate != NULL && cel_word_is_infrared("YUNITS", ordinate))
        kind = CEL_KIND_INFRARED;
    return cel_read_set_kind(r->in, r->out, kind, type != NULL ? type : ordinate, error);
}

/* Which unit the abscissas are in; micrometres become nm. */
static CelUnit settle_unit(Reading *r)
{
    static const CelUnit units[CEL_JCAMP_N_X_UNITS] = {
        [CEL_JCAMP_X_UNSTATED] = CEL_N_UNITS,    [CEL_JCAMP_X_CM1] = CEL_UNIT_SHIFT_CM1,
        [CEL_JCAMP_X_NM] = CEL_UNIT_NM_UNSTATED, [CEL_JCAMP_X_UM] = CEL_UNIT_NM_UNSTATED,
        [CEL_JCAMP_X_OTHER] = CEL_N_UNITS,
    };
    const CelJcampXUnit stated = cel_jcamp_x_unit(&r->file, r->block);
    CelUnit unit = units[stated];
    g_autofree char *ours = label_value(r, r->block, UNIT_LABEL);
    if (stated == CEL_JCAMP_X_UM) {
        for (gsize i = 0; i < r->data.n; i++)
            r->data.x[i] *= NM_PER_UM;
    } else if (ours != NULL && stated != CEL_JCAMP_X_CM1) {
        CelUnit exact = unit;
        if (cel_unit_from_name(ours, &exact) && exact != CEL_UNIT_SHIFT_CM1)
            unit = exact;
    }
    return unit;
}

/* --- notes -------------------------------------------------------------------------------------
 */

/* The laser that the labels name: 0 when none does, and *@out_conflict when they differ. */
static double find_laser(const Reading *r, gboolean *out_conflict)
{
    const CelJcampBlock *b = &r->file.blocks[r->block];
    double laser = 0.0, nm = 0.0;
    *out_conflict = FALSE;
    for (gsize i = b->first; i < b->end; i++) {
        const CelJcampRecord *record = &r->file.records[i];
        if (record->block != r->block || record->label.length == 0 ||
            record->label.length > MAX_VALUE || cel_jcamp_is_table(record->label))
            continue;
        const gsize own = record->label.start[0] == '.' || record->label.start[0] == '$' ? 1 : 0;
        g_autofree char *key = g_strndup(record->label.start + own, record->label.length - own);
        g_autofree char *value = value_text(record->value);
        if (!cel_word_laser(key, value, &nm))
            continue;
        *out_conflict |= laser > 0.0 && fabs(laser - nm) > 0.0;
        laser = nm;
    }
    return laser;
}

static void note_records(const Reading *r, CelMeasurement *m)
{
    const CelJcampBlock *b = &r->file.blocks[r->block];
    gsize n = 0;
    for (gsize i = b->first; i < b->end && n < MAX_NOTES; i++) {
        const CelJcampRecord *record = &r->file.records[i];
        if (record->block != r->block || cel_jcamp_is_table(record->label) ||
            record->label.length > MAX_VALUE)
            continue;
        n++;
        g_autofree char *key = g_strndup(record->label.start, record->label.length);
        g_autofree char *value = value_text(record->value);
        cel_read_header(m, &(CelReadHeader){.key = key, .value = value, .line = record->line});
        if (cel_jcamp_label_is(record->label, "SPECTROMETERDATASYSTEM") && *value != '\0')
            cel_read_set_field(m, CEL_META_INSTRUMENT, value, NAN);
    }
}

static gboolean is_simulated(const Reading *r)
{
    const char *at = r->utf8, *end = r->utf8 + r->n;
    while (at < end) {
        const char *stop = at;
        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        const CelLine line = {.start = at, .length = (gsize)(stop - at)};
        if (cel_line_is_simulated(&line))
            return TRUE;
        at = stop + 1;
    }
    return FALSE;
}

/* Pairs and compound files of others are read by the description of the format alone. */
static void note_marks(const Reading *r, CelMeasurement *m)
{
    g_autofree char *mark = label_value(r, r->block, UNVALIDATED_LABEL);
    const gboolean ours = cel_jcamp_find(&r->file, r->block, OUR_LABEL, NULL) != NULL;
    if (mark != NULL && *mark != '\0')
        cel_measurement_note(m, CEL_META_UNVALIDATED, mark);
    if (!ours && (r->data.pairs || r->file.n_blocks > 1))
        r->out->reader = &cel_reader_jcamp_other;
    cel_read_check_simulated(m, is_simulated(r));
}

static void note_all(const Reading *r, const char *encoding)
{
    CelMeasurement *m = r->out->measurement;
    gboolean conflict = FALSE;
    const double laser = find_laser(r, &conflict);
    cel_read_laser(r->in->options, laser, conflict, m);
    note_records(r, m);
    note_marks(r, m);
    if (!g_str_equal(encoding, "utf-8"))
        cel_measurement_note(m, "encoding", encoding);
    if (r->data.n_without > 0) {
        g_autofree char *count = g_strdup_printf("%" G_GSIZE_FORMAT, r->data.n_without);
        cel_measurement_note(m, "rows_without_value", count);
    }
    for (guint i = 0; i < r->data.n_warnings; i++) {
        g_autofree char *text = cel_jcamp_describe_warning(&r->data.warnings[i]);
        cel_read_warn(r->out, CEL_PLACE_LINE, r->data.warnings[i].line, "%s", text);
    }
    if (!r->file.blocks[r->block].closed)
        cel_read_warn(r->out, CEL_PLACE_NONE, 0,
                      _("the file ends without ##END=; the points are all there"));
}

/* --- reading -----------------------------------------------------------------------------------
 */

/* A unit that is stated and none of ours is never guessed over. */
static gboolean check_unit(const Reading *r, CelUnit unit, const char *text, GError **error)
{
    if (unit != CEL_N_UNITS || text == NULL || r->in->options->axis_unit != NULL ||
        r->out->kind > CEL_KIND_RAMAN || g_ascii_strcasecmp(text, "ARBITRARY UNITS") == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                _("%s: the axis is in \"%s\", which is no unit of a Raman spectrum; export it in "
                  "1/CM or NANOMETERS, or say the unit with --axis-unit"),
                r->in->name, text);
    return FALSE;
}

static gboolean read_block(Reading *r, GError **error)
{
    CelJcampRemark remark;
    if (!choose_block(r, error) || !set_kind(r, error))
        return FALSE;
    if (!cel_jcamp_decode(&r->file, r->block, CEL_READER_MAX_POINTS, &r->data, &remark))
        return refuse(r, &remark, error);
    g_autofree char *unit_text = label_value(r, r->block, "XUNITS");
    CelReadPoints points = {.x = r->data.x, .y = r->data.y, .n = r->data.n};
    points.unit = settle_unit(r);
    points.unit_text = unit_text != NULL && *unit_text != '\0' ? unit_text : NULL;
    return check_unit(r, points.unit, points.unit_text, error) &&
           cel_read_finish(r->in, &points, r->out, error);
}

/* The whole text in one piece; its lines lie behind one another. */
static gboolean take_text(Reading *r, CelText *text, GError **error)
{
    CelLine first = {0};
    GError *local = NULL;
    if (cel_text_next(text, &first, &local)) {
        r->utf8 = first.start;
        r->n = cel_text_size(text);
    } else if (local != NULL) {
        g_propagate_error(error, local);
        return FALSE;
    } /* else nothing but a byte order mark */
    return TRUE;
}

static gboolean read_jcamp(const CelReadInput *in, CelReadOut *out, GError **error)
{
    g_auto(Reading) reading = {.in = in, .out = out, .utf8 = ""};
    CelJcampRemark remark;
    g_autoptr(CelText) text = cel_text_open(in->bytes, in->name, error);
    if (text == NULL || !take_text(&reading, text, error))
        return FALSE;
    if (!cel_jcamp_split(reading.utf8, reading.n, &reading.file, &remark))
        return refuse(&reading, &remark, error);
    if (!cel_job_step(in->job, N_("Reading"), 0, 0, error) || !read_block(&reading, error))
        return FALSE;
    note_all(&reading, cel_text_encoding(text));
    return TRUE;
}

const CelReader cel_reader_jcamp = {
    .id = "jcamp",
    .title = N_("JCAMP-DX"),
    .validated_on =
        "the official test files BRUKAFFN, BRUKPAC, BRUKSQZ, BRUKDIF, TESTSPEC, PE1800, LABCALC "
        "and SPECFILE (infrared and NMR); XYPOINTS and compound files: those of this program",
    .detect = detect,
    .read = read_jcamp,
};

/* Named by read_jcamp() once it has seen what the file holds. */
static int detect_never(const guint8 *head, gsize n, const char *file_name)
{
    (void)head;
    (void)n;
    (void)file_name;
    return 0;
}

const CelReader cel_reader_jcamp_other = {
    .id = "jcamp-other",
    .title = N_("JCAMP-DX: XYPOINTS, compound files"),
    .validated_on = CEL_READER_UNVALIDATED,
    .detect = detect_never,
    .read = read_jcamp,
};
