/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-case.h"
#include "bench/cel-journal.h"
#include "bench/cel-path-view.h"

G_BEGIN_DECLS

/* What the files of the path share; nobody else includes it. The state follows from the acts of the
 * journal alone: it is changed nowhere but in cel-path-state.c. */

/** CelPathPicture: a photo that was kept. */
typedef struct {
    char *moment;
    CelDigestPair digests;
    gint64 bytes;
    gboolean on_record; /* stands in an event of the ledger */
} CelPathPicture;

struct CelPath {
    CelLab *lab;
    CelClock clock;
    CelJournal *journal; /* NULL once it is over */
    char *id;
    CelPathWay way;
    guint at; /* index of the step within the way */
    gboolean over;

    char *case_id, *place, *environment, *description, *witness, *standard, *lot;
    guint planned, frames, start_delay_ms;
    CelHazardPolicy hazard_policy;

    char *item_id, *part; /* "" as long as there is none */
    gboolean is_new;
    GHashTable *answers; /* text -> text */
    GPtrArray *pictures; /* CelPathPicture */
    GPtrArray *shots;    /* CelPathShot */

    char *serial, *model;
    gboolean simulated;
    double lowest_mw;

    CelPathShotKind holding; /* CEL_PATH_SHOT_DUE: none */
    JsonObject *pending;     /* (nullable): act "intent" that was not settled yet */

    char *cap_why, *outcome, *basis, *exploratory; /* (nullable); basis: recipe and libraries */
    char *seal_no, *fid;                           /* "" as long as there is none */
    gboolean part_sealed, bag_sealed, handed_over;

    guint touches[CEL_N_PATH_TOUCHES];
    gint64 started_us, last_us, attended_us, laser_us;

    gboolean interrupted; /* found when it was taken up: the last shot */

    gboolean answered; /* since the last shot */
    CelWork *work;     /* (nullable): identified */
};

/* ---- the state: cel-path-state.c ---- */

/** cel_path_new: Returns: (transfer full): empty. */
CelPath *cel_path_new(CelLab *lab, const char *id, CelClock clock);

/** cel_path_apply: @act: sound as the journal gave it, its meaning untrusted. Returns: FALSE with
 * CEL_ERROR_INPUT: an act that this program does not know. */
gboolean cel_path_apply(CelPath *path, JsonObject *act, GError **error);

/** cel_path_act: Returns: (transfer full): an act of that name, with the time. */
JsonObject *cel_path_act(const CelPath *path, const char *name);

/** cel_path_add: writes @act (transfer full) into the journal, durably, then applies it. */
gboolean cel_path_add(CelPath *path, JsonObject *act, GError **error);

/** cel_path_text: @text: (nullable): left out when NULL or "". */
void cel_path_text(JsonObject *object, const char *member, const char *text);

/** cel_path_reply: Returns: (transfer none) (nullable): the answer to @what. */
const char *cel_path_reply(const CelPath *path, const char *what);

/** cel_path_shot_at: Returns: (transfer none) (nullable): the shot at @seq of the ledger. */
CelPathShot *cel_path_shot_at(const CelPath *path, guint64 seq);

/** cel_path_measured: Returns: (transfer none): the exhibit or part that is measured, or "". */
const char *cel_path_measured(const CelPath *path);

/** CelPathSpots: how it stands with the spots; those set aside do not count. */
typedef struct {
    guint tried, valid, agree;
} CelPathSpots;
/** cel_path_spots: counts them. */
CelPathSpots cel_path_spots(const CelPath *path);

/** cel_path_file: Returns: (transfer full): path of the journal of @id. */
char *cel_path_file(const CelLab *lab, const char *id);

/* ---- on record: cel-path-record.c ---- */

/** CelPathRecorder: makes the event of an intent. @facts: of the intent. Returns: FALSE with the
 * error. */
typedef gboolean (*CelPathRecorder)(CelPath *path, JsonObject *facts, gpointer data,
                                    CelLedgerPlace *out_place, GError **error);

/** cel_path_record: an event with a word before and after it in the journal, so that after a crash
 * it is known whether it happened. @what: row of the table of intents; @facts: (nullable). */
gboolean cel_path_record(CelPath *path, const char *what, JsonObject *facts,
                         CelPathRecorder recorder, gpointer data, GError **error);

/** cel_path_settle: finishes or drops an intent that was left open. */
gboolean cel_path_settle(CelPath *path, CelJob *job, GError **error);

/** cel_path_ready: to be called first by whatever changes something. Returns: FALSE with
 * CEL_ERROR_POLICY: it is over, or a shot is under way. */
gboolean cel_path_ready(CelPath *path, GError **error);

/** cel_path_at_step: Returns: FALSE with CEL_ERROR_POLICY unless @step is the present one. */
gboolean cel_path_at_step(const CelPath *path, CelPathStep step, GError **error);

/** cel_path_pictures: Returns: (transfer full): "photos" for the data of the next event. */
JsonArray *cel_path_pictures(const CelPath *path);

/** cel_path_data: Returns: (transfer full): data of an event of the exhibit: session, photos. */
JsonObject *cel_path_data(const CelPath *path);

/** cel_path_shoot_again: the CelPathRecorder of shots, from what the journal and the lab's folder
 * hold. @data: (nullable): const CelMeasurement *; NULL: read back. */
gboolean cel_path_record_shot(CelPath *path, JsonObject *facts, gpointer data,
                              CelLedgerPlace *out_place, GError **error);
/** cel_path_interrupted: lists the shot that was allowed and never came back as a failed one. */
gboolean cel_path_interrupted(CelPath *path, GError **error);

/** cel_path_end: nothing more is to be done: the journal goes. @what: "finished", ... */
gboolean cel_path_end(CelPath *path, const char *what, GError **error);

/* ---- what is missing: cel-path-missing.c ---- */

/** cel_path_missing_bits: @out: bits 1 << CelPathNeed of what @step misses. */
gboolean cel_path_missing_bits(CelPath *path, CelPathStep step, guint *out, GError **error);

/** cel_path_go_on: leaves steps that are left by themselves. */
gboolean cel_path_go_on(CelPath *path, GError **error);

/** cel_path_exhibit: Returns: (transfer full) (nullable): the row of @item_id; NULL without error
 * when there is none. */
JsonObject *cel_path_exhibit(CelPath *path, const char *item_id, GError **error);

/** cel_path_day: what the day-book says of the instrument now. */
gboolean cel_path_day(CelPath *path, CelDayVerdict *out, GError **error);

/** cel_path_refuse: sets CEL_ERROR_POLICY with a formatted sentence. Returns: FALSE. */
gboolean cel_path_refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** cel_path_shot_free: @shot: (nullable) */
void cel_path_shot_free(CelPathShot *shot);

G_END_DECLS
