/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-work-page.h"

#include "cel-heard.h"
#include "work/cel-compare-panel.h"
#include "work/cel-measure-panel.h"
#include "work/cel-mixture-panel.h"
#include "work/cel-peaks-panel.h"
#include "work/cel-recipe-panel.h"
#include "work/cel-work-parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { PANEL_WIDTH = 372, PLOT_WIDTH = 300 };

struct _CelWorkPage {
    CelPage parent;
    CelWorkSession *session;
    CelPlotView *plot;
    GtkWidget *caption, *flap, *panel_button, *spectra, *stop, *switcher;
    AdwViewStack *stack;
    CelWorkTool *active; /* (nullable) */
    GtkEventController *keys;
    gboolean choosing; /* the list of spectra is set by the program */
};

G_DEFINE_FINAL_TYPE(CelWorkPage, cel_work_page, CEL_TYPE_PAGE)

/** Tool: one row of the table of tools. */
typedef struct {
    const char *id, *title, *icon;
    GType (*type)(void);
} Tool;

static const Tool tools[] = {
    {"measure", N_("Measure"), "camera-photo-symbolic", cel_measure_panel_get_type},
    {"recipe", N_("Recipe"), "view-list-symbolic", cel_recipe_panel_get_type},
    {"compare", N_("Compare"), "view-dual-symbolic", cel_compare_panel_get_type},
    {"peaks", N_("Peaks"), "network-cellular-signal-good-symbolic", cel_peaks_panel_get_type},
    {"mixture", N_("Mixture"), "view-grid-symbolic", cel_mixture_panel_get_type},
};

CelWorkTool *cel_work_page_tool(CelWorkPage *page, const char *id)
{
    GtkWidget *tool = adw_view_stack_get_child_by_name(page->stack, id);
    return tool != NULL ? CEL_WORK_TOOL(tool) : NULL;
}

void cel_work_page_show_tool(CelWorkPage *page, const char *id)
{
    adw_view_stack_set_visible_child_name(page->stack, id);
    adw_flap_set_reveal_flap(ADW_FLAP(page->flap), TRUE);
}

CelWorkSession *cel_work_page_session(CelWorkPage *page)
{
    return page->session;
}

CelPlotView *cel_work_page_plot(CelWorkPage *page)
{
    return page->plot;
}

static CelMeasurePanel *measure_of(CelWorkPage *page)
{
    return CEL_MEASURE_PANEL(cel_work_page_tool(page, "measure"));
}

/* ---- actions and their keys ---- */

static void act_live(GtkWidget *page, const char *name, GVariant *target)
{
    (void)name;
    (void)target;
    cel_work_page_show_tool(CEL_WORK_PAGE(page), "measure");
    cel_measure_panel_toggle_live(measure_of(CEL_WORK_PAGE(page)));
}

static void act_measure(GtkWidget *page, const char *name, GVariant *target)
{
    (void)name;
    (void)target;
    cel_work_page_show_tool(CEL_WORK_PAGE(page), "measure");
    cel_measure_panel_measure(measure_of(CEL_WORK_PAGE(page)));
}

static void act_stop(GtkWidget *page, const char *name, GVariant *target)
{
    (void)name;
    (void)target;
    cel_measure_panel_stop(measure_of(CEL_WORK_PAGE(page)));
}

static void act_undo(GtkWidget *page, const char *name, GVariant *target)
{
    (void)name;
    (void)target;
    cel_recipe_panel_undo(CEL_RECIPE_PANEL(cel_work_page_tool(CEL_WORK_PAGE(page), "recipe")));
}

static void act_redo(GtkWidget *page, const char *name, GVariant *target)
{
    (void)name;
    (void)target;
    cel_recipe_panel_redo(CEL_RECIPE_PANEL(cel_work_page_tool(CEL_WORK_PAGE(page), "recipe")));
}

static void act_fit(GtkWidget *page, const char *name, GVariant *target)
{
    (void)name;
    (void)target;
    cel_work_page_show_tool(CEL_WORK_PAGE(page), "peaks");
    cel_peaks_panel_fit(CEL_PEAKS_PANEL(cel_work_page_tool(CEL_WORK_PAGE(page), "peaks")));
}

