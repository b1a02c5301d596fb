/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-import-private.h"

#include "base/cel-error.h"
#include "formats/cel-read-unit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static CelUnit nm_unit(const char *text)
{
    g_autofree char *plain = cel_word_plain(text);
    if (strstr(plain, "vac") != NULL || strstr(plain, "真空") != NULL)
        return CEL_UNIT_NM_VACUUM;
    if (strstr(plain, "air") != NULL || strstr(plain, "空气") != NULL)
        return CEL_UNIT_NM_AIR;
    return CEL_UNIT_NM_UNSTATED;
}

static gboolean refuse_conflict(const CelImport *import, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                _("%s: line %" G_GUINT64_FORMAT
                  ": the header names both nm and cm-1 for the axis; say "
                  "which with --axis-unit cm-1 or --axis-unit nm_unstated"),
                cel_text_name(import->table->text),
                import->table->first.number > 1 ? import->table->first.number - 1 : 1);
    return FALSE;
}

/* What the title of the chosen axis says that no unit of ours can stand for. */
static gboolean check_axis_title(const CelImport *import, const CelPlan *plan, GError **error)
{
    const char *title = import->table->titles != NULL ? import->table->titles[plan->axis] : "";
    if (cel_word_is_other_axis(title) &&
        !cel_read_set_kind(import->in, import->out, CEL_KIND_OTHER, title, error))
        return FALSE;
    if (import->options->axis_unit != NULL || import->out->kind > CEL_KIND_RAMAN ||
        !cel_word_is_other_unit(title))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                _("%s: line %" G_GUINT64_FORMAT
                  ": the axis is \"%s\", a unit that is not read; export the Raman shift in cm-1"),
                cel_text_name(import->table->text), import->table->first.number - 1, title);
    return FALSE;
}

static void set_unit(CelPlan *plan, CelWord word, const char *text)
{
    plan->guess = FALSE;
    plan->absolute_possible = word == CEL_WORD_WAVENUMBER;
    plan->unit = word == CEL_WORD_NM      ? nm_unit(text)
                 : word == CEL_WORD_PIXEL ? CEL_UNIT_PIXEL
                                          : CEL_UNIT_SHIFT_CM1;
}

/* The best axis column by title. */
static CelWord choose_titled(const CelImport *import, CelPlan *plan)
{
    static const CelWord kinds[] = {CEL_WORD_SHIFT, CEL_WORD_WAVENUMBER, CEL_WORD_NM,
                                    CEL_WORD_CONFLICT, CEL_WORD_PIXEL};
    for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
        for (gsize c = 0; c < import->table->n_columns; c++) {
            if (cel_import_word(import, c) != kinds[k])
                continue;
            plan->axis = c;
            set_unit(plan, kinds[k], import->table->titles[c]);
            return kinds[k];
        }
    }
    return CEL_WORD_UNKNOWN;
}

static gboolean choose_by_name(const CelHeaderLine *entry, CelPlan *plan)
{
    CelUnit unit;
    g_autofree char *plain = cel_word_plain(entry->key);
    if (!(g_str_equal(plain, "unit") || g_str_equal(plain, "axisunit")) ||
        !cel_unit_from_name(entry->value, &unit))
        return FALSE;
    plan->guess = FALSE;
    plan->unit = unit;
    return TRUE;
}

/* What header lines about the axis say; two units make a conflict. */
static CelWord choose_by_header(const CelImport *import, CelPlan *plan)
{
    const GPtrArray *header = import->table->header;
    CelWord said = CEL_WORD_UNKNOWN;
    for (guint i = 0; i < header->len; i++) {
        const CelHeaderLine *entry = g_ptr_array_index(header, i);
        if (choose_by_name(entry, plan))
            return CEL_WORD_SHIFT;
        const CelWord word =
            cel_word_is_axis_key(entry->key) ? cel_word_axis(entry->value) : CEL_WORD_UNKNOWN;
        if (word == CEL_WORD_UNKNOWN)
            continue;
        if (said != CEL_WORD_UNKNOWN && (said == CEL_WORD_NM) != (word == CEL_WORD_NM))
            return CEL_WORD_CONFLICT;
        said = word;
        set_unit(plan, word, entry->value);
    }
    return said;
}

