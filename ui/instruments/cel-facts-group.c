/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-facts-group.h"

#include "cel-drivers.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void cel_facts_add(AdwPreferencesGroup *group, GPtrArray *list, const char *title,
                   const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    GtkWidget *row = adw_action_row_new();
    adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), value);
    adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 0);
    adw_preferences_group_add(group, row);
    g_ptr_array_add(list, row);
}

void cel_facts_clear(AdwPreferencesGroup *group, GPtrArray *list)
{
    for (guint i = 0; i < list->len; i++)
        adw_preferences_group_remove(group, g_ptr_array_index(list, i));
    g_ptr_array_set_size(list, 0);
}

/* ---- what an instrument says of itself ---- */

static char *laser_text(const CelDeviceDescription *description)
{
    const CelCapabilities *can = &description->capabilities;
    const double nm = description->calibration.laser_nm;
    if (can->laser == CEL_LASER_NONE)
        return g_strdup(_("none: a plain spectrograph"));
    if (can->laser == CEL_LASER_EXTERNAL)
        return g_strdup(_("fed by another device that is not controlled from here; its state is "
                          "unknown"));
    return nm > 0.0 ? g_strdup_printf(_("%.2f nm"), nm) : g_strdup(_("wavelength not stated"));
}

static char *power_text(const CelCapabilities *can)
{
    if (can->laser != CEL_LASER_BUILT_IN)
        return NULL;
    if (can->laser_mw_settable)
        return g_strdup_printf(_("%.3g to %.3g mW at the sample, nominal"), can->laser_mw_min,
                               can->laser_mw_max);
    return can->laser_mw_default > 0.0
               ? g_strdup_printf(_("%.3g mW at the sample, nominal, fixed"), can->laser_mw_default)
               : g_strdup(_("fixed, not stated"));
}

/* What a driver was proven on is no small print: nobody may take it for more. */
static const char *proof_text(const char *driver)
{
    const CelDriverTable table = cel_drivers(NULL);
    for (gsize i = 0; i < table.n; i++) {
        const char *proof = table.drivers[i]->validation;
        if (strcmp(table.drivers[i]->id, driver) != 0)
            continue;
        if (g_strcmp0(proof, "replay-only") == 0)
            return _("proven on recordings only, not on this instrument itself");
        return g_strcmp0(proof, "simulation") == 0 ? _("a simulation: never evidence") : proof;
    }
    return NULL;
}

static char *axis_text(const CelDeviceDescription *description)
{
    if (*description->calibration_refused != '\0')
        return g_strdup(description->calibration_refused);
    const double *range_cm1 = description->instrument.range_cm1;
    return range_cm1[1] > range_cm1[0]
               ? g_strdup_printf(_("%.0f to %.0f cm⁻¹"), range_cm1[0], range_cm1[1])
               : NULL;
}

void cel_facts_instrument(AdwPreferencesGroup *group, GPtrArray *list,
                          const CelDeviceDescription *description)
{
    const CelInstrument *instrument = &description->instrument;
    const CelCapabilities *can = &description->capabilities;
    g_autofree char *laser = laser_text(description);
    g_autofree char *power = power_text(can);
    g_autofree char *axis = axis_text(description);
    g_autofree char *pixels =
        g_strdup_printf(_("%zu pixels, %.3g to %.3g ms"), description->n_pixels,
                        description->integration_min_ms, description->integration_max_ms);
    cel_facts_add(group, list, _("Model"), instrument->model);
    cel_facts_add(group, list, _("Serial number"), instrument->serial);
    cel_facts_add(group, list, _("Firmware"), instrument->firmware);
    cel_facts_add(group, list, _("Excitation wavelength"), laser);
    cel_facts_add(group, list, _("Laser class as labelled"), can->laser_class);
    cel_facts_add(group, list, _("Laser power"), power);
    cel_facts_add(group, list, _("Eyewear"), can->eyewear);
    cel_facts_add(group, list, _("Raman shift range"), axis);
    cel_facts_add(group, list, _("Detector and integration time"), pixels);
    cel_facts_add(group, list, _("Driver"), proof_text(instrument->driver));
}
