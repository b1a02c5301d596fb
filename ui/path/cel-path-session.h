/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-path-surroundings.h"
#include "bench/cel-path-view.h"
#include "cel-answer.h"
#include "cel-desk.h"

G_BEGIN_DECLS

#define CEL_TYPE_PATH_SESSION (cel_path_session_get_type())
/**
 * CelPathSession: the work on one exhibit as the window sees it: orders go to the lab's lane, one
 * after the other, snapshots come back. It decides nothing. Main loop only.
 *
 * Signals: "changed" (): snapshot, phase, problem or what is open is another; "frame" (): the
 * instrument gave another frame.
 */
G_DECLARE_FINAL_TYPE(CelPathSession, cel_path_session, CEL, PATH_SESSION, GObject)

/** CelPathPhase: what is under way. */
typedef enum {
    CEL_PATH_PHASE_IDLE,
    CEL_PATH_PHASE_WORKING, /* an order */
    CEL_PATH_PHASE_ASKING,  /* may this shot be? */
    CEL_PATH_PHASE_LIGHT,   /* the instrument measures: light can be on */
    CEL_PATH_PHASE_KEEPING, /* the shot is put on record */
    CEL_PATH_PHASE_JUDGING, /* what it alone points to; the result */
} CelPathPhase;

/** CelPathAct: what can be ordered. */
typedef enum {
    CEL_PATH_ACT_NEXT,
    CEL_PATH_ACT_BACK,
    CEL_PATH_ACT_SCAN,         /* text: as typed */
    CEL_PATH_ACT_PHOTO,        /* text: file; more: (nullable) moment */
    CEL_PATH_ACT_NEWEST_PHOTO, /* text: folder */
    CEL_PATH_ACT_ANSWER,       /* text: question; more: value */
    CEL_PATH_ACT_INSTRUMENT,   /* the open one */
    CEL_PATH_ACT_RECEIVE,   /* text: seal number; more: condition; why; flag: accepted; differs */
    CEL_PATH_ACT_OPEN_BAG,  /* text: seal number; why; second */
    CEL_PATH_ACT_TAKE_PART, /* text: item; more: description */
    CEL_PATH_ACT_SET_ASIDE, /* seq, why, second */
    CEL_PATH_ACT_PACK,      /* text: seal number */
    CEL_PATH_ACT_ABANDON,   /* why */
    CEL_PATH_ACT_FINISH,    /* second; more: (nullable) where it is kept */
    CEL_N_PATH_ACTS,
} CelPathAct;

/** CelPathOrder: all copied. */
typedef struct {
    CelPathAct act;
    const char *text, *more, *why;     /* (nullable) */
    const char *key_path, *passphrase; /* of the second person */
    const char *from_person, *from_department;
    CelPathSubmission submission;
    guint64 seq;
    gboolean accepted, differs;
} CelPathOrder;

/** cel_path_session_new: Returns: (transfer full): nothing is open. */
CelPathSession *cel_path_session_new(CelDesk *desk);

/** cel_path_session_view: Returns: (transfer none) (nullable): as it stands; NULL: none is open. */
const CelPathView *cel_path_session_view(CelPathSession *session);
/** cel_path_session_phase: Returns: what is under way. */
CelPathPhase cel_path_session_phase(CelPathSession *session);
/** cel_path_session_desk: Returns: (transfer none) */
CelDesk *cel_path_session_desk(CelPathSession *session);
/** cel_path_session_needs: Returns: whether the present step misses the need with that id. */
gboolean cel_path_session_needs(CelPathSession *session, const char *need);

/** cel_path_session_problem: Returns: (transfer none) (nullable): why the last order failed. */
const GError *cel_path_session_problem(CelPathSession *session);
/** cel_path_session_clear_problem: it was read. */
void cel_path_session_clear_problem(CelPathSession *session);
/** cel_path_session_tell_problem: @error: (nullable): of the window itself, shown like any other.
 */
void cel_path_session_tell_problem(CelPathSession *session, const GError *error);

/** cel_path_session_changed: emits "changed". */
void cel_path_session_changed(CelPathSession *session);

/* ---- begin and go on ---- */

/** CelPathStart: what the start screen offers. */
typedef struct {
    GPtrArray *open;   /* (element-type CelPathOpen) */
    GPtrArray *cases;  /* (element-type utf8): the newest first */
    GPtrArray *people; /* (element-type CelPersonCard) */
    CelPathSurroundings surroundings;
} CelPathStart;

