/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-view.h"

G_BEGIN_DECLS

/** CEL_SIMILAR_MIN: channels that two views must share, 250 cm-1, to be compared at all. */
enum { CEL_SIMILAR_MIN = 125 };

/*
 * Two spectra without a match are shown as a lead when they are as alike as CEL_LINK_MIN on their
 * axes as they are. What that means was measured on 2,359 minerals (RRUFF, 532 nm, an entry a
 * specimen; `celadon library lint --json`, "similarity"): of the 1,467 pairs of two specimens of
 * one substance CEL_LINK_WITHIN are that alike, of the 2,778,819 pairs of two substances
 * CEL_LINK_BETWEEN. Other instruments and lasers link less.
 */
#define CEL_LINK_MIN         0.90
#define CEL_LINK_WITHIN      0.315
#define CEL_LINK_BETWEEN     5.5e-5
#define CEL_LINK_MEASURED_ON "RRUFF, 2359 spectra, 532 nm"

/**
 * cel_similar: how alike two spectra are when neither is the sample: the score of the search on the
 * axes as they are, or shifted by up to @reach channels without a price.
 * Returns: 0..1; 0 when less than CEL_SIMILAR_MIN channels are common. Thread-safe: yes.
 */
double cel_similar(const CelView *a, const CelView *b, int reach);

G_END_DECLS
