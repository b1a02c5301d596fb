/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-check-shot.h"

#include "base/cel-error.h"
#include "device/cel-acquire.h"

#include <glib/gi18n-lib.h>

CelCheckShot *cel_check_shot_new(CelDesk *desk, const CelStandard *standard)
{
    CelCheckShot *shot = g_rc_box_new0(CelCheckShot);
    shot->desk = g_object_ref(desk);
    shot->standard = standard;
    return shot;
}

CelCheckShot *cel_check_shot_ref(CelCheckShot *shot)
{
    return g_rc_box_acquire(shot);
}

static void clear(gpointer data)
{
    CelCheckShot *shot = data;
    g_object_unref(shot->desk);
    g_free(shot->lot);
    cel_measurement_free(shot->measurement);
    cel_qualification_free(shot->qualification);
    g_clear_pointer(&shot->trace, cel_plot_trace_unref);
}

void cel_check_shot_unref(gpointer shot)
{
    g_rc_box_release_full(shot, clear);
}

gboolean cel_check_shot_measure(gpointer data, CelJob *job, GError **error)
{
    CelCheckShot *shot = data;
    CelDevice *device = cel_desk_device(shot->desk);
    if (device == NULL) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_DEVICE,
                            _("No instrument is connected. Nothing was measured. Plug it in and "
                              "measure again."));
        return FALSE;
    }
    const CelAcquireOptions options = {.confirmation = shot->confirmation,
                                       .clock = cel_clock_system()};
    shot->measurement = cel_device_acquire(device, &options, job, error);
    if (shot->measurement == NULL)
        return FALSE;
    g_autoptr(CelSpectrum) spectrum = cel_check_spectrum(shot->measurement, job, error);
    if (spectrum == NULL)
        return FALSE;
    shot->trace = cel_plot_trace_new_spectrum(spectrum, _("measured"), CEL_TRACE_SAMPLE);
    return TRUE;
}

gboolean cel_check_shot_judge(gpointer data, CelJob *job, GError **error)
{
    CelCheckShot *shot = data;
    CelLab *lab = cel_desk_need_lab(shot->desk, error);
    CelLedgerPlace place;
    g_autoptr(GPtrArray) files = NULL;
    const CelLabCheck check = {.measurement = shot->measurement,
                               .standard = shot->standard->id,
                               .lot = shot->lot != NULL && *shot->lot != '\0' ? shot->lot : NULL,
                               .closing = shot->closing,
                               .clock = cel_clock_system()};
    if (lab == NULL)
        return FALSE;
    shot->qualification = cel_lab_check(lab, &check, job, &place, error);
    if (shot->qualification == NULL)
        return FALSE;
    if (shot->qualification->verdict == CEL_CHECK_PASS)
        return TRUE;
    if (!cel_daybook_recall(cel_lab_register(lab), place.seq, &files, error))
        return FALSE;
    shot->n_in_doubt = files->len;
    return TRUE;
}
