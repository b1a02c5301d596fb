/* SPDX-License-Identifier: GPL-3.0-or-later */
/* celadon-batch: many queries against a matrix that may be larger than memory; see README.md. */
#include "config.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-hash.h"
#include "match/cel-batch-state.h"
#include "match/cel-npy.h"
#include "mpi/mpi-run.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

enum {
    DEFAULT_TOP = 10,
    TOP_MAX = 10000,
    DEFAULT_BLOCK = 65536, /* rows between two notes of how far the work is */
    QUERY_VALUES_MAX = 1 << 30,
    STATE_MAX = 1 << 30,
};

typedef struct {
    int top, block, stop_after;
    char **files;
} Arguments;

typedef struct {
    Arguments arguments;
    int rank, n_ranks;
    CelNpy *rows_file, *queries_file;
    const CelRows *rows, *queries;
    CelBatch *batch;
    CelBatchPlace place;
    char *part_path;
} Run;

static void run_clear(Run *run)
{
    g_strfreev(run->arguments.files);
    cel_batch_free(run->batch);
    cel_npy_free(run->rows_file);
    cel_npy_free(run->queries_file);
    g_free(run->part_path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static gboolean parse(Arguments *a, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"top", 'n', 0, G_OPTION_ARG_INT, &a->top, "hits of each query (10)", "N"},
        {"block", 0, 0, G_OPTION_ARG_INT, &a->block, "rows between two notes (65536)", "ROWS"},
        {"stop-after", 0, 0, G_OPTION_ARG_INT, &a->stop_after,
         "leave after so many blocks, to go on later", "N"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->files, "",
         "ROWS.npy QUERIES.npy HITS.tsv"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    g_option_context_set_description(
        context, "The hits with the highest dot products, best first; the same file to the byte "
                 "for any number of\nprocesses. Interrupted, it goes on where it was.");
    a->top = DEFAULT_TOP;
    a->block = DEFAULT_BLOCK;
    if (!g_option_context_parse(context, &argc, &argv, error))
        return FALSE;
    if (a->files == NULL || g_strv_length(a->files) != 3 || a->top < 1 || a->top > TOP_MAX ||
        a->block < 1) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("name a file of rows, one of queries and one for the hits; --top is 1 to %d"),
                    TOP_MAX);
        return FALSE;
    }
    return TRUE;
}

static gboolean open_files(Run *run, GError **error)
{
    run->rows_file = cel_npy_open(run->arguments.files[0], error);
    if (run->rows_file == NULL)
        return FALSE;
    run->queries_file = cel_npy_open(run->arguments.files[1], error);
    if (run->queries_file == NULL)
        return FALSE;
    run->rows = cel_npy_rows(run->rows_file);
    run->queries = cel_npy_rows(run->queries_file);
    if (run->rows->n_cols != run->queries->n_cols ||
        run->queries->n_rows > QUERY_VALUES_MAX / run->queries->n_cols ||
        !cel_rows_are_usable(run->queries, 0, run->queries->n_rows)) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                            _("rows and queries have another number of columns, or the queries "
                              "are too many or not finite; nothing was searched"));
        return FALSE;
    }
    return TRUE;
}

/* Everything that decides this process's part of the answer. The rows, which may be larger than
 * memory, are known by size and time. */
static gboolean name_work(Run *run, GError **error)
{
    GStatBuf info;
    if (g_stat(run->arguments.files[0], &info) != 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("%s cannot be opened: %s"),
                    run->arguments.files[0], g_strerror(errno));
        return FALSE;
    }
    const guint64 numbers[] = {(guint64)info.st_ino,
                               (guint64)info.st_size,
                               (guint64)info.st_mtim.tv_sec,
                               (guint64)info.st_mtim.tv_nsec,
                               run->rows->n_rows,
                               run->rows->n_cols,
                               run->queries->n_rows,
                               (guint64)run->arguments.top,
                               (guint64)run->arguments.block,
                               (guint64)run->rank,
                               (guint64)run->n_ranks};
    const CelDigestPart parts[] = {
        {numbers, sizeof numbers},
        {run->queries->values, run->queries->n_rows * run->queries->stride * sizeof(float)}};
    cel_digest_parts("sha256", parts, G_N_ELEMENTS(parts), run->place.work);
    run->part_path =
        g_strdup_printf("%s.part-%d-of-%d", run->arguments.files[2], run->rank, run->n_ranks);
    return TRUE;
}

/* A state that does not fit is no error: the work is done anew. */
static void take_up(Run *run)
{
    g_autoptr(GBytes) state = cel_file_read(run->part_path, STATE_MAX, NULL);
    if (state != NULL && cel_batch_restore(run->batch, state, &run->place, run->rows->n_rows))
        fprintf(stderr, _("process %d goes on after block %zu\n"), run->rank,
                (gsize)run->place.done);
}

