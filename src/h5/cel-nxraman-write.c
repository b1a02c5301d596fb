/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/cel-clock.h"
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "h5/cel-nxraman-fields.h"
#include "h5/cel-nxraman.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define NXRAMAN_VERSION "v2026.01"
#define NXRAMAN_URL     "https://github.com/nexusformat/definitions"

/* The parent group of @path, made where missing, and in @out_name the last part. */
static CelH5Node *parent_of(CelH5Node *entry, const char *path, const char **out_name)
{
    g_autofree char *folder = g_path_get_dirname(path);
    *out_name = strrchr(path, '/') + 1;
    return cel_h5_group(entry, folder, NULL);
}

static gboolean check_text(const char *text, gsize room, const char *path, GError **error)
{
    if (memchr(text, 0, room) != NULL && g_utf8_validate(text, -1, NULL))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: the instrument or file gave a text that is not UTF-8; it cannot be stored "
                  "unaltered. Read the instrument again"),
                path);
    return FALSE;
}

static CelH5Node *put_field(CelH5Node *group, const char *name, const CelNxramanField *field,
                            const char *member)
{
    double real = 0.0;
    gint64 whole = 0;
    guint32 count = 0;
    gboolean flag = FALSE;
    switch (field->kind) {
    case CEL_FIELD_TEXT:
        return cel_h5_put_text(group, name, member);
    case CEL_FIELD_OPTIONAL_TEXT:
        return cel_h5_put_text(group, name, member[0] != '\0' ? member : NULL);
    case CEL_FIELD_FLAG:
        memcpy(&flag, member, sizeof flag);
        return cel_h5_put_int(group, name, flag != FALSE);
    case CEL_FIELD_COUNT32:
        memcpy(&count, member, sizeof count);
        return cel_h5_put_int(group, name, count);
    case CEL_FIELD_INT64:
        memcpy(&whole, member, sizeof whole);
        return cel_h5_put_int(group, name, whole);
    case CEL_FIELD_UINT64:
        return cel_h5_put(group, name, CEL_H5_U64, 0, NULL, member, FALSE);
    default:
        memcpy(&real, member, sizeof real);
        if (field->kind == CEL_FIELD_OPTIONAL && fpclassify(real) == FP_ZERO)
            return NULL;
        if (field->kind == CEL_FIELD_KNOWN && fpclassify(real) == FP_ZERO)
            real = (double)NAN;
        return cel_h5_put_number(group, name, real, NULL);
    }
}

static gboolean put_fields(CelH5Node *entry, const CelMeasurement *m, GError **error)
{
    gsize n = 0;
    const CelNxramanField *fields = cel_nxraman_fields(&n);
    for (gsize i = 0; i < n; i++) {
        const CelNxramanField *field = &fields[i];
        const char *member = (const char *)m + field->offset, *name = NULL;
        const gboolean is_text =
            field->kind == CEL_FIELD_TEXT || field->kind == CEL_FIELD_OPTIONAL_TEXT;
        if (is_text && !check_text(member, field->size, field->path, error))
            return FALSE;
        CelH5Node *group = parent_of(entry, field->path, &name);
        CelH5Node *node = put_field(group, name, field, member);
        if (node != NULL && field->units != NULL)
            cel_h5_attr_text(node, "units", field->units);
    }
    return TRUE;
}

static void put_frames(CelH5Node *entry, const char *path, const double *frames, gsize n,
                       gsize n_pixels)
{
    const gsize shape[] = {n, n_pixels};
    const char *const axes[] = {".", "pixel", NULL};
    const char *name = NULL;
    CelH5Node *group = parent_of(entry, path, &name);
    g_autofree double *pixel = g_new(double, n_pixels);
    for (gsize i = 0; i < n_pixels; i++)
        pixel[i] = (double)i;
    cel_h5_attr_text(group, "NX_class", "NXdata");
    cel_h5_attr_text(group, "signal", name);
    cel_h5_attr_texts(group, "axes", axes);
    cel_h5_put(group, "pixel", CEL_H5_F64, 1, &n_pixels, pixel, TRUE);
    CelH5Node *counts = cel_h5_put(group, name, CEL_H5_F64, 2, shape, frames, TRUE);
    cel_h5_attr_text(counts, "units", "counts");
    cel_h5_attr_text(counts, "long_name", "Counts as read");
}

