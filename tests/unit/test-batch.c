/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many queries at once give the hits of one at a time; matrices in files. */
#include "base/cel-error.h"
#include "match/cel-batch-state.h"
#include "match/cel-npy.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

enum { N_COLS = 64, N_ROWS = 2600, N_QUERIES = 21, MOST = 12 };

typedef struct {
    float rows[N_ROWS * N_COLS], queries[N_QUERIES * N_COLS];
    CelRows matrix, asked;
} Data;

/* Rows with twins, near twins and zeros among them. */
static Data *new_data(void)
{
    Data *data = g_new0(Data, 1);
    g_autoptr(GRand) random = g_rand_new_with_seed(3);
    for (gsize i = 0; i < N_ROWS * N_COLS; i++)
        data->rows[i] = (float)g_rand_double_range(random, -1, 1);
    for (gsize r = 10; r < N_ROWS; r += 10) {
        memcpy(data->rows + r * N_COLS, data->rows, N_COLS * sizeof(float));
        data->rows[r * N_COLS + r % N_COLS] += r % 20 == 0 ? 1e-7F : 0;
    }
    memset(data->rows + 77 * N_COLS, 0, N_COLS * sizeof(float));
    for (gsize i = 0; i < N_QUERIES * N_COLS; i++)
        data->queries[i] = i < N_COLS ? data->rows[i] : (float)g_rand_double_range(random, -9, 9);
    memset(data->queries + N_COLS, 0, N_COLS * sizeof(float));
    data->matrix = (CelRows){data->rows, N_ROWS, N_COLS, N_COLS};
    data->asked = (CelRows){data->queries, N_QUERIES, N_COLS, N_COLS};
    return data;
}

static void feed(CelBatch *batch, const Data *data, gsize from, gsize to)
{
    const CelRows part = {data->rows + from * N_COLS, to - from, N_COLS, N_COLS};
    cel_batch_feed(batch, &part, from);
}

static void assert_hits_are_those_of_the_scan(const Data *data, const CelBatch *batch)
{
    g_autoptr(CelScan) scan = cel_scan_new(&data->matrix, NULL);
    g_autoptr(CelScanWork) work = cel_scan_work_new(scan);
    const CelScanOptions options = {0};
    for (gsize q = 0; q < N_QUERIES; q++) {
        CelScanHit hits[MOST], sorted[MOST];
        CelTop top = {hits, 0, MOST}, other = *cel_batch_top(batch, q);
        memcpy(sorted, other.hits, other.n * sizeof *sorted);
        other.hits = sorted;
        cel_top_sort(&other);
        cel_scan_top(work, data->queries + q * N_COLS, &options, &top);
        g_assert_cmpuint(top.n, ==, other.n);
        for (guint i = 0; i < top.n; i++) {
            g_assert_cmpuint(hits[i].row, ==, sorted[i].row);
            g_assert_cmpint(memcmp(&hits[i].score, &sorted[i].score, sizeof(float)), ==, 0);
        }
    }
}

static void a_batch_gives_the_hits_of_one_at_a_time(void)
{
    g_autofree Data *data = new_data();
    g_autoptr(CelBatch) batch = cel_batch_new(&data->asked, MOST);
    feed(batch, data, 0, N_ROWS);
    assert_hits_are_those_of_the_scan(data, batch);
    g_assert_cmpuint(cel_batch_looked_at(batch), <, N_QUERIES * N_ROWS / 2);
}

static void the_order_of_parts_leaves_no_trace(void)
{
    g_autofree Data *data = new_data();
    g_autoptr(CelBatch) batch = cel_batch_new(&data->asked, MOST);
    feed(batch, data, 1999, N_ROWS);
    feed(batch, data, 3, 1999);
    feed(batch, data, 0, 3);
    assert_hits_are_those_of_the_scan(data, batch);
}

static void hits_of_two_halves_are_put_together(void)
{
    g_autofree Data *data = new_data();
    g_autoptr(CelBatch) one = cel_batch_new(&data->asked, MOST);
    g_autoptr(CelBatch) other = cel_batch_new(&data->asked, MOST);
    feed(one, data, 0, 1300);
    feed(other, data, 1300, N_ROWS);
    for (gsize q = 0; q < N_QUERIES; q++) {
        const CelTop *top = cel_batch_top(other, q);
        cel_batch_offer(one, q, top->hits, top->n);
    }
    assert_hits_are_those_of_the_scan(data, one);
}

