/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-live-feed.h"

#include "cel-task.h"

struct CelLiveFeed {
    gint n_refs; /* atomic */
    CelAxis *axis;
    double full_counts;
    CelLiveTell tell; /* main loop */
    gpointer user_data;
    GMutex mutex;
    /* under it */
    double *y;
    guint8 *mask;
    gboolean has_new, is_told;
    CelLiveSeen seen; /* without the trace */
};

/* As far as the instrument can tell: shifts, else wavelengths, else pixels. */
static CelAxis *axis_of(const CelDeviceDescription *d)
{
    CelAxis *axis = cel_calibration_shift_axis(&d->calibration, d->n_pixels, NULL, NULL);
    if (axis == NULL)
        axis = cel_calibration_axis(&d->calibration, d->n_pixels, NULL);
    return axis != NULL ? axis : cel_axis_new_pixels(d->n_pixels, NULL);
}

CelLiveFeed *cel_live_feed_new(const CelDeviceDescription *description, CelLiveTell tell,
                               gpointer user_data)
{
    CelLiveFeed *feed = g_new0(CelLiveFeed, 1);
    feed->n_refs = 1;
    feed->axis = axis_of(description);
    feed->full_counts = description->instrument.saturation_counts;
    feed->tell = tell;
    feed->user_data = user_data;
    g_mutex_init(&feed->mutex);
    feed->y = g_new0(double, description->n_pixels);
    feed->mask = g_new0(guint8, description->n_pixels);
    return feed;
}

CelLiveFeed *cel_live_feed_ref(CelLiveFeed *feed)
{
    g_atomic_int_inc(&feed->n_refs);
    return feed;
}

void cel_live_feed_unref(CelLiveFeed *feed)
{
    if (feed == NULL || !g_atomic_int_dec_and_test(&feed->n_refs))
        return;
    cel_axis_unref(feed->axis);
    g_mutex_clear(&feed->mutex);
    g_free(feed->y);
    g_free(feed->mask);
    g_free(feed);
}

static gboolean tell(gpointer data)
{
    CelLiveFeed *feed = data;
    g_mutex_lock(&feed->mutex);
    feed->is_told = FALSE;
    g_mutex_unlock(&feed->mutex);
    if (feed->tell != NULL)
        feed->tell(feed->user_data);
    return G_SOURCE_REMOVE;
}

/* The limit is one of what was read, not of what is left of it without the dark. */
static void fill(CelLiveFeed *feed, const CelLiveFrame *frame)
{
    double highest = 0.0;
    gsize saturated = 0;
    for (gsize i = 0; i < frame->n; i++) {
        const gboolean full = feed->full_counts > 0.0 && frame->counts[i] >= feed->full_counts;
        feed->y[i] = frame->counts[i] - (frame->dark != NULL ? frame->dark[i] : 0.0);
        feed->mask[i] = full ? CEL_MASK_SATURATED : 0;
        saturated += full ? 1 : 0;
        highest = MAX(highest, frame->counts[i]);
    }
    feed->seen = (CelLiveSeen){.number = frame->number,
                               .saturated = saturated,
                               .fill = feed->full_counts > 0.0 ? highest / feed->full_counts : 0.0,
                               .integration_ms = frame->integration_ms};
}

void cel_live_feed_put(const CelLiveFrame *frame, gpointer data)
{
    CelLiveFeed *feed = data;
    g_mutex_lock(&feed->mutex);
    fill(feed, frame);
    feed->has_new = TRUE;
    const gboolean must_tell = !feed->is_told;
    feed->is_told = TRUE;
    g_mutex_unlock(&feed->mutex);
    if (must_tell)
        cel_ui_post(tell, cel_live_feed_ref(feed), (GDestroyNotify)cel_live_feed_unref);
}

gboolean cel_live_feed_take(CelLiveFeed *feed, CelLiveSeen *out_seen)
{
    g_mutex_lock(&feed->mutex);
    const gboolean has_new = feed->has_new;
    if (has_new) {
        const CelPlotCurve curve = {.x = cel_axis_values(feed->axis),
                                    .y = feed->y,
                                    .mask = feed->mask,
                                    .n = cel_axis_length(feed->axis),
                                    .unit = cel_axis_unit(feed->axis),
                                    .role = CEL_TRACE_LIVE};
        *out_seen = feed->seen;
        out_seen->trace = cel_plot_trace_new(&curve);
        feed->has_new = FALSE;
    }
    g_mutex_unlock(&feed->mutex);
    return has_new;
}

void cel_live_feed_close(CelLiveFeed *feed)
{
    feed->tell = NULL;
}
