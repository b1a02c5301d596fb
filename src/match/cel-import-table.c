/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-import-table.h"

#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "base/cel-number.h"
#include "base/cel-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MAX_COLUMNS = 64, MAX_CELL_BYTES = 4096, MAX_ID_BYTES = 128 };

static const char *const known[CEL_N_IMPORT_COLUMNS] = {"file",  "id",       "name_en", "name_zh",
                                                        "class", "laser_nm", "source",  "licence",
                                                        "grade", "baseline"};
enum { N_REQUIRED = CEL_IMPORT_GRADE };

void cel_import_table_clear(CelImportTable *table)
{
    g_clear_pointer(&table->shown, g_free);
    g_clear_pointer(&table->lines, g_strfreev);
    g_clear_pointer(&table->columns, g_strfreev);
}

/* Returns: (transfer full): the lines without line ends and byte order mark. */
static char **read_lines(GBytes *bytes, const char *shown, GError **error)
{
    gsize size = 0;
    const char *data = g_bytes_get_data(bytes, &size);
    if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        size -= 3;
    }
    if (!g_utf8_validate_len(data, size, NULL)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: the manifest is not UTF-8 text; save it as UTF-8 and try again."),
                    shown);
        return NULL;
    }
    g_autofree char *text = g_utf8_normalize(data, (gssize)size, G_NORMALIZE_NFC);
    char **lines = g_strsplit(text, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        const gsize n = strlen(lines[i]);
        if (n > 0 && lines[i][n - 1] == '\r')
            lines[i][n - 1] = '\0';
    }
    return lines;
}

gboolean cel_import_line_is_blank(const char *line)
{
    return line[strspn(line, " \t")] == '\0';
}

static gboolean check_column_names(CelImportTable *table, GError **error)
{
    for (guint i = 0; table->columns[i] != NULL; i++) {
        g_strstrip(table->columns[i]);
        gboolean good =
            g_str_is_ascii(table->columns[i]) && *table->columns[i] != '\0' && i < MAX_COLUMNS;
        for (guint k = 0; good && k < i; k++)
            good = !g_str_equal(table->columns[i], table->columns[k]);
        if (good)
            continue;
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_INPUT,
            _("%s:1: column %u “%s”: column names are ASCII, not empty, each there once, at "
              "most %d of them."),
            table->shown, i + 1, table->columns[i], MAX_COLUMNS);
        return FALSE;
    }
    return TRUE;
}

static gboolean read_header(CelImportTable *table, const char *line, GError **error)
{
    table->columns = g_strsplit(line, "\t", -1);
    if (!check_column_names(table, error))
        return FALSE;
    for (guint k = 0; k < CEL_N_IMPORT_COLUMNS; k++) {
        table->place[k] = -1;
        for (int i = 0; table->columns[i] != NULL; i++) {
            if (g_str_equal(table->columns[i], known[k]))
                table->place[k] = i;
        }
        if (table->place[k] < 0 && k < N_REQUIRED) {
            g_set_error(
                error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s:1: the column “%s” is missing; the first line names the columns, divided "
                  "by tabs: file, id, name_en, name_zh, class, laser_nm, source, licence."),
                table->shown, known[k]);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cel_import_table_parse(CelImportTable *table, GBytes *text, const char *name,
                                GError **error)
{
    table->shown = g_filename_display_name(name);
    table->lines = read_lines(text, table->shown, error);
    return table->lines != NULL &&
           read_header(table, table->lines[0] != NULL ? table->lines[0] : "", error);
}

const char *cel_import_table_file(const CelImportTable *table, char **cells)
{
    const int place = table->place[CEL_IMPORT_FILE];
    return g_strv_length(cells) > (guint)place ? cells[place] : "";
}

static const char *cell(const CelImportTable *table, char **cells, guint which)
{
    return table->place[which] >= 0 ? cells[table->place[which]] : "";
}

static gboolean refuse(GError **error, const char *why)
{
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT, why);
    return FALSE;
}

static gboolean read_laser(const char *text, double *out_nm, GError **error)
{
    *out_nm = 0.0;
    if (*text == '\0')
        return TRUE; /* not stated: good enough for a file that is in Raman shifts already */
    return (cel_number_parse(text, strlen(text), '.', out_nm) && *out_nm >= 200.0 &&
            *out_nm <= 2000.0) ||
           refuse(error, _("laser_nm is no wavelength within 200 to 2000 nm"));
}

static gboolean read_grade(const char *text, CelGrade *out_grade, GError **error)
{
    *out_grade = CEL_GRADE_C;
    if (*text == '\0')
        return TRUE;
    if (*text < 'A' || *text > 'D' || text[1] != '\0')
        return refuse(error, _("the grade is none of A, B, C, D"));
    *out_grade = (CelGrade)(*text - 'A');
    return TRUE;
}

static gboolean read_baseline(const char *text, gboolean *out_removed, GError **error)
{
    *out_removed = g_str_equal(text, "removed");
    return *out_removed || *text == '\0' || g_str_equal(text, "raw") ||
           refuse(error, _("baseline is neither “raw” nor “removed”"));
}

/* Returns: (transfer full): the columns that mean nothing here, as canonical JSON, "" for none. */
static char *extra_columns(const CelImportTable *table, char **cells, GError **error)
{
    g_autoptr(JsonObject) object = json_object_new();
    for (int i = 0; table->columns[i] != NULL; i++) {
        gboolean is_known = FALSE;
        for (guint k = 0; k < CEL_N_IMPORT_COLUMNS; k++)
            is_known |= table->place[k] == i;
        if (!is_known && *cells[i] != '\0')
            json_object_set_string_member(object, table->columns[i], cells[i]);
    }
    if (json_object_get_size(object) == 0)
        return g_strdup("");
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);
    return cel_canon_write(node, error);
}

