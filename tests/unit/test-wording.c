/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "match/cel-claims.h"
#include "match/cel-why.h"

#include <string.h>

/* Every substance of the library that ships, as a spectrum drawn from its own bands: what may be
 * claimed of it, and in which words. The long form over measured spectra is "tools/figures
 * wording". */

enum { N = 1750 };

typedef struct {
    CelLibrary *library;
    CelMatcher *matchers[2]; /* by policy */
    GPtrArray *answers[2];   /* CelIdentification of each substance; NULL: no bands to draw */
} Room;

static gboolean is_recalled_only(const CelSubstance *x)
{
    gboolean recalled = x->n_references == 0;
    for (gsize b = 0; b < x->n_bands; b++)
        recalled = recalled && x->bands[b].status == CEL_STATUS_RECALLED;
    return recalled;
}

/* As clear as a spectrum can be. */
static CelSpectrum *drawn(const CelSubstance *x)
{
    double axis[N], y[N];
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    for (int i = 0; i < N; i++) {
        axis[i] = 152 + 2 * i;
        y[i] = 2 * g_rand_double(rand);
        for (gsize b = 0; b < x->n_bands; b++) {
            const double u = (axis[i] - x->bands[b].shift_cm1) / 5;
            y[i] += 1000 * MAX(x->bands[b].rel_intensity, 0.2) / (1 + u * u);
        }
    }
    g_autoptr(CelAxis) shift = cel_axis_new(CEL_UNIT_SHIFT_CM1, axis, N, NULL);
    CelSpectrum *out = cel_spectrum_new(shift, y, NULL);
    cel_spectrum_set_meta(out, CEL_META_BASELINE, "removed");
    cel_spectrum_set_meta_number(out, CEL_META_LASER_NM, 785);
    return out;
}

static CelIdentification *ask(const Room *room, const CelSubstance *x, int policy)
{
    if (x->n_bands == 0)
        return NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSpectrum) sample = drawn(x);
    const CelSample asked = {.raw = sample, .state = {.axis_u_cm1 = 0.5, .axis_check = "ok"}};
    CelIdentification *answer = cel_matcher_identify(room->matchers[policy], &asked, NULL, &error);
    g_assert_no_error(error);
    return answer;
}

static void room_set_up(Room *room)
{
    g_autoptr(GError) error = NULL;
    room->library = cel_library_open_builtin(&error);
    g_assert_no_error(error);
    for (int policy = 0; policy < 2; policy++) {
        const CelLibrary *const libraries[] = {room->library};
        const CelIdentifyOptions options = {
            .libraries = libraries, .n_libraries = 1, .policy = (CelPolicy)policy};
        room->matchers[policy] = cel_matcher_new(&options, NULL, &error);
        g_assert_no_error(error);
        room->answers[policy] = g_ptr_array_new();
        for (gsize i = 0; i < cel_library_size(room->library); i++)
            g_ptr_array_add(room->answers[policy],
                            ask(room, cel_library_substance(room->library, i), policy));
    }
}

static void room_tear_down(Room *room)
{
    for (int policy = 0; policy < 2; policy++) {
        for (guint i = 0; i < room->answers[policy]->len; i++)
            cel_identification_free(g_ptr_array_index(room->answers[policy], i));
        g_ptr_array_unref(room->answers[policy]);
        cel_matcher_free(room->matchers[policy]);
    }
    cel_library_free(room->library);
}

static void look(const char *id, const char *text)
{
    const char *word = cel_claim_forbidden(text);
    if (word != NULL)
        g_error("%s: \"%s\" in: %s", id, word, text);
}

static void no_output_for_any_substance_says_a_forbidden_word(gconstpointer data)
{
    const Room *room = data;
    guint n = 0;
    for (gsize i = 0; i < cel_library_size(room->library); i++) {
        const CelSubstance *x = cel_library_substance(room->library, i);
        for (int policy = 0; policy < 2; policy++) {
            CelIdentification *answer = room->answers[policy]->pdata[i];
            if (answer == NULL)
                continue;
            g_autofree char *json = cel_identification_to_json(answer, "");
            look(x->id, json);
            n++;
        }
    }
    g_assert_cmpuint(n, >, 300);
}

static void what_is_only_recalled_is_never_found(gconstpointer data)
{
    const Room *room = data;
    guint n = 0;
    for (gsize i = 0; i < cel_library_size(room->library); i++) {
        const CelSubstance *x = cel_library_substance(room->library, i);
        for (int policy = 0; is_recalled_only(x) && policy < 2; policy++) {
            CelIdentification *answer = room->answers[policy]->pdata[i];
            if (answer == NULL)
                continue;
            g_assert_cmpint((int)answer->outcome, !=, CEL_OUTCOME_FOUND);
            g_assert_cmpint((int)answer->outcome, !=, CEL_OUTCOME_CLASS_ONLY);
            g_assert_cmpint((int)answer->outcome, !=, CEL_OUTCOME_MIXTURE);
            n++;
        }
    }
    g_assert_cmpuint(n, >, 20);
}

