/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-standard.h"

#include "cel-standard-table.h"

const CelStandard *const *cel_standard_list(gsize *out_n)
{
    *out_n = cel_standard_table_n;
    return cel_standard_table;
}

const CelStandard *cel_standard_find(const char *id)
{
    for (gsize i = 0; i < cel_standard_table_n; i++)
        if (g_str_equal(cel_standard_table[i]->id, id))
            return cel_standard_table[i];
    return NULL;
}

const char *cel_standard_name(const char *id, gboolean chinese)
{
    const CelStandard *standard = cel_standard_find(id);
    if (standard == NULL)
        return id;
    return chinese ? standard->name_zh : standard->name_en;
}

double cel_standard_u(const CelStandard *standard, const CelStandardLine *line)
{
    return line->u > 0 ? line->u : standard->u_default;
}
