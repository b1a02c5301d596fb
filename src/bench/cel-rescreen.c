/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-rescreen-private.h"

#include "base/cel-error.h"
#include "config.h"
#include "evidence/cel-record.h"
#include "match/cel-similar.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

/* So much work is lost at most when the machine dies. */
enum { SAVE_FILES = 256, SAVE_SECONDS = 20, MOST_BENCHES = 8 };

/* ---- the libraries ---- */

static gboolean know_path(CelRescreen *run, const char *path, CelJob *job, GError **error)
{
    g_autoptr(CelLibrary) library = cel_library_open(path, job, error);
    if (library == NULL)
        return FALSE;
    g_hash_table_replace(run->paths, g_strdup(cel_library_sha256(library)), g_strdup(path));
    return TRUE;
}

static gboolean open_libraries(CelRescreen *run, CelJob *job, GError **error)
{
    const CelRescreenOptions *o = run->options;
    run->library = cel_library_open(o->library_path, job, error);
    if (run->library == NULL ||
        !cel_library_state(run->library, o->library_path, o->trust, &run->library_state, error))
        return FALSE;
    if (o->previous_path != NULL) {
        run->previous = cel_library_open(o->previous_path, job, error);
        if (run->previous == NULL || !know_path(run, o->previous_path, job, error))
            return FALSE;
    }
    for (gsize i = 0; o->library_paths != NULL && o->library_paths[i] != NULL; i++)
        if (!know_path(run, o->library_paths[i], job, error))
            return FALSE;
    g_autoptr(CelLibrary) builtin = o->only ? NULL : cel_library_open_builtin(NULL);
    run->builtin_sha256 = builtin != NULL ? g_strdup(cel_library_sha256(builtin)) : NULL;
    run->builtin_name = builtin != NULL ? g_strdup(cel_library_name(builtin)) : NULL;
    return TRUE;
}

/** Setup: which libraries make an answer; paths are borrowed. */
typedef struct {
    GPtrArray *paths;
    gboolean builtin, replaced;
} Setup;

/* The version that the new one replaces: of its name, or the one that was given. */
static gboolean is_replaced(const CelRescreen *run, JsonObject *recorded)
{
    const char *name = cel_record_text(recorded, "name");
    const char *sha256 = cel_record_text(recorded, "sha256");
    return g_strcmp0(name, cel_library_name(run->library)) == 0 ||
           (run->previous != NULL && g_strcmp0(sha256, cel_library_sha256(run->previous)) == 0);
}

static gboolean add_recorded(const CelRescreen *run, JsonObject *recorded, Setup *setup,
                             GError **error)
{
    const char *sha256 = cel_record_text(recorded, "sha256");
    const char *path = sha256 != NULL ? g_hash_table_lookup(run->paths, sha256) : NULL;
    if (path != NULL) {
        g_ptr_array_add(setup->paths, (gpointer)path);
        return TRUE;
    }
    if (sha256 != NULL && g_strcmp0(sha256, run->builtin_sha256) == 0 && !setup->builtin &&
        setup->paths->len == 0) {
        setup->builtin = TRUE;
        return TRUE;
    }
    const char *name = cel_record_text(recorded, "name");
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("the library %s (SHA-256 %s) is not here; name its file with --library and try "
                  "again"),
                name != NULL ? name : "?", sha256 != NULL ? sha256 : "?");
    return FALSE;
}

/* In the order of the record, which decides between equal hits. */
static gboolean choose(const CelRescreen *run, const CelSealed *sealed, gboolean new_version,
                       Setup *setup, GError **error)
{
    JsonArray *list = cel_sealed_libraries(sealed);
    setup->paths = g_ptr_array_new();
    for (guint i = 0; list != NULL && i < json_array_get_length(list); i++) {
        JsonNode *node = json_array_get_element(list, i);
        JsonObject *recorded = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        if (new_version && recorded != NULL && is_replaced(run, recorded)) {
            if (!setup->replaced)
                g_ptr_array_add(setup->paths, (gpointer)run->options->library_path);
            setup->replaced = TRUE;
        } else if ((!new_version || !run->options->only) && recorded != NULL &&
                   !add_recorded(run, recorded, setup, error)) {
            return FALSE;
        }
    }
    if (new_version && !setup->replaced)
        g_ptr_array_add(setup->paths, (gpointer)run->options->library_path);
    g_ptr_array_add(setup->paths, NULL);
    return TRUE;
}

/* ---- benches ---- */

static gboolean as_sealed(gpointer data, const CelMeasurement *measurement, CelSampleState *state,
                          GError **error)
{
    (void)measurement;
    (void)error;
    *state = ((const CelRescreen *)data)->state;
    return TRUE;
}

