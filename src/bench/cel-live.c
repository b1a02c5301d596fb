/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-live.h"

enum {
    /* of one acquisition: what it holds in memory until it ends */
    MOST_FRAMES = 2000,
    MOST_VALUES = 4 * 1024 * 1024,
};

/** Live: one run; touched by one thread at a time. */
typedef struct {
    const CelLiveOptions *options;
    double *dark; /* sum of the dark frames, then their mean */
    guint n_dark;
    gboolean has_mean;
    guint64 number;
    double integration_ms;
} Live;

static void add_dark(Live *live, const double *counts, gsize n)
{
    if (live->dark == NULL)
        live->dark = g_new0(double, n);
    for (gsize i = 0; i < n; i++)
        live->dark[i] += counts[i];
    live->n_dark++;
}

static const double *mean_dark(Live *live, gsize n)
{
    if (live->dark == NULL || live->has_mean)
        return live->dark;
    for (gsize i = 0; i < n; i++)
        live->dark[i] /= live->n_dark;
    live->has_mean = TRUE;
    return live->dark;
}

static void take_dark(const double *counts, gsize n, gboolean dark, gpointer live)
{
    if (dark)
        add_dark(live, counts, n);
}

static void take_frame(const double *counts, gsize n, gboolean dark, gpointer data)
{
    Live *live = data;
    (void)dark;
    const CelLiveFrame frame = {.counts = counts,
                                .dark = mean_dark(live, n),
                                .n = n,
                                .number = ++live->number,
                                .integration_ms = live->integration_ms};
    live->options->on_frame(&frame, live->options->on_frame_data);
}

static CelAcquireOptions acquire_options(Live *live)
{
    const CelLiveOptions *o = live->options;
    return (CelAcquireOptions){
        .integration_ms = live->integration_ms,
        .no_dark = TRUE,
        .laser_off = o->laser_off,
        .laser_mw = o->laser_mw,
        .confirmation = o->confirmation,
        .hazard_policy = CEL_HAZARD_REFUSE,
        .no_change_watch = TRUE, /* whoever aims moves the sample */
        .clock = o->clock,
    };
}

/* The first frame also chooses the time, and comes with the dark frames for it. */
static gboolean begin(Live *live, CelDevice *device, CelJob *job, GError **error)
{
    CelAcquireOptions options = acquire_options(live);
    options.frames = 1;
    options.dark_frames = live->options->dark_frames;
    options.no_dark = options.dark_frames == 0 || options.laser_off;
    options.on_frame = take_dark;
    options.on_frame_data = live;
    g_autoptr(CelMeasurement) first = cel_device_acquire(device, &options, job, error);
    if (first == NULL)
        return FALSE;
    live->integration_ms = first->integration_ms;
    return TRUE;
}

static gboolean go_on(Live *live, CelDevice *device, guint frames, CelJob *job, GError **error)
{
    CelAcquireOptions options = acquire_options(live);
    options.frames = frames;
    options.on_frame = take_frame;
    options.on_frame_data = live;
    g_autoptr(CelMeasurement) piece = cel_device_acquire(device, &options, job, error);
    return piece != NULL;
}

gboolean cel_live_run(CelDevice *device, const CelLiveOptions *options, CelJob *job, GError **error)
{
    const CelDeviceDescription *d = cel_device_describe(device);
    const gboolean has_light = !options->laser_off && !d->capabilities.no_light;
    const double fit = CLAMP((double)(MOST_VALUES / d->n_pixels), 1.0, MOST_FRAMES);
    Live live = {.options = options, .integration_ms = options->integration_ms};
    double left_ms = CEL_LIVE_LIGHT_MS;
    gboolean ok = begin(&live, device, job, error);
    while (ok) {
        const double frames = has_light ? MIN(fit, left_ms / live.integration_ms) : fit;
        if (frames < 1.0)
            break;
        ok = go_on(&live, device, (guint)frames, job, error);
        left_ms -= (guint)frames * live.integration_ms;
    }
    g_free(live.dark);
    return ok;
}
