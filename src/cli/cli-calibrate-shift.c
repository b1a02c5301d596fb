/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-calibrate.h"

#include "bench/cel-shift-calibration.h"
#include "draw/cel-draw-file.h"

#include <math.h>

/* ---- for people ---- */

static void print_lines(const Cli *cli, const CelShiftFit *fit)
{
    cli_print(cli, "%-22s %10s %8s %8s %8s\n", _("standard"), _("cm-1"), _("before"), _("after"),
              _("limit"));
    for (guint i = 0; i < fit->lines->len; i++) {
        const CelShiftLine *line = &g_array_index(fit->lines, CelShiftLine, i);
        cli_print(cli, "%-22s %10.2f %8.2f %8.2f %8.2f %s\n", line->standard->id,
                  line->accepted_cm1, line->before_cm1, line->after_cm1, line->limit_cm1,
                  cel_shift_line_state(line));
    }
}

static void print_fit(const Cli *cli, const CelShiftFit *fit)
{
    const CelCalibration *c = &fit->calibration;
    if (cli->json)
        return;
    print_lines(cli, fit);
    if (c->laser_nm > 0.0)
        cli_print(cli, _("laser %.3f nm, u %.3f nm (assumed: %.3f nm)\n"), c->laser_nm,
                  c->u_laser_nm, fit->assumed_laser_nm);
    cli_print(cli, _("offset %+.2f cm-1, u %.2f cm-1; between standards %.2f cm-1\n"),
              fit->laser_cm1, fit->u_laser_cm1, fit->between_cm1);
    cli_print(cli, "%s\n",
              fit->laser_is_traced
                  ? _("The wavelengths are those of a lamp.")
                  : _("No lamp: the laser is only as good as the wavelengths of the axis."));
    if (c->n_coefficients == 0)
        cli_print(cli, "%s\n",
                  _("An axis already calibrated: this corrects recorded shifts, not pixels."));
    if (fit->silicon_cm1 > 0.0)
        cli_print(cli, _("silicon taken as %.2f cm-1, temperature not stated by its source\n"),
                  fit->silicon_cm1);
    cli_print(cli, _("supported %.0f to %.0f cm-1, extrapolated outside\n"), c->supported_cm1[0],
              c->supported_cm1[1]);
}

/* Two points a line: open before, filled after with its limit. */
static gboolean save_plot(const CelShiftFit *fit, const char *path, GError **error)
{
    g_autofree CelPoint *points = g_new0(CelPoint, 2 * fit->lines->len + 1);
    gsize n = 0;
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (guint i = 0; i < fit->lines->len; i++) {
        const CelShiftLine *line = &g_array_index(fit->lines, CelShiftLine, i);
        if (line->saturated)
            continue;
        points[n++] = (CelPoint){line->accepted_cm1, line->before_cm1, 0.0, CEL_MARK_MISSING};
        points[n++] =
            (CelPoint){line->accepted_cm1, line->after_cm1, line->limit_cm1, CEL_MARK_MATCHED};
        low = fmin(low, line->accepted_cm1 - 50.0);
        high = fmax(high, line->accepted_cm1 + 50.0);
    }
    const double ends[] = {low, high}, zero[] = {0.0, 0.0};
    const CelTrace level = {.x = ends, .y = zero, .n = 2, .width = 0.6, .dashed = TRUE};
    const CelPlot plot = {
        .traces = &level,
        .n_traces = 1,
        .points = points,
        .n_points = n,
        .y_ticks = TRUE,
        .x_label = _("Raman shift (cm-1)"),
        .y_label = _("measured minus accepted (cm-1)"),
        .mark_labels = {[CEL_MARK_MISSING] = _("before"), [CEL_MARK_MATCHED] = _("after, limit")},
        .x_min = low,
        .x_max = high,
        .font_size = 9.0};
    g_autofree char *title =
        g_strdup_printf(_("Shift calibration: laser %.3f nm, offset %+.2f ± %.2f cm-1 (k = 1)"),
                        fit->calibration.laser_nm, fit->laser_cm1, fit->u_laser_cm1);
    return cel_draw_save(&plot, title, path, error);
}

/* ---- the kind ---- */

/* Returns: (transfer full): the object of --base; NULL with the error. */
static CelCalibrationObject *load_base(const char *path, GError **error)
{
    g_autoptr(CelCalibrationObject) object = cel_calibration_object_load(path, error);
    if (object == NULL || object->calibration.n_coefficients > 0)
        return g_steal_pointer(&object);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s corrects recorded shifts and has no wavelengths of pixels; give a "
                  "calibration of wavelengths with --base"),
                path);
    return NULL;
}

static gboolean all_named(const GPtrArray *scans, GError **error)
{
    for (guint i = 0; i < scans->len; i++) {
        const CelStandardScan *scan = g_ptr_array_index(scans, i);
        if (scan->standard != NULL)
            continue;
        cli_usage(error, _("%s: what was measured? Name it with --standard, or as STANDARD=FILE"),
                  scan->path);
        return FALSE;
    }
    return TRUE;
}

static CelCalibrationObject *derive(const Cli *cli, const CliCalibrateWords *words,
                                    const GPtrArray *scans, GError **error)
{
    g_autoptr(CelCalibrationObject) base =
        words->base != NULL ? load_base(words->base, error) : NULL;
    if ((words->base != NULL && base == NULL) || !all_named(scans, error))
        return NULL;
    const CelShiftRequest request = {.recordings = scans,
                                     .base = base != NULL ? &base->calibration : NULL,
                                     .laser_nm = words->laser_nm};
    g_autoptr(CelShiftFit) fit = NULL;
    g_autoptr(CelCalibrationObject) object = cel_shift_calibrate(&request, &fit, cli->job, error);
    if (object == NULL || (words->plot != NULL && !save_plot(fit, words->plot, error)))
        return NULL;
    print_fit(cli, fit);
    return g_steal_pointer(&object);
}

const CliCalibrateKind cli_calibrate_shift = {
    .kind = CEL_CALIBRATION_SHIFT,
    .derive = derive,
};