static void act_identify(GtkWidget *page, const char *name, GVariant *target)
{
    (void)name;
    (void)target;
    cel_work_page_show_tool(CEL_WORK_PAGE(page), "mixture");
    cel_mixture_panel_identify(
        CEL_MIXTURE_PANEL(cel_work_page_tool(CEL_WORK_PAGE(page), "mixture")));
}

static void act_tool(GtkWidget *page, const char *name, GVariant *target)
{
    (void)name;
    cel_work_page_show_tool(CEL_WORK_PAGE(page), g_variant_get_string(target, NULL));
}

static void act_panel(GtkWidget *page, const char *name, GVariant *target)
{
    AdwFlap *flap = ADW_FLAP(CEL_WORK_PAGE(page)->flap);
    (void)name;
    (void)target;
    adw_flap_set_reveal_flap(flap, !adw_flap_get_reveal_flap(flap));
}

/** Key: one row of what is shown as this page's keys. */
typedef struct {
    const char *keys, *action, *target, *title;
} Key;

static const Key keys[] = {
    {"<Control>l", "work.live", NULL, N_("Live view, on and off")},
    {"<Control>m", "work.measure", NULL, N_("Measure")},
    {"<Control>z", "work.undo", NULL, N_("Undo a change of the recipe")},
    {"<Control><Shift>z", "work.redo", NULL, N_("Redo it")},
    {"<Control>f", "work.fit", NULL, N_("Fit the bands")},
    {"<Control>i", "work.identify", NULL, N_("Identify")},
    {"F9", "work.panel", NULL, N_("Panel of tools, on and off")},
    {"<Alt>1", "work.tool", "measure", N_("Measure")},
    {"<Alt>2", "work.tool", "recipe", N_("Recipe")},
    {"<Alt>3", "work.tool", "compare", N_("Compare")},
    {"<Alt>4", "work.tool", "peaks", N_("Peaks")},
    {"<Alt>5", "work.tool", "mixture", N_("Mixture")},
};

static void add_keys(CelWorkPage *page)
{
    page->keys = g_object_ref_sink(gtk_shortcut_controller_new());
    gtk_shortcut_controller_set_scope(GTK_SHORTCUT_CONTROLLER(page->keys),
                                      GTK_SHORTCUT_SCOPE_GLOBAL);
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        GtkShortcut *shortcut = gtk_shortcut_new(gtk_shortcut_trigger_parse_string(keys[i].keys),
                                                 gtk_named_action_new(keys[i].action));
        if (keys[i].target != NULL)
            gtk_shortcut_set_arguments(shortcut, g_variant_new_string(keys[i].target));
        gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(page->keys), shortcut);
    }
}

/* The keys are this page's only while it is in view. */
static void mapped(GtkWidget *widget)
{
    CelWorkPage *page = CEL_WORK_PAGE(widget);
    GTK_WIDGET_CLASS(cel_work_page_parent_class)->map(widget);
    gtk_widget_add_controller(widget, g_object_ref(page->keys));
}

static void unmapped(GtkWidget *widget)
{
    CelWorkPage *page = CEL_WORK_PAGE(widget);
    cel_measure_panel_stop(measure_of(page)); /* no light that nobody looks at */
    gtk_widget_remove_controller(widget, page->keys);
    GTK_WIDGET_CLASS(cel_work_page_parent_class)->unmap(widget);
}

