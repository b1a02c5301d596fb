/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-task.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

enum { COMPUTE_THREADS = 2 };

struct _CelTask {
    GObject parent;
    CelLanes *lanes;
    CelTaskOrder order;
    char *title;
    char *dark_why; /* (nullable): it was ended because no light may be */
    GWeakRef owner;
    GCancellable *cancel;
    GError *error;
    gboolean running, covered;
    /* progress, written on the main loop only */
    char *stage;
    double fraction;
};

struct _CelLanes {
    GObject parent;
    GAsyncQueue *queues[CEL_N_LANES]; /* CelTask; the lanes themselves: the end */
    GPtrArray *threads;               /* GThread */
    GPtrArray *running;               /* CelTask */
    GListStore *visible;              /* CelTask */
    guint n_light;                    /* of those that run, with light */
    char *dark_why;                   /* (nullable): no light may be */
    gboolean stopped;
};

enum { LIGHT_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

enum { PROP_STAGE = 1, PROP_FRACTION, PROP_RUNNING, PROP_COVERED, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE(CelTask, cel_task, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE(CelLanes, cel_lanes, G_TYPE_OBJECT)

void cel_ui_post(GSourceFunc func, gpointer data, GDestroyNotify free_data)
{
    g_autoptr(GSource) source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(source, func, data, free_data);
    g_source_attach(source, NULL);
}

/* ---- the task ---- */

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    const CelTask *task = CEL_TASK(object);
    switch (id) {
    case PROP_STAGE:
        g_value_set_string(value, task->stage);
        break;
    case PROP_FRACTION:
        g_value_set_double(value, task->fraction);
        break;
    case PROP_RUNNING:
        g_value_set_boolean(value, task->running);
        break;
    case PROP_COVERED:
        g_value_set_boolean(value, task->covered);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

static void cel_task_finalize(GObject *object)
{
    CelTask *task = CEL_TASK(object);
    if (task->order.free != NULL)
        task->order.free(task->order.data);
    g_weak_ref_clear(&task->owner);
    g_clear_object(&task->cancel);
    g_clear_error(&task->error);
    g_free(task->title);
    g_free(task->dark_why);
    g_free(task->stage);
    G_OBJECT_CLASS(cel_task_parent_class)->finalize(object);
}

static void cel_task_class_init(CelTaskClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->finalize = cel_task_finalize;
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
    props[PROP_STAGE] = g_param_spec_string("stage", NULL, NULL, NULL, flags);
    props[PROP_FRACTION] = g_param_spec_double("fraction", NULL, NULL, -1.0, 1.0, -1.0, flags);
    props[PROP_RUNNING] = g_param_spec_boolean("running", NULL, NULL, TRUE, flags);
    props[PROP_COVERED] = g_param_spec_boolean("covered", NULL, NULL, FALSE, flags);
    g_object_class_install_properties(object_class, N_PROPS, props);
}

static void cel_task_init(CelTask *task)
{
    task->fraction = -1.0;
    task->running = TRUE;
    task->cancel = g_cancellable_new();
    g_weak_ref_init(&task->owner, NULL);
}

/* ---- progress ---- */

/** Progress: what the worker saw, on its way to the main loop. */
typedef struct {
    CelTask *task;
    char *stage;
    double fraction;
} Progress;

static void progress_free(gpointer data)
{
    Progress *progress = data;
    g_object_unref(progress->task);
    g_free(progress->stage);
    g_free(progress);
}

static gboolean show_progress(gpointer data)
{
    Progress *progress = data;
    CelTask *task = progress->task;
    g_free(task->stage);
    task->stage = g_steal_pointer(&progress->stage);
    task->fraction = progress->fraction;
    g_object_notify_by_pspec(G_OBJECT(task), props[PROP_STAGE]);
    g_object_notify_by_pspec(G_OBJECT(task), props[PROP_FRACTION]);
    return G_SOURCE_REMOVE;
}

static void on_progress(const char *stage, guint64 done, guint64 total, gpointer data)
{
    Progress *progress = g_new0(Progress, 1);
    progress->task = g_object_ref(data);
    progress->stage = g_strdup(stage != NULL && *stage != '\0' ? _(stage) : "");
    progress->fraction = total > 0 ? MIN(1.0, (double)done / (double)total) : -1.0;
    cel_ui_post(show_progress, progress, progress_free);
}

/* ---- light ---- */

gboolean cel_lanes_has_light(CelLanes *lanes)
{
    return lanes->n_light > 0;
}

static void count_light(CelTask *task, gboolean begins)
{
    CelLanes *lanes = task->lanes;
    const gboolean before = lanes->n_light > 0;
    if (!task->order.light)
        return;
    lanes->n_light += begins ? 1U : -1U;
    if (before != (lanes->n_light > 0))
        g_signal_emit(lanes, signals[LIGHT_CHANGED], 0);
}

static void darken(CelTask *task, const char *why)
{
    if (!task->order.light || task->dark_why != NULL)
        return;
    task->dark_why = g_strdup(why);
    cel_task_cancel(task);
}

void cel_lanes_go_dark(CelLanes *lanes, const char *why)
{
    g_free(lanes->dark_why);
    lanes->dark_why = g_strdup(why);
    for (guint i = 0; why != NULL && i < lanes->running->len; i++)
        darken(g_ptr_array_index(lanes->running, i), why);
}

/* Nobody stopped it by hand: it says why it ended. */
static void say_why_dark(CelTask *task)
{
    if (task->dark_why == NULL || !g_error_matches(task->error, CEL_ERROR, CEL_ERROR_CANCELLED))
        return;
    g_clear_error(&task->error);
    g_set_error_literal(&task->error, CEL_ERROR, CEL_ERROR_DEVICE, task->dark_why);
}

/* ---- running ---- */

static void forget(CelTask *task)
{
    guint at = 0;
    g_ptr_array_remove_fast(task->lanes->running, task);
    if (task->title != NULL && g_list_store_find(task->lanes->visible, task, &at))
        g_list_store_remove(task->lanes->visible, at);
}

/* The main loop again; the reference that the work held ends with it. */
static gboolean finish(gpointer data)
{
    g_autoptr(CelTask) task = data;
    g_autoptr(GObject) owner = g_weak_ref_get(&task->owner);
    task->running = FALSE;
    say_why_dark(task);
    forget(task);
    count_light(task, FALSE);
    g_object_notify_by_pspec(G_OBJECT(task), props[PROP_RUNNING]);
    if (task->order.done != NULL && (owner != NULL || task->order.owner == NULL))
        task->order.done(owner, task->order.data, task->error);
    return G_SOURCE_REMOVE;
}

static void work(CelTask *task)
{
    CelJob *job = cel_job_new(task->cancel, on_progress, task);
    const gboolean ok = cel_job_step(job, "", 0, 0, &task->error) &&
                        task->order.run(task->order.data, job, &task->error);
    cel_job_free(job);
    if (!ok && task->error == NULL)
        g_set_error_literal(&task->error, CEL_ERROR, CEL_ERROR_SYSTEM,
                            _("The work ended without saying why. Nothing was changed."));
    cel_ui_post(finish, task, NULL);
}

CelTask *cel_task_start(CelLanes *lanes, const CelTaskOrder *order)
{
    CelTask *task = g_object_new(CEL_TYPE_TASK, NULL);
    task->lanes = lanes;
    task->order = *order;
    task->title = g_strdup(order->title);
    g_weak_ref_set(&task->owner, order->owner);
    g_ptr_array_add(lanes->running, task);
    count_light(task, TRUE);
    if (lanes->dark_why != NULL)
        darken(task, lanes->dark_why);
    if (task->title != NULL)
        g_list_store_append(lanes->visible, task);
    if (lanes->stopped) {
        g_set_error_literal(&task->error, CEL_ERROR, CEL_ERROR_CANCELLED, _("Stopped"));
        cel_ui_post(finish, task, NULL);
    } else {
        g_async_queue_push(lanes->queues[order->lane], task);
    }
    return task;
}

void cel_task_cancel(CelTask *task)
{
    if (task != NULL)
        g_cancellable_cancel(task->cancel);
}

void cel_task_cover(CelTask *task, gboolean covered)
{
    if (task->covered == covered)
        return;
    task->covered = covered;
    g_object_notify_by_pspec(G_OBJECT(task), props[PROP_COVERED]);
}

const char *cel_task_title(CelTask *task)
{
    return task->title;
}

gboolean cel_task_is_running(CelTask *task)
{
    return task->running;
}

/* ---- the lanes ---- */

/** Way: what a thread of a lane goes by. */
typedef struct {
    GAsyncQueue *queue;
    gpointer end; /* what is no task */
} Way;

static guint threads_of(gsize lane)
{
    return lane == CEL_LANE_COMPUTE ? COMPUTE_THREADS : 1;
}

static gpointer go_a_lane(gpointer data)
{
    Way *way = data;
    for (gpointer next = NULL; (next = g_async_queue_pop(way->queue)) != way->end;)
        work(next);
    g_async_queue_unref(way->queue);
    g_free(way);
    return NULL;
}

static void start_thread(CelLanes *lanes, gsize lane)
{
    Way *way = g_new(Way, 1);
    *way = (Way){.queue = g_async_queue_ref(lanes->queues[lane]), .end = lanes};
    g_ptr_array_add(lanes->threads, g_thread_new("lane", go_a_lane, way));
}

/* They end here and not with the process: what libraries keep for each goes with them. */
static void end_threads(CelLanes *lanes)
{
    for (gsize i = 0; i < CEL_N_LANES; i++)
        for (guint k = 0; k < threads_of(i); k++)
            g_async_queue_push(lanes->queues[i], lanes);
    for (guint i = 0; i < lanes->threads->len; i++)
        g_thread_join(g_ptr_array_index(lanes->threads, i));
    g_ptr_array_set_size(lanes->threads, 0);
}

void cel_lanes_stop(CelLanes *lanes)
{
    if (lanes->stopped)
        return;
    lanes->stopped = TRUE;
    for (guint i = 0; i < lanes->running->len; i++)
        cel_task_cancel(g_ptr_array_index(lanes->running, i));
    /* The work ends on its threads, its finish() on the main loop. */
    while (lanes->running->len > 0)
        g_main_context_iteration(NULL, TRUE);
    end_threads(lanes);
}

static void cel_lanes_dispose(GObject *object)
{
    CelLanes *lanes = CEL_LANES(object);
    if (lanes->running != NULL)
        cel_lanes_stop(lanes);
    for (gsize i = 0; i < CEL_N_LANES; i++)
        g_clear_pointer(&lanes->queues[i], g_async_queue_unref);
    g_clear_pointer(&lanes->threads, g_ptr_array_unref);
    g_clear_pointer(&lanes->running, g_ptr_array_unref);
    g_clear_object(&lanes->visible);
    g_clear_pointer(&lanes->dark_why, g_free);
    G_OBJECT_CLASS(cel_lanes_parent_class)->dispose(object);
}

static void cel_lanes_class_init(CelLanesClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_lanes_dispose;
    signals[LIGHT_CHANGED] = g_signal_new("light-changed", CEL_TYPE_LANES, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void cel_lanes_init(CelLanes *lanes)
{
    lanes->running = g_ptr_array_new();
    lanes->visible = g_list_store_new(CEL_TYPE_TASK);
    lanes->threads = g_ptr_array_new();
    for (gsize i = 0; i < CEL_N_LANES; i++) {
        lanes->queues[i] = g_async_queue_new();
        for (guint k = 0; k < threads_of(i); k++)
            start_thread(lanes, i);
    }
}

CelLanes *cel_lanes_new(void)
{
    return g_object_new(CEL_TYPE_LANES, NULL);
}

GListModel *cel_lanes_visible(CelLanes *lanes)
{
    return G_LIST_MODEL(lanes->visible);
}
