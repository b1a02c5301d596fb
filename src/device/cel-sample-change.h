/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the laser changed the sample: a later frame against the first. Pure. */

/** CelSampleFrames: two frames of equal settings. */
typedef struct {
    gsize n_pixels;
    const double *first, *later; /* counts */
    double full_counts;          /* first value that means "full"; 0: not known */
} CelSampleFrames;

/**
 * cel_sample_change:
 * Bands are what stands above a slow background, so that bleaching fluorescence is no change; a
 * median over five pixels takes cosmic rays out. Noise is taken from the difference of the frames
 * itself. A change is: a band whose height differs by more than 10 % (the rule of the work) and by
 * more than six standard deviations; a strongest band whose centre moved by more than half a pixel
 * and six standard deviations; a shape of the whole that noise does not explain.
 * Returns: (transfer full) (nullable): what changed, in English, for the record; NULL: nothing that
 * can be seen. Thread-safe: yes.
 */
char *cel_sample_change(const CelSampleFrames *frames);

G_END_DECLS
