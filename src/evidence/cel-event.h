/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-clock.h"
#include "evidence/cel-keys.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* One event of the lab's ledger: who did what to which exhibit, in canonical JSON, signed. The
 * fields are described in docs/ledger.md. */

typedef enum {
    CEL_ACT_COLLECT,
    CEL_ACT_SEAL,
    CEL_ACT_SUBMIT,
    CEL_ACT_RECEIVE,
    CEL_ACT_REFUSE,
    CEL_ACT_OPEN_SEAL,
    CEL_ACT_ACQUIRE,
    CEL_ACT_DISCARD_ACQUISITION,
    CEL_ACT_PROCESS,
    CEL_ACT_REVIEW,
    CEL_ACT_RELEASE_REPORT,
    CEL_ACT_SPLIT,
    CEL_ACT_CONSUME,
    CEL_ACT_RETURN,
    CEL_ACT_TRANSFER,
    CEL_ACT_EXPORT,
    CEL_ACT_VERIFY,
    CEL_ACT_CORRECT,
    CEL_ACT_KEY_EVENT,
    CEL_ACT_DISPOSE,
    CEL_ACT_CHECK,      /* performance check, blank or calibration of an instrument */
    CEL_ACT_LIBRARY,    /* a library version comes into or goes out of use */
    CEL_ACT_NONCONFORM, /* nonconforming work: what, which results, what is done about it */
    CEL_ACT_HOLD,       /* legal hold set or lifted */
    CEL_ACT_BATCH, /* events of another ledger (a tablet's) taken over, see cel-ledger-batch.h */
    CEL_ACT_VALIDATION, /* records of known specimens come into use: what error rates count */
    CEL_N_ACTS,
} CelAct;

/** CelActDef: one act; the table is the only list of them. */
typedef struct {
    const char *id;                  /* in records; never renamed */
    const char *title_en, *title_zh; /* for screen and paper */
    gboolean exhibit;                /* needs case and item */
    gboolean parties;                /* needs from and to */
    gboolean reason, refers;         /* needs "why"; needs the event it speaks of */
    gboolean second_person;          /* needs another person's signature over the same bytes */
    const char *const *needs;        /* NULL-ended: members of data that must be there */
    const char *const *may;          /* NULL-ended: further members of data that may be there */
} CelActDef;

/** cel_act_def: Returns: (transfer none): the row of @act. */
const CelActDef *cel_act_def(CelAct act);
/** cel_act_from_id: @id: (nullable). Returns: FALSE when it is none. */
gboolean cel_act_from_id(const char *id, CelAct *out_act);
/** cel_act_allows: Returns: whether data of @act may hold @member: its own, or one of those that
 * any event may have: note, place, environment, photos, training, instrument, session,
 * time_offset_us. */
gboolean cel_act_allows(CelAct act, const char *member);

enum {
    CEL_EVENT_VERSION = 1,
    CEL_EVENT_MAX_BYTES = 64 * 1024,
    CEL_EVENT_MAX_ID = 64,     /* characters of case, item, sample, seal number, person's number */
    CEL_EVENT_MAX_TEXT = 4096, /* characters of any other text */
};

/** CelParty: a side of a hand-over; texts NULL when not stated. */
typedef struct {
    const char *department, *person, *id;
} CelParty;

/** CelEventRequest: what is to be recorded; all borrowed, NULL or empty where it does not apply. */
typedef struct {
    CelAct act;
    const char *case_id, *item_id, *sample_id;
    const char *fid;
    const CelDigestPair *file, *manifest;
    const char *seal_no, *seal_state, *seal_photo_sha256;
    CelParty from, to;
    const char *why, *authority;
    guint64 refers;   /* seq, 0: none */
    JsonObject *data; /* integers, texts, booleans, arrays and objects of them */
    CelClock clock;
    const char *time_source; /* what the clock was last set by; NULL: "system clock, not checked" */
} CelEventRequest;

/** CelEventPlace: where the ledger puts it. */
typedef struct {
    const char *ledger_id; /* 32 hex digits */
    guint64 seq;           /* from 1 */
    CelDigestPair previous;
    gint64 previous_wall_us; /* 0 for the first */
} CelEventPlace;

/** CelEventSigners: the persons; @second may be NULL where the act allows it. */
typedef struct {
    CelKey *operator_key;
    const char *operator_id; /* number in the lab */
    CelKey *second_key;
    const char *second_id;
} CelEventSigners;

/*
 * Acts that need a second person may do without in two cases. The first event of a ledger may be a
 * key_event of one person: nobody else is vouched for yet. A correct whose data.what is
 * "not-completed" closes a seal that the program did not finish: it takes nothing back.
 */

/**
 * cel_event_write:
 * Returns: (transfer full): the canonical record, or NULL with CEL_ERROR_USAGE (a field the act
 *   needs is missing, one it does not know is there, a text holds invisible characters or is too
 *   long), CEL_ERROR_POLICY (second person missing or the same person) or CEL_ERROR_SYSTEM.
 */
GBytes *cel_event_write(const CelEventRequest *request, const CelEventPlace *place,
                        const CelEventSigners *signers, GError **error);

/**
 * cel_event_read:
 * @record: untrusted
 * Returns: (transfer full): the record as JSON after all checks of form (canonical, known version
 *   and act, the act's fields); signatures are not looked at. NULL with CEL_ERROR_INPUT.
 */
JsonNode *cel_event_read(GBytes *record, GError **error);

/** cel_event_genesis: Returns: what "prev" of the first event of @ledger_id must hold. */
CelDigestPair cel_event_genesis(const char *ledger_id);

G_END_DECLS
