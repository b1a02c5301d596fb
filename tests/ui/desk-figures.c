/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-queue-list.h"
#include "desk/cel-queue-page.h"
#include "ui-test.h"

#include <stdio.h>
#include <time.h>

/* The list of exhibits with a hundred thousand rows: how long a search and a sort take, and how
 * long the main loop is blocked meanwhile. A source that is due every millisecond notes the gap
 * between two of its turns: whatever else the loop does lies in such a gap. */

enum { N_ROWS = 100000, SETTLE_MS = 600 };

typedef struct {
    gint64 last_us, worst_us;
    gint64 last_cpu_us, worst_cpu_us; /* of this thread: without what other programs took */
    guint n_over;                     /* gaps over 16 ms of its own time */
} Probe;

static gint64 cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean probe_turn(gpointer data)
{
    Probe *probe = data;
    const gint64 now_us = g_get_monotonic_time(), own_us = cpu_us();
    if (probe->last_us > 0) {
        probe->worst_us = MAX(probe->worst_us, now_us - probe->last_us);
        probe->worst_cpu_us = MAX(probe->worst_cpu_us, own_us - probe->last_cpu_us);
        probe->n_over += own_us - probe->last_cpu_us > 16000 ? 1 : 0;
    }
    probe->last_us = now_us;
    probe->last_cpu_us = own_us;
    return G_SOURCE_CONTINUE;
}

static CelExhibitIndex *make_rows(void)
{
    static const char *const what[] = {"白色塑料颗粒", "灰色粉末",       "蓝色桶装残液",
                                       "疑似象牙手镯", "河面油膜擦拭布", "编织袋碎片",
                                       "路面积水",     "沾染土壤"};
    static const char *const from[] = {"城南派出所", "城北派出所", "江边派出所", "开发区分局"};
    static const char *const with[] = {"王芳", "李强", "孙丽", "保管员"};
    CelExhibitIndex *index = cel_exhibit_index_new();
    for (guint i = 0; i < N_ROWS; i++) {
        g_autofree char *case_id = g_strdup_printf("20%02u-%05u", 10 + i % 16, i / 4);
        g_autofree char *item = g_strdup_printf("%u", 1 + i % 4);
        g_autofree char *text = g_strdup_printf("%s %u", what[(i * 7) % 8], (i * 7919) % 100003);
        g_autofree char *seal = g_strdup_printf("A%06u", i);
        const CelExhibitFacts facts = {.case_id = case_id,
                                       .item_id = item,
                                       .description = text,
                                       .department = from[(i * 3) % 4],
                                       .holder = with[(i * 5) % 4],
                                       .seal_no = seal,
                                       .code = seal,
                                       .last_us = g_get_real_time() - (gint64)i * 60000000,
                                       .state = 1 + (i * 11) % (CEL_N_EXHIBIT_STATES - 1),
                                       .hold = i % 97 == 0};
        cel_exhibit_index_add(index, &facts);
    }
    return index;
}

static double ms_since(gint64 start_us)
{
    return (double)(g_get_monotonic_time() - start_us) / 1e3;
}

