/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-batch.h"

G_BEGIN_DECLS

/*
 * How far a long batch has come, as bytes, so that it can go on after a crash. Written and read by
 * the same program on the same machine: the numbers stand as the processor has them.
 */

/** CelBatchPlace: what a state belongs to; a state of anything else is not taken. */
typedef struct {
    guint8 work[32]; /* digest of everything that decides the answer: files, hits asked for, part */
    guint64 done;    /* blocks that are in the state */
} CelBatchPlace;

/** cel_batch_save: Returns: (transfer full): the hits so far, with a digest behind them. */
GBytes *cel_batch_save(const CelBatch *batch, const CelBatchPlace *place);

/**
 * cel_batch_restore:
 * @batch: fresh, with the same queries and hits asked for
 * @place: work: what the state must belong to; done: (out)
 * @n_rows: of the whole matrix
 * Returns: FALSE when @bytes are damaged or belong to something else; @batch is then unchanged.
 */
gboolean cel_batch_restore(CelBatch *batch, GBytes *bytes, CelBatchPlace *place, guint64 n_rows);

G_END_DECLS
