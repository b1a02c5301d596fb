/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-case-parts.h"

#include "desk/cel-desk-act.h"
#include "desk/cel-room.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST_EVENTS = 300, PHOTO_PX = 200 };

static GtkWidget *add_list(GtkBox *box, const char *title)
{
    GtkWidget *list = cel_room_list(title);
    if (title != NULL)
        gtk_box_append(box, cel_room_heading(title));
    gtk_box_append(box, list);
    return list;
}

static void append_part(GString *text, const char *part)
{
    if (part != NULL && *part != '\0')
        g_string_append_printf(text, "%s%s", text->len > 0 ? " · " : "", part);
}

/* ---- head ---- */

void cel_case_parts_head(GtkBox *box, const CelCaseView *view)
{
    JsonObject *row = view->row;
    g_autofree char *received = cel_ui_time(cel_row_number(row, "received_us"));
    g_autofree char *came = *received != '\0' ? g_strdup_printf(_("received %s"), received) : NULL;
    g_autoptr(GString) about = g_string_new(NULL);
    const char *title = cel_row_text(row, "title");
    cel_room_empty(box);
    GtkWidget *name = cel_room_heading(*title != '\0' ? title : cel_row_text(row, "case_id"));
    gtk_widget_remove_css_class(name, "heading");
    gtk_widget_add_css_class(name, "title-2");
    gtk_box_append(box, name);
    append_part(about, cel_row_text(row, "case_id"));
    append_part(about, cel_row_text(row, "customer_dept"));
    append_part(about, cel_row_text(row, "customer_person"));
    append_part(about, cel_row_text(row, "request"));
    append_part(about, came);
    gtk_box_append(box, cel_room_note(about->str));
}

/* ---- exhibits ---- */

static void open_in_queue(GtkListBox *list, GtkListBoxRow *row, CelPage *page)
{
    (void)list;
    cel_page_show(page, "queue", gtk_widget_get_name(GTK_WIDGET(row)), NULL);
}

static gboolean is_held(const CelCaseView *view, const char *item)
{
    const GPtrArray *holds = view->rows[CEL_ROW_HOLD];
    for (guint i = 0; i < holds->len; i++) {
        JsonObject *hold = g_ptr_array_index(holds, i);
        if (cel_row_number(hold, "lifted_seq") == 0 &&
            strcmp(cel_row_text(hold, "item_id"), item) == 0)
            return TRUE;
    }
    return FALSE;
}

static GtkWidget *exhibit_row(const CelCaseView *view, JsonObject *exhibit)
{
    const char *item = cel_row_text(exhibit, "item_id"), *seal = cel_row_text(exhibit, "seal_no");
    g_autofree char *title = g_strdup_printf("%s  %s", item, cel_row_text(exhibit, "description"));
    g_autofree char *name = g_strjoin("/", cel_row_text(exhibit, "case_id"), item, NULL);
    g_autofree char *sealed = *seal != '\0' ? g_strdup_printf(_("seal %s"), seal) : NULL;
    g_autofree char *age = cel_ui_age(g_get_real_time() - cel_row_number(exhibit, "last_us"));
    g_autoptr(GString) about = g_string_new(NULL);
    append_part(about, cel_state_words(cel_exhibit_state(exhibit)));
    append_part(about, sealed);
    append_part(about, cel_row_text(exhibit, "holder_person"));
    append_part(about, cel_row_text(exhibit, "storage"));
    append_part(about, age);
    GtkWidget *row = cel_room_row(title, about->str);
    if (is_held(view, item)) {
        GtkWidget *hold = gtk_label_new(_("On hold"));
        gtk_widget_add_css_class(hold, "hold-mark");
        gtk_widget_set_valign(hold, GTK_ALIGN_CENTER);
        adw_action_row_add_suffix(ADW_ACTION_ROW(row), hold);
    }
    adw_action_row_add_suffix(ADW_ACTION_ROW(row),
                              gtk_image_new_from_icon_name("go-next-symbolic"));
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
    gtk_widget_set_name(row, name);
    return row;
}

