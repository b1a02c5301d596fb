/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-daybook.h"

#include "base/cel-error.h"
#include "base/cel-lock.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const double MCM1 = 1000.0; /* thousandths of a cm-1 in records */

static const CelDayStateDef day_states[CEL_N_DAY_STATES] = {
    [CEL_DAY_UNCHECKED] = {"unchecked", N_("no performance check yet"), NULL},
    [CEL_DAY_OK] = {"ok", N_("check passed"), "ok"},
    [CEL_DAY_FAILED] = {"failed", N_("the last check did not pass"), "failed"},
    [CEL_DAY_EXPIRED] = {"expired", N_("the check has expired"), "expired"},
    [CEL_DAY_DISTURBED] = {"disturbed", N_("disturbed since the last check"), "expired"},
    [CEL_DAY_REFUTED] = {"refuted", N_("the check after it did not pass"), "failed"},
};

const CelDayStateDef *cel_day_state_def(CelDayState state)
{
    g_return_val_if_fail((guint)state < CEL_N_DAY_STATES, NULL);
    return &day_states[state];
}

static gboolean is(JsonObject *row, const char *column, const char *text)
{
    return strcmp(cel_row_text(row, column), text) == 0;
}

static gboolean is_performance(JsonObject *row)
{
    return is(row, "kind", "performance") || is(row, "kind", "closing");
}

static gboolean decides(JsonObject *row)
{
    return is_performance(row) || is(row, "kind", "calibration") || is(row, "kind", "disturbance");
}

static gboolean passed(JsonObject *row)
{
    return is(row, "verdict", "pass");
}

static GPtrArray *checks_of(CelRegister *reg, const char *serial, GError **error)
{
    const CelRowQuery query = {.match = {{"instrument", serial, 0}}};
    return cel_register_rows(reg, CEL_ROW_CHECK, &query, error);
}

/* ---- what a check found, as the ledger holds it ---- */

static JsonObject *parse_object(const char *text)
{
    g_autoptr(JsonNode) node = *text != '\0' ? json_from_string(text, NULL) : NULL;
    return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_dup_object(node) : NULL;
}

/* Integer @member of what the check in @row found; FALSE when it is not there. */
static gboolean result_of(JsonObject *row, const char *member, gint64 *out_value)
{
    g_autoptr(JsonObject) results = parse_object(cel_row_text(row, "results"));
    if (results == NULL || !json_object_has_member(results, member))
        return FALSE;
    *out_value = json_object_get_int_member_with_default(results, member, 0);
    return TRUE;
}

static void put_scaled(JsonObject *object, const char *member, double value, double scale)
{
    if (isfinite(value) && fabs(value * scale) < 9e15)
        json_object_set_int_member(object, member, (gint64)llround(value * scale));
}

static JsonArray *line_array(const CelQualification *q)
{
    JsonArray *lines = json_array_new();
    for (guint i = 0; i < q->lines->len; i++) {
        const CelCheckedLine *line = &g_array_index(q->lines, CelCheckedLine, i);
        JsonObject *one = json_object_new();
        put_scaled(one, "accepted_mcm1", line->accepted, MCM1);
        put_scaled(one, "measured_mcm1", line->measured, MCM1);
        put_scaled(one, "expanded_u_mcm1", line->expanded_u, MCM1);
        put_scaled(one, "limit_mcm1", line->limit, MCM1);
        json_object_set_string_member(one, "verdict", cel_check_verdict_name(line->verdict));
        json_array_add_object_element(lines, one);
    }
    return lines;
}

static JsonObject *results_object(const CelQualification *q)
{
    JsonObject *results = json_object_new();
    json_object_set_array_member(results, "lines", line_array(q));
    json_object_set_int_member(results, "checked", q->n_checked);
    put_scaled(results, "mean_mcm1", q->mean_deviation_cm1, MCM1);
    if (q->n_checked > 0) {
        put_scaled(results, "worst_mcm1", q->worst_deviation_cm1, MCM1);
        put_scaled(results, "u_axis_mcm1", q->u_axis_cm1, MCM1);
    }
    put_scaled(results, "fwhm_mcm1", q->fwhm_cm1, MCM1);
    put_scaled(results, "snr", q->snr, 1.0);
    if (q->counts_per_ms_mw > 0.0)
        put_scaled(results, "mcounts_per_ms_mw", q->counts_per_ms_mw, 1000.0);
    return results;
}

