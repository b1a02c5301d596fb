/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-label-view.h"

#include "bench/cel-case-paper.h"
#include "desk/cel-paper-window.h"

#include <glib/gi18n-lib.h>

/** Label: asked and answered. */
typedef struct {
    CelDesk *desk;
    char *name; /* "CASE/ITEM" */
    gboolean chinese;
    GBytes *pdf;
} Label;

static void label_free(gpointer data)
{
    Label *label = data;
    g_object_unref(label->desk);
    g_free(label->name);
    g_clear_pointer(&label->pdf, g_bytes_unref);
    g_free(label);
}

static gboolean make_label(gpointer data, CelJob *job, GError **error)
{
    Label *label = data;
    CelLab *lab = cel_desk_lab(label->desk);
    (void)job;
    g_autoptr(JsonObject) exhibit = cel_case_find(lab, label->name, error);
    label->pdf = exhibit != NULL ? cel_case_label(lab, exhibit, label->chinese, error) : NULL;
    return label->pdf != NULL;
}

static void label_made(gpointer owner, gpointer data, const GError *error)
{
    const Label *label = data;
    cel_page_fail(owner, error);
    if (error != NULL)
        return;
    g_autofree char *title = g_strdup_printf(_("Label of %s"), label->name);
    g_autofree char *name = g_strconcat(label->name, ".pdf", NULL);
    g_strdelimit(name, "/", '-');
    const CelPaper paper = {.pdf = label->pdf, .title = title, .name = name};
    cel_paper_window_show(owner, &paper);
}

void cel_label_view_show(CelPage *page, const char *case_id, const char *item_id)
{
    Label *label = g_new0(Label, 1);
    label->desk = g_object_ref(cel_page_desk(page));
    label->name = g_strjoin("/", case_id, item_id, NULL);
    label->chinese = cel_ui_is_chinese();
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Making the label"),
                                .run = make_label,
                                .done = label_made,
                                .data = label,
                                .free = label_free};
    cel_page_start(page, &order);
}
