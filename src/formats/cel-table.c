/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-table-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MAX_KEY = 200, MAX_VALUE = 4000 };

/* A way to write numbers in columns; of equally good ones the first wins. */
typedef struct {
    char delimiter, decimal;
} Grammar;

static const Grammar grammars[] = {
    {'\t', '.'}, {';', '.'}, {',', '.'}, {' ', '.'},
    {'\t', ','}, {';', ','}, {' ', ','}, {',', ','}, /* the last: quoted cells only */
};

/* What one line is under one grammar. */
typedef struct {
    gsize cells; /* without one empty cell after a delimiter at the end */
    gsize numbers;
    gboolean gaps; /* empty cells between the others */
    gboolean all;  /* every cell that is not empty is a number */
    gboolean points, quoted;
} Row;

gboolean cel_table_next_cell(const char **at, const char *end, char delimiter, CelCell *out)
{
    const char *p = *at;
    if (p == NULL)
        return FALSE;
    while (p < end && (*p == ' ' || (*p == '\t' && delimiter != '\t')))
        p++;
    const gboolean quoted =
        p < end && *p == '"' && memchr(p + 1, '"', (gsize)(end - p - 1)) != NULL;
    const char *start = p;
    if (quoted)
        p = (const char *)memchr(p + 1, '"', (gsize)(end - p - 1)) + 1;
    while (p < end && *p != delimiter && !(delimiter == ' ' && *p == '\t'))
        p++;
    *at = p < end ? p + 1 : NULL;
    if (delimiter == ' ') { /* runs of blanks are one delimiter, at the end none */
        while (*at != NULL && *at < end && (**at == ' ' || **at == '\t'))
            ++*at;
        if (*at == end)
            *at = NULL;
    }
    while (p > start && (p[-1] == ' ' || p[-1] == '\t'))
        p--;
    if (quoted && p - start >= 2 && p[-1] == '"') {
        start++;
        p--;
    }
    *out = (CelCell){start, (gsize)(p - start)};
    return TRUE;
}

gboolean cel_cell_is_gap(const CelCell *cell)
{
    return cell->length == 0 || (cell->length == 2 && memcmp(cell->start, "NA", 2) == 0) ||
           (cell->length == 3 && memcmp(cell->start, "N/A", 3) == 0);
}

/* Blanks in a line with tabs between its cells stand within a cell ("30 067"). */
static gboolean tabs_divide(const CelLine *line)
{
    const char *start = line->start, *end = start + line->length;
    while (start < end && g_ascii_isspace(*start))
        start++;
    while (end > start && g_ascii_isspace(end[-1]))
        end--;
    return memchr(start, '\t', (gsize)(end - start)) != NULL;
}

static Row look_at(const CelLine *line, Grammar grammar)
{
    Row row = {.all = TRUE};
    if (grammar.delimiter == ' ' && tabs_divide(line)) {
        row.all = FALSE;
        return row;
    }
    const char *at = line->start, *end = line->start + line->length;
    CelCell cell;
    double value = 0.0;
    while (row.all && cel_table_next_cell(&at, end, grammar.delimiter, &cell)) {
        if (cell.length == 0 && at == NULL && row.cells > 0)
            break;
        row.cells++;
        if (cel_cell_is_gap(&cell)) {
            row.gaps = TRUE;
        } else if (cel_text_number(cell.start, cell.length, grammar.decimal, &value)) {
            row.numbers++;
            row.points |= memchr(cell.start, '.', cell.length) != NULL;
            row.quoted |= cell.start > line->start && cell.start[-1] == '"';
        } else {
            row.all = FALSE;
        }
    }
    if (grammar.delimiter == ',' && grammar.decimal == ',' && !row.quoted)
        row.all = FALSE;
    return row;
}

gboolean cel_line_is_blank(const CelLine *line)
{
    for (gsize i = 0; i < line->length; i++) {
        if (!g_ascii_isspace(line->start[i]) && line->start[i] != 0x1a)
            return FALSE;
    }
    return TRUE;
}

gboolean cel_line_is_comment(const CelLine *line)
{
    return line->length > 0 && line->start[0] == '#';
}

