/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work-fixture.h"

#include "bench/cel-replay-compare.h"
#include "evidence/cel-record.h"
#include "h5/cel-h5-node.h"

static int training_marker;
#define TRAINING (&training_marker)

/* ---- helpers ---- */

static void add_three(Desk *desk, const Made *made)
{
    for (guint32 i = 0; i < 3; i++)
        cel_work_add(desk->work, imported(made, i + 1));
}

static void seal(Desk *desk, gboolean training)
{
    g_autoptr(GError) error = NULL;
    desk_identify(desk);
    desk_seal(desk, training, &error);
    g_assert_no_error(error);
}

static CelReplay *replay_at(const Desk *desk, const char *path, gboolean with_library)
{
    g_autoptr(GError) error = NULL;
    const char *const paths[] = {with_library ? desk->library : NULL, NULL};
    g_autoptr(CelSealed) sealed = cel_sealed_open(path, NULL, &error);
    g_assert_no_error(error);
    CelReplay *replay = cel_replay_run(sealed, paths, NULL, &error);
    g_assert_no_error(error);
    g_test_message("%s %s %s", cel_replay_state_name(replay->state),
                   replay->first != NULL ? replay->first : "",
                   replay->problem != NULL ? replay->problem : "");
    return replay;
}

static void expect(const Desk *desk, CelReplayState state)
{
    g_autoptr(CelReplay) replay = replay_at(desk, desk->path, TRUE);
    g_assert_cmpint(replay->state, ==, state);
}

typedef void (*Edit)(CelH5Node *root);

static CelH5Node *find(CelH5Node *root, const char *path)
{
    CelH5Node *node = (CelH5Node *)cel_h5_find(root, path);
    g_assert_nonnull(node);
    return node;
}

static void set_data(CelH5Node *node, GBytes *data)
{
    g_bytes_unref(node->data);
    node->data = data;
    if (node->rank == 1)
        node->shape[0] = g_bytes_get_size(data) / cel_h5_type_size(node->type);
}

/* Writes the sealed file anew after @edit; a replay does not look at the manifest. */
static char *edited(const Desk *desk, Edit edit)
{
    g_autoptr(CelH5Node) root = cel_h5_read(desk->path, CEL_SEAL_MAX_BYTES, NULL, NULL);
    char *path = g_build_filename(desk->folder, "edited.cel.h5", NULL);
    edit(root);
    g_autoptr(GBytes) image = cel_h5_to_bytes(root, NULL);
    g_assert_true(cel_file_write(path, image, 0644, NULL));
    return path;
}

static void replace_text(CelH5Node *root, const char *path, const char *from, const char *to)
{
    g_autofree char *text = cel_h5_get_text(root, path, NULL);
    g_auto(GStrv) parts = g_strsplit(text, from, 2);
    g_assert_nonnull(parts[1]);
    char *changed = g_strjoinv(to, parts);
    set_data(find(root, path), g_bytes_new_take(changed, strlen(changed)));
}

/* Every value of the list at @path times 1 + @by. */
static void scale(CelH5Node *root, const char *path, double by)
{
    CelH5Node *node = find(root, path);
    gsize n = 0;
    const void *data = g_bytes_get_data(node->data, &n);
    double *values = g_memdup2(data, n);
    for (gsize i = 0; i < n / sizeof *values; i++)
        values[i] *= 1.0 + by;
    set_data(node, g_bytes_new_take(values, n));
}

/* ---- what is the same ---- */

static void the_same_build_gives_the_same_bits(Desk *desk, gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    cel_work_add_blank(desk->work, CEL_BLANK_INSTRUMENT,
                       record(&(Recording){.noise = 5, .seed = 9}));
    seal(desk, FALSE);
    g_autoptr(CelReplay) replay = replay_at(desk, desk->path, TRUE);
    g_assert_cmpint(replay->state, ==, CEL_REPLAY_IDENTICAL);
    g_assert_cmpuint(replay->n_compared, >, 50);
    g_assert_cmpuint(replay->n_identical, ==, replay->n_compared);
    g_assert_cmpstr(replay->build, ==, replay->build_here);
    g_assert_cmpstr(replay->cpu, ==, replay->cpu_here);
    g_assert_null(replay->problem);
}

