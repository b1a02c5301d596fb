/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/cel-reader.h"
#include "formats/cel-writer.h"

#include <math.h>

/* Spectra to write and read back. */

#define DIGEST "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static inline const char *note_of(const CelReadOut *out, const char *key)
{
    return g_tree_lookup(out->measurement->notes, key);
}

static inline guint losses_of(const char *ending, const CelSpectrum *spectrum)
{
    g_autofree char *name = g_strconcat("x.", ending, NULL);
    const CelWriteItem item = {.spectrum = spectrum};
    return cel_writer_for(name)->losses(&(CelWriteInput){&item, 1});
}

/* The losses must be just @losses. */
static inline void write_and_read(const char *ending, const CelSpectrum *spectrum, guint losses,
                                  CelReadOut *out)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strconcat("x.", ending, NULL);
    const CelWriteItem item = {
        .spectrum = spectrum, .source_sha256 = DIGEST, .source_name = "evidence.cel.h5"};
    const CelWriteInput in = {&item, 1};
    g_assert_cmpuint(cel_writer_for(name)->losses(&in), ==, losses);
    g_autoptr(GBytes) bytes = cel_writer_for(name)->write(&in, &error);
    g_assert_no_error(error);
    cel_reader_load_bytes(bytes, name, NULL, NULL, out, &error);
    g_assert_no_error(error);
}

static inline double largest_of(const double *values, gsize n)
{
    double largest = 0.0;
    for (gsize i = 0; i < n; i++)
        largest = fmax(largest, fabs(values[i]));
    return largest;
}

/* The precisions are relative to the largest value. */
static inline void same_numbers(const CelSpectrum *a, const CelSpectrum *b, double x_precision,
                                double y_precision)
{
    const gsize n = cel_spectrum_length(a);
    const double *xa = cel_spectrum_x(a), *ya = cel_spectrum_y(a);
    const double *xb = cel_spectrum_x(b), *yb = cel_spectrum_y(b);
    const double x_off = x_precision * largest_of(xa, n), y_off = y_precision * largest_of(ya, n);
    g_assert_cmpuint(cel_spectrum_length(b), ==, n);
    for (gsize i = 0; i < n; i++) {
        g_assert_cmpfloat(fabs(xa[i] - xb[i]), <=, x_off);
        g_assert_cmpfloat(fabs(ya[i] - yb[i]), <=, y_off);
    }
}

/* Intensities of any size a double has (@wild) or a 32-bit number. */
static inline double random_intensity(GRand *rand, gboolean wild)
{
    static const double extremes[] = {5e-324, -1e300, 0.0, 1.7976931348623157e308, 1e-308, 0.1};
    if (wild && g_rand_int_range(rand, 0, 8) == 0)
        return extremes[g_rand_int_range(rand, 0, G_N_ELEMENTS(extremes))];
    const int range = wild ? 900 : 100;
    return ldexp(g_rand_double_range(rand, -1, 1), g_rand_int_range(rand, -range, range));
}

/* Two to sixty points on any unit, in even steps or not. */
static inline CelSpectrum *random_spectrum(GRand *rand, gboolean wild)
{
    const CelUnit unit = (CelUnit)g_rand_int_range(rand, 0, CEL_N_UNITS);
    const gsize n = (gsize)g_rand_int_range(rand, 2, 60);
    const gboolean even = unit == CEL_UNIT_PIXEL || g_rand_boolean(rand);
    const double first = unit == CEL_UNIT_PIXEL ? 0.0 : 540.0 + g_rand_double(rand);
    double x[60] = {first}, y[60];
    for (gsize i = 0; i < n; i++) {
        y[i] = random_intensity(rand, wild);
        if (i > 0)
            x[i] = x[i - 1] + (even ? 1.0 : g_rand_double_range(rand, 0.1, 3.0));
    }
    g_autoptr(CelAxis) axis = cel_axis_new(unit, x, n, NULL);
    CelSpectrum *spectrum = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_meta(spectrum, CEL_META_TITLE, "random");
    return spectrum;
}

/* Even only when counted down from the last position, as files that fall are. */
static inline CelSpectrum *falling_spectrum(void)
{
    double x[1021], y[1021];
    const double start = 1111.1083984375, end = -154.501953125, step = (end - start) / 1020.0;
    for (int i = 0; i <= 1020; i++) {
        x[1020 - i] = i < 1020 ? start + step * i : end;
        y[i] = i;
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 1021, NULL);
    return cel_spectrum_new(axis, y, NULL);
}

/* What must not get lost on the way. */
static inline CelSpectrum *marked_spectrum(void)
{
    static const double x[] = {100, 101, 102.5}, y[] = {1, 2, 3};
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 3, NULL);
    CelSpectrum *spectrum = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_meta(spectrum, CEL_META_TITLE, "碳酸钙 A=B");
    cel_spectrum_set_meta(spectrum, CEL_META_LASER_NM, "784.9");
    cel_spectrum_set_meta(spectrum, CEL_META_UNVALIDATED, "some-reader");
    cel_spectrum_mark_simulated(spectrum);
    return spectrum;
}
