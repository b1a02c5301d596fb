/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-view.h"

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
