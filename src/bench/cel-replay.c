/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-replay.h"

#include "base/cel-cpu.h"
#include "base/cel-error.h"
#include "base/cel-json.h"
#include "bench/cel-replay-compare.h"
#include "bench/cel-sealed-work.h"
#include "config.h"
#include "evidence/cel-record.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const char *cel_replay_state_name(CelReplayState state)
{
    static const char *const names[] = {"identical", "within-tolerance", "differs", "not-done"};
    g_return_val_if_fail((guint)state < G_N_ELEMENTS(names), NULL);
    return names[state];
}

void cel_replay_free(CelReplay *replay)
{
    if (replay == NULL)
        return;
    g_free(replay->first);
    g_free(replay->problem);
    g_free(replay->outcome);
    g_free(replay->build);
    g_free(replay->cpu);
    g_free(replay->build_here);
    g_free(replay->cpu_here);
    g_free(replay);
}

/* ---- the bench as it was ---- */

/** Setup: the bench of the day of the seal; libraries in the order of the record. */
typedef struct {
    GPtrArray *paths; /* libraries besides the built-in one */
    gboolean builtin;
    char *recipe;
    guint top;
} Setup;

static void setup_clear(Setup *setup)
{
    g_clear_pointer(&setup->paths, g_ptr_array_unref);
    g_free(setup->recipe);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Setup, setup_clear)

static gboolean has_digest(CelLibrary *library, const char *sha256)
{
    const gboolean same = library != NULL && strcmp(cel_library_sha256(library), sha256) == 0;
    cel_library_free(library);
    return same;
}

/* The library with this digest: the built-in one, else a file of @paths. */
static gboolean find_library(Setup *setup, const char *sha256, const char *const *paths,
                             CelJob *job)
{
    if (setup->paths->len == 0 && !setup->builtin &&
        has_digest(cel_library_open_builtin(NULL), sha256)) {
        setup->builtin = TRUE;
        return TRUE;
    }
    for (gsize i = 0; paths != NULL && paths[i] != NULL; i++)
        if (has_digest(cel_library_open(paths[i], job, NULL), sha256)) {
            g_ptr_array_add(setup->paths, g_strdup(paths[i]));
            return TRUE;
        }
    return FALSE;
}

static gboolean find_libraries(Setup *setup, const CelSealed *sealed, const char *const *paths,
                               CelJob *job, GError **error)
{
    JsonArray *list = cel_sealed_libraries(sealed);
    setup->paths = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; list != NULL && i < json_array_get_length(list); i++) {
        JsonNode *element = json_array_get_element(list, i);
        JsonObject *library =
            JSON_NODE_HOLDS_OBJECT(element) ? json_node_get_object(element) : NULL;
        const char *sha256 = library != NULL ? cel_record_text(library, "sha256") : NULL;
        if (!cel_job_step(job, N_("Recomputing"), 0, 0, error))
            return FALSE;
        if (sha256 != NULL && find_library(setup, sha256, paths, job))
            continue;
        const char *name = library != NULL ? cel_record_text(library, "name") : NULL;
        g_autofree char *what = g_strdup_printf("%s (SHA-256 %s)", name != NULL ? name : "?",
                                                sha256 != NULL ? sha256 : "?");
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("the library %s is not here; name its file with --library and try again"),
                    what);
        return FALSE;
    }
    g_ptr_array_add(setup->paths, NULL);
    return TRUE;
}

/* Recalculations that the sealed answer speaks of: they are part of what is computed again. */
static guint sealed_runs(const CelSealed *sealed)
{
    const gint64 runs = cel_record_number(cel_sealed_answer(sealed), "stability/runs");
    return (guint)CLAMP(runs, 0, CEL_STABILITY_MAX_RUNS);
}

static gboolean was_recorded(const CelSealed *sealed)
{
    return g_strcmp0(cel_record_text(cel_sealed_answer(sealed), "validation/status"), "recorded") ==
           0;
}

static gboolean as_sealed(gpointer data, const CelMeasurement *measurement, CelSampleState *state,
                          GError **error)
{
    (void)measurement;
    (void)error;
    *state = *(const CelSampleState *)data;
    return TRUE;
}

