/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-job.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

enum { NOTIFY_INTERVAL_US = 100000 };

struct CelJob {
    GCancellable *cancel;
    CelJobSink sink;
    gpointer user_data;
    gint64 last_notify_us;
    const char *last_stage;
};

CelJob *cel_job_new(GCancellable *cancel, CelJobSink sink, gpointer user_data)
{
    CelJob *job = g_new0(CelJob, 1);
    if (cancel != NULL)
        job->cancel = g_object_ref(cancel);
    job->sink = sink;
    job->user_data = user_data;
    return job;
}

void cel_job_free(CelJob *job)
{
    if (job == NULL)
        return;
    g_clear_object(&job->cancel);
    g_free(job);
}

static void notify(CelJob *job, const char *stage, guint64 done, guint64 total)
{
    const gint64 now_us = g_get_monotonic_time();
    const gboolean new_stage = g_strcmp0(stage, job->last_stage) != 0;
    if (!new_stage && done < total && now_us - job->last_notify_us < NOTIFY_INTERVAL_US)
        return;
    job->last_notify_us = now_us;
    job->last_stage = stage;
    job->sink(stage, done, total, job->user_data);
}

gboolean cel_job_step(CelJob *job, const char *stage, guint64 done, guint64 total, GError **error)
{
    if (job == NULL)
        return TRUE;
    if (job->cancel != NULL && g_cancellable_is_cancelled(job->cancel)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_CANCELLED,
                    _("Stopped during \"%s\". Nothing was written."), _(stage));
        return FALSE;
    }
    if (job->sink != NULL)
        notify(job, stage, done, total);
    return TRUE;
}

GCancellable *cel_job_cancellable(CelJob *job)
{
    return job != NULL ? job->cancel : NULL;
}
