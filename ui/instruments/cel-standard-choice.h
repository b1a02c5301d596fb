/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-standard.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_STANDARD_CHOICE (cel_standard_choice_get_type())
/** CelStandardChoice: which shift standard lies before the instrument, and what a good scan of it
 * looks like. */
G_DECLARE_FINAL_TYPE(CelStandardChoice, cel_standard_choice, CEL, STANDARD_CHOICE, GtkBox)

/** cel_standard_choice_get: Returns: (transfer none): the chosen one. */
const CelStandard *cel_standard_choice_get(CelStandardChoice *choice);

/** cel_standard_choice_add_row: puts @row (transfer floating) below the choice. */
void cel_standard_choice_add_row(CelStandardChoice *choice, GtkWidget *row);

G_END_DECLS
