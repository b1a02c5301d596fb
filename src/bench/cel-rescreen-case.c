/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-rescreen-private.h"

#include "base/cel-error.h"
#include "evidence/cel-record.h"
#include "evidence/cel-verify.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { DIGITS = 4 };

/** Conclusion: what was or would be said; texts are borrowed, NULL where nothing stands. */
typedef struct {
    const char *outcome, *ceiling, *lead;
    const char *first, *reference; /* of the nearest hit */
    double score, margin;          /* @margin: to the next hit */
} Conclusion;

static double number_of(JsonObject *object, const char *key)
{
    JsonNode *node = object != NULL ? json_object_get_member(object, key) : NULL;
    const GType type =
        node != NULL && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_NONE;
    return type == G_TYPE_DOUBLE  ? json_node_get_double(node)
           : type == G_TYPE_INT64 ? (double)json_node_get_int(node)
                                  : 0;
}

static JsonObject *sealed_hit(JsonObject *answer, guint i)
{
    JsonNode *node = cel_record_member(answer, "hits");
    JsonArray *hits =
        node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    JsonNode *hit =
        hits != NULL && i < json_array_get_length(hits) ? json_array_get_element(hits, i) : NULL;
    return hit != NULL && JSON_NODE_HOLDS_OBJECT(hit) ? json_node_get_object(hit) : NULL;
}

static Conclusion sealed_conclusion(const CelSealed *sealed)
{
    JsonObject *answer = cel_sealed_answer(sealed);
    JsonObject *first = sealed_hit(answer, 0);
    return (Conclusion){
        .outcome = cel_record_text(answer, "outcome"),
        .ceiling = cel_record_text(answer, "claim/ceiling"),
        .lead = cel_record_text(answer, "lead"),
        .first = first != NULL ? cel_record_text(first, "id") : NULL,
        .reference = first != NULL ? cel_record_text(first, "reference") : NULL,
        .score = number_of(first, "score"),
        .margin = number_of(first, "score") - number_of(sealed_hit(answer, 1), "score"),
    };
}

static Conclusion conclusion_of(const CelIdentification *answer)
{
    const GPtrArray *hits = answer->hits;
    const CelHit *first = hits->len > 0 ? g_ptr_array_index(hits, 0) : NULL;
    const CelHit *second = hits->len > 1 ? g_ptr_array_index(hits, 1) : NULL;
    return (Conclusion){
        .outcome = cel_outcome_name(answer->outcome),
        .ceiling = answer->ceiling,
        .lead = answer->lead_id,
        .first = first != NULL ? first->substance->id : NULL,
        .reference = first == NULL || first->reference == NULL ? "" : first->reference->name,
        .score = first != NULL ? first->score : 0,
        .margin = (first != NULL ? first->score : 0) - (second != NULL ? second->score : 0),
    };
}

static gboolean same_conclusion(const Conclusion *a, const Conclusion *b)
{
    return g_strcmp0(a->outcome, b->outcome) == 0 && g_strcmp0(a->ceiling, b->ceiling) == 0 &&
           g_strcmp0(a->lead, b->lead) == 0;
}

/* ---- why it changed ---- */

static void add_why(GPtrArray *why, char *en, char *zh)
{
    g_ptr_array_add(why, en);
    g_ptr_array_add(why, zh);
}

/* @why: English and Chinese in turn. */
static void tell_nearest(const CelRescreen *run, const Conclusion *a, const Conclusion *b,
                         GPtrArray *why)
{
    const char *then = a->first != NULL ? a->first : "-", *now = b->first != NULL ? b->first : "-";
    if (strcmp(then, now) != 0)
        add_why(why,
                g_strdup_printf("the nearest substance is %s (score %.3f), it was %s (%.3f)", now,
                                b->score, then, a->score),
                g_strdup_printf("最接近的物质为 %s(得分 %.3f),原为 %s(%.3f)", now, b->score, then,
                                a->score));
    else if (g_strcmp0(a->reference, b->reference) != 0)
        add_why(why,
                g_strdup_printf("the nearest reference of %s is %s (score %.3f), it was %s (%.3f)",
                                now, b->reference, b->score, a->reference, a->score),
                g_strdup_printf("%s 最接近的参考光谱为 %s(得分 %.3f),原为 %s(%.3f)", now,
                                b->reference, b->score, a->reference, a->score));
    if (a->first != NULL && cel_library_find(run->library, a->first) == NULL)
        add_why(why, g_strdup_printf("%s is not in the new version", a->first),
                g_strdup_printf("新版本中没有 %s", a->first));
    if (fabs(a->margin - b->margin) >= 0.0005)
        add_why(why,
                g_strdup_printf("the distance to the next substance is %.3f, it was %.3f",
                                b->margin, a->margin),
                g_strdup_printf("与下一物质的差距为 %.3f,原为 %.3f", b->margin, a->margin));
}

static GPtrArray *reasons_of(const CelRescreen *run, const Conclusion *a, const Conclusion *b,
                             const CelIdentification *answer)
{
    GPtrArray *why = g_ptr_array_new_with_free_func(g_free);
    tell_nearest(run, a, b, why);
    for (guint i = 0; i < answer->why_en->len; i++)
        add_why(why, g_strdup(g_ptr_array_index(answer->why_en, i)),
                g_strdup(g_ptr_array_index(answer->why_zh, i)));
    return why;
}

/* ---- writing the line ---- */

