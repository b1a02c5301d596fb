/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-import-private.h"

#include "base/cel-number.h"
#include "formats/cel-readers.h"

#include <math.h>
#include <string.h>

/* What only the engine may say about a spectrum: no file sets it. */
static const char *const reserved[] = {CEL_META_AXIS_CHECK, CEL_META_FORMAT, CEL_META_SOURCE,
                                       "simulated",         "unit",          NULL};

static const double SAME_LASER_NM = 0.6; /* 785 and 784.5 are one laser, 532 and 514 are not */

static void find_laser(const CelImport *import, CelMeasurement *m)
{
    const GPtrArray *header = import->table->header;
    double found = 0.0;
    gboolean conflict = FALSE;
    for (guint i = 0; i < header->len; i++) {
        const CelHeaderLine *entry = g_ptr_array_index(header, i);
        double nm = 0.0;
        const gboolean own = cel_import_ours(import) &&
                             g_str_equal(entry->key, CEL_META_LASER_NM) &&
                             cel_number_parse(entry->value, strlen(entry->value), '.', &nm);
        if (!own && !cel_word_laser(entry->key, entry->value, &nm))
            continue;
        conflict |= found > 0.0 && fabs(nm - found) > SAME_LASER_NM;
        found = found > 0.0 ? found : nm;
    }
    cel_read_laser(import->options, found, conflict, m);
}

/* A line of our own: the key stands for itself, written with %XX for what would break a line. */
static void note_own(const CelHeaderLine *entry, CelMeasurement *m)
{
    g_autofree char *key = g_uri_unescape_string(entry->key, NULL);
    g_autofree char *value = g_uri_unescape_string(entry->value, NULL);
    if (key == NULL || value == NULL || *key == '\0' || g_strv_contains(reserved, key) ||
        !g_utf8_validate(key, -1, NULL) || !g_utf8_validate(value, -1, NULL))
        return;
    double number = NAN;
    cel_measurement_note(m, key, value);
    cel_number_parse(value, strlen(value), '.', &number);
    cel_read_set_field(m, key, value, number);
}

static void note_header(const CelImport *import, CelMeasurement *m)
{
    const CelTable *table = import->table;
    const gboolean ours = cel_import_ours(import);
    const guint n = table->header->len - (table->titles != NULL ? 1 : 0);
    for (guint i = 0; i < n; i++) {
        const CelHeaderLine *entry = g_ptr_array_index(table->header, i);
        const CelReadHeader header = {entry->key, entry->value, entry->line, table->decimal};
        if (ours)
            note_own(entry, m);
        else
            cel_read_header(m, &header);
    }
}

static void append_column(const CelImport *import, GString *out, const char *what, gsize column)
{
    const CelTable *table = import->table;
    g_string_append_printf(out, "; %s: column %" G_GSIZE_FORMAT, what, column + 1);
    if (table->titles != NULL)
        g_string_append_printf(out, " \"%s\"", table->titles[column]);
}

static void note_columns(const CelImport *import, const CelPlan *plan, CelMeasurement *m)
{
    const CelTable *table = import->table;
    const char *delimiter = table->delimiter == '\t'  ? "tab"
                            : table->delimiter == ' ' ? "blanks"
                            : table->delimiter == ';' ? "semicolon"
                                                      : "comma";
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text,
                           "guessed: %s between columns, decimal %s; %" G_GSIZE_FORMAT " columns",
                           delimiter, table->decimal == '.' ? "point" : "comma", table->n_columns);
    if (!plan->single)
        append_column(import, text, "axis", plan->axis);
    append_column(import, text, "intensity", plan->y);
    if (plan->dark >= 0)
        append_column(import, text, "dark", (gsize)plan->dark);
    cel_measurement_note(m, "columns", text->str);
    if (plan->n_likely <= 1)
        return;
    g_autofree char *choice = g_strdup_printf("%" G_GSIZE_FORMAT " of the file (%" G_GSIZE_FORMAT
                                              " may be it; none was asked for)",
                                              plan->y + 1, plan->n_likely);
    cel_measurement_note(m, CEL_META_COLUMN_CHOICE, choice);
}

static void note_axis(const CelImport *import, const CelPlan *plan, const CelColumns *columns,
                      CelMeasurement *m)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (plan->guessed)
        g_string_append(text, "guessed ");
    if (import->options->axis_unit != NULL)
        g_string_append(text, "given on import: ");
    g_string_append(text, cel_unit_name(plan->unit));
    if (plan->overruled)
        g_string_append_printf(text, " (the file says \"%s\")", import->table->titles[plan->axis]);
    if (!cel_import_ours(import) || plan->overruled)
        cel_measurement_note(m, "axis_unit", text->str);
    if (columns->falling)
        cel_measurement_note(m, "axis_order", "falling in the file, reversed");
    if (columns->n_skipped > 0) {
        g_autofree char *count = cel_number_format((double)columns->n_skipped);
        cel_measurement_note(m, "rows_without_value", count);
    }
}

void cel_import_note(const CelImport *import, const CelPlan *plan, const CelColumns *columns,
                     CelMeasurement *m)
{
    const CelTable *table = import->table;
    note_header(import, m);
    find_laser(import, m);
    note_axis(import, plan, columns, m);
    if (!cel_import_ours(import))
        note_columns(import, plan, m);
    if (!g_str_equal(cel_text_encoding(table->text), "utf-8"))
        cel_measurement_note(m, "encoding", cel_text_encoding(table->text));
    g_strlcpy(m->instrument.driver, "import", sizeof m->instrument.driver);
    m->instrument.saturation_counts = import->saturation_counts;
    m->laser_mw_nominal = TRUE;
    cel_read_check_simulated(m, table->simulated);
}
