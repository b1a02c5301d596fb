/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-paper-window.h"

#include "base/cel-file.h"
#include "desk/cel-paper-draw.h"
#include "desk/cel-room.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { FILE_MODE = 0644, PAPER_WIDTH = 780, PAPER_HEIGHT = 900 };
static const double LEAST = 0.5, MOST = 4.0, STEP = 1.25, FIRST = 1.2;

struct _CelPaperWindow {
    AdwWindow parent;
    CelDesk *desk;
    GBytes *pdf;
    char *name;
    GtkWidget *picture, *where, *before, *after, *toasts;
    guint page, n_pages;
    double scale;
};

G_DEFINE_FINAL_TYPE(CelPaperWindow, cel_paper_window, ADW_TYPE_WINDOW)

guint cel_paper_window_pages(CelPaperWindow *window)
{
    return window->n_pages;
}

static void start(CelPaperWindow *self, const CelTaskOrder *order)
{
    CelTaskOrder owned = *order;
    owned.owner = self;
    cel_task_start(cel_desk_lanes(self->desk), &owned);
}

static void say(CelPaperWindow *self, const char *text)
{
    adw_toast_overlay_add_toast(ADW_TOAST_OVERLAY(self->toasts), adw_toast_new(text));
}

/* ---- pages ---- */

static void drawn(gpointer owner, gpointer data, const GError *error)
{
    CelPaperWindow *self = owner;
    const CelPaperDraw *draw = data;
    if (error != NULL) {
        say(self, error->message);
        return;
    }
    const int factor = gtk_widget_get_scale_factor(GTK_WIDGET(self));
    if (draw->page != self->page || fabs(draw->scale - self->scale * factor) > 1e-9)
        return;
    self->n_pages = draw->n_pages;
    gtk_picture_set_paintable(GTK_PICTURE(self->picture), GDK_PAINTABLE(draw->picture));
    gtk_widget_set_size_request(self->picture, gdk_texture_get_width(draw->picture) / factor,
                                gdk_texture_get_height(draw->picture) / factor);
    g_autofree char *text = g_strdup_printf(_("Page %u of %u"), self->page + 1, self->n_pages);
    gtk_label_set_text(GTK_LABEL(self->where), text);
    gtk_widget_set_sensitive(self->before, self->page > 0);
    gtk_widget_set_sensitive(self->after, self->page + 1 < self->n_pages);
}

static void draw_page(CelPaperWindow *self)
{
    const int factor = gtk_widget_get_scale_factor(GTK_WIDGET(self));
    CelPaperDraw *draw = cel_paper_draw_new(self->pdf, self->page, self->scale * factor);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .run = cel_paper_draw_run,
                                .done = drawn,
                                .data = draw,
                                .free = cel_paper_draw_free};
    start(self, &order);
}

static void turn(CelPaperWindow *self, int by)
{
    const int page = (int)self->page + by;
    if (page < 0 || (guint)page >= self->n_pages)
        return;
    self->page = (guint)page;
    draw_page(self);
}

static void act_turn(GtkWidget *widget, const char *name, GVariant *target)
{
    (void)name;
    turn(CEL_PAPER_WINDOW(widget), g_variant_get_int32(target));
}

static void act_zoom(GtkWidget *widget, const char *name, GVariant *target)
{
    CelPaperWindow *self = CEL_PAPER_WINDOW(widget);
    const int way = g_variant_get_int32(target);
    (void)name;
    self->scale = way == 0 ? FIRST : way > 0 ? self->scale * STEP : self->scale / STEP;
    self->scale = CLAMP(self->scale, LEAST, MOST);
    draw_page(self);
}

/* ---- saving ---- */

/** Saving: what is written where. */
typedef struct {
    GBytes *pdf;
    char *path;
} Saving;

static void saving_free(gpointer data)
{
    Saving *saving = data;
    g_bytes_unref(saving->pdf);
    g_free(saving->path);
    g_free(saving);
}

static gboolean save_run(gpointer data, CelJob *job, GError **error)
{
    const Saving *saving = data;
    (void)job;
    return cel_file_write(saving->path, saving->pdf, FILE_MODE, error);
}

