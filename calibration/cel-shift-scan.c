/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-shift-private.h"

#include "base/cel-error.h"
#include "cel-apex.h"
#include "cel-lines.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Found times explained, below: not this standard. Another standard must beat it by a quarter.
 * Chosen on the scans that tests/science/test-shift.c reads: its refusals of wrong names are
 * development figures. */
static const double LEAST_SCORE = 0.2, CLEARLY_BETTER = 1.25, LEAST_FOUND = 0.5;
static const double LAMP_EXPLAINED = 0.65; /* a lamp shows nothing but its lines */
static const double SAME_LASER_NM = 0.05;

CelShiftOptions cel_shift_options(const CelShiftOptions *options)
{
    CelShiftOptions out = options != NULL ? *options : (CelShiftOptions){0};
    if (!(out.max_offset_cm1 > 0.0))
        out.max_offset_cm1 = 20.0;
    if (!(out.min_snr > 0.0))
        out.min_snr = 8.0;
    if (!(out.drift_limit_cm1 > 0.0))
        out.drift_limit_cm1 = 1.0;
    return out;
}

/* ---- what the scans have in common ---- */

static double laser_of(const CelSpectrum *spectrum)
{
    double nm = 0.0;
    return cel_spectrum_meta_number(spectrum, CEL_META_LASER_NM, &nm) ? nm : 0.0;
}

static gboolean check_kind(const CelShiftScan *scan, GError **error)
{
    if (scan->standard->kind == CEL_STANDARD_INTENSITY) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: %s is a standard of intensity and has no lines that could place an "
                      "axis; name a lamp or a shift standard"),
                    scan->name, scan->standard->id);
        return FALSE;
    }
    if (cel_axis_unit(cel_spectrum_axis(scan->spectrum)) == CEL_UNIT_PIXEL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("%s: the axis counts pixels, so nothing has a shift yet; calibrate the "
                      "wavelengths with a lamp first"),
                    scan->name);
        return FALSE;
    }
    return TRUE;
}

static gboolean same_text(const CelSpectrum *a, const CelSpectrum *b, const char *key)
{
    const char *one = cel_spectrum_meta(a, key), *other = cel_spectrum_meta(b, key);
    return one == NULL || other == NULL || g_str_equal(one, other);
}

static gboolean check_same(const CelShiftScan *first, const CelShiftScan *scan, GError **error)
{
    const double one = laser_of(first->spectrum), other = laser_of(scan->spectrum);
    const CelUnit unit = cel_axis_unit(cel_spectrum_axis(scan->spectrum)),
                  first_unit = cel_axis_unit(cel_spectrum_axis(first->spectrum));
    if (one > 0.0 && other > 0.0 && fabs(one - other) > SAME_LASER_NM) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("Two lasers are mixed: %s was recorded with %.2f nm, %s with %.2f nm. Each "
                      "laser needs its own calibration; give the scans of one"),
                    first->name, one, scan->name, other);
        return FALSE;
    }
    if (!same_text(first->spectrum, scan->spectrum, CEL_META_SERIAL)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("Two instruments are mixed: %s and %s carry different serial numbers. Each "
                      "instrument needs its own calibration"),
                    first->name, scan->name);
        return FALSE;
    }
    if (unit != first_unit) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("The axes are mixed: %s is in %s, %s in %s. Air and vacuum differ by 3.5 "
                      "cm-1 at 785 nm; state the medium of both and give them alike"),
                    first->name, cel_unit_name(first_unit), scan->name, cel_unit_name(unit));
        return FALSE;
    }
    return TRUE;
}

static gboolean check_base(const CelCalibration *base, const CelShiftScan *scan, GError **error)
{
    const CelUnit unit = cel_axis_unit(cel_spectrum_axis(scan->spectrum));
    const double laser = laser_of(scan->spectrum);
    if (unit != CEL_UNIT_SHIFT_CM1 && base->medium != CEL_UNIT_NM_UNSTATED &&
        unit != CEL_UNIT_NM_UNSTATED && unit != base->medium) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("%s is in %s, the calibration it should refine in %s. Taken for one another, "
                      "air and vacuum put every band off by 3.5 cm-1 at 785 nm"),
                    scan->name, cel_unit_name(unit), cel_unit_name(base->medium));
        return FALSE;
    }
    if (laser > 0.0 && base->laser_nm > 0.0 && fabs(laser - base->laser_nm) > SAME_LASER_NM) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("Two lasers are mixed: %s was recorded with %.2f nm, the calibration it "
                      "should refine is for %.2f nm"),
                    scan->name, laser, base->laser_nm);
        return FALSE;
    }
    return TRUE;
}

