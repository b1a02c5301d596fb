/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-import-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* No Raman instrument works outside these: the shortest laser in use is 193 nm (ArF), and the C-H
 * and O-H stretches (below 4000 cm-1) of a 1319 nm laser end at 2790 nm. Between them a number can
 * be either unit. */
static const double NM_MIN = 180.0, NM_MAX = 2800.0;
/* A Raman spectrograph sees some 4500 cm-1 on one side of its laser and little of the other;
 * numbers
 * that as wavelengths would span more than this are shifts. */
static const double NM_WIDEST_CM1 = 7000.0;
/* The highest fundamental is that of H2 at 4161 cm-1; instruments show a little more. Larger
 * numbers are absolute wavenumbers (9400 for 1064 nm, 18800 for 532 nm). */
static const double SHIFT_MAX = 6000.0;

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
    if (!cel_unit_from_name(import->options->axis_unit, &unit)) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_USAGE,
            _("There is no axis unit \"%s\"; there are cm-1, nm_air, nm_vacuum, nm_unstated "
              "and pixel"),
            import->options->axis_unit);
        return FALSE;
    }
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

gboolean cel_import_choose_axis(const CelImport *import, CelPlan *plan, GError **error)
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

static gboolean refuse_range(const CelImport *import, const CelColumns *columns, const char *why,
                             GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                _("%s: line %" G_GUINT64_FORMAT " and after: the axis runs from %g to %g; %s"),
                cel_text_name(import->table->text), import->table->first.number,
                columns->values[0][0], columns->values[0][columns->n_rows - 1], why);
    return FALSE;
}

static gboolean counts_up(const CelColumns *columns)
{
    const double *x = columns->values[0];
    for (gsize i = 1; i < columns->n_rows; i++) {
        if (x[i] - x[i - 1] != 1.0)
            return FALSE;
    }
    return x[0] == 0.0 || x[0] == 1.0;
}

/* Whether the numbers could be wavelengths of a Raman spectrum, as far as the laser is known. */
static gboolean can_be_nm(double first, double last, double laser_nm)
{
    if (first < NM_MIN || last > NM_MAX || 1e7 / first - 1e7 / last > NM_WIDEST_CM1)
        return FALSE;
    if (!(laser_nm > 0.0))
        return TRUE;
    return 1e7 / laser_nm - 1e7 / first > -NM_WIDEST_CM1 &&
           1e7 / laser_nm - 1e7 / last < NM_WIDEST_CM1;
}

static gboolean guess_unit(const CelImport *import, CelPlan *plan, const CelColumns *columns,
                           GError **error)
{
    const double first = columns->values[0][0], last = columns->values[0][columns->n_rows - 1];
    if (counts_up(columns))
        return refuse_range(import, columns,
                            _("these may be numbers of pixels; say the unit with --axis-unit pixel "
                              "or --axis-unit cm-1"),
                            error);
    if (can_be_nm(first, last, import->options->laser_nm))
        return refuse_range(import, columns,
                            _("this can be nm or cm-1 and nothing in the file says which; say it "
                              "with --axis-unit cm-1 or --axis-unit nm_unstated"),
                            error);
    plan->guessed = TRUE;
    plan->unit = CEL_UNIT_SHIFT_CM1; /* no wavelength of an instrument: the other one remains */
    return TRUE;
}

gboolean cel_import_settle_unit(const CelImport *import, CelPlan *plan, const CelColumns *columns,
                                GError **error)
{
    const double first = columns->values[0][0], last = columns->values[0][columns->n_rows - 1];
    if (plan->guess && !guess_unit(import, plan, columns, error))
        return FALSE;
    if (plan->unit == CEL_UNIT_PIXEL)
        return TRUE;
    if (plan->unit == CEL_UNIT_SHIFT_CM1 && (last > SHIFT_MAX || first < -SHIFT_MAX))
        return refuse_range(import, columns,
                            _("these are no Raman shifts but perhaps absolute wavenumbers; export "
                              "the Raman shift or the wavelength"),
                            error);
    if (plan->unit != CEL_UNIT_SHIFT_CM1 && (first < NM_MIN || last > NM_MAX))
        return refuse_range(import, columns,
                            _("these are no wavelengths in nm of a Raman spectrum, although they "
                              "are said to be; look at the unit, or say it with --axis-unit"),
                            error);
    return TRUE;
}