static void recalculations_are_done_again(Desk *desk, gconstpointer data)
{
    (void)data;
    cel_work_free(desk->work);
    cel_bench_close(desk->bench);
    const char *const libraries[] = {desk->library, NULL};
    const CelBenchOptions options = {
        .library_paths = libraries, .only_paths = TRUE, .stability_runs = 20};
    desk->bench = cel_bench_open(&options, NULL, NULL);
    desk->work = cel_work_new(desk->bench);
    add_three(desk, &alpha);
    seal(desk, FALSE);
    g_autoptr(CelSealed) sealed = cel_sealed_open(desk->path, NULL, NULL);
    g_assert_cmpint(cel_record_number(cel_sealed_answer(sealed), "stability/runs"), ==, 20);
    expect(desk, CEL_REPLAY_IDENTICAL);
}

static void a_blank_that_caps_the_outcome_is_replayed_too(Desk *desk, gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    cel_work_add_blank(desk->work, CEL_BLANK_PACKAGING, imported(&alpha, 8));
    seal(desk, FALSE);
    g_autoptr(CelReplay) replay = replay_at(desk, desk->path, TRUE);
    g_assert_cmpint(replay->state, ==, CEL_REPLAY_IDENTICAL);
    g_assert_cmpstr(replay->outcome, ==, "inconclusive");
}

static void replicates_that_failed_count_again(Desk *desk, gconstpointer data)
{
    (void)data;
    cel_work_add(desk->work, imported(&alpha, 1));
    cel_work_add_failure(desk->work, "the instrument left");
    cel_work_add(desk->work, imported(&alpha, 2));
    seal(desk, FALSE);
    expect(desk, CEL_REPLAY_IDENTICAL);
}

static void measured_frames_of_an_instrument_are_replayed(Desk *desk, gconstpointer data)
{
    (void)data;
    for (int i = 0; i < 3; i++)
        cel_work_add(desk->work, simulated(&alpha, i + 1));
    seal(desk, TRUE);
    expect(desk, CEL_REPLAY_IDENTICAL);
}

static void the_development_policy_is_taken_from_the_record(Desk *desk, gconstpointer data)
{
    (void)data;
    add_three(desk, &beta);
    seal(desk, FALSE);
    expect(desk, CEL_REPLAY_IDENTICAL);
}

/* ---- what differs ---- */

static void change_raw_count(CelH5Node *root)
{
    scale(root, "/entry/instrument/detector_1/raw_data/raw", 1e-3);
}

static void change_step(CelH5Node *root)
{
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func(g_free);
    GPtrArray *children = cel_h5_children(find(root, "/replicate_2/entry"));
    for (guint i = 0; i < children->len; i++) {
        const char *name = cel_h5_name(g_ptr_array_index(children, i));
        if (g_str_has_prefix(name, "process_01"))
            g_ptr_array_add(steps, g_strdup_printf("/replicate_2/entry/%s/result/intensity", name));
    }
    g_assert_cmpuint(steps->len, ==, 1);
    scale(root, g_ptr_array_index(steps, 0), 1e-6);
}

static void change_score(CelH5Node *root)
{
    scale(root, "/celadon/result/hit_01/score", -0.01);
}

static void change_outcome(CelH5Node *root)
{
    replace_text(root, CEL_PATH_ANSWER, "\"outcome\":\"", "\"outcome\":\"x");
}

static void change_claim(CelH5Node *root)
{
    set_data(find(root, "/celadon/result/claim_zh"), g_bytes_new("确认", strlen("确认")));
}

static void add_hit(CelH5Node *root)
{
    cel_h5_put_text(cel_h5_group(root, "/celadon/result/hit_99", NULL), "id", "rhino");
}