/* @state: lives as long as the bench. */
static CelBench *open_bench(const CelSealed *sealed, const char *const *paths,
                            CelSampleState *state, CelJob *job, GError **error)
{
    g_auto(Setup) setup = {0};
    setup.top = cel_sealed_hits(sealed);
    setup.recipe = cel_h5_get_text(cel_sealed_root(sealed), CEL_PATH_RECIPE, error);
    if (setup.recipe == NULL || !find_libraries(&setup, sealed, paths, job, error))
        return NULL;
    const CelBenchOptions options = {
        .library_paths = (const char *const *)setup.paths->pdata,
        .only_paths = !setup.builtin,
        .recipe_text = setup.recipe,
        .judge = as_sealed,
        .judge_data = state,
        .resolution_cm1 = cel_sealed_resolution_cm1(sealed),
        .stability_runs = sealed_runs(sealed),
        .validated = was_recorded(sealed),
        .policy = cel_sealed_policy(sealed),
        .top = setup.top,
    };
    return cel_bench_open(&options, job, error);
}

/* ---- the work again ---- */

static CelH5Node *recompute(CelWork *work, const CelSealed *sealed, CelJob *job, GError **error)
{
    JsonObject *record = cel_sealed_record(sealed);
    const CelWorkSeal seal = {.case_id = cel_record_text(record, "case"),
                              .exhibit_id = cel_record_text(record, "item"),
                              .operator_id = cel_record_text(record, "op/id"),
                              .training = cel_sealed_is_training(sealed),
                              .clock = cel_clock_fixed(1)};
    if (!cel_sealed_fill(work, sealed, error) || !cel_work_identify(work, job, error))
        return NULL;
    return cel_work_tree(work, &seal, cel_record_text(record, "op/name"), job, error);
}

static char *join(const char *a, const char *b)
{
    return g_strconcat(a != NULL ? a : "?", " / ", b != NULL ? b : "?", NULL);
}

static CelReplay *replay_new(JsonObject *record)
{
    CelReplay *replay = g_new0(CelReplay, 1);
    const char *cpu = cel_record_text(record, "sw/cpu");
    replay->build =
        join(cel_record_text(record, "sw/version"), cel_record_text(record, "sw/build"));
    replay->cpu = g_strdup(cpu != NULL ? cpu : "?");
    replay->build_here = join(CEL_VERSION, __VERSION__);
    replay->cpu_here = g_strdup(cel_cpu_path());
    return replay;
}

/* What is missing makes "not done"; a cancel and a fault of the machine stay errors. */
static CelReplay *give_up(CelReplay *replay, GError *why, GError **error)
{
    if (g_error_matches(why, CEL_ERROR, CEL_ERROR_CANCELLED) ||
        g_error_matches(why, CEL_ERROR, CEL_ERROR_SYSTEM)) {
        cel_replay_free(replay);
        g_propagate_error(error, why);
        return NULL;
    }
    replay->state = CEL_REPLAY_NOT_DONE;
    replay->problem = g_strdup(why->message);
    g_error_free(why);
    return replay;
}

CelReplay *cel_replay_run(const CelSealed *sealed, const char *const *library_paths, CelJob *job,
                          GError **error)
{
    CelReplay *replay = replay_new(cel_sealed_record(sealed));
    GError *why = NULL;
    CelSampleState state = cel_sealed_state(sealed);
    g_autoptr(CelBench) bench = open_bench(sealed, library_paths, &state, job, &why);
    g_autoptr(CelWork) work = bench != NULL ? cel_work_new(bench) : NULL;
    g_autoptr(CelH5Node) again = work != NULL ? recompute(work, sealed, job, &why) : NULL;
    if (again == NULL)
        return give_up(replay, why, error);
    replay->outcome = g_strdup(cel_outcome_name(cel_work_answer(work)->outcome));
    cel_replay_compare(cel_sealed_root(sealed), again, replay);
    return replay;
}

/* ---- what is said of it ---- */