/* A line of titles that does not fall into as many cells as there are columns. */
static CelWord choose_by_line(const CelImport *import, CelPlan *plan)
{
    const CelTable *table = import->table;
    if (table->titles != NULL || table->last_text == NULL)
        return CEL_WORD_UNKNOWN;
    const CelHeaderLine *last = g_ptr_array_index(table->header, table->header->len - 1);
    const CelWord word = last->key[0] == '\0' ? cel_word_axis(last->value) : CEL_WORD_UNKNOWN;
    if (word != CEL_WORD_UNKNOWN)
        set_unit(plan, word, last->value);
    return word;
}

static CelWord choose_by_file(const CelImport *import, CelPlan *plan)
{
    CelPlan other = *plan;
    CelWord word = choose_titled(import, plan);
    const CelWord header = choose_by_header(import, &other);
    if (header == CEL_WORD_CONFLICT)
        return CEL_WORD_CONFLICT;
    if (word == CEL_WORD_UNKNOWN && header != CEL_WORD_UNKNOWN) {
        *plan = other;
        return header;
    }
    if (header != CEL_WORD_UNKNOWN && word != CEL_WORD_CONFLICT &&
        cel_import_word(import, plan->axis) == CEL_WORD_NM && other.unit != CEL_UNIT_SHIFT_CM1)
        plan->unit = other.unit; /* a title "nm" and a header that says in which medium */
    return word != CEL_WORD_UNKNOWN ? word : choose_by_line(import, plan);
}

/* The person's unit: the column that is titled so, else the first; what it overrules is noted. */
static gboolean choose_forced(const CelImport *import, CelPlan *plan, GError **error)
{
    CelUnit unit;
    if (!cel_read_unit_forced(import->options->axis_unit, &unit, error))
        return FALSE;
    const CelWord wanted = unit == CEL_UNIT_PIXEL       ? CEL_WORD_PIXEL
                           : unit == CEL_UNIT_SHIFT_CM1 ? CEL_WORD_SHIFT
                                                        : CEL_WORD_NM;
    for (gsize c = import->table->n_columns; c-- > 0;) {
        const CelWord word = cel_import_word(import, c);
        if (word == wanted || (wanted == CEL_WORD_SHIFT && word == CEL_WORD_WAVENUMBER))
            plan->axis = c;
    }
    const CelWord said = cel_import_word(import, plan->axis);
    plan->overruled = said != wanted && said >= CEL_WORD_SHIFT && said <= CEL_WORD_PIXEL &&
                      said != CEL_WORD_WAVENUMBER;
    plan->unit = unit;
    return TRUE;
}

static gboolean choose(const CelImport *import, CelPlan *plan, GError **error)
{
    plan->axis = 0;
    plan->guess = FALSE;
    if (import->options->axis_unit != NULL)
        return choose_forced(import, plan, error);
    plan->unit = import->fixed_unit;
    if (plan->unit != CEL_N_UNITS)
        return TRUE;
    plan->guess = TRUE;
    return choose_by_file(import, plan) != CEL_WORD_CONFLICT || refuse_conflict(import, error);
}

gboolean cel_import_choose_axis(const CelImport *import, CelPlan *plan, GError **error)
{
    return choose(import, plan, error) && check_axis_title(import, plan, error);
}

gboolean cel_import_settle_unit(const CelImport *import, CelPlan *plan, const CelColumns *columns,
                                GError **error)
{
    const double *x = columns->values[0];
    if (import->out->kind > CEL_KIND_RAMAN) { /* only to be looked at */
        if (plan->guess)
            plan->unit = CEL_UNIT_PIXEL;
        return TRUE;
    }
    CelUnit unit = plan->guess ? CEL_N_UNITS : plan->unit;
    const char *why = cel_read_unit_objection(&unit, x, columns->n_rows, import->options->laser_nm);
    plan->guessed = plan->guess;
    plan->unit = unit;
    if (why == NULL)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                _("%s: line %" G_GUINT64_FORMAT " and after: the axis runs from %g to %g; %s"),
                cel_text_name(import->table->text), import->table->first.number, x[0],
                x[columns->n_rows - 1], why);
    return FALSE;
}