static JsonObject *limits_object(const CelCheckLimits *limits)
{
    JsonObject *out = json_object_new();
    put_scaled(out, "deviation_mcm1", limits->deviation_cm1, MCM1);
    put_scaled(out, "deviation_high_mcm1", limits->deviation_high_cm1, MCM1);
    put_scaled(out, "coverage_percent", limits->coverage, 100.0);
    json_object_set_int_member(out, "min_lines", limits->min_lines);
    put_scaled(out, "min_span_mcm1", limits->min_span_cm1, MCM1);
    put_scaled(out, "max_fwhm_mcm1", limits->max_fwhm_cm1, MCM1);
    put_scaled(out, "min_snr", limits->min_snr, 1.0);
    put_scaled(out, "max_intensity_change_percent", limits->max_intensity_change, 100.0);
    json_object_set_string_member(out, "source", limits->source);
    return out;
}

static void put_reasons(JsonObject *data, const GPtrArray *reasons)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < reasons->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "; " : "",
                               (const char *)g_ptr_array_index(reasons, i));
    if (text->len > 0)
        json_object_set_string_member(data, "why_not", text->str);
}

JsonObject *cel_daybook_data(const CelQualification *q, const CelDaybookEntry *entry)
{
    JsonObject *data = json_object_new();
    json_object_set_string_member(data, "kind", entry->kind);
    json_object_set_string_member(data, "serial", entry->serial);
    json_object_set_string_member(data, "standard", q->standard->id);
    json_object_set_string_member(data, "verdict", cel_check_verdict_name(q->verdict));
    json_object_set_object_member(data, "results", results_object(q));
    json_object_set_object_member(data, "limits", limits_object(&q->limits));
    put_reasons(data, q->reasons);
    if (entry->lot != NULL)
        json_object_set_string_member(data, "lot", entry->lot);
    if (entry->calibration != NULL && *entry->calibration != '\0')
        json_object_set_string_member(data, "calibration", entry->calibration);
    if (entry->expires_us > 0)
        json_object_set_int_member(data, "expires_us", entry->expires_us);
    if (entry->simulated) {
        JsonObject *instrument = json_object_new();
        json_object_set_boolean_member(instrument, "simulated", TRUE);
        json_object_set_object_member(data, "instrument", instrument);
    }
    return data;
}

JsonObject *cel_daybook_disturbance(const char *serial, const char *why)
{
    JsonObject *data = json_object_new();
    json_object_set_string_member(data, "kind", "disturbance");
    json_object_set_string_member(data, "serial", serial);
    json_object_set_string_member(data, "verdict", cel_check_verdict_name(CEL_CHECK_NOT_CHECKABLE));
    json_object_set_string_member(data, "why_not", why);
    return data;
}

/* ---- the inventory ---- */

char *cel_daybook_asset(CelRegister *reg, const CelDaybookUnit *unit, GError **error)
{
    const CelRowQuery query = {
        .match = {{"instrument", unit->serial, 0}, {"ledger", unit->ledger, 0}},
        .newest_first = TRUE};
    g_autoptr(GPtrArray) rows = cel_register_rows(reg, CEL_ROW_CHECK, &query, error);
    const char *asset = "";
    for (guint i = 0; rows != NULL && *asset == '\0' && i < rows->len; i++)
        asset = cel_row_text(g_ptr_array_index(rows, i), "asset");
    return rows != NULL ? g_strdup(asset) : NULL;
}

/* ---- what it allows ---- */

