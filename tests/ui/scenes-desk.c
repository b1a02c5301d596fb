/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-file.h"
#include "bench/cel-lab.h"
#include "cel-second-person.h"
#include "desk/cel-queue-list.h"
#include "desk/cel-queue-page.h"
#include "evidence/cel-custody.h"
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

static char *fid_of(const char *folder, const char *item);

static void show_review(CelWindow *window, const char *folder)
{
    g_autofree char *fid = fid_of(folder, SCENE_WAITING);
    ui_sign_in(window, folder, "reviewer");
    show_page(window, "review", fid);
    ui_pump_idle(window, 300);
}

static char *fid_of(const char *folder, const char *item)
{
    g_autoptr(CelLab) lab = cel_lab_open(folder, NULL);
    const CelRowQuery query = {.match = {{"case_id", SCENE_CASE, 0}, {"item_id", item, 0}}};
    g_autoptr(JsonObject) row = cel_register_row(cel_lab_register(lab), CEL_ROW_FILE, &query, NULL);
    return g_strdup(cel_row_text(row, "fid"));
}

static void show_reviewed(CelWindow *window, const char *folder)
{
    g_autofree char *fid = fid_of(folder, "1");
    ui_sign_in(window, folder, "reviewer");
    show_page(window, "review", fid);
    ui_pump_idle(window, 300);
}

static void show_archive(CelWindow *window, const char *folder)
{
    g_autofree char *fid = fid_of(folder, "1");
    ui_sign_in(window, folder, "technician");
    show_page(window, "archive", fid);
    ui_pump_idle(window, 300);
}

/* A copy of a sealed file to which somebody added a note. */
static void show_contradicted(CelWindow *window, const char *folder)
{
    g_autofree char *fid = fid_of(folder, "1");
    g_autofree char *name = g_strconcat(fid, ".cel.h5", NULL);
    g_autofree char *from = g_build_filename(folder, "archive", name, NULL);
    g_autofree char *to = g_build_filename(folder, "..", "copy.cel.h5", NULL);
    g_autoptr(CelH5Node) root = cel_h5_read(from, CEL_SEAL_MAX_BYTES, NULL, NULL);
    cel_h5_put_text(root, "note", "added later");
    g_autoptr(GBytes) bytes = cel_h5_to_bytes(root, NULL);
    g_assert_true(cel_file_write(to, bytes, 0644, NULL));
    show_page(window, "archive", to);
    ui_pump_idle(window, 300);
}

static gboolean has_list(gpointer page)
{
    return ui_find(page, CEL_TYPE_QUEUE_LIST, NULL) != NULL;
}

static GtkWidget *select_exhibit(CelWindow *window, const char *search)
{
    show_page(window, "queue", search);
    ui_pump_idle(window, 200);
    CelPage *page = cel_window_page(window, NULL);
    if (!ui_pump(has_list, page, 10000))
        g_error("no list of exhibits for \"%s\"", search);
    GtkWidget *list = ui_find(GTK_WIDGET(page), CEL_TYPE_QUEUE_LIST, NULL);
    g_autoptr(GtkBitset) first = gtk_bitset_new_range(0, 1);
    cel_queue_list_select(CEL_QUEUE_LIST(list), first);
    ui_pump_idle(window, 100);
    return GTK_WIDGET(page);
}

static void show_selected(CelWindow *window, const char *folder)
{
    (void)folder;
    select_exhibit(window, "2026-0121/2");
}

static void show_receive_form(CelWindow *window, const char *folder)
{
    (void)folder;
    GtkWidget *page = select_exhibit(window, "2026-0104/1");
    ui_click(page, _("Receive"));
    ui_pump_idle(window, 200);
}

static void show_second_person(CelWindow *window, const char *folder)
{
    (void)folder;
    const CelSecondPersonAsk ask = {.parent = GTK_WIDGET(window),
                                    .desk = cel_window_desk(window),
                                    .act = CEL_ACT_DISPOSE,
                                    .what = "2026-0121/1",
                                    .owner = window};
    show_page(window, "queue", "");
    cel_second_person_ask(&ask);
    ui_pump_idle(window, 300);
}

static void show_paper(CelWindow *window, const char *folder)
{
    show_archive(window, folder);
    ui_click(GTK_WIDGET(cel_window_page(window, NULL)), "中文");
    ui_pump_idle(window, 600);
}

static void show_label(CelWindow *window, const char *folder)
{
    (void)folder;
    GtkWidget *page = select_exhibit(window, "2026-0121/1");
    ui_click(page, _("Label"));
    ui_pump_idle(window, 600);
}

const UiScene ui_scenes_desk[] = {
    {"desk-queue", show_queue, FALSE},
    {"desk-cases", show_cases, FALSE},
    {"desk-figures", show_figures, FALSE},
    {"desk-case-exhibits", show_exhibits, FALSE},
    {"desk-case-custody", show_custody, FALSE},
    {"desk-case-photos", show_photos, FALSE},
    {"desk-case-files", show_files, FALSE},
    {"desk-case-deviations", show_deviations, FALSE},
    {"desk-review", show_review, FALSE},
    {"desk-reviewed", show_reviewed, FALSE},
    {"desk-archive", show_archive, FALSE},
    {"desk-contradicted", show_contradicted, FALSE},
    {"desk-selected", show_selected, FALSE},
    {"desk-label", show_label, FALSE},
    {"desk-receive", show_receive_form, FALSE},
    {"desk-second-person", show_second_person, FALSE},
    {"desk-paper", show_paper, FALSE},
    {NULL, NULL, FALSE},
};
