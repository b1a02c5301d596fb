/* SPDX-License-Identifier: GPL-3.0-or-later */
/* celadon-verify: checks sealed files, and nothing else: for those who want to trust as little
 * program as possible. It is linked with base, jail, the tree of h5 and what checks in evidence. */
#include "config.h"

#include "base/cel-error.h"
#include "jail/cel-jail.h"
#include "verify/verify-words.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    VerifyWords words;
    VerifyShow show;
    char *language;
    gboolean version;
    char **files;
} Arguments;

static void arguments_clear(Arguments *arguments)
{
    verify_words_clear(&arguments->words);
    g_free(arguments->language);
    g_strfreev(arguments->files);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Arguments, arguments_clear)

static const char summary[] =
    "Checks files sealed by Celadon. Each question has its own line: proven, contradicted or not\n"
    "proven. Bring the laboratory's root certificates, heads of its ledger from its papers, and "
    "say\n"
    "which file it must be; what is not brought is not proven.\n"
    "核对 Celadon 封存的文件。每个问题单独一行:已证明、矛盾或未证明。\n"
    "请另行取得实验室根证书和纸质文书上的台账头,并说明文件应属哪一案件和检材。";

static const char status[] =
    "Exit status: 0 nothing contradicted and all --require lines proven, 1 something contradicted\n"
    "or a required line not proven, 2 wrong usage, 3 not a sealed file, 4 fault of the system.\n"
    "The replay of the processing needs the whole program: celadon replay FILE.";

static gboolean parse(Arguments *a, int *argc, char ***argv, GError **error)
{
    GOptionEntry shared[VERIFY_N_OPTIONS + 1];
    const GOptionEntry own[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &a->show.json, "one JSON object a file", NULL},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &a->show.quiet, "only the exit status", NULL},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &a->language, "language of the lines", "zh_CN|en"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &a->version, "print the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->files, "", "FILE..."},
        G_OPTION_ENTRY_NULL,
    };
    verify_words_entries(&a->words, shared);
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_set_summary(context, summary);
    g_option_context_set_description(context, status);
    g_option_context_add_main_entries(context, shared, GETTEXT_PACKAGE);
    g_option_context_add_main_entries(context, own, NULL);
    return g_option_context_parse(context, argc, argv, error);
}

static int check_files(Arguments *a)
{
    g_auto(VerifyBrought) brought = {.trust = NULL};
    g_autoptr(GError) problem = NULL;
    if (!verify_bring(&a->words, &brought, &problem))
        return verify_print_failure(&(VerifyShow){.quiet = TRUE}, "", problem);
    int worst = 0;
    for (gsize i = 0; a->files[i] != NULL; i++) {
        g_autoptr(GPtrArray) lines = NULL;
        g_autoptr(GError) failure = NULL;
        const gboolean judged = cel_verify(a->files[i], &brought.options, &lines, NULL, &failure);
        const int one = judged ? verify_print(&a->show, a->files[i], lines)
                               : verify_print_failure(&a->show, a->files[i], failure);
        worst = MAX(worst, one);
    }
    return worst;
}

/* Returns: FALSE when the language is none that we have. */
static gboolean set_language(Arguments *a)
{
    const char *given = a->language != NULL ? a->language : g_get_language_names()[0];
    a->show.chinese = g_str_has_prefix(given, "zh");
    a->show.require = a->words.require;
    return a->language == NULL || strcmp(given, "en") == 0 || strcmp(given, "zh_CN") == 0;
}

int main(int argc, char **argv)
{
    g_auto(Arguments) a = {.files = NULL};
    g_autoptr(GError) error = NULL;
    setlocale(LC_ALL, "C.UTF-8");
    if (!parse(&a, &argc, &argv, &error) || !set_language(&a)) {
        fprintf(stderr, "celadon-verify: %s\n",
                error != NULL ? error->message : "--lang is zh_CN or en");
        return 2;
    }
    if (a.version) {
        printf("celadon-verify %s\n", CEL_VERSION);
        return 0;
    }
    if (a.files == NULL) {
        fprintf(stderr, "celadon-verify: name the files to check; see --help\n");
        return 2;
    }
    cel_jail_start();
    const int result = check_files(&a);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return result;
    fprintf(stderr, "celadon-verify: standard output cannot be written\n");
    return 4;
}