static gboolean note(const Run *run, GError **error)
{
    g_autoptr(GBytes) state = cel_batch_save(run->batch, &run->place);
    return cel_file_write(run->part_path, state, 0600, error);
}

/* Returns: FALSE: an error, or @out_stopped. */
static gboolean search(Run *run, gboolean *out_stopped, GError **error)
{
    const gsize block = (gsize)run->arguments.block, n_rows = run->rows->n_rows;
    const gsize n_blocks = (n_rows + block - 1) / block;
    int left = run->arguments.stop_after;
    for (;;) {
        const gsize at = (gsize)run->rank + (gsize)run->n_ranks * (gsize)run->place.done;
        if (at >= n_blocks)
            return TRUE;
        if (run->arguments.stop_after > 0 && left-- == 0)
            break;
        const gsize from = at * block, to = MIN(from + block, n_rows);
        if (!cel_rows_are_usable(run->rows, from, to)) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("a value between rows %zu and %zu is not finite; no hits were written: "
                          "mend the file"),
                        from, to - 1);
            return FALSE;
        }
        const CelRows part = {run->rows->values + from * run->rows->stride, to - from,
                              run->rows->n_cols, run->rows->stride};
        cel_batch_feed(run->batch, &part, from);
        run->place.done++;
        if (!note(run, error))
            return FALSE;
    }
    *out_stopped = TRUE;
    return FALSE;
}

/* ---- putting the hits together ---- */

static void send_hits(const Run *run)
{
    for (gsize q = 0; q < run->queries->n_rows; q++) {
        const CelTop *top = cel_batch_top(run->batch, q);
        MPI_Send(top->hits, (int)(top->n * sizeof *top->hits), MPI_BYTE, 0, 0, MPI_COMM_WORLD);
    }
}

static void receive_hits(Run *run)
{
    g_autofree CelScanHit *hits = g_new(CelScanHit, run->arguments.top);
    const int room = (int)((gsize)run->arguments.top * sizeof *hits);
    for (int rank = 1; rank < run->n_ranks; rank++) {
        for (gsize q = 0; q < run->queries->n_rows; q++) {
            MPI_Status status;
            int n_bytes = 0;
            MPI_Recv(hits, room, MPI_BYTE, rank, 0, MPI_COMM_WORLD, &status);
            MPI_Get_count(&status, MPI_BYTE, &n_bytes);
            cel_batch_offer(run->batch, q, hits, (guint)((gsize)n_bytes / sizeof *hits));
        }
    }
}

static gboolean write_hits(const Run *run, GError **error)
{
    GString *out = g_string_new("# query\trank\trow\tdot product\n");
    g_autofree CelScanHit *hits = g_new(CelScanHit, run->arguments.top);
    for (gsize q = 0; q < run->queries->n_rows; q++) {
        CelTop top = *cel_batch_top(run->batch, q);
        memcpy(hits, top.hits, top.n * sizeof *hits);
        top.hits = hits;
        cel_top_sort(&top);
        for (guint i = 0; i < top.n; i++) {
            char score[G_ASCII_DTOSTR_BUF_SIZE];
            g_ascii_formatd(score, sizeof score, "%.9g", (double)hits[i].score);
            g_string_append_printf(out, "%" G_GSIZE_FORMAT "\t%u\t%" G_GUINT64_FORMAT "\t%s\n", q,
                                   i + 1, hits[i].row, score);
        }
    }
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(out);
    return cel_file_write(run->arguments.files[2], bytes, 0644, error);
}

/* Returns: exit status. */
static int work(Run *run, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    gboolean stopped = FALSE;
    gboolean ok = parse(&run->arguments, argc, argv, &error) && open_files(run, &error) &&
                  name_work(run, &error);
    if (ok) {
        run->batch = cel_batch_new(run->queries, (guint)run->arguments.top);
        take_up(run);
        ok = search(run, &stopped, &error);
    }
    if (mpi_all_agree(ok)) {
        if (run->rank == 0)
            receive_hits(run);
        else
            send_hits(run);
        ok = run->rank != 0 || write_hits(run, &error);
        if (mpi_all_agree(ok))
            g_unlink(run->part_path);
    }
    if (error != NULL)
        fprintf(stderr, "celadon-batch: %s\n", error->message);
    return error != NULL ? cel_error_exit_status(error) : 0;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    bindtextdomain(GETTEXT_PACKAGE, CEL_LOCALEDIR);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
    cel_init();
    const MpiPlace place = mpi_begin(&argc, &argv);
    g_auto(Run) run = {.rank = place.rank, .n_ranks = place.n_ranks};
    return mpi_end(work(&run, argc, argv));
}
