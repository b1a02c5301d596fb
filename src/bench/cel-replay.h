/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "evidence/cel-sealed.h"
#include "evidence/cel-verdict.h"

G_BEGIN_DECLS

/* Replay: does the sealed result follow from the sealed raw data? Processing, identification and
 * claim are computed again with the recorded recipe and libraries and compared with what the file
 * holds: every step's axis, values, variance and mask, every number of every hit, every word. */

/** Numbers of another build or processor may differ by this part of the largest value of their list
 * and still be the same: the last digits of exp() and of sums in FFTW differ between processors
 * (docs/measurements.md says by how much). Words, outcome, ranks and masks must be equal. */
#define CEL_REPLAY_TOLERANCE 1e-9

typedef enum {
    CEL_REPLAY_IDENTICAL, /* bit for bit */
    CEL_REPLAY_WITHIN,    /* within CEL_REPLAY_TOLERANCE, all words the same */
    CEL_REPLAY_DIFFERS,
    CEL_REPLAY_NOT_DONE, /* something it needs is not here */
} CelReplayState;

/** cel_replay_state_name: Returns: "identical", "within-tolerance", "differs" or "not-done". */
const char *cel_replay_state_name(CelReplayState state);

/** CelReplay: what was found. One owner. */
typedef struct {
    CelReplayState state;
    guint n_compared;            /* datasets and answers */
    guint n_identical;           /* of these */
    double largest;              /* deviation over the largest value of its list */
    char *first;                 /* (nullable): path of the first that differs, or of @largest */
    char *problem;               /* (nullable): why it was not done, translated */
    char *outcome;               /* (nullable): as recomputed */
    char *build, *cpu;           /* that sealed: compiler and version, processor path */
    char *build_here, *cpu_here; /* that recomputed */
} CelReplay;

/** cel_replay_free: @replay: (nullable) */
void cel_replay_free(CelReplay *replay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelReplay, cel_replay_free)

/**
 * cel_replay_run:
 * @sealed: a measurement; it should be verified first
 * @library_paths: (nullable): NULL-ended: where libraries may be found by their digest, besides the
 *   built-in one
 * Returns: (transfer full): also when a library, a step's version or a part of the file is missing;
 *   NULL with CEL_ERROR_CANCELLED or CEL_ERROR_SYSTEM.
 */
CelReplay *cel_replay_run(const CelSealed *sealed, const char *const *library_paths, CelJob *job,
                          GError **error);

/** cel_replay_verdict: puts what was found into the line "replay" of @lines. */
void cel_replay_verdict(const CelReplay *replay, GPtrArray *lines);

/** cel_replay_json: @file: as it was named. Returns: (transfer full): one line of JSON. */
char *cel_replay_json(const CelReplay *replay, const char *file);

G_END_DECLS
