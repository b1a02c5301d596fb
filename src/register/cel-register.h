/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "register/cel-ledger.h"

G_BEGIN_DECLS

/* Cases, exhibits and the day's checks as they follow from the ledger's events: projections,
 * written in the same transaction as the event and made anew from the records alone whenever
 * wanted. Nothing stands here that is not in an event; no rule of the work is decided here (that is
 * bench). */

/** CelRegister: a ledger with its projections; one thread at a time, any number of processes. */
typedef struct CelRegister CelRegister;

/** CelRegisterGuard: looks at an event before it is written, inside the append's transaction, so
 * that nothing can come in between. It may read @reg. Returns: FALSE with the error to refuse the
 * event. / */
typedef gboolean (*CelRegisterGuard)(CelRegister *reg, JsonObject *event, gpointer data,
                                     GError **error);

/** cel_register_open: as cel_ledger_open(); makes missing projections anew. Returns: (transfer
 * full). */
CelRegister *cel_register_open(const char *path, gboolean create, GError **error);
/** cel_register_close: @reg: (nullable) */
void cel_register_close(CelRegister *reg);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelRegister, cel_register_close)

/** cel_register_ledger: Returns: (transfer none): the ledger below. */
CelLedger *cel_register_ledger(CelRegister *reg);

/** cel_register_guard: @guard: (nullable): asked about every event appended from now on. */
void cel_register_guard(CelRegister *reg, CelRegisterGuard guard, gpointer data);

/** cel_register_rebuild: makes every projection anew from the records. Returns: FALSE with
 * CEL_ERROR_SYSTEM or CEL_ERROR_CANCELLED; then they are as before. */
gboolean cel_register_rebuild(CelRegister *reg, CelJob *job, GError **error);

/** CelRowKind: the projections; the columns of each are the constant table cel_row_columns(). */
typedef enum {
    CEL_ROW_CASE,
    CEL_ROW_EXHIBIT,     /* sub-items are exhibits with a parent */
    CEL_ROW_EVENT,       /* every event: what, of what, by whom, when */
    CEL_ROW_PHOTO,       /* by digest; the picture lies in the lab's folder */
    CEL_ROW_ACQUISITION, /* every shot: valid, saturated, aborted, discarded */
    CEL_ROW_FILE,        /* sealed files: begun, complete, not completed */
    CEL_ROW_CHECK,       /* the day-book: performance and closing checks, blanks, calibrations */
    CEL_ROW_REVIEW,
    CEL_ROW_RELEASE,
    CEL_ROW_STOCK,      /* standards and consumables: lot, certificate, expiry */
    CEL_ROW_NONCONFORM, /* nonconforming work, complaints, re-test requests */
    CEL_ROW_HOLD,
    CEL_ROW_KEY,    /* certified and revoked keys */
    CEL_ROW_EXPORT, /* what left the lab: papers (with a form) and case bundles */
    CEL_N_ROW_KINDS,
} CelRowKind;

/** CelRowColumn: one column. Texts are "" when not stated, numbers 0. "ledger" and "seq" are the
 * event's place: its ledger's id (a tablet's that was taken over has its own) and position. Names
 * that end in _us are UTC since 1970; digests are 64 hex digits; what is a list or an object in the
 * event stands as its canonical JSON. / */
typedef struct {
    const char *name;
    const char
        *path; /* (nullable): where in the event it stands, "/" between members; NULL: follows
                         from several events */
    gboolean number;
} CelRowColumn;

/** cel_row_kind_name: Returns: "case", "exhibit", ...: the name of the table. */
const char *cel_row_kind_name(CelRowKind kind);
/** cel_row_columns: @out_n: how many. Returns: (transfer none): the columns of @kind, in order. */
const CelRowColumn *cel_row_columns(CelRowKind kind, gsize *out_n);

enum { CEL_REGISTER_MOST_MATCHES = 4 };

/** CelRowMatch: a column that must be equal to a text or, with @text NULL, to a number. */
typedef struct {
    const char *column, *text;
    gint64 number;
} CelRowMatch;

/** CelRowQuery: which rows, in the order in which this ledger came to know of them. */
typedef struct {
    CelRowMatch match[CEL_REGISTER_MOST_MATCHES]; /* up to the first without a column */
    guint64 after_seq;  /* 0: from the beginning; with a match of "ledger" */
    guint64 before_seq; /* 0: to the end; likewise */
    gboolean newest_first;
    guint most; /* 0: all */
} CelRowQuery;

