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

static void note_laser(const CelImport *import, double in_file, gboolean conflict,
                       CelMeasurement *m)
{
    const double said = import->options->laser_nm;
    if (conflict)
        cel_measurement_note(m, "laser_in_file",
                             "the header names different lasers; none was taken");
    else if (in_file > 0.0) {
        g_autofree char *text = cel_number_format(in_file);
        cel_measurement_note(m, "laser_in_file", text);
    }
    m->calibration.laser_nm = said > 0.0 ? said : conflict ? 0.0 : in_file;
    if (said > 0.0)
        cel_measurement_note(m, "laser_from", "given on import");
}

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
    note_laser(import, found, conflict, m);
}

static void set_text(char *field, gsize size, const char *value)
{
    if (strlen(value) < size)
        g_strlcpy(field, value, size);
}

/* Fields of the record that cel_measurement_spectrum() writes back into metadata. */
static void set_number(CelMeasurement *m, const char *meta, double value)
{
    if (g_str_equal(meta, CEL_META_INTEGRATION_MS) && value > 0.0)
        m->integration_ms = value;
    if (g_str_equal(meta, CEL_META_LASER_MW) && value > 0.0)
        m->laser_mw = value;
    if (g_str_equal(meta, CEL_META_TEMPERATURE_C)) {
        m->detector_celsius = value;
        m->has_temperature = TRUE;
    }
}

static void set_known(const CelImport *import, const CelMetaKey *known, const char *value,
                      CelMeasurement *m)
{
    double number = 0.0;
    if (known->factor != 0.0) {
        if (cel_number_parse(value, strlen(value), import->table->decimal, &number) &&
            isfinite(number))
            set_number(m, known->meta, number * known->factor);
        return;
    }
    if (*value == '\0' || g_tree_lookup(m->notes, known->meta) != NULL)
        return;
    cel_measurement_note(m, known->meta, value);
    if (g_str_equal(known->meta, CEL_META_INSTRUMENT))
        set_text(m->instrument.model, sizeof m->instrument.model, value);
    if (g_str_equal(known->meta, CEL_META_SERIAL))
        set_text(m->instrument.serial, sizeof m->instrument.serial, value);
}

static void note_foreign(const CelImport *import, const CelHeaderLine *entry, CelMeasurement *m)
{
    g_autoptr(GString) key = g_string_new("file.");
    g_string_append(key, entry->key);
    if (entry->key[0] == '\0' || g_tree_lookup(m->notes, key->str) != NULL)
        g_string_append_printf(key, "%sline %" G_GUINT64_FORMAT, entry->key[0] != '\0' ? " " : "",
                               entry->line);
    cel_measurement_note(m, key->str, entry->value);
    const CelMetaKey *known = cel_word_meta(entry->key);
    if (known != NULL)
        set_known(import, known, entry->value, m);
}

/* A line of our own: the key stands for itself, written with %XX for what would break a line. */
static void note_own(const CelImport *import, const CelHeaderLine *entry, CelMeasurement *m)
{
    (void)import;
    g_autofree char *key = g_uri_unescape_string(entry->key, NULL);
    g_autofree char *value = g_uri_unescape_string(entry->value, NULL);
    if (key == NULL || value == NULL || *key == '\0' || g_strv_contains(reserved, key) ||
        !g_utf8_validate(key, -1, NULL) || !g_utf8_validate(value, -1, NULL))
        return;
    double number = 0.0;
    cel_measurement_note(m, key, value);
    if (cel_number_parse(value, strlen(value), '.', &number) && isfinite(number))
        set_number(m, key, number);
    if (g_str_equal(key, CEL_META_INSTRUMENT))
        set_text(m->instrument.model, sizeof m->instrument.model, value);
    if (g_str_equal(key, CEL_META_SERIAL))
        set_text(m->instrument.serial, sizeof m->instrument.serial, value);
}

static void note_header(const CelImport *import, CelMeasurement *m)
{
    const CelTable *table = import->table;
    const gboolean ours = cel_import_ours(import);
    const guint n = table->header->len - (table->titles != NULL ? 1 : 0);
    for (guint i = 0; i < n; i++) {
        const CelHeaderLine *entry = g_ptr_array_index(table->header, i);
        if (ours)
            note_own(import, entry, m);
        else
            note_foreign(import, entry, m);
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
    g_autofree char *source = g_path_get_basename(cel_text_name(table->text));
    cel_measurement_note(m, CEL_META_SOURCE, source);
    cel_measurement_note(m, CEL_META_FORMAT, import->format);
    g_strlcpy(m->instrument.driver, "import", sizeof m->instrument.driver);
    m->instrument.saturation_counts = import->saturation_counts;
    m->laser_mw_nominal = TRUE;
    /* The mark may be cut off; the instrument's name still says it. */
    m->simulated = m->instrument.simulated =
        table->simulated || cel_reader_names_simulated(m->instrument.model);
}
