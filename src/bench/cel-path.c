/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-path-private.h"

#include "base/cel-error.h"
#include "base/cel-text.h"
#include "cel-standard.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Begin, list, resume. */

#define ENDING           ".journal"
#define DEFAULT_STANDARD "polystyrene"
enum { DEFAULT_FRAMES = 5, LEAST_FRAMES = 3, ID_BYTES = 4, MOST_OPEN = 1000 };

const char *cel_path_id(const CelPath *path)
{
    return path->id;
}

CelPathWay cel_path_way(const CelPath *path)
{
    return path->way;
}

CelPathStep cel_path_step(const CelPath *path)
{
    return cel_path_way_def(path->way)->steps[path->at];
}

gboolean cel_path_is_over(const CelPath *path)
{
    return path->over;
}

void cel_path_touch(CelPath *path, CelPathTouch touch)
{
    g_return_if_fail((guint)touch < CEL_N_PATH_TOUCHES);
    path->touches[touch]++;
}

char *cel_path_file(const CelLab *lab, const char *id)
{
    g_autofree char *name = g_strconcat(id, ENDING, NULL);
    return cel_lab_path(lab, CEL_LAB_OPEN, name);
}

/* ---- begin ---- */

/* The order of the names is that of the beginnings. */
static char *new_id(gint64 wall_us)
{
    g_autofree char *when = cel_clock_iso8601(wall_us);
    g_autoptr(GString) id = g_string_new(NULL);
    for (const char *at = when; *at != '\0'; at++)
        if (g_ascii_isalnum(*at))
            g_string_append_c(id, *at);
    g_string_append_printf(id, "-%0*x", 2 * ID_BYTES, g_random_int());
    return g_strdup(id->str);
}

static const char *person_of(const CelLab *lab)
{
    const CelLabPerson *person = cel_lab_person(lab);
    const char *id = person->id != NULL ? person->id : cel_key_person_id(person->key);
    return id != NULL ? id : cel_key_person(person->key);
}

static guint spots_of(const CelLab *lab, const CelPathSetup *setup)
{
    const guint least = MAX(CEL_PATH_LEAST_SPOTS, cel_lab_rules(lab)->limits.least_replicates);
    return setup->spots > 0 ? setup->spots : MIN(least, CEL_PATH_MOST_SPOTS);
}

static gboolean bad_setup(GError **error, const char *why)
{
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE, why);
    return FALSE;
}

static gboolean check_texts(const CelPathSetup *setup, GError **error)
{
    const char *const texts[] = {setup->case_id,     setup->place,   setup->environment,
                                 setup->description, setup->witness, setup->lot};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i] != NULL && *texts[i] != '\0' &&
            !cel_text_is_plain(texts[i], i == 0 ? CEL_EVENT_MAX_ID : CEL_EVENT_MAX_TEXT / 4))
            return bad_setup(error, _("A text is too long or not readable; nothing was begun"));
    return TRUE;
}

static gboolean check_setup(CelLab *lab, const CelPathSetup *setup, GError **error)
{
    const guint spots = spots_of(lab, setup);
    const CelStandard *standard =
        cel_standard_find(setup->standard != NULL ? setup->standard : DEFAULT_STANDARD);
    if (cel_lab_person(lab) == NULL)
        return cel_path_refuse(error, _("Nobody is signed in; nothing was begun"));
    if (!cel_right_check(CEL_ACT_ACQUIRE, cel_lab_role(lab), FALSE, error))
        return FALSE;
    if (setup->way == CEL_PATH_FIELD && (setup->case_id == NULL || *setup->case_id == '\0'))
        return bad_setup(error, _("In the field a case is open first; name it"));
    if (standard == NULL || standard->kind != CEL_STANDARD_SHIFT)
        return bad_setup(error, _("There is no such standard for the check of the axis"));
    if (spots < CEL_PATH_LEAST_SPOTS || spots > CEL_PATH_MOST_SPOTS)
        return bad_setup(error, _("Three to five spots are measured"));
    if (spots < MIN(cel_lab_rules(lab)->limits.least_replicates, CEL_PATH_MOST_SPOTS))
        return cel_path_refuse(error, _("The laboratory's rules ask for at least %u spots"),
                               cel_lab_rules(lab)->limits.least_replicates);
    if (setup->frames > 0 && setup->frames < LEAST_FRAMES)
        return bad_setup(error, _("A shot has at least three frames"));
    return setup->start_delay_ms <= CEL_ACQUIRE_MAX_START_DELAY_MS && check_texts(setup, error);
}

