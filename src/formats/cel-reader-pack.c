/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-reader-pack.h"

#include "base/cel-bytes.h"
#include "formats/cel-read-out.h"

#include <math.h>
#include <string.h>

enum {
    MARK_ERROR = 0x43454c30,
    MARK_READ = 0x43454c31,
    MAX_TEXT = 64 * 1024,
    MAX_NOTES = 20000,
    MAX_FRAMES = 100000,
};

/* --- in the jail --- */

/* @size: the room the text has; it may fill it without an end. */
static void put_chars(CelBytesOut *to, const char *text, gsize size)
{
    const gsize n = strnlen(text, size);
    cel_bytes_put_u32(to, (guint32)n);
    cel_bytes_put(to, text, n);
}

static void put_text(CelBytesOut *to, const char *text)
{
    if (text != NULL)
        put_chars(to, text, MIN(strlen(text), MAX_TEXT));
    else
        cel_bytes_put_u32(to, G_MAXUINT32);
}

static gboolean put_note(gpointer key, gpointer value, gpointer to)
{
    put_text(to, key);
    put_text(to, value);
    return FALSE;
}

static void put_doubles(CelBytesOut *to, const double *values, gsize n)
{
    for (gsize i = 0; i < n; i++)
        cel_bytes_put_f64(to, values[i]);
}

/* Only what it holds: most files bring no calibration, and room that means nothing cannot lie. */
static void put_calibration(CelBytesOut *to, const CelCalibration *c)
{
    const guint n = c->n_coefficients, k = c->n_knots;
    put_chars(to, c->id, sizeof c->id);
    put_chars(to, c->serial, sizeof c->serial);
    put_chars(to, c->object_sha256, sizeof c->object_sha256);
    cel_bytes_put_u32(to, c->medium);
    cel_bytes_put_u32(to, n);
    cel_bytes_put_u32(to, k);
    put_doubles(to, c->coefficients, n);
    for (guint i = 0; i < n; i++)
        put_doubles(to, c->covariance[i], n);
    put_doubles(to, c->knot_cm1, k);
    put_doubles(to, c->correction_cm1, k);
    put_doubles(to, c->u_correction_cm1, k);
    put_doubles(to, c->supported_cm1, 2);
    put_doubles(to, (const double[]){c->laser_nm, c->u_laser_nm, c->u_axis_cm1}, 3);
    cel_bytes_put_u64(to, (guint64)c->made_wall_us);
    cel_bytes_put_u64(to, (guint64)c->valid_until_wall_us);
}

/* A plain record of one program image: copied as it is, checked at the other end. */
static void put_records(CelBytesOut *to, const CelMeasurement *m)
{
    cel_bytes_put(to, &m->instrument, sizeof m->instrument);
    put_calibration(to, &m->calibration);
    cel_bytes_put_f64(to, m->integration_ms);
    cel_bytes_put_f64(to, m->laser_mw);
    cel_bytes_put_f64(to, m->detector_celsius);
    cel_bytes_put_u8(to, (guint8)(m->laser_mw_nominal != 0));
    cel_bytes_put_u8(to, (guint8)(m->has_temperature != 0));
    cel_bytes_put_u8(to, (guint8)(m->simulated != 0));
    cel_bytes_put_u64(to, (guint64)m->started_wall_us);
    cel_bytes_put_u64(to, (guint64)m->ended_wall_us);
    cel_bytes_put_u64(to, m->first_frame_number);
    cel_bytes_put_u32(to, m->discarded_frames);
}

static void put_numbers(CelBytesOut *to, const CelMeasurement *m, const CelReadOut *out)
{
    const gsize n = m->n_pixels;
    cel_bytes_put_u64(to, n);
    cel_bytes_put_u64(to, m->n_frames);
    cel_bytes_put_u64(to, m->n_dark_frames);
    cel_bytes_put_u32(to, m->imported_axis != NULL ? cel_axis_unit(m->imported_axis) : CEL_N_UNITS);
    cel_bytes_put_u8(to, out->variance != NULL);
    cel_bytes_put_u8(to, out->mask != NULL);
    cel_bytes_put(to, m->frames, n * m->n_frames * sizeof(double));
    cel_bytes_put(to, m->dark_frames, n * m->n_dark_frames * sizeof(double));
    if (m->imported_axis != NULL)
        cel_bytes_put(to, cel_axis_values(m->imported_axis), n * sizeof(double));
    if (out->variance != NULL)
        cel_bytes_put(to, out->variance, n * sizeof(double));
    if (out->mask != NULL)
        cel_bytes_put(to, out->mask, n);
}

