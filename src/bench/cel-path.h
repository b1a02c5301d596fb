/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-lab-seal.h"
#include "bench/cel-path-steps.h"
#include "device/cel-acquire.h"
#include "device/cel-device.h"

G_BEGIN_DECLS

/*
 * The way of one exhibit, from the scan of its number to the two signatures (field) or to the blind
 * review (lab). Which step comes when, what it needs and what may be measured in it are decided
 * here, for window and command line alike.
 *
 * Every call that changes something returns TRUE only once that is durable: in the journal of the
 * open sample (bench/cel-journal.h, LAB/open/), in the ledger and in the lab's folders. After
 * kill -9 cel_path_resume() goes on there: nothing acknowledged is lost, nothing is recorded twice.
 * On FALSE nothing was acknowledged and the path stands where it stood.
 *
 * Errors: CEL_ERROR_POLICY (against the order of the work, a right or a rule: the message says what
 * to do first), CEL_ERROR_USAGE (a code, number or text that is none), CEL_ERROR_INPUT (a file that
 * is not what it should be), CEL_ERROR_SYSTEM (disk, ledger). All of them may occur in every call
 * that takes a GError.
 *
 * One thread at a time, the one that uses the lab. Snapshots (bench/cel-path-view.h) go elsewhere.
 */

/** CelPath: where the work on one exhibit stands. */
typedef struct CelPath CelPath;

/** CelPathSetup: what is known before the first scan; all borrowed. Zeroed: a field path with the
 * lab's own numbers. */
typedef struct {
    CelPathWay way;
    const char *case_id;     /* (nullable in the lab): the case that is open; field: needed */
    const char *place;       /* (nullable): as typed or by GPS with its accuracy; NULL: recorded as
                                "not available", never silently the last known */
    const char *environment; /* (nullable): temperature, humidity, light */
    const char *description; /* (nullable): of new exhibits, until the lab describes them */
    const char *witness;     /* (nullable): witness or holder; else asked for on the scan screen */
    const char *standard;    /* (nullable): what the check measures, an id of cel_standard_list();
                                NULL: "polystyrene" */
    const char *lot;         /* (nullable): of that standard */
    guint spots;             /* CEL_PATH_LEAST_SPOTS..CEL_PATH_MOST_SPOTS; 0: what the lab's rules
                                ask for; fewer than those is refused */
    guint frames;            /* of a shot, at least 3; 0: 5 */
    guint start_delay_ms;    /* before the light, for people to step back */
    CelHazardPolicy hazard_policy;
    CelClock clock;
} CelPathSetup;

enum { CEL_PATH_LEAST_SPOTS = 3, CEL_PATH_MOST_SPOTS = 5, CEL_PATH_MOST_SHOTS = 60 };

/* ---- begin, go on, end ---- */

/** cel_path_begin: the person who is signed in begins. Returns: (transfer full), NULL with the
 * error. @lab: (borrowed): outlives the path. */
CelPath *cel_path_begin(CelLab *lab, const CelPathSetup *setup, GError **error);

/** CelPathOpen: one open sample on disk. */
typedef struct {
    char *id;
    CelPathWay way;
    CelPathStep step;
    char *case_id, *item_id; /* "" as long as nothing was scanned */
    char *person;            /* number in the lab of who began it */
    gint64 begun_us, last_us;
    gboolean busy; /* open in another window or program now */
    char *problem; /* (nullable): its journal cannot be read: why; then only @id is known */
} CelPathOpen;

/** cel_path_open_free: @open: (nullable) */
void cel_path_open_free(CelPathOpen *open);

/** cel_path_list: Returns: (transfer full) (element-type CelPathOpen): every open sample of the
 * lab, the oldest first; NULL with CEL_ERROR_SYSTEM. A damaged one is listed with its problem. */
GPtrArray *cel_path_list(CelLab *lab, GError **error);

/**
 * cel_path_resume:
 * @id: of cel_path_list()
 * Goes on where it stood: finishes or drops what was being recorded when the program ended, and
 * lists a shot that had been allowed and never came back as a failed one. Needs a person who is
 * signed in. @clock: as in CelPathSetup.
 * Returns: (transfer full), NULL with the errors of cel_journal_open() and CEL_ERROR_USAGE (no such
 *   sample).
 */