/** cel_path_session_look: reads anew what the start screen offers; tells by "changed". */
void cel_path_session_look(CelPathSession *session);
/** cel_path_session_start: Returns: (transfer none) (nullable): as read last. */
const CelPathStart *cel_path_session_start(CelPathSession *session);

/** cel_path_session_begin: @setup: case, place, witness are copied. */
void cel_path_session_begin(CelPathSession *session, const CelPathSetup *setup);
/** cel_path_session_open_exhibit: in the laboratory: goes on with the exhibit on record that is
 * called so, or begins with it. Another one stays open on disk. Not while something is under way
 * or cel_path_session_has_unkept(). */
void cel_path_session_open_exhibit(CelPathSession *session, const char *exhibit);
/** cel_path_session_resume: @id: of an open sample. */
void cel_path_session_resume(CelPathSession *session, const char *id);
/** cel_path_session_close: the sample stays open on disk. */
void cel_path_session_close(CelPathSession *session);

/* ---- work ---- */

/** cel_path_session_do: nothing when something is under way. */
void cel_path_session_do(CelPathSession *session, const CelPathOrder *order);
/** cel_path_session_answer: CEL_PATH_ACT_ANSWER. */
void cel_path_session_answer(CelPathSession *session, const char *what, const char *value);
/** cel_path_session_just: an act without texts. */
void cel_path_session_just(CelPathSession *session, CelPathAct act);

/** cel_path_session_shoot: the three statements were confirmed by holding: hold, measure, keep,
 * judge; after the last shot also the result. */
void cel_path_session_shoot(CelPathSession *session);
/** cel_path_session_has_unkept: Returns: whether a shot that was taken could not be put on record
 * (disk full); nothing else is done before it is. cel_path_session_keep: tries again: the sample is
 * not lit anew. */
gboolean cel_path_session_has_unkept(CelPathSession *session);
void cel_path_session_keep(CelPathSession *session);
/** cel_path_session_stop: ends a shot: the laser goes off at once. */
void cel_path_session_stop(CelPathSession *session);
/** cel_path_session_shot: Returns: (transfer none) (nullable): the shot that is under way, which
 * cel_path_session_stop() ends. */
CelTask *cel_path_session_shot(CelPathSession *session);
/** cel_path_session_is_dangerous: Returns: whether light can be on or is about to be. */
gboolean cel_path_session_is_dangerous(CelPathSession *session);
/** cel_path_session_countdown: Returns: seconds until the light, 0: none runs. */
guint cel_path_session_countdown(CelPathSession *session);
/** cel_path_session_laser: Returns: as read back last, also while measuring. */
CelLaserState cel_path_session_laser(CelPathSession *session);
/** cel_path_session_stage: Returns: (transfer none): what the shot does, "" without one. */
const char *cel_path_session_stage(CelPathSession *session);

/** CelPathFrame: the newest frame of a shot. */
typedef struct {
    const double *x, *counts; /* @n; @x in @unit */
    gsize n;
    CelUnit unit;
    guint number; /* of those of this shot */
    gboolean dark;
    CelPathShotKind kind;
} CelPathFrame;
/** cel_path_session_frame: Returns: FALSE before the first one; valid until the main loop runs. */
gboolean cel_path_session_frame(CelPathSession *session, CelPathFrame *out);

/** cel_path_session_evaluate: makes the result (anew), as at the end of the shots. */
void cel_path_session_evaluate(CelPathSession *session);
/** cel_path_session_result: Returns: (transfer none) (nullable): the result, for its page. */
CelAnswer *cel_path_session_result(CelPathSession *session);

/** cel_path_session_capabilities: Returns: (transfer none) (nullable): what the open instrument
 * can do, as read last. */
const CelCapabilities *cel_path_session_capabilities(CelPathSession *session);

/** cel_path_session_practise: @sample: of cel_path_practice_samples(): the exhibit that lies before
 * a simulated instrument; polyethylene at first. */
void cel_path_session_practise(CelPathSession *session, const char *sample);

/** cel_path_session_connect: @id: of the scan: opens that instrument. */
void cel_path_session_connect(CelPathSession *session, const char *id);
/** cel_path_session_reconnect: opens the instrument that left again. */
void cel_path_session_reconnect(CelPathSession *session);

/** cel_path_session_card: the next-step card of the sealed record as a PDF. @out: told on the main
 * loop; @path: (nullable): NULL with @error */
typedef void (*CelPathCardDone)(gpointer owner, const char *path, const GError *error);
void cel_path_session_card(CelPathSession *session, GObject *owner, CelPathCardDone done);

G_END_DECLS