static void drop_hit(CelH5Node *root)
{
    cel_h5_remove(find(root, "/celadon/result"), "hit_01");
}

static void change_reference(CelH5Node *root)
{
    CelH5Node *node = find(root, "/celadon/reference/intensity");
    gsize n = 0;
    const guint8 *old = g_bytes_get_data(node->data, &n);
    guint8 *copy = g_memdup2(old, n);
    copy[n / 2] ^= 0x40;
    set_data(node, g_bytes_new_take(copy, n));
}

static const struct {
    const char *name;
    Edit edit;
} differing[] = {
    {"raw_count", change_raw_count}, {"step", change_step},           {"score", change_score},
    {"outcome", change_outcome},     {"claim", change_claim},         {"add_hit", add_hit},
    {"drop_hit", drop_hit},          {"reference", change_reference},
};

static void what_does_not_follow_from_the_raw_data_is_named(Desk *desk, gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    seal(desk, FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS(differing); i++) {
        g_test_message("%s", differing[i].name);
        g_autofree char *path = edited(desk, differing[i].edit);
        g_autoptr(CelReplay) replay = replay_at(desk, path, TRUE);
        g_assert_cmpint(replay->state, ==, CEL_REPLAY_DIFFERS);
        g_assert_nonnull(replay->first);
    }
}

static void change_last_bits(CelH5Node *root)
{
    scale(root, "/entry/data/intensity", 1e-13);
}

static void last_bits_are_within_the_tolerance(Desk *desk, gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    seal(desk, FALSE);
    g_autofree char *path = edited(desk, change_last_bits);
    g_autoptr(CelReplay) replay = replay_at(desk, path, TRUE);
    g_assert_cmpint(replay->state, ==, CEL_REPLAY_WITHIN);
    g_assert_cmpfloat(replay->largest, >, 0);
    g_assert_cmpfloat(replay->largest, <, 2e-13);
    g_assert_cmpstr(replay->first, ==, "/entry/data/intensity");
}

/* ---- what is missing ---- */

static void a_library_that_is_not_here_is_named_by_its_digest(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(CelLibrary) library = cel_library_open(desk->library, NULL, NULL);
    add_three(desk, &alpha);
    seal(desk, FALSE);
    g_autoptr(CelReplay) replay = replay_at(desk, desk->path, FALSE);
    g_assert_cmpint(replay->state, ==, CEL_REPLAY_NOT_DONE);
    g_assert_nonnull(strstr(replay->problem, cel_library_sha256(library)));
    g_assert_null(replay->outcome);
}

static void raise_step_version(CelH5Node *root)
{
    replace_text(root, CEL_PATH_RECIPE, "@1", "@99");
}

static void a_step_of_another_version_is_not_replayed(Desk *desk, gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    seal(desk, FALSE);
    g_autofree char *path = edited(desk, raise_step_version);
    g_autoptr(CelReplay) replay = replay_at(desk, path, TRUE);
    g_assert_cmpint(replay->state, ==, CEL_REPLAY_NOT_DONE);
    g_assert_nonnull(strstr(replay->problem, "99"));
}