CelPath *cel_path_resume(CelLab *lab, const char *id, CelClock clock, CelJob *job, GError **error);

/** cel_path_takes: Returns: whether an exhibit in that state is measured that way at all. */
gboolean cel_path_takes(CelPathWay way, CelExhibitState state);

/**
 * cel_path_open_exhibit:
 * @setup: as of cel_path_begin()
 * @typed: an exhibit on record, as cel_case_find() takes it
 * Goes on with the open sample of that exhibit, whoever began it; begins one and scans the exhibit
 * when there is none. When the exhibit is refused, no sample stays open.
 * Returns: (transfer full), NULL with the errors of cel_path_resume(), cel_path_begin() and
 *   cel_path_scan().
 */
CelPath *cel_path_open_exhibit(CelLab *lab, const CelPathSetup *setup, const char *typed,
                               CelJob *job, GError **error);

/** cel_path_close: @path: (nullable): frees it; the sample stays open on disk. */
void cel_path_close(CelPath *path);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelPath, cel_path_close)

/** cel_path_abandon: ends the work without a result: @why goes on record, in the ledger when an
 * exhibit was scanned. What was recorded stays; good shots still have to be set aside by two
 * persons before another result can be released. */
gboolean cel_path_abandon(CelPath *path, const char *why, GError **error);

/** CelPathFinish: who agrees, and who takes the exhibit over; borrowed. */
typedef struct {
    const CelLabPerson *second; /* another person than who is signed in; signs the bag's seal */
    const CelParty *to;         /* (nullable): takes it over now; then that is an event too */
    const char *storage;        /* (nullable): where it is kept */
} CelPathFinish;

/**
 * cel_path_finish:
 * @out_fid: (optional) (transfer full): the sealed file
 * At the last step, with nothing missing: seals the file, then the bag with both signatures, then
 * the hand-over. Can be called again after a failure or a crash: what is on record already is not
 * recorded again.
 * Returns: FALSE with the errors of cel_lab_seal() and cel_lab_record(); the sample stays open.
 */
gboolean cel_path_finish(CelPath *path, const CelPathFinish *finish, char **out_fid, CelJob *job,
                         GError **error);

/** cel_path_is_over: Returns: whether it was finished, abandoned or refused: only closing it is
 * left. */
gboolean cel_path_is_over(const CelPath *path);

/* ---- where it stands ---- */

/** cel_path_id: Returns: (transfer none) */
const char *cel_path_id(const CelPath *path);
/** cel_path_way: Returns: which way. */
CelPathWay cel_path_way(const CelPath *path);
/** cel_path_step: Returns: the present step. */
CelPathStep cel_path_step(const CelPath *path);

/** cel_path_missing: Returns: (transfer full) (element-type CelPathNeedDef) (borrowed elements):
 * what the present step still misses, in a fixed order; empty: cel_path_next() is allowed. NULL
 * with CEL_ERROR_SYSTEM. */
GPtrArray *cel_path_missing(CelPath *path, GError **error);

/** cel_path_next: goes to the next step; the scan screen's end puts the exhibit on record. Returns:
 * FALSE with CEL_ERROR_POLICY that names what is missing. */
gboolean cel_path_next(CelPath *path, GError **error);
/** cel_path_back: one step back, to look or to add; what was recorded stays recorded. */
gboolean cel_path_back(CelPath *path, GError **error);

/** CelPathTouch: what a hand does. */
typedef enum {
    CEL_PATH_TOUCH_NAVIGATION, /* next, back, an answer: at most six are needed */
    CEL_PATH_TOUCH_HOLD,       /* the press-and-hold before a shot */
    CEL_PATH_TOUCH_PHOTO,
    CEL_N_PATH_TOUCHES,
} CelPathTouch;

/** cel_path_touch: counts a touch that the path does not see by itself. It counts cel_path_next(),
 * cel_path_back() and answers that are a choice as navigation, cel_path_hold() and cel_path_photo()
 * as what they are; scans and typed texts are none. */
void cel_path_touch(CelPath *path, CelPathTouch touch);

/* ---- scan, photos, answers ---- */

/**
 * cel_path_scan:
 * @typed: from a scanner or a keyboard: the code on the bag, "CASE/ITEM" or, in the field, the
 *   number of a new exhibit of the open case
 * Returns: FALSE with CEL_ERROR_USAGE (no exhibit carries that code, not a number) or
 *   CEL_ERROR_POLICY (of another case, in a state in which it is not examined, open in another
 *   sample, another one was scanned before).
 */
