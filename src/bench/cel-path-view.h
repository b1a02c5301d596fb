/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-daybook.h"
#include "bench/cel-path.h"

G_BEGIN_DECLS

/* A snapshot of a path: plain, whole and read only, to be handed to another thread. */

/** CelPathPhoto: one picture that was kept. */
typedef struct {
    char *moment; /* "scene", "item", "package", "seal", "before", "after" */
    char sha256[65];
    char *path; /* where it stands in the lab's folder */
} CelPathPhoto;

/** CelPathShot: one measurement that was tried. */
typedef struct {
    CelPathShotKind kind;
    guint64 seq;     /* in the ledger */
    guint spot;      /* of spots: from 1, in the order taken; else 0 */
    char *where;     /* (nullable): where on the exhibit, as typed */
    char *state;     /* "valid", "saturated", "altered", "no-light" or "failed" */
    char *problem;   /* (nullable): of a failed one */
    char *set_aside; /* (nullable): why it is taken out */
    char *verdict;   /* (nullable): of a check: "pass", "fail", "not-checkable" */
    char *judged;    /* (nullable): what it alone pointed to: "found", "inconclusive", ... */
    char *judged_as; /* (nullable): its first hit, an id */
    char sha256[65]; /* of the file in the lab's folder; "" for a failed one */
    gint64 wall_us;
    gint64 laser_us; /* how long the instrument had the sample */
} CelPathShot;

/** cel_path_shot_is_good: Returns: whether it gave a sound spectrum and was not set aside.
 * Thread-safe: yes. */
gboolean cel_path_shot_is_good(const CelPathShot *shot);

/** cel_path_shot_counts: Returns: whether it is one of the good spots: these are counted against
 * the plan, and one may choose among them what to set aside. Thread-safe: yes. */
gboolean cel_path_shot_counts(const CelPathShot *shot);

/** CelPathView: see cel_path_view(). Texts are "" when not known yet, unless nullable. */
typedef struct {
    char *id;
    CelPathWay way;
    CelPathStep step;
    guint index, n_steps;           /* of the step within the way, from 0 */
    gboolean over;                  /* finished, abandoned or refused */
    GPtrArray *missing;             /* (element-type CelPathNeedDef) constant rows */
    char *case_id, *item_id, *code; /* as on the label of the bag */
    char *measured_item;            /* the part that is measured; else as @item_id */
    gboolean is_new;                /* it is put on record at the end of the scan screen */
    char *description, *exhibit_state, *old_seal_no, *holder, *witness;
    char *condition, *colour, *amount, *environment, *place;
    GPtrArray *photos; /* (element-type CelPathPhoto) */
    GPtrArray *shots;  /* (element-type CelPathShot) in the order taken */
    gboolean has_due;  /* @due says what is measured next */
    CelPathDue due;
    gboolean holding;     /* a shot is under way */
    gboolean interrupted; /* it was taken up after its program had ended during the last shot of
                             @shots, which says so: nothing was kept of that */
    guint planned, taken; /* spots: planned, tried (set aside ones left out) */
    guint valid, agree;   /* of them good ones; of those the largest group that points to one and
                              the same */
    char *instrument;     /* serial number */
    gboolean simulated;
    CelDayState check; /* what the day-book says of the instrument now */
    gint64 check_us;   /* when the deciding check was made; 0: none */
    gint64 check_expires_us;
    gboolean closing_later; /* the closing check is awaited */
    CelHazard hazard;
    int through;         /* measured through a clear bag: -1 not answered, 0, 1 */
    gboolean capped;     /* the lowest power only: see @cap_why */
    char *cap_why;       /* (nullable) */
    char *outcome;       /* (nullable): of the answer as recorded, "found", ... */
    char *exploratory;   /* (nullable): why this is not the method's result */
    char *seal_no, *fid; /* new seal; sealed file */
    guint touches[CEL_N_PATH_TOUCHES];
    gint64 started_us;  /* UTC since 1970 */
    gint64 attended_us; /* at work on it, without laser, exposures and the time it was closed */
    gint64 laser_us;
} CelPathView;

/** cel_path_view: Returns: (transfer full): how it stands now; NULL with CEL_ERROR_SYSTEM. */
CelPathView *cel_path_view(CelPath *path, GError **error);
/** cel_path_view_copy: Returns: (transfer full). Thread-safe: yes. */
CelPathView *cel_path_view_copy(const CelPathView *view);
/** cel_path_view_free: @view: (nullable). Thread-safe: yes. */
void cel_path_view_free(CelPathView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelPathView, cel_path_view_free)

/** cel_path_view_last_shot: Returns: (transfer none) (nullable): the shot taken last, of whatever
 * kind. Thread-safe: yes. */
const CelPathShot *cel_path_view_last_shot(const CelPathView *view);

/** cel_path_view_json: Returns: (transfer full): one line of JSON. Thread-safe: yes. */
char *cel_path_view_json(const CelPathView *view);

G_END_DECLS
