/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "h5/cel-nxraman-fields.h"
#include "h5/cel-nxraman.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

gboolean cel_nxraman_wrong(const char *path, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("\"%s\" does not hold what Celadon writes there; the measurement cannot be read "
                  "back. Take another copy of the file"),
                path);
    return FALSE;
}

static gboolean read_text(const CelH5Node *entry, const CelNxramanField *field, char *out,
                          GError **error)
{
    if (field->kind == CEL_FIELD_OPTIONAL_TEXT && cel_h5_find(entry, field->path) == NULL)
        return TRUE; /* "", as the record was made */
    g_autofree char *text = cel_h5_get_text(entry, field->path, error);
    if (text == NULL)
        return FALSE;
    return g_strlcpy(out, text, field->size) < field->size || cel_nxraman_wrong(field->path, error);
}

static gboolean read_real(const CelH5Node *entry, const CelNxramanField *field, char *out,
                          GError **error)
{
    gsize n = 0;
    double value = 0.0;
    if (field->kind == CEL_FIELD_OPTIONAL && cel_h5_find(entry, field->path) == NULL) {
        memcpy(out, &value, sizeof value);
        return TRUE;
    }
    g_autofree double *values = cel_h5_get_f64(entry, field->path, &n, error);
    if (values == NULL)
        return FALSE;
    if (n != 1)
        return cel_nxraman_wrong(field->path, error);
    value = field->kind == CEL_FIELD_KNOWN && isnan(values[0]) ? 0.0 : values[0];
    if (!isfinite(value))
        return cel_nxraman_wrong(field->path, error);
    memcpy(out, &value, sizeof value);
    return TRUE;
}

static gboolean read_unsigned(const CelH5Node *entry, const CelNxramanField *field, char *out,
                              GError **error)
{
    gsize shape[CEL_H5_MAX_RANK];
    const CelH5Node *node = cel_h5_find(entry, field->path);
    if (node == NULL || cel_h5_type(node) != CEL_H5_U64 || cel_h5_shape(node, shape) != 0)
        return cel_nxraman_wrong(field->path, error);
    memcpy(out, g_bytes_get_data(cel_h5_data(node), NULL), sizeof(guint64));
    return TRUE;
}

static gboolean read_whole(const CelH5Node *entry, const CelNxramanField *field, char *out,
                           GError **error)
{
    gint64 value = 0;
    if (!cel_h5_get_int(entry, field->path, &value, error))
        return FALSE;
    const gboolean flag = value != 0;
    const guint32 count = (guint32)value;
    if (field->kind == CEL_FIELD_INT64)
        memcpy(out, &value, sizeof value);
    else if (value < 0 || value > (field->kind == CEL_FIELD_FLAG ? 1 : G_MAXUINT32))
        return cel_nxraman_wrong(field->path, error);
    else if (field->kind == CEL_FIELD_FLAG)
        memcpy(out, &flag, sizeof flag);
    else
        memcpy(out, &count, sizeof count);
    return TRUE;
}

static gboolean read_field(const CelH5Node *entry, const CelNxramanField *field, CelMeasurement *m,
                           GError **error)
{
    char *out = (char *)m + field->offset;
    switch (field->kind) {
    case CEL_FIELD_TEXT:
    case CEL_FIELD_OPTIONAL_TEXT:
        return read_text(entry, field, out, error);
    case CEL_FIELD_REAL:
    case CEL_FIELD_KNOWN:
    case CEL_FIELD_OPTIONAL:
        return read_real(entry, field, out, error);
    case CEL_FIELD_UINT64:
        return read_unsigned(entry, field, out, error);
    default:
        return read_whole(entry, field, out, error);
    }
}

/* Rows of counts: every value finite. @path: 2-D, f64. */
static const double *find_frames(const CelH5Node *entry, const char *path, gsize *out_shape,
                                 GError **error)
{
    const CelH5Node *node = cel_h5_find(entry, path);
    if (node == NULL || cel_h5_type(node) != CEL_H5_F64 || cel_h5_shape(node, out_shape) != 2 ||
        out_shape[0] == 0 || out_shape[1] < 2 || out_shape[1] > CEL_AXIS_MAX_POINTS) {
        cel_nxraman_wrong(path, error);
        return NULL;
    }
    const double *values = g_bytes_get_data(cel_h5_data(node), NULL);
    for (gsize i = 0; i < out_shape[0] * out_shape[1]; i++) {
        if (!isfinite(values[i])) {
            cel_nxraman_wrong(path, error);
            return NULL;
        }
    }
    return values;
}

