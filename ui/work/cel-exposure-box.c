/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-exposure-box.h"

#include "work/cel-laser-questions.h"
#include "work/cel-param-editor.h"
#include "work/cel-work-parts.h"

#include <glib/gi18n-lib.h>

enum { TIME, FRAMES, DARK, POWER, N_DEFS };
enum { USUAL_MS = 100, USUAL_FRAMES = 5, MOST_FRAMES = 100 };

struct _CelExposureBox {
    GtkBox parent;
    CelCapabilities capabilities;
    CelParamDef defs[N_DEFS];
    GtkWidget *editors[N_DEFS]; /* (nullable) entries */
    GtkWidget *settings;        /* holds them; made anew for another instrument */
    GtkSwitch *choose_time, *light;
    CelLaserQuestions *questions;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(CelExposureBox, cel_exposure_box, GTK_TYPE_BOX)

static gboolean switches_laser(const CelExposureBox *box)
{
    return box->capabilities.laser == CEL_LASER_BUILT_IN;
}

static gboolean has_light(CelExposureBox *box)
{
    return box->light != NULL && gtk_switch_get_active(box->light);
}

static double value_of(CelExposureBox *box, guint which)
{
    return box->editors[which] != NULL
               ? cel_param_editor_value(CEL_PARAM_EDITOR(box->editors[which]))
               : 0.0;
}

static void changed(CelExposureBox *box)
{
    const gboolean chosen = box->choose_time != NULL && gtk_switch_get_active(box->choose_time);
    if (box->editors[TIME] != NULL)
        gtk_widget_set_visible(box->editors[TIME], !chosen);
    if (box->editors[DARK] != NULL)
        gtk_widget_set_visible(box->editors[DARK], has_light(box));
    if (box->editors[POWER] != NULL)
        gtk_widget_set_visible(box->editors[POWER], has_light(box));
    gtk_widget_set_visible(GTK_WIDGET(box->questions),
                           has_light(box) && !box->capabilities.no_light);
    g_signal_emit(box, signals[CHANGED], 0);
}

/* ---- what was set ---- */

CelAcquireOptions cel_exposure_box_options(CelExposureBox *box)
{
    const gboolean chosen = box->choose_time != NULL && gtk_switch_get_active(box->choose_time);
    const guint dark = (guint)value_of(box, DARK);
    return (CelAcquireOptions){
        .integration_ms = chosen ? 0.0 : value_of(box, TIME),
        .frames = (guint)value_of(box, FRAMES),
        .dark_frames = dark,
        .no_dark = dark == 0 || !has_light(box),
        .laser_off = switches_laser(box) && !has_light(box),
        .laser_mw = has_light(box) ? value_of(box, POWER) : 0.0,
        .confirmation = cel_laser_questions_answers(box->questions),
        .hazard_policy = CEL_HAZARD_RAMP,
    };
}

gboolean cel_exposure_box_may(CelExposureBox *box, gboolean live, GError **error)
{
    const CelAcquireOptions options = cel_exposure_box_options(box);
    const CelLaserAsk ask = {.confirmation = options.confirmation,
                             .hazard_policy = live ? CEL_HAZARD_REFUSE : CEL_HAZARD_RAMP,
                             .laser_mw = options.laser_mw};
    CelLaserPlan plan;
    return options.laser_off || cel_laser_plan(&box->capabilities, &ask, &plan, error);
}

void cel_exposure_box_used(CelExposureBox *box)
{
    cel_laser_questions_clear(box->questions);
}

/* ---- controls from what the instrument says ---- */

static void define(CelExposureBox *box, const CelDeviceDescription *d)
{
    const CelCapabilities *c = &d->capabilities;
    const double usual = c->laser_mw_default > 0.0 ? c->laser_mw_default : c->laser_mw_max;
    box->defs[TIME] = (CelParamDef){
        .key = "integration",
        .label = N_("Integration time"),
        .unit = "ms",
        .type = CEL_PARAM_REAL,
        .min = d->integration_min_ms,
        .max = d->integration_max_ms,
        .initial = CLAMP((double)USUAL_MS, d->integration_min_ms, d->integration_max_ms),
        .scale = CEL_SCALE_LOG};
    box->defs[FRAMES] = (CelParamDef){.key = "frames",
                                      .label = N_("Frames to average"),
                                      .unit = "1",
                                      .type = CEL_PARAM_INT,
                                      .min = 1.0,
                                      .max = MOST_FRAMES,
                                      .initial = USUAL_FRAMES};
    box->defs[DARK] = (CelParamDef){.key = "dark",
                                    .label = N_("Dark frames"),
                                    .unit = "1",
                                    .type = CEL_PARAM_INT,
                                    .max = MOST_FRAMES,
                                    .initial = USUAL_FRAMES};
    box->defs[POWER] = (CelParamDef){.key = "power",
                                     .label = N_("Laser power at the sample"),
                                     .unit = "mW",
                                     .type = CEL_PARAM_REAL,
                                     .min = c->laser_mw_min,
                                     .max = c->laser_mw_max,
                                     .initial = CLAMP(usual, c->laser_mw_min, c->laser_mw_max)};
}

static void add_editor(CelExposureBox *box, GtkListBox *list, guint which)
{
    GtkWidget *row = gtk_list_box_row_new();
    GtkWidget *editor = cel_param_editor_new(&box->defs[which]);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
    gtk_widget_set_focusable(row, FALSE); /* its controls are */
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), editor);
    g_object_bind_property(editor, "visible", row, "visible", G_BINDING_SYNC_CREATE);
    g_signal_connect_object(editor, "changed", G_CALLBACK(changed), box, G_CONNECT_SWAPPED);
    gtk_list_box_append(list, row);
    box->editors[which] = editor;
}

