/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-check.h"
#include "cel-control-chart.h"
#include "match/cel-identify.h"
#include "register/cel-register.h"

G_BEGIN_DECLS

/* The day-book: the checks of every instrument, in the ledger; what they allow today, and what a
 * failed one puts in doubt. */

/** CelDayState: what the day-book says of an instrument at one moment. */
typedef enum {
    CEL_DAY_UNCHECKED, /* no check yet, or none since a new calibration */
    CEL_DAY_OK,
    CEL_DAY_FAILED,    /* the last check did not pass */
    CEL_DAY_EXPIRED,   /* it passed, but too long ago */
    CEL_DAY_DISTURBED, /* restart, fall, new fibre or tip since: a new check is needed */
    CEL_DAY_REFUTED,   /* it had passed, but the next check did not: awaiting review */
    CEL_N_DAY_STATES,
} CelDayState;

/** CelDayStateDef: one row of the table of states. */
typedef struct {
    const char *id;         /* in JSON */
    const char *title;      /* N_() */
    const char *axis_check; /* as identification takes it: "ok", "failed", "expired" or NULL */
} CelDayStateDef;

/** cel_day_state_def: Returns: (transfer none): the row of @state. */
const CelDayStateDef *cel_day_state_def(CelDayState state);

enum { CEL_DAYBOOK_CALIBRATION = 64 + 1 + 65 };

/**
 * cel_daybook_calibration: which calibration that is, by its content: "ID SHA256" of the object it
 * was taken from; the id alone where there is none (the instrument's own).
 */
void cel_daybook_calibration(const CelCalibration *calibration, char out[CEL_DAYBOOK_CALIBRATION]);

/** CelDayVerdict: the answer. */
typedef struct {
    CelDayState state;
    guint64 check_seq;                         /* of the check that decides; 0: none */
    gint64 expires_us;                         /* UTC since 1970; 0: does not */
    double u_axis_cm1;                         /* that the deciding check supports; 0: not known */
    char calibration[CEL_DAYBOOK_CALIBRATION]; /* cel_daybook_calibration() of the one that was
                                                  checked; "": the check names none */
} CelDayVerdict;

/**
 * cel_daybook_judge:
 * @serial: of the instrument
 * @at_us: when it measured, UTC since 1970
 * A measurement stands between two checks: the one before must have passed and not have expired;
 * the first one after it, when there is one, must have passed too.
 * Returns: FALSE with CEL_ERROR_SYSTEM.
 */
gboolean cel_daybook_judge(CelRegister *reg, const char *serial, gint64 at_us,
                           CelDayVerdict *out_verdict, GError **error);

/** CelDaybook: the register as a CelInstrumentJudge; locks, so any thread may ask. */
typedef struct CelDaybook CelDaybook;

/** cel_daybook_new: @reg: (borrowed): nobody else uses it while questions are asked; @clock: for
 * measurements that do not say when they were made. Returns: (transfer full). */
CelDaybook *cel_daybook_new(CelRegister *reg, CelClock clock);
/** cel_daybook_free: @book: (nullable) */
void cel_daybook_free(CelDaybook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelDaybook, cel_daybook_free)

/** cel_daybook_ask: a CelInstrumentJudge; @book: a CelDaybook. A check speaks for measurements with
 * the calibration that it was made with, for no other. */
gboolean cel_daybook_ask(gpointer book, const CelMeasurement *measurement, CelSampleState *state,
                         GError **error);

/** CelDaybookEntry: a check as it goes into the ledger; borrowed. */
typedef struct {
    const char *serial;
    const char *kind;        /* "performance" or "closing" */
    const char *lot;         /* (nullable): of the standard */
    const char *calibration; /* (nullable): cel_daybook_calibration() of the one that was judged */
    gint64 expires_us;       /* 0: does not */
    gboolean simulated;
} CelDaybookEntry;

/** cel_daybook_data: Returns: (transfer full): the data of an event of act "check" that says what
 * @qualification found; numbers in thousandths of a cm-1. */
JsonObject *cel_daybook_data(const CelQualification *qualification, const CelDaybookEntry *entry);

/** cel_daybook_disturbance: @why: what happened. Returns: (transfer full): likewise, for an event
 * that takes the instrument's check away without measuring. */
JsonObject *cel_daybook_disturbance(const char *serial, const char *why);

/** CelDaybookUnit: an instrument in one ledger; borrowed. */
typedef struct {
    const char *serial, *ledger;
} CelDaybookUnit;

/** cel_daybook_asset: Returns: (transfer full): the number under which the lab's inventory has the
 * instrument, by the newest event that names one; "": none does. NULL with CEL_ERROR_SYSTEM. */
char *cel_daybook_asset(CelRegister *reg, const CelDaybookUnit *unit, GError **error);

/** cel_daybook_is_failed: @row: of CEL_ROW_CHECK. Returns: whether it is a performance check of
 * this lab that did not pass: one that cel_daybook_recall() can be asked about. */
gboolean cel_daybook_is_failed(CelRegister *reg, JsonObject *row);

/**
 * cel_daybook_recall:
 * @check_seq: of a check that did not pass
 * @out_files: (out) (transfer full) (element-type JsonObject): rows of CEL_ROW_FILE: every result
 * of that instrument since its last passed check, the oldest first; with the member "released" 1
 *   where a report has gone out
 * Returns: FALSE with CEL_ERROR_USAGE (no such check, or it passed) or CEL_ERROR_SYSTEM.
 */
gboolean cel_daybook_recall(CelRegister *reg, guint64 check_seq, GPtrArray **out_files,
                            GError **error);

/** CelChartQuantity: what a control chart shows. */
typedef enum {
    CEL_CHART_MEAN_DEVIATION,
    CEL_CHART_WORST_DEVIATION,
    CEL_CHART_FWHM,
    CEL_CHART_INTENSITY,
    CEL_N_CHART_QUANTITIES,
} CelChartQuantity;

/** CelChartQuantityDef: one row of the table of quantities. */
typedef struct {
    const char *id;    /* in options and JSON */
    const char *title; /* N_() */
    const char *unit;
    const char *member; /* of the event's results */
    double scale;       /* unit per stored integer */
    double resolution;  /* smallest step that means something, in the unit */
} CelChartQuantityDef;

/** cel_chart_quantity_def: Returns: (transfer none): the row of @quantity. */
const CelChartQuantityDef *cel_chart_quantity_def(CelChartQuantity quantity);

/** CelChartPoint: one check. */
typedef struct {
    guint64 seq;
    gint64 wall_us;
    double value;
    guint broken; /* CelChartRule bits; 0 for those that make the base */
} CelChartPoint;

/** CelChart: the checks of one instrument, or of one operator at it, with one standard. */
typedef struct {
    CelChartBase base; /* .n 0: too few checks to judge by */
    GArray *points;    /* CelChartPoint, the oldest first */
} CelChart;

/** cel_chart_clear: frees what is in @chart. */
void cel_chart_clear(CelChart *chart);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelChart, cel_chart_clear)

/** CelChartQuestion: borrowed. */
typedef struct {
    const char *serial, *standard;
    const char *operator_id; /* (nullable): everybody's */
    CelChartQuantity quantity;
} CelChartQuestion;

/**
 * cel_daybook_chart:
 * The first CEL_CHART_MIN_BASE checks after the instrument's last calibration are the base, those
 * after them are judged. Standards are never pooled.
 * Returns: FALSE with CEL_ERROR_SYSTEM.
 */
gboolean cel_daybook_chart(CelRegister *reg, const CelChartQuestion *question, CelChart *out_chart,
                           GError **error);

G_END_DECLS
