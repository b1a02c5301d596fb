/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page-check.h"

#include <math.h>
#include <string.h>

/* Half a pixel of rounding on either side is no fault. */
static const float SLACK = 1.5F;

/** Look: one walk over a window. */
typedef struct {
    GtkWidget *window;
    const PageRules *rules;
    GPtrArray *findings;
} Look;

/** Box: what may be seen of a widget, in coordinates of the window. */
typedef struct {
    float left, top, right, bottom;
} Box;

static void finding_free(gpointer data)
{
    PageFinding *finding = data;
    g_free(finding->where);
    g_free(finding->text);
    g_free(finding);
}

/* ---- saying where ---- */

static const char *said(GtkWidget *widget)
{
    if (GTK_IS_LABEL(widget))
        return gtk_label_get_text(GTK_LABEL(widget));
    if (GTK_IS_INSCRIPTION(widget))
        return gtk_inscription_get_text(GTK_INSCRIPTION(widget));
    if (GTK_IS_BUTTON(widget) && gtk_button_get_label(GTK_BUTTON(widget)) != NULL)
        return gtk_button_get_label(GTK_BUTTON(widget));
    if (ADW_IS_PREFERENCES_ROW(widget))
        return adw_preferences_row_get_title(ADW_PREFERENCES_ROW(widget));
    return gtk_widget_get_tooltip_text(widget);
}

/* "CelFieldPage > GtkBox > GtkLabel": the page, the parent, the widget. */
static char *where_is(GtkWidget *widget)
{
    GString *path = g_string_new(G_OBJECT_TYPE_NAME(widget));
    GtkWidget *up = gtk_widget_get_parent(widget);
    if (up != NULL)
        g_string_prepend(g_string_prepend(path, " > "), G_OBJECT_TYPE_NAME(up));
    while (up != NULL && !g_str_has_prefix(G_OBJECT_TYPE_NAME(up), "Cel"))
        up = gtk_widget_get_parent(up);
    if (up != NULL)
        g_string_prepend(g_string_prepend(path, " > "), G_OBJECT_TYPE_NAME(up));
    return g_string_free(path, FALSE);
}

static void G_GNUC_PRINTF(4, 5)
    found(Look *look, GtkWidget *widget, const char *kind, const char *format, ...)
{
    PageFinding *finding = g_new0(PageFinding, 1);
    const char *text = said(widget);
    va_list args;
    va_start(args, format);
    g_autofree char *miss = g_strdup_vprintf(format, args);
    va_end(args);
    finding->kind = kind;
    finding->where = where_is(widget);
    finding->text = g_strdup_printf("%s [%s]", text != NULL ? text : "", miss);
    g_strdelimit(finding->text, "\n\t", ' ');
    g_ptr_array_add(look->findings, finding);
}

/* ---- clipped ---- */

static gboolean bounds_of(const Look *look, GtkWidget *widget, Box *box)
{
    graphene_rect_t rect;
    if (!gtk_widget_compute_bounds(widget, look->window, &rect))
        return FALSE;
    *box = (Box){rect.origin.x, rect.origin.y, rect.origin.x + rect.size.width,
                 rect.origin.y + rect.size.height};
    return TRUE;
}

/* A shortened text is all right when touching or pointing is not the only way to the whole of it:
 * the widget, or what it stands in, must carry it as its description. */