static void without_window(const CelExhibitIndex *index)
{
    static const struct {
        const char *name;
        CelExhibitFilter filter;
    } asked[] = {
        {"sort by number, falling", {.column = CEL_BY_EXHIBIT, .descending = TRUE}},
        {"sort by description", {.column = CEL_BY_DESCRIPTION}},
        {"search a word that many rows hold", {.text = "塑料", .column = CEL_BY_AGE}},
        {"search two words that one row holds", {.text = "a0777 粉末", .column = CEL_BY_AGE}},
        {"one state, on hold", {.states = 2, .hold = TRUE, .column = CEL_BY_AGE}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
        const gint64 start_us = g_get_monotonic_time();
        g_autoptr(GArray) view = cel_exhibit_index_view(index, &asked[i].filter);
        printf("worker: %s: %.1f ms, %u rows\n", asked[i].name, ms_since(start_us), view->len);
    }
}

/* ---- with a window ---- */

typedef struct {
    CelWindow *window;
    CelQueuePage *page;
    guint changes; /* of the model */
} Figures;

static void changed(Figures *figures)
{
    figures->changes++;
}

static gboolean has_changed(gpointer data)
{
    return ((Figures *)data)->changes > 0;
}

/* Runs the loop by itself, as the program does. */
static void measure(Figures *figures, const char *name, void (*act)(Figures *))
{
    Probe probe = {.n_over = 0};
    const guint id = g_timeout_add_full(G_PRIORITY_HIGH, 1, probe_turn, &probe, NULL);
    figures->changes = 0;
    const gint64 start_us = g_get_monotonic_time();
    act(figures);
    while (!has_changed(figures) && ms_since(start_us) < 10000)
        g_main_context_iteration(NULL, FALSE);
    const double shown_ms = ms_since(start_us);
    const gint64 end_us = g_get_monotonic_time() + SETTLE_MS * 1000;
    while (g_get_monotonic_time() < end_us)
        g_main_context_iteration(NULL, FALSE);
    g_source_remove(id);
    printf("window: %s: swapped in after %.0f ms, longest block %.1f ms (%.1f ms of its own "
           "time), %u of its own over 16 ms\n",
           name, shown_ms, (double)probe.worst_us / 1e3, (double)probe.worst_cpu_us / 1e3,
           probe.n_over);
}

static void rest(Figures *figures)
{
    figures->changes = 1;
}

static void type(Figures *figures, const char *text)
{
    GtkWidget *search = ui_find(GTK_WIDGET(figures->page), GTK_TYPE_SEARCH_ENTRY, NULL);
    gtk_editable_set_text(GTK_EDITABLE(search), text);
}

static void type_word(Figures *figures)
{
    type(figures, "塑料");
}

static void type_number(Figures *figures)
{
    type(figures, "2012-0");
}

static void clear_word(Figures *figures)
{
    type(figures, "");
}

static void type_one(Figures *figures)
{
    type(figures, "a077777");
}

static void scroll(Figures *figures)
{
    GtkWidget *list = ui_find(GTK_WIDGET(figures->page), GTK_TYPE_LIST_VIEW, NULL);
    GtkAdjustment *place = gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(list));
    gtk_adjustment_set_value(place, gtk_adjustment_get_upper(place) / 2.0);
    figures->changes = 1;
}

static void sort_by(Figures *figures, const char *how)
{
    gtk_widget_activate_action(GTK_WIDGET(figures->page), "queue.sort", "s", how);
}

static void sort_description(Figures *figures)
{
    sort_by(figures, "1-up");
}

static void sort_number(Figures *figures)
{
    sort_by(figures, "0-down");
}

static void with_window(CelExhibitIndex *index)
{
    char *folder = NULL;
    Figures figures = {.window = ui_window(&folder)};
    ui_sign_in(figures.window, folder, "technician");
    cel_window_show(figures.window, "queue", NULL, NULL);
    ui_pump_idle(figures.window, 500);
    figures.page = CEL_QUEUE_PAGE(cel_window_page(figures.window, NULL));
    g_signal_connect_swapped(cel_queue_page_model(figures.page), "changed", G_CALLBACK(changed),
                             &figures);
    cel_queue_page_show(figures.page, index);
    ui_pump_idle(figures.window, 1000);
    measure(&figures, "nothing is done", rest);
    measure(&figures, "type a word", type_word);
    measure(&figures, "type a number", type_number);
    measure(&figures, "take the words away", clear_word);
    measure(&figures, "sort by description", sort_description);
    measure(&figures, "sort by number, falling", sort_number);
    measure(&figures, "type a word that one row holds", type_one);
    measure(&figures, "take it away", clear_word);
    measure(&figures, "scroll to the middle", scroll);
    ui_window_end();
    g_free(folder);
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    gint64 start_us = g_get_monotonic_time();
    g_autoptr(CelExhibitIndex) index = make_rows();
    printf("worker: taking in %d rows: %.0f ms\n", N_ROWS, ms_since(start_us));
    start_us = g_get_monotonic_time();
    cel_exhibit_index_finish(index);
    printf("worker: finding all six orders: %.0f ms\n", ms_since(start_us));
    without_window(index);
    with_window(index);
    return 0;
}
