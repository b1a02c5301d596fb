/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-view.h"

/* The plain matcher that every figure stands beside: first derivative (Savitzky, Golay, 11 points
 * at 2 cm-1) of the intensity as it is, cosine on the common range, best spectrum wins. */

typedef struct {
    guint slot;
    CelView *view;
    float *slope;
    double *sum; /* n + 1 running sums of slope^2 */
} Plain;

/* (transfer full) (element-type Plain) */
GArray *plain_new(void);
/* @view: (transfer full) */
void plain_add(GArray *plain, guint slot, CelView *view);
/* @scores: (array length=n_slots): best of each slot's spectra, -1 where nothing is common */
void plain_scores(const GArray *plain, const CelView *sample, double *scores, guint n_slots);
/* how many slots score more than @slot */
guint plain_rank(const double *scores, guint n_slots, guint slot);