static CelMeasurement *read_frames(const CelH5Node *entry, GError **error)
{
    gsize shape[CEL_H5_MAX_RANK] = {0}, dark_shape[CEL_H5_MAX_RANK] = {0};
    const double *dark = NULL, *frames = find_frames(entry, CEL_NXRAMAN_RAW, shape, error);
    if (frames == NULL)
        return NULL;
    if (cel_h5_find(entry, CEL_NXRAMAN_DARK) != NULL) {
        dark = find_frames(entry, CEL_NXRAMAN_DARK, dark_shape, error);
        if (dark == NULL)
            return NULL;
        if (dark_shape[1] != shape[1]) {
            cel_nxraman_wrong(CEL_NXRAMAN_DARK, error);
            return NULL;
        }
    }
    CelMeasurement *m = cel_measurement_new(shape[1], shape[0], dark_shape[0]);
    memcpy(m->frames, frames, shape[0] * shape[1] * sizeof *frames);
    if (dark != NULL)
        memcpy(m->dark_frames, dark, dark_shape[0] * shape[1] * sizeof *dark);
    return m;
}

static gboolean read_imported_axis(const CelH5Node *entry, CelMeasurement *m, GError **error)
{
    const CelH5Node *node = cel_h5_find(entry, CEL_NXRAMAN_IMPORTED);
    CelUnit unit = CEL_UNIT_PIXEL;
    gsize n = 0;
    if (node == NULL)
        return TRUE;
    const char *name = cel_h5_attr(node, "unit");
    g_autofree double *values = cel_h5_get_f64(node, "", &n, error);
    if (values == NULL)
        return FALSE;
    if (name == NULL || !cel_unit_from_name(name, &unit) || n != m->n_pixels)
        return cel_nxraman_wrong(CEL_NXRAMAN_IMPORTED, error);
    m->imported_axis = cel_axis_new(unit, values, n, error);
    return m->imported_axis != NULL;
}

/* Returns: FALSE when @path holds another kind of list; @out_data: NULL when it holds nothing. */
static gboolean find_list(const CelH5Node *entry, const char *path, CelH5Type type, gsize n,
                          gconstpointer *out_data, GError **error)
{
    gsize shape[CEL_H5_MAX_RANK];
    const CelH5Node *node = cel_h5_find(entry, path);
    *out_data = NULL;
    if (node == NULL)
        return TRUE;
    if (cel_h5_type(node) != type || cel_h5_shape(node, shape) != 1 || shape[0] != n)
        return cel_nxraman_wrong(path, error);
    *out_data = g_bytes_get_data(cel_h5_data(node), NULL);
    return TRUE;
}

static gboolean read_frame_times(const CelH5Node *entry, CelMeasurement *m, GError **error)
{
    gconstpointer data = NULL;
    if (!find_list(entry, CEL_NXRAMAN_FRAME_TIME, CEL_H5_I64, m->n_frames, &data, error))
        return FALSE;
    m->frame_us = g_memdup2(data, m->n_frames * sizeof *m->frame_us);
    for (gsize i = 0; data != NULL && i < m->n_frames; i++) {
        if (m->frame_us[i] < (i > 0 ? m->frame_us[i - 1] : 0))
            return cel_nxraman_wrong(CEL_NXRAMAN_FRAME_TIME, error);
    }
    return TRUE;
}

static gboolean read_pixel_flags(const CelH5Node *entry, CelMeasurement *m, GError **error)
{
    const guint8 known =
        CEL_PIXEL_BAD | CEL_PIXEL_COVERED | CEL_PIXEL_SATURATED | CEL_PIXEL_NONLINEAR;
    gconstpointer data = NULL;
    if (!find_list(entry, CEL_NXRAMAN_PIXEL_FLAGS, CEL_H5_U8, m->n_pixels, &data, error))
        return FALSE;
    m->pixel_flags = g_memdup2(data, m->n_pixels);
    for (gsize i = 0; data != NULL && i < m->n_pixels; i++) {
        if ((m->pixel_flags[i] & ~known) != 0)
            return cel_nxraman_wrong(CEL_NXRAMAN_PIXEL_FLAGS, error);
    }
    return TRUE;
}