/* --- which grammar -----------------------------------------------------------------------------
 */

typedef struct {
    gsize score[G_N_ELEMENTS(grammars)];
    gsize rows[G_N_ELEMENTS(grammars)];
    gsize singles[G_N_ELEMENTS(grammars)];
    gboolean points; /* a row under { ',', '.' } has a decimal point */
    guint64 lines;
} Vote;

static void vote_line(Vote *vote, const CelLine *line)
{
    for (gsize g = 0; g < G_N_ELEMENTS(grammars); g++) {
        const Row row = look_at(line, grammars[g]);
        if (!row.all || row.numbers == 0)
            continue;
        vote->singles[g] += row.cells == 1;
        if (row.numbers < 2)
            continue;
        vote->rows[g]++;
        vote->score[g] += row.gaps ? 1 : 2;
        vote->points |= grammars[g].delimiter == ',' && row.points;
    }
}

static gboolean vote_all(CelText *text, Vote *vote, GError **error)
{
    GError *local = NULL;
    CelLine line;
    cel_text_rewind(text);
    while (vote->lines < 2 * CEL_TABLE_MAX_HEADER && cel_text_next(text, &line, &local)) {
        vote->lines++;
        if (!cel_line_is_comment(&line) && !cel_line_is_blank(&line))
            vote_line(vote, &line);
    }
    cel_text_rewind(text);
    if (local != NULL)
        g_propagate_error(error, local);
    return local == NULL;
}

static gsize best_of(const gsize *score)
{
    gsize best = 0;
    for (gsize g = 1; g < G_N_ELEMENTS(grammars); g++) {
        if (score[g] > score[best])
            best = g;
    }
    return best;
}

static gboolean choose_grammar(CelTable *table, GError **error)
{
    Vote vote = {0};
    if (!vote_all(table->text, &vote, error))
        return FALSE;
    const gsize columns = best_of(vote.score), single = best_of(vote.singles);
    const gboolean one = vote.rows[columns] == 0 || vote.singles[single] > vote.rows[columns];
    const gsize chosen = one ? single : columns;
    if ((one ? vote.singles : vote.rows)[chosen] == 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: lines 1 to %" G_GUINT64_FORMAT
                      " hold no columns of numbers: this is not "
                      "a text spectrum; export position and intensity as two columns"),
                    cel_text_name(table->text), vote.lines);
        return FALSE;
    }
    table->delimiter = grammars[chosen].delimiter;
    table->decimal = grammars[chosen].decimal;
    /* "500,1,1200,5": either four whole numbers or two with decimal commas. */
    table->n_columns = one ? 1 : 0;
    if (!one && table->delimiter == ',' && table->decimal == '.' && !vote.points)
        table->delimiter = 0;
    return TRUE;
}

/* --- the header --------------------------------------------------------------------------------
 */

static void header_line_free(gpointer data)
{
    CelHeaderLine *line = data;
    g_free(line->key);
    g_free(line->value);
    g_free(line);
}

static char *strip_copy(const char *start, const char *end, gsize most)
{
    while (start < end && (g_ascii_isspace(*start) || *start == '"'))
        start++;
    while (end > start && (g_ascii_isspace(end[-1]) || end[-1] == '"'))
        end--;
    char *copy = g_strndup(start, MIN((gsize)(end - start), most));
    const char *valid = NULL; /* a cut may have gone through a character */
    if (!g_utf8_validate(copy, -1, &valid))
        copy[valid - copy] = '\0';
    return copy;
}

static const char wide_colon[] = "\xef\xbc\x9a"; /* as Chinese programs write it */

/* Not those of a time (12:30), a path (C:\) or an address (http://). */
static gboolean is_colon(const char *p, const char *start, const char *end)
{
    if (*p != ':' || p + 1 == end || p[1] == ' ' || p[1] == '\t')
        return *p == ':';
    return p > start && !g_ascii_isdigit(p[-1]) && strchr("\\/:", p[1]) == NULL;
}

/* The sign between key and value: the first of "=", ":", tab, ";", "," that stands in the line.
 * @out_value: where the value begins. */
