/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-desk-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

/** Loading: a bench on its way, and what it needs as long as it lives. */
typedef struct {
    CelDesk *desk;
    char *folder; /* (nullable): of the lab */
    CelLabBench *bench;
} Loading;

static void loading_free(gpointer data)
{
    Loading *loading = data;
    g_object_unref(loading->desk);
    g_free(loading->folder);
    g_free(loading);
}

static gboolean load(gpointer data, CelJob *job, GError **error)
{
    Loading *loading = data;
    CelDesk *desk = loading->desk;
    g_autoptr(GError) failure = NULL;
    loading->bench = cel_lab_bench_open(loading->folder, NULL, job, &failure);
    g_mutex_lock(&desk->mutex);
    if (loading->bench != NULL)
        g_ptr_array_add(desk->benches, loading->bench);
    desk->bench_failed = loading->bench == NULL;
    g_free(desk->bench_problem);
    desk->bench_problem = failure != NULL ? g_strdup(failure->message) : NULL;
    g_cond_broadcast(&desk->cond);
    g_mutex_unlock(&desk->mutex);
    if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    return loading->bench != NULL;
}

static void loaded(gpointer owner, gpointer data, const GError *error)
{
    CelDesk *desk = ((Loading *)data)->desk;
    (void)owner;
    desk->facts.libraries_ready = error == NULL;
    cel_desk_set_text(&desk->facts.libraries_problem, error != NULL ? error->message : NULL);
    cel_desk_tell(desk);
}

void cel_desk_load_bench(CelDesk *desk)
{
    Loading *loading = g_new0(Loading, 1);
    loading->desk = g_object_ref(desk);
    loading->folder = *desk->facts.lab_folder != '\0' ? g_strdup(desk->facts.lab_folder) : NULL;
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Loading the reference libraries"),
                                .run = load,
                                .done = loaded,
                                .data = loading,
                                .free = loading_free};
    cel_task_start(desk->lanes, &order);
}

void cel_desk_reload_libraries(CelDesk *desk)
{
    cel_desk_load_bench(desk);
}

/* Under the mutex. */
static const CelBench *newest(const CelDesk *desk)
{
    return desk->benches->len > 0
               ? cel_lab_bench_get(g_ptr_array_index(desk->benches, desk->benches->len - 1))
               : NULL;
}

const CelBench *cel_desk_bench(CelDesk *desk)
{
    g_mutex_lock(&desk->mutex);
    const CelBench *bench = newest(desk);
    g_mutex_unlock(&desk->mutex);
    return bench;
}

const CelBench *cel_desk_wait_bench(CelDesk *desk, CelJob *job, GError **error)
{
    g_mutex_lock(&desk->mutex);
    while (desk->benches->len == 0 && !desk->bench_failed && !desk->stopped &&
           !g_cancellable_is_cancelled(cel_job_cancellable(job)))
        g_cond_wait_until(&desk->cond, &desk->mutex, g_get_monotonic_time() + G_USEC_PER_SEC / 10);
    const CelBench *bench = newest(desk);
    if (bench == NULL && desk->bench_failed)
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                    _("The reference libraries could not be loaded, so nothing can be identified: "
                      "%s"),
                    desk->bench_problem);
    else if (bench == NULL)
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_CANCELLED, _("Stopped"));
    g_mutex_unlock(&desk->mutex);
    return bench;
}
