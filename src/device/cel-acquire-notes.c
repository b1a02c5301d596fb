/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-acquire-private.h"

#include "base/cel-number.h"
#include "device/cel-light-check.h"

#include <math.h>
#include <string.h>

void cel_note(CelAcquisition *a, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    cel_measurement_note(a->measurement, key, text);
}

void cel_note_number(CelAcquisition *a, const char *key, double value)
{
    g_autofree char *text = cel_number_format(value);
    cel_measurement_note(a->measurement, key, text);
}

void cel_note_discarded(CelAcquisition *a, const CelSeries *series, guint index, const char *why)
{
    g_autofree char *key = g_strdup_printf("discarded.%u", ++a->n_discarded);
    cel_note(a, key, "%s frame %u: %s", series->name, index + 1, why);
    a->measurement->discarded_frames++;
}

void cel_note_saturation(CelAcquisition *a, const CelSeries *series, guint n, const char *key)
{
    const gsize n_pixels = a->device->description.n_pixels;
    const double full = a->device->description.instrument.saturation_counts;
    gsize n_values = 0, n_frames = 0;
    for (gsize f = 0; full > 0.0 && f < n; f++) {
        const gsize before = n_values;
        for (gsize p = 0; p < n_pixels; p++)
            n_values += series->rows[f * n_pixels + p] >= full;
        n_frames += n_values > before;
    }
    if (n_values > 0)
        cel_note(a, key, "%zu values in %zu of %u frames", n_values, n_frames, n);
}

gboolean cel_note_temperature(CelAcquisition *a, const char *key, double *out_celsius)
{
    const CelDevice *device = a->device;
    if (device->driver->temperature == NULL ||
        !device->driver->temperature(device->session, a->stop, out_celsius) ||
        !isfinite(*out_celsius))
        return FALSE;
    cel_note_number(a, key, *out_celsius);
    return TRUE;
}

void cel_note_instrument(CelAcquisition *a)
{
    const CelDevice *device = a->device;
    const GPtrArray *notes =
        device->driver->notes != NULL ? device->driver->notes(device->session) : NULL;
    for (guint i = 0; notes != NULL && i < notes->len; i++) {
        g_autofree char *key = g_strdup_printf("instrument.%u", i + 1);
        cel_measurement_note(a->measurement, key, g_ptr_array_index(notes, i));
    }
}

static const char *const hazard_words[] = {
    [CEL_HAZARD_UNANSWERED] = "not asked",
    [CEL_HAZARD_NO] = "no",
    [CEL_HAZARD_YES] = "yes",
    [CEL_HAZARD_UNKNOWN] = "unknown",
};

void cel_note_confirmation(CelAcquisition *a)
{
    const CelLaserConfirmation *c = &a->options.confirmation;
    cel_note(a, "laser.confirmation",
             "eyewear on: %s; beam blocked: %s; nobody in line: %s; sample dark or explosive: %s",
             c->eyewear_on ? "yes" : "no", c->beam_blocked ? "yes" : "no",
             c->nobody_in_line ? "yes" : "no", hazard_words[c->sample_hazard]);
}

/* ---- pixels ---- */

static void flag(guint8 *flags, gsize n_pixels, gsize from, gsize to, guint8 what)
{
    for (gsize i = from; i < MIN(to, n_pixels); i++)
        flags[i] |= what;
}

static void flag_fixed(const CelCapabilities *c, guint8 *flags, gsize n_pixels)
{
    for (guint i = 0; i < MIN(c->n_bad_pixels, CEL_MAX_BAD_PIXELS); i++)
        flag(flags, n_pixels, c->bad_pixels[i], c->bad_pixels[i] + 1u, CEL_PIXEL_BAD);
    for (guint i = 0; i < MIN(c->n_dark_ranges, G_N_ELEMENTS(c->dark_pixels)); i++)
        flag(flags, n_pixels, c->dark_pixels[i][0], c->dark_pixels[i][1], CEL_PIXEL_COVERED);
}

static void flag_counts(const CelMeasurement *m, double linear_max, guint8 *flags)
{
    const double full = m->instrument.saturation_counts;
    for (gsize i = 0; i < m->n_frames * m->n_pixels; i++) {
        if (full > 0.0 && m->frames[i] >= full)
            flags[i % m->n_pixels] |= CEL_PIXEL_SATURATED;
        if (linear_max > 0.0 && m->frames[i] > linear_max)
            flags[i % m->n_pixels] |= CEL_PIXEL_NONLINEAR;
    }
}

void cel_note_pixels(CelAcquisition *a)
{
    const CelCapabilities *c = &a->device->description.capabilities;
    CelMeasurement *m = a->measurement;
    G_STATIC_ASSERT((int)CEL_MAX_NONLINEARITY == (int)CEL_MEASUREMENT_MAX_NONLINEARITY);
    m->pixel_flags = g_new0(guint8, m->n_pixels);
    flag_fixed(c, m->pixel_flags, m->n_pixels);
    flag_counts(m, c->linear_max_counts, m->pixel_flags);
    m->linear_max_counts = c->linear_max_counts;
    m->n_nonlinearity = MIN(c->n_nonlinearity, CEL_MAX_NONLINEARITY);
    memcpy(m->nonlinearity, c->nonlinearity, m->n_nonlinearity * sizeof *m->nonlinearity);
}

/* ---- light ---- */

void cel_note_light(CelAcquisition *a)
{
    const CelLightCheck check = cel_light_check(a->measurement);
    if (check.is_known && !check.differs)
        cel_note(a, "laser.no_difference",
                 "no pixel with light is above its noise: the largest difference to the dark "
                 "frames is %.1f standard uncertainties, among %zu pixels",
                 check.largest_in_u, check.n_pixels);
}