static void a_saved_batch_goes_on(void)
{
    g_autofree Data *data = new_data();
    g_autoptr(CelBatch) first = cel_batch_new(&data->asked, MOST);
    feed(first, data, 0, 1000);
    const CelBatchPlace place = {.work = {1, 2, 3}, .done = 5};
    g_autoptr(GBytes) state = cel_batch_save(first, &place);
    g_autoptr(CelBatch) second = cel_batch_new(&data->asked, MOST);
    CelBatchPlace found = {.work = {1, 2, 3}};
    g_assert_true(cel_batch_restore(second, state, &found, N_ROWS));
    g_assert_cmpuint(found.done, ==, 5);
    feed(second, data, 1000, N_ROWS);
    assert_hits_are_those_of_the_scan(data, second);
}

static void a_damaged_or_foreign_state_is_not_taken(void)
{
    g_autofree Data *data = new_data();
    g_autoptr(CelBatch) first = cel_batch_new(&data->asked, MOST);
    feed(first, data, 0, 1000);
    CelBatchPlace place = {.work = {1}, .done = 1}, other = {.work = {2}};
    g_autoptr(GBytes) state = cel_batch_save(first, &place);
    g_autoptr(CelBatch) fresh = cel_batch_new(&data->asked, MOST);
    g_assert_false(cel_batch_restore(fresh, state, &other, N_ROWS));
    g_assert_false(cel_batch_restore(fresh, state, &place, 10)); /* rows beyond the matrix */
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(state, &n);
    for (gsize i = 0; i < n; i += 97) {
        g_autofree guint8 *copy = g_memdup2(bytes, n);
        copy[i] ^= 4;
        g_autoptr(GBytes) damaged = g_bytes_new(copy, n);
        g_autoptr(GBytes) cut = g_bytes_new(bytes, i);
        g_assert_false(cel_batch_restore(fresh, damaged, &place, N_ROWS));
        g_assert_false(cel_batch_restore(fresh, cut, &place, N_ROWS));
    }
    for (gsize q = 0; q < N_QUERIES; q++)
        g_assert_cmpuint(cel_batch_top(fresh, q)->n, ==, 0);
}

static void write_matrix(const char *path, const char *shape, gsize n_values)
{
    g_autofree char *dict =
        g_strdup_printf("{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", shape);
    GString *out = g_string_new_len("\x93NUMPY\x01\x00\x76\x00", 10);
    g_string_append_printf(out, "%-117s\n", dict);
    for (gsize i = 0; i < n_values; i++) {
        const float value = (float)i;
        g_string_append_len(out, (const char *)&value, sizeof value);
    }
    g_assert_true(g_file_set_contents(path, out->str, (gssize)out->len, NULL));
    g_string_free(out, TRUE);
}

static void a_matrix_is_read_from_its_file(void)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "celadon-test-batch.npy", NULL);
    write_matrix(path, "(3, 32)", 96);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelNpy) npy = cel_npy_open(path, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(cel_npy_rows(npy)->n_rows, ==, 3);
    g_assert_cmpfloat((double)cel_npy_rows(npy)->values[2 * 32 + 5], ==, 69.0);
    g_assert_true(cel_rows_are_usable(cel_npy_rows(npy), 0, 3));
    g_unlink(path);
}

static void files_of_another_shape_are_refused(void)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "celadon-test-bad.npy", NULL);
    const char *const shapes[] = {"(3, 31)", "(96,)",   "(3, 32, 1)", "(6, 16",
                                  "(2, 32)", "(4, 32)", "(0, 0)"};
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        write_matrix(path, shapes[i], 96);
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_npy_open(path, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
    g_unlink(path);
}

static void values_that_are_not_finite_are_noticed(void)
{
    float values[32] = {0};
    const CelRows rows = {values, 2, 16, 16};
    g_assert_true(cel_rows_are_usable(&rows, 0, 2));
    const float bad[] = {NAN, INFINITY, -INFINITY, 1e16F, -1e16F};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        values[20] = bad[i];
        g_assert_false(cel_rows_are_usable(&rows, 0, 2));
        g_assert_true(cel_rows_are_usable(&rows, 0, 1));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/batch/" #name, name)
    ADD(a_batch_gives_the_hits_of_one_at_a_time);
    ADD(the_order_of_parts_leaves_no_trace);
    ADD(hits_of_two_halves_are_put_together);
    ADD(a_saved_batch_goes_on);
    ADD(a_damaged_or_foreign_state_is_not_taken);
    ADD(a_matrix_is_read_from_its_file);
    ADD(files_of_another_shape_are_refused);
    ADD(values_that_are_not_finite_are_noticed);
    return g_test_run();
}
