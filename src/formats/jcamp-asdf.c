/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/jcamp-table.h"

#include <math.h>
#include <string.h>

/*
 * ASCII squeezed difference form, McDonald & Wilks 1988, section 5 and table VII. The leading digit
 * of a number is a letter that also tells what the number is:
 *   SQZ  @ 0, A..I +1..+9, a..i -1..-9   an ordinate
 *   DIF  % 0, J..R +1..+9, j..r -1..-9   a difference to the ordinate before
 *   DUP  S..Z 1..8, s 9                  how often the item before stands in all
 * AFFN and PAC are ordinates in plain digits. A line that ends in a difference is followed by one
 * whose first ordinate repeats the last one: the Y check.
 */

enum { LAST_NONE, LAST_VALUE, LAST_STEP, LAST_MISSING };

enum { MAX_DIGITS = 15 }; /* of a pseudo-digit number: exact in a double */

static const double EXACT = 9007199254740992.0; /* 2^53: above it sums of integers round */

/* The value of a pseudo-digit between @zero (or none: 0), @first (1) and on; FALSE: not one. */
static gboolean digit_in(char c, char zero, char plus, char minus, int *out_digit)
{
    if (zero != '\0' && c == zero)
        *out_digit = 0;
    else if (c >= plus && c < plus + 9)
        *out_digit = c - plus + 1;
    else if (c >= minus && c < minus + 9)
        *out_digit = minus - 1 - c;
    else
        return FALSE;
    return TRUE;
}

static gboolean is_dup(char c, int *out_digit)
{
    *out_digit = c == 's' ? 9 : c - 'S' + 1;
    return c == 's' || (c >= 'S' && c <= 'Z');
}

/* The rest of a number whose leading digit was @lead. */
static gboolean read_rest(CelJcampTable *table, const char **at, const char *end, int lead,
                          double *out_value)
{
    double size = lead < 0 ? -lead : lead;
    const char *start = *at;
    while (*at < end && **at >= '0' && **at <= '9')
        size = size * 10.0 + (*(*at)++ - '0');
    if (*at - start >= MAX_DIGITS || (*at < end && **at == '.'))
        return cel_jcamp_refuse(table, CEL_JCAMP_BAD_NUMBER, 0.0, size);
    *out_value = lead < 0 ? -size : size;
    return TRUE;
}

static gboolean take_value(CelJcampTable *table, double value)
{
    if (table->open_check) { /* it was not the last line: the data are damaged */
        table->remark = table->check;
        return FALSE;
    }
    const gboolean is_check = table->expect_check;
    table->expect_check = FALSE;
    table->last = LAST_VALUE;
    if (!is_check) {
        table->value = value;
        return cel_jcamp_push(table, NAN, value);
    }
    if (fabs(value - table->value) > 0.0) {
        table->open_check = TRUE;
        table->check = (CelJcampRemark){.code = CEL_JCAMP_Y_CHECK,
                                        .line = table->line,
                                        .expected = table->value,
                                        .found = value};
    }
    return TRUE;
}

static gboolean take_step(CelJcampTable *table, double step)
{
    if (table->open_check) {
        table->remark = table->check;
        return FALSE;
    }
    if (table->expect_check || (table->last != LAST_VALUE && table->last != LAST_STEP))
        return cel_jcamp_refuse(table, CEL_JCAMP_DIF_WITHOUT, 0.0, step);
    table->last = LAST_STEP;
    table->step = step;
    table->value += step;
    if (fabs(table->value) > EXACT)
        return cel_jcamp_refuse(table, CEL_JCAMP_BAD_NUMBER, 0.0, table->value);
    return cel_jcamp_push(table, NAN, table->value);
}

static gboolean take_missing(CelJcampTable *table)
{
    if (table->open_check) {
        table->remark = table->check;
        return FALSE;
    }
    table->expect_check = FALSE;
    table->last = LAST_MISSING;
    return cel_jcamp_push(table, NAN, NAN);
}

/* Each turn appends a point, so that cel_jcamp_push() ends a count that is too large. */
static gboolean repeat(CelJcampTable *table, double times)
{
    if (table->last == LAST_NONE || table->expect_check)
        return cel_jcamp_refuse(table, CEL_JCAMP_DUP_WITHOUT, 0.0, times);
    gboolean good = TRUE;
    for (double i = 1.0; good && i < times; i++) {
        good = table->last == LAST_STEP    ? take_step(table, table->step)
               : table->last == LAST_VALUE ? take_value(table, table->value)
                                           : take_missing(table);
    }
    return good;
}

