/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-table-private.h"

#include "base/cel-error.h"
#include "formats/cel-reader.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { JOB_LINES = 1 << 16, SHOWN_BYTES = 24, FIRST_CAPACITY = 4096 };

/* Whether the decimal sign of a column is rather one between thousands: beside "1,020" stands
 * "950", and nowhere "0,5". Read as decimals the largest values would become the smallest. */
typedef struct {
    gboolean decimals;       /* some number can only be read with the sign as the decimal one */
    gboolean grouped, small; /* "1,020" was met; "950" was met */
} Grouping;

/* The state of one pass over the rows. */
typedef struct {
    CelTable *table;
    CelColumns *columns;
    gsize capacity;
    gsize *slot_of; /* column of the file -> index + 1 of the wanted ones, 0: not wanted */
    double *row;
    Grouping *grouping; /* of each wanted column */
    CelLine line;
    guint64 previous_line; /* of the row before */
    guint64 gap_line;      /* of a row left out after others; 0: none */
    gboolean ended;        /* the mark that ends the numbers was met */
} Pass;

static gboolean refuse(const Pass *pass, GError **error, const char *what)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("%s: line %" G_GUINT64_FORMAT ": %s"),
                cel_text_name(pass->table->text), pass->line.number, what);
    return FALSE;
}

static gboolean refuse_cell(const Pass *pass, gsize column, const CelCell *cell, GError **error)
{
    g_autofree char *raw = g_strndup(cell->start, MIN(cell->length, SHOWN_BYTES));
    g_autofree char *shown = g_utf8_make_valid(raw, -1);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: line %" G_GUINT64_FORMAT ": column %" G_GSIZE_FORMAT " holds \"%s\" where a "
                  "finite number is needed; correct or leave out this line"),
                cel_text_name(pass->table->text), pass->line.number, column + 1, shown);
    return FALSE;
}

static gboolean refuse_ragged(const Pass *pass, gsize cells, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: line %" G_GUINT64_FORMAT " has %" G_GSIZE_FORMAT " columns, line "
                  "%" G_GUINT64_FORMAT " has %" G_GSIZE_FORMAT
                  "; the file is damaged or holds more "
                  "than one table"),
                cel_text_name(pass->table->text), pass->line.number, cells,
                pass->table->first.number, pass->table->n_columns);
    return FALSE;
}

static gboolean refuse_gap(const Pass *pass, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: line %" G_GUINT64_FORMAT " has no value, although lines before and after it "
                  "have; the file is damaged, export it again"),
                cel_text_name(pass->table->text), pass->gap_line);
    return FALSE;
}

static gboolean refuse_order(const Pass *pass, gboolean same, GError **error)
{
    const char *what = same ? _("have the same position %s; each may stand only once")
                            : _("turn the axis round at %s; it must rise or fall all the way");
    g_autofree char *number = g_strdup_printf("%g", pass->row[0]);
    g_autoptr(GString) text = g_string_new(what);
    g_string_replace(text, "%s", number, 1);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: lines %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT " %s"),
                cel_text_name(pass->table->text), pass->previous_line, pass->line.number,
                text->str);
    return FALSE;
}

static void look_at_grouping(Grouping *grouping, const CelCell *cell, char sign)
{
    enum { GROUP = 3 };
    const char *p = cell->start, *end = p + cell->length;
    p += p < end && (*p == '-' || *p == '+');
    const char *at = memchr(p, sign, (gsize)(end - p));
    const char *digits_end = p;
    while (digits_end < end && g_ascii_isdigit(*digits_end))
        digits_end++;
    const gboolean short_enough = digits_end - p >= 1 && digits_end - p <= GROUP && *p != '0';
    if (at == NULL) {
        grouping->small |= short_enough && digits_end == end;
        grouping->decimals |= digits_end - p > GROUP;
        return;
    }
    gsize digits = 0;
    for (const char *q = at + 1; q < end && g_ascii_isdigit(*q); q++)
        digits++;
    if (short_enough && digits_end == at && digits == GROUP && at + 1 + GROUP == end)
        grouping->grouped = TRUE;
    else
        grouping->decimals = TRUE;
}

static gboolean refuse_grouping(const Pass *pass, GError **error)
{
    for (gsize i = 0; i < pass->columns->n; i++) {
        const Grouping *grouping = &pass->grouping[i];
        if (grouping->decimals || !grouping->grouped || !grouping->small)
            continue;
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: column %" G_GSIZE_FORMAT ": it cannot be told whether \"%c\" is the "
                      "decimal sign or stands between thousands (all numbers that have it have "
                      "three digits after it, others have none); export without signs between "
                      "thousands, or with as many decimals in every row"),
                    cel_text_name(pass->table->text), pass->columns->index[i] + 1,
                    pass->table->decimal);
        return FALSE;
    }
    return TRUE;
}

/* Reads the wanted cells of the line into .row. @out_blank: one of them is a gap. */
static gboolean read_row(Pass *pass, gboolean *out_blank, GError **error)
{
    const CelTable *table = pass->table;
    const char *at = pass->line.start, *end = at + pass->line.length;
    gboolean blank = FALSE;
    gsize n = 0;
    CelCell cell = {0};
    for (; cel_table_next_cell(&at, end, table->delimiter, &cell); n++) {
        const gsize slot = n < table->n_columns ? pass->slot_of[n] : 0;
        if (slot == 0)
            continue;
        double *value = &pass->row[slot - 1];
        const gboolean gap = pass->columns->skip_blank && cel_cell_is_gap(&cell);
        blank |= gap;
        if (!gap &&
            (!cel_text_number(cell.start, cell.length, table->decimal, value) || !isfinite(*value)))
            return refuse_cell(pass, n, &cell, error);
        if (!gap && !pass->columns->sure_decimal && !pass->grouping[slot - 1].decimals)
            look_at_grouping(&pass->grouping[slot - 1], &cell, table->decimal);
    }
    const gsize without_last = n > 1 && cell.length == 0 ? n - 1 : n;
    if (n != table->n_columns && without_last != table->n_columns)
        return refuse_ragged(pass, n, error);
    *out_blank = blank;
    return TRUE;
}