static CelDayState state_of(JsonObject *before, JsonObject *after, gint64 at_us)
{
    if (before == NULL || is(before, "kind", "calibration"))
        return CEL_DAY_UNCHECKED;
    if (is(before, "kind", "disturbance"))
        return CEL_DAY_DISTURBED;
    if (!passed(before))
        return CEL_DAY_FAILED;
    const gint64 expires_us = cel_row_number(before, "expires_us");
    if (expires_us > 0 && at_us > expires_us)
        return CEL_DAY_EXPIRED;
    return after != NULL && !passed(after) ? CEL_DAY_REFUTED : CEL_DAY_OK;
}

void cel_daybook_calibration(const CelCalibration *calibration, char out[CEL_DAYBOOK_CALIBRATION])
{
    const char *of = calibration->object_sha256;
    g_snprintf(out, CEL_DAYBOOK_CALIBRATION, "%s%s%s", calibration->id, *of != '\0' ? " " : "", of);
}

gboolean cel_daybook_judge(CelRegister *reg, const char *serial, gint64 at_us,
                           CelDayVerdict *out_verdict, GError **error)
{
    g_autoptr(GPtrArray) rows = checks_of(reg, serial, error);
    if (rows == NULL)
        return FALSE;
    JsonObject *before = NULL, *after = NULL;
    for (guint i = 0; i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        if (!decides(row))
            continue;
        if (cel_row_number(row, "t_wall_us") <= at_us) {
            before = row;
            after = NULL; /* order is by position: a clock that ran back does not undo a check */
        } else if (after == NULL && is_performance(row)) {
            after = row;
        }
    }
    gint64 u_axis = 0;
    *out_verdict = (CelDayVerdict){.state = state_of(before, after, at_us)};
    JsonObject *deciding = out_verdict->state == CEL_DAY_REFUTED ? after : before;
    out_verdict->check_seq = (guint64)cel_row_number(deciding, "seq");
    out_verdict->expires_us = cel_row_number(before, "expires_us");
    g_strlcpy(out_verdict->calibration, cel_row_text(before, "calibration"),
              sizeof out_verdict->calibration);
    if (before != NULL && result_of(before, "u_axis_mcm1", &u_axis))
        out_verdict->u_axis_cm1 = (double)u_axis / MCM1;
    return TRUE;
}

struct CelDaybook {
    CelRegister *reg;
    CelClock clock;
    CelLock lock;
};

CelDaybook *cel_daybook_new(CelRegister *reg, CelClock clock)
{
    CelDaybook *book = g_new0(CelDaybook, 1);
    book->reg = reg;
    book->clock = clock;
    return book;
}

void cel_daybook_free(CelDaybook *book)
{
    if (book == NULL)
        return;
    cel_lock_clear(&book->lock);
    g_free(book);
}

gboolean cel_daybook_ask(gpointer data, const CelMeasurement *measurement, CelSampleState *state,
                         GError **error)
{
    CelDaybook *book = data;
    const char *serial = measurement->instrument.serial;
    if (*serial == '\0')
        return TRUE; /* nobody can have checked what has no number */
    const gint64 made_us = measurement->started_wall_us;
    CelDayVerdict verdict = {0};
    cel_lock_take(&book->lock);
    const gboolean known = cel_daybook_judge(
        book->reg, serial, made_us > 0 ? made_us : cel_clock_wall_us(book->clock), &verdict, error);
    cel_lock_give(&book->lock);
    if (!known)
        return FALSE;
    /* A check speaks for the axis that it looked at, not for another calibration of the unit, nor
     * for one of the same name. */
    char used[CEL_DAYBOOK_CALIBRATION];
    cel_daybook_calibration(&measurement->calibration, used);
    if (verdict.state == CEL_DAY_OK && strcmp(verdict.calibration, used) != 0)
        verdict.state = CEL_DAY_UNCHECKED;
    state->axis_check = cel_day_state_def(verdict.state)->axis_check;
    if (verdict.state == CEL_DAY_OK)
        state->axis_u_cm1 = MAX(state->axis_u_cm1, verdict.u_axis_cm1);
    return TRUE;
}

/* ---- what a failed one puts in doubt ---- */

/* Positions between which results are in doubt: after the last passed check, up to the next. */
typedef struct {
    guint64 after, before; /* before 0: to the end */
} Doubt;