static GtkWidget *keys_button(void)
{
    GtkWidget *button = gtk_menu_button_new(), *popover = gtk_popover_new();
    GtkWidget *grid = gtk_grid_new();
    gtk_grid_set_row_spacing(GTK_GRID(grid), 6);
    gtk_grid_set_column_spacing(GTK_GRID(grid), 18);
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        gtk_grid_attach(GTK_GRID(grid), cel_work_text(_(keys[i].title), NULL), 0, (int)i, 1, 1);
        gtk_grid_attach(GTK_GRID(grid), gtk_shortcut_label_new(keys[i].keys), 1, (int)i, 1, 1);
    }
    gtk_grid_attach(GTK_GRID(grid), cel_work_text(_("Stop: the laser goes off at once"), NULL), 0,
                    (int)G_N_ELEMENTS(keys), 1, 1);
    gtk_grid_attach(GTK_GRID(grid), gtk_shortcut_label_new("Escape"), 1, (int)G_N_ELEMENTS(keys), 1,
                    1);
    GtkWidget *scrolled = gtk_scrolled_window_new();
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scrolled), TRUE);
    gtk_scrolled_window_set_propagate_natural_width(GTK_SCROLLED_WINDOW(scrolled), TRUE);
    gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scrolled), 360);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), grid);
    gtk_popover_set_child(GTK_POPOVER(popover), scrolled);
    gtk_menu_button_set_popover(GTK_MENU_BUTTON(button), popover);
    gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "input-keyboard-symbolic");
    gtk_widget_set_tooltip_text(button, _("Keys of this page"));
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Keys of this page"), -1);
    return button;
}

/* ---- tools and spectra ---- */

static void tool_chosen(CelWorkPage *page)
{
    GtkWidget *child = adw_view_stack_get_visible_child(page->stack);
    CelWorkTool *chosen = child != NULL ? CEL_WORK_TOOL(child) : NULL;
    if (chosen == page->active)
        return;
    if (page->active != NULL)
        cel_work_tool_set_active(page->active, FALSE);
    page->active = chosen;
    if (chosen != NULL && cel_page_desk(CEL_PAGE(page)) != NULL)
        cel_work_tool_set_active(chosen, TRUE);
}

static void spectrum_chosen(CelWorkPage *page)
{
    CelWorkItem *item = gtk_drop_down_get_selected_item(GTK_DROP_DOWN(page->spectra));
    if (!page->choosing && item != NULL && item != cel_work_session_current(page->session))
        cel_work_session_set_current(page->session, item);
}

static void session_changed(CelWorkPage *page)
{
    GListModel *items = cel_work_session_items(page->session);
    const guint n = g_list_model_get_n_items(items);
    page->choosing = TRUE;
    for (guint i = 0; i < n; i++) {
        g_autoptr(CelWorkItem) item = g_list_model_get_item(items, i);
        if (item == cel_work_session_current(page->session))
            gtk_drop_down_set_selected(GTK_DROP_DOWN(page->spectra), i);
    }
    page->choosing = FALSE;
    gtk_widget_set_visible(page->spectra, n > 0);
}

static void range_selected(CelWorkPage *page, double from, double to)
{
    if (page->active != NULL)
        cel_work_tool_select(page->active, from, to);
}

static void mark_activated(CelWorkPage *page, guint index)
{
    if (page->active != NULL)
        cel_work_tool_activate_mark(page->active, index);
}

/* ---- the page ---- */

static void load_paths(CelWorkPage *page, const char *const *paths)
{
    cel_work_page_show_tool(page, "compare");
    cel_compare_panel_load(CEL_COMPARE_PANEL(cel_work_page_tool(page, "compare")), paths);
}

static void open_page(CelPage *base, const char *what, GObject *thing)
{
    CelWorkPage *page = CEL_WORK_PAGE(base);
    const char *const paths[] = {what, NULL};
    (void)thing;
    if (page->active != NULL)
        cel_work_tool_set_active(page->active, TRUE);
    if (what != NULL && g_path_is_absolute(what))
        load_paths(page, paths);
}

static gboolean stop_page(CelPage *page)
{
    return cel_measure_panel_stop(measure_of(CEL_WORK_PAGE(page)));
}

static gboolean trigger(CelPage *page)
{
    cel_measure_panel_measure(measure_of(CEL_WORK_PAGE(page)));
    return TRUE;
}

static gboolean dropped(GtkDropTarget *target, const GValue *value, double x, double y,
                        CelWorkPage *page)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    (void)target;
    (void)x;
    (void)y;
    for (GSList *at = g_value_get_boxed(value); at != NULL; at = at->next) {
        char *path = g_file_get_path(at->data);
        if (path != NULL)
            g_ptr_array_add(paths, path);
    }
    g_ptr_array_add(paths, NULL);
    load_paths(page, (const char *const *)paths->pdata);
    return TRUE;
}

