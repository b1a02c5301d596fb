/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result-answers.h"
#include "ui-test.h"
#include "work/cel-measure-panel.h"
#include "work/cel-work-page.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/*
 * How long the main loop is blocked at most, and what memory many samples take.
 *   window-figures block          live view, a measurement, 500 files identified
 *   window-figures memory N       N simulated samples measured, identified, shown with reasons
 * A line each. A block is the time between two turns of the loop; in brackets the processor time of
 * it, which other programs on the machine do not lengthen.
 */

enum { PROBE_MS = 2, PATIENCE_MS = 600000, MANY = 500, LIVE_MS = 6000, TAKEN_IN_MS = 2000 };

static char *folder;
static CelWindow *window;

/* ---- the probe ---- */

/** Probe: watches the turns of the main loop. */
typedef struct {
    gint64 last_us, last_cpu_us, worst_us, worst_cpu_us;
    guint id;
} Probe;

static gint64 cpu_us(void)
{
    struct timespec at;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return (gint64)at.tv_sec * G_USEC_PER_SEC + at.tv_nsec / 1000;
}

static gboolean probe_turn(gpointer data)
{
    Probe *probe = data;
    const gint64 now_us = g_get_monotonic_time(), now_cpu_us = cpu_us();
    probe->worst_us = MAX(probe->worst_us, now_us - probe->last_us);
    probe->worst_cpu_us = MAX(probe->worst_cpu_us, now_cpu_us - probe->last_cpu_us);
    probe->last_us = now_us;
    probe->last_cpu_us = now_cpu_us;
    return G_SOURCE_CONTINUE;
}

static void probe_start(Probe *probe)
{
    *probe = (Probe){.last_us = g_get_monotonic_time(), .last_cpu_us = cpu_us()};
    probe->id = g_timeout_add_full(G_PRIORITY_HIGH, PROBE_MS, probe_turn, probe, NULL);
}

static void probe_end(Probe *probe, const char *what)
{
    g_source_remove(probe->id);
    printf("| %s | %.0f ms (%.0f ms) |\n", what, (double)probe->worst_us / 1000.0,
           (double)probe->worst_cpu_us / 1000.0);
    fflush(stdout);
}

/* As g_application_run() does: without naps, which the probe would take for work. */
static gboolean run_until(UiDone done, gpointer data, guint most_ms)
{
    const gint64 end_us = g_get_monotonic_time() + (gint64)most_ms * 1000;
    while (!(done != NULL && done(data)) && g_get_monotonic_time() < end_us)
        g_main_context_iteration(NULL, TRUE);
    return done == NULL || done(data);
}

/* ---- live view and a measurement ---- */

static CelWorkPage *work_page(void)
{
    return CEL_WORK_PAGE(cel_window_page(window, NULL));
}

static gboolean has_measured(gpointer page)
{
    return g_list_model_get_n_items(cel_work_session_items(cel_work_page_session(page))) > 0;
}

static void block_of_acquire(void)
{
    Probe probe;
    ui_open_instrument(window, "simulated:785", "sample=polystyrene,seed=3");
    cel_window_show(window, "workbench", NULL, NULL);
    ui_pump_idle(window, 200);
    CelMeasurePanel *panel = CEL_MEASURE_PANEL(cel_work_page_tool(work_page(), "measure"));
    probe_start(&probe);
    cel_measure_panel_toggle_live(panel);
    run_until(NULL, NULL, LIVE_MS);
    g_autofree char *live = g_strdup_printf("live view, %u s, %" G_GUINT64_FORMAT " frames",
                                            LIVE_MS / 1000, cel_measure_panel_seen(panel));
    probe_end(&probe, live);
    cel_measure_panel_stop(panel);
    ui_pump_idle(window, 200);
    probe_start(&probe);
    cel_measure_panel_measure(panel);
    g_assert_true(run_until(has_measured, work_page(), PATIENCE_MS));
    probe_end(&probe, "one measurement");
}

