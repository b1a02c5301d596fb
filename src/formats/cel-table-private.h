/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/cel-table.h"

G_BEGIN_DECLS

/** CelCell: one cell of a line, blanks and quotes around it taken off. */
typedef struct {
    const char *start;
    gsize length;
} CelCell;

/** cel_table_next_cell: takes the next cell from @at (moved on) up to @end. Returns: FALSE when
 * there is none left. A delimiter at the very end gives one more, empty cell. */
gboolean cel_table_next_cell(const char **at, const char *end, char delimiter, CelCell *out);

/** cel_cell_is_gap: nothing, "NA" or "N/A": no value was measured there. */
gboolean cel_cell_is_gap(const CelCell *cell);

/** cel_line_is_blank: nothing but blanks (or the end-of-file mark of DOS). */
gboolean cel_line_is_blank(const CelLine *line);

/** cel_line_is_comment: the first character is '#'. */
gboolean cel_line_is_comment(const CelLine *line);

/** cel_line_is_simulated: a comment "# simulated: yes". */
gboolean cel_line_is_simulated(const CelLine *line);

G_END_DECLS
