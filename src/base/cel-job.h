/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CelJob: one piece of long work: it can be cancelled and tells its stage and how far it is.
 * Long functions take a CelJob (may be NULL: then neither) and poll it.
 */
typedef struct CelJob CelJob;

/** CelJobSink: told of progress, on the worker's thread, at most ten times a second.
 * @stage is an untranslated msgid; @total 0 means "not known". */
typedef void (*CelJobSink)(const char *stage, guint64 done, guint64 total, gpointer user_data);

/**
 * cel_job_new:
 * @cancel: (nullable): the cancellable to poll; a reference is taken
 * @sink: (nullable): who is told of progress
 * @user_data: for @sink; must outlive the job
 * Returns: (transfer full): a new job. Thread-safe: yes.
 */
CelJob *cel_job_new(GCancellable *cancel, CelJobSink sink, gpointer user_data);

/** cel_job_free: @job: (nullable): ends the job; the work must be over. */
void cel_job_free(CelJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelJob, cel_job_free)

/**
 * cel_job_step:
 * @job: (nullable)
 * @stage: msgid of what is being done
 * @done: units finished; @total: units in all, 0 when not known
 * Reports progress (rate-limited) and polls the cancellable.
 * Returns: FALSE with CEL_ERROR_CANCELLED when the work must stop. Thread-safe: one thread a job.
 */
gboolean cel_job_step(CelJob *job, const char *stage, guint64 done, guint64 total, GError **error);

/** cel_job_cancellable: Returns: (transfer none) (nullable): what the job polls. */
GCancellable *cel_job_cancellable(CelJob *job);

G_END_DECLS
