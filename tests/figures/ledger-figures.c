/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "register/cel-ledger.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/*
 * How a ledger behaves as it grows: appends, proofs, the whole check and the file, at 1,000, 10,000
 * and 100,000 events, every one of them signed twice and durable.
 *
 *   ledger-figures [N]      N: the last size, 100,000 unless stated
 */

enum { SAMPLES = 200, FIRST = 1000, LAST = 100000 };

typedef struct {
    char *folder, *path;
    CelKey *key;
    CelLedger *ledger;
    guint64 size;
} Bench;

/* Times of one size, in microseconds a call; of the processor, but for append_wall. */
typedef struct {
    double append, append_wall, inclusion, consistency, verify, check_an_event;
    gint64 bytes;
} Row;

/* Processor time: other programs on the machine do not count. */
static gint64 cpu_us(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (gint64)used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000;
}

static double since(gint64 start_us, guint n)
{
    return (double)(cpu_us() - start_us) / n;
}

static void append(Bench *bench)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *item =
        g_strdup_printf("%u-%u", (guint)(bench->size / 7), (guint)bench->size % 7);
    const CelEventSigners signers = {.operator_key = bench->key, .operator_id = "P0017"};
    const CelEventRequest request = {.act = CEL_ACT_TRANSFER,
                                     .case_id = "2026-0113",
                                     .item_id = item,
                                     .from = {"城南派出所", "赵六", "0412"},
                                     .to = {"某市物证快检室", "王芳", "P0017"}};
    CelLedgerPlace place;
    if (!cel_ledger_append(bench->ledger, &request, &signers, &place, &error))
        g_error("%s", error->message);
    bench->size = place.seq;
}

static double time_appends(Bench *bench, guint64 size, double *out_wall_us)
{
    while (bench->size + SAMPLES < size)
        append(bench);
    const gint64 start_us = cpu_us(), wall_us = g_get_monotonic_time();
    for (guint i = 0; i < SAMPLES; i++)
        append(bench);
    *out_wall_us = (double)(g_get_monotonic_time() - wall_us) / SAMPLES;
    return since(start_us, SAMPLES);
}

static double time_inclusions(Bench *bench, GRand *random)
{
    CelMerkleProof proof;
    const gint64 start_us = cpu_us();
    for (guint i = 0; i < SAMPLES; i++) {
        const guint64 seq = (guint64)g_rand_int_range(random, 1, (gint32)bench->size + 1);
        for (guint k = 0; k < CEL_N_MERKLE; k++)
            g_assert_true(cel_ledger_inclusion(bench->ledger, k, seq, bench->size, &proof, NULL));
    }
    return since(start_us, SAMPLES);
}

static double time_consistencies(Bench *bench, GRand *random)
{
    CelMerkleProof proof;
    const gint64 start_us = cpu_us();
    for (guint i = 0; i < SAMPLES; i++) {
        const guint64 old = (guint64)g_rand_int_range(random, 1, (gint32)bench->size + 1);
        for (guint k = 0; k < CEL_N_MERKLE; k++)
            g_assert_true(cel_ledger_consistency(bench->ledger, k, old, bench->size, &proof, NULL));
    }
    return since(start_us, SAMPLES);
}

/* What a verifier does: both proofs of one event. */
static double time_verifications(Bench *bench)
{
    CelMerkleProof proofs[CEL_N_MERKLE];
    CelMerkleHash roots[CEL_N_MERKLE];
    const guint64 seq = bench->size / 3;
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(bench->ledger, seq, NULL);
    for (guint k = 0; k < CEL_N_MERKLE; k++) {
        g_assert_true(cel_ledger_root(bench->ledger, k, bench->size, &roots[k], NULL));
        g_assert_true(cel_ledger_inclusion(bench->ledger, k, seq, bench->size, &proofs[k], NULL));
    }
    const gint64 start_us = cpu_us();
    for (guint i = 0; i < SAMPLES; i++)
        for (guint k = 0; k < CEL_N_MERKLE; k++) {
            const CelMerkleHash leaf = cel_merkle_leaf(k, entry->record);
            g_assert_true(
                cel_merkle_check_inclusion(k, &leaf, seq - 1, bench->size, &proofs[k], &roots[k]));
        }
    return since(start_us, SAMPLES);
}

static double time_check(Bench *bench)
{
    g_autoptr(GPtrArray) problems = NULL;
    const gint64 start_us = cpu_us();
    g_assert_true(cel_ledger_check(bench->ledger, NULL, &problems, NULL, NULL));
    if (problems->len > 0)
        g_error("%s", (const char *)g_ptr_array_index(problems, 0));
    return since(start_us, (guint)bench->size);
}

/* Closed, so that the log is folded in. */
static gint64 file_bytes(Bench *bench)
{
    GStatBuf info;
    cel_ledger_close(bench->ledger);
    g_assert_cmpint(g_stat(bench->path, &info), ==, 0);
    bench->ledger = cel_ledger_open(bench->path, FALSE, NULL);
    g_assert_nonnull(bench->ledger);
    return info.st_size;
}

static void print_size(Bench *bench, guint64 size)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(6962);
    Row row = {0};
    row.append = time_appends(bench, size, &row.append_wall);
    row.inclusion = time_inclusions(bench, random);
    row.consistency = time_consistencies(bench, random);
    row.verify = time_verifications(bench);
    row.check_an_event = time_check(bench);
    row.bytes = file_bytes(bench);
    g_print("%" G_GUINT64_FORMAT
            " events: append %.2f ms (with the disk %.2f), proof of place %.0f us, of consistency "
            "%.0f us, checking a proof %.0f us, whole check %.1f s (%.2f ms an event), file %.1f "
            "MB (%.0f bytes an event)\n",
            size, row.append / 1e3, row.append_wall / 1e3, row.inclusion, row.consistency,
            row.verify, row.check_an_event * (double)size / 1e6, row.check_an_event / 1e3,
            (double)row.bytes / 1e6, (double)row.bytes / (double)size);
}

int main(int argc, char **argv)
{
    const guint64 asked = argc > 1 ? g_ascii_strtoull(argv[1], NULL, 10) : LAST;
    Bench bench = {0};
    cel_init();
    bench.folder = g_dir_make_tmp("celadon-ledger-XXXXXX", NULL);
    bench.path = g_build_filename(bench.folder, "register.sqlite", NULL);
    bench.key = cel_key_generate("王芳", FALSE, NULL);
    bench.ledger = cel_ledger_open(bench.path, TRUE, NULL);
    g_assert_nonnull(bench.ledger);
    for (guint64 size = FIRST; size <= MAX(asked, FIRST); size *= 10)
        print_size(&bench, size);
    cel_ledger_close(bench.ledger);
    cel_key_free(bench.key);
    g_unlink(bench.path);
    g_rmdir(bench.folder);
    g_free(bench.path);
    g_free(bench.folder);
    return 0;
}