/* What the steps need besides the counts. */
static void put_details(CelBytesOut *to, const CelMeasurement *m)
{
    g_autofree char *response = m->response != NULL ? cel_response_to_text(m->response) : NULL;
    const gsize n = response != NULL ? strlen(response) : 0;
    cel_bytes_put_u8(to, m->pixel_flags != NULL);
    cel_bytes_put(to, m->pixel_flags, m->pixel_flags != NULL ? m->n_pixels : 0);
    cel_bytes_put_f64(to, m->linear_max_counts);
    cel_bytes_put_u32(to, MIN(m->n_nonlinearity, CEL_MEASUREMENT_MAX_NONLINEARITY));
    cel_bytes_put(to, m->nonlinearity, sizeof m->nonlinearity);
    cel_bytes_put_u32(to, (guint32)n);
    cel_bytes_put(to, response, n);
}

static void put_out(CelBytesOut *to, const CelReadOut *out, guint reader)
{
    const guint n_titles = out->titles != NULL ? out->titles->len : 0;
    const guint n_warnings = out->warnings != NULL ? out->warnings->len : 0;
    cel_bytes_put_u32(to, MARK_READ);
    cel_bytes_put_u32(to, reader);
    cel_bytes_put_u32(to, out->kind);
    put_text(to, out->kind_text);
    cel_bytes_put_u32(to, out->n_spectra);
    cel_bytes_put_u32(to, out->spectrum);
    cel_bytes_put_u32(to, n_titles);
    for (guint i = 0; i < n_titles; i++)
        put_text(to, g_ptr_array_index(out->titles, i));
    cel_bytes_put_u32(to, n_warnings);
    for (guint i = 0; i < n_warnings; i++) {
        const CelReadWarning *warning = g_ptr_array_index(out->warnings, i);
        cel_bytes_put_u32(to, warning->place);
        cel_bytes_put_u64(to, warning->at);
        put_text(to, warning->text);
    }
    put_records(to, out->measurement);
    put_numbers(to, out->measurement, out);
    put_details(to, out->measurement);
    cel_bytes_put_u32(to, (guint32)g_tree_nnodes(out->measurement->notes));
    g_tree_foreach(out->measurement->notes, put_note, to);
}

static gsize put_error(guint8 *block, gsize capacity, int code, const char *message)
{
    CelBytesOut to = cel_bytes_out(block, capacity, CEL_LITTLE_ENDIAN);
    cel_bytes_put_u32(&to, MARK_ERROR);
    cel_bytes_put_u32(&to, (guint32)code);
    put_text(&to, message);
    return to.used;
}

gsize cel_read_pack(guint8 *block, gsize capacity, const CelReadOut *out, guint reader,
                    const GError *error)
{
    if (error != NULL)
        return put_error(block, capacity,
                         error->domain == CEL_ERROR ? error->code : CEL_ERROR_INPUT,
                         error->message);
    CelBytesOut to = cel_bytes_out(block, capacity, CEL_LITTLE_ENDIAN);
    put_out(&to, out, reader);
    if (!to.failed)
        return to.used;
    return put_error(block, capacity, CEL_ERROR_INPUT,
                     _("the file unpacks to more than is accepted; it is refused"));
}

/* --- in the parent --- */