static gboolean read_plain(CelJcampTable *table, const char **at, const char *end)
{
    double value = 0.0;
    const CelJcampCode code = cel_jcamp_affn(at, end, 'y', &value);
    if (code != CEL_JCAMP_OK)
        return cel_jcamp_refuse(table, code, 0.0, 0.0);
    return take_value(table, value);
}

static gboolean read_pseudo(CelJcampTable *table, const char **at, const char *end)
{
    int lead = 0;
    double value = 0.0;
    const char c = *(*at)++;
    const gboolean sqz = digit_in(c, '@', 'A', 'a', &lead);
    const gboolean dif = !sqz && digit_in(c, '%', 'J', 'j', &lead);
    if (!sqz && !dif && !is_dup(c, &lead))
        return cel_jcamp_refuse(table, CEL_JCAMP_BAD_CHARACTER, 0.0, (double)(guint8)c);
    table->compressed = TRUE;
    if (!read_rest(table, at, end, lead, &value))
        return FALSE;
    return sqz ? take_value(table, value) : dif ? take_step(table, value) : repeat(table, value);
}

static gboolean is_separator(char c)
{
    return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '\v' || c == '\f';
}

static gboolean starts_number(char c)
{
    return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/* One unit in the last digit of a plain number: what a writer may have rounded or cut off. */
static double last_place(CelJcampText number)
{
    const char *point = memchr(number.start, '.', number.length);
    const char *end = number.start + number.length;
    if (memchr(number.start, 'E', number.length) != NULL ||
        memchr(number.start, 'e', number.length) != NULL)
        return 0.0;
    return point != NULL ? pow(10.0, (double)(point + 1 - end)) : 1.0;
}

static void keep_worst(CelJcampTable *table, double x, double unit)
{
    const gsize index = table->n - (table->expect_check ? 1 : 0);
    const double want = table->x_first + table->x_step * (double)index;
    const double factor = table->x_factor, step = fabs(table->x_step);
    const double scaled = fabs(x * factor - want) / fmax(step, unit * fabs(factor));
    table->worst_plain = fmax(table->worst_plain, fabs(x - want) / fmax(step, unit));
    if (scaled <= table->worst)
        return;
    table->worst = scaled;
    table->worst_at = (CelJcampRemark){.code = CEL_JCAMP_X_CHECK,
                                       .line = table->line,
                                       .expected = want,
                                       .found = x * table->x_factor};
}

static gboolean read_abscissa(CelJcampTable *table, const char **at, const char *end)
{
    double x = 0.0;
    const char *start = *at;
    if (!starts_number(**at))
        return cel_jcamp_refuse(table, CEL_JCAMP_NO_X, 0.0, 0.0);
    const CelJcampCode code = cel_jcamp_affn(at, end, 'x', &x);
    if (code != CEL_JCAMP_OK)
        return cel_jcamp_refuse(table, code, 0.0, 0.0);
    if (!table->has_first_x)
        table->first_x = x;
    table->has_first_x = TRUE;
    if (table->has_axis)
        keep_worst(table, x, last_place((CelJcampText){start, (gsize)(*at - start)}));
    return TRUE;
}

static gboolean read_line(CelJcampTable *table, CelJcampText line)
{
    const char *at = line.start, *end = line.start + line.length;
    table->expect_check = table->last == LAST_STEP;
    if (!read_abscissa(table, &at, end))
        return FALSE;
    if (!table->expect_check)
        table->last = LAST_NONE; /* nothing is repeated or added to across lines */
    while (at < end) {
        gboolean good = TRUE;
        if (is_separator(*at))
            at++;
        else if (*at == '?' && ++at)
            good = take_missing(table);
        else if (starts_number(*at))
            good = read_plain(table, &at, end);
        else
            good = read_pseudo(table, &at, end);
        if (!good)
            return FALSE;
    }
    return TRUE;
}

gboolean cel_jcamp_read_lines(CelJcampTable *table)
{
    CelJcampText line;
    while (cel_jcamp_next_line(table, &line)) {
        if (table->open_check) {
            table->remark = table->check;
            return FALSE;
        }
        if (!read_line(table, line))
            return FALSE;
    }
    return TRUE;
}
