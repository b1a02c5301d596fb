/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-live.h"
#include "device/cel-device.h"
#include "plot/cel-plot-trace.h"

G_BEGIN_DECLS

/** CelLiveFeed: frames on their way from the instrument to the plot: only the newest one is kept,
 * so that a slow window drops frames and never falls behind. Counted. */
typedef struct CelLiveFeed CelLiveFeed;

/** CelLiveSeen: the newest frame and how it goes. */
typedef struct {
    CelPlotTrace *trace; /* (transfer full) */
    guint64 number;      /* of the frame; what was dropped counts */
    gsize saturated;     /* pixels at the detector's limit */
    double fill;         /* 0..1 of the limit, the fullest pixel; 0: the limit is not known */
    double integration_ms;
} CelLiveSeen;

/** CelLiveTell: a frame waits; on the main loop, never more than one call waits there. */
typedef void (*CelLiveTell)(gpointer user_data);

/** cel_live_feed_new: @description: of the instrument (borrowed): its axis and its limit; @tell:
 * not called any more after cel_live_feed_close(). Returns: (transfer full). */
CelLiveFeed *cel_live_feed_new(const CelDeviceDescription *description, CelLiveTell tell,
                               gpointer user_data);

/** cel_live_feed_ref, cel_live_feed_unref: any thread. */
CelLiveFeed *cel_live_feed_ref(CelLiveFeed *feed);
void cel_live_feed_unref(CelLiveFeed *feed);

/** cel_live_feed_put: a CelLiveSink; @feed: the CelLiveFeed. Any thread. */
void cel_live_feed_put(const CelLiveFrame *frame, gpointer feed);

/** cel_live_feed_take: main loop. Returns: FALSE when there is no frame that was not taken. */
gboolean cel_live_feed_take(CelLiveFeed *feed, CelLiveSeen *out_seen);

/** cel_live_feed_close: main loop: nobody is told any more. */
void cel_live_feed_close(CelLiveFeed *feed);

G_END_DECLS
