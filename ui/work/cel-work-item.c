/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-work-item.h"

#include "bench/cel-bench.h"
#include "formats/cel-reader.h"
#include "process/cel-band.h"

/* A drawn band table: from 100 to 4000 cm-1. */
enum { BAND_POINTS = 3901, BAND_FROM_CM1 = 100, BAND_STEP_CM1 = 1 };
static const double USUAL_FWHM_CM1 = 10.0;

struct _CelWorkItem {
    GObject parent;
    CelWorkKind kind;
    char *title;
    CelMeasurement *measurement;
    CelSpectrum *spectrum;
    double laser_nm;
    gboolean shown;
};

enum { PROP_TITLE = 1, PROP_SHOWN, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE(CelWorkItem, cel_work_item, G_TYPE_OBJECT)

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    const CelWorkItem *item = CEL_WORK_ITEM(object);
    if (id == PROP_TITLE)
        g_value_set_string(value, item->title);
    else if (id == PROP_SHOWN)
        g_value_set_boolean(value, item->shown);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    if (id == PROP_SHOWN)
        cel_work_item_set_shown(CEL_WORK_ITEM(object), g_value_get_boolean(value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void cel_work_item_finalize(GObject *object)
{
    CelWorkItem *item = CEL_WORK_ITEM(object);
    g_free(item->title);
    cel_measurement_free(item->measurement);
    cel_spectrum_free(item->spectrum);
    G_OBJECT_CLASS(cel_work_item_parent_class)->finalize(object);
}

static void cel_work_item_class_init(CelWorkItemClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->finalize = cel_work_item_finalize;
    const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
    props[PROP_TITLE] = g_param_spec_string("title", NULL, NULL, NULL, G_PARAM_READABLE | flags);
    props[PROP_SHOWN] = g_param_spec_boolean("shown", NULL, NULL, TRUE, G_PARAM_READWRITE | flags);
    g_object_class_install_properties(object_class, N_PROPS, props);
}

static void cel_work_item_init(CelWorkItem *item)
{
    item->shown = TRUE;
}

/* ---- making ---- */

/* As the methods see it; what has no way to a shift axis stands on its own. */
static CelSpectrum *spectrum_of(const CelMeasurement *measurement, GError **error)
{
    g_autoptr(CelRecipe) dark = cel_recipe_new("dark");
    if (measurement->n_dark_frames > 0)
        cel_recipe_append_text(dark, "dark.subtract", NULL);
    CelSpectrum *shifted = cel_bench_process(measurement, dark, NULL, NULL, NULL);
    return shifted != NULL ? shifted : cel_measurement_spectrum(measurement, -1, error);
}

CelWorkItem *cel_work_item_new_measured(CelWorkKind kind, const char *title,
                                        CelMeasurement *measurement, GError **error)
{
    g_autoptr(CelWorkItem) item = g_object_new(CEL_TYPE_WORK_ITEM, NULL);
    item->kind = kind;
    item->title = g_strdup(title);
    item->measurement = measurement;
    item->laser_nm = measurement->calibration.laser_nm;
    item->spectrum = spectrum_of(measurement, error);
    return item->spectrum != NULL ? g_steal_pointer(&item) : NULL;
}

CelWorkItem *cel_work_item_new_reference(const char *title, const CelReference *reference,
                                         GError **error)
{
    g_autoptr(CelWorkItem) item = g_object_new(CEL_TYPE_WORK_ITEM, NULL);
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, reference->x, reference->n, error);
    if (axis == NULL)
        return NULL;
    g_autofree double *y = g_new(double, reference->n);
    for (gsize i = 0; i < reference->n; i++)
        y[i] = (double)reference->y[i];
    item->kind = CEL_WORK_REFERENCE;
    item->title = g_strdup(title);
    item->laser_nm = reference->laser_nm;
    item->spectrum = cel_spectrum_new(axis, y, error);
    return item->spectrum != NULL ? g_steal_pointer(&item) : NULL;
}

static double bands_at(const CelSubstance *substance, double x)
{
    double y = 0.0;
    for (gsize i = 0; i < substance->n_bands; i++) {
        const CelBand *band = &substance->bands[i];
        const double fwhm = band->fwhm_cm1 > 0.0 ? band->fwhm_cm1 : USUAL_FWHM_CM1;
        const double p[] = {band->rel_intensity, band->shift_cm1, fwhm / 2.0};
        y += cel_band_value(CEL_BAND_GAUSS, p, x, NULL);
    }
    return y;
}

CelWorkItem *cel_work_item_new_bands(const char *title, const CelSubstance *substance,
                                     GError **error)
{
    g_autoptr(CelWorkItem) item = g_object_new(CEL_TYPE_WORK_ITEM, NULL);
    double x[BAND_POINTS], y[BAND_POINTS];
    for (gsize i = 0; i < BAND_POINTS; i++) {
        x[i] = BAND_FROM_CM1 + BAND_STEP_CM1 * (double)i;
        y[i] = bands_at(substance, x[i]);
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, BAND_POINTS, error);
    if (axis == NULL)
        return NULL;
    item->kind = CEL_WORK_REFERENCE;
    item->title = g_strdup(title);
    item->spectrum = cel_spectrum_new(axis, y, error);
    return item->spectrum != NULL ? g_steal_pointer(&item) : NULL;
}

CelWorkItem *cel_work_item_load(const char *path, CelJob *job, GError **error)
{
    CelMeasurement *measurement = cel_reader_load(path, NULL, job, error);
    if (measurement == NULL)
        return NULL;
    g_autofree char *name = g_filename_display_basename(path);
    return cel_work_item_new_measured(CEL_WORK_FILE, name, measurement, error);
}

/* ---- what it holds ---- */

CelWorkKind cel_work_item_kind(CelWorkItem *item)
{
    return item->kind;
}

const char *cel_work_item_title(CelWorkItem *item)
{
    return item->title;
}

const CelMeasurement *cel_work_item_measurement(CelWorkItem *item)
{
    return item->measurement;
}

const CelSpectrum *cel_work_item_spectrum(CelWorkItem *item)
{
    return item->spectrum;
}

double cel_work_item_laser_nm(CelWorkItem *item)
{
    return item->laser_nm;
}

gboolean cel_work_item_is_simulated(CelWorkItem *item)
{
    return cel_spectrum_is_simulated(item->spectrum);
}

gboolean cel_work_item_is_shown(CelWorkItem *item)
{
    return item->shown;
}

void cel_work_item_set_shown(CelWorkItem *item, gboolean shown)
{
    if (item->shown == shown)
        return;
    item->shown = shown;
    g_object_notify_by_pspec(G_OBJECT(item), props[PROP_SHOWN]);
}
