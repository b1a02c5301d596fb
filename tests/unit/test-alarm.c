/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-alarm.h"
#include "made-substance.h"

#include <string.h>

/* An answer with one hit; the ceiling as @outcome makes it. */
static const CelSentence *alarm_for(CelOutcome outcome, const char *ceiling, const char *class_id,
                                    const char *group_id)
{
    CelSubstance substance = made_substance("it", class_id);
    substance.group_id = group_id;
    CelHit hit = {.substance = &substance};
    g_autoptr(GPtrArray) hits = g_ptr_array_new();
    g_ptr_array_add(hits, &hit);
    const CelIdentification answer = {
        .outcome = outcome, .ceiling = (char *)(gsize)ceiling, .hits = hits};
    return cel_alarm(&answer);
}

static void speaks_for_found_and_class_only_alone(void)
{
    for (guint outcome = 0; outcome < CEL_N_OUTCOMES; outcome++) {
        const char *ceiling = outcome == CEL_OUTCOME_CLASS_ONLY ? "class:explosive" : "lead:it";
        const gboolean wanted = outcome == CEL_OUTCOME_FOUND || outcome == CEL_OUTCOME_CLASS_ONLY;
        g_assert_cmpint(alarm_for(outcome, ceiling, "explosive", "") != NULL, ==, wanted);
    }
}

static void points_to_no_protected_species_beside_found(void)
{
    g_assert_null(alarm_for(CEL_OUTCOME_FOUND, "substance:it", "wildlife", "mineralised-collagen"));
    g_assert_null(alarm_for(CEL_OUTCOME_FOUND, "substance:it", "wildlife", "keratin"));
    g_assert_nonnull(alarm_for(CEL_OUTCOME_CLASS_ONLY, "group:keratin", "wildlife", "keratin"));
}

/* A sealed answer holds no library, only what it says. */
static void speaks_for_an_answer_that_was_read_back(void)
{
    const CelAlarmCase found = {CEL_OUTCOME_FOUND, "substance:it", "explosive", NULL};
    const CelAlarmCase fibres = {CEL_OUTCOME_FOUND, "substance:it", "mineral", "asbestos-mineral"};
    const CelAlarmCase class_only = {CEL_OUTCOME_CLASS_ONLY, "class:drug", NULL, NULL};
    const CelAlarmCase bare = {CEL_OUTCOME_FOUND, NULL, NULL, NULL};
    g_assert_nonnull(cel_alarm_said(&found));
    g_assert_nonnull(cel_alarm_said(&fibres));
    g_assert_nonnull(cel_alarm_said(&class_only));
    g_assert_null(cel_alarm_said(&bare));
}

static void is_silent_about_what_is_not_listed(void)
{
    g_assert_null(alarm_for(CEL_OUTCOME_FOUND, "substance:it", "mineral", "calcite"));
    g_assert_null(alarm_for(CEL_OUTCOME_CLASS_ONLY, "class:polymer", "polymer", ""));
    g_assert_null(alarm_for(CEL_OUTCOME_CLASS_ONLY, "none", "explosive", ""));
}

/* The wording of the rules, and nothing of why. */
static void says_one_sentence_and_no_reason(void)
{
    gsize n = 0;
    const CelAlarmDef *rows = cel_alarms(&n);
    const CelSentence *said = alarm_for(CEL_OUTCOME_FOUND, "substance:it", "drug", "");
    g_assert_true(g_str_has_prefix(said->zh, "提示关注,需送检"));
    for (gsize i = 0; i < n; i++) {
        g_assert_null(strstr(said->en, rows[i].reason));
        g_assert_cmpuint(strlen(rows[i].reason), >, 0);
        g_assert_cmpuint(strlen(rows[i].source), >, 0);
        g_assert_true(g_str_has_prefix(rows[i].what, "class:") ||
                      g_str_has_prefix(rows[i].what, "group:"));
    }
}

/* A row that names no class or group of the library would never speak. */
static void names_classes_and_groups_that_exist(void)
{
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    const CelAlarmDef *rows = cel_alarms(&n);
    g_autoptr(CelLibrary) library = cel_library_open_builtin(&error);
    g_assert_no_error(error);
    for (gsize i = 0; i < n; i++) {
        const char *id = strchr(rows[i].what, ':') + 1;
        g_assert_nonnull(g_str_has_prefix(rows[i].what, "class:") ? cel_library_class(library, id)
                                                                  : cel_library_group(library, id));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/alarm/speaks-for-found-and-class-only-alone",
                    speaks_for_found_and_class_only_alone);
    g_test_add_func("/alarm/points-to-no-protected-species-beside-found",
                    points_to_no_protected_species_beside_found);
    g_test_add_func("/alarm/speaks-for-an-answer-that-was-read-back",
                    speaks_for_an_answer_that_was_read_back);
    g_test_add_func("/alarm/is-silent-about-what-is-not-listed",
                    is_silent_about_what_is_not_listed);
    g_test_add_func("/alarm/says-one-sentence-and-no-reason", says_one_sentence_and_no_reason);
    g_test_add_func("/alarm/names-classes-and-groups-that-exist",
                    names_classes_and_groups_that_exist);
    return g_test_run();
}