/* (nullable): NULL as it was packed, or when it is no text. */
static char *get_text(CelBytes *from)
{
    const guint32 n = cel_bytes_u32(from);
    if (n == G_MAXUINT32)
        return NULL;
    const guint8 *text = n <= MAX_TEXT ? cel_bytes_take(from, n) : NULL;
    if (text == NULL) {
        cel_bytes_skip(from, G_MAXSIZE);
        return NULL;
    }
    g_autofree char *copy = g_strndup((const char *)text, n);
    return g_utf8_make_valid(copy, -1);
}

static double *get_doubles(CelBytes *from, gsize n)
{
    gsize bytes = 0;
    const guint8 *data =
        g_size_checked_mul(&bytes, n, sizeof(double)) ? cel_bytes_take(from, bytes) : NULL;
    double *values = data != NULL ? g_memdup2(data, bytes) : NULL;
    for (gsize i = 0; values != NULL && i < n; i++) {
        if (isfinite(values[i]))
            continue;
        g_clear_pointer(&values, g_free);
    }
    return values;
}

static void end_text(char *text, gsize size)
{
    text[size - 1] = '\0';
    if (!g_utf8_validate(text, -1, NULL))
        text[0] = '\0';
}

/* A value that is not finite would poison what is computed with it: unknown instead. */
static void calm(double *values, gsize n)
{
    for (gsize i = 0; i < n; i++)
        values[i] = isfinite(values[i]) ? values[i] : 0.0;
}

static void check_instrument(CelInstrument *instrument)
{
    end_text(instrument->vendor, sizeof instrument->vendor);
    end_text(instrument->model, sizeof instrument->model);
    end_text(instrument->serial, sizeof instrument->serial);
    end_text(instrument->firmware, sizeof instrument->firmware);
    end_text(instrument->driver, sizeof instrument->driver);
    end_text(instrument->detector, sizeof instrument->detector);
    instrument->simulated = instrument->simulated != 0;
    calm(instrument->range_cm1, G_N_ELEMENTS(instrument->range_cm1));
    calm(&instrument->resolution_cm1, 1);
    calm(&instrument->read_noise_counts, 1);
    calm(&instrument->gain_e_per_count, 1);
}

static gboolean get_short_text(CelBytes *from, char *out, gsize size)
{
    g_autofree char *text = get_text(from);
    return text != NULL && g_strlcpy(out, text, size) < size;
}

/* @n values into @out; FALSE when one is not finite: a calibration is whole or refused. */
static gboolean get_finite(CelBytes *from, double *out, gsize n)
{
    gboolean good = TRUE;
    for (gsize i = 0; i < n; i++) {
        out[i] = cel_bytes_f64(from);
        good = good && isfinite(out[i]);
    }
    return good && !from->failed;
}

static gboolean get_calibration(CelBytes *from, CelCalibration *c)
{
    if (!get_short_text(from, c->id, sizeof c->id) ||
        !get_short_text(from, c->serial, sizeof c->serial) ||
        !get_short_text(from, c->object_sha256, sizeof c->object_sha256))
        return FALSE;
    const guint32 medium = cel_bytes_u32(from), n = cel_bytes_u32(from), k = cel_bytes_u32(from);
    if (medium >= CEL_N_UNITS || n > CEL_CALIBRATION_MAX_COEFFICIENTS ||
        k > CEL_CALIBRATION_MAX_KNOTS)
        return FALSE;
    c->medium = (CelUnit)medium;
    c->n_coefficients = n;
    c->n_knots = k;
    gboolean good = get_finite(from, c->coefficients, n);
    for (guint i = 0; i < n; i++)
        good = get_finite(from, c->covariance[i], n) && good;
    good = get_finite(from, c->knot_cm1, k) && get_finite(from, c->correction_cm1, k) &&
           get_finite(from, c->u_correction_cm1, k) && get_finite(from, c->supported_cm1, 2) &&
           get_finite(from, &c->laser_nm, 1) && get_finite(from, &c->u_laser_nm, 1) &&
           get_finite(from, &c->u_axis_cm1, 1) && good;
    c->made_wall_us = cel_bytes_i64(from);
    c->valid_until_wall_us = cel_bytes_i64(from);
    return good && !from->failed;
}

