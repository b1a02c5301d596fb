/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-library.h"

#include "match/cel-lint.h"

#include <stdio.h>

enum { MOST_OF_A_KIND = 10 }; /* lines on a terminal; --json has all */

/* The advice stands once, before the findings it is for. */
static void print_kind(const Cli *cli, const CelLint *lint, CelLintKind kind)
{
    const CelLintDef *def = cel_lint_def(kind);
    gsize shown = 0;
    printf("%s: %s (%zu)\n  %s\n", cel_lint_severity_label(def->severity, cli->chinese),
           cli->chinese ? def->title_zh : def->title_en, lint->counts[kind],
           cli->chinese ? def->advice_zh : def->advice_en);
    for (guint i = 0; i < lint->findings->len && shown < MOST_OF_A_KIND; i++) {
        const CelLintFinding *finding = g_ptr_array_index(lint->findings, i);
        if (finding->kind != kind)
            continue;
        g_autofree char *text = cel_lint_finding_text(finding, cli->chinese);
        g_autofree char *plain = cli_printable(text);
        printf("    %s  %s\n", finding->id, plain);
        shown++;
    }
    if (lint->counts[kind] > shown)
        printf(_("    and %zu more; --json lists all\n"), lint->counts[kind] - shown);
}

static void print_text(const Cli *cli, const CelLint *lint)
{
    for (guint severity = 0; severity < CEL_N_SEVERITIES; severity++)
        for (guint kind = 0; kind < CEL_N_LINTS; kind++)
            if (lint->counts[kind] > 0 && cel_lint_def(kind)->severity == severity)
                print_kind(cli, lint, kind);
    printf(_("%s %s: %zu substances, %zu references; %zu errors, %zu warnings, %zu notes\n"),
           cel_library_name(lint->library), cel_library_version(lint->library),
           cel_library_size(lint->library), lint->n_references, lint->severities[CEL_LINT_ERROR],
           lint->severities[CEL_LINT_WARNING], lint->severities[CEL_LINT_NOTE]);
}

static void print_json(const CelLint *lint)
{
    for (guint i = 0; i < lint->findings->len; i++) {
        g_autofree char *line = cel_lint_finding_json(g_ptr_array_index(lint->findings, i));
        printf("%s\n", line);
    }
    g_autofree char *summary = cel_lint_summary_json(lint);
    printf("%s\n", summary);
}

int cli_library_lint(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(GStrv) rest = NULL;
    int threads = CLI_NO_COUNT;
    const GOptionEntry entries[] = {
        {"threads", 0, 0, G_OPTION_ARG_INT, &threads, N_("threads to use"), "N"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "[FILE]",
                   N_("Looks at every entry of a library and at every pair of them: copies, wrong "
                      "labels, look-alikes, gaps, noise, spikes, missing facts. Without FILE the "
                      "built-in library. Exit status 1 when there are errors."),
                   &rest, error) ||
        !cli_count(&threads, "--threads", error))
        return 2;
    if (rest[0] != NULL && rest[1] != NULL)
        return cli_usage(error, _("Use: celadon library lint [FILE]"));
    g_autoptr(CelLibrary) library = rest[0] != NULL ? cel_library_open(rest[0], cli->job, error)
                                                    : cel_library_open_builtin(error);
    if (library == NULL)
        return 3;
    g_autoptr(CelLint) lint = cel_lint_run(library, (guint)threads, cli->job, error);
    if (lint == NULL)
        return 4;
    if (cli->json)
        print_json(lint);
    else if (!cli->quiet)
        print_text(cli, lint);
    return lint->severities[CEL_LINT_ERROR] > 0 ? 1 : 0;
}
