/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-view.h"

G_BEGIN_DECLS

/** CEL_SIMILAR_MIN: channels that two views must share, 250 cm-1, to be compared at all. */
enum { CEL_SIMILAR_MIN = 125 };

/* Two spectra without a match are shown as a lead when they are as alike as this on their axes as
 * they are. @LINKS@ */
#define CEL_LINK_MIN 0.95

/**
 * cel_similar: how alike two spectra are when neither is the sample: the score of the search on the
 * axes as they are, or shifted by up to @reach channels without a price.
 * Returns: 0..1; 0 when less than CEL_SIMILAR_MIN channels are common. Thread-safe: yes.
 */
double cel_similar(const CelView *a, const CelView *b, int reach);

G_END_DECLS
