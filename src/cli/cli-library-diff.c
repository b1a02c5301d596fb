/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-library.h"

#include "match/cel-library-diff.h"

#include <stdio.h>

static void print_change(const Cli *cli, const CelLibraryChange *change)
{
    g_autofree char *text = g_strdup_printf("%s: %s%s%s", change->substance,
                                            cel_library_change_label(change->kind, cli->chinese),
                                            *change->item != '\0' ? " " : "", change->item);
    g_autofree char *shown = cli_printable(text);
    g_autofree char *before = cli_printable(change->before);
    g_autofree char *after = cli_printable(change->after);
    if (*before != '\0' || *after != '\0')
        printf("%s: \"%s\" -> \"%s\"\n", shown, before, after);
    else
        printf("%s\n", shown);
}

static void print_summary(const CelLibraryDiff *diff, const CelLibrary *before,
                          const CelLibrary *after)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_open(json, "summary", '{');
    cel_json_text(json, "before", cel_library_sha256(before));
    cel_json_text(json, "after", cel_library_sha256(after));
    cel_json_int(json, "changes", diff->changes->len);
    for (guint k = 0; k < CEL_N_CHANGES; k++)
        cel_json_int(json, cel_library_change_name(k), (gint64)diff->counts[k]);
    cel_json_close(json);
    cel_json_close(json);
    cli_print_json(json);
}

static void print_diff(const Cli *cli, const CelLibrary *before, const CelLibrary *after)
{
    g_autoptr(CelLibraryDiff) diff = cel_library_diff(before, after);
    for (guint i = 0; i < diff->changes->len && !cli->quiet; i++) {
        const CelLibraryChange *change = g_ptr_array_index(diff->changes, i);
        g_autofree char *line = cli->json ? cel_library_change_json(change) : NULL;
        if (line != NULL)
            printf("%s\n", line);
        else
            print_change(cli, change);
    }
    if (cli->json)
        print_summary(diff, before, after);
    else
        cli_print(cli, _("%s %s -> %s %s: %u changes\n"), cel_library_name(before),
                  cel_library_version(before), cel_library_name(after), cel_library_version(after),
                  diff->changes->len);
}

int cli_library_diff(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    if (!cli_parse(cli, argc, argv, entries, "BEFORE AFTER",
                   N_("What a new version of a library adds, removes and changes: substances, "
                      "references, bands, grades, ceilings, groups."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] == NULL || rest[2] != NULL)
        return cli_usage(error, _("Use: celadon library diff BEFORE AFTER"));
    g_autoptr(CelLibrary) before = cel_library_open(rest[0], cli->job, error);
    if (before == NULL)
        return 3;
    g_autoptr(CelLibrary) after = cel_library_open(rest[1], cli->job, error);
    if (after == NULL)
        return 3;
    print_diff(cli, before, after);
    return 0;
}
