/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-desk-private.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-secret.h"
#include "bench/cel-lab-seal.h"
#include "evidence/cel-key-holder.h"
#include "cel-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST_KEY_BYTES = 64 * 1024, MOST_PEOPLE = 500 };

/** LabWork: one question to the lab, from the main loop to its lane and back. */
typedef struct {
    CelDesk *desk;
    CelDeskDone done;
    char *text; /* folder or key path */
    char *secret;
    /* what came of it */
    CelDeskFacts facts; /* only those that the work is about */
} LabWork;

static void lab_work_free(gpointer data)
{
    LabWork *work = data;
    g_object_unref(work->desk);
    g_free(work->text);
    cel_secret_free(work->secret);
    cel_desk_facts_clear(&work->facts);
    g_free(work);
}

static LabWork *lab_work_new(CelDesk *desk, const char *text, CelDeskDone done)
{
    LabWork *work = g_new0(LabWork, 1);
    work->desk = g_object_ref(desk);
    work->text = g_strdup(text);
    work->done = done;
    return work;
}

static void start(LabWork *work, const char *title, CelTaskRun run, CelTaskDone done,
                  GObject *owner)
{
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = title,
                                .run = run,
                                .done = done,
                                .data = work,
                                .free = lab_work_free,
                                .owner = owner};
    cel_task_start(work->desk->lanes, &order);
}

/* ---- opening ---- */

static void forget_person(CelDesk *desk)
{
    if (desk->lab != NULL && desk->person_key != NULL)
        cel_lab_sign_out(desk->lab);
    g_clear_pointer(&desk->person_key, cel_key_free);
}

static gboolean open_lab(gpointer data, CelJob *job, GError **error)
{
    LabWork *work = data;
    CelDesk *desk = work->desk;
    (void)job;
    CelLab *lab = cel_lab_open(work->text, error);
    if (lab == NULL)
        return FALSE;
    forget_person(desk);
    cel_lab_close(desk->lab);
    desk->lab = lab;
    desk->in_force = (CelInForce){0};
    work->facts.training = cel_lab_is_training(lab);
    work->facts.lock_minutes = cel_lab_profile(lab)->rules.lock_minutes;
    const CelProfileText *name = &cel_lab_profile(lab)->lab.name;
    work->facts.lab_name = g_strdup(cel_ui_pick(name->zh, name->en));
    return TRUE;
}

static void lab_is_open(gpointer owner, gpointer data, const GError *error)
{
    LabWork *work = data;
    CelDeskFacts *facts = &work->desk->facts;
    if (error == NULL) {
        cel_desk_set_text(&facts->lab_folder, work->text);
        cel_desk_set_text(&facts->lab_name, work->facts.lab_name);
        cel_desk_set_text(&facts->person, NULL);
        cel_desk_set_text(&facts->person_id, NULL);
        facts->training = work->facts.training;
        facts->lock_minutes = work->facts.lock_minutes;
        facts->role = CEL_ROLE_NONE;
        cel_desk_load_bench(work->desk);
        cel_desk_ask_check(work->desk);
        cel_desk_tell(work->desk);
        cel_desk_lab_changed(work->desk);
    }
    if (work->done != NULL)
        work->done(owner, error);
}

void cel_desk_open_lab(CelDesk *desk, const char *folder, GObject *owner, CelDeskDone done)
{
    start(lab_work_new(desk, folder, done), _("Opening the lab"), open_lab, lab_is_open, owner);
}

/* ---- people ---- */

void cel_person_card_free(gpointer data)
{
    CelPersonCard *card = data;
    if (card == NULL)
        return;
    g_free(card->path);
    g_free(card->person);
    g_free(card->person_id);
    g_free(card);
}

static CelPersonCard *read_card(const char *path)
{
    g_auto(CelKeyHolder) holder = {.has_keys = FALSE};
    g_autoptr(GBytes) pem = cel_file_read(path, MOST_KEY_BYTES, NULL);
    if (pem == NULL || !cel_key_holder_read(pem, &holder, NULL) || !holder.has_keys)
        return NULL;
    if (holder.about.role < CEL_ROLE_OFFICER || holder.about.role > CEL_ROLE_LAB_HEAD)
        return NULL;
    CelPersonCard *card = g_new0(CelPersonCard, 1);
    card->path = g_strdup(path);
    card->person = g_strdup(holder.about.person);
    card->person_id = g_strdup(holder.about.person_id != NULL ? holder.about.person_id : "");
    card->role = holder.about.role;
    return card;
}

