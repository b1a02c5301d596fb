/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-view.h"

G_BEGIN_DECLS

/*
 * The frame in which several references are fitted to one sample: its intensities on the views'
 * grid, with everything taken out that a smooth background could have made. Sample and references
 * lose the same, so background and substances are fitted together. What is left of white noise is
 * white, and sums of squares may be compared.
 */
typedef struct {
    guint from, n; /* channels of the sample */
    double *y;     /* n values: the sample without background; masked channels 0 */
    double yy;     /* sum of y^2 */
    double noise;  /* standard deviation of a channel, from the sample's second differences */
    double *basis; /* @n_basis rows of @n: the smooth curves, at right angles, length 1 */
    guint n_basis;
    guint8 *is_masked; /* of each channel */
} CelFrame;

/**
 * cel_frame_new:
 * @sample: processed; its strongest band is the unit of @y
 * @raw: (nullable): the same with its background and its noise as they were measured, on the same
 *   channels: what is fitted then, since no earlier correction has bent it; NULL: @sample is
 * @from, @to: channels of @sample, @to exclusive, at least CEL_VIEW_MIN of them
 * Returns: (transfer full). Thread-safe: yes.
 */
CelFrame *cel_frame_new(const CelView *sample, const CelView *raw, guint from, guint to);

/** cel_frame_free: @frame: (nullable) */
void cel_frame_free(CelFrame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelFrame, cel_frame_free)

/**
 * cel_frame_draw:
 * @lag: channels, need not be whole: the sample's channel k lies on the reference's k + @lag
 * @out: @n values: @view as drawn, between channels by the cubic through four; 0 where it has no
 *   data and where the sample is masked
 */
void cel_frame_draw(const CelFrame *frame, const CelView *view, double lag, double *out);

/** cel_frame_project: takes out of @values (@n) what a smooth background could have made. */
void cel_frame_project(const CelFrame *frame, double *values);

/** cel_frame_dot: Returns: sum of a*b over the frame's channels. */
double cel_frame_dot(const CelFrame *frame, const double *a, const double *b);

G_END_DECLS