void cel_case_parts_exhibits(GtkBox *box, const CelCaseView *view, CelPage *page)
{
    const GPtrArray *rows = view->rows[CEL_ROW_EXHIBIT];
    cel_room_empty(box);
    gtk_box_append(box, cel_room_note(_("Press an exhibit to find it among all exhibits, where "
                                        "everything that can be done with it is offered.")));
    GtkWidget *list = add_list(box, NULL);
    for (guint i = 0; i < rows->len; i++)
        gtk_list_box_append(GTK_LIST_BOX(list), exhibit_row(view, g_ptr_array_index(rows, i)));
    g_signal_connect_object(list, "row-activated", G_CALLBACK(open_in_queue), page, 0);
}

/* ---- custody ---- */

static char *parties_text(JsonObject *event)
{
    const char *from = cel_row_text(event, "from_person"), *to = cel_row_text(event, "to_person");
    return *from != '\0' && *to != '\0' ? g_strdup_printf("%s → %s", from, to) : NULL;
}

/* A bag is sealed as a file is, and the register calls both by one act. */
static const char *event_words(JsonObject *event)
{
    const char *act = cel_row_text(event, "act");
    const gboolean bag = strcmp(act, "seal") == 0 && *cel_row_text(event, "seal_no") != '\0' &&
                         *cel_row_text(event, "fid") == '\0';
    return bag ? _("bag sealed") : cel_act_words_of(act);
}

static GtkWidget *event_row(JsonObject *event)
{
    const char *item = cel_row_text(event, "item_id"), *seal = cel_row_text(event, "seal_no");
    const char *second = cel_row_text(event, "second_name");
    const char *act = event_words(event);
    /* Translators: an act of custody and the number of the exhibit it was done to. */
    g_autofree char *title =
        *item != '\0' ? g_strdup_printf(_("%s · exhibit %s"), act, item) : g_strdup(act);
    g_autofree char *when = cel_ui_time(cel_row_number(event, "t_wall_us"));
    g_autofree char *people =
        *second != '\0' ? g_strdup_printf("%s + %s", cel_row_text(event, "op_name"), second)
                        : g_strdup(cel_row_text(event, "op_name"));
    g_autofree char *parties = parties_text(event);
    g_autofree char *sealed = *seal != '\0' ? g_strdup_printf(_("seal %s"), seal) : NULL;
    const char *fid = cel_row_text(event, "fid");
    g_autofree char *file = *fid != '\0' ? g_strdup_printf(_("file %.8s"), fid) : NULL;
    g_autofree char *place = g_strdup_printf(_("event %u"), (guint)cel_row_number(event, "seq"));
    g_autoptr(GString) about = g_string_new(when);
    append_part(about, people);
    append_part(about, parties);
    append_part(about, sealed);
    append_part(about, file);
    append_part(about, cel_row_text(event, "why"));
    append_part(about, cel_row_text(event, "authority"));
    if (*cel_row_text(event, "clock") != '\0')
        append_part(about, _("the clock lay behind"));
    append_part(about, place);
    GtkWidget *row = cel_room_row(title, about->str);
    GtkWidget *dot = gtk_image_new_from_icon_name("media-record-symbolic");
    gtk_widget_add_css_class(dot, "timeline-dot");
    adw_action_row_add_prefix(ADW_ACTION_ROW(row), dot);
    return row;
}

void cel_case_parts_history(GtkBox *box, const CelCaseView *view)
{
    const GPtrArray *rows = view->rows[CEL_ROW_EVENT];
    const guint first = rows->len > MOST_EVENTS ? rows->len - MOST_EVENTS : 0;
    cel_room_empty(box);
    if (first > 0) {
        g_autofree char *text =
            g_strdup_printf(_("The latest %u of %u events. The case bundle holds all of them."),
                            MOST_EVENTS, rows->len);
        gtk_box_append(box, cel_room_note(text));
    }
    GtkWidget *list = add_list(box, NULL);
    for (guint i = rows->len; i > first; i--)
        gtk_list_box_append(GTK_LIST_BOX(list), event_row(g_ptr_array_index(rows, i - 1)));
}

/* ---- photos ---- */

static const char *moment_words(const char *moment)
{
    static const struct {
        const char *id, *title;
    } words[] = {
        {"package", N_("Packaging")},
        {"item", N_("Exhibit")},
        {"seal", N_("Seal")},
        {"before", N_("Before the measurement")},
        {"after", N_("After the measurement")},
        {"scene", N_("Scene")},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i].id, moment) == 0)
            return _(words[i].title);
    return moment;
}

