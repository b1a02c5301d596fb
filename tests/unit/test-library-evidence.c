/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "evidence/cel-ca.h"
#include "evidence/cel-library-sign.h"
#include "evidence/cel-verdict.h"
#include "match/cel-library-diff.h"
#include "match/cel-lint.h"
#include "match/cel-similar.h"
#include "made-substance.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* Libraries in memory: what lint finds, what two versions differ in, and what a signature says. */

enum { N = 1200 };
static const double alpha_cm1[] = {320, 540, 760, 980, 1190},
                    beta_cm1[] = {270, 455, 655, 870, 1100};

typedef struct {
    double x[N];
    float y[N];
    CelReference reference;
} Drawn;

/* Bands at @cm1 with the noise of @seed. */
static Drawn *draw(const char *name, const double *cm1, guint32 seed)
{
    Drawn *drawn = g_new0(Drawn, 1);
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    for (int i = 0; i < N; i++) {
        double y = 3 * (g_rand_double(random) + g_rand_double(random) - 1);
        drawn->x[i] = 160 + i;
        for (int b = 0; b < 5; b++)
            y += (400 + 120 * b) / (1 + pow((drawn->x[i] - cm1[b]) / 4, 2));
        drawn->y[i] = (float)y;
    }
    drawn->reference = (CelReference){.name = name,
                                      .laser_nm = 785,
                                      .grade = CEL_GRADE_B,
                                      .source = "s",
                                      .licence = "l",
                                      .extra = "",
                                      .baseline_removed = TRUE,
                                      .n = N,
                                      .x = drawn->x,
                                      .y = drawn->y};
    return drawn;
}

static void add(CelLibraryBuilder *builder, const char *id, const Drawn *drawn)
{
    g_autoptr(GError) error = NULL;
    const CelSubstance substance = made_substance(id, "mineral");
    cel_library_builder_add_reference(builder, &substance, &drawn->reference, &error);
    g_assert_no_error(error);
}

/* Two specimens of alpha and, with @wrong, beta's spectrum under alpha too. */
static CelLibraryBuilder *builder_of(gboolean wrong)
{
    CelLibraryBuilder *builder = cel_library_builder_new("lib", wrong ? "2" : "1");
    g_autofree Drawn *a1 = draw("a1", alpha_cm1, 1), *a2 = draw("a2", alpha_cm1, 2),
                     *b1 = draw("b1", beta_cm1, 3), *b2 = draw("b2", beta_cm1, 4);
    g_autofree Drawn *w = draw("w", beta_cm1, 5);
    add(builder, "alpha", a1);
    add(builder, "alpha", a2);
    add(builder, "beta", b1);
    add(builder, "beta", b2);
    if (wrong)
        add(builder, "alpha", w);
    return builder;
}

static CelLibrary *library_of(gboolean wrong)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = builder_of(wrong);
    CelLibrary *library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    return library;
}

/* ---- lint ---- */

static void every_kind_says_something_in_both_languages(void)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint k = 0; k < CEL_N_LINTS; k++) {
        const CelLintDef *def = cel_lint_def(k);
        g_assert_true(g_hash_table_add(ids, (gpointer)def->id));
        g_assert_cmpuint(strlen(def->title_en), >, 5);
        g_assert_cmpuint(strlen(def->advice_en), >, 5);
        g_assert_false(g_str_is_ascii(def->title_zh));
        g_assert_false(g_str_is_ascii(def->advice_zh));
    }
}

static void a_wrong_label_is_found_with_its_figures(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibrary) sound = library_of(FALSE), wrong = library_of(TRUE);
    g_autoptr(CelLint) none = cel_lint_run(sound, 1, NULL, &error);
    g_assert_cmpuint(none->findings->len, ==, 0);
    g_autoptr(CelLint) lint = cel_lint_run(wrong, 2, NULL, &error);
    g_assert_cmpuint(lint->findings->len, ==, 1);
    const CelLintFinding *f = g_ptr_array_index(lint->findings, 0);
    g_assert_cmpint(f->kind, ==, CEL_LINT_MISLABELLED);
    g_assert_cmpstr(f->reference->name, ==, "w");
    g_assert_cmpstr(f->other->id, ==, "beta");
    g_assert_cmpfloat(f->numbers[0].value, <, 0.3);
    g_assert_cmpfloat(f->numbers[1].value, >, 0.95);
    g_assert_cmpfloat_with_epsilon(f->numbers[2].value, 2, 1e-12);
}

