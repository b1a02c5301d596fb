/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-session.h"

#include "bench/cel-bench.h"

G_BEGIN_DECLS

/* What the files of the session share; nobody else includes it. */

/** CelPathBox: the path itself; its content belongs to the lab's lane. Atomically counted. */
typedef struct {
    CelPath *path; /* (nullable) */
    CelLab *lab;   /* in which it was opened */
} CelPathBox;

/** CelPathLive: frames on their way from the instrument's thread. Atomically counted. */
typedef struct {
    GMutex mutex;
    CelAxis *axis; /* (nullable): then pixels */
    double *counts;
    gsize n;
    guint number;
    gboolean dark, pending, over;
    GWeakRef session;
} CelPathLive;

struct _CelPathSession {
    GObject parent;
    CelDesk *desk;
    CelPathBox *box;
    CelPathView *view;
    CelPathPhase phase;
    GError *problem;
    CelPathStart start;
    gboolean has_start;
    gint64 last_photo_us; /* by the clock that nobody sets */

    CelTask *shot; /* (nullable): of the instrument's lane */
    CelPathLive *live;
    double *x; /* of the newest frame, as copied for the main loop */
    double *counts;
    gsize n;
    CelUnit unit;
    guint number;
    gboolean dark;
    gboolean stop_wanted;
    guint start_delay_s;

    CelDeviceDescription *instrument; /* (nullable): a copy of what the open one says */
    gboolean asking_instrument;
    char *refused_serial; /* (nullable): the path did not take that instrument */
    gboolean evaluation_failed;
    CelPathShotKind kind;        /* of the shot that is under way */
    CelMeasurement *unkept;      /* (nullable): what was measured and could not be written */
    char *unkept_text;           /* (nullable): or why it gave nothing */
    const char *practice_sample; /* interned */
    CelAnswer *answer;
};

/** CelPathWork: one task's data: the box, and what came of it. */
typedef struct {
    CelPathSession *session; /* (transfer none): alive whenever done is called */
    CelDesk *desk;
    CelPathBox *box;
    CelPathView *view; /* (nullable) */
    CelAcquireOptions options;
    CelMeasurement *measurement;
    CelIdentification *single;
    CelWork *work;
    CelPathLive *live;
    const CelBench *bench;
    CelDeviceDescription *instrument;
    guint64 seq;
    char *text;
    CelPathShotKind kind;
    const char *practice_sample; /* (nullable): the instrument is simulated */
} CelPathWork;

/** cel_path_work_new: Returns: (transfer full): with a reference to the session's box. */
CelPathWork *cel_path_work_data_new(CelPathSession *session);
void cel_path_work_data_free(gpointer work);

/** cel_path_box_get: On the lab's lane. Returns: (transfer none): the open path, NULL with
 * CEL_ERROR_USAGE when it was closed meanwhile. */
CelPath *cel_path_box_get(CelPathBox *box, CelDesk *desk, GError **error);
CelPathBox *cel_path_box_new(void);
CelPathBox *cel_path_box_ref(CelPathBox *box);
void cel_path_box_unref(CelPathBox *box);

/** CelPathTaskDef: run and done of one task; copied. */
typedef struct {
    CelLane lane;
    const char *title; /* (nullable) */
    CelTaskRun run;
    CelTaskDone done;
    gboolean light; /* as in CelTaskOrder */
} CelPathTaskDef;

/** cel_path_session_task: starts it. @work: (transfer full). Returns: (transfer none). */
CelTask *cel_path_session_task(CelPathSession *session, const CelPathTaskDef *def,
                               CelPathWork *work);

/** cel_path_session_set: takes over a snapshot and says what is under way. @view: (transfer full)
 * (nullable): as before. @error: (nullable): becomes the problem. */
void cel_path_session_set(CelPathSession *session, CelPathPhase phase, CelPathView *view,
                          const GError *error);
/** cel_path_session_framed: emits "frame". */
void cel_path_session_framed(CelPathSession *session);

/** cel_path_session_go_on: after a shot or an order: judge, evaluate, use the instrument: what
 * follows by itself. */
void cel_path_session_go_on(CelPathSession *session);
/** cel_path_session_forget_unkept: it is on record, or nobody can put it there any more. */
void cel_path_session_forget_unkept(CelPathSession *session);
/** cel_path_session_forget_shot: ends watching. */
void cel_path_session_forget_shot(CelPathSession *session);

/** cel_path_live_new, _ref, _unref, cel_path_live_frame: see CelPathLive; the last is a
 * CelFrameSink. */
CelPathLive *cel_path_live_new(CelPathSession *session);
CelPathLive *cel_path_live_ref(CelPathLive *live);
void cel_path_live_unref(CelPathLive *live);
void cel_path_live_frame(const double *counts, gsize n, gboolean dark, gpointer live);
/** cel_path_live_set_axis: On a worker: of the open instrument. */
void cel_path_live_set_axis(CelPathLive *live, const CelDeviceDescription *instrument);

G_END_DECLS
