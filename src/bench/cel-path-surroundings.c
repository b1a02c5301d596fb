/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-path-surroundings.h"

enum { ROWS_READ = 100 };

void cel_path_surroundings_clear(CelPathSurroundings *surroundings)
{
    g_clear_pointer(&surroundings->places, g_ptr_array_unref);
    g_clear_pointer(&surroundings->environments, g_ptr_array_unref);
}

static void add_once(GPtrArray *list, const char *text)
{
    if (*text != '\0' && list->len < CEL_PATH_MOST_SURROUNDINGS &&
        !g_ptr_array_find_with_equal_func(list, text, g_str_equal, NULL))
        g_ptr_array_add(list, g_strdup(text));
}

gboolean cel_path_surroundings(CelLab *lab, CelClock clock, CelPathSurroundings *out,
                               GError **error)
{
    const gint64 since_us =
        cel_clock_wall_us(clock) - CEL_PATH_SAME_DAY_H * (gint64)G_TIME_SPAN_HOUR;
    const CelRowQuery query = {.newest_first = TRUE, .most = ROWS_READ};
    g_autoptr(GPtrArray) rows =
        cel_register_rows(cel_lab_register(lab), CEL_ROW_ACQUISITION, &query, error);
    if (rows == NULL)
        return FALSE;
    *out = (CelPathSurroundings){.places = g_ptr_array_new_with_free_func(g_free),
                                 .environments = g_ptr_array_new_with_free_func(g_free)};
    for (guint i = 0; i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        add_once(out->places, cel_row_text(row, "place"));
        if (cel_row_number(row, "t_wall_us") >= since_us)
            add_once(out->environments, cel_row_text(row, "environment"));
    }
    return TRUE;
}