static void write_conclusion(CelJsonWriter *json, const char *key, const Conclusion *c)
{
    cel_json_open(json, key, '{');
    cel_json_text(json, "outcome", c->outcome);
    cel_json_text(json, "ceiling", c->ceiling);
    cel_json_text(json, "lead", c->lead);
    cel_json_text(json, "first", c->first);
    cel_json_text(json, "reference", c->reference);
    cel_json_number(json, "score", c->score, DIGITS);
    cel_json_number(json, "margin", c->margin, DIGITS);
    cel_json_close(json);
}

static void write_why(CelJsonWriter *json, const GPtrArray *why)
{
    static const char *const keys[] = {"why", "why_zh_CN"};
    for (guint language = 0; language < 2; language++) {
        cel_json_open(json, keys[language], '[');
        for (guint i = language; i < why->len; i += 2)
            cel_json_text(json, NULL, g_ptr_array_index(why, i));
        cel_json_close(json);
    }
}

static CelJsonWriter *begin_line(const CelRescreenFile *file, const CelSealed *sealed,
                                 const char *state)
{
    CelJsonWriter *json = cel_json_writer_new();
    JsonObject *record = sealed != NULL ? cel_sealed_record(sealed) : NULL;
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", file->path);
    cel_json_int(json, "bytes", file->bytes);
    cel_json_int(json, "mtime_us", file->mtime_us);
    cel_json_text(json, "state", state);
    if (record != NULL) {
        cel_json_text(json, "fid", cel_record_text(record, "fid"));
        cel_json_text(json, "case", cel_record_text(record, "case"));
        cel_json_text(json, "exhibit", cel_record_text(record, "item"));
    }
    return json;
}

static char *not_done(const CelRescreenFile *file, const CelSealed *sealed, GError *why,
                      GError **error)
{
    if (g_error_matches(why, CEL_ERROR, CEL_ERROR_CANCELLED) ||
        g_error_matches(why, CEL_ERROR, CEL_ERROR_SYSTEM)) {
        g_propagate_error(error, why);
        return NULL;
    }
    g_autoptr(CelJsonWriter) json = begin_line(file, sealed, "not-done");
    cel_json_text(json, "problem", why->message);
    cel_json_close(json);
    g_error_free(why);
    return cel_json_finish(json);
}

/* ---- one file ---- */

static CelWork *identify_again(CelRescreen *run, const CelSealed *sealed, gboolean new_version,
                               CelJob *job, GError **error)
{
    run->state = cel_sealed_state(sealed);
    CelBench *bench = cel_rescreen_bench(run, sealed, new_version, job, error);
    g_autoptr(CelWork) work = bench != NULL ? cel_work_new(bench) : NULL;
    if (work == NULL || !cel_sealed_fill(work, sealed, error) ||
        !cel_work_identify(work, job, error))
        return NULL;
    return g_steal_pointer(&work);
}

/* Whether the recorded libraries still give the sealed conclusion here. Returns: "library" when
 * they do, "program" when they do not, "unknown" when they are not at hand. */
static const char *cause_of(CelRescreen *run, const CelSealed *sealed, CelJob *job)
{
    const Conclusion then = sealed_conclusion(sealed);
    g_autoptr(CelWork) work = identify_again(run, sealed, FALSE, job, NULL);
    if (work == NULL)
        return "unknown";
    const Conclusion again = conclusion_of(cel_work_answer(work));
    return same_conclusion(&then, &again) ? "library" : "program";
}

/* A spectrum that nothing in the libraries explains, though it could be compared. */
static gboolean is_unmatched(const CelIdentification *answer)
{
    return answer->outcome == CEL_OUTCOME_NOTHING_CLAIMED ||
           (answer->outcome == CEL_OUTCOME_INCONCLUSIVE && answer->lead_id == NULL);
}

static char *write_line(CelRescreen *run, const CelRescreenFile *file, const CelSealed *sealed,
                        const CelIdentification *answer, CelJob *job)
{
    const Conclusion before = sealed_conclusion(sealed), after = conclusion_of(answer);
    const gboolean same = same_conclusion(&before, &after), replaced = run->replaced;
    g_autoptr(CelJsonWriter) json = begin_line(file, sealed, same ? "same" : "changed");
    write_conclusion(json, "before", &before);
    write_conclusion(json, "after", &after);
    cel_json_bool(json, "replaced", replaced);
    cel_json_bool(json, "no_match", is_unmatched(answer));
    if (!same) {
        g_autoptr(GPtrArray) why = reasons_of(run, &before, &after, answer);
        cel_json_text(json, "cause", cause_of(run, sealed, job));
        write_why(json, why);
    }
    cel_json_close(json);
    return cel_json_finish(json);
}

/* What was changed after the seal says nothing about the library. */
static CelSealed *open_intact(const char *path, CelJob *job, GError **error)
{
    g_autoptr(GPtrArray) lines = NULL;
    g_autoptr(CelH5Node) root = cel_verify_read(path, NULL, &lines, job, error);
    if (root == NULL)
        return NULL;
    if (!cel_verdict_any_contradicted(lines))
        return cel_sealed_of(g_steal_pointer(&root), path, error);
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("the file is not as it was sealed; celadon verify says what is wrong"));
    return NULL;
}

char *cel_rescreen_case(CelRescreen *run, const CelRescreenFile *file, CelJob *job, GError **error)
{
    GError *why = NULL;
    g_autoptr(CelSealed) sealed = open_intact(file->path, job, &why);
    g_autoptr(CelWork) work = sealed != NULL ? identify_again(run, sealed, TRUE, job, &why) : NULL;
    if (work == NULL)
        return not_done(file, sealed, why, error);
    return write_line(run, file, sealed, cel_work_answer(work), job);
}
