/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-calibrate-run.h"

#include "base/cel-error.h"
#include "bench/cel-check.h"
#include "bench/cel-lab-calibration.h"

#include <glib/gi18n-lib.h>

CelCalibrateRun *cel_calibrate_run_new(CelDesk *desk, const GPtrArray *shots)
{
    CelCalibrateRun *run = g_rc_box_new0(CelCalibrateRun);
    run->desk = g_object_ref(desk);
    run->author = g_strdup(cel_desk_facts(desk)->person);
    run->shots = g_ptr_array_new_with_free_func(cel_check_shot_unref);
    run->scans = g_ptr_array_new_with_free_func(cel_standard_scan_free);
    for (guint i = 0; i < shots->len; i++)
        g_ptr_array_add(run->shots, cel_check_shot_ref(g_ptr_array_index(shots, i)));
    return run;
}

CelCalibrateRun *cel_calibrate_run_ref(CelCalibrateRun *run)
{
    return g_rc_box_acquire(run);
}

static void clear(gpointer data)
{
    CelCalibrateRun *run = data;
    g_object_unref(run->desk);
    g_ptr_array_unref(run->shots);
    g_ptr_array_unref(run->scans);
    g_free(run->author);
    g_free(run->path);
    cel_calibration_object_free(run->object);
    cel_shift_fit_free(run->fit);
}

void cel_calibrate_run_unref(gpointer run)
{
    g_rc_box_release_full(run, clear);
}

static gboolean add_scan(CelCalibrateRun *run, guint i, GError **error)
{
    const CelCheckShot *shot = g_ptr_array_index(run->shots, i);
    g_autofree char *name = g_strdup_printf("%u-%s.h5", i + 1, shot->standard->id);
    CelStandardScan *scan =
        cel_standard_scan_new(cel_measurement_copy(shot->measurement), shot->standard, name, error);
    if (scan == NULL)
        return FALSE;
    g_ptr_array_add(run->scans, scan);
    return TRUE;
}

gboolean cel_calibrate_run_derive(gpointer data, CelJob *job, GError **error)
{
    CelCalibrateRun *run = data;
    char serial[64];
    for (guint i = 0; i < run->shots->len; i++)
        if (!add_scan(run, i, error))
            return FALSE;
    if (!cel_standard_scans_serial(run->scans, NULL, serial, sizeof serial, error))
        return FALSE;
    const CelShiftRequest request = {.recordings = run->scans};
    run->object = cel_shift_calibrate(&request, &run->fit, job, error);
    if (run->object == NULL)
        return FALSE;
    const CelCalibrationFacts facts = {
        .serial = serial, .author = run->author, .now_us = cel_clock_wall_us(cel_clock_system())};
    cel_calibration_complete(run->object, run->scans, &facts);
    return TRUE;
}

gboolean cel_calibrate_run_seal(gpointer data, CelJob *job, GError **error)
{
    CelCalibrateRun *run = data;
    CelLab *lab = cel_desk_need_lab(run->desk, error);
    if (lab == NULL)
        return FALSE;
    g_autoptr(GPtrArray) bytes = g_ptr_array_new();
    for (guint i = 0; i < run->scans->len; i++)
        g_ptr_array_add(bytes, ((const CelStandardScan *)g_ptr_array_index(run->scans, i))->bytes);
    const CelClock clock = cel_clock_system();
    run->in_force =
        cel_calibration_may_be_in_force(&run->object->calibration, cel_clock_wall_us(clock), NULL);
    const CelCalibrationSeal seal = {.object = run->object,
                                     .recordings = (GBytes *const *)bytes->pdata,
                                     .in_force = run->in_force,
                                     .clock = clock};
    if (!cel_lab_calibrate(lab, &seal, &run->path, job, error))
        return FALSE;
    cel_desk_lab_changed(run->desk); /* also when the guide is closed by now */
    return TRUE;
}