static void put_beam(CelH5Node *entry, const CelMeasurement *m)
{
    CelH5Node *beam = cel_h5_group(entry, "instrument/beam_incident", "NXbeam");
    cel_h5_put_text(beam, "parameter_reliability", "nominal");
    CelH5Node *source = cel_h5_group(entry, "instrument/source_laser", "NXsource");
    cel_h5_put_text(source, "type", "Laser");
    cel_h5_put_text(source, "associated_beam", "instrument/beam_incident");
    if (m->calibration.laser_nm <= 0.0)
        cel_h5_attr_text(beam, "comment", "The source of the data does not state the laser.");
}

static gboolean was_imported(const CelMeasurement *m)
{
    return m->imported_axis != NULL;
}

static void put_instrument(CelH5Node *entry, const CelMeasurement *m)
{
    CelH5Node *instrument = cel_h5_group(entry, "instrument", "NXinstrument");
    /* Porto's notation: light goes in and comes back along z, polarisations unknown. */
    cel_h5_put_text(instrument, "scattering_configuration",
                    was_imported(m) ? "not stated" : "z(..)-z");
    cel_h5_group(entry, "instrument/device_information", "NXfabrication");
    CelH5Node *detector = cel_h5_group(entry, "instrument/detector_1", "NXdetector");
    cel_h5_put_text(detector, "detector_channel_type", "multichannel");
    CelH5Node *software = cel_h5_group(entry, "instrument/software_celadon", "NXprogram");
    CelH5Node *program = cel_h5_put_text(software, "program", "Celadon");
    cel_h5_attr_text(program, "version", CEL_VERSION);
    if (m->has_temperature) {
        CelH5Node *sensor = cel_h5_group(entry, "instrument/temperature_sensor", "NXsensor");
        cel_h5_put_text(sensor, "measurement", "temperature");
        cel_h5_put_number(sensor, "value", m->detector_celsius, "degC");
    }
    put_beam(entry, m);
}

typedef struct {
    CelH5Node *group;
    guint n;
    GError **error;
    gboolean ok;
} Notes;

/* Keys may hold anything, also "/": they are values here, not names. */
static gboolean put_note(gpointer key, gpointer value, gpointer data)
{
    Notes *notes = data;
    g_autofree char *name = g_strdup_printf("%06u", ++notes->n);
    notes->ok = check_text(key, strlen(key) + 1, CEL_NXRAMAN_NOTES, notes->error) &&
                check_text(value, strlen(value) + 1, CEL_NXRAMAN_NOTES, notes->error);
    if (notes->ok)
        cel_h5_attr_text(cel_h5_put_text(notes->group, name, value), "key", key);
    return !notes->ok;
}

/* What is known of single frames and pixels; absent when it is not. */
static void put_details(CelH5Node *own, const CelMeasurement *m)
{
    if (m->frame_us != NULL && m->n_frames > 0) {
        CelH5Node *time =
            cel_h5_put(own, "frame_time", CEL_H5_I64, 1, &m->n_frames, m->frame_us, FALSE);
        cel_h5_attr_text(time, "units", "us");
        cel_h5_attr_text(time, "long_name", "When a frame had been read, since the start");
    }
    if (m->pixel_flags != NULL) {
        CelH5Node *flags =
            cel_h5_put(own, "pixel_flags", CEL_H5_U8, 1, &m->n_pixels, m->pixel_flags, TRUE);
        cel_h5_attr_text(flags, "long_name",
                         "1: bad pixel, 2: covered, 4: saturated, 8: above the linear range");
    }
    if (m->n_nonlinearity > 0) {
        CelH5Node *c = cel_h5_put_f64(own, "nonlinearity", m->nonlinearity,
                                      MIN(m->n_nonlinearity, CEL_MEASUREMENT_MAX_NONLINEARITY));
        cel_h5_attr_text(c, "long_name", "true = counts / sum of c[k] counts^k; not applied");
    }
    if (m->response != NULL) {
        g_autofree char *text = cel_response_to_text(m->response);
        CelH5Node *response = cel_h5_put_text(own, "response", text);
        cel_h5_attr_text(response, "long_name",
                         "shift in 1/cm, factor for the counts, its relative uncertainty; "
                         "not applied");
    }
}

