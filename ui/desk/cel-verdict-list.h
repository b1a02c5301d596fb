/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-verdict.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** cel_verdict_list_fill: the separate lines of a verification into @list, which is emptied first:
 * sign, what is asked, the state's word, and the whole sentence. @lines: (element-type
 * CelVerdictLine). */
void cel_verdict_list_fill(GtkListBox *list, const GPtrArray *lines);

/** cel_verdict_list_replace: puts @line in the place of the row with its id, else at the end. */
void cel_verdict_list_replace(GtkListBox *list, const CelVerdictLine *line);

G_END_DECLS
