/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/jcamp-table.h"

#include "formats/cel-text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What tables of lines and of pairs have in common: lines, plain numbers, the growing arrays. */

gboolean cel_jcamp_refuse(CelJcampTable *table, CelJcampCode code, double expected, double found)
{
    table->remark =
        (CelJcampRemark){.code = code, .line = table->line, .expected = expected, .found = found};
    return FALSE;
}

static gboolean is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == 0x1a;
}

/* @table->line is that of the line cut last, so it is raised before the next one. */
gboolean cel_jcamp_next_line(CelJcampTable *table, CelJcampText *out)
{
    while (table->at < table->end) {
        const char *start = table->at, *p = start, *comment = NULL;
        for (; p < table->end && *p != '\n' && *p != '\r'; p++) {
            if (comment == NULL && *p == '$' && p + 1 < table->end && p[1] == '$')
                comment = p;
        }
        const char *stop = comment != NULL ? comment : p;
        if (p + 1 < table->end && p[0] == '\r' && p[1] == '\n')
            p++;
        table->at = p < table->end ? p + 1 : p;
        table->line++;
        while (start < stop && is_space(*start))
            start++;
        while (stop > start && is_space(stop[-1]))
            stop--;
        if (stop > start) {
            *out = (CelJcampText){start, (gsize)(stop - start)};
            return TRUE;
        }
    }
    return FALSE;
}

static const char *skip_digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

static gboolean is_sign(char c)
{
    return c == '+' || c == '-';
}

CelJcampCode cel_jcamp_affn(const char **at, const char *end, char where, double *out_value)
{
    const char *start = *at, *p = start;
    if (p < end && is_sign(*p))
        p++;
    p = skip_digits(p, end);
    if (p < end && *p == '.')
        p = skip_digits(p + 1, end);
    if (p + 1 < end && (*p == 'E' || *p == 'e')) {
        const gboolean has_sign = is_sign(p[1]);
        const char *digits = p + 1 + (has_sign ? 1 : 0), *stop = skip_digits(digits, end);
        if (stop > digits && !has_sign && where == 'y')
            return CEL_JCAMP_EXPONENT;
        if (stop > digits && (has_sign || where == 'p'))
            p = stop;
    }
    *at = p;
    if (p < end && *p == '.') /* "1.2.3" */
        return CEL_JCAMP_BAD_NUMBER;
    if (!cel_text_number(start, (gsize)(p - start), '.', out_value) || !isfinite(*out_value))
        return CEL_JCAMP_BAD_NUMBER;
    return CEL_JCAMP_OK;
}

static gboolean grow(CelJcampTable *table, gboolean pairs)
{
    const gsize wanted = MIN(table->max, table->capacity == 0 ? 256 : table->capacity * 2);
    double *y = realloc(table->y, wanted * sizeof *y);
    if (y == NULL)
        return cel_jcamp_refuse(table, CEL_JCAMP_NO_MEMORY, 0.0, 0.0);
    table->y = y;
    double *x = pairs ? realloc(table->x, wanted * sizeof *x) : NULL;
    if (pairs && x == NULL)
        return cel_jcamp_refuse(table, CEL_JCAMP_NO_MEMORY, 0.0, 0.0);
    table->x = x;
    table->capacity = wanted;
    return TRUE;
}

static gboolean count_missing(CelJcampTable *table, gboolean missing)
{
    if (missing) {
        if (table->n == table->n_lead)
            table->n_lead++;
        else if (table->n_tail++ == 0)
            table->tail_line = table->line;
        return TRUE;
    }
    if (table->n_tail == 0)
        return TRUE;
    table->line = table->tail_line;
    return cel_jcamp_refuse(table, CEL_JCAMP_MISSING_INSIDE, 0.0, 0.0);
}

gboolean cel_jcamp_push(CelJcampTable *table, double x, double y)
{
    const double scaled = y * table->y_factor;
    if (!count_missing(table, isnan(y)))
        return FALSE;
    if (!isnan(y) && !isfinite(scaled))
        return cel_jcamp_refuse(table, CEL_JCAMP_BAD_NUMBER, 0.0, y);
    if (table->n == table->max)
        return cel_jcamp_refuse(table, CEL_JCAMP_TOO_MANY, (double)table->max, 0.0);
    if (table->n == table->capacity && !grow(table, table->x != NULL || !isnan(x)))
        return FALSE;
    if (table->x != NULL)
        table->x[table->n] = x;
    table->y[table->n++] = scaled;
    return TRUE;
}

/* --- pairs -------------------------------------------------------------------------------------
 */

typedef struct {
    double x;
    gboolean has_x;
} Pair;

static gboolean read_pair_item(CelJcampTable *table, Pair *pair, const char **at, const char *end)
{
    double value = NAN;
    const gboolean missing = **at == '?';
    if (missing)
        ++*at;
    const CelJcampCode code = missing ? CEL_JCAMP_OK : cel_jcamp_affn(at, end, 'p', &value);
    if (code != CEL_JCAMP_OK)
        return cel_jcamp_refuse(table, code, 0.0, 0.0);
    if (pair->has_x) {
        pair->has_x = FALSE;
        return cel_jcamp_push(table, pair->x, value);
    }
    pair->has_x = TRUE;
    pair->x = value * table->x_factor;
    return isfinite(pair->x) || cel_jcamp_refuse(table, CEL_JCAMP_NO_X, 0.0, 0.0);
}

static gboolean read_pair_line(CelJcampTable *table, CelJcampText line)
{
    Pair pair = {0};
    const char *at = line.start, *end = line.start + line.length;
    while (at < end) {
        if (*at == ';' && pair.has_x)
            return cel_jcamp_refuse(table, CEL_JCAMP_NO_X, 0.0, 0.0);
        if (is_space(*at) || *at == ',' || *at == ';') {
            at++;
            continue;
        }
        if (*at != '?' && *at != '.' && !is_sign(*at) && !g_ascii_isdigit(*at))
            return cel_jcamp_refuse(table, CEL_JCAMP_BAD_CHARACTER, 0.0, (double)(guint8)*at);
        if (!read_pair_item(table, &pair, &at, end))
            return FALSE;
    }
    return !pair.has_x || cel_jcamp_refuse(table, CEL_JCAMP_NO_X, 0.0, 0.0);
}

gboolean cel_jcamp_read_pairs(CelJcampTable *table)
{
    CelJcampText line;
    while (cel_jcamp_next_line(table, &line)) {
        if (!read_pair_line(table, line))
            return FALSE;
    }
    return TRUE;
}