static char *bench_key(const Setup *setup, const CelSealed *sealed, const char *recipe)
{
    g_autofree char *paths = g_strjoinv("\n", (char **)setup->paths->pdata);
    return g_strdup_printf("%d %d %u %.17g\n%s\n%s", setup->builtin, cel_sealed_policy(sealed),
                           cel_sealed_hits(sealed), cel_sealed_resolution_cm1(sealed), paths,
                           recipe);
}

static CelBench *open_bench(CelRescreen *run, const Setup *setup, const CelSealed *sealed,
                            const char *recipe, CelJob *job, GError **error)
{
    const CelBenchOptions options = {
        .library_paths = (const char *const *)setup->paths->pdata,
        .only_paths = !setup->builtin,
        .recipe_text = recipe,
        .judge = as_sealed,
        .judge_data = run,
        .resolution_cm1 = cel_sealed_resolution_cm1(sealed),
        .policy = cel_sealed_policy(sealed),
        .top = cel_sealed_hits(sealed),
        .threads = run->options->threads,
        .trust = run->options->trust,
    };
    return cel_bench_open(&options, job, error);
}

static void setup_clear(Setup *setup)
{
    g_clear_pointer(&setup->paths, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Setup, setup_clear)

CelBench *cel_rescreen_bench(CelRescreen *run, const CelSealed *sealed, gboolean new_version,
                             CelJob *job, GError **error)
{
    g_auto(Setup) setup = {0};
    g_autofree char *recipe = cel_h5_get_text(cel_sealed_root(sealed), CEL_PATH_RECIPE, error);
    if (recipe == NULL || !choose(run, sealed, new_version, &setup, error))
        return NULL;
    if (new_version)
        run->replaced = setup.replaced;
    g_autofree char *key = bench_key(&setup, sealed, recipe);
    CelBench *bench = g_hash_table_lookup(run->benches, key);
    if (bench != NULL)
        return bench;
    if (g_hash_table_size(run->benches) >= MOST_BENCHES)
        g_hash_table_remove_all(run->benches);
    bench = open_bench(run, &setup, sealed, recipe, job, error);
    if (bench != NULL)
        g_hash_table_insert(run->benches, g_steal_pointer(&key), bench);
    return bench;
}

/* ---- the run ---- */

static void write_library(CelJsonWriter *json, const char *key, const CelLibrary *library)
{
    cel_json_open(json, key, '{');
    cel_json_text(json, "name", cel_library_name(library));
    cel_json_text(json, "version", cel_library_version(library));
    cel_json_text(json, "sha256", cel_library_sha256(library));
    cel_json_close(json);
}

/* What a link is worth: shares of pairs that reach the limit, within and between substances. */
static void write_linking(CelJsonWriter *json)
{
    cel_json_open(json, "linking", '{');
    cel_json_text(json, "similarity", "fused score of the views on unshifted axes");
    cel_json_number(json, "limit", CEL_LINK_MIN, 3);
    cel_json_number(json, "same_substance_above", CEL_LINK_WITHIN, 3);
    cel_json_number(json, "other_substances_above", CEL_LINK_BETWEEN, 3);
    cel_json_text(json, "measured_on", CEL_LINK_MEASURED_ON);
    cel_json_close(json);
}

static char *make_header(const CelRescreen *run)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_int(json, "rescreen", 1);
    write_library(json, "library", run->library);
    cel_json_text(json, "signature", cel_library_state_name(run->library_state));
    if (run->previous != NULL)
        write_library(json, "previous", run->previous);
    cel_json_bool(json, "only", run->options->only);
    cel_json_text(json, "program", CEL_VERSION);
    write_linking(json);
    cel_json_close(json);
    return cel_json_finish(json);
}

static void bench_close(gpointer bench)
{
    cel_bench_close(bench);
}

char *cel_rescreen_part_path(const char *result_path, guint part, guint parts)
{
    return g_strdup_printf("%s.part-%u-of-%u", result_path, part, parts);
}

static gboolean resume_all(CelRescreen *run, GError **error)
{
    const CelRescreenOptions *o = run->options;
    if (!cel_rescreen_resume(run, run->result_path, error))
        return FALSE;
    for (guint p = 0; p < o->joins; p++) {
        g_autofree char *path = cel_rescreen_part_path(o->result_path, p, o->joins);
        if (!cel_rescreen_resume(run, path, error))
            return FALSE;
    }
    return TRUE;
}

static void delete_parts(const CelRescreenOptions *o)
{
    for (guint p = 0; p < o->joins; p++) {
        g_autofree char *path = cel_rescreen_part_path(o->result_path, p, o->joins);
        g_unlink(path);
    }
}

static gboolean rescreen_open(CelRescreen *run, CelJob *job, GError **error)
{
    const CelRescreenOptions *o = run->options;
    run->result_path = o->parts > 1 ? cel_rescreen_part_path(o->result_path, o->part, o->parts)
                                    : g_strdup(o->result_path);
    run->paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    run->benches = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, bench_close);
    run->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    run->lines = g_ptr_array_new_with_free_func(g_free);
    if (!open_libraries(run, job, error))
        return FALSE;
    run->header = make_header(run);
    return resume_all(run, error);
}