static JsonObject *begin_act(const CelPath *path, const CelPathSetup *setup)
{
    JsonObject *act = cel_path_act(path, "begin");
    json_object_set_int_member(act, "v", 1);
    json_object_set_string_member(act, "id", path->id);
    json_object_set_string_member(act, "way", cel_path_way_def(setup->way)->id);
    json_object_set_string_member(act, "ledger", cel_ledger_id(cel_lab_ledger(path->lab)));
    json_object_set_string_member(act, "person", person_of(path->lab));
    cel_path_text(act, "case", setup->case_id);
    cel_path_text(act, "place", setup->place);
    cel_path_text(act, "environment", setup->environment);
    cel_path_text(act, "description",
                  setup->description != NULL ? setup->description
                                             : _("secured at the scene, see the photos"));
    cel_path_text(act, "witness", setup->witness);
    cel_path_text(act, "standard", setup->standard != NULL ? setup->standard : DEFAULT_STANDARD);
    cel_path_text(act, "lot", setup->lot);
    json_object_set_int_member(act, "spots", spots_of(path->lab, setup));
    json_object_set_int_member(act, "frames", setup->frames > 0 ? setup->frames : DEFAULT_FRAMES);
    json_object_set_int_member(act, "start_delay_ms", setup->start_delay_ms);
    json_object_set_boolean_member(act, "refuse_hazard", setup->hazard_policy == CEL_HAZARD_REFUSE);
    return act;
}

CelPath *cel_path_begin(CelLab *lab, const CelPathSetup *setup, GError **error)
{
    if (!check_setup(lab, setup, error))
        return NULL;
    g_autofree char *id = new_id(cel_clock_wall_us(setup->clock));
    g_autofree char *file = cel_path_file(lab, id);
    g_autoptr(CelPath) path = cel_path_new(lab, id, setup->clock);
    g_autoptr(JsonObject) act = begin_act(path, setup);
    path->journal = cel_journal_create(file, act, error);
    if (path->journal == NULL || !cel_path_apply(path, act, error))
        return NULL;
    return g_steal_pointer(&path);
}

/* ---- what is open ---- */

void cel_path_open_free(CelPathOpen *open)
{
    if (open == NULL)
        return;
    char *const texts[] = {open->id, open->case_id, open->item_id, open->person, open->problem};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(open);
}

static gboolean replay(CelPath *path, const GPtrArray *acts, GError **error)
{
    JsonObject *first = g_ptr_array_index(acts, 0);
    const char *ledger = cel_ledger_id(cel_lab_ledger(path->lab));
    if (strcmp(cel_row_text(first, "act"), "begin") != 0 || cel_row_number(first, "v") != 1 ||
        strcmp(cel_row_text(first, "id"), path->id) != 0 ||
        strcmp(cel_row_text(first, "ledger"), ledger) != 0) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                            _("the journal is of another laboratory or another version"));
        return FALSE;
    }
    for (guint i = 0; i < acts->len; i++)
        if (!cel_path_apply(path, g_ptr_array_index(acts, i), error))
            return FALSE;
    return TRUE;
}

/* The program ended between the last word and the end of its journal. */
static void clear_away(const char *file)
{
    g_autoptr(GPtrArray) acts = NULL;
    CelJournal *journal = cel_journal_open(file, &acts, NULL);
    if (journal != NULL)
        cel_journal_remove(journal, NULL);
}

