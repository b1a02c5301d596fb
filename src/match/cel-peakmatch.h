/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-library.h"
#include "match/cel-view.h"

G_BEGIN_DECLS

/** CelLine: one band of a sample or a reference, ready to be compared by position. */
typedef struct {
    double position_cm1;
    double u_cm1;      /* standard uncertainty of the position */
    double height;     /* 0..1 of the strongest; 1 for all where intensities mean nothing */
    double drawn;      /* 0..1: its height in a made-up view; @height unless that is not known */
    gboolean optional; /* explains a sample's band, but is not missed when absent */
} CelLine;

/** CelPeakPair: one band of the reference and what the sample shows there. */
typedef struct {
    double reference_cm1, sample_cm1; /* sample 0 when nothing is there */
    double reference_intensity;       /* 0..1 of the strongest */
    double sample_height;             /* 0..1 of the strongest */
    double
        tolerance_cm1;  /* within which the two positions, the shift applied, count as one; 0 where
                             nothing was compared */
    gboolean unweighed; /* @reference_intensity is a mere weight: the reference states none */
} CelPeakPair;

/** CelPeakExtra: one band of the sample that no band of the reference explains. */
typedef struct {
    double sample_cm1;
    double sample_height; /* 0..1 of the strongest */
} CelPeakExtra;

/**
 * cel_lines_of_view:
 * Bands of @view: maxima that rise 3 % of the strongest and five standard deviations of the noise.
 * @u_cm1: standard uncertainty of its axis
 * Returns: (transfer full) (element-type CelLine): by position; heights are of the strongest one.
 *   Thread-safe: yes.
 */
GArray *cel_lines_of_view(const CelView *view, double u_cm1);

/** CelBandChoice: what cel_lines_of_bands() found usable. */
typedef struct {
    gboolean one_source; /* heights were measured in one source: they may weigh */
    gboolean recalled;   /* no row is measured or verified: a lead, whatever else fits */
} CelBandChoice;

/** CelBandDrop: for validation: a sample may not meet a row that was measured on its own set. */
typedef struct {
    const char *source;       /* (nullable): rows whose source contains this text are left out */
    gboolean keep_literature; /* but a recalled position that such a row names ("lit. 1062") stays,
                               * without height: more than is left, less than was known before */
} CelBandDrop;

/**
 * cel_lines_of_bands:
 * @drop: (nullable): rows to leave out
 * Intensities weigh only when all weighing rows come from one measured source (rule 1.4). If one
 * measured source gives at least half of the rows (and three), its rows are asked for with their
 * heights and the other rows only explain; else every row counts the same.
 * Returns: (transfer full) (element-type CelLine): by position; empty when nothing is left.
 */
GArray *cel_lines_of_bands(const CelSubstance *substance, const CelBandDrop *drop,
                           CelBandChoice *out_choice);

/** CelPeakMatchInput: both lists by position; borrowed. */
typedef struct {
    const GArray *reference, *sample; /* CelLine */
    double range_cm1[2];              /* where both have data, on the sample's axis */
    double shift_cm1;                 /* to be added to the sample's positions */
    const CelView *view;              /* (nullable): the sample, to see bands without a maximum */
    gboolean unweighed; /* the reference's heights are mere weights: CelBandChoice.one_source */
} CelPeakMatchInput;

typedef struct {
    GArray *matched, *missing; /* CelPeakPair */
    GArray *extra;             /* double, cm-1 of the sample */
    GArray *unexplained;       /* CelPeakExtra: @extra with its heights, as many */
    GArray *outside;           /* CelPeakPair: reference bands where one of both has no data */
    guint observable;          /* reference bands inside the range, the optional ones not counted */
    guint n_matched;           /* of those */
    double found;              /* 0..1: weight of the reference's bands that the sample shows */
    double explained;          /* 0..1: weight of the sample's bands that the reference has */
    double closeness;          /* 0..1: how near the matched ones are, 1 = no deviation */
    double score;              /* 0..1: of all three */
} CelPeakMatch;

/**
 * cel_peakmatch:
 * Pairs each reference band with the nearest free band of the sample within 3 combined standard
 * uncertainties, strongest first. Bands outside the range are not observable: neither matched nor
 * missing. A sample's shoulder (no maximum, but half the expected height) is not called missing.
 * Thread-safe: yes.
 */
void cel_peakmatch(const CelPeakMatchInput *input, CelPeakMatch *out);

/** cel_peakmatch_clear: frees what @match holds. */
void cel_peakmatch_clear(CelPeakMatch *match);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelPeakMatch, cel_peakmatch_clear)

/**
 * cel_view_of_lines:
 * @width_cm1: full width at half maximum for bands whose table gives none
 * A made-up view: a Lorentzian for each line over the search's whole range; for ranking band tables
 * among measured references, never shown as a spectrum.
 * Returns: (transfer full) (nullable).
 */
CelView *cel_view_of_lines(const GArray *lines, double width_cm1);

G_END_DECLS
