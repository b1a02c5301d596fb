/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-bundle.h"
#include "bench/cel-case-paper.h"
#include "cel-desk.h"

G_BEGIN_DECLS

/* What the archive does off the main loop: each a struct that is asked and answered, with its
 * CelTaskRun. */

/** CelSealedItem: a sealed file of the lab. */
typedef struct {
    char *fid, *case_id, *item_id, *state;
    gint64 sealed_us;
} CelSealedItem;

/** CelSealedList: those files. */
typedef struct {
    CelDesk *desk;
    GPtrArray *items; /* CelSealedItem, the newest first */
} CelSealedList;

/** cel_sealed_list_new: Returns: (transfer full) */
CelSealedList *cel_sealed_list_new(CelDesk *desk);
/** cel_sealed_list_free: @list: (nullable) */
void cel_sealed_list_free(gpointer list);
/** cel_sealed_list_read: CEL_LANE_LAB. Returns: FALSE with CEL_ERROR_SYSTEM. */
gboolean cel_sealed_list_read(gpointer list, CelJob *job, GError **error);

/** CelFileCheck: a sealed file, verified with all that is at hand. */
typedef struct {
    CelDesk *desk;
    char *what;                    /* asked: a path, or a file's id in this lab */
    char *path;                    /* out */
    char *fid, *case_id, *item_id; /* out: as the file says; "" when it does not */
    gboolean of_lab;               /* out: it is the lab's own file of that id */
    GPtrArray *lines;              /* out: CelVerdictLine */
    GPtrArray *events;             /* out: JsonObject: what this lab's ledger says of it */
    char *no_court;                /* out (nullable): why no court page can be made of it */
} CelFileCheck;

/** cel_file_check_new: Returns: (transfer full) */
CelFileCheck *cel_file_check_new(CelDesk *desk, const char *what);
/** cel_file_check_free: @check: (nullable) */
void cel_file_check_free(gpointer check);
/** cel_file_check_run: CEL_LANE_LAB. Returns: FALSE with CEL_ERROR_INPUT: no sealed file. */
gboolean cel_file_check_run(gpointer check, CelJob *job, GError **error);

/** CelFileReplay: the result computed again. */
typedef struct {
    char *path;
    GPtrArray *lines; /* out: the line "replay" alone */
} CelFileReplay;

/** cel_file_replay_new: Returns: (transfer full) */
CelFileReplay *cel_file_replay_new(const char *path);
/** cel_file_replay_free: @replay: (nullable) */
void cel_file_replay_free(gpointer replay);
/** cel_file_replay_run: CEL_LANE_COMPUTE. Returns: FALSE with the errors of cel_sealed_open() and
 * cel_replay_run(). */
gboolean cel_file_replay_run(gpointer replay, CelJob *job, GError **error);

/** CelFileAct: a look put on record, or a paper made; both are events. */
typedef struct {
    CelDesk *desk;
    char *path, *fid, *why;
    CelReportForm form;
    gboolean chinese;
    gboolean intact; /* out, of a look */
    GBytes *pdf;     /* out, of a paper */
} CelFileAct;

/** cel_file_act_new: Returns: (transfer full) */
CelFileAct *cel_file_act_new(CelDesk *desk, const CelFileCheck *check);
/** cel_file_act_free: @act: (nullable) */
void cel_file_act_free(gpointer act);
/** cel_file_act_look, cel_file_act_paper: CEL_LANE_LAB. Returns: FALSE with the errors of
 * cel_lab_add_custody() and cel_case_paper(). */
gboolean cel_file_act_look(gpointer act, CelJob *job, GError **error);
gboolean cel_file_act_paper(gpointer act, CelJob *job, GError **error);

/** CelBundleWork: a case bundle on its way out or in. */
typedef struct {
    CelDesk *desk;
    char *path, *roots; /* @roots: (nullable): PEM of the other lab */
    char *case_id, *recipient;
    char digest[65];       /* out, of an export */
    CelBundleFiles *files; /* out, of a check */
    CelBundleAbout about;
    GPtrArray *lines;
} CelBundleWork;

/** cel_bundle_work_new: Returns: (transfer full) */
CelBundleWork *cel_bundle_work_new(CelDesk *desk, const char *path);
/** cel_bundle_work_free: @work: (nullable) */
void cel_bundle_work_free(gpointer work);
/** cel_bundle_work_export, cel_bundle_work_check, cel_bundle_work_accept: CEL_LANE_LAB. Returns:
 * FALSE with the errors of cel_bundle_export(), cel_bundle_read() and cel_bundle_accept(). */
gboolean cel_bundle_work_export(gpointer work, CelJob *job, GError **error);
gboolean cel_bundle_work_check(gpointer work, CelJob *job, GError **error);
gboolean cel_bundle_work_accept(gpointer work, CelJob *job, GError **error);

G_END_DECLS