static void cel_work_page_dispose(GObject *object)
{
    CelWorkPage *page = CEL_WORK_PAGE(object);
    if (page->session != NULL)
        g_signal_handlers_disconnect_by_data(page->session, page);
    page->active = NULL;
    g_clear_object(&page->keys);
    g_clear_object(&page->session);
    G_OBJECT_CLASS(cel_work_page_parent_class)->dispose(object);
}

static void install_actions(GtkWidgetClass *klass)
{
    gtk_widget_class_install_action(klass, "work.live", NULL, act_live);
    gtk_widget_class_install_action(klass, "work.measure", NULL, act_measure);
    gtk_widget_class_install_action(klass, "work.stop", NULL, act_stop);
    gtk_widget_class_install_action(klass, "work.undo", NULL, act_undo);
    gtk_widget_class_install_action(klass, "work.redo", NULL, act_redo);
    gtk_widget_class_install_action(klass, "work.fit", NULL, act_fit);
    gtk_widget_class_install_action(klass, "work.identify", NULL, act_identify);
    gtk_widget_class_install_action(klass, "work.panel", NULL, act_panel);
    gtk_widget_class_install_action(klass, "work.tool", "s", act_tool);
}

static void cel_work_page_class_init(CelWorkPageClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_work_page_dispose;
    GTK_WIDGET_CLASS(klass)->map = mapped;
    GTK_WIDGET_CLASS(klass)->unmap = unmapped;
    CEL_PAGE_CLASS(klass)->open = open_page;
    CEL_PAGE_CLASS(klass)->stop = stop_page;
    CEL_PAGE_CLASS(klass)->trigger = trigger;
    install_actions(GTK_WIDGET_CLASS(klass));
}

static GtkWidget *make_bar(CelWorkPage *page)
{
    GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *space = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_set_hexpand(space, TRUE);
    page->panel_button = gtk_toggle_button_new();
    gtk_button_set_icon_name(GTK_BUTTON(page->panel_button), "applications-utilities-symbolic");
    gtk_widget_set_tooltip_text(page->panel_button, _("Panel of tools (F9)"));
    gtk_accessible_update_property(GTK_ACCESSIBLE(page->panel_button),
                                   GTK_ACCESSIBLE_PROPERTY_LABEL, _("Panel of tools"), -1);
    page->spectra =
        gtk_drop_down_new(g_object_ref(cel_work_session_items(page->session)),
                          gtk_property_expression_new(CEL_TYPE_WORK_ITEM, NULL, "title"));
    cel_heard_drop_down(page->spectra, _("Spectrum that is worked on"));
    gtk_widget_set_tooltip_text(page->spectra, _("Spectrum that is worked on"));
    gtk_widget_set_visible(page->spectra, FALSE);
    g_signal_connect_swapped(page->spectra, "notify::selected", G_CALLBACK(spectrum_chosen), page);
    gtk_widget_add_css_class(bar, "work-bar");
    gtk_box_append(GTK_BOX(bar), page->panel_button);
    gtk_box_append(GTK_BOX(bar), page->spectra);
    page->stop = cel_work_button(_("Stop"), "work.stop", "Escape");
    gtk_widget_add_css_class(page->stop, "work-stop");
    gtk_widget_set_visible(page->stop, FALSE);
    gtk_box_append(GTK_BOX(bar), space);
    gtk_box_append(GTK_BOX(bar), page->stop);
    gtk_box_append(GTK_BOX(bar), keys_button());
    return bar;
}

static GtkWidget *make_plot(CelWorkPage *page)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
    GtkWidget *plot = cel_plot_view_new();
    page->plot = CEL_PLOT_VIEW(plot);
    page->caption = gtk_label_new("");
    gtk_label_set_xalign(GTK_LABEL(page->caption), 0.0F);
    gtk_label_set_ellipsize(GTK_LABEL(page->caption), PANGO_ELLIPSIZE_END);
    gtk_widget_add_css_class(page->caption, "dim-label");
    gtk_widget_add_css_class(page->caption, "work-caption");
    gtk_widget_set_size_request(box, PLOT_WIDTH, -1);
    gtk_widget_set_hexpand(box, TRUE);
    gtk_box_append(GTK_BOX(box), plot);
    gtk_box_append(GTK_BOX(box), page->caption);
    g_signal_connect_object(plot, "range-selected", G_CALLBACK(range_selected), page,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(plot, "mark-activated", G_CALLBACK(mark_activated), page,
                            G_CONNECT_SWAPPED);
    return box;
}

