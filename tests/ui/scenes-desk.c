/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab.h"
#include "desk/cel-queue-page.h"
#include "scene-lab.h"
#include "ui-test.h"

#include <glib/gi18n-lib.h>

const UiScene ui_scenes_desk[];

static void show_queue(CelWindow *window, const char *folder)
{
    (void)folder;
    cel_window_show(window, "queue", NULL, NULL);
    ui_pump_idle(window, 200);
}

static void show_page(CelWindow *window, const char *id, const char *what)
{
    cel_window_show(window, id, what, NULL);
    ui_pump_idle(window, 200);
}

/* The tab with that icon of the case in view. */
static void turn_to(CelWindow *window, const char *name)
{
    GtkWidget *inner = adw_bin_get_child(ADW_BIN(cel_window_page(window, NULL)));
    GtkWidget *seen = gtk_stack_get_visible_child(GTK_STACK(inner));
    GtkWidget *stack = ui_find(seen, ADW_TYPE_VIEW_STACK, NULL);
    adw_view_stack_set_visible_child_name(ADW_VIEW_STACK(stack), name);
    ui_pump_idle(window, 100);
}

static void show_cases(CelWindow *window, const char *folder)
{
    (void)folder;
    show_page(window, "case", NULL);
    GtkWidget *page = GTK_WIDGET(cel_window_page(window, NULL));
    GtkWidget *all = ui_find(page, GTK_TYPE_BUTTON, _("All cases"));
    if (all != NULL)
        g_signal_emit_by_name(all, "clicked");
    ui_pump_idle(window, 200);
    turn_to(window, "cases");
}

static void show_figures(CelWindow *window, const char *folder)
{
    show_cases(window, folder);
    turn_to(window, "figures");
}

static void show_exhibits(CelWindow *window, const char *folder)
{
    (void)folder;
    show_page(window, "case", SCENE_OPEN);
    turn_to(window, "package-x-generic-symbolic");
}

static void show_custody(CelWindow *window, const char *folder)
{
    (void)folder;
    show_page(window, "case", SCENE_CASE);
    turn_to(window, "document-open-recent-symbolic");
}

static void show_photos(CelWindow *window, const char *folder)
{
    show_custody(window, folder);
    turn_to(window, "image-x-generic-symbolic");
}

static void show_files(CelWindow *window, const char *folder)
{
    show_custody(window, folder);
    turn_to(window, "text-x-generic-symbolic");
}

static void show_deviations(CelWindow *window, const char *folder)
{
    (void)folder;
    show_page(window, "case", "2026-0109");
    turn_to(window, "dialog-warning-symbolic");
}

static char *waiting_fid(const char *folder)
{
    g_autoptr(CelLab) lab = cel_lab_open(folder, NULL);
    const CelRowQuery query = {
        .match = {{"case_id", SCENE_CASE, 0}, {"item_id", SCENE_WAITING, 0}}};
    g_autoptr(JsonObject) row = cel_register_row(cel_lab_register(lab), CEL_ROW_FILE, &query, NULL);
    return g_strdup(cel_row_text(row, "fid"));
}

static void show_review(CelWindow *window, const char *folder)
{
    g_autofree char *fid = waiting_fid(folder);
    ui_sign_in(window, folder, "reviewer");
    show_page(window, "review", fid);
    ui_pump_idle(window, 300);
}

const UiScene ui_scenes_desk[] = {
    {"desk-queue", show_queue, FALSE},          {"desk-cases", show_cases, FALSE},
    {"desk-figures", show_figures, FALSE},      {"desk-case-exhibits", show_exhibits, FALSE},
    {"desk-case-custody", show_custody, FALSE}, {"desk-case-photos", show_photos, FALSE},
    {"desk-case-files", show_files, FALSE},     {"desk-case-deviations", show_deviations, FALSE},
    {"desk-review", show_review, FALSE},        {NULL, NULL, FALSE},
};