gboolean cel_path_scan(CelPath *path, const char *typed, GError **error);

/**
 * cel_path_photo:
 * @file: PNG or JPEG
 * @moment: (nullable): as cel_case_add_photo(); NULL: the one that the step misses first, else the
 *   one that goes with it
 * The picture is hashed and kept at once; it goes into the ledger with the next event of the
 * exhibit.
 */
gboolean cel_path_photo(CelPath *path, const char *file, const char *moment, GError **error);

/**
 * cel_path_newest_photo:
 * @folder: of a camera program
 * @since_us: pictures changed up to then (UTC since 1970) do not count; 0: all do, but for those of
 *   a time to come
 * Looks at no more than CEL_PATH_MOST_FILES names, at regular files alone, and takes PNG or JPEG by
 * its first bytes; a file that is still being written does not count.
 * Returns: (transfer full) (nullable): the newest one; NULL without error when there is none, NULL
 *   with CEL_ERROR_INPUT (no such folder, too many files in it). Thread-safe: yes.
 */
char *cel_path_newest_photo(const char *folder, gint64 since_us, GError **error);
enum { CEL_PATH_MOST_FILES = 20000 };

/**
 * cel_path_answer:
 * @what, @value: a row of cel_path_answers() and one of its values, or a text: "safety" "yes",
 *   "through" "yes|no", "hazard" "no|yes|unknown", "closing" "later", "spots" "3".."5", "witness",
 *   "condition", "colour", "amount", "environment", "place", "spot" (where the next shot is)
 * An answer may be changed until it was acted upon: "hazard", "through" and "spots" until the first
 * shot that they decide about.
 */
gboolean cel_path_answer(CelPath *path, const char *what, const char *value, GError **error);

/** cel_path_use_instrument: the instrument that measures; all shots of an exhibit are of one.
 * @instrument: (borrowed) */
gboolean cel_path_use_instrument(CelPath *path, const CelDeviceDescription *instrument,
                                 GError **error);

/* ---- in the lab: the bag ---- */

/** CelPathSubmission: what is asked for, and of what; a court page needs all of it. Each is
 * (nullable), "" counts like NULL; borrowed. */
typedef struct {
    const char *request;      /* what is asked for */
    const char *contact;      /* of who submits it */
    const char *population;   /* that the exhibit stands for */
    const char *sampling;     /* how it was taken from that */
    const char *units_tested; /* of it */
} CelPathSubmission;

/** CelPathReceipt: what was found when the bag came; borrowed. */
typedef struct {
    gboolean accepted;
    CelParty from, to;
    const char *seal_no;   /* as read from the bag; (nullable): it bears none */
    gboolean differs;      /* number or photo are not those on record: then @why is needed */
    const char *condition; /* needed when accepted */
    const char *why;       /* needed when refused or different */
    CelPathSubmission submission;
} CelPathReceipt;

/** cel_path_receive: at the first step: compares the seal with the record and accepts, or refuses,
 * which ends the path. An exhibit that the lab received before needs no receipt. */
gboolean cel_path_receive(CelPath *path, const CelPathReceipt *receipt, GError **error);

/** cel_path_open_bag: @second: the other person. @seal_no: as read. @why: (nullable): needed when
 * the number differs. */
gboolean cel_path_open_bag(CelPath *path, const CelLabPerson *second, const char *seal_no,
                           const char *why, GError **error);

/** cel_path_take_part: takes a part from the opened exhibit; the measurements are of it from now
 * on. @item: "1-1" for exhibit "1". */
gboolean cel_path_take_part(CelPath *path, const char *item, const char *description,
                            GError **error);

/* ---- shots ---- */

/** CelPathDue: what is to be measured next. */
typedef struct {
    CelPathShotKind kind;
    guint spot;           /* of CEL_PATH_SHOT_SPOT: from 1 */
    guint planned, valid; /* spots: planned, and good ones so far */
} CelPathDue;

/** cel_path_due: Returns: whether the present step asks for a shot. Errors: CEL_ERROR_SYSTEM;
 * FALSE without one: none is due. */
gboolean cel_path_due(CelPath *path, CelPathDue *out, GError **error);

