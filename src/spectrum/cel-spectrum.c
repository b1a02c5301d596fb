/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectrum/cel-spectrum.h"

#include "base/cel-error.h"
#include "base/cel-number.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct CelSpectrum {
    CelAxis *axis;
    double *y;
    double *variance;
    guint8 *mask;
    GTree *meta; /* sorted, so that files list keys in one order */
    gboolean simulated;
};

static int compare_keys(gconstpointer a, gconstpointer b, gpointer data)
{
    (void)data;
    return strcmp(a, b);
}

static gboolean check_finite(const double *values, gsize n, int code, GError **error)
{
    for (gsize i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            g_set_error(error, CEL_ERROR, code,
                        _("Intensity value %" G_GSIZE_FORMAT " is not a finite number"), i + 1);
            return FALSE;
        }
    }
    return TRUE;
}

static CelSpectrum *make(const CelAxis *axis)
{
    CelSpectrum *spectrum = g_new0(CelSpectrum, 1);
    spectrum->axis = cel_axis_ref(axis);
    spectrum->meta = g_tree_new_full(compare_keys, NULL, g_free, g_free);
    return spectrum;
}

CelSpectrum *cel_spectrum_new(const CelAxis *axis, const double *y, GError **error)
{
    const gsize n = cel_axis_length(axis);
    if (!check_finite(y, n, CEL_ERROR_INPUT, error))
        return NULL;
    CelSpectrum *spectrum = make(axis);
    spectrum->y = g_memdup2(y, n * sizeof *y);
    return spectrum;
}

static gboolean copy_entry(gpointer key, gpointer value, gpointer to)
{
    g_tree_insert(to, g_strdup(key), g_strdup(value));
    return FALSE;
}

CelSpectrum *cel_spectrum_derive(const CelSpectrum *from, const CelAxis *axis, double *y,
                                 double *variance, guint8 *mask, GError **error)
{
    CelSpectrum *spectrum = make(axis);
    spectrum->y = y;
    spectrum->variance = variance;
    spectrum->mask = mask;
    spectrum->simulated = from->simulated;
    g_tree_foreach(from->meta, copy_entry, spectrum->meta);
    const gsize n = cel_axis_length(axis);
    if (!check_finite(y, n, CEL_ERROR_NUMERIC, error) ||
        (variance != NULL && !check_finite(variance, n, CEL_ERROR_NUMERIC, error))) {
        cel_spectrum_free(spectrum);
        return NULL;
    }
    return spectrum;
}

CelSpectrum *cel_spectrum_copy(const CelSpectrum *from)
{
    CelSpectrum *spectrum = make(from->axis);
    const gsize n = cel_spectrum_length(from);
    spectrum->y = g_memdup2(from->y, n * sizeof *from->y);
    spectrum->variance = g_memdup2(from->variance, n * sizeof *from->variance);
    spectrum->mask = g_memdup2(from->mask, n);
    spectrum->simulated = from->simulated;
    g_tree_foreach(from->meta, copy_entry, spectrum->meta);
    return spectrum;
}

void cel_spectrum_free(CelSpectrum *spectrum)
{
    if (spectrum == NULL)
        return;
    cel_axis_unref(spectrum->axis);
    g_free(spectrum->y);
    g_free(spectrum->variance);
    g_free(spectrum->mask);
    g_tree_unref(spectrum->meta);
    g_free(spectrum);
}

const CelAxis *cel_spectrum_axis(const CelSpectrum *spectrum)
{
    return spectrum->axis;
}

gsize cel_spectrum_length(const CelSpectrum *spectrum)
{
    return cel_axis_length(spectrum->axis);
}

const double *cel_spectrum_x(const CelSpectrum *spectrum)
{
    return cel_axis_values(spectrum->axis);
}

const double *cel_spectrum_y(const CelSpectrum *spectrum)
{
    return spectrum->y;
}

const double *cel_spectrum_variance(const CelSpectrum *spectrum)
{
    return spectrum->variance;
}

const guint8 *cel_spectrum_mask(const CelSpectrum *spectrum)
{
    return spectrum->mask;
}

