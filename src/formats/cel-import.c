/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-import-private.h"

#include "base/cel-error.h"
#include "base/cel-number.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

void cel_import_clear(CelImport *import)
{
    g_clear_pointer(&import->table, cel_table_free);
}

gboolean cel_import_open(CelImport *import, const CelReadInput *in, CelReadOut *out, GError **error)
{
    *import = (CelImport){.in = in, .out = out, .options = in->options, .fixed_unit = CEL_N_UNITS};
    CelText *text = cel_text_open(in->bytes, in->name, error);
    import->table = text != NULL ? cel_table_open(text, error) : NULL;
    return import->table != NULL;
}

gboolean cel_import_ours(const CelImport *import)
{
    const GPtrArray *header = import->table->header;
    if (header->len == 0)
        return FALSE;
    const CelHeaderLine *first = g_ptr_array_index(header, 0);
    return first->key[0] == '\0' && g_str_equal(first->value, CEL_CSV_MARK);
}

const char *cel_import_value(const CelImport *import, const char *key)
{
    const char *value = cel_table_value(import->table, key);
    return value != NULL && *value != '\0' ? value : NULL;
}

gboolean cel_import_number(const CelImport *import, const char *key, double *out_value)
{
    const char *value = cel_import_value(import, key);
    double number = 0.0;
    if (value == NULL || !cel_number_parse(value, strlen(value), import->table->decimal, &number) ||
        !isfinite(number))
        return FALSE;
    *out_value = number;
    return TRUE;
}

CelWord cel_import_word(const CelImport *import, gsize column)
{
    const CelTable *table = import->table;
    return table->titles != NULL ? cel_word_classify(table->titles[column]) : CEL_WORD_UNKNOWN;
}

static gssize find_word(const CelImport *import, CelWord word)
{
    for (gsize c = 0; c < import->table->n_columns; c++) {
        if (cel_import_word(import, c) == word)
            return (gssize)c;
    }
    return -1;
}

/* --- the intensity -----------------------------------------------------------------------------
 */

/* Refused, or read for looking only. */
static gboolean say_infrared(const CelImport *import, guint64 line, const char *word,
                             GError **error)
{
    g_autoptr(GError) local = NULL;
    if (cel_read_set_kind(import->in, import->out, CEL_KIND_INFRARED, word, &local))
        return TRUE;
    return cel_read_refuse(import->in, CEL_PLACE_LINE, line, error,
                           _("this is an infrared or absorption spectrum, not Raman; its bands "
                             "have other strengths and must not be compared with Raman spectra"));
}

static gboolean choose_by_option(const CelImport *import, CelPlan *plan, GError **error)
{
    const gsize column = plan->axis + (gsize)import->options->column;
    if (import->options->column < 0 || column >= import->table->n_columns) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("%s: line %" G_GUINT64_FORMAT " has %" G_GSIZE_FORMAT " columns after the "
                      "axis; column %d is not among them"),
                    cel_text_name(import->table->text), import->table->first.number,
                    import->table->n_columns - plan->axis - 1, import->options->column);
        return FALSE;
    }
    plan->y = column;
    return TRUE;
}

/* The first column that says it is an intensity, best kind first; else the first after the axis
 * that does not say it is something else. */
static gboolean choose_by_title(const CelImport *import, CelPlan *plan, GError **error)
{
    static const CelWord kinds[] = {CEL_WORD_PROCESSED, CEL_WORD_INTENSITY, CEL_WORD_RAW};
    const gssize raw = find_word(import, CEL_WORD_RAW), dark = find_word(import, CEL_WORD_DARK);
    const gssize processed = find_word(import, CEL_WORD_PROCESSED);
    if (raw >= 0 && dark >= 0 && !(import->prefer_processed && processed >= 0)) {
        plan->y = (gsize)raw;
        plan->dark = dark;
        return TRUE;
    }
    for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
        const gssize found = find_word(import, kinds[k]);
        if (found >= 0 && (gsize)found != plan->axis) {
            plan->y = (gsize)found;
            return TRUE;
        }
    }
    const gssize infrared = find_word(import, CEL_WORD_INFRARED);
    if (infrared >= 0) {
        plan->y = (gsize)infrared;
        return say_infrared(import, import->table->first.number - 1,
                            import->table->titles[infrared], error);
    }
    plan->y = plan->axis + 1;
    while (plan->y < import->table->n_columns &&
           cel_import_word(import, plan->y) != CEL_WORD_UNKNOWN)
        plan->y++;
    plan->y = plan->y < import->table->n_columns ? plan->y : plan->axis == 0;
    return TRUE;
}

/* Of several columns of equal standing the first is taken, but not silently. */
static void warn_of_others(const CelImport *import, CelPlan *plan)
{
    const CelWord taken = cel_import_word(import, plan->y);
    for (gsize c = 0; c < import->table->n_columns; c++)
        plan->n_likely += c != plan->axis && cel_import_word(import, c) == taken;
    if (plan->n_likely > 1)
        cel_read_warn(import->out, CEL_PLACE_LINE, import->table->first.number,
                      _("%" G_GSIZE_FORMAT
                        " columns may be the intensities; column %" G_GSIZE_FORMAT
                        " was taken. Say which with --column"),
                      plan->n_likely, plan->y + 1);
}

static gboolean choose_values(const CelImport *import, CelPlan *plan, GError **error)
{
    if (import->options->column != 0)
        return choose_by_option(import, plan, error);
    if (import->y_column > 0) {
        plan->y = import->y_column;
        return TRUE;
    }
    if (!choose_by_title(import, plan, error))
        return FALSE;
    warn_of_others(import, plan);
    plan->deviation = find_word(import, CEL_WORD_DEVIATION);
    plan->mask = find_word(import, CEL_WORD_MASK);
    return TRUE;
}

