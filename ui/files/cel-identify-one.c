/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files/cel-identify-one.h"

#include "cel-answer.h"
#include "formats/cel-reader.h"

#include <glib/gi18n-lib.h>

typedef struct {
    CelDesk *desk;
    char *path;
    double laser_nm;
    CelAnswer *answer;
} One;

static void one_free(gpointer data)
{
    One *one = data;
    g_object_unref(one->desk);
    g_free(one->path);
    g_clear_object(&one->answer);
    g_free(one);
}

static gboolean run(gpointer data, CelJob *job, GError **error)
{
    One *one = data;
    const CelReadOptions options = {.laser_nm = one->laser_nm};
    const CelBench *bench = cel_desk_wait_bench(one->desk, job, error);
    CelMeasurement *measurement =
        bench != NULL ? cel_reader_load(one->path, &options, job, error) : NULL;
    if (measurement == NULL)
        return FALSE;
    g_autoptr(CelWork) work = cel_work_new(bench);
    cel_work_add(work, measurement);
    if (!cel_work_identify(work, job, error))
        return FALSE;
    g_autofree char *title = g_filename_display_basename(one->path);
    one->answer = cel_answer_new(g_steal_pointer(&work), title);
    return TRUE;
}

static void done(gpointer owner, gpointer data, const GError *error)
{
    const One *one = data;
    cel_page_fail(owner, error);
    if (error == NULL)
        cel_page_show(owner, "result", NULL, G_OBJECT(one->answer));
}

void cel_identify_one(CelPage *page, const char *path, double laser_nm)
{
    One *one = g_new0(One, 1);
    one->desk = g_object_ref(cel_page_desk(page));
    one->path = g_strdup(path);
    one->laser_nm = laser_nm;
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Identifying"),
                                .run = run,
                                .done = done,
                                .data = one,
                                .free = one_free};
    cel_page_start(page, &order);
}
