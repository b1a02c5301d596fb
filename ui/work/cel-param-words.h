/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-param.h"

G_BEGIN_DECLS

/* Files hold short words for choices and units; people read these instead. */

/** cel_param_choice_words: Returns: (transfer none): translated words for the choice @word; the
 * word itself when there are none. */
const char *cel_param_choice_words(const char *word);

/** cel_param_unit_words: Returns: (transfer none): the unit as it is shown, translated; "" for pure
 * numbers. */
const char *cel_param_unit_words(const char *unit);

/** cel_param_knows: Returns: whether choice or unit @word has words of its own. */
gboolean cel_param_knows(const char *word);

G_END_DECLS
