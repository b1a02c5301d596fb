/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/jcamp-table.h"

#include "formats/cel-text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A line's abscissa is a check of where its points lie. Writers round it, one official test file by
 * 0.94 steps; from a whole step on a point is missing or too many. */
static const double X_REFUSED_STEPS = 1.0, X_WARNED_STEPS = 0.5;
/* DELTAX is often printed with few digits; a hundredth off is another axis. */
static const double DELTA_TOLERANCE = 0.01;

/* Repetitions are believed up to so many points for a byte of the table, and some for nothing. */
enum { POINTS_A_BYTE = 100, FREE_POINTS = 100 * 1000 };

/* What the labels of a block say in numbers. */
typedef struct {
    double value[CEL_JCAMP_N_LABELS];
    gboolean has[CEL_JCAMP_N_LABELS];
} Labels;

static gboolean refuse(CelJcampRemark *remark, CelJcampCode code, CelJcampLabel label, guint64 line)
{
    *remark = (CelJcampRemark){.code = code, .label = label, .line = line};
    return FALSE;
}

static void warn(CelJcampData *data, CelJcampRemark remark)
{
    if (data->n_warnings < CEL_JCAMP_MAX_WARNINGS)
        data->warnings[data->n_warnings++] = remark;
}

/* --- labels ------------------------------------------------------------------------------------
 */

static gboolean is_allowed(CelJcampLabel label, double value)
{
    switch (label) {
    case CEL_JCAMP_NPOINTS:
        return value >= 1.0 && value <= 1e15 && floor(value) >= value;
    case CEL_JCAMP_XFACTOR:
        return fabs(value) > 0.0;
    case CEL_JCAMP_YFACTOR:
        return value > 0.0;
    default:
        return TRUE;
    }
}

static gboolean read_label(const CelJcampFile *file, guint block, CelJcampLabel label, Labels *out,
                           CelJcampRemark *remark)
{
    static const char *const names[] = {
        [CEL_JCAMP_FIRSTX] = "FIRSTX",   [CEL_JCAMP_LASTX] = "LASTX",
        [CEL_JCAMP_DELTAX] = "DELTAX",   [CEL_JCAMP_NPOINTS] = "NPOINTS",
        [CEL_JCAMP_XFACTOR] = "XFACTOR", [CEL_JCAMP_YFACTOR] = "YFACTOR",
        [CEL_JCAMP_FIRSTY] = "FIRSTY",
    };
    const CelJcampRecord *record = NULL;
    while ((record = cel_jcamp_find(file, block, names[label], record)) != NULL) {
        const CelJcampText text = cel_jcamp_first_line(record->value);
        double value = 0.0;
        if (text.length == 0)
            continue;
        if (!cel_text_number(text.start, text.length, '.', &value) || !isfinite(value) ||
            !is_allowed(label, value)) {
            if (label == CEL_JCAMP_FIRSTY)
                continue;
            return refuse(remark, CEL_JCAMP_LABEL_VALUE, label, record->line);
        }
        if (out->has[label] && fabs(out->value[label] - value) > 0.0)
            return refuse(remark, CEL_JCAMP_LABEL_TWICE, label, record->line);
        out->has[label] = TRUE;
        out->value[label] = value;
    }
    return TRUE;
}

static gboolean read_labels(const CelJcampFile *file, guint block, Labels *out,
                            CelJcampRemark *remark)
{
    *out = (Labels){.value = {[CEL_JCAMP_XFACTOR] = 1.0, [CEL_JCAMP_YFACTOR] = 1.0}};
    for (int label = 0; label < CEL_JCAMP_N_LABELS; label++) {
        if (!read_label(file, block, (CelJcampLabel)label, out, remark))
            return FALSE;
    }
    return TRUE;
}

/* --- which table -------------------------------------------------------------------------------
 */

typedef struct {
    const char *label;
    CelJcampCode refusal; /* OK: read */
} TableName;

static const TableName table_names[] = {
    {"XYDATA", CEL_JCAMP_OK},         {"XYPOINTS", CEL_JCAMP_OK},
    {"NTUPLES", CEL_JCAMP_NTUPLES},   {"DATATABLE", CEL_JCAMP_NTUPLES},
    {"PEAKTABLE", CEL_JCAMP_PEAKS},   {"PEAKASSIGNMENTS", CEL_JCAMP_PEAKS},
    {"RADATA", CEL_JCAMP_TABLE_FORM}, {"XYZDATA", CEL_JCAMP_TABLE_FORM},
    {"ASSIGNMENTS", CEL_JCAMP_PEAKS},
};

