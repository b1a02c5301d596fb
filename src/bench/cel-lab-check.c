/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-check.h"

#include "base/cel-error.h"
#include "h5/cel-nxraman.h"

#include <glib/gi18n-lib.h>

CelCheckLimits cel_lab_check_limits(const CelLab *lab)
{
    const CelProfileChecks *from = &cel_lab_profile(lab)->checks;
    CelCheckLimits limits = {
        .deviation_cm1 = from->deviation_cm1,
        .deviation_high_cm1 = from->deviation_high_cm1,
        .coverage = from->coverage,
        .min_lines = from->min_lines,
        .min_span_cm1 = from->min_span_cm1,
        .max_fwhm_cm1 = from->max_fwhm_cm1,
        .min_snr = from->min_snr,
        .max_intensity_change = from->max_intensity_change,
    };
    g_strlcpy(limits.source, from->source != NULL ? from->source : "", sizeof limits.source);
    return limits;
}

static const char *serial_of(const CelLabCheck *check, GError **error)
{
    const char *own = check->measurement->instrument.serial;
    if (*own != '\0' || check->serial != NULL)
        return *own != '\0' ? own : check->serial;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                        _("The recording does not say which instrument made it; name it with "
                          "--serial, or the check counts for none"));
    return NULL;
}

/* With what the strongest line gave at the instrument's last passed check. */
static gboolean add_reference(CelLab *lab, const char *serial, CelCheckLimits *limits,
                              const char *standard, GError **error)
{
    const CelChartQuestion question = {
        .serial = serial, .standard = standard, .quantity = CEL_CHART_INTENSITY};
    g_auto(CelChart) chart = {0};
    if (!cel_daybook_chart(cel_lab_register(lab), &question, &chart, error))
        return FALSE;
    if (chart.base.n > 0)
        limits->reference_counts_per_ms_mw = chart.base.centre;
    return TRUE;
}

static gboolean record(CelLab *lab, const CelLabCheck *check, const CelQualification *q,
                       const char *serial, CelLedgerPlace *out_place, GError **error)
{
    CelDigestPair digests;
    const gint64 now_us = cel_clock_wall_us(check->clock);
    const CelCalibration *used =
        check->calibration != NULL ? check->calibration : &check->measurement->calibration;
    char calibration[CEL_DAYBOOK_CALIBRATION];
    cel_daybook_calibration(used, calibration);
    const CelDaybookEntry entry = {
        .serial = serial,
        .kind = check->closing ? "closing" : "performance",
        .lot = check->lot,
        .calibration = calibration,
        .expires_us = now_us + cel_lab_rules(lab)->limits.longest_us,
        .simulated = check->measurement->simulated,
    };
    g_autoptr(GBytes) own =
        check->file == NULL ? cel_nxraman_bytes(check->measurement, error) : NULL;
    GBytes *file = check->file != NULL ? check->file : own;
    if (file == NULL || !cel_lab_keep(lab, CEL_LAB_RAW, file, &digests, error))
        return FALSE;
    g_autoptr(JsonObject) data = cel_daybook_data(q, &entry);
    if (check->session != NULL)
        json_object_set_string_member(data, "session", check->session);
    const CelEventRequest request = {
        .act = CEL_ACT_CHECK, .file = &digests, .data = data, .clock = check->clock};
    return cel_lab_record(lab, &request, NULL, out_place, error);
}

CelQualification *cel_lab_check(CelLab *lab, const CelLabCheck *check, CelJob *job,
                                CelLedgerPlace *out_place, GError **error)
{
    const char *serial = serial_of(check, error);
    CelCheckLimits limits = cel_lab_check_limits(lab);
    if (serial == NULL || !add_reference(lab, serial, &limits, check->standard, error))
        return NULL;
    const CelCheckRequest request = {.measurement = check->measurement,
                                     .standard = check->standard,
                                     .limits = &limits,
                                     .calibration = check->calibration};
    g_autoptr(CelQualification) q = cel_check_run(&request, job, error);
    if (q == NULL || !record(lab, check, q, serial, out_place, error))
        return NULL;
    return g_steal_pointer(&q);
}

gboolean cel_lab_disturb(CelLab *lab, const char *serial, const char *why, CelClock clock,
                         GError **error)
{
    g_autoptr(JsonObject) data = cel_daybook_disturbance(serial, why);
    const CelEventRequest request = {.act = CEL_ACT_CHECK, .data = data, .clock = clock};
    return cel_lab_record(lab, &request, NULL, NULL, error);
}

gboolean cel_lab_inventory(CelLab *lab, const char *serial, const char *asset, CelClock clock,
                           GError **error)
{
    g_autofree char *number = g_strstrip(g_strdup(asset));
    if (*number == '\0' || *serial == '\0') {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                            _("The inventory needs the serial number of an instrument and the "
                              "asset number that it has in the lab; nothing was recorded"));
        return FALSE;
    }
    g_autoptr(JsonObject) data = json_object_new();
    json_object_set_string_member(data, "kind", "inventory");
    json_object_set_string_member(data, "verdict", cel_check_verdict_name(CEL_CHECK_NOT_CHECKABLE));
    json_object_set_string_member(data, "serial", serial);
    json_object_set_string_member(data, "asset", number);
    const CelEventRequest request = {.act = CEL_ACT_CHECK, .data = data, .clock = clock};
    return cel_lab_record(lab, &request, NULL, NULL, error);
}