static void a_cancelled_replay_is_an_error(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    add_three(desk, &alpha);
    seal(desk, FALSE);
    g_autoptr(CelSealed) sealed = cel_sealed_open(desk->path, NULL, NULL);
    g_cancellable_cancel(cancel);
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    const char *const paths[] = {desk->library, NULL};
    g_assert_null(cel_replay_run(sealed, paths, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
}

/* ---- what is said ---- */

static void each_state_has_its_verdict(void)
{
    static const CelVerdictState states[] = {CEL_VERDICT_PROVEN, CEL_VERDICT_PROVEN,
                                             CEL_VERDICT_CONTRADICTED, CEL_VERDICT_NOT_PROVEN};
    for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
        g_autoptr(GPtrArray) lines = cel_verdict_new();
        const CelReplay replay = {.state = i,
                                  .first = (char *)"/x",
                                  .problem = (char *)"no library",
                                  .outcome = (char *)"found",
                                  .build = (char *)"a",
                                  .cpu = (char *)"b",
                                  .build_here = (char *)"c",
                                  .cpu_here = (char *)"d"};
        cel_verdict_say(lines, "replay", CEL_VERDICT_NOT_PROVEN, NULL, NULL);
        cel_replay_verdict(&replay, lines);
        const CelVerdictLine *line = cel_verdict_find(lines, "replay");
        g_assert_cmpint(line->state, ==, states[i]);
        g_assert_false(g_str_is_ascii(line->text_zh));
        g_autofree char *json = cel_replay_json(&replay, "f");
        g_assert_nonnull(strstr(json, cel_replay_state_name(i)));
    }
}

static gboolean agree(const char *a, const char *b, gboolean *rounded)
{
    return cel_replay_answers_agree(a, strlen(a), b, strlen(b), rounded);
}

static void answers_may_differ_by_one_unit_of_their_last_digit(void)
{
    static const struct {
        const char *a, *b;
        gboolean agree, rounded;
    } rows[] = {
        {"{\"score\":0.9712}", "{\"score\":0.9712}", TRUE, FALSE},
        {"{\"score\":0.9712}", "{\"score\":0.9713}", TRUE, TRUE},
        {"{\"score\":0.9712}", "{\"score\":0.9715}", FALSE, TRUE},
        {"{\"matched_cm1\":[1062.5]}", "{\"matched_cm1\":[1062.6]}", TRUE, TRUE},
        {"{\"shift_applied_cm1\":0.80}", "{\"shift_applied_cm1\":0.81}", TRUE, TRUE},
        {"{\"same_answer\":0.99}", "{\"same_answer\":0.985}", TRUE, TRUE},
        {"{\"same_answer\":0.99}", "{\"same_answer\":0.97}", FALSE, TRUE},
        {"{\"rank\":1}", "{\"rank\":2}", FALSE, TRUE},
        {"{\"outcome\":\"found\"}", "{\"outcome\":\"mixture\"}", FALSE, FALSE},
        {"{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", TRUE, FALSE},
        {"{\"a\":1}", "{\"a\":1,\"b\":null}", FALSE, FALSE},
        {"{\"hits\":[1,2]}", "{\"hits\":[1]}", FALSE, FALSE},
        {"{\"elapsed_ms\":1.5}", "{\"elapsed_ms\":99.0}", TRUE, FALSE},
        {"{\"a\":null}", "{\"a\":0}", FALSE, FALSE},
        {"{", "{", FALSE, FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gboolean rounded = FALSE;
        g_test_message("%s %s", rows[i].a, rows[i].b);
        g_assert_cmpint(agree(rows[i].a, rows[i].b, &rounded), ==, rows[i].agree);
        g_assert_cmpint(rounded, ==, rows[i].rounded);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
#define ADD_AS(test, kind)                                                                         \
    g_test_add("/replay/" #test, Desk, kind, desk_set_up, test, desk_tear_down)
#define ADD(test) ADD_AS(test, NULL)
    ADD(the_same_build_gives_the_same_bits);
    ADD(a_blank_that_caps_the_outcome_is_replayed_too);
    ADD(recalculations_are_done_again);
    ADD(replicates_that_failed_count_again);
    ADD(measured_frames_of_an_instrument_are_replayed);
    ADD_AS(the_development_policy_is_taken_from_the_record, TRAINING);
    ADD(what_does_not_follow_from_the_raw_data_is_named);
    ADD(last_bits_are_within_the_tolerance);
    ADD(a_library_that_is_not_here_is_named_by_its_digest);
    ADD(a_step_of_another_version_is_not_replayed);
    ADD(a_cancelled_replay_is_an_error);
    g_test_add_func("/replay/each_state_has_its_verdict", each_state_has_its_verdict);
    g_test_add_func("/replay/answers_may_differ_by_one_unit_of_their_last_digit",
                    answers_may_differ_by_one_unit_of_their_last_digit);
    return g_test_run();
}