static GtkWidget *photo_tile(const CelCasePhoto *photo)
{
    GtkWidget *tile = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
    g_autofree char *caption =
        g_strdup_printf(_("Exhibit %s: %s"), photo->item_id, moment_words(photo->moment));
    gtk_widget_add_css_class(tile, "photo-tile");
    if (photo->small != NULL) {
        GtkWidget *picture = gtk_picture_new_for_paintable(GDK_PAINTABLE(photo->small));
        gtk_picture_set_alternative_text(GTK_PICTURE(picture), caption);
        gtk_widget_set_size_request(picture, PHOTO_PX, PHOTO_PX * 3 / 4);
        gtk_box_append(GTK_BOX(tile), picture);
    } else {
        GtkWidget *problem = cel_room_note(photo->problem);
        gtk_widget_set_size_request(problem, PHOTO_PX, PHOTO_PX * 3 / 4);
        gtk_box_append(GTK_BOX(tile), problem);
    }
    g_autofree char *digest = g_strdup_printf("SHA-256 %.12s…", photo->sha256);
    GtkWidget *label = cel_room_note(digest);
    gtk_widget_set_tooltip_text(label, photo->sha256);
    gtk_widget_add_css_class(label, "caption");
    gtk_box_append(GTK_BOX(tile), cel_room_heading(caption));
    gtk_box_append(GTK_BOX(tile), label);
    return tile;
}

void cel_case_parts_photos(GtkBox *box, const CelCaseView *view)
{
    cel_room_empty(box);
    gtk_box_append(box, cel_room_note(view->photos->len > 0
                                          ? _("Each picture was checked against the digest that "
                                              "was recorded with it.")
                                          : _("No photo was taken yet.")));
    GtkWidget *flow = gtk_flow_box_new();
    gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(flow), GTK_SELECTION_NONE);
    gtk_flow_box_set_column_spacing(GTK_FLOW_BOX(flow), 12);
    gtk_flow_box_set_row_spacing(GTK_FLOW_BOX(flow), 18);
    gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(flow), 4);
    gtk_widget_set_valign(flow, GTK_ALIGN_START);
    for (guint i = 0; i < view->photos->len; i++)
        gtk_flow_box_append(GTK_FLOW_BOX(flow), photo_tile(g_ptr_array_index(view->photos, i)));
    gtk_box_append(box, flow);
}

/* ---- files and papers ---- */

static void open_file(GtkListBox *list, GtkListBoxRow *row, CelPage *page)
{
    (void)list;
    if (gtk_list_box_row_get_activatable(row))
        cel_page_show(page, "archive", gtk_widget_get_name(GTK_WIDGET(row)), NULL);
}

static const char *file_state_words(const char *state)
{
    return strcmp(state, "complete") == 0        ? _("sealed")
           : strcmp(state, "not-completed") == 0 ? _("the seal was not completed")
                                                 : _("sealing was begun");
}

static void add_files(GtkBox *box, const CelCaseView *view, CelPage *page)
{
    const GPtrArray *files = view->rows[CEL_ROW_FILE];
    GtkWidget *list = add_list(box, _("Sealed files"));
    for (guint i = 0; i < files->len; i++) {
        JsonObject *file = g_ptr_array_index(files, i);
        const char *fid = cel_row_text(file, "fid");
        g_autofree char *when = cel_ui_time(cel_row_number(file, "t_wall_us"));
        g_autofree char *title =
            g_strdup_printf(_("Exhibit %s, file %.8s"), cel_row_text(file, "item_id"), fid);
        g_autofree char *about =
            g_strdup_printf("%s · %s · %s", file_state_words(cel_row_text(file, "state")),
                            cel_row_text(file, "op_name"), when);
        GtkWidget *row = cel_room_row(title, about);
        gtk_widget_set_name(row, fid);
        gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
        adw_action_row_add_suffix(ADW_ACTION_ROW(row),
                                  gtk_image_new_from_icon_name("go-next-symbolic"));
        gtk_list_box_append(GTK_LIST_BOX(list), row);
    }
    if (files->len == 0)
        gtk_list_box_append(GTK_LIST_BOX(list), cel_room_row(_("Nothing is sealed yet"), NULL));
    g_signal_connect_object(list, "row-activated", G_CALLBACK(open_file), page, 0);
}