gboolean cel_jcamp_has_spectrum(const CelJcampFile *file, guint block)
{
    return cel_jcamp_find(file, block, "XYDATA", NULL) != NULL ||
           cel_jcamp_find(file, block, "XYPOINTS", NULL) != NULL;
}

gboolean cel_jcamp_is_table(CelJcampText label)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table_names); i++) {
        if (cel_jcamp_label_is(label, table_names[i].label))
            return TRUE;
    }
    return FALSE;
}

gboolean cel_jcamp_has_table(const CelJcampFile *file, guint block)
{
    const CelJcampBlock *b = &file->blocks[block];
    for (gsize i = b->first; i < b->end; i++) {
        if (file->records[i].block == block && cel_jcamp_is_table(file->records[i].label))
            return TRUE;
    }
    return FALSE;
}

static const CelJcampRecord *find_table(const CelJcampFile *file, guint block,
                                        CelJcampRemark *remark)
{
    const CelJcampRecord *found = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(table_names); i++) {
        const TableName *name = &table_names[i];
        const CelJcampRecord *record = cel_jcamp_find(file, block, name->label, NULL);
        if (record == NULL || (found != NULL && name->refusal != CEL_JCAMP_OK))
            continue; /* a list of bands beside a spectrum is left aside */
        if (name->refusal != CEL_JCAMP_OK) {
            refuse(remark, name->refusal, 0, record->line);
            return NULL;
        }
        const CelJcampRecord *second =
            found != NULL ? record : cel_jcamp_find(file, block, name->label, record);
        if (second != NULL) {
            refuse(remark, CEL_JCAMP_TWO_TABLES, 0, second->line);
            return NULL;
        }
        found = record;
    }
    if (found == NULL)
        refuse(remark, CEL_JCAMP_NO_DATA, 0, file->records[file->blocks[block].first].line);
    return found;
}

/* The variable list without its blanks. */
static gboolean form_is(CelJcampText text, const char *wanted)
{
    for (gsize i = 0; i < text.length; i++) {
        if (text.start[i] == ' ' || text.start[i] == '\t')
            continue;
        if (*wanted == '\0' || g_ascii_toupper(text.start[i]) != *wanted)
            return FALSE;
        wanted++;
    }
    return *wanted == '\0';
}

/* --- the abscissas -----------------------------------------------------------------------------
 */

/* FIRSTX, and the step that LASTX and NPOINTS give; DELTAX only where those do not. */
static void set_axis(const Labels *labels, CelJcampTable *table)
{
    const double n = labels->value[CEL_JCAMP_NPOINTS];
    table->x_first = labels->value[CEL_JCAMP_FIRSTX];
    table->x_step = labels->value[CEL_JCAMP_DELTAX];
    if (labels->has[CEL_JCAMP_LASTX] && labels->has[CEL_JCAMP_NPOINTS] && n > 1.0)
        table->x_step = (labels->value[CEL_JCAMP_LASTX] - table->x_first) / (n - 1.0);
    table->has_axis = labels->has[CEL_JCAMP_FIRSTX] && fabs(table->x_step) > 0.0;
}

static gboolean check_delta(const Labels *labels, const CelJcampTable *table, CelJcampData *data,
                            CelJcampRemark *remark)
{
    const double delta = fabs(labels->value[CEL_JCAMP_DELTAX]), step = fabs(table->x_step);
    const double off = fabs(delta - step);
    if (!labels->has[CEL_JCAMP_DELTAX] || table->n < 2)
        return TRUE;
    const CelJcampRemark found = {.code = CEL_JCAMP_DELTA_X,
                                  .label = CEL_JCAMP_DELTAX,
                                  .line = data->line,
                                  .expected = table->x_step,
                                  .found = labels->value[CEL_JCAMP_DELTAX]};
    if (off > DELTA_TOLERANCE * step) {
        *remark = found;
        return FALSE;
    }
    if (off * (double)(table->n - 1) > X_WARNED_STEPS * step)
        warn(data, found);
    return TRUE;
}

