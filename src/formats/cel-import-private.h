/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/cel-import.h"
#include "formats/cel-words.h"

G_BEGIN_DECLS

/** CelPlan: which columns are read as what. */
typedef struct {
    gsize axis, y;
    gssize dark, deviation, mask; /* -1: none */
    CelUnit unit;
    gsize n_likely;  /* columns that might as well be the intensity as .y */
    gboolean single; /* one column of intensities, on pixels */
    gboolean guess;  /* nothing says the unit: decide by the range of the numbers */
    gboolean guessed;
    gboolean overruled;         /* the person's unit is not the file's */
    gboolean absolute_possible; /* "wavenumber", not "Raman shift" */
} CelPlan;

/** cel_import_word: what the title of @column says; UNKNOWN without titles. */
CelWord cel_import_word(const CelImport *import, gsize column);

/** cel_import_choose_axis: fills .axis, .unit and .guess of @plan. Returns: FALSE with
 * CEL_ERROR_UNIT (nm and cm-1 both stated, or a unit that is none of ours), CEL_ERROR_INPUT (the
 * axis of another kind of measurement) or CEL_ERROR_USAGE (no such unit). */
gboolean cel_import_choose_axis(const CelImport *import, CelPlan *plan, GError **error);

/** cel_import_settle_unit: guesses a missing unit from the axis that was read, where only one is
 * possible, and refuses numbers that cannot be of the stated unit. Returns: FALSE with
 * CEL_ERROR_UNIT. */
gboolean cel_import_settle_unit(const CelImport *import, CelPlan *plan, const CelColumns *columns,
                                GError **error);

/** cel_import_note: header, guesses and settings into the notes and fields of @measurement. */
void cel_import_note(const CelImport *import, const CelPlan *plan, const CelColumns *columns,
                     CelMeasurement *measurement);

G_END_DECLS
