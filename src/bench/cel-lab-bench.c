/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-bench.h"

#include "bench/cel-daybook.h"
#include "bench/cel-lab-validation.h"

#include <string.h>

#define LIBRARIES_NAME "libraries"

struct CelLabBench {
    CelLab *lab;
    CelDaybook *book;
    CelRecords *records;
    CelBench *bench;
};

void cel_lab_bench_close(CelLabBench *bench)
{
    if (bench == NULL)
        return;
    cel_bench_close(bench->bench);
    cel_records_free(bench->records);
    cel_daybook_free(bench->book);
    cel_lab_close(bench->lab);
    g_free(bench);
}

const CelBench *cel_lab_bench_get(const CelLabBench *bench)
{
    return bench->bench;
}

char *cel_lab_bench_records(const char *folder)
{
    char *path = cel_lab_records_path(folder);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return path;
    g_free(path);
    return NULL;
}

/* ---- libraries ---- */

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In the order of their names, so that two starts give the same order of libraries. */
static void add_own_libraries(const char *folder, GPtrArray *paths)
{
    g_autofree char *place = g_build_filename(folder, LIBRARIES_NAME, NULL);
    g_autoptr(GDir) dir = g_dir_open(place, 0, NULL);
    const char *name = NULL;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
        if (g_str_has_suffix(name, ".h5"))
            g_ptr_array_add(paths, g_build_filename(place, name, NULL));
    g_ptr_array_sort(paths, by_name);
}

static GPtrArray *all_libraries(const char *folder, const char *const *given)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    if (folder != NULL)
        add_own_libraries(folder, paths);
    for (gsize i = 0; given != NULL && given[i] != NULL; i++)
        g_ptr_array_add(paths, g_strdup(given[i]));
    g_ptr_array_add(paths, NULL);
    return paths;
}

/* ---- opening ---- */

static gboolean open_lab(CelLabBench *bench, const char *folder, GError **error)
{
    bench->lab = cel_lab_open(folder, error);
    if (bench->lab == NULL)
        return FALSE;
    bench->book = cel_daybook_new(cel_lab_register(bench->lab), cel_clock_system());
    g_autofree char *records = cel_lab_bench_records(folder);
    if (records != NULL)
        bench->records = cel_records_open(records, error);
    return records == NULL ||
           (bench->records != NULL && cel_lab_vouch(bench->lab, bench->records, error));
}

CelLabBench *cel_lab_bench_open(const char *folder, const char *const *library_paths, CelJob *job,
                                GError **error)
{
    g_autoptr(CelLabBench) bench = g_new0(CelLabBench, 1);
    if (folder != NULL && !open_lab(bench, folder, error))
        return NULL;
    g_autoptr(GPtrArray) paths = all_libraries(folder, library_paths);
    const CelBenchOptions options = {
        .policy = CEL_POLICY_EVIDENCE,
        .library_paths = (const char *const *)paths->pdata,
        .trust = bench->lab != NULL ? cel_lab_trust(bench->lab) : NULL,
        .records = bench->records,
        .judge = bench->book != NULL ? cel_daybook_ask : NULL,
        .judge_data = bench->book,
    };
    bench->bench = cel_bench_open(&options, job, error);
    return bench->bench != NULL ? g_steal_pointer(&bench) : NULL;
}