/**
 * cel_register_rows:
 * @query: (nullable): all
 * Returns: (transfer full) (element-type JsonObject): rows with the members of cel_row_columns();
 *   NULL with CEL_ERROR_USAGE (no such column) or CEL_ERROR_SYSTEM.
 */
GPtrArray *cel_register_rows(CelRegister *reg, CelRowKind kind, const CelRowQuery *query,
                             GError **error);

/** cel_register_row: Returns: (transfer full) (nullable): the first of cel_register_rows(), NULL
 * without error when there is none. */
JsonObject *cel_register_row(CelRegister *reg, CelRowKind kind, const CelRowQuery *query,
                             GError **error);

/** cel_register_count: @out_n: how many rows match. Returns: FALSE as cel_register_rows(). */
gboolean cel_register_count(CelRegister *reg, CelRowKind kind, const CelRowQuery *query,
                            guint64 *out_n, GError **error);

/** CelRowSlot: a row's value in one of the columns that were asked for. */
typedef struct {
    const char *text; /* "" of a number */
    gint64 number;    /* 0 of a text */
} CelRowSlot;

/** CelRowVisit: what a long list is read for; borrowed. */
typedef struct {
    const char *const *columns; /* NULL-ended, at most CEL_REGISTER_MOST_COLUMNS */
    const CelRowQuery *query;   /* (nullable): all */
    /** each: @slots: in the order of @columns, valid during the call */
    void (*each)(const CelRowSlot *slots, gpointer data);
    gpointer data;
} CelRowVisit;

enum { CEL_REGISTER_MOST_COLUMNS = 32 };

/** cel_register_visit: as cel_register_rows(), row by row and without an object for each: lists of
 * a hundred thousand exhibits. Returns: FALSE with its errors. */
gboolean cel_register_visit(CelRegister *reg, CelRowKind kind, const CelRowVisit *visit,
                            GError **error);

/** cel_row_text, cel_row_number: @row: (nullable). Returns: its value in @column; "" or 0 without
 * one. */
const char *cel_row_text(JsonObject *row, const char *column);
gint64 cel_row_number(JsonObject *row, const char *column);

enum { CEL_EXHIBIT_CODE = 20 }; /* characters */

/**
 * cel_exhibit_code:
 * Returns: (transfer full): what the label of an exhibit's bag carries as bar or QR code: "CELX"
 *   and 16 hex digits, capital: the first 64 bits of SHA-256 over case, NUL, item. No personal
 *   data; letters and digits only, so that any keyboard-wedge scanner types it.
 */
char *cel_exhibit_code(const char *case_id, const char *item_id);

/** CelExhibitState: where an exhibit stands in its life. */
typedef enum {
    CEL_EXHIBIT_UNKNOWN,   /* no event of it yet */
    CEL_EXHIBIT_COLLECTED, /* at the scene */
    CEL_EXHIBIT_PACKED,    /* sealed at the scene, on its way */
    CEL_EXHIBIT_SUBMITTED, /* handed in, not yet accepted */
    CEL_EXHIBIT_RECEIVED,  /* in the lab, seal as it came */
    CEL_EXHIBIT_REFUSED,
    CEL_EXHIBIT_OPEN,   /* its seal is open for work */
    CEL_EXHIBIT_CLOSED, /* sealed again in the lab */
    CEL_EXHIBIT_RETURNED,
    CEL_EXHIBIT_DISPOSED,
    CEL_N_EXHIBIT_STATES,
} CelExhibitState;

/** CelExhibitStateDef: words for a state. */
typedef struct {
    const char *id, *title_en, *title_zh;
} CelExhibitStateDef;

/** cel_exhibit_state_def: Returns: (transfer none): the row of @state. */
const CelExhibitStateDef *cel_exhibit_state_def(CelExhibitState state);
/** cel_exhibit_state: Returns: that of a row of CEL_ROW_EXHIBIT, @row: (nullable): none. */
CelExhibitState cel_exhibit_state(JsonObject *row);

/** CelExhibitMove: what an act does to an exhibit. */
typedef struct {
    guint from;         /* bits 1 << CelExhibitState in which it makes sense */
    CelExhibitState to; /* CEL_EXHIBIT_UNKNOWN: it stays as it is */
} CelExhibitMove;

/** cel_exhibit_move: @at: where the exhibit stands; @of_file: the event names a file: a seal of
 * data, else of the bag. Returns: (transfer none): the row of @act; from 0 for acts without an
 * exhibit. */
const CelExhibitMove *cel_exhibit_move(CelAct act, CelExhibitState at, gboolean of_file);

G_END_DECLS