static gboolean check_header(const CelImport *import, GError **error)
{
    const GPtrArray *header = import->table->header;
    for (guint i = 0; i < header->len; i++) {
        const CelHeaderLine *entry = g_ptr_array_index(header, i);
        if (!cel_import_ours(import) && cel_word_is_infrared(entry->key, entry->value))
            return say_infrared(import, entry->line, entry->value, error);
        if (!cel_import_ours(import) && cel_word_is_other_kind(entry->key, entry->value))
            return cel_read_set_kind(import->in, import->out, CEL_KIND_OTHER, entry->value, error);
        if (cel_word_is_raman(entry->key, entry->value))
            import->out->kind = CEL_KIND_RAMAN;
    }
    return TRUE;
}

/* --- reading -----------------------------------------------------------------------------------
 */

static gboolean refuse_single(const CelImport *import, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: line %" G_GUINT64_FORMAT
                  ": there is one column only, so the positions of the "
                  "points are not known; export with the axis, or read it as pixels with "
                  "--axis-unit pixel (it can then not be identified)"),
                cel_text_name(import->table->text), import->table->first.number);
    return FALSE;
}

static gboolean make_plan(const CelImport *import, CelPlan *plan, GError **error)
{
    *plan = (CelPlan){.dark = -1, .deviation = -1, .mask = -1};
    if (!check_header(import, error))
        return FALSE;
    if (import->table->n_columns == 1) {
        plan->single = TRUE;
        plan->unit = CEL_UNIT_PIXEL;
        return g_strcmp0(import->options->axis_unit, "pixel") == 0 || refuse_single(import, error);
    }
    return cel_import_choose_axis(import, plan, error) && choose_values(import, plan, error);
}

/* Lists the wanted columns; the optional ones keep their place in @columns in @plan. */
static gsize list_columns(CelPlan *plan, gsize *index)
{
    gsize n = 0;
    if (!plan->single)
        index[n++] = plan->axis;
    index[n++] = plan->y;
    gssize *const optional[] = {&plan->dark, &plan->deviation, &plan->mask};
    for (gsize i = 0; i < G_N_ELEMENTS(optional); i++) {
        if (*optional[i] < 0)
            continue;
        index[n] = (gsize)*optional[i];
        *optional[i] = (gssize)n++;
    }
    return n;
}

static gboolean take_variance(const CelImport *import, const CelPlan *plan, CelColumns *columns,
                              GError **error)
{
    if (plan->deviation >= 0) {
        double *sd = columns->values[plan->deviation];
        for (gsize i = 0; i < columns->n_rows; i++) {
            if (sd[i] < 0.0 || sd[i] > 1e150) {
                g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                            _("%s: a standard deviation cannot be %g (point %" G_GSIZE_FORMAT
                              " after line %" G_GUINT64_FORMAT ")"),
                            cel_text_name(import->table->text), sd[i], i + 1,
                            import->table->first.number);
                return FALSE;
            }
            sd[i] *= sd[i];
        }
        import->out->variance = g_steal_pointer(&columns->values[plan->deviation]);
    }
    if (plan->mask >= 0) {
        guint8 *mask = import->out->mask = g_new0(guint8, columns->n_rows);
        for (gsize i = 0; i < columns->n_rows; i++)
            mask[i] = (guint8)CLAMP(columns->values[plan->mask][i], 0.0, 255.0);
    }
    return TRUE;
}

static CelMeasurement *build(const CelImport *import, const CelPlan *plan, CelColumns *columns,
                             GError **error)
{
    const gsize n = columns->n_rows;
    const gsize y = plan->single ? 0 : 1;
    g_autoptr(CelMeasurement) m = cel_measurement_new(n, 1, plan->dark >= 0);
    memcpy(m->frames, columns->values[y], n * sizeof *m->frames);
    g_clear_pointer(&columns->values[y], g_free);
    if (plan->dark >= 0)
        memcpy(m->dark_frames, columns->values[plan->dark], n * sizeof *m->dark_frames);
    g_autoptr(GError) local = NULL;
    m->imported_axis = plan->single ? cel_axis_new_pixels(n, &local)
                                    : cel_axis_new(plan->unit, columns->values[0], n, &local);
    if (m->imported_axis == NULL) {
        g_set_error(
            error, CEL_ERROR, local->code, _("%s: line %" G_GUINT64_FORMAT " and after: %s"),
            cel_text_name(import->table->text), import->table->first.number, local->message);
        return NULL;
    }
    return g_steal_pointer(&m);
}

gboolean cel_import_read(CelImport *import, GError **error)
{
    CelPlan plan;
    gsize index[5];
    if (!make_plan(import, &plan, error))
        return FALSE;
    const CelPlan named = plan;
    g_auto(CelColumns) columns = {.index = index,
                                  .has_axis = !plan.single,
                                  .sure_decimal = cel_import_ours(import),
                                  .skip_blank = import->skip_blank,
                                  .end_mark = import->end_mark};
    columns.n = list_columns(&plan, index);
    if (!cel_table_read(import->table, &columns, import->in->job, error))
        return FALSE;
    if (!plan.single && !cel_import_settle_unit(import, &plan, &columns, error))
        return FALSE;
    if (!take_variance(import, &plan, &columns, error))
        return FALSE;
    CelMeasurement *m = import->out->measurement = build(import, &plan, &columns, error);
    if (m == NULL)
        return FALSE;
    plan.dark = named.dark; /* as columns of the file again */
    cel_import_note(import, &plan, &columns, m);
    cel_read_note_spectrum(import->in, import->out);
    return TRUE;
}