static gboolean get_records(CelBytes *from, CelMeasurement *m)
{
    const guint8 *instrument = cel_bytes_take(from, sizeof m->instrument);
    if (instrument == NULL || !get_calibration(from, &m->calibration))
        return FALSE;
    memcpy(&m->instrument, instrument, sizeof m->instrument);
    check_instrument(&m->instrument);
    m->integration_ms = cel_bytes_f64(from);
    m->laser_mw = cel_bytes_f64(from);
    m->detector_celsius = cel_bytes_f64(from);
    m->laser_mw_nominal = cel_bytes_u8(from) != 0;
    m->has_temperature = cel_bytes_u8(from) != 0;
    m->simulated = cel_bytes_u8(from) != 0;
    m->started_wall_us = cel_bytes_i64(from);
    m->ended_wall_us = cel_bytes_i64(from);
    m->first_frame_number = cel_bytes_u64(from);
    m->discarded_frames = cel_bytes_u32(from);
    calm(&m->integration_ms, 1);
    calm(&m->laser_mw, 1);
    calm(&m->detector_celsius, 1);
    return !from->failed;
}

static CelAxis *get_axis(CelBytes *from, guint32 unit, gsize n)
{
    g_autofree double *values = get_doubles(from, n);
    return values != NULL && unit < CEL_N_UNITS ? cel_axis_new((CelUnit)unit, values, n, NULL)
                                                : NULL;
}

static gboolean variance_ok(const double *variance, gsize n)
{
    for (gsize i = 0; variance != NULL && i < n; i++) {
        if (variance[i] < 0.0)
            return FALSE;
    }
    return variance != NULL;
}

static gboolean get_numbers(CelBytes *from, CelMeasurement *m, CelReadOut *out)
{
    const guint64 n = cel_bytes_u64(from), n_frames = cel_bytes_u64(from),
                  n_dark = cel_bytes_u64(from);
    const guint32 unit = cel_bytes_u32(from);
    const gboolean has_variance = cel_bytes_u8(from) != 0, has_mask = cel_bytes_u8(from) != 0;
    if (n < 1 || n > CEL_READER_MAX_POINTS || n_frames < 1 || n_frames > MAX_FRAMES ||
        n_dark > MAX_FRAMES || !cel_bytes_has(from, n * (n_frames + n_dark), sizeof(double)))
        return FALSE;
    m->n_pixels = n;
    m->n_frames = n_frames;
    m->n_dark_frames = n_dark;
    g_free(m->frames);
    m->frames = get_doubles(from, n * n_frames);
    g_free(m->dark_frames);
    m->dark_frames = n_dark > 0 ? get_doubles(from, n * n_dark) : NULL;
    m->imported_axis = unit != CEL_N_UNITS ? get_axis(from, unit, n) : NULL;
    out->variance = has_variance ? get_doubles(from, n) : NULL;
    const guint8 *mask = has_mask ? cel_bytes_take(from, n) : NULL;
    out->mask = mask != NULL ? g_memdup2(mask, n) : NULL;
    return !from->failed && m->frames != NULL && (n_dark == 0 || m->dark_frames != NULL) &&
           (unit == CEL_N_UNITS || m->imported_axis != NULL) &&
           (!has_variance || variance_ok(out->variance, n));
}

static gboolean get_response(CelBytes *from, CelMeasurement *m)
{
    const guint32 n = cel_bytes_u32(from);
    const guint8 *text = n > 0 ? cel_bytes_take(from, n) : NULL;
    if (text != NULL)
        m->response = cel_response_from_text((const char *)text, n, NULL);
    return n == 0 || m->response != NULL;
}

static gboolean get_details(CelBytes *from, CelMeasurement *m)
{
    const gboolean has_flags = cel_bytes_u8(from) != 0;
    const guint8 *flags = has_flags ? cel_bytes_take(from, m->n_pixels) : NULL;
    m->pixel_flags = flags != NULL ? g_memdup2(flags, m->n_pixels) : NULL;
    m->linear_max_counts = cel_bytes_f64(from);
    calm(&m->linear_max_counts, 1);
    m->n_nonlinearity = cel_bytes_u32(from);
    const guint8 *nonlinearity = cel_bytes_take(from, sizeof m->nonlinearity);
    if (nonlinearity == NULL || m->n_nonlinearity > CEL_MEASUREMENT_MAX_NONLINEARITY)
        return FALSE;
    memcpy(m->nonlinearity, nonlinearity, sizeof m->nonlinearity);
    calm(m->nonlinearity, G_N_ELEMENTS(m->nonlinearity));
    return get_response(from, m) && !from->failed;
}

