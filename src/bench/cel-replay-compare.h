/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-replay.h"

G_BEGIN_DECLS

/** cel_replay_compare: @sealed, @again: whole trees; what was computed in them is compared, both
 * ways. @out: state, counts, largest and first are set. */
void cel_replay_compare(const CelH5Node *sealed, const CelH5Node *again, CelReplay *out);

/** cel_replay_answers_agree: @rounded: (out): set when numbers differ by no more than a unit of
 * their last digit. Returns: whether two answers in JSON say the same: all words and counts equal,
 * numbers to one unit of the last digit they are written with. What is not computed from the data
 * (time taken, deviations from the method, reasons of failed replicates) is left out. */
gboolean cel_replay_answers_agree(const char *a, gsize n_a, const char *b, gsize n_b,
                                  gboolean *rounded);

G_END_DECLS