gboolean cel_spectrum_set_variance(CelSpectrum *spectrum, const double *variance, GError **error)
{
    const gsize n = cel_spectrum_length(spectrum);
    for (gsize i = 0; variance != NULL && i < n; i++) {
        if (!isfinite(variance[i]) || variance[i] < 0.0) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("Variance value %" G_GSIZE_FORMAT " is not a number from 0"), i + 1);
            return FALSE;
        }
    }
    g_free(spectrum->variance);
    spectrum->variance = g_memdup2(variance, n * sizeof *variance);
    return TRUE;
}

void cel_spectrum_set_mask(CelSpectrum *spectrum, const guint8 *mask)
{
    g_free(spectrum->mask);
    spectrum->mask = g_memdup2(mask, cel_spectrum_length(spectrum));
}

gboolean cel_spectrum_set_axis(CelSpectrum *spectrum, const CelAxis *axis, GError **error)
{
    if (cel_axis_length(axis) != cel_spectrum_length(spectrum)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("The axis has %" G_GSIZE_FORMAT " points, the spectrum %" G_GSIZE_FORMAT),
                    cel_axis_length(axis), cel_spectrum_length(spectrum));
        return FALSE;
    }
    CelAxis *old = spectrum->axis;
    spectrum->axis = cel_axis_ref(axis);
    cel_axis_unref(old);
    return TRUE;
}

const char *cel_spectrum_meta(const CelSpectrum *spectrum, const char *key)
{
    return g_tree_lookup(spectrum->meta, key);
}

void cel_spectrum_set_meta(CelSpectrum *spectrum, const char *key, const char *value)
{
    if (value == NULL)
        g_tree_remove(spectrum->meta, key);
    else
        g_tree_insert(spectrum->meta, g_strdup(key), g_strdup(value));
}

gboolean cel_spectrum_meta_number(const CelSpectrum *spectrum, const char *key, double *out_value)
{
    const char *text = cel_spectrum_meta(spectrum, key);
    double value = 0.0;
    if (text == NULL || !cel_number_parse(text, strlen(text), '.', &value) || !isfinite(value))
        return FALSE;
    *out_value = value;
    return TRUE;
}

void cel_spectrum_set_meta_number(CelSpectrum *spectrum, const char *key, double value)
{
    g_autofree char *text = cel_number_format(value);
    cel_spectrum_set_meta(spectrum, key, text);
}

static gboolean collect_key(gpointer key, gpointer value, gpointer to)
{
    (void)value;
    g_ptr_array_add(to, key);
    return FALSE;
}

const char **cel_spectrum_meta_keys(const CelSpectrum *spectrum)
{
    GPtrArray *keys = g_ptr_array_new();
    g_tree_foreach(spectrum->meta, collect_key, keys);
    g_ptr_array_add(keys, NULL);
    return (const char **)g_ptr_array_free(keys, FALSE);
}

gboolean cel_spectrum_is_simulated(const CelSpectrum *spectrum)
{
    return spectrum->simulated;
}

void cel_spectrum_mark_simulated(CelSpectrum *spectrum)
{
    spectrum->simulated = TRUE;
}

CelSpectrum *cel_spectrum_to_shift(const CelSpectrum *spectrum, double laser_nm, GError **error)
{
    const CelUnit unit = cel_axis_unit(spectrum->axis);
    g_autoptr(CelSpectrum) result = cel_spectrum_copy(spectrum);
    if (laser_nm > 0.0)
        cel_spectrum_set_meta_number(result, CEL_META_LASER_NM, laser_nm);
    if (unit == CEL_UNIT_SHIFT_CM1)
        return g_steal_pointer(&result);
    double laser = 0.0;
    cel_spectrum_meta_number(result, CEL_META_LASER_NM, &laser);
    g_autoptr(CelAxis) axis = cel_axis_raman_shift(spectrum->axis, laser, error);
    if (axis == NULL || !cel_spectrum_set_axis(result, axis, error))
        return NULL;
    if (unit == CEL_UNIT_NM_UNSTATED)
        cel_spectrum_set_meta(result, CEL_META_MEDIUM_NOTE, "unstated");
    return g_steal_pointer(&result);
}
