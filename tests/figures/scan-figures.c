/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Speed of the scan, for tools/figures search, which runs it beside other programs on the same
 * arrays:
 *
 *   scan-figures ROWS.npy QUERIES.npy    answers commands on its standard input, a line each
 *
 *   read       milliseconds for adding up all values of the matrix: how fast memory can be read
 *   all Q      milliseconds of the exhaustive search with query Q; its hits
 *   top Q      the same by bounds; also how many rows were looked at
 *   batch N    the first N queries at once through BLAS; whether the hits are those of all
 */
#include "base/cel-number.h"
#include "match/cel-batch.h"
#include "match/cel-npy.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { MOST = 10, LINE = 64 };

typedef struct {
    CelNpy *rows_file, *queries_file;
    CelRows rows;
    const CelRows *queries;
    void *memory;
    gsize n_bytes;
    CelScan *scan;
    CelScanWork *work;
} Bench;

static double ms_since(gint64 start_us)
{
    return (double)(g_get_monotonic_time() - start_us) / 1000.0;
}

/* In memory of its own with large pages, as numpy has its arrays. */
static void load(Bench *b)
{
    const CelRows *rows = cel_npy_rows(b->rows_file);
    b->rows = *rows;
    b->n_bytes = rows->n_rows * rows->stride * sizeof(float) + (2U << 20);
    b->memory = mmap(NULL, b->n_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    g_assert(b->memory != MAP_FAILED);
    madvise(b->memory, b->n_bytes, MADV_HUGEPAGE);
    memcpy(b->memory, rows->values, rows->n_rows * rows->stride * sizeof(float));
    b->rows.values = b->memory;
}

static void print_hits(const CelTop *top)
{
    for (guint i = 0; i < top->n; i++)
        printf(" %" G_GUINT64_FORMAT ":%a", top->hits[i].row, (double)top->hits[i].score);
    printf("\n");
}

static void search(const Bench *b, gsize query, gboolean by_bounds)
{
    const float *q = b->queries->values + query * b->queries->stride;
    const CelScanOptions options = {0};
    CelScanHit hits[MOST];
    CelTop top = {hits, 0, MOST};
    gsize looked_at = b->rows.n_rows;
    const gint64 start = g_get_monotonic_time();
    if (by_bounds)
        looked_at = cel_scan_top(b->work, q, &options, &top);
    else
        cel_scan_all(b->work, q, &options, &top);
    printf("%.4f %" G_GSIZE_FORMAT, ms_since(start), looked_at);
    print_hits(&top);
}

static void read_all(const Bench *b)
{
    const gint64 start = g_get_monotonic_time();
    const float sum = cel_scan_kernel()->read(b->rows.values, b->rows.n_rows * b->rows.stride);
    printf("%.4f %a\n", ms_since(start), (double)sum);
}

static gboolean hits_are_those_of_all(const Bench *b, const CelBatch *batch, gsize query)
{
    const float *q = b->queries->values + query * b->queries->stride;
    const CelScanOptions options = {0};
    CelScanHit hits[MOST], sorted[MOST];
    CelTop top = {hits, 0, MOST}, other = *cel_batch_top(batch, query);
    memcpy(sorted, other.hits, other.n * sizeof *sorted);
    other.hits = sorted;
    cel_top_sort(&other);
    cel_scan_all(b->work, q, &options, &top);
    gboolean same = top.n == other.n;
    for (guint i = 0; same && i < top.n; i++)
        same = hits[i].row == sorted[i].row && memcmp(&hits[i].score, &sorted[i].score, 4) == 0;
    return same;
}

static void run_batch(const Bench *b, gsize n)
{
    CelRows queries = *b->queries;
    queries.n_rows = MIN(n, queries.n_rows);
    const gint64 start = g_get_monotonic_time();
    g_autoptr(CelBatch) batch = cel_batch_new(&queries, MOST);
    cel_batch_feed(batch, &b->rows, 0);
    const double ms = ms_since(start);
    gsize same = 0, compared = 0;
    for (gsize q = 0; q < queries.n_rows; q += 1 + queries.n_rows / 50, compared++)
        same += hits_are_those_of_all(b, batch, q) ? 1 : 0;
    printf("%.3f %" G_GUINT64_FORMAT " %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT "\n", ms,
           cel_batch_looked_at(batch), same, compared);
}

static void obey(const Bench *b, char *line)
{
    g_auto(GStrv) words = g_strsplit(g_strstrip(line), " ", 2);
    const gsize number =
        words[0] != NULL && words[1] != NULL ? (gsize)g_ascii_strtoull(words[1], NULL, 10) : 0;
    if (g_strcmp0(words[0], "read") == 0)
        read_all(b);
    else if (g_strcmp0(words[0], "all") == 0 && number < b->queries->n_rows)
        search(b, number, FALSE);
    else if (g_strcmp0(words[0], "top") == 0 && number < b->queries->n_rows)
        search(b, number, TRUE);
    else if (g_strcmp0(words[0], "batch") == 0)
        run_batch(b, number);
    else
        printf("?\n");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Bench b = {0};
    if (argc == 3) {
        b.rows_file = cel_npy_open(argv[1], &error);
        b.queries_file = b.rows_file != NULL ? cel_npy_open(argv[2], &error) : NULL;
    }
    if (b.queries_file == NULL) {
        fprintf(stderr, "%s\n",
                error != NULL ? error->message : "usage: scan-figures ROWS QUERIES");
        return 2;
    }
    load(&b);
    b.queries = cel_npy_rows(b.queries_file);
    const gint64 start = g_get_monotonic_time();
    CelCoarse *coarse = cel_coarse_new(&b.rows, CEL_COARSE_AXES);
    gsize code_bytes = 0;
    for (gsize p = 0; p < CEL_COARSE_PARTS; p++)
        code_bytes += cel_coarse_part(coarse, p).n_bytes;
    b.scan = cel_scan_new(&b.rows, coarse);
    b.work = cel_scan_work_new(b.scan);
    printf("%s %.1f %" G_GSIZE_FORMAT "\n", cel_scan_kernel()->name, ms_since(start), code_bytes);
    fflush(stdout);
    char line[LINE];
    while (fgets(line, sizeof line, stdin) != NULL)
        obey(&b, line);
    cel_scan_work_free(b.work);
    cel_scan_free(b.scan);
    munmap(b.memory, b.n_bytes);
    cel_npy_free(b.rows_file);
    cel_npy_free(b.queries_file);
    return 0;
}
