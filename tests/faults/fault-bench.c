/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fault-bench.h"

#include <math.h>
#include <string.h>

enum { N_DARK = 2, N_LIGHT = 3, WAIT_MS = 3000, POLL_US = 300 };

/* A frame that is that of the sample looks like it and is about as bright; three frames of noise,
 * of another setting or with their bytes exchanged do not. */
static const double MIN_LIKENESS = 0.98;
static const double BRIGHTNESS[2] = {0.85, 1.15};

void fault_outcome_clear(FaultOutcome *outcome)
{
    g_clear_pointer(&outcome->message, g_free);
    g_clear_error(&outcome->error);
}

double fault_bench_value(const FaultBench *bench, const char *name)
{
    return simusb_bus_value(bench->sim, bench->unit, name);
}

void fault_bench_command(const FaultBench *bench, const char *format)
{
    g_auto(GStrv) parts = g_strsplit(format, "%u", 2);
    g_autofree char *line = parts[1] != NULL
                                ? g_strdup_printf("%s%u%s", parts[0], bench->unit, parts[1])
                                : g_strdup(format);
    g_autofree char *answer = simusb_bus_command(bench->sim, line);
    if (!g_str_has_prefix(answer, "ok"))
        g_error("%s: %s", line, answer);
}

guint fault_bench_n_fds(void)
{
    g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
    guint n = 0;
    while (g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

void fault_bench_plug(FaultBench *bench)
{
    g_autoptr(GError) error = NULL;
    bench->unit = simusb_bus_add(bench->sim, bench->what->spec, NULL, NULL, &error);
    g_assert_no_error(error);
}

/* The bus tells of a new unit a moment after it was plugged in. */
static gboolean find_id(const FaultBench *bench, char *out_id, gsize size)
{
    const guint address = (guint)fault_bench_value(bench, "address");
    const gint64 until_us = g_get_monotonic_time() + WAIT_MS * 1000;
    while (g_get_monotonic_time() < until_us) {
        g_autoptr(GArray) infos = cel_device_scan(&bench->table);
        for (guint i = 0; i < infos->len; i++) {
            const CelDeviceInfo *info = &g_array_index(infos, CelDeviceInfo, i);
            if (info->usb.address != address || !g_str_has_prefix(info->id, bench->what->driver))
                continue;
            g_strlcpy(out_id, info->id, size);
            return TRUE;
        }
        g_usleep(2000);
    }
    return FALSE;
}

static void take_error(FaultOutcome *out, GError *error)
{
    out->ok = error == NULL;
    out->error = error;
    out->message = error != NULL ? g_strdup(error->message) : NULL;
}

gboolean fault_bench_open(FaultBench *bench, FaultOutcome *out)
{
    char id[96] = "";
    GError *error = NULL;
    const gint64 start_us = g_get_monotonic_time();
    if (find_id(bench, id, sizeof id))
        bench->device = cel_device_open(&bench->table, id, bench->what->settings, &error);
    else
        g_set_error_literal(&error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "the bus does not list it");
    out->took_us = g_get_monotonic_time() - start_us;
    take_error(out, error);
    return out->ok;
}

void fault_bench_close(FaultBench *bench)
{
    g_clear_pointer(&bench->device, cel_device_close);
}

/* ---- measuring ---- */

typedef struct {
    const FaultBench *bench;
    const FaultShot *shot;
    GCancellable *cancel;
    double faults_before;
    gint64 cancelled_us;
    gint is_over; /* atomic */
} Canceller;

static gboolean is_time_to_cancel(const Canceller *c)
{
    if (c->shot->cancel)
        return fault_bench_value(c->bench, "faults") > c->faults_before;
    return fault_bench_value(c->bench, "laser") > 0 && fault_bench_value(c->bench, "pending") > 0;
}

static gpointer cancel_when_due(gpointer data)
{
    Canceller *c = data;
    while (g_atomic_int_get(&c->is_over) == 0 && !is_time_to_cancel(c))
        g_usleep(POLL_US);
    c->cancelled_us = g_get_monotonic_time();
    g_cancellable_cancel(c->cancel);
    return NULL;
}

static double *signal_of(const CelMeasurement *m)
{
    double *signal = g_new0(double, m->n_pixels);
    for (gsize p = 0; p < m->n_pixels; p++) {
        double light = 0.0, dark = 0.0;
        for (gsize f = 0; f < m->n_frames; f++)
            light += m->frames[f * m->n_pixels + p];
        for (gsize f = 0; f < m->n_dark_frames; f++)
            dark += m->dark_frames[f * m->n_pixels + p];
        signal[p] = light / (double)m->n_frames -
                    (m->n_dark_frames > 0 ? dark / (double)m->n_dark_frames : 0.0);
    }
    return signal;
}

static void compare(const FaultBench *bench, const CelMeasurement *m, FaultOutcome *out)
{
    g_autofree double *signal = signal_of(m);
    double ab = 0.0, aa = 0.0, bb = 0.0;
    for (gsize p = 0; bench->reference != NULL && p < MIN(m->n_pixels, bench->n_pixels); p++) {
        ab += signal[p] * bench->reference[p];
        aa += signal[p] * signal[p];
        bb += bench->reference[p] * bench->reference[p];
    }
    out->likeness = aa > 0.0 && bb > 0.0 ? ab / sqrt(aa * bb) : 0.0;
    out->brightness = bb > 0.0 ? ab / bb : 0.0;
    out->flagged = g_tree_lookup(m->notes, "sample.altered") != NULL ||
                   g_tree_lookup(m->notes, "laser.no_difference") != NULL;
}

static CelMeasurement *acquire(FaultBench *bench, const FaultShot *shot, GCancellable *cancel,
                               GError **error)
{
    const CelAcquireOptions options = {
        .integration_ms = shot->integration_ms,
        .frames = N_LIGHT,
        .dark_frames = N_DARK,
        .clock = cel_clock_system(),
        .confirmation = {.eyewear_on = TRUE,
                         .beam_blocked = TRUE,
                         .nobody_in_line = TRUE,
                         .sample_hazard = CEL_HAZARD_NO},
    };
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    return cel_device_acquire(bench->device, &options, job, error);
}

void fault_bench_measure(FaultBench *bench, const FaultShot *shot, FaultOutcome *out)
{
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    Canceller canceller = {.bench = bench,
                           .shot = shot,
                           .cancel = cancel,
                           .faults_before = fault_bench_value(bench, "faults")};
    const gboolean cancels = shot->cancel || shot->cancel_in_light;
    GThread *thread = cancels ? g_thread_new("cancel", cancel_when_due, &canceller) : NULL;
    GError *error = NULL;
    const gint64 start_us = g_get_monotonic_time();
    g_autoptr(CelMeasurement) m = acquire(bench, shot, cancel, &error);
    const gint64 end_us = g_get_monotonic_time();
    g_atomic_int_set(&canceller.is_over, 1);
    if (thread != NULL)
        g_thread_join(thread);
    out->took_us = end_us - start_us;
    if (cancels && canceller.cancelled_us < end_us)
        out->cancel_us = end_us - canceller.cancelled_us;
    take_error(out, error);
    if (m != NULL)
        compare(bench, m, out);
}

void fault_bench_refer(FaultBench *bench)
{
    const FaultShot shot = {.integration_ms = bench->what->integration_ms};
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(CelMeasurement) m = acquire(bench, &shot, cancel, &error);
    g_assert_no_error(error);
    bench->n_pixels = m->n_pixels;
    g_free(bench->reference);
    bench->reference = signal_of(m);
}

gboolean fault_bench_is_right(const FaultOutcome *outcome)
{
    return outcome->ok && outcome->likeness >= MIN_LIKENESS &&
           outcome->brightness >= BRIGHTNESS[0] && outcome->brightness <= BRIGHTNESS[1];
}
