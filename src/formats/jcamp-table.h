/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/jcamp.h"

G_BEGIN_DECLS

/** CelJcampTable: the lines of one table on their way to numbers. Inputs are filled by the caller,
 * the rest starts as zero. "?" stands as NAN in .y; only those at the ends are accepted. */
typedef struct {
    const char *at, *end; /* behind the line of the variable list */
    guint64 line;         /* of .at */
    gsize max;            /* most points */
    double x_factor, y_factor;
    gboolean has_axis; /* .x_first and .x_step are known: abscissas of lines are checked */
    double x_first, x_step;

    double *x, *y; /* (transfer full): .x only of pairs */
    gsize n, capacity;
    gsize n_lead;      /* "?" before the first value */
    gsize n_tail;      /* "?" since the last value */
    guint64 tail_line; /* of the first of those */
    double first_x;    /* of the first line, not scaled */
    gboolean has_first_x;
    double worst, worst_plain; /* largest deviation of a line's abscissa, in steps or units of its
                                  last digit, whichever is larger; the second one without XFACTOR */
    CelJcampRemark worst_at;   /* where, as a remark */
    gboolean compressed;
    gboolean open_check; /* .check is a Y check that failed and was the last thing in the table */
    CelJcampRemark check;
    CelJcampRemark remark; /* why it was refused */

    double value, step; /* last ordinate and difference, before YFACTOR */
    int last;           /* what the last token was */
    gboolean expect_check;
} CelJcampTable;

/** cel_jcamp_read_lines: reads "(X++(Y..Y))": AFFN, PAC, SQZ, DIF, DUP and their mixtures.
 * Returns: FALSE with the reason in .remark. */
gboolean cel_jcamp_read_lines(CelJcampTable *table);

/** cel_jcamp_read_pairs: reads "(XY..XY)", which is AFFN only. Returns: FALSE with the reason in
 * .remark. */
gboolean cel_jcamp_read_pairs(CelJcampTable *table);

/** cel_jcamp_refuse: fills .remark with @code and the line reached. Returns: FALSE. */
gboolean cel_jcamp_refuse(CelJcampTable *table, CelJcampCode code, double expected, double found);

/** cel_jcamp_push: appends a point; @y is not yet scaled, NAN for "?". Returns: FALSE with the
 * reason in .remark. */
gboolean cel_jcamp_push(CelJcampTable *table, double x, double y);

/** cel_jcamp_next_line: cuts the next line without comment and blanks at its start; blank lines
 * are stepped over. Returns: FALSE at the end. */
gboolean cel_jcamp_next_line(CelJcampTable *table, CelJcampText *out);

/**
 * cel_jcamp_affn:
 * @at: (inout): start of a number, moved behind it
 * @where: 'x': the abscissa of a line, 'y': an ordinate among compressed ones, 'p': of a pair
 * "E" begins an exponent when a sign follows. Without a sign it is one in a pair and a pseudo-digit
 * after an abscissa; in an ordinate it could be either and is refused.
 * Returns: CEL_JCAMP_OK, _BAD_NUMBER or _EXPONENT.
 */
CelJcampCode cel_jcamp_affn(const char **at, const char *end, char where, double *out_value);

G_END_DECLS