/**
 * cel_path_hold:
 * @kind: CEL_PATH_SHOT_DUE or one that the step allows (a further spot, a cleaning blank)
 * @held: what the press-and-hold confirmed: eyewear, beam, nobody in line; sample_hazard is taken
 *   from the answer
 * @out: (out): what cel_device_acquire() must be called with; the caller adds on_frame
 * The confirmation is for this one shot: it ends with cel_path_take() or cel_path_fail(), one of
 * which must follow. Looks at rights, order, instrument and power: explosives and celluloid, once a
 * shot pointed to them, and dark or unknown samples get a ramp from the lowest power.
 */
gboolean cel_path_hold(CelPath *path, CelPathShotKind kind, const CelLaserConfirmation *held,
                       CelAcquireOptions *out, GError **error);

/**
 * cel_path_take:
 * @measurement: (borrowed): what cel_device_acquire() gave
 * Keeps it, puts it on record, and judges a check. A step that asks for shots alone is left by
 * itself once it has them all.
 * Returns: FALSE with the errors of cel_lab_record_shot(), cel_lab_check(). A measurement that is
 *   on record and could not be judged as a check stays there: then the snapshot's "holding" is
 *   FALSE and the check is due again. Else the hold still stands: this can be called again, or
 *   cel_path_fail().
 */
gboolean cel_path_take(CelPath *path, const CelMeasurement *measurement, CelJob *job,
                       GError **error);

/** cel_path_fail: the shot gave nothing (cancelled, instrument gone): it counts as planned and is
 * listed with @why. */
gboolean cel_path_fail(CelPath *path, const char *why, GError **error);

/** cel_path_set_aside: @seq: of the shot, from the snapshot. It is taken out of the result with
 * @why, the id of one of cel_path_reasons() or a text, and the agreement of @second; another one is
 * due then. */
gboolean cel_path_set_aside(CelPath *path, guint64 seq, const char *why, const CelLabPerson *second,
                            GError **error);

/** cel_path_judged: what one shot alone gave, for the agreement that is shown while measuring and
 * for the caps of power; no part of the result. @seq: of the shot; @single: (borrowed). */
gboolean cel_path_judged(CelPath *path, guint64 seq, const CelIdentification *single,
                         GError **error);

/** cel_path_measurement: @seq: of a shot. Returns: (transfer full): read back from the lab's folder
 * and compared with its digest; NULL with the error. */
CelMeasurement *cel_path_measurement(CelPath *path, guint64 seq, CelJob *job, GError **error);

/* ---- the result ---- */

/**
 * cel_path_work:
 * @bench: (borrowed): outlives what is returned
 * Returns: (transfer full): the recorded shots and blanks of this exhibit, ready for
 *   cel_work_identify(), which may run on another thread; NULL with the error.
 */
CelWork *cel_path_work(CelPath *path, const CelBench *bench, CelJob *job, GError **error);

/** cel_path_work_of: the shot @seq alone with the blanks, likewise: for cel_path_judged(), so that
 * a bag does not pass for what is in it. Returns: (transfer full), or NULL with the error. */
CelWork *cel_path_work_of(CelPath *path, guint64 seq, const CelBench *bench, CelJob *job,
                          GError **error);

/** cel_path_answered: @work: (transfer full): of cel_path_work(), identified. It becomes what
 * cel_path_finish() seals. Another recipe or library than at the first answer makes the work
 * exploratory, which goes on record. Returns: FALSE with the error; @work is freed then. */
gboolean cel_path_answered(CelPath *path, CelWork *work, GError **error);

/** cel_path_identify: all of that on this thread. */
gboolean cel_path_identify(CelPath *path, const CelBench *bench, CelJob *job, GError **error);

/** cel_path_result: Returns: (transfer none) (nullable): the combined answer, until the path is
 * closed, measured further or identified again. After a crash it is made anew, at the latest before
 * cel_path_finish(). */
const CelIdentification *cel_path_result(const CelPath *path);

/** cel_path_forget: lets go of the answer, which must not outlive its bench; that it was made stays
 * known. */
void cel_path_forget(CelPath *path);

/** cel_path_pack: @seal_no: the number of the new seal, scanned or typed. A bag gets another number
 * than before, and one that no other bag of this lab bears. */
gboolean cel_path_pack(CelPath *path, const char *seal_no, GError **error);

G_END_DECLS
