/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-daybook-ask.h"

#include "cel-qualify.h"
#include "cel-standard.h"
#include "cel-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

CelDaybookAnswer *cel_daybook_answer_new(CelDesk *desk)
{
    CelDaybookAnswer *answer = g_rc_box_new0(CelDaybookAnswer);
    answer->desk = g_object_ref(desk);
    answer->checks = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
    answer->instruments = g_ptr_array_new_with_free_func(g_free);
    answer->standards = g_ptr_array_new_with_free_func(g_free);
    answer->recalls = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                            (GDestroyNotify)g_ptr_array_unref);
    return answer;
}

CelDaybookAnswer *cel_daybook_answer_ref(CelDaybookAnswer *answer)
{
    return g_rc_box_acquire(answer);
}

static void clear(gpointer data)
{
    CelDaybookAnswer *answer = data;
    g_object_unref(answer->desk);
    g_free(answer->serial);
    g_free(answer->standard);
    g_ptr_array_unref(answer->checks);
    g_ptr_array_unref(answer->instruments);
    g_ptr_array_unref(answer->standards);
    g_hash_table_unref(answer->recalls);
    cel_chart_clear(&answer->chart);
}

void cel_daybook_answer_unref(gpointer answer)
{
    g_rc_box_release_full(answer, clear);
}

/* ---- asking ---- */

static void add_once(GPtrArray *list, const char *text)
{
    if (*text != '\0' && !g_ptr_array_find_with_equal_func(list, text, g_str_equal, NULL))
        g_ptr_array_add(list, g_strdup(text));
}

static gboolean is_passed(const char *verdict)
{
    return strcmp(verdict, cel_check_verdict_name(CEL_CHECK_PASS)) == 0;
}

static gboolean add_recall(CelDaybookAnswer *answer, CelRegister *reg, JsonObject *check,
                           GError **error)
{
    const gint64 seq = cel_row_number(check, "seq");
    GPtrArray *files = NULL;
    if (!cel_daybook_is_failed(reg, check))
        return TRUE;
    if (!cel_daybook_recall(reg, (guint64)seq, &files, error))
        return FALSE;
    gint64 *key = g_new(gint64, 1);
    *key = seq;
    g_hash_table_insert(answer->recalls, key, files);
    return TRUE;
}

static gboolean read_checks(CelDaybookAnswer *answer, CelRegister *reg, CelJob *job, GError **error)
{
    const CelRowQuery newest = {.newest_first = TRUE, .most = CEL_DAYBOOK_MOST_CHECKS};
    g_autoptr(GPtrArray) rows = cel_register_rows(reg, CEL_ROW_CHECK, &newest, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        add_once(answer->instruments, cel_row_text(row, "instrument"));
        g_ptr_array_add(answer->checks, json_object_ref(row));
        if (!cel_job_step(job, N_("Reading the day-book"), i, rows->len, error) ||
            !add_recall(answer, reg, row, error))
            return FALSE;
    }
    return rows != NULL;
}

/* Standards are never pooled, and a chart is of one instrument. */
static void choose(CelDaybookAnswer *answer)
{
    if (answer->serial == NULL && answer->instruments->len > 0)
        answer->serial = g_strdup(g_ptr_array_index(answer->instruments, 0));
    for (guint i = 0; i < answer->checks->len; i++) {
        JsonObject *row = g_ptr_array_index(answer->checks, i);
        if (g_strcmp0(cel_row_text(row, "instrument"), answer->serial) == 0)
            add_once(answer->standards, cel_row_text(row, "standard"));
    }
    if (answer->standards->len > 0 &&
        (answer->standard == NULL || !g_ptr_array_find_with_equal_func(
                                         answer->standards, answer->standard, g_str_equal, NULL))) {
        g_free(answer->standard);
        answer->standard = g_strdup(g_ptr_array_index(answer->standards, 0));
    }
}

static CelChartQuestion question_of(const CelDaybookAnswer *answer)
{
    return (CelChartQuestion){
        .serial = answer->serial, .standard = answer->standard, .quantity = answer->quantity};
}