static gboolean read_nonlinearity(const CelH5Node *entry, CelMeasurement *m, GError **error)
{
    gsize n = 0;
    if (cel_h5_find(entry, CEL_NXRAMAN_NONLINEARITY) == NULL)
        return TRUE;
    g_autofree double *values = cel_h5_get_f64(entry, CEL_NXRAMAN_NONLINEARITY, &n, error);
    if (values == NULL)
        return FALSE;
    if (n == 0 || n > CEL_MEASUREMENT_MAX_NONLINEARITY)
        return cel_nxraman_wrong(CEL_NXRAMAN_NONLINEARITY, error);
    for (gsize i = 0; i < n; i++) {
        if (!isfinite(values[i]))
            return cel_nxraman_wrong(CEL_NXRAMAN_NONLINEARITY, error);
        m->nonlinearity[i] = values[i];
    }
    m->n_nonlinearity = (guint)n;
    return TRUE;
}

static gboolean read_response(const CelH5Node *entry, CelMeasurement *m, GError **error)
{
    if (cel_h5_find(entry, CEL_NXRAMAN_RESPONSE) == NULL)
        return TRUE;
    g_autofree char *text = cel_h5_get_text(entry, CEL_NXRAMAN_RESPONSE, error);
    if (text == NULL)
        return FALSE;
    m->response = cel_response_from_text(text, strlen(text), error);
    if (m->response == NULL)
        g_prefix_error(error, "%s: ", CEL_NXRAMAN_RESPONSE);
    return m->response != NULL;
}

static gboolean read_notes(const CelH5Node *entry, CelMeasurement *m, GError **error)
{
    const CelH5Node *group = cel_h5_find(entry, CEL_NXRAMAN_NOTES);
    if (group == NULL || cel_h5_type(group) != CEL_H5_GROUP)
        return cel_nxraman_wrong(CEL_NXRAMAN_NOTES, error);
    GPtrArray *notes = cel_h5_children(group);
    for (guint i = 0; i < notes->len; i++) {
        const CelH5Node *note = g_ptr_array_index(notes, i);
        const char *key = cel_h5_attr(note, "key");
        g_autofree char *text = key != NULL ? cel_h5_get_text(note, "", error) : NULL;
        if (key == NULL)
            return cel_nxraman_wrong(CEL_NXRAMAN_NOTES, error);
        if (text == NULL)
            return FALSE;
        cel_measurement_note(m, key, text);
    }
    return TRUE;
}

static gboolean read_rest(const CelH5Node *entry, CelMeasurement *m, GError **error)
{
    gsize n = 0;
    g_autofree double *range = cel_h5_get_f64(entry, CEL_NXRAMAN_RANGE, &n, error);
    if (range == NULL)
        return FALSE;
    if (n != 2 || !isfinite(range[0]) || !isfinite(range[1]))
        return cel_nxraman_wrong(CEL_NXRAMAN_RANGE, error);
    m->instrument.range_cm1[0] = range[0];
    m->instrument.range_cm1[1] = range[1];
    if (cel_h5_find(entry, CEL_NXRAMAN_TEMPERATURE) != NULL) {
        g_autofree double *celsius = cel_h5_get_f64(entry, CEL_NXRAMAN_TEMPERATURE, &n, error);
        if (celsius == NULL)
            return FALSE;
        if (n != 1 || !isfinite(celsius[0]))
            return cel_nxraman_wrong(CEL_NXRAMAN_TEMPERATURE, error);
        m->detector_celsius = celsius[0];
        m->has_temperature = TRUE;
    }
    return cel_nxraman_read_calibration(entry, &m->calibration, error) &&
           read_imported_axis(entry, m, error) && read_frame_times(entry, m, error) &&
           read_pixel_flags(entry, m, error) && read_nonlinearity(entry, m, error) &&
           read_response(entry, m, error) && read_notes(entry, m, error);
}

static gboolean read_fields(const CelH5Node *entry, CelMeasurement *m, GError **error)
{
    gsize n = 0;
    const CelNxramanField *fields = cel_nxraman_fields(&n);
    for (gsize i = 0; i < n; i++) {
        if (!read_field(entry, &fields[i], m, error))
            return FALSE;
    }
    return TRUE;
}

CelMeasurement *cel_nxraman_read_entry(const CelH5Node *root, const char *name, GError **error)
{
    g_return_val_if_fail(root != NULL && name != NULL, NULL);
    const CelH5Node *entry = cel_h5_find(root, name);
    if (entry == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The file holds no measurement (\"/%s\"); it is not a file of Celadon"),
                    name);
        return NULL;
    }
    g_autoptr(CelMeasurement) m = read_frames(entry, error);
    if (m == NULL || !read_fields(entry, m, error) || !read_rest(entry, m, error)) {
        g_prefix_error(error, "/%s: ", name);
        return NULL;
    }
    return g_steal_pointer(&m);
}

CelMeasurement *cel_nxraman_read(const CelH5Node *root, GError **error)
{
    return cel_nxraman_read_entry(root, "entry", error);
}