/* ---- many files ---- */

static GtkStringList *many_files(const char *place)
{
    GtkStringList *list = gtk_string_list_new(NULL);
    for (guint i = 0; i < MANY; i++) {
        g_autoptr(GString) text = g_string_new("# Raman shift (cm-1), counts, laser 785 nm\n");
        g_autofree char *path = g_strdup_printf("%s/many-%03u.csv", place, i);
        for (int x = 200; x <= 2248; x++) {
            const double u = (x - 600.0 - i) / 6.0;
            g_string_append_printf(text, "%d,%.3f\n", x, 10.0 + 1000.0 / (1.0 + u * u));
        }
        g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
        gtk_string_list_append(list, path);
    }
    return list;
}

static gboolean nothing_runs(gpointer data)
{
    (void)data;
    return g_list_model_get_n_items(cel_lanes_visible(cel_desk_lanes(cel_window_desk(window)))) ==
           0;
}

static void block_of_batch(void)
{
    Probe probe;
    g_autofree char *place = g_build_filename(folder, "..", "many", NULL);
    g_mkdir_with_parents(place, 0700);
    g_autoptr(GtkStringList) files = many_files(place);
    cel_window_show(window, "import", NULL, NULL);
    ui_pump_idle(window, 200);
    probe_start(&probe);
    cel_window_show(window, "import", NULL, G_OBJECT(files));
    run_until(NULL, NULL, TAKEN_IN_MS);
    g_assert_true(run_until(nothing_runs, NULL, PATIENCE_MS));
    probe_end(&probe, "500 files of 2,049 points taken in");
    probe_start(&probe);
    const gint64 began_us = g_get_monotonic_time();
    ui_click(GTK_WIDGET(window), "Identify all");
    run_until(NULL, NULL, 300);
    g_assert_true(run_until(nothing_runs, NULL, PATIENCE_MS));
    g_autofree char *what =
        g_strdup_printf("500 files identified, %.0f s",
                        (double)(g_get_monotonic_time() - began_us) / (double)G_USEC_PER_SEC);
    probe_end(&probe, what);
}

/* ---- memory ---- */

static double resident_mib(void)
{
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents("/proc/self/smaps_rollup", &text, NULL, NULL));
    const char *line = strstr(text, "Pss:");
    return line != NULL ? (double)g_ascii_strtoull(line + strlen("Pss:"), NULL, 10) / 1024.0 : 0.0;
}

static void one_sample(guint number)
{
    g_autoptr(CelAnswer) answer = result_answer((ResultCase)(number % RESULT_N_CASES));
    cel_window_show(window, "result", NULL, G_OBJECT(answer));
    ui_pump_idle(window, 5);
    cel_window_show(window, "why", NULL, G_OBJECT(answer));
    ui_pump_idle(window, 5);
}

static void memory(guint n)
{
    /* By then every kind of answer was shown twice: libraries are open, fonts and glyphs cached. */
    const guint settled = MIN(n - 1, MAX(2 * RESULT_N_CASES, n / 10));
    double before = 0.0;
    for (guint i = 0; i < n; i++) {
        if (i == settled)
            before = resident_mib();
        one_sample(i);
    }
    const double after = resident_mib(), growth = after - before;
    printf("%u samples measured, identified and shown: %.0f MiB after %u, %.0f MiB at the end, "
           "%.1f kiB a sample\n",
           n, before, settled, after, growth * 1024.0 / MAX(1, n - settled));
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    window = ui_window(&folder);
    ui_sign_in(window, folder, "technician");
    if (argc == 2 && strcmp(argv[1], "block") == 0) {
        block_of_acquire();
        block_of_batch();
    } else if (argc == 3 && strcmp(argv[1], "memory") == 0) {
        memory((guint)g_ascii_strtoull(argv[2], NULL, 10));
    } else {
        g_error("block, or memory N");
    }
    ui_window_end();
    result_answers_end();
    g_free(folder);
    return 0;
}
