/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page-check.h"
#include "ui-test.h"

#include <string.h>

/* A window with one fault, or none. */
typedef GtkWidget *(*Make)(void);

static GPtrArray *faults_of(Make make)
{
    static const PageRules rules = {.target_px = 44, .names = TRUE};
    GtkWidget *window = gtk_window_new();
    gtk_window_set_decorated(GTK_WINDOW(window), FALSE);
    gtk_window_set_default_size(GTK_WINDOW(window), 300, 200);
    gtk_window_set_child(GTK_WINDOW(window), make());
    gtk_window_present(GTK_WINDOW(window));
    ui_pump(NULL, NULL, 120);
    GPtrArray *findings = page_check(window, &rules);
    gtk_window_destroy(GTK_WINDOW(window));
    return findings;
}

static void only(Make make, const char *kind)
{
    g_autoptr(GPtrArray) findings = faults_of(make);
    for (guint i = 0; i < findings->len; i++)
        g_test_message("%s: %s", ((PageFinding *)g_ptr_array_index(findings, i))->kind,
                       ((PageFinding *)g_ptr_array_index(findings, i))->text);
    g_assert_cmpuint(findings->len, ==, kind != NULL ? 1 : 0);
    if (kind != NULL)
        g_assert_cmpstr(((PageFinding *)g_ptr_array_index(findings, 0))->kind, ==, kind);
}

static GtkWidget *sized(GtkWidget *widget, int width, int height)
{
    gtk_widget_set_size_request(widget, width, height);
    gtk_widget_set_halign(widget, GTK_ALIGN_CENTER);
    gtk_widget_set_valign(widget, GTK_ALIGN_CENTER);
    return widget;
}

static GtkWidget *good_button(void)
{
    return sized(gtk_button_new_with_label("Seal"), 60, 48);
}

static void a_page_without_faults_has_no_findings(void)
{
    only(good_button, NULL);
}

static GtkWidget *small_button(void)
{
    GtkCssProvider *css = gtk_css_provider_new();
    GtkWidget *button = sized(gtk_button_new_with_label("x"), 30, 30);
    gtk_css_provider_load_from_data(css, "button { min-height: 0; min-width: 0; padding: 0; }", -1);
    gtk_style_context_add_provider(gtk_widget_get_style_context(button), GTK_STYLE_PROVIDER(css),
                                   GTK_STYLE_PROVIDER_PRIORITY_USER);
    g_object_unref(css);
    return button;
}

static void a_small_target_is_found(void)
{
    only(small_button, "target");
}

static GtkWidget *cut_label(void)
{
    GtkWidget *label = gtk_label_new("A sentence that is far too long for the little room it has");
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_label_set_max_width_chars(GTK_LABEL(label), 10);
    gtk_widget_set_halign(label, GTK_ALIGN_CENTER);
    return label;
}

static void a_text_that_is_cut_short_is_found(void)
{
    only(cut_label, "cut-short");
}

static GtkWidget *described_label(void)
{
    GtkWidget *label = cut_label();
    gtk_widget_set_tooltip_text(label, gtk_label_get_text(GTK_LABEL(label)));
    return label;
}

static void a_short_text_with_the_whole_as_its_description_is_none(void)
{
    only(described_label, NULL);
}

static GtkWidget *icon_button(void)
{
    return sized(gtk_button_new_from_icon_name("open-menu-symbolic"), 48, 48);
}

static void a_button_without_a_name_is_found(void)
{
    only(icon_button, "nameless");
}

static GtkWidget *overlapping(void)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkCssProvider *css = gtk_css_provider_new();
    GtkWidget *second = gtk_label_new("second");
    gtk_css_provider_load_from_data(css, "label { margin-top: -12px; }", -1);
    gtk_style_context_add_provider(gtk_widget_get_style_context(second), GTK_STYLE_PROVIDER(css),
                                   GTK_STYLE_PROVIDER_PRIORITY_USER);
    g_object_unref(css);
    gtk_box_append(GTK_BOX(box), gtk_label_new("first"));
    gtk_box_append(GTK_BOX(box), second);
    return box;
}

static void siblings_that_overlap_are_found(void)
{
    only(overlapping, "overlap");
}

static GtkWidget *hidden_part(void)
{
    GtkWidget *fixed = gtk_fixed_new();
    GtkWidget *label = gtk_label_new("sticks out");
    gtk_widget_set_overflow(fixed, GTK_OVERFLOW_HIDDEN);
    gtk_fixed_put(GTK_FIXED(fixed), label, -20, 10);
    return fixed;
}

static void what_sticks_out_of_its_frame_is_found(void)
{
    only(hidden_part, "outside");
}

static GtkWidget *long_list(void)
{
    GtkWidget *scroller = gtk_scrolled_window_new();
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    for (int i = 0; i < 40; i++)
        gtk_box_append(GTK_BOX(box), gtk_label_new("a line"));
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), box);
    return scroller;
}

static void what_one_can_scroll_to_is_none(void)
{
    only(long_list, NULL);
}

static GtkWidget *wide_page(void)
{
    GtkWidget *scroller = gtk_scrolled_window_new();
    GtkWidget *label = gtk_label_new("wide");
    gtk_widget_set_size_request(label, 900, 20);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), label);
    return scroller;
}

static void a_page_that_is_read_sideways_is_found(void)
{
    only(wide_page, "sideways");
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    g_test_add_func("/page/none", a_page_without_faults_has_no_findings);
    g_test_add_func("/page/target", a_small_target_is_found);
    g_test_add_func("/page/cut-short", a_text_that_is_cut_short_is_found);
    g_test_add_func("/page/described", a_short_text_with_the_whole_as_its_description_is_none);
    g_test_add_func("/page/nameless", a_button_without_a_name_is_found);
    g_test_add_func("/page/overlap", siblings_that_overlap_are_found);
    g_test_add_func("/page/outside", what_sticks_out_of_its_frame_is_found);
    g_test_add_func("/page/scroll", what_one_can_scroll_to_is_none);
    g_test_add_func("/page/sideways", a_page_that_is_read_sideways_is_found);
    return g_test_run();
}
