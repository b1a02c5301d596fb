/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-obp.h"

#include "base/cel-number.h"

#include <math.h>
#include <string.h>

/* Life of an OBP unit: made, powered, damaged, given other properties. */

static void power(SimUsbFirmware *firmware, gboolean on)
{
    SimObp *obp = (SimObp *)firmware;
    simobp_abort_acquisition(obp);
    g_array_set_size(obp->buffer, 0);
    obp->buffer_size = SIMOBP_MOST_BUFFERED;
    obp->buffering = obp->details->buffered;
    obp->lamp = obp->tec = FALSE;
    obp->trigger_mode = 0;
    simusb_camera_set_integration(obp->camera, MAX(10000, obp->details->integration_us[0]));
    simobp_update_light(obp);
    if (on)
        simobp_start_running(obp);
}

static SimUsbFirmware *create(const SimUsbModel *model, SimUsbBoard *board)
{
    SimObp *obp = g_new0(SimObp, 1);
    obp->board = board;
    obp->model = model;
    obp->details = model->details;
    obp->camera = simusb_camera_new(&obp->details->optics, board);
    obp->buffer = g_array_new(FALSE, FALSE, sizeof(SimObpBuffered));
    obp->requests = g_array_new(FALSE, FALSE, sizeof(guint32));
    obp->ambient_celsius = 22.0;
    obp->setpoint_celsius = -10.0;
    obp->gate = TRUE;
    obp->n_wavelength = SIMUSB_N_COEFFICIENTS;
    simusb_camera_coefficients(obp->camera, obp->wavelength);
    g_strlcpy(obp->serial, "CELADON-SIM-001", sizeof obp->serial);
    board->truth.laser_mw = 100.0;
    power((SimUsbFirmware *)obp, TRUE);
    return (SimUsbFirmware *)obp;
}

static void destroy(SimUsbFirmware *firmware)
{
    SimObp *obp = (SimObp *)firmware;
    simusb_camera_free(obp->camera);
    g_array_unref(obp->buffer);
    g_array_unref(obp->requests);
    g_free(obp);
}

static gboolean corrupt(SimUsbFirmware *firmware, const char *how)
{
    SimObp *obp = (SimObp *)firmware;
    if (strcmp(how, "nan") == 0)
        obp->wavelength[1] = (double)NAN;
    else if (strcmp(how, "non-monotonic") == 0)
        obp->wavelength[2] = -1e-3;
    else if (strcmp(how, "zero-axis") == 0)
        obp->wavelength[1] = obp->wavelength[2] = obp->wavelength[3] = 0.0;
    else if (strcmp(how, "empty") == 0)
        obp->n_wavelength = 0;
    else if (strcmp(how, "many") == 0)
        obp->n_wavelength = 255;
    else if (strcmp(how, "all-ff") == 0 || strcmp(how, "serial") == 0)
        memset(obp->serial, 0xFF, sizeof obp->serial - 1);
    else
        return FALSE;
    return TRUE;
}

static gboolean set_number(SimObp *obp, const char *key, double number)
{
    if (strcmp(key, "gate") == 0)
        obp->gate = number > 0.0;
    else if (strcmp(key, "laser-mw") == 0)
        obp->board->truth.laser_mw = number;
    else if (strcmp(key, "ambient") == 0)
        obp->ambient_celsius = number;
    else if (strcmp(key, "interlock") == 0)
        obp->board->truth.interlock_closed = number > 0.0;
    else if (strcmp(key, "laser-stuck") == 0)
        obp->board->laser_stuck = number > 0.0;
    else
        return FALSE;
    simobp_update_light(obp);
    return TRUE;
}

static gboolean set(SimUsbFirmware *firmware, const char *key, const char *value)
{
    SimObp *obp = (SimObp *)firmware;
    double number = 0.0;
    if (simusb_camera_set(obp->camera, key, value))
        return TRUE;
    if (strcmp(key, "serial") == 0) {
        g_strlcpy(obp->serial, value, sizeof obp->serial);
        return TRUE;
    }
    if (strcmp(key, "trigger") == 0) {
        if (obp->requests->len > 0)
            simusb_camera_expose(obp->camera, 0.0);
        return TRUE;
    }
    return cel_number_parse(value, strlen(value), '.', &number) && set_number(obp, key, number);
}

const SimUsbFamily simusb_family_obp = {
    .name = "obp",
    .serial_prefix = "CELADON-SIM-",
    .serial_digits = 3,
    .create = create,
    .destroy = destroy,
    .classify = simobp_classify,
    .perform = simobp_perform,
    .due_us = simobp_due_us,
    .advance = simobp_advance,
    .power = power,
    .set = set,
    .corrupt = corrupt,
};