/* What comes to stand in claims and on paper. */
static gboolean is_readable(const char *text)
{
    for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
        if (cel_text_is_unseen(g_utf8_get_char(c)))
            return FALSE;
    }
    return TRUE;
}

static gboolean check_cells(const CelImportTable *table, char **cells, GError **error)
{
    const guint n = g_strv_length(cells), wanted = g_strv_length(table->columns);
    if (n != wanted) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("the row has %u cells, the header %u columns"), n, wanted);
        return FALSE;
    }
    for (guint i = 0; i < n; i++) {
        g_strstrip(cells[i]);
        if (strlen(cells[i]) > MAX_CELL_BYTES)
            return refuse(error, _("a cell is longer than 4096 bytes"));
        if (!is_readable(cells[i]))
            return refuse(error, _("a cell holds control or invisible characters"));
    }
    if (*cell(table, cells, CEL_IMPORT_FILE) == '\0')
        return refuse(error, _("the file is not named"));
    if (strlen(cell(table, cells, CEL_IMPORT_ID)) > MAX_ID_BYTES)
        return refuse(error, _("the id is longer than 128 bytes"));
    return *cell(table, cells, CEL_IMPORT_ID) != '\0' || refuse(error, _("the id is empty"));
}

void cel_import_row_clear(CelImportRow *row)
{
    g_clear_pointer(&row->extra, g_free);
}

gboolean cel_import_row_parse(const CelImportTable *table, char **cells, CelImportRow *out,
                              GError **error)
{
    if (!check_cells(table, cells, error))
        return FALSE;
    out->reference = (CelReference){.name = cell(table, cells, CEL_IMPORT_FILE),
                                    .source = cell(table, cells, CEL_IMPORT_SOURCE),
                                    .licence = cell(table, cells, CEL_IMPORT_LICENCE)};
    out->substance = (CelSubstance){.id = cell(table, cells, CEL_IMPORT_ID),
                                    .name_en = cell(table, cells, CEL_IMPORT_NAME_EN),
                                    .name_zh = cell(table, cells, CEL_IMPORT_NAME_ZH),
                                    .class_id = cell(table, cells, CEL_IMPORT_CLASS),
                                    .usable = "yes"};
    if (*out->substance.name_en == '\0')
        out->substance.name_en = out->substance.id;
    if (!read_laser(cell(table, cells, CEL_IMPORT_LASER_NM), &out->reference.laser_nm, error) ||
        !read_grade(cell(table, cells, CEL_IMPORT_GRADE), &out->reference.grade, error) ||
        !read_baseline(cell(table, cells, CEL_IMPORT_BASELINE), &out->reference.baseline_removed,
                       error))
        return FALSE;
    out->extra = extra_columns(table, cells, error);
    out->reference.extra = out->extra;
    return out->extra != NULL;
}
