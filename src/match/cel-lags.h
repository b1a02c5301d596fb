/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-fine.h"
#include "match/cel-first.h"

G_BEGIN_DECLS

/*
 * Which entries might fit if the sample's axis were off by a few channels. The contrast view hardly
 * changes within 4 cm-1, so half of its channels tell which entries are worth a closer look: all
 * entries at all lags in the time that one pass over the whole curves takes.
 */

enum {
    CEL_LAG_MOST = 6,  /* channels, 12 cm-1 either way: beyond, the instrument needs calibrating */
    CEL_LAGS_KEPT = 12 /* entries kept at each lag that is looked at */
};

typedef struct CelLags CelLags;

/** cel_lags_new: @views: (array length=n): of the entries; only read during the call.
 * Returns: (transfer full): immutable, so thread-safe. */
CelLags *cel_lags_new(const CelView *const *views, gsize n);

/** cel_lags_hasten: prepares bounds (cel-first.h, cel-fine.h) by which cel_lags_promising() leaves
 * out entries that cannot be among those kept. Before the first use. */
void cel_lags_hasten(CelLags *lags);

/** CelLagsParts: the arrays of cel_lags_part(): those of the bounds and two of the entries. */
enum { CEL_LAGS_BOUNDS = CEL_FIRST_PARTS + CEL_FINE_PARTS, CEL_LAGS_PARTS = CEL_LAGS_BOUNDS + 2 };

/** cel_lags_map: as cel_lags_new() and cel_lags_hasten(), from what another one of the same entries
 * stored; looks into neither @views nor @parts.
 * @parts: CEL_LAGS_PARTS arrays, borrowed for the life of the result
 * Returns: (transfer full) (nullable): NULL: they do not fit. */
CelLags *cel_lags_map(const CelView *const *views, gsize n, const CelCoarsePart *parts);

/** cel_lags_part: array @part of CEL_LAGS_PARTS, to be stored; those of the bounds are empty
 * without them. Borrowed from @lags. */
CelCoarsePart cel_lags_part(const CelLags *lags, guint part);

/** cel_lags_free: @lags: (nullable) */
void cel_lags_free(CelLags *lags);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLags, cel_lags_free)

/**
 * cel_lags_promising:
 * @min_common: channels that a sample and an entry must share
 * Returns: (transfer full) (element-type guint): entries that score high at some lag within
 *   CEL_LAG_MOST, each once, by rising number. Thread-safe: yes.
 */
GArray *cel_lags_promising(const CelLags *lags, const CelView *sample, guint min_common);

G_END_DECLS