static const char *find_separator(const char *start, const char *end, const char **out_value)
{
    const gsize wide = strlen(wide_colon);
    for (const char *p = start; p < end; p++) {
        const gboolean is_wide = (gsize)(end - p) >= wide && memcmp(p, wide_colon, wide) == 0;
        if (!is_wide && strchr("=\t;,", *p) == NULL && !is_colon(p, start, end))
            continue;
        *out_value = p + (is_wide ? wide : 1);
        return p;
    }
    *out_value = start;
    return NULL;
}

static const char *skip(const char *p, const char *end, const char *these)
{
    while (p < end && *p != '\0' && strchr(these, *p) != NULL)
        p++;
    return p;
}

static gboolean starts(const char *p, const char *end, const char *word)
{
    const gsize n = strlen(word);
    return (gsize)(end - p) >= n && g_ascii_strncasecmp(p, word, n) == 0;
}

/* Other programs quote, indent and rewrite a mark; whatever does not say "no" counts as it, since
 * data wrongly taken as simulated do less harm than simulated data taken as evidence. */
gboolean cel_line_is_simulated(const CelLine *line)
{
    static const char *const marks[] = {"simulated", "模拟数据"};
    static const char *const denials[] = {"no", "false", "0", "否"};
    const char *end = line->start + line->length;
    const char *p = skip(line->start, end, "#%$/;!\"' \t");
    gsize length = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        length = starts(p, end, marks[i]) ? strlen(marks[i]) : length;
    if (length == 0)
        return FALSE;
    p += length;
    if (p < end && (g_ascii_isalnum(*p) || *p == '_'))
        return FALSE; /* a longer word */
    p = skip(p, end, " :=,;\t\"'");
    p = starts(p, end, ":") ? p + strlen(":") : p;
    p = skip(p, end, " \t\"'");
    for (gsize i = 0; i < G_N_ELEMENTS(denials); i++)
        if (starts(p, end, denials[i]))
            return FALSE;
    return TRUE;
}

/* Keeps @line in the header, taken apart; a comment without content is none. */
static void take_header(CelTable *table, const CelLine *line)
{
    const char *p = line->start, *end = p + line->length;
    table->simulated |= cel_line_is_simulated(line);
    while (p < end && (*p == '#' || *p == '%' || *p == '$' || g_ascii_isspace(*p)))
        p++;
    if (p == end)
        return;
    const char *value = p, *separator = find_separator(p, end, &value);
    CelHeaderLine *entry = g_new0(CelHeaderLine, 1);
    entry->line = line->number;
    entry->key = separator != NULL ? strip_copy(p, separator, MAX_KEY) : g_strdup("");
    while (separator != NULL && value < end && (*value == '=' || *value == ':'))
        value++;
    entry->value = strip_copy(value, end, MAX_VALUE);
    g_ptr_array_add(table->header, entry);
    g_free(table->last_text);
    table->last_text = g_strndup(line->start, line->length);
}

/* The cells of the line right above the numbers, when there are as many as columns. */
static char **split_titles(const CelTable *table, const char *line)
{
    g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func(g_free);
    while (*line == '#' || *line == '%' || *line == ' ')
        line++;
    const char *at = line, *end = line + strlen(line);
    CelCell cell;
    while (cel_table_next_cell(&at, end, table->delimiter, &cell)) {
        char *title = strip_copy(cell.start, cell.start + cell.length, MAX_KEY);
        if (*title == '#')
            memmove(title, title + 1, strlen(title));
        if (*title == '\0')
            g_free(title); /* doubled tabs */
        else
            g_ptr_array_add(titles, title);
    }
    if (titles->len != table->n_columns)
        return NULL;
    g_ptr_array_add(titles, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&titles), FALSE);
}

/* Is @line the first of the numbers? Sets .n_columns. */
static gboolean is_first(CelTable *table, const CelLine *line, Row *out)
{
    const char delimiter = table->delimiter != 0 ? table->delimiter : ',';
    *out = look_at(line, (Grammar){delimiter, table->decimal});
    const gboolean one = table->n_columns == 1;
    return out->all && (one ? out->cells == 1 && out->numbers == 1 : out->numbers >= 2);
}