static void rescreen_clear(CelRescreen *run)
{
    g_clear_pointer(&run->benches, g_hash_table_unref);
    g_clear_pointer(&run->paths, g_hash_table_unref);
    g_clear_pointer(&run->known, g_hash_table_unref);
    g_clear_pointer(&run->lines, g_ptr_array_unref);
    cel_library_free(run->library);
    cel_library_free(run->previous);
    g_free(run->builtin_sha256);
    g_free(run->builtin_name);
    g_free(run->header);
    g_free(run->result_path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelRescreen, rescreen_clear)

static CelRescreenFile look_at(const char *path)
{
    CelRescreenFile file = {.path = path};
    g_autoptr(GFile) handle = g_file_new_for_path(path);
    g_autoptr(GFileInfo) info = g_file_query_info(
        handle, "standard::size,time::modified,time::modified-usec", 0, NULL, NULL);
    if (info != NULL) {
        file.bytes = g_file_info_get_size(info);
        file.mtime_us =
            (gint64)g_file_info_get_attribute_uint64(info, "time::modified") * G_USEC_PER_SEC +
            (gint64)g_file_info_get_attribute_uint32(info, "time::modified-usec");
    }
    return file;
}

static gboolean do_file(CelRescreen *run, const char *path, CelRescreenSummary *sum, CelJob *job,
                        GError **error)
{
    const CelRescreenFile file = look_at(path);
    g_autofree char *key = cel_rescreen_key(&file);
    gpointer known_key = NULL, known = NULL;
    if (g_hash_table_steal_extended(run->known, key, &known_key, &known)) {
        g_free(known_key);
        g_ptr_array_add(run->lines, known);
        sum->resumed++;
        return TRUE;
    }
    char *line = cel_rescreen_case(run, &file, job, error);
    if (line != NULL)
        g_ptr_array_add(run->lines, line);
    return line != NULL;
}

static gboolean do_files(CelRescreen *run, const char *const *files, CelRescreenSummary *sum,
                         CelJob *job, GError **error)
{
    const CelRescreenOptions *o = run->options;
    const guint n = g_strv_length((char **)(gsize)files), step = MAX(o->parts, 1);
    gint64 saved_us = g_get_monotonic_time();
    for (guint i = o->parts > 1 ? o->part : 0; i < n; i += step) {
        sum->stopped = o->stop_after > 0 && sum->files - sum->resumed >= o->stop_after;
        if (sum->stopped)
            return TRUE;
        if (!cel_job_step(job, N_("Searching the archive again"), i, n, error) ||
            !do_file(run, files[i], sum, job, error))
            return FALSE;
        sum->files++;
        const gint64 now_us = g_get_monotonic_time();
        if (sum->files % SAVE_FILES != 0 && now_us - saved_us < SAVE_SECONDS * G_USEC_PER_SEC)
            continue;
        saved_us = now_us;
        if (!cel_rescreen_save(run, NULL, NULL, error))
            return FALSE;
    }
    return TRUE;
}

static void count(const CelRescreen *run, CelRescreenSummary *sum)
{
    for (guint i = 0; i < run->lines->len; i++) {
        const char *line = g_ptr_array_index(run->lines, i);
        g_autoptr(JsonNode) node = cel_json_read(line, strlen(line), NULL);
        const char *state =
            node != NULL ? cel_record_text(json_node_get_object(node), "state") : NULL;
        sum->same += g_strcmp0(state, "same") == 0;
        sum->changed += g_strcmp0(state, "changed") == 0;
        sum->not_done += g_strcmp0(state, "not-done") == 0;
    }
}

gboolean cel_rescreen_run(const CelRescreenOptions *options, const char *const *files,
                          CelRescreenSummary *out, CelJob *job, GError **error)
{
    g_auto(CelRescreen) run = {.options = options};
    *out = (CelRescreenSummary){0};
    if (!rescreen_open(&run, job, error))
        return FALSE;
    g_autoptr(GPtrArray) links = NULL;
    const gboolean done = do_files(&run, files, out, job, error);
    const gboolean more = done && (out->stopped || options->parts > 1);
    if (done && !more)
        links = cel_rescreen_links(&run, job, error);
    count(&run, out);
    if (more)
        return cel_rescreen_save(&run, NULL, NULL, error);
    if (links == NULL) {
        cel_rescreen_save(&run, NULL, NULL, NULL); /* what stopped it is the error that counts */
        return FALSE;
    }
    out->links = links->len;
    g_hash_table_remove_all(run.known);
    if (!cel_rescreen_save(&run, links, out, error))
        return FALSE;
    delete_parts(options);
    return TRUE;
}