static gboolean check_lines(const CelJcampTable *table, CelJcampData *data, CelJcampRemark *remark)
{
    const CelJcampRemark *worst = &table->worst_at;
    if (table->worst < X_REFUSED_STEPS) {
        if (table->worst > X_WARNED_STEPS)
            warn(data, *worst);
        return TRUE;
    }
    if (table->worst_plain >= X_WARNED_STEPS) {
        *remark = *worst;
        return FALSE;
    }
    warn(data, (CelJcampRemark){.code = CEL_JCAMP_X_UNSCALED, .line = worst->line});
    return TRUE;
}

static gboolean settle_axis(const Labels *labels, CelJcampTable *table, CelJcampData *data,
                            CelJcampRemark *remark)
{
    if (!labels->has[CEL_JCAMP_FIRSTX])
        return refuse(remark, CEL_JCAMP_LABEL_MISSING, CEL_JCAMP_FIRSTX, data->line);
    if (!labels->has[CEL_JCAMP_LASTX] && !labels->has[CEL_JCAMP_DELTAX] && table->n > 1)
        return refuse(remark, CEL_JCAMP_LABEL_MISSING, CEL_JCAMP_LASTX, data->line);
    if (!table->has_axis && table->n > 1)
        return refuse(remark, CEL_JCAMP_ORDER, 0, data->line);
    if (!check_delta(labels, table, data, remark) || !check_lines(table, data, remark))
        return FALSE;
    table->x = malloc(MAX(table->n, 1) * sizeof *table->x);
    if (table->x == NULL)
        return refuse(remark, CEL_JCAMP_NO_MEMORY, 0, data->line);
    const double last = labels->has[CEL_JCAMP_LASTX]
                            ? labels->value[CEL_JCAMP_LASTX]
                            : table->x_first + table->x_step * (double)(table->n - 1);
    for (gsize i = 0; i < table->n; i++)
        table->x[i] = i + 1 < table->n ? table->x_first + table->x_step * (double)i : last;
    if (table->n == 1)
        table->x[0] = table->x_first;
    return TRUE;
}

/* Pairs carry their own abscissas; FIRSTX then tells whether XFACTOR was meant for them. */
static gboolean check_pairs(const Labels *labels, const CelJcampTable *table, guint64 line,
                            CelJcampRemark *remark)
{
    const double first = labels->value[CEL_JCAMP_FIRSTX];
    const double spacing = table->n > 1 ? fabs(table->x[1] - table->x[0]) : fabs(first);
    if (table->n == 0 || !labels->has[CEL_JCAMP_FIRSTX] ||
        fabs(table->x[0] - first) <= X_WARNED_STEPS * spacing)
        return TRUE;
    *remark = (CelJcampRemark){
        .code = CEL_JCAMP_X_CHECK, .line = line + 1, .expected = first, .found = table->x[0]};
    return FALSE;
}

static gboolean check_order(const CelJcampTable *table, guint64 line, CelJcampRemark *remark)
{
    const double *x = table->x;
    for (gsize i = 1; i < table->n; i++) {
        const gboolean falls = x[1] < x[0];
        if (isfinite(x[i]) && (falls ? x[i] < x[i - 1] : x[i] > x[i - 1]))
            continue;
        *remark = (CelJcampRemark){
            .code = CEL_JCAMP_ORDER, .line = line, .expected = x[i - 1], .found = x[i]};
        return FALSE;
    }
    return TRUE;
}

/* --- one block ---------------------------------------------------------------------------------
 */

static gboolean check_count(const Labels *labels, CelJcampTable *table, CelJcampRemark *remark)
{
    const double n = labels->value[CEL_JCAMP_NPOINTS];
    const gboolean too_many = table->remark.code == CEL_JCAMP_TOO_MANY;
    if (!labels->has[CEL_JCAMP_NPOINTS] || (too_many && (double)table->max < n))
        return !too_many;
    if (!too_many && (double)table->n <= n && (double)table->n >= n)
        return TRUE;
    *remark = (CelJcampRemark){.code = CEL_JCAMP_COUNT,
                               .label = CEL_JCAMP_NPOINTS,
                               .line = table->line,
                               .expected = n,
                               .found = (double)table->n + (too_many ? 1.0 : 0.0)};
    return FALSE;
}