static gboolean whole_text_elsewhere(GtkWidget *label, const char *text)
{
    for (GtkWidget *up = label; up != NULL; up = gtk_widget_get_parent(up)) {
        const char *tooltip = gtk_widget_get_tooltip_text(up);
        if (tooltip != NULL && strstr(tooltip, text) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* What is measured has its margins, what is allotted has not. */
static void check_height(Look *look, GtkWidget *widget)
{
    const int across = gtk_widget_get_margin_start(widget) + gtk_widget_get_margin_end(widget);
    const int along = gtk_widget_get_margin_top(widget) + gtk_widget_get_margin_bottom(widget);
    const int height = gtk_widget_get_allocated_height(widget);
    int least = 0;
    gtk_widget_measure(widget, GTK_ORIENTATION_VERTICAL,
                       gtk_widget_get_allocated_width(widget) + across, &least, NULL, NULL, NULL);
    if (height < least - along)
        found(look, widget, "squeezed", "%d of %d px high", height, least - along);
}

static void check_label(Look *look, GtkWidget *widget)
{
    GtkLabel *label = GTK_LABEL(widget);
    if (pango_layout_is_ellipsized(gtk_label_get_layout(label)) &&
        !whole_text_elsewhere(widget, gtk_label_get_text(label)))
        found(look, widget, "cut-short", "%d px", gtk_widget_get_width(widget));
    if (pango_layout_get_unknown_glyphs_count(gtk_label_get_layout(label)) > 0)
        found(look, widget, "no-glyph", "%d characters",
              pango_layout_get_unknown_glyphs_count(gtk_label_get_layout(label)));
    check_height(look, widget);
}

static gboolean has_content(GtkWidget *widget)
{
    return GTK_IS_LABEL(widget) || GTK_IS_BUTTON(widget) || GTK_IS_EDITABLE(widget) ||
           GTK_IS_IMAGE(widget) || GTK_IS_SWITCH(widget) || GTK_IS_INSCRIPTION(widget);
}

static void check_seen(Look *look, GtkWidget *widget, const Box *seen)
{
    Box box;
    if (!bounds_of(look, widget, &box) || box.right - box.left < 1 || box.bottom - box.top < 1)
        return;
    const float over[] = {seen->left - box.left, seen->top - box.top, box.right - seen->right,
                          box.bottom - seen->bottom};
    static const char *const sides[] = {"left", "top", "right", "bottom"};
    for (gsize i = 0; i < G_N_ELEMENTS(over); i++)
        if (over[i] > SLACK) {
            found(look, widget, "outside", "%.0f px beyond the %s", (double)over[i], sides[i]);
            return;
        }
}

/* What the children of @widget may be seen in: less where it hides what sticks out, without end
 * where one can scroll. */
static Box seen_within(const Look *look, GtkWidget *widget, Box seen)
{
    Box own;
    if (gtk_widget_get_overflow(widget) == GTK_OVERFLOW_HIDDEN && bounds_of(look, widget, &own)) {
        seen = (Box){MAX(seen.left, own.left), MAX(seen.top, own.top), MIN(seen.right, own.right),
                     MIN(seen.bottom, own.bottom)};
    }
    GtkWidget *scroller = gtk_widget_get_parent(widget);
    if (!GTK_IS_SCROLLABLE(widget) || !GTK_IS_SCROLLED_WINDOW(scroller))
        return seen;
    GtkPolicyType across = GTK_POLICY_NEVER, down = GTK_POLICY_NEVER;
    gtk_scrolled_window_get_policy(GTK_SCROLLED_WINDOW(scroller), &across, &down);
    if (across != GTK_POLICY_NEVER)
        seen.left = -INFINITY, seen.right = INFINITY;
    if (down != GTK_POLICY_NEVER)
        seen.top = -INFINITY, seen.bottom = INFINITY;
    return seen;
}

/* Reading that goes sideways is none; a table may be wider than the window. */
static void check_sideways(Look *look, GtkWidget *widget)
{
    GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW(widget);
    GtkAdjustment *across = gtk_scrolled_window_get_hadjustment(scroller);
    GtkWidget *child = gtk_scrolled_window_get_child(scroller);
    GtkPolicyType policy = GTK_POLICY_NEVER;
    gtk_scrolled_window_get_policy(scroller, &policy, NULL);
    const double over = gtk_adjustment_get_upper(across) - gtk_adjustment_get_page_size(across);
    if (policy != GTK_POLICY_NEVER && over > (double)SLACK && GTK_IS_VIEWPORT(child))
        found(look, widget, "sideways", "%.0f px wider than what is seen", over);
}

/* ---- overlap ---- */

static gboolean side_by_side(GtkWidget *widget)
{
    return GTK_IS_BOX(widget) || GTK_IS_GRID(widget) || GTK_IS_FLOW_BOX(widget) ||
           GTK_IS_LIST_BOX(widget) || GTK_IS_CENTER_BOX(widget);
}

static void check_pair(Look *look, GtkWidget *first, GtkWidget *second)
{
    Box a, b;
    if (!gtk_widget_get_mapped(second) || GTK_IS_POPOVER(second) || GTK_IS_POPOVER(first) ||
        !bounds_of(look, first, &a) || !bounds_of(look, second, &b))
        return;
    const float wide = MIN(a.right, b.right) - MAX(a.left, b.left);
    const float high = MIN(a.bottom, b.bottom) - MAX(a.top, b.top);
    if (wide > SLACK && high > SLACK)
        found(look, second, "overlap", "%.0f x %.0f px with %s", (double)wide, (double)high,
              G_OBJECT_TYPE_NAME(first));
}

static void check_overlap(Look *look, GtkWidget *parent)
{
    for (GtkWidget *first = gtk_widget_get_first_child(parent); first != NULL;
         first = gtk_widget_get_next_sibling(first)) {
        if (!gtk_widget_get_mapped(first))
            continue;
        for (GtkWidget *second = gtk_widget_get_next_sibling(first); second != NULL;
             second = gtk_widget_get_next_sibling(second))
            check_pair(look, first, second);
    }
}

/* ---- targets and names ---- */

static gboolean is_row(GtkWidget *widget)
{
    return GTK_IS_LIST_BOX_ROW(widget) &&
           gtk_list_box_row_get_activatable(GTK_LIST_BOX_ROW(widget));
}

/* A row that one can touch anywhere takes the touch for the switch or the button in it. */
static gboolean row_takes_the_touch(GtkWidget *widget)
{
    GtkWidget *row = gtk_widget_get_ancestor(widget, ADW_TYPE_ACTION_ROW);
    return row != NULL && adw_action_row_get_activatable_widget(ADW_ACTION_ROW(row)) == widget;
}

static gboolean is_control(GtkWidget *widget)
{
    if (GTK_IS_MENU_BUTTON(widget) || GTK_IS_DROP_DOWN(widget))
        return FALSE; /* the button inside is the control */
    return GTK_IS_BUTTON(widget) || GTK_IS_SWITCH(widget) || GTK_IS_CHECK_BUTTON(widget) ||
           GTK_IS_ENTRY(widget) || GTK_IS_SEARCH_ENTRY(widget) || GTK_IS_PASSWORD_ENTRY(widget) ||
           GTK_IS_SPIN_BUTTON(widget) || GTK_IS_SCALE(widget) || ADW_IS_ENTRY_ROW(widget) ||
           is_row(widget);
}

static void check_target(Look *look, GtkWidget *widget)
{
    Box box;
    const int least = look->rules->target_px;
    if (row_takes_the_touch(widget) || !bounds_of(look, widget, &box))
        return;
    const float wide = box.right - box.left, high = box.bottom - box.top;
    if (wide + 0.5F < (float)least || high + 0.5F < (float)least)
        found(look, widget, "target", "%.0f x %.0f of %d px", (double)wide, (double)high, least);
}

/* GTK says of every button that its child labels it, be it a picture. */
static gboolean is_named(GtkWidget *widget)
{
    GtkAccessible *accessible = GTK_ACCESSIBLE(widget);
    if (gtk_test_accessible_has_property(accessible, GTK_ACCESSIBLE_PROPERTY_LABEL))
        return TRUE;
    GtkWidget *child = GTK_IS_BUTTON(widget) ? gtk_button_get_child(GTK_BUTTON(widget)) : NULL;
    const gboolean says = ADW_IS_BUTTON_CONTENT(child) &&
                          *adw_button_content_get_label(ADW_BUTTON_CONTENT(child)) != '\0';
    return (child == NULL || GTK_IS_LABEL(child) || says) &&
           gtk_test_accessible_has_relation(accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

/* The parts of a compound control speak through the whole; a row of settings through its title. */
static gboolean is_named_by_whole(GtkWidget *widget)
{
    static GType (*const wholes[])(void) = {gtk_menu_button_get_type, gtk_drop_down_get_type,
                                            gtk_spin_button_get_type, adw_combo_row_get_type,
                                            adw_split_button_get_type};
    if (ADW_IS_PREFERENCES_ROW(widget))
        return *adw_preferences_row_get_title(ADW_PREFERENCES_ROW(widget)) != '\0';
    if (gtk_widget_get_ancestor(widget, GTK_TYPE_WINDOW_CONTROLS) != NULL)
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(wholes); i++) {
        GtkWidget *whole = gtk_widget_get_ancestor(widget, wholes[i]());
        if (whole != NULL && whole != widget)
            return is_named(whole) || is_named_by_whole(whole);
    }
    GtkWidget *entry = gtk_widget_get_ancestor(widget, ADW_TYPE_ENTRY_ROW);
    return entry != NULL && entry != widget;
}

static void check_control(Look *look, GtkWidget *widget)
{
    check_target(look, widget);
    if (look->rules->names && !is_named(widget) && !is_named_by_whole(widget))
        found(look, widget, "nameless", "for those who listen");
}

/* ---- the walk ---- */

static gboolean is_part_of_a_whole(GtkWidget *widget)
{
    return GTK_IS_SCROLLBAR(widget) || GTK_IS_CALENDAR(widget);
}

static void look_at(Look *look, GtkWidget *widget, Box seen);

static Box whole_of(GtkWidget *widget)
{
    return (Box){0, 0, (float)gtk_widget_get_width(widget), (float)gtk_widget_get_height(widget)};
}

/* A popover has a surface of its own, which the desktop places. */
static void look_at_popover(const Look *look, GtkWidget *popover)
{
    Look own = {.window = popover, .rules = look->rules, .findings = look->findings};
    look_at(&own, popover, whole_of(popover));
}

static void look_at(Look *look, GtkWidget *widget, Box seen)
{
    if (!gtk_widget_get_mapped(widget) || is_part_of_a_whole(widget))
        return;
    if (GTK_IS_POPOVER(widget) && widget != look->window) {
        look_at_popover(look, widget);
        return;
    }
    if (has_content(widget))
        check_seen(look, widget, &seen);
    if (GTK_IS_LABEL(widget))
        check_label(look, widget);
    if (GTK_IS_SCROLLED_WINDOW(widget))
        check_sideways(look, widget);
    if (side_by_side(widget))
        check_overlap(look, widget);
    if (is_control(widget))
        check_control(look, widget);
    seen = seen_within(look, widget, seen);
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        look_at(look, child, seen);
}

GPtrArray *page_check(GtkWidget *window, const PageRules *rules)
{
    Look look = {
        .window = window, .rules = rules, .findings = g_ptr_array_new_with_free_func(finding_free)};
    look_at(&look, window, whole_of(window));
    return look.findings;
}

/* ---- texts ---- */

static void add_text(GPtrArray *texts, const char *text)
{
    if (text != NULL && *text != '\0')
        g_ptr_array_add(texts, g_strdup(text));
}

static void collect(GtkWidget *widget, GPtrArray *texts)
{
    if (!gtk_widget_get_mapped(widget) ||
        gtk_widget_get_ancestor(widget, GTK_TYPE_WINDOW_CONTROLS) != NULL)
        return;
    if (GTK_IS_LABEL(widget))
        add_text(texts, gtk_label_get_text(GTK_LABEL(widget)));
    if (GTK_IS_INSCRIPTION(widget))
        add_text(texts, gtk_inscription_get_text(GTK_INSCRIPTION(widget)));
    add_text(texts, gtk_widget_get_tooltip_text(widget));
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        collect(child, texts);
}

GPtrArray *page_texts(GtkWidget *window)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    if (GTK_IS_WINDOW(window))
        add_text(texts, gtk_window_get_title(GTK_WINDOW(window)));
    collect(window, texts);
    return texts;
}
