/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-lookalikes.h"

#include <string.h>

static void lookalike_free(gpointer data)
{
    g_free(((CelLookalike *)data)->name);
    g_free(data);
}

static const CelSubstance *find(const CelLibraries *libraries, const char *id)
{
    const CelSubstance *out = NULL;
    for (gsize l = 0; out == NULL && l < libraries->n; l++)
        out = cel_library_find(libraries->list[l], id);
    return out;
}

/* Takes @name. */
static void add(GPtrArray *out, const char *own, char *name, const CelLookalike *rest)
{
    gboolean known = *name == '\0' || strcmp(name, own) == 0;
    for (guint i = 0; !known && i < out->len; i++)
        known = strcmp(((CelLookalike *)out->pdata[i])->name, name) == 0;
    if (known) {
        g_free(name);
        return;
    }
    CelLookalike *one = g_memdup2(rest, sizeof *rest);
    one->name = name;
    g_ptr_array_add(out, one);
}

static void add_group(GPtrArray *out, const char *own, const CelSubstance *x,
                      const CelLibrary *library)
{
    const CelLibraryKind *group = cel_library_group(library, x->group_id);
    g_auto(GStrv) members = g_strsplit(group != NULL ? group->members : "", " ", -1);
    for (gsize i = 0; i < cel_library_size(library); i++) {
        const CelSubstance *other = cel_library_substance(library, i);
        const CelLookalike one = {.substance = other, .only_group = TRUE};
        if (strcmp(other->group_id, x->group_id) == 0)
            add(out, own, cel_library_member_name(other->id), &one);
    }
    for (guint i = 0; members[i] != NULL; i++) {
        const CelLookalike one = {.only_group = TRUE};
        add(out, own, g_strdup(members[i]), &one);
    }
}

GPtrArray *cel_lookalikes_of(const CelIdentification *answer, const CelLibraries *libraries)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(lookalike_free);
    if (answer->hits->len == 0)
        return out;
    const CelSubstance *x = ((const CelHit *)answer->hits->pdata[0])->substance;
    g_autofree char *own = cel_library_member_name(x->id);
    for (gsize i = 0; x->lookalikes != NULL && x->lookalikes[i] != NULL; i++) {
        const CelLookalike one = {.substance = find(libraries, x->lookalikes[i])};
        add(out, own, cel_library_member_name(x->lookalikes[i]), &one);
    }
    for (guint i = 1; i < answer->hits->len; i++) {
        const CelHit *hit = answer->hits->pdata[i];
        const CelLookalike one = {.substance = hit->substance};
        const gboolean of_group =
            *x->group_id != '\0' && strcmp(hit->substance->group_id, x->group_id) == 0;
        if (hit->resembles && !of_group)
            add(out, own, cel_library_member_name(hit->substance->id), &one);
    }
    for (gsize l = 0; *x->group_id != '\0' && l < libraries->n; l++)
        add_group(out, own, x, libraries->list[l]);
    return out;
}

gboolean cel_lookalikes_cover(const CelIdentification *answer, const GPtrArray *others,
                              const char *id)
{
    if (answer->hits->len == 0)
        return FALSE;
    g_autofree char *wanted = cel_library_member_name(id);
    g_autofree char *own =
        cel_library_member_name(((const CelHit *)answer->hits->pdata[0])->substance->id);
    gboolean covered = strcmp(wanted, own) == 0;
    for (guint i = 0; !covered && i < others->len; i++)
        covered = strcmp(((const CelLookalike *)others->pdata[i])->name, wanted) == 0;
    return covered;
}

static const char *shown(const CelLookalike *one, gboolean chinese)
{
    if (one->substance == NULL)
        return one->name;
    const char *name = chinese && *one->substance->name_zh != '\0' ? one->substance->name_zh
                                                                   : one->substance->name_en;
    return *name != '\0' ? name : one->substance->id;
}

guint cel_lookalikes_listed(const GPtrArray *others)
{
    guint n = 0;
    for (guint i = 0; i < others->len; i++)
        n += !((const CelLookalike *)others->pdata[i])->only_group;
    return n;
}

char *cel_lookalikes_text(const GPtrArray *others, gboolean chinese)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < others->len; i++) {
        const CelLookalike *one = others->pdata[i];
        if (one->only_group)
            continue;
        if (out->len > 0)
            g_string_append(out, chinese ? "、" : ", ");
        g_string_append(out, shown(one, chinese));
    }
    return g_string_free(out, FALSE);
}
