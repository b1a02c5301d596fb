/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-standard.h"

G_BEGIN_DECLS

/* Which measured line is which accepted one, on a shift axis that may be off by a common offset
 * and a slow trend. */

/** CelPairTask: what is paired; borrowed. */
typedef struct {
    const CelStandard *standard;
    const GArray *lines;    /* of CelMeasuredLine, positions in cm-1 */
    double first, last;     /* range of the axis, cm-1 */
    double laser_vacuum_nm; /* that the axis was computed with; lamps need it */
    double max_offset_cm1;  /* how far the axis may be off */
} CelPairTask;

/** CelPair: one accepted line and what was measured of it. */
typedef struct {
    const CelStandardLine *line;
    double accepted_cm1; /* of a lamp: where the laser that was assumed puts it */
    double
        u_accepted_cm1; /* with what neighbours in the table that were not resolved may move it */
    double measured_cm1, u_measured_cm1; /* the fit's, with the part of the line's shape */
    double fwhm_cm1, snr;
    gboolean saturated;
} CelPair;

/** CelPairing: how well it went. */
typedef struct {
    GArray *pairs;     /* of CelPair, in order of position */
    double offset_cm1; /* measured minus accepted, common to most lines */
    double found;      /* share, 0..1, of the strong accepted lines in the range that were found */
    /* share, 0..1, of the heights above 120 cm-1 (of bands: their squares) that are its; of a
     * standard with one line: of those within 200 cm-1 of it */
    double explained;
    double
        looseness; /* scatter of the pairs about a smooth trend; well below 1 where they belong */
    /* strong lines of a lamp that were not found in their place, yet more than half of those
     * missing, all the same distance from it */
    guint n_displaced;
    double displaced_cm1;
} CelPairing;

/** cel_pairing_clear: frees what is in it. */
void cel_pairing_clear(CelPairing *pairing);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelPairing, cel_pairing_clear)

/**
 * cel_pairs_find:
 * Tries every common offset within the limit, takes the one under which most strong lines meet, and
 * refines it by a trend of second order. A pair is each other's nearest. Fills @out in any case.
 * Thread-safe: yes.
 */
void cel_pairs_find(const CelPairTask *task, CelPairing *out);

/** cel_pairing_score: Returns: 0..1, @found times @explained, less for loose pairs: comparable
 * between standards. */
double cel_pairing_score(const CelPairing *pairing);

/**
 * cel_pairs_accepted_cm1:
 * Returns: where @line of @standard stands on a shift axis of @laser_vacuum_nm. Thread-safe: yes.
 */
double cel_pairs_accepted_cm1(const CelStandard *standard, const CelStandardLine *line,
                              double laser_vacuum_nm);

G_END_DECLS
