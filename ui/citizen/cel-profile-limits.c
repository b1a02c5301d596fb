/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-profile-limits.h"

#include "citizen/cel-profile-field.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/** Limit: a field, and what it is called. Its range is the engine's. */
static const struct {
    const char *key, *title;
    gboolean is_text;
} table[] = {
    {"deviation_mcm1", N_("Largest deviation below 2000 cm⁻¹ (cm⁻¹)"), FALSE},
    {"deviation_high_mcm1", N_("Largest deviation above 2000 cm⁻¹ (cm⁻¹)"), FALSE},
    {"coverage_milli", N_("Coverage factor of the uncertainty (k)"), FALSE},
    {"min_lines", N_("Lines needed, at least"), FALSE},
    {"min_span_cm1", N_("Range of the lines, at least (cm⁻¹)"), FALSE},
    {"max_fwhm_mcm1", N_("Line width (FWHM), at most (cm⁻¹)"), FALSE},
    {"min_snr_milli", N_("Signal-to-noise ratio, at least"), FALSE},
    {"max_intensity_change_permille", N_("Change of intensity, at most (0.2 is 20 %)"), FALSE},
    {"max_series_minutes", N_("Length of a series, at most (minutes)"), FALSE},
    {"max_series_exhibits", N_("Exhibits in a series, at most"), FALSE},
    {"max_temperature_change_mcelsius", N_("Change of temperature, at most (°C)"), FALSE},
    {"source", N_("Where these limits come from (printed)"), TRUE},
};

struct _CelProfileLimits {
    AdwBin parent;
    GtkWidget *fields[G_N_ELEMENTS(table)];
};

G_DEFINE_FINAL_TYPE(CelProfileLimits, cel_profile_limits, ADW_TYPE_BIN)

static guint changed_signal;

static void changed(CelProfileLimits *limits)
{
    g_signal_emit(limits, changed_signal, 0);
}

void cel_profile_limits_fill(CelProfileLimits *limits, JsonNode *draft)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *text = cel_profile_limit(draft, table[i].key);
        gtk_editable_set_text(GTK_EDITABLE(limits->fields[i]), text);
    }
}

void cel_profile_limits_write(CelProfileLimits *limits, JsonNode *draft)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        cel_profile_set_limit(draft, table[i].key, cel_profile_field_text(limits->fields[i]));
}

gboolean cel_profile_limits_tell(CelProfileLimits *limits, const GPtrArray *faults)
{
    gboolean any = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *field = g_strconcat("checks.", table[i].key, NULL);
        const char *why = cel_profile_fault_at(faults, field);
        cel_profile_field_tell(limits->fields[i], why);
        any = any || why != NULL;
    }
    return any;
}

gboolean cel_profile_limits_have(const char *key)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        if (strcmp(table[i].key, key) == 0)
            return TRUE;
    return FALSE;
}

static void cel_profile_limits_class_init(CelProfileLimitsClass *klass)
{
    (void)klass;
    changed_signal = g_signal_new("changed", CEL_TYPE_PROFILE_LIMITS, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void cel_profile_limits_init(CelProfileLimits *limits)
{
    GtkWidget *group = adw_preferences_group_new();
    adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _("Limits of the checks"));
    adw_preferences_group_set_description(
        ADW_PREFERENCES_GROUP(group),
        _("For the performance check and the series between two of them. What may be left empty "
          "is then not checked."));
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        GtkWidget *field = limits->fields[i] =
            cel_profile_field_add(ADW_PREFERENCES_GROUP(group), _(table[i].title));
        if (!table[i].is_text)
            adw_entry_row_set_input_purpose(ADW_ENTRY_ROW(field), GTK_INPUT_PURPOSE_NUMBER);
        g_signal_connect_swapped(field, "changed", G_CALLBACK(changed), limits);
    }
    adw_bin_set_child(ADW_BIN(limits), group);
}

GtkWidget *cel_profile_limits_new(void)
{
    return g_object_new(CEL_TYPE_PROFILE_LIMITS, NULL);
}