gboolean cel_daybook_answer_run(gpointer data, CelJob *job, GError **error)
{
    CelDaybookAnswer *answer = data;
    CelLab *lab = cel_desk_lab(answer->desk);
    if (lab == NULL)
        return TRUE;
    CelRegister *reg = cel_lab_register(lab);
    if (!read_checks(answer, reg, job, error))
        return FALSE;
    choose(answer);
    const CelChartQuestion question = question_of(answer);
    return question.serial == NULL || question.standard == NULL ||
           cel_daybook_chart(reg, &question, &answer->chart, error);
}

/* ---- what it said ---- */

const GPtrArray *cel_daybook_answer_recall(const CelDaybookAnswer *answer, guint64 seq)
{
    const gint64 key = (gint64)seq;
    return g_hash_table_lookup(answer->recalls, &key);
}

CelChartPicture *cel_daybook_answer_picture(const CelDaybookAnswer *answer)
{
    const CelChartQuestion question = question_of(answer);
    if (answer->chart.points == NULL || answer->chart.points->len == 0)
        return NULL;
    return cel_chart_picture_new(&answer->chart, &question, NULL);
}

char *cel_daybook_answer_chart_words(const CelDaybookAnswer *answer)
{
    const GArray *points = answer->chart.points;
    guint broken = 0;
    if (points == NULL || points->len == 0)
        return g_strdup(_("No check of this instrument with this standard yet"));
    for (guint i = 0; i < points->len; i++)
        broken += cel_chart_rejects(g_array_index(points, CelChartPoint, i).broken) ? 1 : 0;
    if (answer->chart.base.n == 0)
        return g_strdup_printf(_("%u checks since the last calibration: shown, not judged; %d are "
                                 "needed to judge by"),
                               points->len, CEL_CHART_MIN_BASE);
    return g_strdup_printf(_("%u checks; %u of them break a rule of the chart"), points->len,
                           broken);
}

gboolean cel_daybook_answer_save(const CelDaybookAnswer *answer, const char *path, GError **error)
{
    const CelChartQuestion question = question_of(answer);
    return cel_daybook_plot(&answer->chart, &question, cel_ui_is_chinese(), path, error);
}

/* ---- an event in words ---- */

static const char *verdict_word(const char *verdict)
{
    if (is_passed(verdict))
        return _("check passed");
    if (strcmp(verdict, cel_check_verdict_name(CEL_CHECK_FAIL)) == 0)
        return _("check not passed");
    if (strcmp(verdict, cel_check_verdict_name(CEL_CHECK_NOT_CHECKABLE)) == 0)
        return _("not checkable, counts as not passed");
    return _("needs a new check");
}

static const char *calibration_words(JsonObject *row)
{
    if (cel_row_number(row, "in_force") == 0)
        return _("a calibration was sealed");
    return *cel_row_text(row, "fid") != '\0' ? _("a calibration was put in force")
                                             : _("back to its own calibration");
}

const char *cel_daybook_words(JsonObject *row)
{
    const char *kind = cel_row_text(row, "kind");
    if (strcmp(kind, "calibration") == 0)
        return calibration_words(row);
    if (strcmp(kind, "inventory") == 0)
        return _("entered in the inventory");
    if (strcmp(kind, "disturbance") == 0)
        return _("needs a new check");
    return verdict_word(cel_row_text(row, "verdict"));
}

const char *cel_daybook_standard(const char *id)
{
    return cel_standard_name(id, cel_ui_is_chinese());
}

char *cel_daybook_about(JsonObject *row)
{
    const gboolean failed = strcmp(cel_row_text(row, "kind"), "disturbance") == 0;
    g_autofree char *when = cel_ui_time(cel_row_number(row, "t_wall_us"));
    const char *const parts[] = {
        when,
        cel_row_text(row, "asset"),
        cel_daybook_standard(cel_row_text(row, "standard")),
        cel_row_text(row, "op_name"),
        cel_row_text(row, failed ? "why_not" : "why"),
    };
    GString *about = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        if (*parts[i] != '\0')
            g_string_append_printf(about, "%s%s", about->len > 0 ? " · " : "", parts[i]);
    return g_string_free(about, FALSE);
}
