/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-review-view.h"

#include "base/cel-error.h"
#include "bench/cel-check.h"
#include "cel-words.h"
#include "evidence/cel-sealed.h"
#include "h5/cel-nxraman.h"
#include "plot/cel-plot-trace.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The spectra of a sealed result, and what may be claimed of them. No answer is read. */

static void add_choice(GPtrArray *choices, GHashTable *known, const char *id, const char *name)
{
    if (id == NULL || *id == '\0' || !g_hash_table_add(known, (gpointer)id))
        return;
    CelClaimChoice *choice = g_new0(CelClaimChoice, 1);
    choice->id = g_strdup(id);
    choice->name = g_strdup(name);
    g_ptr_array_add(choices, choice);
}

static void add_kind(GPtrArray *choices, GHashTable *known, const CelLibraryKind *kind,
                     const char *what)
{
    if (kind == NULL)
        return;
    const char *zh = *kind->name_zh != '\0' ? kind->name_zh : NULL;
    g_autofree char *name =
        g_strdup_printf(_("%s (%s)"), cel_ui_is_chinese() && zh != NULL ? zh : kind->name_en, what);
    add_choice(choices, known, kind->id, name);
}

static void add_library(GPtrArray *choices, GHashTable *known, const CelLibrary *library)
{
    for (gsize i = 0; i < cel_library_size(library); i++) {
        const CelSubstance *substance = cel_library_substance(library, i);
        const char *zh = *substance->name_zh != '\0' ? substance->name_zh : NULL;
        const char *name = cel_ui_is_chinese() && zh != NULL ? zh : substance->name_en;
        add_choice(choices, known, substance->id, name);
        add_kind(choices, known, cel_library_group(library, substance->group_id), _("group"));
        add_kind(choices, known, cel_library_class(library, substance->class_id), _("class"));
    }
}

static int by_name(gconstpointer a, gconstpointer b)
{
    const CelClaimChoice *x = *(CelClaimChoice *const *)a, *y = *(CelClaimChoice *const *)b;
    return g_utf8_collate(x->name, y->name);
}

static void add_choices(CelReviewDetail *detail, const CelBench *bench)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    gsize n = 0;
    const CelLibrary *const *libraries = cel_bench_libraries(bench, &n);
    for (gsize i = 0; i < n; i++)
        add_library(detail->choices, known, libraries[i]);
    g_ptr_array_sort(detail->choices, by_name);
}

static void describe(CelReviewDetail *detail, const CelMeasurement *m, guint n)
{
    g_autofree char *spots = g_strdup_printf(ngettext("%u replicate", "%u replicates", n), n);
    detail->about =
        g_strdup_printf(_("%s · %s %s · excitation %.1f nm · %.0f ms"), spots, m->instrument.model,
                        m->instrument.serial, m->calibration.laser_nm, m->integration_ms);
}

static void add_spectra(CelReviewDetail *detail, const CelMeasurement *m, const CelBench *bench,
                        CelJob *job)
{
    const guint n = detail->raw->len;
    g_autofree char *label = g_strdup_printf(_("Replicate %u"), n + 1);
    const CelTraceRole role = n == 0 ? CEL_TRACE_SAMPLE : cel_plot_overlay_role(n - 1);
    g_autoptr(CelSpectrum) raw = cel_check_spectrum(m, job, NULL);
    if (raw != NULL)
        g_ptr_array_add(detail->raw, cel_plot_trace_new_spectrum(raw, label, role));
    if (bench == NULL)
        return;
    g_autoptr(CelRecipe) recipe = cel_bench_recipe(bench, m->calibration.laser_nm);
    g_autoptr(CelSpectrum) processed = cel_bench_process(m, recipe, NULL, job, NULL);
    if (processed != NULL)
        g_ptr_array_add(detail->processed, cel_plot_trace_new_spectrum(processed, label, role));
}

gboolean cel_review_detail_load(gpointer data, CelJob *job, GError **error)
{
    CelReviewDetail *detail = data;
    g_autoptr(CelSealed) sealed = cel_sealed_open(detail->path, job, error);
    if (sealed == NULL)
        return FALSE;
    const CelBench *bench = cel_desk_wait_bench(detail->desk, job, NULL);
    detail->raw = g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    detail->processed = g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    for (gsize i = 0; cel_sealed_measurement(sealed, i) != NULL; i++) {
        g_autoptr(CelMeasurement) m = cel_nxraman_read(cel_sealed_measurement(sealed, i), error);
        if (m == NULL || !cel_job_step(job, N_("Reading spectra"), i, 0, error))
            return FALSE;
        add_spectra(detail, m, bench, job);
        g_free(detail->about);
        describe(detail, m, (guint)i + 1);
    }
    if (bench != NULL)
        add_choices(detail, bench);
    return TRUE;
}