static int by_role(gconstpointer a, gconstpointer b)
{
    const CelPersonCard *first = *(CelPersonCard *const *)a, *second = *(CelPersonCard *const *)b;
    if (first->role != second->role)
        return first->role < second->role ? -1 : 1;
    return g_utf8_collate(first->person, second->person);
}

GPtrArray *cel_desk_people(CelDesk *desk)
{
    GPtrArray *people = g_ptr_array_new_with_free_func(cel_person_card_free);
    if (desk->lab == NULL)
        return people;
    g_autofree char *folder = cel_lab_path(desk->lab, CEL_LAB_PEOPLE, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name = NULL;
    while (dir != NULL && people->len < MOST_PEOPLE && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        CelPersonCard *card = g_str_has_suffix(name, ".key") ? read_card(path) : NULL;
        if (card != NULL)
            g_ptr_array_add(people, card);
    }
    g_ptr_array_sort(people, by_role);
    return people;
}

/* ---- signing in ---- */

/* What a crash left half done is put in order by the first who may. */
static gboolean recover(CelDesk *desk, CelJob *job, GError **error)
{
    g_autoptr(GPtrArray) notes = NULL;
    const CelRole role = cel_lab_role(desk->lab);
    if ((cel_right(CEL_ACT_VERIFY)->first & (1U << role)) == 0)
        return TRUE;
    return cel_lab_recover(desk->lab, &notes, job, error);
}

CelLab *cel_desk_need_lab(CelDesk *desk, GError **error)
{
    CelLab *lab = cel_desk_lab(desk);
    if (lab == NULL)
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                            _("No lab is open. Open the lab's folder first."));
    return lab;
}

static gboolean sign_in(gpointer data, CelJob *job, GError **error)
{
    LabWork *work = data;
    CelDesk *desk = work->desk;
    if (cel_desk_need_lab(desk, error) == NULL)
        return FALSE;
    g_autoptr(CelKey) key = cel_key_load(work->text, work->secret, error);
    if (key == NULL)
        return FALSE;
    const CelLabPerson person = {.key = key, .id = cel_key_person_id(key)};
    if (!cel_lab_sign_in(desk->lab, &person, error))
        return FALSE;
    g_clear_pointer(&desk->person_key, cel_key_free);
    desk->person_key = g_steal_pointer(&key);
    work->facts.person = g_strdup(cel_key_person(desk->person_key));
    work->facts.person_id = g_strdup(person.id);
    work->facts.role = cel_lab_role(desk->lab);
    return recover(desk, job, error);
}

static void signed_in(gpointer owner, gpointer data, const GError *error)
{
    LabWork *work = data;
    CelDeskFacts *facts = &work->desk->facts;
    if (error == NULL) {
        cel_desk_set_text(&facts->person, work->facts.person);
        cel_desk_set_text(&facts->person_id, work->facts.person_id);
        facts->role = work->facts.role;
        cel_desk_tell(work->desk);
    }
    if (work->done != NULL)
        work->done(owner, error);
}

void cel_desk_sign_in(CelDesk *desk, const char *key_path, const char *passphrase, GObject *owner,
                      CelDeskDone done)
{
    LabWork *work = lab_work_new(desk, key_path, done);
    work->secret = cel_secret_new();
    g_strlcpy(work->secret, passphrase, CEL_SECRET_MAX);
    start(work, _("Opening the key"), sign_in, signed_in, owner);
}

static gboolean sign_out(gpointer data, CelJob *job, GError **error)
{
    (void)job;
    (void)error;
    forget_person(((LabWork *)data)->desk);
    return TRUE;
}

void cel_desk_sign_out(CelDesk *desk)
{
    start(lab_work_new(desk, NULL, NULL), NULL, sign_out, NULL, NULL);
    cel_desk_set_text(&desk->facts.person, NULL);
    cel_desk_set_text(&desk->facts.person_id, NULL);
    desk->facts.role = CEL_ROLE_NONE;
    cel_desk_tell(desk);
}

