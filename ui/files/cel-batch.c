/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files/cel-batch.h"

#include "base/cel-error.h"
#include "cel-words.h"
#include "formats/cel-reader.h"

#include <glib/gi18n-lib.h>

typedef struct {
    CelDesk *desk;
    GPtrArray *paths;
    double laser_nm;
    CelBatchSink sink;
    CelTaskDone done;
    GWeakRef owner;
} Batch;

/** Answer: one file's, on its way to the main loop; holds the batch. */
typedef struct {
    Batch *batch;
    CelBatchAnswer answer;
    char *text, *json;
} Answer;

static void batch_clear(gpointer data)
{
    Batch *batch = data;
    g_object_unref(batch->desk);
    g_ptr_array_unref(batch->paths);
    g_weak_ref_clear(&batch->owner);
}

static void batch_unref(gpointer batch)
{
    g_atomic_rc_box_release_full(batch, batch_clear);
}

static void answer_free(gpointer data)
{
    Answer *answer = data;
    batch_unref(answer->batch);
    g_free(answer->text);
    g_free(answer->json);
    g_free(answer);
}

static gboolean deliver(gpointer data)
{
    const Answer *answer = data;
    g_autoptr(GObject) owner = g_weak_ref_get(&answer->batch->owner);
    if (owner != NULL)
        answer->batch->sink(owner, &answer->answer);
    return G_SOURCE_REMOVE;
}

static CelIdentification *identify(const Batch *batch, const CelBench *bench, const char *path,
                                   CelJob *job, GError **error)
{
    const CelReadOptions options = {.laser_nm = batch->laser_nm};
    g_autoptr(CelMeasurement) measurement = cel_reader_load(path, &options, job, error);
    return measurement != NULL ? cel_bench_answer(bench, measurement, job, error) : NULL;
}

/* The row has the file's name above it: what went wrong is what should be seen of the message. */
static void post(Batch *batch, guint index, const CelIdentification *found, const GError *failure)
{
    Answer *answer = g_new0(Answer, 1);
    const char *path = g_ptr_array_index(batch->paths, index);
    answer->batch = g_atomic_rc_box_acquire(batch);
    answer->text = g_strdup(found == NULL ? cel_ui_without_path(failure->message, path)
                                          : cel_ui_pick(found->claim_zh, found->claim_en));
    if (found != NULL)
        answer->json = cel_identification_to_json(found, path);
    answer->answer = (CelBatchAnswer){
        .index = index,
        .outcome = found != NULL ? cel_outcome_label(found->outcome, cel_ui_is_chinese()) : NULL,
        .text = answer->text,
        .json = answer->json,
    };
    cel_ui_post(deliver, answer, answer_free);
}

static gboolean run(gpointer data, CelJob *job, GError **error)
{
    Batch *batch = data;
    const CelBench *bench = cel_desk_wait_bench(batch->desk, job, error);
    if (bench == NULL)
        return FALSE;
    for (guint i = 0; i < batch->paths->len; i++) {
        g_autoptr(GError) failure = NULL;
        if (!cel_job_step(job, N_("Identifying files"), i, batch->paths->len, error))
            return FALSE;
        /* Its own job: what one file reports is not the progress of all. */
        g_autoptr(CelJob) quiet = cel_job_new(cel_job_cancellable(job), NULL, NULL);
        g_autoptr(CelIdentification) found =
            identify(batch, bench, g_ptr_array_index(batch->paths, i), quiet, &failure);
        if (g_error_matches(failure, CEL_ERROR, CEL_ERROR_CANCELLED)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        post(batch, i, found, failure);
    }
    return TRUE;
}

static void finished(gpointer owner, gpointer data, const GError *error)
{
    const Batch *batch = data;
    if (batch->done != NULL)
        batch->done(owner, NULL, error);
}

CelTask *cel_batch_start(CelDesk *desk, const CelBatchOrder *order)
{
    Batch *batch = g_atomic_rc_box_new0(Batch);
    batch->desk = g_object_ref(desk);
    batch->paths = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < order->paths->len; i++)
        g_ptr_array_add(batch->paths, g_strdup(g_ptr_array_index(order->paths, i)));
    batch->laser_nm = order->laser_nm;
    batch->sink = order->sink;
    batch->done = order->done;
    g_weak_ref_init(&batch->owner, order->owner);
    const CelTaskOrder task = {.lane = CEL_LANE_COMPUTE,
                               .title = _("Identifying files"),
                               .run = run,
                               .done = finished,
                               .data = batch,
                               .free = batch_unref,
                               .owner = order->owner};
    return cel_task_start(cel_desk_lanes(desk), &task);
}
