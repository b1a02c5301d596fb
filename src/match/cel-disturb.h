/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-view.h"

G_BEGIN_DECLS

/*
 * Slightly disturbed copies of one measurement, as a second measurement of the same spot might have
 * come out, for asking whether the answer hangs on an accident ("try to break it"). Everything is
 * disturbed at once in every copy. Seeded from the data: the same spectrum gives the same copies,
 * bit for bit, on every machine with the same floating point.
 */

/** CelDisturbanceKind: row of the table of sizes. */
typedef enum {
    CEL_DISTURB_SHIFT,
    CEL_DISTURB_NOISE,
    CEL_DISTURB_BASELINE,
    CEL_DISTURB_DROPPED,
    CEL_DISTURB_RESOLUTION,
    CEL_N_DISTURBANCES,
} CelDisturbanceKind;

/** CelDisturbanceSize: how far, and why so far. Fixed: a figure of stability says nothing unless
 * its sizes are the same everywhere. */
typedef struct {
    const char *id;
    double size;
    const char *unit, *reason;
} CelDisturbanceSize;

extern const CelDisturbanceSize cel_disturbance_sizes[CEL_N_DISTURBANCES];

/** CelDisturbInput: all borrowed while the copies are made. */
typedef struct {
    const CelSpectrum *raw;          /* seed and level of the noise */
    const CelSpectrum *const *bases; /* processed, one for each choice of the baseline, the recorded
                                        one first; all on the same samples */
    guint n_bases;                   /* 1..CEL_DISTURB_MAX_BASES */
    const GArray *peaks;             /* CelPeak of the first */
    const double *smoothing;         /* (nullable): what the recipe's smoothing makes of a single
                                        sample, 2 * @reach + 1 values: the noise takes it too */
    guint reach;
    double axis_u_cm1;     /* standard uncertainty of the axis; 0: 1 cm-1 */
    double resolution_cm1; /* of the instrument; 0: not known, then the narrowest strong band stands
                              for it, which is never sharper than the instrument */
} CelDisturbInput;

enum { CEL_DISTURB_MAX_BASES = 3 };

/** CelDisturbance: what was done to one copy. */
typedef struct {
    double shift_cm1;   /* added to the axis */
    guint base;         /* which baseline */
    int width;          /* -1: 20 % sharper than the references expect, 0, +1: broader */
    double dropped_cm1; /* band that was taken out; 0: none */
} CelDisturbance;

typedef struct CelDisturber CelDisturber;

/** cel_disturber_new: @input: its spectra must outlive the disturber. Returns: (transfer full). One
 * thread at a time. */
CelDisturber *cel_disturber_new(const CelDisturbInput *input);

/** cel_disturber_free: @disturber: (nullable) */
void cel_disturber_free(CelDisturber *disturber);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelDisturber, cel_disturber_free)

/** cel_disturber_sharper_by: Returns: full width in cm-1 by which references are to be broadened
 * where a copy is the sharper one (@width -1): nothing is ever sharpened (rule 1.6). */
double cel_disturber_sharper_by(const CelDisturber *disturber);

/** cel_disturber_next: @out: what was done. Returns: (transfer full) (nullable): next copy; NULL
 * when nothing is left of the signal. */
CelView *cel_disturber_next(CelDisturber *disturber, CelDisturbance *out);

G_END_DECLS