static void add_tools(CelWorkPage *page)
{
    const CelWorkPlace place = {.page = CEL_PAGE(page),
                                .session = page->session,
                                .plot = page->plot,
                                .caption = GTK_LABEL(page->caption),
                                .stop = page->stop};
    for (gsize i = 0; i < G_N_ELEMENTS(tools); i++) {
        GtkWidget *tool = g_object_new(tools[i].type(), NULL);
        adw_view_stack_add_titled_with_icon(page->stack, tool, tools[i].id, _(tools[i].title),
                                            tools[i].icon);
        cel_work_tool_set_place(CEL_WORK_TOOL(tool), &place);
        gtk_accessible_update_state(GTK_ACCESSIBLE(tool), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
    }
}

/* Its buttons do not tell those who listen what they are. */
static void name_tools(GtkWidget *switcher)
{
    GtkWidget *button = gtk_widget_get_first_child(switcher);
    for (gsize i = 0; button != NULL && i < G_N_ELEMENTS(tools); i++) {
        gtk_accessible_reset_relation(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
        gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       _(tools[i].title), -1);
        button = gtk_widget_get_next_sibling(button);
    }
}

static GtkWidget *make_panel(CelWorkPage *page)
{
    GtkWidget *clamp = adw_clamp_new();
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    page->switcher = adw_view_switcher_new();
    page->stack = ADW_VIEW_STACK(adw_view_stack_new());
    adw_view_switcher_set_stack(ADW_VIEW_SWITCHER(page->switcher), page->stack);
    adw_view_switcher_set_policy(ADW_VIEW_SWITCHER(page->switcher),
                                 ADW_VIEW_SWITCHER_POLICY_NARROW);
    gtk_widget_set_vexpand(GTK_WIDGET(page->stack), TRUE);
    /* the plot has what is left, however long the words in the panel are */
    adw_clamp_set_maximum_size(ADW_CLAMP(clamp), PANEL_WIDTH);
    adw_clamp_set_tightening_threshold(ADW_CLAMP(clamp), PANEL_WIDTH);
    gtk_widget_set_size_request(clamp, PANEL_WIDTH, -1);
    gtk_widget_set_hexpand(clamp, FALSE);
    gtk_widget_add_css_class(clamp, "background");
    gtk_widget_add_css_class(clamp, "work-panel");
    adw_clamp_set_child(ADW_CLAMP(clamp), box);
    gtk_box_append(GTK_BOX(box), page->switcher);
    gtk_box_append(GTK_BOX(box), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(page->stack));
    return clamp;
}

static void cel_work_page_init(CelWorkPage *page)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    page->session = cel_work_session_new();
    page->flap = adw_flap_new();
    gtk_box_append(GTK_BOX(box), make_bar(page));
    gtk_box_append(GTK_BOX(box), page->flap);
    gtk_widget_set_vexpand(page->flap, TRUE);
    adw_flap_set_content(ADW_FLAP(page->flap), make_plot(page));
    adw_flap_set_flap(ADW_FLAP(page->flap), make_panel(page));
    adw_flap_set_separator(ADW_FLAP(page->flap), gtk_separator_new(GTK_ORIENTATION_VERTICAL));
    g_object_bind_property(page->flap, "reveal-flap", page->panel_button, "active",
                           G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
    cel_heard_flap(ADW_FLAP(page->flap));
    adw_bin_set_child(ADW_BIN(page), box);
    add_tools(page);
    name_tools(page->switcher);
    add_keys(page);
    g_signal_connect_swapped(page->stack, "notify::visible-child", G_CALLBACK(tool_chosen), page);
    g_signal_connect_swapped(page->session, "changed", G_CALLBACK(session_changed), page);
    tool_chosen(page);
    GtkDropTarget *drop = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
    g_signal_connect(drop, "drop", G_CALLBACK(dropped), page);
    gtk_widget_add_controller(GTK_WIDGET(page), GTK_EVENT_CONTROLLER(drop));
}