static gboolean check_columns(CelTable *table, GError **error)
{
    const gboolean titled = table->titles != NULL;
    if (table->n_columns > CEL_TABLE_MAX_COLUMNS) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: line %" G_GUINT64_FORMAT " has more than %d columns"),
                    cel_text_name(table->text), table->first.number, CEL_TABLE_MAX_COLUMNS);
        return FALSE;
    }
    if (table->delimiter == 0 && table->n_columns % 2 == 0 && table->n_columns > 2 && !titled) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: line %" G_GUINT64_FORMAT ": it cannot be told whether the commas divide "
                      "columns or are decimal commas; export with decimal points or with \";\" "
                      "between the columns"),
                    cel_text_name(table->text), table->first.number);
        return FALSE;
    }
    if (table->delimiter == 0)
        table->delimiter = ',';
    return TRUE;
}

/* A line that is numbers but for some text was no header: to leave it out unseen would lose a
 * point. Dates ("12 Jan 2022") begin with a number too. */
static gboolean looks_spoilt(const CelTable *table, const char *line)
{
    const char *at = line, *end = line + strlen(line);
    const char delimiter = table->delimiter != 0 ? table->delimiter : ',';
    gsize cells = 0, leading = 0;
    double value = 0.0;
    CelCell cell;
    for (; cel_table_next_cell(&at, end, delimiter, &cell); cells++)
        leading +=
            leading == cells && cel_text_number(cell.start, cell.length, table->decimal, &value);
    return *line != '#' &&
           (leading >= 2 || (leading == 1 && cells == table->n_columns && cells > 1));
}

static gboolean check_last_header(const CelTable *table, GError **error)
{
    if (table->header->len == 0)
        return TRUE;
    const CelHeaderLine *last = g_ptr_array_index(table->header, table->header->len - 1);
    if (!looks_spoilt(table, table->last_text))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: line %" G_GUINT64_FORMAT ": text stands among the numbers; correct or leave "
                  "out this line"),
                cel_text_name(table->text), last->line);
    return FALSE;
}

static gboolean read_head(CelTable *table, GError **error)
{
    CelLine line = {0};
    Row row = {0};
    gboolean found = FALSE;
    while (!found && table->header->len < CEL_TABLE_MAX_HEADER &&
           cel_text_next(table->text, &line, NULL)) {
        if (cel_line_is_blank(&line))
            continue;
        found = !cel_line_is_comment(&line) && is_first(table, &line, &row);
        if (found)
            break;
        take_header(table, &line);
    }
    if (!found) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: no numbers in the first %u lines of header (up to line "
                      "%" G_GUINT64_FORMAT "): this is not a text spectrum"),
                    cel_text_name(table->text), table->header->len, line.number);
        return FALSE;
    }
    table->first = line;
    table->n_columns = row.cells;
    const char delimiter = table->delimiter;
    table->delimiter = delimiter != 0 ? delimiter : ',';
    if (table->last_text != NULL)
        table->titles = split_titles(table, table->last_text);
    table->delimiter = delimiter;
    return check_last_header(table, error) && check_columns(table, error);
}

CelTable *cel_table_open(CelText *text, GError **error)
{
    g_autoptr(CelTable) table = g_new0(CelTable, 1);
    table->text = text;
    table->header = g_ptr_array_new_with_free_func(header_line_free);
    if (!choose_grammar(table, error) || !read_head(table, error))
        return NULL;
    return g_steal_pointer(&table);
}

void cel_table_free(CelTable *table)
{
    if (table == NULL)
        return;
    cel_text_free(table->text);
    g_ptr_array_unref(table->header);
    g_strfreev(table->titles);
    g_free(table->last_text);
    g_free(table);
}

const char *cel_table_value(const CelTable *table, const char *key)
{
    for (guint i = 0; i < table->header->len; i++) {
        const CelHeaderLine *entry = g_ptr_array_index(table->header, i);
        if (g_str_equal(entry->key, key))
            return entry->value;
    }
    return NULL;
}