static void similarity_is_one_with_itself_and_the_same_both_ways(void)
{
    g_autofree Drawn *a = draw("a", alpha_cm1, 1), *b = draw("b", alpha_cm1, 2);
    const CelCurve one = {.x = a->x, .y_single = a->y, .n = N},
                   two = {.x = b->x, .y_single = b->y, .n = N};
    g_autoptr(CelView) view = cel_view_new(&one), other = cel_view_new(&two);
    g_assert_cmpfloat_with_epsilon(cel_similar(view, view, 0), 1, 1e-6);
    g_assert_cmpfloat_with_epsilon(cel_similar(view, other, 0), cel_similar(other, view, 0), 1e-6);
    g_assert_cmpfloat(cel_similar(view, other, 2), >=, cel_similar(view, other, 0));
}

static void quantiles_and_shares_are_those_of_the_counts(void)
{
    CelLintSpread spread = {.n = 4};
    spread.counts[100] = spread.counts[200] = spread.counts[900] = spread.counts[1000] = 1;
    g_assert_cmpfloat_with_epsilon(cel_lint_quantile(&spread, 0.5), 0.2, 1e-12);
    g_assert_cmpfloat_with_epsilon(cel_lint_quantile(&spread, 1), 1, 1e-12);
    g_assert_cmpfloat_with_epsilon(cel_lint_share_above(&spread, 0.9), 0.5, 1e-12);
    const CelLintSpread nothing = {0};
    g_assert_cmpfloat_with_epsilon(cel_lint_share_above(&nothing, 0), 0, 1e-12);
}