static void saved(gpointer owner, gpointer data, const GError *error)
{
    const Saving *saving = data;
    g_autofree char *text = g_strdup_printf(_("Saved as %s"), saving->path);
    say(owner, error != NULL ? error->message : text);
}

static void path_chosen(gpointer owner, const char *path)
{
    CelPaperWindow *self = owner;
    Saving *saving = g_new0(Saving, 1);
    saving->pdf = g_bytes_ref(self->pdf);
    saving->path = g_strdup(path);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Saving the paper"),
                                .run = save_run,
                                .done = saved,
                                .data = saving,
                                .free = saving_free};
    start(self, &order);
}

static void act_save(GtkWidget *widget, const char *name, GVariant *target)
{
    const CelRoomChoice choice = {.title = _("Save the paper"),
                                  .accept = _("Save"),
                                  .action = GTK_FILE_CHOOSER_ACTION_SAVE,
                                  .name = CEL_PAPER_WINDOW(widget)->name,
                                  .chosen = path_chosen};
    (void)name;
    (void)target;
    cel_room_choose(widget, &choice);
}

/* ---- printing ---- */

static void print_page(GtkPrintOperation *operation, GtkPrintContext *context, int page,
                       CelPaperWindow *self)
{
    (void)operation;
    cel_paper_print_page(self->pdf, (guint)page, gtk_print_context_get_cairo_context(context));
}

/* What is printed into a file is called as what is saved. */
static GtkPrintSettings *print_settings(const CelPaperWindow *self)
{
    GtkPrintSettings *settings = gtk_print_settings_new();
    const char *ending = strrchr(self->name, '.');
    g_autofree char *base =
        g_strndup(self->name, ending != NULL ? (gsize)(ending - self->name) : strlen(self->name));
    gtk_print_settings_set(settings, GTK_PRINT_SETTINGS_OUTPUT_BASENAME, base);
    return settings;
}

static void act_print(GtkWidget *widget, const char *name, GVariant *target)
{
    CelPaperWindow *self = CEL_PAPER_WINDOW(widget);
    g_autoptr(GtkPrintOperation) operation = gtk_print_operation_new();
    g_autoptr(GtkPrintSettings) settings = print_settings(self);
    g_autoptr(GError) error = NULL;
    (void)name;
    (void)target;
    gtk_print_operation_set_print_settings(operation, settings);
    gtk_print_operation_set_n_pages(operation, (int)MAX(self->n_pages, 1));
    gtk_print_operation_set_unit(operation, GTK_UNIT_POINTS);
    gtk_print_operation_set_use_full_page(operation, TRUE);
    gtk_print_operation_set_job_name(operation, self->name);
    g_signal_connect(operation, "draw-page", G_CALLBACK(print_page), self);
    if (gtk_print_operation_run(operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                                GTK_WINDOW(self), &error) == GTK_PRINT_OPERATION_RESULT_ERROR)
        say(self, error->message);
}

/* ---- the widget ---- */

static void cel_paper_window_finalize(GObject *object)
{
    CelPaperWindow *self = CEL_PAPER_WINDOW(object);
    g_clear_pointer(&self->pdf, g_bytes_unref);
    g_clear_object(&self->desk);
    g_free(self->name);
    G_OBJECT_CLASS(cel_paper_window_parent_class)->finalize(object);
}

/** Key: what a key does. */
typedef struct {
    guint key;
    GdkModifierType modifiers;
    const char *action;
    int by;
} Key;

static const Key keys[] = {
    {GDK_KEY_Page_Down, 0, "paper.turn", 1},
    {GDK_KEY_Page_Up, 0, "paper.turn", -1},
    {GDK_KEY_plus, GDK_CONTROL_MASK, "paper.zoom", 1},
    {GDK_KEY_KP_Add, GDK_CONTROL_MASK, "paper.zoom", 1},
    {GDK_KEY_minus, GDK_CONTROL_MASK, "paper.zoom", -1},
    {GDK_KEY_KP_Subtract, GDK_CONTROL_MASK, "paper.zoom", -1},
    {GDK_KEY_0, GDK_CONTROL_MASK, "paper.zoom", 0},
};

