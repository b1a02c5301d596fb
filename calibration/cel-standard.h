/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-axis.h"

G_BEGIN_DECLS

/* Accepted values: one text file a standard in calibration/standards, compiled in; this is the one
 * table of them. Standards are never pooled as if they were equal. */

/** CelStandardKind: what a standard is good for. */
typedef enum {
    CEL_STANDARD_LAMP,      /* emission lines: wavelength */
    CEL_STANDARD_SHIFT,     /* bands of accepted Raman shift */
    CEL_STANDARD_INTENSITY, /* glass or lamp of certified spectral output */
    CEL_N_STANDARD_KINDS,
} CelStandardKind;

/** CelStandardLine: one accepted line or band. */
typedef struct {
    double value;       /* in the standard's unit */
    double u;           /* standard uncertainty (k = 1) of the accepted value; 0: not stated */
    double weight;      /* relative intensity, 1 the strongest; 0: not stated */
    gboolean for_check; /* strong and isolated enough for the daily check */
} CelStandardLine;

/** CelStandard: one accepted table; const, lives as long as the program. */
typedef struct {
    const char *id; /* "neon", "silicon", "polystyrene", ...: never renamed */
    const char *name_en, *name_zh;
    CelStandardKind kind;
    CelUnit unit;                 /* CEL_UNIT_NM_AIR for lamps, CEL_UNIT_SHIFT_CM1 */
    double u_default;             /* where a line's u is not stated, with the reason in @source */
    double celsius;               /* temperature the values hold for; NAN: not stated */
    const char *source;           /* document and how far it was seen */
    const CelStandardLine *lines; /* increasing value */
    gsize n_lines;
} CelStandard;

/** cel_standard_find: Returns: (nullable) (transfer none): the standard of that id. Thread-safe. */
const CelStandard *cel_standard_find(const char *id);

/** cel_standard_name: Returns: (transfer none): what the standard of that id is called; @id itself
 * for one that this program does not know. Thread-safe. */
const char *cel_standard_name(const char *id, gboolean chinese);

/** cel_standard_list: @out_n: how many. Returns: (transfer none): all, in order of kind and id. */
const CelStandard *const *cel_standard_list(gsize *out_n);

/**
 * cel_standard_u:
 * @line: one of @standard's lines
 * Returns: its standard uncertainty (k = 1) in the standard's unit: its own or the standard's
 *   default; never 0. Thread-safe: yes.
 */
double cel_standard_u(const CelStandard *standard, const CelStandardLine *line);

G_END_DECLS