gboolean cel_shift_axis_common(const CelCalibration *base, const CelShiftScan *scans, gsize n,
                               CelShiftAxis *out, GError **error)
{
    *out = (CelShiftAxis){.medium = CEL_UNIT_NM_AIR};
    for (gsize i = 0; i < n; i++) {
        if (!check_kind(&scans[i], error) || !check_same(&scans[0], &scans[i], error) ||
            (base != NULL && !check_base(base, &scans[i], error)))
            return FALSE;
        out->laser_nm = out->laser_nm > 0.0 ? out->laser_nm : laser_of(scans[i].spectrum);
    }
    const CelUnit unit = cel_axis_unit(cel_spectrum_axis(scans[0].spectrum));
    if (unit == CEL_UNIT_NM_VACUUM || (base != NULL && base->medium == CEL_UNIT_NM_VACUUM))
        out->medium = CEL_UNIT_NM_VACUUM;
    if (base != NULL && base->laser_nm > 0.0)
        out->laser_nm = base->laser_nm;
    if (out->laser_nm > 0.0)
        out->laser_vacuum_nm =
            out->medium == CEL_UNIT_NM_VACUUM ? out->laser_nm : cel_air_to_vacuum_nm(out->laser_nm);
    return TRUE;
}

/* ---- pairing one scan ---- */

static void pair_with(const CelStandard *standard, const CelSpectrum *shifted, const GArray *lines,
                      const CelShiftAxis *axis, double max_offset_cm1, CelPairing *out)
{
    const double *x = cel_spectrum_x(shifted);
    const CelPairTask task = {.standard = standard,
                              .lines = lines,
                              .first = x[0],
                              .last = x[cel_spectrum_length(shifted) - 1],
                              .laser_vacuum_nm = axis->laser_vacuum_nm,
                              .max_offset_cm1 = max_offset_cm1};
    cel_pairs_find(&task, out);
}

static gboolean is_good(const CelStandard *standard, const CelPairing *pairing)
{
    return pairing->found >= LEAST_FOUND && cel_pairing_score(pairing) >= LEAST_SCORE &&
           (standard->kind != CEL_STANDARD_LAMP || pairing->explained >= LAMP_EXPLAINED);
}

/* The other standard of the same kind that explains the lines clearly better, or NULL. One-line
 * standards have no pattern by which they could. */
static const CelStandard *better_standard(const CelShiftScan *scan, const CelSpectrum *shifted,
                                          const GArray *lines, const CelShiftAxis *axis,
                                          const CelShiftOptions *options, double score)
{
    enum { PATTERN = 3 };
    gsize n = 0;
    const CelStandard *const *all = cel_standard_list(&n);
    const CelStandard *best = NULL;
    for (gsize i = 0; i < n; i++) {
        if (all[i] == scan->standard || all[i]->kind != scan->standard->kind)
            continue;
        g_auto(CelPairing) other = {0};
        pair_with(all[i], shifted, lines, axis, options->max_offset_cm1, &other);
        const double its = cel_pairing_score(&other);
        if (other.pairs->len >= PATTERN && is_good(all[i], &other) &&
            its > CLEARLY_BETTER * score) {
            best = all[i];
            score = its / CLEARLY_BETTER;
        }
    }
    return best;
}

/* Wavelengths of a Raman spectrum begin near the laser and end within twice of it; shifts begin
 * far below. Without this a chance line would speak for the other unit. */
static gboolean could_be_nm(const CelAxis *axis, double laser_nm)
{
    const double *x = cel_axis_values(axis);
    return x[0] > 0.8 * laser_nm && x[cel_axis_length(axis) - 1] < 2.2 * laser_nm;
}

/* The scan with its numbers taken in the other unit: nm for cm-1 or the reverse. */
static CelSpectrum *in_other_unit(const CelSpectrum *spectrum, const CelShiftAxis *axis)
{
    const CelAxis *given = cel_spectrum_axis(spectrum);
    if (could_be_nm(given, axis->laser_nm) != (cel_axis_unit(given) == CEL_UNIT_SHIFT_CM1))
        return NULL;
    const CelUnit other =
        cel_axis_unit(given) == CEL_UNIT_SHIFT_CM1 ? CEL_UNIT_NM_AIR : CEL_UNIT_SHIFT_CM1;
    g_autoptr(CelAxis) taken =
        cel_axis_new(other, cel_axis_values(given), cel_axis_length(given), NULL);
    g_autoptr(CelSpectrum) copy = cel_spectrum_copy(spectrum);
    if (taken == NULL || !cel_spectrum_set_axis(copy, taken, NULL))
        return NULL;
    return cel_spectrum_to_shift(copy, axis->laser_nm, NULL);
}