static void a_cancelled_run_says_so(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    g_autoptr(CelLibrary) library = library_of(FALSE);
    g_cancellable_cancel(cancel);
    g_assert_null(cel_lint_run(library, 2, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
}

/* ---- versions ---- */

static void a_version_adds_what_the_other_lacks(void)
{
    g_autoptr(CelLibrary) before = library_of(FALSE), after = library_of(TRUE);
    g_autoptr(CelLibraryDiff) there = cel_library_diff(before, after);
    g_autoptr(CelLibraryDiff) back = cel_library_diff(after, before);
    g_autoptr(CelLibraryDiff) none = cel_library_diff(before, before);
    g_assert_cmpuint(there->changes->len, ==, 1);
    g_assert_cmpuint(there->counts[CEL_CHANGE_REFERENCE_ADDED], ==, 1);
    g_assert_cmpuint(back->counts[CEL_CHANGE_REFERENCE_REMOVED], ==, 1);
    g_assert_cmpuint(none->changes->len, ==, 0);
    g_autofree char *json = cel_library_change_json(g_ptr_array_index(there->changes, 0));
    g_assert_cmpstr(json, ==,
                    "{\"change\":\"reference-added\",\"substance\":\"alpha\","
                    "\"item\":\"w\",\"before\":\"\",\"after\":\"\"}");
}

static void bands_and_texts_of_a_substance_are_compared(void)
{
    static const char *const texts[] = {"ceiling: substance", "ceiling: lead"},
                             *const rows[] = {"100 | 5 | - | - | measured | | s\n",
                                              "100 | 6 | - | - | measured | | s\n"
                                              "200 | 5 | - | - | measured | | s\n"};
    CelLibrary *libraries[2];
    for (int i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lib", "1");
        g_autofree char *text = g_strdup_printf("id: pe\nname_en: P\nname_zh: 聚\nclass: polymer\n"
                                                "field: water\n%s\nusable: yes\n\nbands:\n%s",
                                                texts[i], rows[i]);
        cel_library_builder_add_text(builder, text, "pe.substance", &error);
        g_assert_no_error(error);
        libraries[i] = cel_library_builder_finish(builder, &error);
        g_assert_no_error(error);
    }
    g_autoptr(CelLibraryDiff) diff = cel_library_diff(libraries[0], libraries[1]);
    g_assert_cmpuint(diff->changes->len, ==, 3);
    g_assert_cmpuint(diff->counts[CEL_CHANGE_CEILING], ==, 1);
    g_assert_cmpuint(diff->counts[CEL_CHANGE_BAND], ==, 1);
    g_assert_cmpuint(diff->counts[CEL_CHANGE_BAND_ADDED], ==, 1);
    cel_library_free(libraries[0]);
    cel_library_free(libraries[1]);
}

/* ---- signatures ---- */

typedef struct {
    char *folder, *path, *sig;
    CelKey *root, *key;
    CelTrust *trust;
    CelLibrary *library;
} Shelf;

static CelKey *key_of(CelKey *root, CelRole role)
{
    g_autoptr(GError) error = NULL;
    const CelCaTerms terms = {.role = role, .person_id = "P1"};
    CelKey *key = cel_key_generate("李强", FALSE, &error);
    if (role != CEL_ROLE_NONE)
        cel_ca_certify(root, key, &terms, &error);
    g_assert_no_error(error);
    return key;
}

static void set_up(Shelf *shelf, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    shelf->folder = g_dir_make_tmp("celadon-shelf-XXXXXX", &error);
    shelf->path = g_build_filename(shelf->folder, "lib.h5", NULL);
    shelf->sig = g_strconcat(shelf->path, CEL_LIBRARY_SIGNATURE_SUFFIX, NULL);
    shelf->root = cel_key_generate_lab("快检室", FALSE, &error);
    shelf->key = key_of(shelf->root, CEL_ROLE_REVIEWER);
    shelf->trust = cel_trust_new();
    g_autoptr(GBytes) roots = cel_ca_roots(shelf->root, &error);
    cel_trust_add_roots(shelf->trust, roots, &error);
    g_autoptr(CelLibraryBuilder) builder = builder_of(FALSE);
    cel_library_builder_write(builder, shelf->path, &error);
    shelf->library = cel_library_open(shelf->path, NULL, &error);
    g_assert_no_error(error);
}

static void tear_down(Shelf *shelf, gconstpointer data)
{
    (void)data;
    cel_library_free(shelf->library);
    cel_trust_free(shelf->trust);
    cel_key_free(shelf->key);
    cel_key_free(shelf->root);
    g_unlink(shelf->path);
    g_unlink(shelf->sig);
    g_rmdir(shelf->folder);
    g_free(shelf->sig);
    g_free(shelf->path);
    g_free(shelf->folder);
}

static void sign(Shelf *shelf, CelKey *key)
{
    g_autoptr(GError) error = NULL;
    const CelLibrarySigning what = {shelf->library, shelf->path, NULL,
                                    cel_clock_fixed(g_get_real_time())};
    g_autoptr(GBytes) text = cel_library_sign(&what, key, &error);
    g_assert_no_error(error);
    cel_file_write(shelf->sig, text, 0644, &error);
    g_assert_no_error(error);
}

static CelLibraryState state_of(const Shelf *shelf, const CelTrust *trust)
{
    g_autoptr(GError) error = NULL;
    CelLibraryState state = CEL_N_LIBRARY_STATES;
    g_assert_true(cel_library_state(shelf->library, shelf->path, trust, &state, &error));
    g_assert_no_error(error);
    return state;
}

static void the_state_in_use_tells_signed_from_vouched_for(Shelf *shelf, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(state_of(shelf, shelf->trust), ==, CEL_LIBRARY_UNSIGNED);
    sign(shelf, shelf->key);
    g_assert_cmpint(state_of(shelf, shelf->trust), ==, CEL_LIBRARY_SIGNED);
    g_assert_cmpint(state_of(shelf, NULL), ==, CEL_LIBRARY_NOT_VOUCHED);
    g_autoptr(CelKey) nobody = key_of(NULL, CEL_ROLE_NONE);
    sign(shelf, nobody);
    g_assert_cmpint(state_of(shelf, shelf->trust), ==, CEL_LIBRARY_NOT_VOUCHED);
}

static void a_signature_of_a_revoked_key_does_not_count(Shelf *shelf, gconstpointer data)
{
    (void)data;
    sign(shelf, shelf->key);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) der = cel_key_certificate(shelf->key, CEL_SIGN_SM2, &error);
    gsize n = 0;
    const void *bytes = g_bytes_get_data(der, &n);
    g_autofree char *hex = cel_digest_hex("sha256", bytes, n);
    cel_trust_revoke(shelf->trust, hex, 5);
    g_assert_cmpint(state_of(shelf, shelf->trust), ==, CEL_LIBRARY_REVOKED);
}

static void only_who_answers_for_results_may_sign(Shelf *shelf, gconstpointer data)
{
    (void)data;
    static const CelRole refused[] = {CEL_ROLE_OFFICER, CEL_ROLE_TECHNICIAN, CEL_ROLE_DEVICE,
                                      CEL_ROLE_LEDGER};
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CelKey) key = key_of(shelf->root, refused[i]);
        const CelLibrarySigning what = {shelf->library, shelf->path, NULL, cel_clock_system()};
        g_assert_null(cel_library_sign(&what, key, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    }
}

static void another_content_beside_the_signature_is_refused(Shelf *shelf, gconstpointer data)
{
    (void)data;
    sign(shelf, shelf->key);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibrary) other = library_of(TRUE);
    CelLibraryState state;
    g_assert_false(cel_library_state(other, shelf->path, shelf->trust, &state, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void a_file_packed_anew_keeps_its_content_but_not_its_bytes(Shelf *shelf, gconstpointer data)
{
    (void)data;
    sign(shelf, shelf->key);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = cel_file_read(shelf->path, CEL_LIBRARY_MAX_BYTES, &error);
    gsize n = 0;
    const char *old = g_bytes_get_data(bytes, &n);
    g_autofree char *longer = g_malloc0(n + 1);
    memcpy(longer, old, n);
    g_autoptr(GBytes) more = g_bytes_new(longer, n + 1);
    cel_file_write(shelf->path, more, 0644, &error);
    const CelLibraryCheck check = {.path = shelf->path, .trust = shelf->trust};
    g_autoptr(GPtrArray) lines = NULL;
    g_assert_true(cel_library_verify(&check, &lines, NULL, &error));
    g_assert_cmpint(cel_verdict_find(lines, "library.file")->state, ==, CEL_VERDICT_CONTRADICTED);
    g_assert_cmpint(cel_verdict_find(lines, "role")->state, ==, CEL_VERDICT_PROVEN);
    g_assert_cmpuint(lines->len, ==, 9);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lint/kinds", every_kind_says_something_in_both_languages);
    g_test_add_func("/lint/label", a_wrong_label_is_found_with_its_figures);
    g_test_add_func("/lint/similarity", similarity_is_one_with_itself_and_the_same_both_ways);
    g_test_add_func("/lint/spread", quantiles_and_shares_are_those_of_the_counts);
    g_test_add_func("/lint/cancel", a_cancelled_run_says_so);
    g_test_add_func("/diff/added", a_version_adds_what_the_other_lacks);
    g_test_add_func("/diff/bands", bands_and_texts_of_a_substance_are_compared);
    static const struct {
        const char *path;
        void (*test)(Shelf *shelf, gconstpointer data);
    } tests[] = {
        {"/sign/state", the_state_in_use_tells_signed_from_vouched_for},
        {"/sign/revoked", a_signature_of_a_revoked_key_does_not_count},
        {"/sign/role", only_who_answers_for_results_may_sign},
        {"/sign/other", another_content_beside_the_signature_is_refused},
        {"/sign/bytes", a_file_packed_anew_keeps_its_content_but_not_its_bytes},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Shelf, NULL, set_up, tests[i].test, tear_down);
    return g_test_run();
}
