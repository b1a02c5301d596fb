/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenes.h"

#include "plot/cel-plot-view.h"
#include "result-answers.h"
#include "result/cel-side-by-side.h"
#include "result/cel-why-page.h"

/* Every outcome, and the reasons behind some of them. */

static CelAnswer *kept[RESULT_N_CASES]; /* made once a program; measuring takes a while */

static CelAnswer *answer_of(ResultCase which)
{
    if (kept[which] == NULL)
        kept[which] = result_answer(which);
    return kept[which];
}

static void show_page(CelWindow *window, const char *id, ResultCase which)
{
    g_assert_true(cel_window_show(window, id, NULL, G_OBJECT(answer_of(which))));
    ui_pump_idle(window, 200);
}

#define RESULT_SCENE(name, which)                                                                  \
    static void show_##name(CelWindow *window, const char *folder)                                 \
    {                                                                                              \
        (void)folder;                                                                              \
        show_page(window, "result", which);                                                        \
    }
RESULT_SCENE(found, RESULT_FOUND)
RESULT_SCENE(mixture, RESULT_MIXTURE)
RESULT_SCENE(class_only, RESULT_CLASS_ONLY)
RESULT_SCENE(lead, RESULT_LEAD)
RESULT_SCENE(fluorescence, RESULT_FLUORESCENCE)
RESULT_SCENE(nothing, RESULT_NOTHING)
RESULT_SCENE(refused, RESULT_REFUSED)
RESULT_SCENE(development, RESULT_DEVELOPMENT)
RESULT_SCENE(wrong_axis, RESULT_WRONG_AXIS)
RESULT_SCENE(carry_over, RESULT_CARRY_OVER)
RESULT_SCENE(watched, RESULT_WATCHED)

static void show_why_found(CelWindow *window, const char *folder)
{
    (void)folder;
    show_page(window, "why", RESULT_FOUND);
}

static void show_why_lead(CelWindow *window, const char *folder)
{
    (void)folder;
    show_page(window, "why", RESULT_LEAD);
}

/* With the numbers of a band that was pressed. */
static void show_why_band(CelWindow *window, const char *folder)
{
    (void)folder;
    show_page(window, "why", RESULT_FOUND);
    GtkWidget *plot = ui_find(GTK_WIDGET(window), CEL_TYPE_PLOT_VIEW, NULL);
    g_signal_emit_by_name(plot, "mark-activated", 2u);
    ui_pump_idle(window, 100);
}

static void show_why_other_hit(CelWindow *window, const char *folder)
{
    (void)folder;
    show_page(window, "why", RESULT_LEAD);
    cel_why_page_choose(CEL_WHY_PAGE(cel_window_page(window, NULL)), 1);
    ui_pump_idle(window, 100);
}

static void show_why_mixture(CelWindow *window, const char *folder)
{
    (void)folder;
    show_page(window, "why", RESULT_MIXTURE);
}

/* Further down: quality and background. */
static void show_why_quality(CelWindow *window, const char *folder)
{
    (void)folder;
    show_page(window, "why", RESULT_WRONG_AXIS);
    GtkWidget *side = ui_find(GTK_WIDGET(window), CEL_TYPE_SIDE_BY_SIDE, NULL);
    GtkWidget *scrolled = gtk_widget_get_ancestor(side, GTK_TYPE_SCROLLED_WINDOW);
    GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(scrolled));
    gtk_adjustment_set_value(adjustment, gtk_adjustment_get_upper(adjustment) / 2);
    ui_pump_idle(window, 100);
}

const UiScene ui_scenes_result[] = {
    {.name = "result-found", .show = show_found},
    {.name = "result-found-field", .show = show_found, .field = TRUE},
    {.name = "result-mixture", .show = show_mixture},
    {.name = "result-class-only", .show = show_class_only},
    {.name = "result-lead", .show = show_lead},
    {.name = "result-lead-field", .show = show_lead, .field = TRUE},
    {.name = "result-fluorescence", .show = show_fluorescence},
    {.name = "result-nothing-claimed", .show = show_nothing},
    {.name = "result-refused", .show = show_refused},
    {.name = "result-development", .show = show_development},
    {.name = "result-wrong-axis", .show = show_wrong_axis},
    {.name = "result-carry-over", .show = show_carry_over},
    {.name = "result-watched", .show = show_watched},
    {.name = "result-watched-field", .show = show_watched, .field = TRUE},
    {.name = "why-found", .show = show_why_found},
    {.name = "why-lead", .show = show_why_lead},
    {.name = "why-lead-field", .show = show_why_lead, .field = TRUE},
    {.name = "why-band", .show = show_why_band},
    {.name = "why-other-hit", .show = show_why_other_hit},
    {.name = "why-mixture", .show = show_why_mixture},
    {.name = "why-quality", .show = show_why_quality},
    {.name = NULL},
};
