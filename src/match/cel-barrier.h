/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-unmix.h"

G_BEGIN_DECLS

/*
 * Measuring through a bag or a bottle. A recorded blank of the packaging explains what it shows;
 * the rest is searched. Without one, library substances that packaging is made of may explain bands
 * too, but are then named as possible packaging, for nobody knows whether they are the exhibit.
 */

/** cel_barrier_is_packaging: Returns: whether @substance is what packaging is made of: by its id in
 * the library that ships, or because the manifest of an imported one said "yes" in a column
 * "packaging". Thread-safe: yes. */
gboolean cel_barrier_is_packaging(const CelSubstance *substance);

/**
 * cel_barrier_remove:
 * @fit: of @input's sample; its parts that are blanks (of @blanks) or packaging (of @search)
 * @out_left: how high the strongest band of what is left stands, 0..1 of the sample's
 * Takes the packaging off @sample in the amounts of the joint fit, so that bands which a substance
 * shares with the packaging are not taken away with it.
 * Returns: (transfer full) (nullable): what is left, over the range the packaging covers; NULL when
 *   nothing is. Thread-safe: yes.
 */
CelView *cel_barrier_remove(const CelUnmixInput *input, const CelMixture *fit, double *out_left);

G_END_DECLS
