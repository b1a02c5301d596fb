/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the tables of reference outputs that the tests compare with. */
#pragma once

#include "base/cel-number.h"

#include <glib.h>
#include <string.h>

typedef struct {
    char **names;       /* NULL-ended */
    GPtrArray *columns; /* of GArray of double */
    gsize n;
} Table;

static inline void table_free(Table *table)
{
    g_strfreev(table->names);
    g_ptr_array_unref(table->columns);
    g_free(table);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

/* The folder of reference outputs, or NULL after a visible skip. */
static inline const char *oracle_folder(void)
{
    const char *shared = g_getenv("CELADON_SHARED");
    if (shared == NULL || *shared == '\0' || !g_file_test(shared, G_FILE_TEST_IS_DIR)) {
        g_test_skip("CELADON_SHARED does not name the folder of reference outputs");
        return NULL;
    }
    return shared;
}

static inline Table *table_load(const char *shared, const char *folder, const char *name)
{
    g_autofree char *file = g_strconcat(name, ".csv", NULL);
    g_autofree char *path = g_build_filename(shared, "oracles", folder, file, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    Table *table = g_new0(Table, 1);
    table->names = g_strsplit(lines[0], ",", -1);
    table->columns = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (gsize c = 0; table->names[c] != NULL; c++)
        g_ptr_array_add(table->columns, g_array_new(FALSE, FALSE, sizeof(double)));
    for (gsize r = 1; lines[r] != NULL && *lines[r] != '\0'; r++, table->n++) {
        g_auto(GStrv) cells = g_strsplit(lines[r], ",", -1);
        g_assert_cmpuint(g_strv_length(cells), ==, table->columns->len);
        for (guint c = 0; c < table->columns->len; c++) {
            double value = 0.0;
            g_assert_true(cel_number_parse(cells[c], strlen(cells[c]), '.', &value));
            g_array_append_val((GArray *)table->columns->pdata[c], value);
        }
    }
    return table;
}

static inline const double *table_column(const Table *table, const char *name)
{
    for (guint c = 0; table->names[c] != NULL; c++) {
        if (g_str_equal(table->names[c], name))
            return (const double *)(const void *)((GArray *)table->columns->pdata[c])->data;
    }
    g_error("no column %s", name);
}