/* Returns: (transfer full) (nullable): NULL: it is over, or was never begun. */
static CelPathOpen *look_at(CelLab *lab, const char *id)
{
    g_auto(CelJournalText) text = {0};
    g_autoptr(GError) failure = NULL;
    g_autofree char *file = cel_path_file(lab, id);
    g_autoptr(CelPath) path = cel_path_new(lab, id, cel_clock_system());
    CelPathOpen *open = g_new0(CelPathOpen, 1);
    open->id = g_strdup(id);
    if (cel_journal_peek(file, &text, &open->busy, &failure) && replay(path, text.acts, &failure)) {
        open->way = path->way;
        open->step = cel_path_step(path);
        open->case_id = g_strdup(path->case_id);
        open->item_id = g_strdup(path->item_id);
        open->person = g_strdup(cel_row_text(g_ptr_array_index(text.acts, 0), "person"));
        open->begun_us = path->started_us;
        open->last_us = path->last_us;
    } else {
        open->problem = g_strdup(failure->message);
    }
    if (path->over && !open->busy)
        clear_away(file);
    if (path->over || g_error_matches(failure, CEL_ERROR, CEL_ERROR_USAGE))
        g_clear_pointer(&open, cel_path_open_free);
    return open;
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const CelPathOpen *const *)a)->id, (*(const CelPathOpen *const *)b)->id);
}

GPtrArray *cel_path_list(CelLab *lab, GError **error)
{
    g_autofree char *folder = cel_lab_path(lab, CEL_LAB_OPEN, NULL);
    g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)cel_path_open_free);
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        return g_steal_pointer(&out); /* nobody worked in this lab yet */
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (dir == NULL) {
        g_prefix_error(error, "%s: ", folder);
        return NULL;
    }
    for (const char *name = g_dir_read_name(dir); name != NULL && out->len < MOST_OPEN;
         name = g_dir_read_name(dir)) {
        if (!g_str_has_suffix(name, ENDING))
            continue;
        g_autofree char *id = g_strndup(name, strlen(name) - strlen(ENDING));
        CelPathOpen *open = look_at(lab, id);
        if (open != NULL)
            g_ptr_array_add(out, open);
    }
    g_ptr_array_sort(out, by_name);
    return g_steal_pointer(&out);
}

/* ---- resume ---- */

static gboolean is_id(const char *id)
{
    for (const char *at = id; *at != '\0'; at++)
        if (!g_ascii_isalnum(*at) && *at != '-')
            return FALSE;
    return *id != '\0';
}

static gboolean go_on(CelPath *path, CelJob *job, GError **error)
{
    JsonObject *act = cel_path_act(path, "resume");
    json_object_set_string_member(act, "person", person_of(path->lab));
    if (!cel_path_add(path, act, error) || !cel_path_settle(path, job, error) ||
        !cel_path_interrupted(path, error))
        return FALSE;
    return cel_path_go_on(path, error);
}

static gboolean refuse_id(const char *id, GError **error)
{
    g_autofree char *shown = cel_text_printable(id);
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("There is no open sample %s; the list shows those there are"), shown);
    return FALSE;
}

CelPath *cel_path_resume(CelLab *lab, const char *id, CelClock clock, CelJob *job, GError **error)
{
    g_autoptr(GPtrArray) acts = NULL;
    if (cel_lab_person(lab) == NULL) {
        cel_path_refuse(error, _("Nobody is signed in; nothing was begun"));
        return NULL;
    }
    g_autofree char *file = is_id(id) ? cel_path_file(lab, id) : NULL;
    if (file == NULL || !g_file_test(file, G_FILE_TEST_IS_REGULAR)) {
        refuse_id(id, error);
        return NULL;
    }
    g_autoptr(CelPath) path = cel_path_new(lab, id, clock);
    path->journal = cel_journal_open(file, &acts, error);
    if (path->journal == NULL || !replay(path, acts, error))
        return NULL;
    if (path->over) { /* the program ended before its journal was cleared away */
        cel_journal_remove(g_steal_pointer(&path->journal), NULL);
        refuse_id(id, error);
        return NULL;
    }
    return go_on(path, job, error) ? g_steal_pointer(&path) : NULL;
}
