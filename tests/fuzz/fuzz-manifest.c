/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "match/cel-import-table.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_error(const GError *error)
{
    g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

static void check_row(const CelImportTable *table, const char *line)
{
    g_auto(GStrv) cells = g_strsplit(line, "\t", -1);
    g_auto(CelImportRow) row = {0};
    g_autoptr(GError) error = NULL;
    g_assert_nonnull(cel_import_table_file(table, cells));
    if (!cel_import_row_parse(table, cells, &row, &error)) {
        check_error(error);
        return;
    }
    g_assert_no_error(error);
    g_assert_cmpstr(row.substance.id, !=, "");
    g_assert_cmpstr(row.reference.name, !=, "");
    g_assert_cmpint(row.reference.grade, <=, CEL_GRADE_D);
    g_assert_true(row.reference.laser_nm == 0.0 ||
                  (row.reference.laser_nm >= 200.0 && row.reference.laser_nm <= 2000.0));
    g_assert_nonnull(row.reference.extra);
}

/* The manifest of an import: any bytes give rows that keep their limits, or an error. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_auto(CelImportTable) table = {0};
    g_autoptr(GBytes) text = g_bytes_new(data, size);
    g_autoptr(GError) error = NULL;
    if (!cel_import_table_parse(&table, text, "fuzz.tsv", &error)) {
        check_error(error);
        return 0;
    }
    for (gsize i = 1; table.lines[0] != NULL && table.lines[i] != NULL; i++)
        if (!cel_import_line_is_blank(table.lines[i]))
            check_row(&table, table.lines[i]);
    return 0;
}