static void add_switch(CelExposureBox *box, GtkListBox *list, const char *title,
                       GtkSwitch **out_toggle)
{
    gtk_list_box_append(list, cel_work_switch_row(title, NULL, out_toggle));
    gtk_switch_set_active(*out_toggle, TRUE);
    g_signal_connect_object(*out_toggle, "notify::active", G_CALLBACK(changed), box,
                            G_CONNECT_SWAPPED);
}

static void forget(CelExposureBox *box)
{
    for (guint i = 0; i < N_DEFS; i++)
        box->editors[i] = NULL;
    box->choose_time = box->light = NULL;
    if (box->settings != NULL)
        gtk_box_remove(GTK_BOX(box), box->settings);
}

void cel_exposure_box_set_instrument(CelExposureBox *box, const CelDeviceDescription *description)
{
    const CelCapabilities *c = &description->capabilities;
    forget(box);
    box->capabilities = *c;
    define(box, description);
    box->settings = cel_work_list(_("Settings of the instrument"));
    GtkListBox *list = GTK_LIST_BOX(box->settings);
    if (switches_laser(box))
        add_switch(box, list, _("Laser light"), &box->light);
    if (description->instrument.saturation_counts > 0)
        add_switch(box, list, _("Choose the time automatically"), &box->choose_time);
    add_editor(box, list, TIME);
    add_editor(box, list, FRAMES);
    if (switches_laser(box))
        add_editor(box, list, DARK);
    if (switches_laser(box) && c->laser_mw_settable && c->laser_mw_max > c->laser_mw_min)
        add_editor(box, list, POWER);
    gtk_box_append(GTK_BOX(box), box->settings);
    cel_laser_questions_set_label(box->questions, c->laser_class, c->eyewear);
    cel_laser_questions_clear(box->questions);
    changed(box);
}

static void cel_exposure_box_class_init(CelExposureBoxClass *klass)
{
    (void)klass;
    signals[CHANGED] = g_signal_new("changed", CEL_TYPE_EXPOSURE_BOX, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
}

static void cel_exposure_box_init(CelExposureBox *box)
{
    gtk_orientable_set_orientation(GTK_ORIENTABLE(box), GTK_ORIENTATION_VERTICAL);
    gtk_box_set_spacing(GTK_BOX(box), 12);
    box->questions = CEL_LASER_QUESTIONS(cel_laser_questions_new());
    gtk_widget_set_visible(GTK_WIDGET(box->questions), FALSE);
    g_signal_connect_object(box->questions, "changed", G_CALLBACK(changed), box, G_CONNECT_SWAPPED);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(box->questions));
}

GtkWidget *cel_exposure_box_new(void)
{
    return g_object_new(CEL_TYPE_EXPOSURE_BOX, NULL);
}