/* ---- the instrument's check ---- */

/** CheckWork: what the day-book says of one instrument. */
typedef struct {
    CelDesk *desk;
    char *serial;
    CelDayVerdict verdict;
    gint64 check_us, last_event_us;
    gboolean known;
    CelInForce in_force;
    GError *problem; /* (nullable): of what should be in force */
    char *asset;     /* (nullable) */
} CheckWork;

static void check_work_free(gpointer data)
{
    CheckWork *work = data;
    g_object_unref(work->desk);
    g_free(work->serial);
    g_free(work->asset);
    g_clear_error(&work->problem);
    g_free(work);
}

static gboolean ask_check(gpointer data, CelJob *job, GError **error)
{
    CheckWork *work = data;
    CelLab *lab = work->desk->lab;
    const gint64 now_us = cel_clock_wall_us(cel_clock_system());
    if (lab == NULL)
        return TRUE;
    CelRegister *reg = cel_lab_register(lab);
    const CelRowQuery newest = {.newest_first = TRUE, .most = 1};
    g_autoptr(JsonObject) event = cel_register_row(reg, CEL_ROW_EVENT, &newest, NULL);
    work->last_event_us = cel_row_number(event, "t_wall_us");
    if (*work->serial == '\0')
        return TRUE;
    cel_lab_in_force(lab, work->serial, now_us, &work->desk->in_force, job, &work->problem);
    work->in_force = work->desk->in_force;
    const CelDaybookUnit unit = {work->serial, cel_ledger_id(cel_lab_ledger(lab))};
    work->asset = cel_daybook_asset(reg, &unit, NULL);
    work->known = cel_daybook_judge(reg, work->serial, now_us, &work->verdict, error);
    const CelRowQuery decider = {
        .match = {{.column = "seq", .number = (gint64)work->verdict.check_seq}}, .most = 1};
    g_autoptr(JsonObject) check =
        work->verdict.check_seq > 0 ? cel_register_row(reg, CEL_ROW_CHECK, &decider, NULL) : NULL;
    work->check_us = cel_row_number(check, "t_wall_us");
    return work->known;
}

/* What the lab measures with, on the instrument that the answer is about. */
static void take_in_force(CelDesk *desk, const CheckWork *work)
{
    CelDeskFacts *facts = &desk->facts;
    if (!facts->has_instrument || strcmp(facts->serial, work->serial) != 0)
        return;
    cel_desk_set_text(&facts->calibration_problem,
                      work->problem != NULL ? work->problem->message : NULL);
    const gboolean is_held = strcmp(facts->calibration, work->in_force.calibration.id) == 0 &&
                             facts->calibration_us == work->in_force.since_us;
    facts->calibration_us = work->in_force.since_us;
    if (!is_held)
        cel_desk_put_in_force(desk, work->in_force.seq > 0 ? &work->in_force.calibration : NULL);
}

static void check_known(gpointer owner, gpointer data, const GError *error)
{
    const CheckWork *work = data;
    CelDesk *desk = work->desk;
    (void)owner;
    if (error != NULL)
        return;
    const gint64 now_us = cel_clock_wall_us(cel_clock_system());
    desk->facts.check = work->known ? work->verdict.state : CEL_DAY_UNCHECKED;
    desk->facts.check_us = work->check_us;
    if (strcmp(desk->facts.serial, work->serial) == 0)
        cel_desk_set_text(&desk->facts.asset, work->asset);
    take_in_force(desk, work);
    if (work->last_event_us > now_us + G_USEC_PER_SEC)
        desk->facts.clock_doubt = TRUE;
    cel_desk_tell(desk);
}

void cel_desk_ask_check(CelDesk *desk)
{
    CheckWork *work = g_new0(CheckWork, 1);
    work->desk = g_object_ref(desk);
    work->serial = g_strdup(desk->facts.serial);
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .run = ask_check,
                                .done = check_known,
                                .data = work,
                                .free = check_work_free};
    cel_task_start(desk->lanes, &order);
}