static gboolean put_own(CelH5Node *entry, const CelMeasurement *m, GError **error)
{
    CelH5Node *own = cel_h5_group(entry, "celadon_measurement", "NXcollection");
    CelH5Node *range = cel_h5_put_f64(own, "range", m->instrument.range_cm1, 2);
    cel_h5_attr_text(range, "units", "1/cm");
    if (was_imported(m)) {
        CelH5Node *axis = cel_h5_put(own, "imported_axis", CEL_H5_F64, 1, &m->n_pixels,
                                     cel_axis_values(m->imported_axis), TRUE);
        cel_h5_attr_text(axis, "unit", cel_unit_name(cel_axis_unit(m->imported_axis)));
    }
    put_details(own, m);
    Notes notes = {.group = cel_h5_group(entry, CEL_NXRAMAN_NOTES, "NXcollection"),
                   .error = error,
                   .ok = TRUE};
    g_tree_foreach(m->notes, put_note, &notes);
    return notes.ok;
}

static void put_time(CelH5Node *entry, const char *name, gint64 wall_us)
{
    if (wall_us <= 0)
        return;
    g_autofree char *text = cel_clock_iso8601(wall_us);
    cel_h5_put_text(entry, name, text);
}

static void put_head(CelH5Node *entry, const CelMeasurement *m, const CelNxramanLabels *labels)
{
    const char *name = labels->sample_name != NULL ? labels->sample_name : "not stated";
    CelH5Node *definition = cel_h5_put_text(entry, "definition", "NXraman");
    cel_h5_attr_text(definition, "version", NXRAMAN_VERSION);
    cel_h5_attr_text(definition, "URL", NXRAMAN_URL);
    cel_h5_attr_text(entry, "default", "data");
    cel_h5_put_text(entry, "experiment_type", "Raman spectroscopy");
    cel_h5_put_text(entry, "raman_experiment_type", "non-resonant Raman spectroscopy");
    cel_h5_put_text(entry, "title", labels->title);
    put_time(entry, "start_time", m->started_wall_us);
    put_time(entry, "end_time", m->ended_wall_us);
    cel_h5_put_text(cel_h5_group(entry, "sample", "NXsample"), "name", name);
}

/* How an axis is called in a plot; the names of the units are NeXus's (UDUNITS). */
typedef struct {
    const char *name, *indices, *units, *long_name;
} AxisWords;

static const AxisWords axis_words[CEL_N_UNITS] = {
    [CEL_UNIT_PIXEL] = {"pixel", "pixel_indices", NULL, "Pixel"},
    [CEL_UNIT_NM_AIR] = {"wavelength", "wavelength_indices", "nm", "Wavelength in air (nm)"},
    [CEL_UNIT_NM_VACUUM] = {"wavelength", "wavelength_indices", "nm", "Wavelength in vacuum (nm)"},
    [CEL_UNIT_NM_UNSTATED] = {"wavelength", "wavelength_indices", "nm",
                              "Wavelength, medium not stated (nm)"},
    [CEL_UNIT_SHIFT_CM1] = {"raman_shift", "raman_shift_indices", "1/cm", "Raman shift (1/cm)"},
};

static void put_errors(CelH5Node *data, const CelSpectrum *spectrum)
{
    const double *variance = cel_spectrum_variance(spectrum);
    const gsize n = cel_spectrum_length(spectrum);
    if (variance == NULL)
        return;
    g_autofree double *errors = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        errors[i] = sqrt(variance[i]);
    cel_h5_put(data, "intensity_errors", CEL_H5_F64, 1, &n, errors, TRUE);
}

/* @units: (nullable): of the intensity. */
static void put_plot(CelH5Node *entry, const CelSpectrum *spectrum, const char *title,
                     const char *units)
{
    const gsize n = cel_spectrum_length(spectrum);
    const AxisWords *words = &axis_words[cel_axis_unit(cel_spectrum_axis(spectrum))];
    const char *const axes[] = {words->name, NULL};
    cel_h5_remove(entry, "data");
    CelH5Node *data = cel_h5_group(entry, "data", "NXdata");
    cel_h5_attr_text(data, "signal", "intensity");
    cel_h5_attr_texts(data, "axes", axes);
    cel_h5_attr_int(data, words->indices, 0);
    CelH5Node *x = cel_h5_put(data, words->name, CEL_H5_F64, 1, &n, cel_spectrum_x(spectrum), TRUE);
    cel_h5_attr_text(x, "units", words->units);
    cel_h5_attr_text(x, "long_name", words->long_name);
    CelH5Node *y = cel_h5_put(data, "intensity", CEL_H5_F64, 1, &n, cel_spectrum_y(spectrum), TRUE);
    cel_h5_attr_text(y, "units", units);
    cel_h5_attr_text(y, "long_name", units != NULL ? "Intensity (counts)" : "Intensity");
    cel_h5_attr_text(y, "interpretation", "spectrum");
    put_errors(data, spectrum);
    g_autofree char *shown =
        g_strconcat(cel_spectrum_is_simulated(spectrum) ? "SIMULATED 模拟数据 " : "",
                    title != NULL ? title : "Raman spectrum", NULL);
    cel_h5_put_text(data, "title", shown);
}