static gboolean fits_in_other_unit(const CelShiftScan *scan, const CelShiftAxis *axis,
                                   const CelShiftOptions *options, CelJob *job)
{
    enum { ENOUGH = 2 };
    g_autoptr(CelSpectrum) other = in_other_unit(scan->spectrum, axis);
    g_autoptr(GArray) lines =
        other != NULL ? cel_lines_measure(other, options->min_snr, job, NULL) : NULL;
    if (lines == NULL)
        return FALSE;
    g_auto(CelPairing) pairing = {0};
    pair_with(scan->standard, other, lines, axis, options->max_offset_cm1, &pairing);
    return is_good(scan->standard, &pairing) &&
           (pairing.pairs->len >= ENOUGH || scan->standard->n_lines == 1);
}

static void refuse_standard(const CelShiftScan *scan, const CelStandard *better,
                            const CelPairing *pairing, GError **error)
{
    if (better != NULL)
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s is not a scan of %s: its lines are those of %s. Nothing was calibrated; "
                      "name the standard that was measured"),
                    scan->name, scan->standard->id, better->id);
    else
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s is not a usable scan of %s: %.0f %% of its strong lines were found, and "
                      "they make up %.0f %% of the signal. Nothing was calibrated; check the "
                      "standard, the focus and the integration time, and measure it again"),
                    scan->name, scan->standard->id, 100.0 * pairing->found,
                    100.0 * pairing->explained);
}

static gboolean check_pairing(const CelShiftScan *scan, const CelSpectrum *shifted,
                              const GArray *lines, const CelShiftAxis *axis,
                              const CelShiftOptions *options, const CelPairing *pairing,
                              CelJob *job, GError **error)
{
    const CelStandard *better =
        better_standard(scan, shifted, lines, axis, options, cel_pairing_score(pairing));
    if (is_good(scan->standard, pairing) && better == NULL)
        return TRUE;
    if (!is_good(scan->standard, pairing) && fits_in_other_unit(scan, axis, options, job)) {
        const gboolean said_cm1 =
            cel_axis_unit(cel_spectrum_axis(scan->spectrum)) == CEL_UNIT_SHIFT_CM1;
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("%s: the axis is said to be in %s, but the lines of %s stand where they "
                      "belong only when its numbers are %s. Read the file again with the right "
                      "--axis-unit"),
                    scan->name, said_cm1 ? "cm-1" : "nm", scan->standard->id,
                    said_cm1 ? "nm" : "cm-1");
        return FALSE;
    }
    refuse_standard(scan, better, pairing, error);
    return FALSE;
}

static gboolean check_pieces(const CelShiftScan *scan, const CelPairing *pairing, GError **error)
{
    enum { MANY = 3 };
    if (pairing->n_displaced < MANY)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                _("%s: %u lines of %s stand %.1f cm-1 from where the others put them: the axis "
                  "jumps, it was put together of pieces. No smooth correction follows it, and none "
                  "was made; calibrate each piece as a spectrum of its own"),
                scan->name, pairing->n_displaced, scan->standard->id, pairing->displaced_cm1);
    return FALSE;
}

static gboolean check_saturation(const CelShiftScan *scan, const CelPairing *pairing,
                                 GError **error)
{
    guint good = 0;
    for (guint i = 0; i < pairing->pairs->len; i++)
        good += g_array_index(pairing->pairs, CelPair, i).saturated ? 0 : 1;
    if (good > 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: every line of %s is saturated, so none has a position. Measure it again "
                  "with a shorter integration time"),
                scan->name, scan->standard->id);
    return FALSE;
}

static gboolean pair_scan(const CelShiftScan *scan, const CelShiftAxis *axis,
                          const CelShiftOptions *options, CelPairing *out, CelJob *job,
                          GError **error)
{
    if (scan->standard->kind == CEL_STANDARD_LAMP && !(axis->laser_vacuum_nm > 0.0)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("%s: a lamp has wavelengths, and the laser that the shifts were computed "
                      "with is not known; give it with --laser-nm"),
                    scan->name);
        return FALSE;
    }
    g_autoptr(CelSpectrum) shifted = cel_spectrum_to_shift(scan->spectrum, axis->laser_nm, error);
    g_autoptr(GArray) lines =
        shifted != NULL ? cel_lines_measure(shifted, options->min_snr, job, error) : NULL;
    if (lines == NULL)
        return FALSE;
    for (guint i = 0; scan->standard->kind == CEL_STANDARD_SHIFT && i < lines->len; i++)
        cel_apex_refine(shifted, &g_array_index(lines, CelMeasuredLine, i));
    pair_with(scan->standard, shifted, lines, axis, options->max_offset_cm1, out);
    return check_pairing(scan, shifted, lines, axis, options, out, job, error) &&
           check_pieces(scan, out, error) && check_saturation(scan, out, error);
}

gboolean cel_shift_scan_pairs(const CelShiftScan *scan, const CelShiftAxis *axis,
                              const CelShiftOptions *options, CelPairing *out, CelJob *job,
                              GError **error)
{
    *out = (CelPairing){0};
    if (pair_scan(scan, axis, options, out, job, error))
        return TRUE;
    cel_pairing_clear(out);
    return FALSE;
}
