/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-rescreen-private.h"

#include "evidence/cel-record.h"
#include "match/cel-pairs.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { DIGITS = 4, MOST_LINKS = 1000 };

/** Unknown: a spectrum that nothing explains. */
typedef struct {
    char *fid, *case_id, *exhibit_id;
    CelView *view;
} Unknown;

static void unknown_free(gpointer data)
{
    Unknown *unknown = data;
    g_free(unknown->fid);
    g_free(unknown->case_id);
    g_free(unknown->exhibit_id);
    cel_view_free(unknown->view);
    g_free(unknown);
}

/* The first replicate, processed as the record says. */
static CelView *view_of(CelRescreen *run, const CelSealed *sealed, CelJob *job)
{
    const CelH5Node *node = cel_sealed_measurement(sealed, 0);
    g_autoptr(CelMeasurement) first = node != NULL ? cel_nxraman_read(node, NULL) : NULL;
    CelBench *bench = cel_rescreen_bench(run, sealed, TRUE, job, NULL);
    if (first == NULL || bench == NULL)
        return NULL;
    g_autoptr(CelRecipe) recipe = cel_bench_recipe(bench, first->calibration.laser_nm);
    g_autoptr(CelSpectrum) done = cel_bench_process(first, recipe, NULL, job, NULL);
    return done != NULL ? cel_view_of(done) : NULL;
}

/* Returns: NULL when @line is of a file that has a match or cannot be read any more. */
static Unknown *read_unknown(CelRescreen *run, const char *line, CelJob *job)
{
    g_autoptr(JsonNode) node = cel_json_read(line, strlen(line), NULL);
    JsonObject *object = json_node_get_object(node);
    if (!cel_record_truth(object, "no_match"))
        return NULL;
    g_autoptr(CelSealed) sealed = cel_sealed_open(cel_record_text(object, "file"), job, NULL);
    CelView *view = sealed != NULL ? view_of(run, sealed, job) : NULL;
    if (view == NULL)
        return NULL;
    Unknown *unknown = g_new0(Unknown, 1);
    *unknown = (Unknown){.fid = g_strdup(cel_record_text(object, "fid")),
                         .case_id = g_strdup(cel_record_text(object, "case")),
                         .exhibit_id = g_strdup(cel_record_text(object, "exhibit")),
                         .view = view};
    return unknown;
}

static void write_side(CelJsonWriter *json, const Unknown *unknown)
{
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "fid", unknown->fid);
    cel_json_text(json, "case", unknown->case_id);
    cel_json_text(json, "exhibit", unknown->exhibit_id);
    cel_json_close(json);
}

static char *link_line(const Unknown *a, const Unknown *b, double similarity)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_open(json, "link", '[');
    write_side(json, a);
    write_side(json, b);
    cel_json_close(json);
    cel_json_number(json, "similarity", similarity, DIGITS);
    cel_json_number(json, "limit", CEL_LINK_MIN, DIGITS);
    cel_json_text(json, "note",
                  "Lead (to be verified). May not be written into a conclusion: two spectra "
                  "without a match resemble each other; that is not the same substance or source.");
    cel_json_text(json, "note_zh_CN",
                  "线索(待核实),不得写入结论:两条无检索结果的光谱相似,不表示物质或来源相同。");
    cel_json_close(json);
    return cel_json_finish(json);
}

static GPtrArray *collect(CelRescreen *run, CelJob *job, GError **error)
{
    g_autoptr(GPtrArray) unknowns = g_ptr_array_new_with_free_func(unknown_free);
    for (guint i = 0; i < run->lines->len; i++) {
        if (!cel_job_step(job, N_("Comparing what has no match"), i, run->lines->len, error))
            return NULL;
        Unknown *unknown = read_unknown(run, g_ptr_array_index(run->lines, i), job);
        if (unknown != NULL)
            g_ptr_array_add(unknowns, unknown);
    }
    return g_steal_pointer(&unknowns);
}

static const CelView **views_of(const GPtrArray *unknowns)
{
    const CelView **views = g_new(const CelView *, unknowns->len + 1);
    for (guint i = 0; i < unknowns->len; i++)
        views[i] = ((const Unknown *)g_ptr_array_index(unknowns, i))->view;
    return views;
}

GPtrArray *cel_rescreen_links(CelRescreen *run, CelJob *job, GError **error)
{
    g_autoptr(GPtrArray) links = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) unknowns = collect(run, job, error);
    if (unknowns == NULL)
        return NULL;
    g_autofree const CelView **views = views_of(unknowns);
    g_autoptr(CelPairs) pairs = cel_pairs_new(views, unknowns->len);
    g_autoptr(CelPairsBlock) block = pairs != NULL ? cel_pairs_block_new(pairs) : NULL;
    for (guint i = 0; i < unknowns->len; i++) {
        const Unknown *a = g_ptr_array_index(unknowns, i);
        if (!cel_job_step(job, N_("Comparing what has no match"), i, unknowns->len, error))
            return NULL;
        if (block != NULL && i % CEL_PAIRS_BLOCK == 0)
            cel_pairs_block_fill(block, i);
        for (guint j = i + 1; j < unknowns->len; j++) {
            const Unknown *b = g_ptr_array_index(unknowns, j);
            if (g_strcmp0(a->case_id, b->case_id) == 0 ||
                (block != NULL && cel_pairs_range(block, i, j).high < CEL_LINK_MIN))
                continue;
            const double similarity = cel_similar(a->view, b->view, 0);
            if (similarity < CEL_LINK_MIN)
                continue;
            run->more_links = run->more_links || links->len >= MOST_LINKS;
            if (links->len < MOST_LINKS)
                g_ptr_array_add(links, link_line(a, b, similarity));
        }
    }
    return g_steal_pointer(&links);
}
