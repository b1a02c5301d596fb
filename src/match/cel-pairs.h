/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-similar.h"

G_BEGIN_DECLS

/*
 * Every pair of many spectra: between which two numbers their similarity lies, by products of
 * matrices through BLAS. What hangs on the number itself asks cel_similar(): so the answer is that
 * of comparing every pair, to the bit, and only the pairs that matter are compared.
 *
 * Outside its range a curve counts as 0, so one product over the whole grid is the product over the
 * common range of each pair. It is made in slices of CEL_PAIRS_SLICE channels, which are added
 * here: a sum of n products in any order differs from the true one by at most
 * n 2^-24 |a| |b| / (1 - n 2^-24) (Higham 2002, section 3.1). What cel_similar() itself may lose is
 * allowed for.
 */
typedef struct CelPairs CelPairs;

enum {
    CEL_PAIRS_BLOCK = 64,  /* rows that are multiplied at a time */
    CEL_PAIRS_SLICE = 256, /* channels likewise */
};

/**
 * cel_pairs_new:
 * @views: (array length=n): (element-type CelView) (nullable elements): borrowed for its life
 * Returns: (transfer full) (nullable): immutable, so thread-safe; NULL when there is no BLAS, too
 *   few views to be worth it or more than fit into CEL_PAIRS_BYTES: compare every pair then.
 */
CelPairs *cel_pairs_new(const CelView *const *views, guint n);

#define CEL_PAIRS_BYTES ((gsize)2 << 30)

/** cel_pairs_free: @pairs: (nullable) */
void cel_pairs_free(CelPairs *pairs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelPairs, cel_pairs_free)

/** CelPairsBlock: some rows against all that follow; for one thread. */
typedef struct CelPairsBlock CelPairsBlock;

/** cel_pairs_block_new: room for CEL_PAIRS_BLOCK rows. */
CelPairsBlock *cel_pairs_block_new(const CelPairs *pairs);
/** cel_pairs_block_free: @block: (nullable) */
void cel_pairs_block_free(CelPairsBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelPairsBlock, cel_pairs_block_free)

/** cel_pairs_block_fill: multiplies rows @first.. (CEL_PAIRS_BLOCK or as many as there are). */
void cel_pairs_block_fill(CelPairsBlock *block, guint first);

/** CelPairsRange: 0 <= @low <= cel_similar() <= @high <= 1. */
typedef struct {
    double low, high;
} CelPairsRange;

/** cel_pairs_range: @i: a row of the block, @j: a later one; both have views. */
CelPairsRange cel_pairs_range(const CelPairsBlock *block, guint i, guint j);

G_END_DECLS
