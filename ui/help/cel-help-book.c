/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "help/cel-help-book.h"

#include <gio/gio.h>
#include <string.h>

enum { EXCERPT_BEFORE = 12, EXCERPT_CHARS = 60 };

static const CelHelpDef defs[] = {
#define CEL_HELP(id, on) {id, on},
#include "cel-help-pages.def"
#undef CEL_HELP
};

const CelHelpDef *cel_help_defs(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(defs);
    return defs;
}

const CelHelpDef *cel_help_for(const char *window_page)
{
    for (gsize i = 0; window_page != NULL && i < G_N_ELEMENTS(defs); i++) {
        g_auto(GStrv) on = g_strsplit(defs[i].on, " ", -1);
        if (g_strv_contains((const char *const *)on, window_page))
            return &defs[i];
    }
    return &defs[0];
}

static void page_free(gpointer data)
{
    CelHelpPage *page = data;
    g_free(page->title);
    g_free(page->plain);
    g_ptr_array_unref(page->blocks);
    g_free(page);
}

static CelHelpPage *read_page(const CelHelpDef *def, const char *language)
{
    g_autofree char *path =
        g_strdup_printf("/org/celadon/Celadon/help/%s/%s.md", language, def->id);
    g_autoptr(GBytes) bytes = g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    gsize n = 0;
    const char *data = bytes != NULL ? g_bytes_get_data(bytes, &n) : "";
    g_autofree char *text = g_strndup(data, n);
    CelHelpPage *page = g_new0(CelHelpPage, 1);
    GString *plain = g_string_new(NULL);
    page->def = def;
    page->blocks = cel_help_text_parse(text);
    for (guint i = 0; i < page->blocks->len; i++) {
        const CelHelpBlock *block = g_ptr_array_index(page->blocks, i);
        if (block->kind == CEL_HELP_TITLE && page->title == NULL)
            page->title = g_strdup(block->plain);
        g_string_append_printf(plain, "%s\n", block->plain);
    }
    if (page->title == NULL)
        page->title = g_strdup(def->id);
    page->plain = g_string_free(plain, FALSE);
    return page;
}

GPtrArray *cel_help_book_read(const char *language)
{
    GPtrArray *book = g_ptr_array_new_with_free_func(page_free);
    for (gsize i = 0; i < G_N_ELEMENTS(defs); i++)
        g_ptr_array_add(book, read_page(&defs[i], language));
    return book;
}

static const char *first_paragraph(const CelHelpPage *page)
{
    for (guint i = 0; i < page->blocks->len; i++) {
        const CelHelpBlock *block = g_ptr_array_index(page->blocks, i);
        if (block->kind == CEL_HELP_PARAGRAPH)
            return block->plain;
    }
    return "";
}

/* Where @word stands in @text, by characters: folding the case may change lengths in bytes. */
static glong find_word(const char *text, const char *word)
{
    g_autofree char *folded = g_utf8_casefold(text, -1), *sought = g_utf8_casefold(word, -1);
    const char *at = strstr(folded, sought);
    return at != NULL ? g_utf8_pointer_to_offset(folded, at) : -1;
}

char *cel_help_page_excerpt(const CelHelpPage *page, const char *query)
{
    g_auto(GStrv) words = g_strsplit(query, " ", 2);
    const glong at = words[0] != NULL && *words[0] != '\0' ? find_word(page->plain, words[0]) : -1;
    const char *text = at >= 0 ? page->plain : first_paragraph(page);
    const glong length = g_utf8_strlen(text, -1);
    const glong from = CLAMP(at - EXCERPT_BEFORE, 0, length);
    g_autofree char *part = g_utf8_substring(text, from, MIN(from + EXCERPT_CHARS, length));
    g_strdelimit(part, "\n", ' ');
    return g_strconcat(from > 0 ? "…" : "", part, from + EXCERPT_CHARS < length ? "…" : "", NULL);
}
