/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-frame.h"
#include "match/cel-unmix.h"
#include "process/cel-nnls.h"

G_BEGIN_DECLS

/* Shared by the two halves of the unmixing: cel-unmix.c finds candidates, cel-unmix-reduce.c keeps
 * those that are needed. */

enum { CEL_UNMIX_POOL = 64 }; /* candidates that are fitted together */

/** CelColumn: one reference as it lies under the sample. */
typedef struct {
    const CelView *view;
    guint entry;
    gboolean is_blank;
    double lag;     /* channels, to be added to the sample's */
    double *values; /* of the frame's channels, without background; in the room */
} CelColumn;

/** CelLikeness: an entry and how much of a residual it could explain. */
typedef struct {
    guint entry;
    double value;
} CelLikeness;

/** CelUnmix: everything one fit needs. */
typedef struct {
    const CelUnmixInput *in;
    CelFrame *frame;
    CelNnls *nnls;
    double *room;  /* CEL_UNMIX_POOL columns */
    double lag;    /* channels, of the whole sample */
    double lag_sd; /* its standard uncertainty */

    guint n;
    CelColumn column[CEL_UNMIX_POOL];
    double gram[CEL_UNMIX_POOL * CEL_UNMIX_POOL], atb[CEL_UNMIX_POOL], x[CEL_UNMIX_POOL];

    guint n_parts;
    CelColumn part[CEL_UNMIX_MAX_PARTS];
    double part_x[CEL_UNMIX_MAX_PARTS], part_variance[CEL_UNMIX_MAX_PARTS];
    double rss;    /* of the parts */
    double sigma2; /* variance of a channel that the parts leave, see cel_unmix_reduce() */
} CelUnmix;

/** cel_unmix_reduce: drops parts that the fit can do without, fits the shifts, fills weights and
 * their variances. The parts' columns stand in @u->room afterwards, the pool's no longer do. */
void cel_unmix_reduce(CelUnmix *u);

/** cel_unmix_unshared: Returns: bands of part @i that the sample shows and no other part has. */
guint cel_unmix_unshared(const CelUnmix *u, guint i);

G_END_DECLS
