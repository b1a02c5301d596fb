/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-reference-search.h"

#include "cel-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void found_free(gpointer data)
{
    CelReferenceFound *found = data;
    g_free(found->title);
    g_free(found->detail);
    g_free(found);
}

CelReferenceSearch *cel_reference_search_new(CelDesk *desk, const char *text, guint most)
{
    CelReferenceSearch *search = g_new0(CelReferenceSearch, 1);
    search->desk = g_object_ref(desk);
    search->text = g_utf8_casefold(text, -1);
    search->most = most;
    search->found = g_ptr_array_new_with_free_func(found_free);
    return search;
}

void cel_reference_search_free(gpointer data)
{
    CelReferenceSearch *search = data;
    if (search == NULL)
        return;
    g_object_unref(search->desk);
    g_free(search->text);
    g_ptr_array_unref(search->found);
    g_free(search);
}

typedef enum { NOT, INSIDE, BEGINS } Fit;

static Fit fit_of(const char *name, const char *wanted)
{
    g_autofree char *folded = g_utf8_casefold(name, -1);
    const char *at = strstr(folded, wanted);
    return at == NULL ? NOT : at == folded ? BEGINS : INSIDE;
}

static Fit best_fit(const CelSubstance *substance, const char *wanted)
{
    const char *const names[] = {substance->name_zh, substance->name_en, substance->id};
    Fit best = NOT;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        best = MAX(best, fit_of(names[i], wanted));
    return best;
}

static void add(CelReferenceSearch *search, const CelSubstance *substance)
{
    const CelReference *reference = substance->n_references > 0 ? substance->references : NULL;
    CelReferenceFound *found = g_new0(CelReferenceFound, 1);
    const char *name = cel_ui_pick(substance->name_zh, substance->name_en);
    found->title = g_strdup(*name != '\0' ? name : substance->id);
    found->detail = reference == NULL ? g_strdup(_("Band table, drawn: no measurement"))
                    : reference->laser_nm > 0.0
                        ? g_strdup_printf(_("%s, %g nm"), reference->source, reference->laser_nm)
                        : g_strdup(reference->source);
    found->substance = substance;
    found->reference = reference;
    g_ptr_array_add(search->found, found);
}

static void look(CelReferenceSearch *search, const CelLibrary *library, Fit wanted)
{
    for (gsize i = 0; i < cel_library_size(library) && search->found->len < search->most; i++) {
        const CelSubstance *substance = cel_library_substance(library, i);
        if (substance->n_references + substance->n_bands > 0 &&
            best_fit(substance, search->text) == wanted)
            add(search, substance);
    }
}

gboolean cel_reference_search_run(gpointer data, CelJob *job, GError **error)
{
    CelReferenceSearch *search = data;
    const CelBench *bench = cel_desk_wait_bench(search->desk, job, error);
    if (bench == NULL)
        return FALSE;
    gsize n = 0;
    const CelLibrary *const *libraries = cel_bench_libraries(bench, &n);
    for (Fit fit = BEGINS; fit > NOT; fit--)
        for (gsize i = 0; i < n; i++)
            look(search, libraries[i], fit);
    return TRUE;
}
