/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "help/cel-help-text.h"

#include <string.h>

/* ---- within a line ---- */

/** Inline: markup and plain text as they grow. */
typedef struct {
    GString *markup, *plain;
} Inline;

static void add_text(Inline *out, const char *text, gsize n)
{
    g_autofree char *escaped = g_markup_escape_text(text, (gssize)n);
    g_string_append(out->markup, escaped);
    g_string_append_len(out->plain, text, (gssize)n);
}

/* "**strong**" or "`key`". Returns: where it ends, or NULL when it is none. */
static const char *add_marked(Inline *out, const char *at, const char *mark, const char *tag)
{
    if (!g_str_has_prefix(at, mark))
        return NULL;
    const char *start = at + strlen(mark), *end = strstr(start, mark);
    if (end == NULL)
        return NULL;
    g_string_append_printf(out->markup, "<%s>", tag);
    add_text(out, start, (gsize)(end - start));
    g_string_append_printf(out->markup, "</%s>", tag);
    return end + strlen(mark);
}

/* "[words](page)". Returns: where it ends, or NULL when it is none. */
static const char *add_link(Inline *out, const char *at)
{
    const char *middle = *at == '[' ? strstr(at, "](") : NULL;
    const char *end = middle != NULL ? strchr(middle, ')') : NULL;
    if (end == NULL)
        return NULL;
    g_autofree char *page = g_strndup(middle + 2, (gsize)(end - middle - 2));
    g_autofree char *escaped = g_markup_escape_text(page, -1);
    g_string_append_printf(out->markup, "<a href=\"%s\">", escaped);
    add_text(out, at + 1, (gsize)(middle - at - 1));
    g_string_append(out->markup, "</a>");
    return end + 1;
}

static void add_line(Inline *out, const char *text)
{
    while (*text != '\0') {
        const char *after = add_marked(out, text, "**", "b");
        if (after == NULL)
            after = add_marked(out, text, "`", "tt");
        if (after == NULL)
            after = add_link(out, text);
        if (after == NULL) {
            after = g_utf8_next_char(text);
            add_text(out, text, (gsize)(after - text));
        }
        text = after;
    }
}

/* ---- blocks ---- */

static void block_free(gpointer data)
{
    CelHelpBlock *block = data;
    g_free(block->markup);
    g_free(block->plain);
    g_free(block->file);
    g_free(block);
}

/** Mark: what a block begins with. */
static const struct {
    const char *mark;
    CelHelpKind kind;
} marks[] = {
    {"# ", CEL_HELP_TITLE},
    {"## ", CEL_HELP_HEADING},
    {"- ", CEL_HELP_ITEM},
    {"> ", CEL_HELP_NOTE},
};

/* "1. " with any number. Returns: how long that is, or 0. */
static gsize step_mark(const char *line)
{
    gsize n = 0;
    while (g_ascii_isdigit(line[n]))
        n++;
    return n > 0 && line[n] == '.' && line[n + 1] == ' ' ? n + 2 : 0;
}

static CelHelpKind kind_of(const char *line, gsize *out_skip)
{
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        *out_skip = strlen(marks[i].mark);
        if (g_str_has_prefix(line, marks[i].mark))
            return marks[i].kind;
    }
    *out_skip = step_mark(line);
    if (*out_skip > 0)
        return CEL_HELP_STEP;
    return g_str_has_prefix(line, "![") ? CEL_HELP_PICTURE : CEL_HELP_PARAGRAPH;
}

static CelHelpBlock *picture(const char *line)
{
    const char *middle = strstr(line, "](");
    const char *end = middle != NULL ? strchr(middle, ')') : NULL;
    if (end == NULL)
        return NULL;
    CelHelpBlock *block = g_new0(CelHelpBlock, 1);
    block->kind = CEL_HELP_PICTURE;
    block->plain = g_strndup(line + 2, (gsize)(middle - line - 2));
    block->markup = g_markup_escape_text(block->plain, -1);
    block->file = g_strndup(middle + 2, (gsize)(end - middle - 2));
    return block;
}

/* Chinese has no blank where a line was broken. */
static gboolean joins_without_blank(const char *before, const char *after)
{
    const char *last = g_utf8_find_prev_char(before, before + strlen(before));
    return last != NULL &&
           (g_unichar_iswide(g_utf8_get_char(last)) || g_unichar_iswide(g_utf8_get_char(after)));
}

/** Parser: the block that grows, until an empty line or the next mark. */
typedef struct {
    GPtrArray *blocks;
    GString *text;
    CelHelpKind kind;
    guint n_steps;
} Parser;

static void finish(Parser *p)
{
    if (p->text->len == 0)
        return;
    Inline out = {g_string_new(NULL), g_string_new(NULL)};
    add_line(&out, p->text->str);
    CelHelpBlock *block = g_new0(CelHelpBlock, 1);
    block->kind = p->kind;
    p->n_steps = p->kind == CEL_HELP_STEP ? p->n_steps + 1 : 0;
    block->number = p->n_steps;
    block->markup = g_string_free(out.markup, FALSE);
    block->plain = g_string_free(out.plain, FALSE);
    g_ptr_array_add(p->blocks, block);
    g_string_truncate(p->text, 0);
}

static void take_line(Parser *p, char *line)
{
    gsize skip = 0;
    g_strstrip(line);
    const CelHelpKind kind = kind_of(line, &skip);
    if (*line == '\0' || kind != CEL_HELP_PARAGRAPH)
        finish(p);
    CelHelpBlock *shown = kind == CEL_HELP_PICTURE ? picture(line) : NULL;
    if (shown != NULL)
        g_ptr_array_add(p->blocks, shown);
    if (*line == '\0' || shown != NULL)
        return;
    if (p->text->len == 0)
        p->kind = kind == CEL_HELP_PICTURE ? CEL_HELP_PARAGRAPH : kind;
    else if (!joins_without_blank(p->text->str, line))
        g_string_append_c(p->text, ' ');
    g_string_append(p->text, line + skip);
}

GPtrArray *cel_help_text_parse(const char *text)
{
    Parser p = {.blocks = g_ptr_array_new_with_free_func(block_free), .text = g_string_new(NULL)};
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++)
        take_line(&p, *line);
    finish(&p);
    g_string_free(p.text, TRUE);
    return p.blocks;
}

gboolean cel_help_text_matches(const char *text, const char *query)
{
    g_autofree char *in = g_utf8_casefold(text, -1), *for_what = g_utf8_casefold(query, -1);
    g_auto(GStrv) words = g_strsplit(for_what, " ", -1);
    for (char **word = words; *word != NULL; word++)
        if (strstr(in, *word) == NULL)
            return FALSE;
    return TRUE;
}