static void add_papers(GtkBox *box, const CelCaseView *view)
{
    const GPtrArray *released = view->rows[CEL_ROW_RELEASE], *out = view->rows[CEL_ROW_EXPORT];
    GtkWidget *list = add_list(box, _("Reports and what left the lab"));
    for (guint i = 0; i < released->len; i++) {
        JsonObject *row = g_ptr_array_index(released, i);
        g_autofree char *when = cel_ui_time(cel_row_number(row, "t_wall_us"));
        g_autofree char *title =
            g_strdup_printf(_("Report %s, released"), cel_row_text(row, "report"));
        g_autofree char *about = g_strdup_printf("%s + %s · %s", cel_row_text(row, "op_name"),
                                                 cel_row_text(row, "second_name"), when);
        gtk_list_box_append(GTK_LIST_BOX(list), cel_room_row(title, about));
    }
    for (guint i = 0; i < out->len; i++) {
        JsonObject *row = g_ptr_array_index(out, i);
        const char *form = cel_row_text(row, "form");
        g_autofree char *when = cel_ui_time(cel_row_number(row, "t_wall_us"));
        g_autofree char *about =
            g_strdup_printf("%s · %s · %s %.12s…", cel_row_text(row, "op_name"), when, "SHA-256",
                            cel_row_text(row, "bundle"));
        gtk_list_box_append(
            GTK_LIST_BOX(list),
            cel_room_row(*form != '\0' ? _("Paper made") : _("Case bundle exported"), about));
    }
    if (released->len + out->len == 0)
        gtk_list_box_append(GTK_LIST_BOX(list), cel_room_row(_("Nothing left the lab yet"), NULL));
}

void cel_case_parts_files(GtkBox *box, const CelCaseView *view, CelPage *page)
{
    cel_room_empty(box);
    add_files(box, view, page);
    add_papers(box, view);
}

/* ---- deviations ---- */

static void add_nonconforming(GtkWidget *list, const CelCaseView *view)
{
    const GPtrArray *rows = view->rows[CEL_ROW_NONCONFORM];
    for (guint i = 0; i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        const gboolean closed = cel_row_number(row, "closed_seq") != 0;
        g_autofree char *when = cel_ui_time(cel_row_number(row, "t_wall_us"));
        g_autoptr(GString) about = g_string_new(closed ? _("settled") : _("open"));
        append_part(about, cel_row_text(row, "why"));
        append_part(about, cel_row_text(row, "action"));
        append_part(about, cel_row_text(row, "op_name"));
        append_part(about, when);
        g_autofree char *title = g_strdup_printf(_("Exhibit %s: %s"), cel_row_text(row, "item_id"),
                                                 cel_row_text(row, "what"));
        GtkWidget *made = cel_room_row(title, about->str);
        adw_action_row_add_prefix(ADW_ACTION_ROW(made),
                                  gtk_image_new_from_icon_name(closed ? "emblem-ok-symbolic"
                                                                      : "dialog-warning-symbolic"));
        gtk_list_box_append(GTK_LIST_BOX(list), made);
    }
}

void cel_case_parts_deviations(GtkBox *box, const CelCaseView *view)
{
    cel_room_empty(box);
    GtkWidget *nonconforming = add_list(box, _("Nonconforming work"));
    add_nonconforming(nonconforming, view);
    if (view->rows[CEL_ROW_NONCONFORM]->len == 0)
        gtk_list_box_append(GTK_LIST_BOX(nonconforming),
                            cel_room_row(_("None is on record"), NULL));
    GtkWidget *list = add_list(box, _("Deviations from the method, as sealed"));
    for (guint i = 0; i < view->deviations->len; i++)
        gtk_list_box_append(GTK_LIST_BOX(list),
                            cel_room_row(g_ptr_array_index(view->deviations, i), NULL));
    if (view->deviations->len == 0)
        gtk_list_box_append(GTK_LIST_BOX(list), cel_room_row(_("None is sealed"), NULL));
}