static char *say_en(const CelReplay *r)
{
    switch (r->state) {
    case CEL_REPLAY_IDENTICAL:
        return g_strdup_printf("Recomputed from the sealed raw data: %u results of steps, hits and "
                               "answers are the same bit for bit; outcome %s",
                               r->n_compared, r->outcome);
    case CEL_REPLAY_WITHIN:
        return g_strdup_printf(
            "Recomputed from the sealed raw data: all words and the outcome %s "
            "are the same; %u of %u numbers lists bit for bit, the others within "
            "%.1e of their largest value (allowed: %.0e). Sealed with %s on %s, "
            "recomputed with %s on %s",
            r->outcome, r->n_identical, r->n_compared, r->largest, CEL_REPLAY_TOLERANCE, r->build,
            r->cpu, r->build_here, r->cpu_here);
    case CEL_REPLAY_DIFFERS:
        return g_strdup_printf("The sealed result does not follow from the sealed raw data here, "
                               "first at %s. Sealed with %s on %s, recomputed with %s on %s",
                               r->first, r->build, r->cpu, r->build_here, r->cpu_here);
    default:
        return g_strdup_printf("Not recomputed: %s", r->problem);
    }
}

static char *say_zh(const CelReplay *r)
{
    switch (r->state) {
    case CEL_REPLAY_IDENTICAL:
        return g_strdup_printf("由封存的原始数据重新计算:%u 项步骤结果、检索结果和结论逐位相同",
                               r->n_compared);
    case CEL_REPLAY_WITHIN:
        return g_strdup_printf("由封存的原始数据重新计算:全部文字和结论相同;%u/%u 项数值逐位相同,"
                               "其余相差不超过其最大值的 %.1e(允许 %.0e)。"
                               "封存程序 %s(%s),复算程序 %s(%s)",
                               r->n_identical, r->n_compared, r->largest, CEL_REPLAY_TOLERANCE,
                               r->build, r->cpu, r->build_here, r->cpu_here);
    case CEL_REPLAY_DIFFERS:
        return g_strdup_printf("在此处由封存的原始数据不能得到封存的结果,首处不同:%s。"
                               "封存程序 %s(%s),复算程序 %s(%s)",
                               r->first, r->build, r->cpu, r->build_here, r->cpu_here);
    default:
        return g_strdup_printf("未能重新计算:%s", r->problem);
    }
}

void cel_replay_verdict(const CelReplay *replay, GPtrArray *lines)
{
    static const CelVerdictState states[] = {
        [CEL_REPLAY_IDENTICAL] = CEL_VERDICT_PROVEN,
        [CEL_REPLAY_WITHIN] = CEL_VERDICT_PROVEN,
        [CEL_REPLAY_DIFFERS] = CEL_VERDICT_CONTRADICTED,
        [CEL_REPLAY_NOT_DONE] = CEL_VERDICT_NOT_PROVEN,
    };
    CelVerdictLine *line = cel_verdict_find(lines, "replay");
    g_return_if_fail(line != NULL);
    line->state = states[replay->state];
    g_free(line->text_en);
    g_free(line->text_zh);
    line->text_en = say_en(replay);
    line->text_zh = say_zh(replay);
}

char *cel_replay_json(const CelReplay *r, const char *file)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", file);
    cel_json_text(json, "state", cel_replay_state_name(r->state));
    cel_json_text(json, "outcome", r->outcome);
    cel_json_int(json, "compared", r->n_compared);
    cel_json_int(json, "identical", r->n_identical);
    cel_json_number(json, "largest", r->largest, 3);
    cel_json_number(json, "tolerance", CEL_REPLAY_TOLERANCE, 3);
    cel_json_text(json, "first", r->first);
    cel_json_text(json, "problem", r->problem);
    cel_json_text(json, "sealed_build", r->build);
    cel_json_text(json, "sealed_cpu", r->cpu);
    cel_json_text(json, "build", r->build_here);
    cel_json_text(json, "cpu", r->cpu_here);
    cel_json_close(json);
    return cel_json_finish(json);
}