static void cel_paper_window_class_init(CelPaperWindowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->finalize = cel_paper_window_finalize;
    gtk_widget_class_install_action(widget_class, "paper.turn", "i", act_turn);
    gtk_widget_class_install_action(widget_class, "paper.zoom", "i", act_zoom);
    gtk_widget_class_install_action(widget_class, "paper.save", NULL, act_save);
    gtk_widget_class_install_action(widget_class, "paper.print", NULL, act_print);
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        gtk_widget_class_add_binding_action(widget_class, keys[i].key, keys[i].modifiers,
                                            keys[i].action, "i", keys[i].by);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "paper.save",
                                        NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_p, GDK_CONTROL_MASK, "paper.print",
                                        NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static GtkWidget *tool(const char *icon, const char *label, const char *action)
{
    GtkWidget *button = cel_room_icon_button(icon, label);
    gtk_actionable_set_detailed_action_name(GTK_ACTIONABLE(button), action);
    return button;
}

static GtkWidget *make_tools(CelPaperWindow *self)
{
    GtkWidget *tools = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    gtk_widget_add_css_class(tools, "room-bar");
    gtk_widget_set_halign(tools, GTK_ALIGN_CENTER);
    self->before = tool("go-previous-symbolic", _("Page before"), "paper.turn(-1)");
    self->after = tool("go-next-symbolic", _("Next page"), "paper.turn(1)");
    self->where = gtk_label_new(NULL);
    gtk_widget_add_css_class(self->where, "numeric");
    gtk_box_append(GTK_BOX(tools), self->before);
    gtk_box_append(GTK_BOX(tools), self->where);
    gtk_box_append(GTK_BOX(tools), self->after);
    gtk_box_append(GTK_BOX(tools), tool("zoom-out-symbolic", _("Smaller"), "paper.zoom(-1)"));
    gtk_box_append(GTK_BOX(tools),
                   tool("zoom-original-symbolic", _("Usual size"), "paper.zoom(0)"));
    gtk_box_append(GTK_BOX(tools), tool("zoom-in-symbolic", _("Larger"), "paper.zoom(1)"));
    return tools;
}

static GtkWidget *make_header(void)
{
    GtkWidget *header = adw_header_bar_new();
    GtkWidget *print = gtk_button_new_with_label(_("Print…"));
    GtkWidget *save = gtk_button_new_with_label(_("Save as…"));
    gtk_actionable_set_action_name(GTK_ACTIONABLE(print), "paper.print");
    gtk_actionable_set_action_name(GTK_ACTIONABLE(save), "paper.save");
    adw_header_bar_pack_start(ADW_HEADER_BAR(header), save);
    adw_header_bar_pack_start(ADW_HEADER_BAR(header), print);
    return header;
}

static void cel_paper_window_init(CelPaperWindow *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *scrolled = gtk_scrolled_window_new();
    self->scale = FIRST;
    self->picture = gtk_picture_new();
    self->toasts = adw_toast_overlay_new();
    gtk_picture_set_can_shrink(GTK_PICTURE(self->picture), FALSE);
    gtk_picture_set_alternative_text(GTK_PICTURE(self->picture), _("Page of the paper"));
    gtk_widget_set_halign(self->picture, GTK_ALIGN_CENTER);
    gtk_widget_set_valign(self->picture, GTK_ALIGN_START);
    gtk_widget_add_css_class(self->picture, "paper");
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), self->picture);
    gtk_widget_set_vexpand(scrolled, TRUE);
    gtk_widget_add_css_class(scrolled, "paper-table");
    gtk_box_append(GTK_BOX(box), make_header());
    gtk_box_append(GTK_BOX(box), scrolled);
    gtk_box_append(GTK_BOX(box), make_tools(self));
    adw_toast_overlay_set_child(ADW_TOAST_OVERLAY(self->toasts), box);
    adw_window_set_content(ADW_WINDOW(self), self->toasts);
}

CelPaperWindow *cel_paper_window_show(CelPage *page, const CelPaper *paper)
{
    CelPaperWindow *self = g_object_new(CEL_TYPE_PAPER_WINDOW, "title", paper->title, NULL);
    self->pdf = g_bytes_ref(paper->pdf);
    self->name = g_strdup(paper->name);
    self->desk = g_object_ref(cel_page_desk(page));
    cel_room_show_over(GTK_WINDOW(self), GTK_WIDGET(page), PAPER_WIDTH, PAPER_HEIGHT);
    draw_page(self);
    return self;
}
