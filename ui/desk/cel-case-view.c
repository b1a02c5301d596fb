/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-case-view.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "bench/cel-daybook.h"
#include "bench/cel-lab-seal.h"
#include "cel-words.h"
#include "evidence/cel-sealed.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>
#include <string.h>

enum { SMALL_PX = 220, MOST_PHOTOS = 60, MOST_SEALED = 20, MOST_FAILED = 20, MOST_EVENTS = 20000 };

/* ---- one case ---- */

static void photo_free(gpointer data)
{
    CelCasePhoto *photo = data;
    g_free(photo->sha256);
    g_free(photo->moment);
    g_free(photo->item_id);
    g_free(photo->problem);
    g_clear_object(&photo->small);
    g_free(photo);
}

CelCaseView *cel_case_view_new(CelDesk *desk, const char *what)
{
    CelCaseView *view = g_new0(CelCaseView, 1);
    view->desk = g_object_ref(desk);
    view->what = g_strdup(what);
    view->photos = g_ptr_array_new_with_free_func(photo_free);
    view->deviations = g_ptr_array_new_with_free_func(g_free);
    return view;
}

void cel_case_view_free(gpointer data)
{
    CelCaseView *view = data;
    if (view == NULL)
        return;
    g_clear_pointer(&view->row, json_object_unref);
    for (guint k = 0; k < CEL_N_ROW_KINDS; k++)
        g_clear_pointer(&view->rows[k], g_ptr_array_unref);
    g_ptr_array_unref(view->photos);
    g_ptr_array_unref(view->deviations);
    g_free(view->what);
    g_object_unref(view->desk);
    g_free(view);
}

static GdkTexture *scale_down(GBytes *bytes)
{
    g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes(bytes);
    g_autoptr(GdkPixbuf) pixbuf =
        gdk_pixbuf_new_from_stream_at_scale(stream, SMALL_PX, SMALL_PX, TRUE, NULL, NULL);
    g_autoptr(GdkPixbuf) upright =
        pixbuf != NULL ? gdk_pixbuf_apply_embedded_orientation(pixbuf) : NULL;
    return upright != NULL ? gdk_texture_new_for_pixbuf(upright) : NULL;
}

/* What does not have its digest is not shown: it is not the photo that was recorded. */
static void load_photo(CelLab *lab, CelCasePhoto *photo)
{
    g_autofree char *path = cel_lab_path(lab, CEL_LAB_PHOTOS, photo->sha256);
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_PHOTO_MAX_BYTES, NULL);
    if (bytes == NULL) {
        photo->problem = g_strdup(_("The photo is missing from the lab's folder"));
        return;
    }
    gsize size = 0;
    const void *data = g_bytes_get_data(bytes, &size);
    g_autofree char *found = cel_digest_hex("sha256", data, size);
    if (strcmp(found, photo->sha256) != 0) {
        photo->problem = g_strdup(_("The file is not the photo that was recorded"));
        return;
    }
    photo->small = scale_down(bytes);
    if (photo->small == NULL)
        photo->problem = g_strdup(_("The photo cannot be shown"));
}

static gboolean load_photos(CelCaseView *view, CelLab *lab, CelJob *job, GError **error)
{
    const GPtrArray *rows = view->rows[CEL_ROW_PHOTO];
    const guint n = MIN(rows->len, MOST_PHOTOS);
    for (guint i = 0; i < n; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        CelCasePhoto *photo = g_new0(CelCasePhoto, 1);
        photo->sha256 = g_strdup(cel_row_text(row, "sha256"));
        photo->moment = g_strdup(cel_row_text(row, "moment"));
        photo->item_id = g_strdup(cel_row_text(row, "item_id"));
        g_ptr_array_add(view->photos, photo);
        if (!cel_job_step(job, N_("Reading photos"), i, n, error))
            return FALSE;
        load_photo(lab, photo);
    }
    return TRUE;
}

static void note_deviations(CelCaseView *view, const char *item, JsonObject *answer)
{
    JsonNode *node = json_object_get_member(answer, "deviations");
    JsonArray *list =
        node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    for (guint i = 0; list != NULL && i < json_array_get_length(list); i++) {
        JsonNode *one = json_array_get_element(list, i);
        if (!JSON_NODE_HOLDS_OBJECT(one))
            continue;
        JsonObject *deviation = json_node_get_object(one);
        const char *text =
            cel_ui_pick(cel_row_text(deviation, "zh"), cel_row_text(deviation, "en"));
        g_ptr_array_add(view->deviations, g_strdup_printf(_("Exhibit %s: %s"), item, text));
    }
}

/* A file that cannot be read is told by its verification, not here. */
static gboolean read_deviations(CelCaseView *view, CelLab *lab, CelJob *job, GError **error)
{
    const GPtrArray *files = view->rows[CEL_ROW_FILE];
    for (guint i = 0; i < MIN(files->len, MOST_SEALED); i++) {
        JsonObject *row = g_ptr_array_index(files, i);
        g_autofree char *path = cel_lab_sealed_path(lab, cel_row_text(row, "fid"));
        if (!cel_job_step(job, N_("Reading sealed files"), i, files->len, error))
            return FALSE;
        g_autoptr(CelSealed) sealed = cel_sealed_open(path, job, NULL);
        if (sealed != NULL)
            note_deviations(view, cel_row_text(row, "item_id"), cel_sealed_answer(sealed));
    }
    return TRUE;
}

