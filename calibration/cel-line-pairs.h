/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-lines.h"
#include "cel-standard.h"

G_BEGIN_DECLS

/* Which measured line is which accepted one, and whether this is that standard at all. */

enum { CEL_PAIR_NONE = -1 };

/** CelPairsQuestion: all borrowed. */
typedef struct {
    const CelStandard *standard;
    const GArray *lines; /* CelMeasuredLine, in the standard's unit */
    double range[2];     /* of the spectrum, same unit: lines outside cannot be there */
    double max_offset;   /* common offset that is still recognised, same unit */
    double max_width;    /* wider humps are background, not lines of a standard */
} CelPairsQuestion;

/** CelPairs: the answer. */
typedef struct {
    gssize *line_of;  /* one an accepted line: index in lines, CEL_PAIR_NONE: not found */
    double offset;    /* measured minus accepted, common part */
    double explained; /* share of the measured heights that the standard accounts for, 0..1 */
} CelPairs;

/** cel_pairs_clear: frees what @pairs owns. */
void cel_pairs_clear(CelPairs *pairs);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelPairs, cel_pairs_clear)

/**
 * cel_pairs_find:
 * Tries every offset that brings one measured line onto one accepted line, takes the one under
 * which most weight of the standard has a line near it (the smaller offset on a tie), and pairs
 * mutually nearest lines there. An accepted line within the range by more than @max_offset must
 * show; the strongest of them must be found and be no small line; six tenths of their weight must
 * be found; half of what was measured between the first and the last accepted line must be
 * explained: laser, room light and fluorescence outside are no fault of the standard.
 * @out_pairs: (out): to be cleared
 * Returns: FALSE with CEL_ERROR_INPUT when the lines are not those of the standard, naming what is
 *   missing. Thread-safe: yes.
 */
gboolean cel_pairs_find(const CelPairsQuestion *question, CelPairs *out_pairs, GError **error);

G_END_DECLS