static gboolean get_notes(CelBytes *from, CelMeasurement *m)
{
    const guint32 n = cel_bytes_u32(from);
    for (guint32 i = 0; n <= MAX_NOTES && i < n && !from->failed; i++) {
        g_autofree char *key = get_text(from);
        g_autofree char *value = get_text(from);
        if (key == NULL || value == NULL || *key == '\0')
            return FALSE;
        cel_measurement_note(m, key, value);
    }
    return n <= MAX_NOTES && !from->failed;
}

static gboolean get_lists(CelBytes *from, CelReadOut *out)
{
    const guint32 n_titles = cel_bytes_u32(from);
    for (guint32 i = 0; n_titles <= CEL_READER_MAX_TITLES && i < n_titles && !from->failed; i++) {
        g_autofree char *title = get_text(from);
        cel_read_add_title(out, title != NULL ? title : "");
    }
    const guint32 n = cel_bytes_u32(from);
    for (guint32 i = 0; n <= CEL_READER_MAX_WARNINGS && i < n && !from->failed; i++) {
        const guint32 place = cel_bytes_u32(from);
        const guint64 at = cel_bytes_u64(from);
        g_autofree char *text = get_text(from);
        if (place >= CEL_N_PLACES || text == NULL)
            return FALSE;
        cel_read_warn(out, (CelPlace)place, at, "%s", text);
    }
    return n_titles <= CEL_READER_MAX_TITLES && n <= CEL_READER_MAX_WARNINGS && !from->failed;
}

static gboolean get_out(CelBytes *from, CelReadOut *out, guint *out_reader)
{
    *out_reader = cel_bytes_u32(from);
    const guint32 kind = cel_bytes_u32(from);
    out->kind_text = get_text(from);
    out->n_spectra = cel_bytes_u32(from);
    out->spectrum = cel_bytes_u32(from);
    gsize n_readers = 0;
    cel_readers(&n_readers);
    if (kind >= CEL_N_KINDS || *out_reader >= n_readers ||
        out->n_spectra > CEL_READER_MAX_SPECTRA || out->spectrum > MAX(out->n_spectra, 1) ||
        !get_lists(from, out))
        return FALSE;
    out->kind = (CelSpectrumKind)kind;
    CelMeasurement *m = out->measurement = cel_measurement_new(2, 1, 0);
    return get_records(from, m) && get_numbers(from, m, out) && get_details(from, m) &&
           get_notes(from, m) && cel_bytes_left(from) == 0;
}

static void take_error(CelBytes *from, const char *name, GError **error)
{
    const guint32 code = cel_bytes_u32(from);
    g_autofree char *text = get_text(from);
    g_set_error(error, CEL_ERROR, code <= CEL_ERROR_CANCELLED ? (int)code : CEL_ERROR_INPUT, "%s",
                text != NULL && *text != '\0' ? text : name);
}

gboolean cel_read_unpack(GBytes *block, const char *name, CelReadOut *out, guint *out_reader,
                         GError **error)
{
    gsize n = 0;
    const void *data = g_bytes_get_data(block, &n);
    CelBytes from = cel_bytes_of(data, n, CEL_LITTLE_ENDIAN);
    const guint32 mark = cel_bytes_u32(&from);
    if (mark == MARK_ERROR) {
        take_error(&from, name, error);
        return FALSE;
    }
    if (mark == MARK_READ && get_out(&from, out, out_reader))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: the file made its reader fail (%s) and is refused; it is damaged or was "
                  "made to do harm. Ask for another copy"),
                name, _("its answer makes no sense"));
    return FALSE;
}