static Doubt doubt_around(GPtrArray *checks, const char *ledger, guint64 seq)
{
    Doubt doubt = {0};
    for (guint i = 0; i < checks->len; i++) {
        JsonObject *row = g_ptr_array_index(checks, i);
        const guint64 at = (guint64)cel_row_number(row, "seq");
        if (!is_performance(row) || !passed(row) || !is(row, "ledger", ledger))
            continue;
        if (at < seq)
            doubt.after = at;
        else if (doubt.before == 0)
            doubt.before = at;
    }
    return doubt;
}

static gboolean within(const Doubt *doubt, guint64 seq)
{
    return seq > doubt->after && (doubt->before == 0 || seq < doubt->before);
}

/* A result is in doubt with any of its measurements; without a list of them, with its seal. */
static gboolean touches(const Doubt *doubt, JsonObject *file)
{
    g_autoptr(JsonNode) node = json_from_string(cel_row_text(file, "acquisitions"), NULL);
    JsonArray *shots =
        node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    const guint n = shots != NULL ? json_array_get_length(shots) : 0;
    gboolean any = n == 0 && within(doubt, (guint64)cel_row_number(file, "seq"));
    for (guint i = 0; !any && i < n; i++)
        any = within(doubt, (guint64)json_array_get_int_element(shots, i));
    return any;
}

static gboolean mark_released(CelRegister *reg, JsonObject *file, GError **error)
{
    const CelRowQuery query = {.match = {{"fid", cel_row_text(file, "fid"), 0}}};
    guint64 n = 0;
    if (!cel_register_count(reg, CEL_ROW_RELEASE, &query, &n, error))
        return FALSE;
    json_object_set_int_member(file, "released", n > 0 ? 1 : 0);
    return TRUE;
}

gboolean cel_daybook_is_failed(CelRegister *reg, JsonObject *row)
{
    return is_performance(row) && !passed(row) &&
           is(row, "ledger", cel_ledger_id(cel_register_ledger(reg)));
}

static JsonObject *failed_check(CelRegister *reg, guint64 seq, GError **error)
{
    const CelRowQuery query = {.match = {{"seq", NULL, (gint64)seq},
                                         {"ledger", cel_ledger_id(cel_register_ledger(reg)), 0}}};
    g_autoptr(GError) failure = NULL;
    g_autoptr(JsonObject) row = cel_register_row(reg, CEL_ROW_CHECK, &query, &failure);
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return NULL;
    }
    if (row != NULL && cel_daybook_is_failed(reg, row))
        return g_steal_pointer(&row);
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("Event %" G_GUINT64_FORMAT " is not a performance check that did not pass"), seq);
    return NULL;
}

gboolean cel_daybook_recall(CelRegister *reg, guint64 check_seq, GPtrArray **out_files,
                            GError **error)
{
    g_autoptr(JsonObject) check = failed_check(reg, check_seq, error);
    g_autoptr(GPtrArray) checks =
        check != NULL ? checks_of(reg, cel_row_text(check, "instrument"), error) : NULL;
    if (checks == NULL)
        return FALSE;
    const Doubt doubt = doubt_around(checks, cel_row_text(check, "ledger"), check_seq);
    const CelRowQuery query = {.match = {{"instrument", cel_row_text(check, "instrument"), 0},
                                         {"ledger", cel_row_text(check, "ledger"), 0}},
                               .after_seq = doubt.after};
    g_autoptr(GPtrArray) files = cel_register_rows(reg, CEL_ROW_FILE, &query, error);
    if (files == NULL)
        return FALSE;
    g_autoptr(GPtrArray) affected =
        g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
    for (guint i = 0; i < files->len; i++) {
        JsonObject *file = g_ptr_array_index(files, i);
        if (!touches(&doubt, file))
            continue;
        if (!mark_released(reg, file, error))
            return FALSE;
        g_ptr_array_add(affected, json_object_ref(file));
    }
    *out_files = g_steal_pointer(&affected);
    return TRUE;
}