static gboolean read_table(const Labels *labels, CelJcampTable *table, gboolean pairs,
                           CelJcampRemark *remark)
{
    if (labels->has[CEL_JCAMP_NPOINTS] && labels->value[CEL_JCAMP_NPOINTS] < (double)table->max)
        table->max = (gsize)labels->value[CEL_JCAMP_NPOINTS];
    const gboolean read = pairs ? cel_jcamp_read_pairs(table) : cel_jcamp_read_lines(table);
    if (!read)
        *remark = table->remark;
    if (!read && table->remark.code != CEL_JCAMP_TOO_MANY)
        return FALSE;
    return check_count(labels, table, remark);
}

static void note_warnings(const Labels *labels, const CelJcampTable *table, CelJcampData *data)
{
    const double first = labels->value[CEL_JCAMP_FIRSTY];
    const double y = table->n > 0 ? table->y[0] : NAN;
    if (table->open_check)
        warn(data, table->check);
    if (labels->has[CEL_JCAMP_FIRSTY] && isfinite(y) &&
        fabs(y - first) > 1e-3 * fmax(fabs(y), fabs(first)) + 2.0 * table->y_factor)
        warn(data,
             (CelJcampRemark){
                 .code = CEL_JCAMP_FIRST_Y, .line = data->line, .expected = first, .found = y});
}

/* Leaves the points with values and hands the arrays over. */
static gboolean hand_over(CelJcampTable *table, CelJcampData *data, CelJcampRemark *remark)
{
    data->n_without = table->n_lead + table->n_tail;
    data->n = table->n - data->n_without;
    data->compressed = table->compressed;
    if (data->n == 0)
        return refuse(remark, CEL_JCAMP_NO_DATA, 0, data->line);
    memmove(table->x, table->x + table->n_lead, data->n * sizeof *table->x);
    memmove(table->y, table->y + table->n_lead, data->n * sizeof *table->y);
    data->x = g_steal_pointer(&table->x);
    data->y = g_steal_pointer(&table->y);
    return TRUE;
}

static gboolean decode_table(const Labels *labels, CelJcampTable *table, CelJcampData *data,
                             CelJcampRemark *remark)
{
    if (!data->pairs && !labels->has[CEL_JCAMP_NPOINTS])
        return refuse(remark, CEL_JCAMP_LABEL_MISSING, CEL_JCAMP_NPOINTS, data->line);
    if (!read_table(labels, table, data->pairs, remark))
        return FALSE;
    note_warnings(labels, table, data);
    const gboolean placed = data->pairs ? check_pairs(labels, table, data->line, remark)
                                        : settle_axis(labels, table, data, remark);
    return placed && check_order(table, data->line, remark) && hand_over(table, data, remark);
}

/* A few bytes can stand for any number of repetitions; no spectrum is that constant. */
static gsize most_points(gsize bytes, gsize max_points)
{
    return bytes < max_points / POINTS_A_BYTE ? MIN(max_points, FREE_POINTS + bytes * POINTS_A_BYTE)
                                              : max_points;
}

gboolean cel_jcamp_decode(const CelJcampFile *file, guint block, gsize max_points,
                          CelJcampData *out, CelJcampRemark *remark)
{
    Labels labels;
    *out = (CelJcampData){0};
    *remark = (CelJcampRemark){0};
    const CelJcampRecord *record = find_table(file, block, remark);
    if (record == NULL || !read_labels(file, block, &labels, remark))
        return FALSE;
    const CelJcampText form = cel_jcamp_first_line(record->value);
    out->pairs = form_is(form, "(XY..XY)");
    out->line = record->line;
    if (!out->pairs && !form_is(form, "(X++(Y..Y))"))
        return refuse(remark, CEL_JCAMP_TABLE_FORM, 0, record->line);
    CelJcampTable table = {.at = form.start + form.length,
                           .end = record->value.start + record->value.length,
                           .line = record->line - 1,
                           .max = most_points(record->value.length, max_points),
                           .x_factor = labels.value[CEL_JCAMP_XFACTOR],
                           .y_factor = labels.value[CEL_JCAMP_YFACTOR]};
    set_axis(&labels, &table);
    const gboolean good = decode_table(&labels, &table, out, remark);
    free(table.x);
    free(table.y);
    return good;
}

void cel_jcamp_data_clear(CelJcampData *data)
{
    free(data->x);
    free(data->y);
    *data = (CelJcampData){0};
}