/* Rule 1.4: tables of bands, measured or not, are grade D. */
static void as_shipped_nothing_is_more_than_a_lead(gconstpointer data)
{
    const Room *room = data;
    for (gsize i = 0; i < cel_library_size(room->library); i++) {
        const CelIdentification *answer = room->answers[CEL_POLICY_EVIDENCE]->pdata[i];
        if (answer != NULL)
            g_assert_true(g_str_has_prefix(answer->ceiling, "lead:") ||
                          strcmp(answer->ceiling, "none") == 0);
    }
}

static void kind_is_whole(const CelLibraryKind *kind)
{
    static const char *const ceilings[] = {"substance", "group", "class", "lead", NULL};
    const char *const texts[] = {kind->name_en,  kind->name_zh,    kind->limit_en,
                                 kind->limit_zh, kind->send_to_en, kind->send_to_zh};
    for (gsize t = 0; t < G_N_ELEMENTS(texts); t++)
        look(kind->id, texts[t]);
    g_assert_cmpuint(strlen(kind->name_en), >, 0);
    g_assert_cmpuint(strlen(kind->name_zh), >, 0);
    g_assert_true(*kind->ceiling == '\0' || g_strv_contains(ceilings, kind->ceiling));
    /* a limit and where to send it go together, in both languages */
    g_assert_cmpint(*kind->limit_en != '\0', ==, *kind->limit_zh != '\0');
    g_assert_cmpint(*kind->send_to_en != '\0', ==, *kind->send_to_zh != '\0');
}

static void every_class_and_group_has_its_ceiling_and_limit_in_both_languages(gconstpointer data)
{
    const Room *room = data;
    for (gsize i = 0; i < cel_library_size(room->library); i++) {
        const CelSubstance *x = cel_library_substance(room->library, i);
        const CelLibraryKind *class_row = cel_library_class(room->library, x->class_id);
        const CelLibraryKind *group = cel_library_group(room->library, x->group_id);
        g_assert_nonnull(class_row);
        g_assert_cmpuint(strlen(class_row->ceiling), >, 0);
        kind_is_whole(class_row);
        if (*x->group_id != '\0')
            kind_is_whole(group);
        g_assert_cmpuint(strlen(x->ceiling), >, 0);
    }
}

/* The mandatory limits of rule 1.13 name the technique that goes further. */
static void mandatory_limits_say_where_to_send_it(gconstpointer data)
{
    const Room *room = data;
    static const struct {
        const char *group, *limit_en, *send_to_en;
    } rows[] = {{"mineralised-collagen", "ivory", "DNA"}, {"keratin", "species", "DNA"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const CelLibraryKind *kind = cel_library_group(room->library, rows[i].group);
        g_assert_nonnull(kind);
        g_assert_nonnull(strstr(kind->limit_en, rows[i].limit_en));
        g_assert_nonnull(strstr(kind->send_to_en, rows[i].send_to_en));
    }
}

/* Changes the answers, so it comes last. */
static void a_blank_with_its_bands_caps_any_of_them(gconstpointer data)
{
    const Room *room = data;
    for (gsize i = 0; i < cel_library_size(room->library); i++) {
        CelIdentification *answer = room->answers[CEL_POLICY_DEVELOPMENT]->pdata[i];
        if (answer == NULL || answer->hits->len == 0)
            continue;
        cel_identification_cap_for_blank(answer);
        g_assert_cmpint((int)answer->outcome, ==, CEL_OUTCOME_INCONCLUSIVE);
        look("blank", answer->claim_en);
        look("blank", answer->claim_zh);
    }
}

int main(int argc, char **argv)
{
    Room room = {0};
    cel_init();
    g_test_init(&argc, &argv, NULL);
    room_set_up(&room);
#define T(test) g_test_add_data_func("/wording/" #test, &room, test)
    T(no_output_for_any_substance_says_a_forbidden_word);
    T(what_is_only_recalled_is_never_found);
    T(as_shipped_nothing_is_more_than_a_lead);
    T(every_class_and_group_has_its_ceiling_and_limit_in_both_languages);
    T(mandatory_limits_say_where_to_send_it);
    T(a_blank_with_its_bands_caps_any_of_them);
#undef T
    const int status = g_test_run();
    room_tear_down(&room);
    return status;
}