static gboolean grow(Pass *pass, GError **error)
{
    CelColumns *columns = pass->columns;
    if (columns->n_rows < pass->capacity)
        return TRUE;
    if (columns->n_rows >= CEL_READER_MAX_POINTS)
        return refuse(pass, error, _("the file has more points than the limit of 16 million"));
    pass->capacity = MIN((gsize)CEL_READER_MAX_POINTS,
                         MAX((gsize)FIRST_CAPACITY, pass->capacity + pass->capacity / 2));
    for (gsize c = 0; c < columns->n; c++) {
        double *larger = g_try_renew(double, columns->values[c], pass->capacity);
        if (larger == NULL)
            return refuse(pass, error, _("not enough memory for a spectrum of this length"));
        columns->values[c] = larger;
    }
    return TRUE;
}

/* The second row says which way the axis runs; every further one must go the same way. */
static gboolean check_order(Pass *pass, GError **error)
{
    CelColumns *columns = pass->columns;
    if (!columns->has_axis || columns->n_rows == 0)
        return TRUE;
    const double step = pass->row[0] - columns->values[0][columns->n_rows - 1];
    if (columns->n_rows == 1)
        columns->falling = step < 0.0;
    if (step == 0.0 || (step < 0.0) != columns->falling)
        return refuse_order(pass, step == 0.0, error);
    return TRUE;
}

static gboolean take_row(Pass *pass, GError **error)
{
    CelColumns *columns = pass->columns;
    gboolean blank = FALSE;
    if (!read_row(pass, &blank, error))
        return FALSE;
    if (blank) {
        columns->n_skipped++;
        pass->gap_line = columns->n_rows > 0 ? pass->line.number : 0;
        return TRUE;
    }
    if (pass->gap_line != 0)
        return refuse_gap(pass, error);
    if (!check_order(pass, error) || !grow(pass, error))
        return FALSE;
    for (gsize c = 0; c < columns->n; c++)
        columns->values[c][columns->n_rows] = pass->row[c];
    columns->n_rows++;
    pass->previous_line = pass->line.number;
    return TRUE;
}

static gboolean is_end(const CelLine *line, const char *mark)
{
    return mark != NULL && line->length >= strlen(mark) &&
           memcmp(line->start, mark, strlen(mark)) == 0;
}

static gboolean take_line(Pass *pass, CelJob *job, GError **error)
{
    const CelLine *line = &pass->line;
    if (line->number % JOB_LINES == 0 &&
        !cel_job_step(job, N_("Reading"), line->position, cel_text_size(pass->table->text), error))
        return FALSE;
    if (is_end(line, pass->columns->end_mark)) {
        pass->ended = TRUE;
        return TRUE;
    }
    if (cel_line_is_comment(line)) {
        pass->table->simulated |= cel_line_is_simulated(line);
        return TRUE;
    }
    return cel_line_is_blank(line) || take_row(pass, error);
}

static void reverse(double *values, gsize n)
{
    for (gsize i = 0; i < n / 2; i++) {
        const double kept = values[i];
        values[i] = values[n - 1 - i];
        values[n - 1 - i] = kept;
    }
}

static gboolean finish(Pass *pass, GError **error)
{
    CelColumns *columns = pass->columns;
    if (columns->n_rows < 2)
        return refuse(pass, error,
                      _("a spectrum needs two points at least; there are fewer up to "
                        "here, the end of the file"));
    if (!refuse_grouping(pass, error))
        return FALSE;
    for (gsize c = 0; c < columns->n; c++) {
        if (columns->falling)
            reverse(columns->values[c], columns->n_rows);
    }
    return TRUE;
}

gboolean cel_table_read(CelTable *table, CelColumns *columns, CelJob *job, GError **error)
{
    g_autofree gsize *slot_of = g_new0(gsize, table->n_columns);
    g_autofree double *row = g_new0(double, columns->n);
    g_autofree Grouping *grouping = g_new0(Grouping, columns->n);
    Pass pass = {
        .table = table, .columns = columns, .slot_of = slot_of, .row = row, .grouping = grouping};
    for (gsize c = 0; c < columns->n; c++) {
        g_return_val_if_fail(columns->index[c] < table->n_columns, FALSE);
        slot_of[columns->index[c]] = c + 1;
    }
    columns->values = g_new0(double *, columns->n);
    GError *local = NULL;
    cel_text_seek(table->text, &table->first);
    while (local == NULL && !pass.ended && cel_text_next(table->text, &pass.line, &local))
        take_line(&pass, job, &local);
    if (local != NULL) {
        g_propagate_error(error, local);
        return FALSE;
    }
    return finish(&pass, error);
}

void cel_columns_clear(CelColumns *columns)
{
    for (gsize c = 0; columns->values != NULL && c < columns->n; c++)
        g_free(columns->values[c]);
    g_clear_pointer(&columns->values, g_free);
}
