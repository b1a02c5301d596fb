/* SPDX-License-Identifier: GPL-3.0-or-later */
/* celadon-rescreen: `celadon library rescreen` by several processes; see README.md. */
#include "config.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "bench/cel-lab-seal.h"
#include "bench/cel-rescreen.h"
#include "jail/cel-jail.h"
#include "mpi/mpi-run.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>

enum { LIST_MAX = 64 << 20 };

typedef struct {
    char *previous, *out, *lab, *list;
    char **libraries, **words; /* @words: the library, then sealed files */
    gboolean only;
    int stop_after;
} Arguments;

typedef struct {
    Arguments arguments;
    int rank, n_ranks;
    CelLab *lab;
    GPtrArray *files;
} Run;

static void run_clear(Run *run)
{
    g_free(run->arguments.previous);
    g_free(run->arguments.out);
    g_free(run->arguments.lab);
    g_free(run->arguments.list);
    g_strfreev(run->arguments.libraries);
    g_strfreev(run->arguments.words);
    g_clear_pointer(&run->files, g_ptr_array_unref);
    cel_lab_close(run->lab);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static gboolean parse(Arguments *a, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &a->out, "the result, as of library rescreen", "FILE"},
        {"previous", 0, 0, G_OPTION_ARG_FILENAME, &a->previous, "the version before", "FILE"},
        {"library", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->libraries,
         "where another recorded library may be found", "FILE"},
        {"only", 0, 0, G_OPTION_ARG_NONE, &a->only, "search the new version alone", NULL},
        {"lab", 0, 0, G_OPTION_ARG_FILENAME, &a->lab, "the lab's folder: all that it sealed",
         "DIR"},
        {"files-from", 0, 0, G_OPTION_ARG_FILENAME, &a->list, "names, one a line", "LIST"},
        {"stop-after", 0, 0, G_OPTION_ARG_INT, &a->stop_after,
         "leave after so many files, to go on later", "N"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->words, "", "NEW [FILE...]"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    g_option_context_set_description(
        context, "The result of \"celadon library rescreen\", the same file to the byte for any "
                 "number of processes.\nInterrupted, it goes on where it was. What it says is "
                 "recorded with \"celadon library rescreen --lab --key\".");
    if (!g_option_context_parse(context, &argc, &argv, error))
        return FALSE;
    const gboolean some =
        a->words != NULL && (a->words[1] != NULL || a->lab != NULL || a->list != NULL);
    if (some && a->out != NULL && a->stop_after >= 0)
        return TRUE;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                        _("Name a library, --out and what to search again: files, --files-from or "
                          "--lab"));
    return FALSE;
}

static gboolean add_listed(Run *run, GError **error)
{
    if (run->arguments.list == NULL)
        return TRUE;
    g_autoptr(GBytes) bytes = cel_file_read(run->arguments.list, LIST_MAX, error);
    if (bytes == NULL)
        return FALSE;
    gsize n = 0;
    const char *data = g_bytes_get_data(bytes, &n);
    g_autofree char *text = g_strndup(data, n);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        if (*lines[i] != '\0')
            g_ptr_array_add(run->files, g_strdup(lines[i]));
    return TRUE;
}

/* Every process finds the same files in the same order. */
static gboolean find_files(Run *run, GError **error)
{
    const Arguments *a = &run->arguments;
    if (a->lab != NULL && (run->lab = cel_lab_open(a->lab, error)) == NULL)
        return FALSE;
    if (a->lab != NULL && a->words[1] == NULL && a->list == NULL) {
        run->files = cel_lab_sealed_files(run->lab, error);
        if (run->files == NULL)
            return FALSE;
    } else {
        run->files = g_ptr_array_new_with_free_func(g_free);
        for (guint i = 1; a->words[i] != NULL; i++)
            g_ptr_array_add(run->files, g_strdup(a->words[i]));
        if (!add_listed(run, error))
            return FALSE;
    }
    g_ptr_array_add(run->files, NULL);
    return TRUE;
}

static CelRescreenOptions options_of(const Run *run)
{
    const Arguments *a = &run->arguments;
    return (CelRescreenOptions){
        .library_path = a->words[0],
        .previous_path = a->previous,
        .library_paths = (const char *const *)a->libraries,
        .only = a->only,
        .trust = run->lab != NULL ? cel_lab_trust(run->lab) : NULL,
        .result_path = a->out,
    };
}

static gboolean do_part(const Run *run, CelRescreenSummary *out, GError **error)
{
    CelRescreenOptions options = options_of(run);
    options.part = (guint)run->rank;
    options.parts = (guint)run->n_ranks;
    options.stop_after = (guint)run->arguments.stop_after;
    return cel_rescreen_run(&options, (const char *const *)run->files->pdata, out, NULL, error);
}

/* What the parts left undone is tried once more here, and what has no match is compared. */
static gboolean join(const Run *run, GError **error)
{
    CelRescreenSummary sum;
    CelRescreenOptions options = options_of(run);
    options.joins = run->n_ranks > 1 ? (guint)run->n_ranks : 0;
    if (!cel_rescreen_run(&options, (const char *const *)run->files->pdata, &sum, NULL, error))
        return FALSE;
    printf(_("%u files by %d processes: %u unchanged, %u changed, %u not done; %u pairs without a "
             "match resemble each other\n"),
           sum.files, run->n_ranks, sum.same, sum.changed, sum.not_done, sum.links);
    return TRUE;
}

/* Returns: exit status. */
static int work(Run *run, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    CelRescreenSummary sum = {0};
    const gboolean ok = parse(&run->arguments, argc, argv, &error) && find_files(run, &error) &&
                        do_part(run, &sum, &error);
    const gboolean whole = mpi_all_agree(ok && !sum.stopped);
    if (whole && run->rank == 0)
        join(run, &error);
    if (error != NULL)
        fprintf(stderr, "celadon-rescreen: %s\n", error->message);
    return error != NULL ? cel_error_exit_status(error) : 0;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    setlocale(LC_MESSAGES, "");
    bindtextdomain(GETTEXT_PACKAGE, CEL_LOCALEDIR);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
    cel_jail_start(); /* before MPI has threads */
    cel_init();
    const MpiPlace place = mpi_begin(&argc, &argv);
    g_auto(Run) run = {.rank = place.rank, .n_ranks = place.n_ranks};
    return mpi_end(work(&run, argc, argv));
}
