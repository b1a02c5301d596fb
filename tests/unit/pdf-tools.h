/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>
#include <string.h>

/* What others make of a PDF: its text, its fonts, its pictures, the codes in them. */

static inline gboolean have_tool(const char *tool)
{
    g_autofree char *path = g_find_program_in_path(tool);
    if (path != NULL)
        return TRUE;
    g_autofree char *why =
        g_strdup_printf("%s is not installed (packaging/packages-test.txt)", tool);
    g_test_skip(why);
    return FALSE;
}

/* Runs @tool on @pdf, whose path stands at @at in @argv. Returns: what it printed. */
static inline char *run_on(GBytes *pdf, const char **argv, guint at)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    const int file = g_file_open_tmp("celadon-report-XXXXXX.pdf", &path, &error);
    g_assert_no_error(error);
    g_close(file, NULL);
    gsize n = 0;
    const char *data = g_bytes_get_data(pdf, &n);
    g_assert_true(g_file_set_contents(path, data, (gssize)n, NULL));
    argv[at] = path;
    char *out = NULL;
    int status = -1;
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status,
                 &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
    g_unlink(path);
    return out;
}

/* Without blanks: lines are broken anywhere, and Chinese is broken without a blank. */
static inline char *squeeze(const char *text)
{
    g_autofree char *same = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
    GString *out = g_string_new(NULL);
    for (const char *at = same; *at != '\0'; at = g_utf8_next_char(at))
        if (!g_unichar_isspace(g_utf8_get_char(at)) && g_utf8_get_char(at) != '\f')
            g_string_append_unichar(out, g_utf8_get_char(at));
    return g_string_free(out, FALSE);
}

static inline char *raw_text(GBytes *pdf)
{
    const char *argv[] = {"pdftotext", "-raw", "-enc", "UTF-8", NULL, "-", NULL};
    return run_on(pdf, argv, 4);
}

static inline char *page_text(GBytes *pdf)
{
    g_autofree char *text = raw_text(pdf);
    return squeeze(text);
}

static inline gboolean shows(const char *page, const char *words)
{
    g_autofree char *wanted = squeeze(words);
    g_assert_cmpstr(wanted, !=, "");
    return strstr(page, wanted) != NULL;
}

static inline void expect_words(const char *page, const char *words)
{
    if (!shows(page, words))
        g_error("not on the page: %s\nthe page: %s", words, page);
}

static inline guint count(const char *text, const char *words)
{
    g_autofree char *wanted = squeeze(words);
    guint n = 0;
    for (const char *at = strstr(text, wanted); at != NULL; at = strstr(at + 1, wanted))
        n++;
    return n;
}

/* Returns: the text of the QR code on @page (from 1), as zbarimg of zbar-tools reads it from a
 * picture of 300 dots an inch; "" when it reads none. */
static inline char *code_on(GBytes *pdf, guint page)
{
    g_autofree char *folder = g_dir_make_tmp("celadon-code-XXXXXX", NULL);
    g_autofree char *root = g_build_filename(folder, "page", NULL);
    g_autofree char *picture = g_strconcat(root, ".png", NULL);
    g_autofree char *number = g_strdup_printf("%u", page);
    const char *draw[] = {"pdftoppm", "-png", "-singlefile", "-gray", "-r", "300",
                          "-f",       number, NULL,          root,    NULL};
    g_free(run_on(pdf, draw, 8));
    const char *read[] = {"zbarimg", "--nodbus", "--raw", "-q", picture, NULL};
    char *out = NULL;
    g_autoptr(GError) error = NULL;
    g_spawn_sync(NULL, (char **)read, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, NULL,
                 &error);
    g_assert_no_error(error);
    g_unlink(picture);
    g_rmdir(folder);
    return g_strchomp(out);
}
