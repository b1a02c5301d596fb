/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-path-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* An exhibit that is named from outside the path, such as in the list of exhibits. */

gboolean cel_path_takes(CelPathWay way, CelExhibitState state)
{
    static const guint field = 1U << CEL_EXHIBIT_UNKNOWN | 1U << CEL_EXHIBIT_COLLECTED;
    static const guint lab = 1U << CEL_EXHIBIT_PACKED | 1U << CEL_EXHIBIT_SUBMITTED |
                             1U << CEL_EXHIBIT_RECEIVED | 1U << CEL_EXHIBIT_OPEN |
                             1U << CEL_EXHIBIT_CLOSED | 1U << CEL_EXHIBIT_RETURNED;
    return ((way == CEL_PATH_FIELD ? field : field | lab) & (1U << state)) != 0;
}

/* The id of the open sample of that exhibit, NULL with or without an error. */
static char *find_open(CelLab *lab, const char *typed, GError **error)
{
    g_autoptr(JsonObject) row = cel_case_find(lab, typed, error);
    g_autoptr(GPtrArray) open = row != NULL ? cel_path_list(lab, error) : NULL;
    for (guint i = 0; open != NULL && i < open->len; i++) {
        const CelPathOpen *one = g_ptr_array_index(open, i);
        if (g_strcmp0(one->case_id, cel_row_text(row, "case_id")) == 0 &&
            g_strcmp0(one->item_id, cel_row_text(row, "item_id")) == 0)
            return g_strdup(one->id);
    }
    return NULL;
}

CelPath *cel_path_open_exhibit(CelLab *lab, const CelPathSetup *setup, const char *typed,
                               CelJob *job, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autofree char *id = find_open(lab, typed, &failure);
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return NULL;
    }
    if (id != NULL)
        return cel_path_resume(lab, id, setup->clock, job, error);
    g_autoptr(CelPath) path = cel_path_begin(lab, setup, error);
    if (path == NULL || cel_path_scan(path, typed, error))
        return g_steal_pointer(&path);
    cel_path_abandon(path, _("The exhibit was refused before anything was done"), NULL);
    return NULL;
}