void cel_nxraman_set_entry_plot(CelH5Node *root, const char *entry, const CelSpectrum *spectrum,
                                const char *title)
{
    g_return_if_fail(root != NULL && entry != NULL && spectrum != NULL);
    put_plot(cel_h5_group(root, entry, NULL), spectrum,
             title != NULL ? title : cel_spectrum_meta(spectrum, CEL_META_TITLE), NULL);
}

void cel_nxraman_set_plot(CelH5Node *root, const CelSpectrum *spectrum, const char *title)
{
    cel_nxraman_set_entry_plot(root, "entry", spectrum, title);
}

/* The mean of the frames less the mean dark. Errors are shown only when both are known. */
static CelSpectrum *subtract_dark(const CelMeasurement *m, GError **error)
{
    g_autoptr(CelSpectrum) light = cel_measurement_spectrum(m, -1, error);
    if (light == NULL || m->n_dark_frames == 0)
        return g_steal_pointer(&light);
    g_autoptr(CelSpectrum) dark = cel_measurement_dark(m, error);
    if (dark == NULL)
        return NULL;
    const gsize n = m->n_pixels;
    const double *v_light = cel_spectrum_variance(light), *v_dark = cel_spectrum_variance(dark);
    double *y = g_new(double, n);
    double *variance = v_light != NULL && v_dark != NULL ? g_new(double, n) : NULL;
    for (gsize i = 0; i < n; i++) {
        y[i] = cel_spectrum_y(light)[i] - cel_spectrum_y(dark)[i];
        if (variance != NULL)
            variance[i] = v_light[i] + v_dark[i];
    }
    return cel_spectrum_derive(light, cel_spectrum_axis(light), y, variance, NULL, error);
}

gboolean cel_nxraman_write_entry(CelH5Node *root, const CelMeasurement *m,
                                 const CelNxramanLabels *labels, GError **error)
{
    g_return_val_if_fail(root != NULL && m != NULL && labels != NULL && labels->entry != NULL,
                         FALSE);
    g_return_val_if_fail(cel_h5_find(root, labels->entry) == NULL, FALSE);
    g_autoptr(CelSpectrum) plotted = subtract_dark(m, error);
    if (plotted == NULL)
        return FALSE;
    cel_h5_attr_text(root, "NX_class", "NXroot");
    cel_h5_attr_text(root, "default", "entry");
    CelH5Node *entry = cel_h5_group(root, labels->entry, "NXentry");
    put_head(entry, m, labels);
    put_instrument(entry, m);
    if (!put_fields(entry, m, error) || !cel_nxraman_put_calibration(entry, m, error) ||
        !put_own(entry, m, error))
        return FALSE;
    put_frames(entry, CEL_NXRAMAN_RAW, m->frames, m->n_frames, m->n_pixels);
    if (m->n_dark_frames > 0)
        put_frames(entry, CEL_NXRAMAN_DARK, m->dark_frames, m->n_dark_frames, m->n_pixels);
    put_plot(entry, plotted, labels->title, "counts");
    return TRUE;
}

gboolean cel_nxraman_write(CelH5Node *root, const CelMeasurement *measurement,
                           const char *entry_title, const char *sample_name, GError **error)
{
    const CelNxramanLabels labels = {"entry", entry_title, sample_name};
    return cel_nxraman_write_entry(root, measurement, &labels, error);
}

GBytes *cel_nxraman_bytes(const CelMeasurement *measurement, GError **error)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    return cel_nxraman_write(root, measurement, NULL, NULL, error) ? cel_h5_to_bytes(root, error)
                                                                   : NULL;
}

gboolean cel_nxraman_save(const CelMeasurement *measurement, const char *path, gboolean replace,
                          GError **error)
{
    g_autoptr(GBytes) bytes = cel_nxraman_bytes(measurement, error);
    if (bytes == NULL)
        return FALSE;
    return replace ? cel_file_write(path, bytes, 0644, error)
                   : cel_file_create(path, bytes, 0644, error);
}