static const CelRowKind kinds_of_a_case[] = {
    CEL_ROW_EXHIBIT, CEL_ROW_EVENT,   CEL_ROW_PHOTO,      CEL_ROW_FILE, CEL_ROW_ACQUISITION,
    CEL_ROW_REVIEW,  CEL_ROW_RELEASE, CEL_ROW_NONCONFORM, CEL_ROW_HOLD, CEL_ROW_EXPORT,
};

gboolean cel_case_view_read(gpointer data, CelJob *job, GError **error)
{
    CelCaseView *view = data;
    CelLab *lab = cel_desk_need_lab(view->desk, error);
    g_auto(GStrv) parts = g_strsplit(view->what, "/", 2);
    if (lab == NULL)
        return FALSE;
    const CelRowQuery query = {.match = {{"case_id", parts[0] != NULL ? parts[0] : "", 0}}};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds_of_a_case); i++) {
        const CelRowKind kind = kinds_of_a_case[i];
        view->rows[kind] = cel_register_rows(cel_lab_register(lab), kind, &query, error);
        if (view->rows[kind] == NULL)
            return FALSE;
    }
    view->row = cel_register_row(cel_lab_register(lab), CEL_ROW_CASE, &query, NULL);
    if (view->row == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("There is no case “%s” in this lab. Look it up among the exhibits."),
                    view->what);
        return FALSE;
    }
    return load_photos(view, lab, job, error) && read_deviations(view, lab, job, error);
}

/* ---- all cases ---- */

static void person_free(gpointer data)
{
    CelPersonFigure *person = data;
    g_free(person->name);
    g_free(person);
}

static void failed_free(gpointer data)
{
    CelFailedCheck *failed = data;
    g_free(failed->instrument);
    g_free(failed->kind);
    g_free(failed);
}

CelCasesView *cel_cases_view_new(CelDesk *desk)
{
    CelCasesView *view = g_new0(CelCasesView, 1);
    view->desk = g_object_ref(desk);
    view->people = g_ptr_array_new_with_free_func(person_free);
    view->failed = g_ptr_array_new_with_free_func(failed_free);
    return view;
}

void cel_cases_view_free(gpointer data)
{
    CelCasesView *view = data;
    if (view == NULL)
        return;
    g_clear_pointer(&view->cases, g_ptr_array_unref);
    g_ptr_array_unref(view->people);
    g_ptr_array_unref(view->failed);
    g_object_unref(view->desk);
    g_free(view);
}

static CelPersonFigure *person_of(GPtrArray *people, const char *name)
{
    for (guint i = 0; i < people->len; i++) {
        CelPersonFigure *person = g_ptr_array_index(people, i);
        if (strcmp(person->name, name) == 0)
            return person;
    }
    CelPersonFigure *person = g_new0(CelPersonFigure, 1);
    person->name = g_strdup(name);
    g_ptr_array_add(people, person);
    return person;
}

static void count_event(const CelRowSlot *slots, gpointer data)
{
    CelAct act;
    CelPersonFigure *person = person_of(data, slots[0].text);
    if (!cel_act_from_id(slots[1].text, &act))
        return;
    person->n_acts++;
    person->n_measured += act == CEL_ACT_ACQUIRE ? 1 : 0;
    person->n_sealed += act == CEL_ACT_SEAL && *slots[2].text != '\0' ? 1 : 0;
    person->n_reviewed += act == CEL_ACT_REVIEW ? 1 : 0;
}

static gboolean read_failed(CelCasesView *view, CelRegister *reg, GError **error)
{
    const CelRowQuery query = {
        .match = {{"verdict", "fail", 0}}, .newest_first = TRUE, .most = MOST_FAILED};
    g_autoptr(GPtrArray) rows = cel_register_rows(reg, CEL_ROW_CHECK, &query, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        g_autoptr(GPtrArray) files = NULL;
        CelFailedCheck *failed = g_new0(CelFailedCheck, 1);
        failed->instrument = g_strdup(cel_row_text(row, "instrument"));
        failed->kind = g_strdup(cel_row_text(row, "kind"));
        failed->at_us = cel_row_number(row, "t_wall_us");
        g_ptr_array_add(view->failed, failed);
        if (!cel_daybook_recall(reg, (guint64)cel_row_number(row, "seq"), &files, NULL))
            continue;
        failed->n_files = files->len;
        for (guint f = 0; f < files->len; f++)
            failed->n_released +=
                cel_row_number(g_ptr_array_index(files, f), "released") != 0 ? 1 : 0;
    }
    return rows != NULL;
}

gboolean cel_cases_view_read(gpointer data, CelJob *job, GError **error)
{
    static const char *const columns[] = {"op_name", "act", "fid", NULL};
    const CelRowQuery newest = {.newest_first = TRUE, .most = CEL_CASES_MOST};
    const CelRowQuery lately = {.newest_first = TRUE, .most = MOST_EVENTS};
    CelCasesView *view = data;
    CelLab *lab = cel_desk_need_lab(view->desk, error);
    (void)job;
    if (lab == NULL)
        return FALSE;
    CelRegister *reg = cel_lab_register(lab);
    const CelRowVisit events = {columns, &lately, count_event, view->people};
    view->cases = cel_register_rows(reg, CEL_ROW_CASE, &newest, error);
    return view->cases != NULL && cel_case_figures(lab, &view->figures, error) &&
           cel_register_visit(reg, CEL_ROW_EVENT, &events, error) && read_failed(view, reg, error);
}
