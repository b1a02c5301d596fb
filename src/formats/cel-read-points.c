/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-read-out.h"

#include "base/cel-number.h"
#include "formats/cel-read-unit.h"
#include "formats/cel-words.h"

#include <math.h>
#include <string.h>

enum { MAX_KEY = 200, MAX_VALUE = 4000, MAX_FRAMES = 1000 * 1000 };

/* --- header lines and laser --- */

static void set_text(char *field, gsize size, const char *value)
{
    if (strlen(value) < size)
        g_strlcpy(field, value, size);
}

/* Fields of the record that cel_measurement_spectrum() writes back into metadata. */
static void set_number(CelMeasurement *m, const char *meta, double value)
{
    if (g_str_equal(meta, CEL_META_INTEGRATION_MS) && value > 0.0)
        m->integration_ms = value;
    if (g_str_equal(meta, CEL_META_LASER_MW) && value > 0.0)
        m->laser_mw = value;
    if (g_str_equal(meta, CEL_META_TEMPERATURE_C)) {
        m->detector_celsius = value;
        m->has_temperature = TRUE;
    }
    if (g_str_equal(meta, CEL_META_FRAMES) && value >= 1.0 && value <= MAX_FRAMES &&
        value == floor(value)) {
        g_autofree char *text = cel_number_format(value);
        cel_measurement_note(m, CEL_META_FRAMES, text);
    }
}

void cel_read_set_field(CelMeasurement *m, const char *meta, const char *value, double number)
{
    if (isfinite(number))
        set_number(m, meta, number);
    if (g_str_equal(meta, CEL_META_INSTRUMENT))
        set_text(m->instrument.model, sizeof m->instrument.model, value);
    if (g_str_equal(meta, CEL_META_SERIAL))
        set_text(m->instrument.serial, sizeof m->instrument.serial, value);
}

static void set_known(const CelMetaKey *known, const char *value, char decimal, CelMeasurement *m)
{
    double number = 0.0;
    if (known->factor != 0.0) {
        if (cel_number_parse(value, strlen(value), decimal, &number))
            cel_read_set_field(m, known->meta, "", number * known->factor);
        return;
    }
    if (*value == '\0' || g_tree_lookup(m->notes, known->meta) != NULL)
        return;
    cel_measurement_note(m, known->meta, value);
    cel_read_set_field(m, known->meta, value, NAN);
}

void cel_read_header(CelMeasurement *m, const CelReadHeader *header)
{
    g_autofree char *name = g_utf8_make_valid(header->key, (gssize)strnlen(header->key, MAX_KEY));
    g_autofree char *value =
        g_utf8_make_valid(header->value, (gssize)strnlen(header->value, MAX_VALUE));
    g_autoptr(GString) key = g_string_new("file.");
    g_string_append(key, name);
    if (header->line != 0 && (*name == '\0' || g_tree_lookup(m->notes, key->str) != NULL))
        g_string_append_printf(key, "%sline %" G_GUINT64_FORMAT, *name != '\0' ? " " : "",
                               header->line);
    cel_measurement_note(m, key->str, value);
    const CelMetaKey *known = cel_word_meta(name);
    if (known != NULL)
        set_known(known, value, header->decimal != '\0' ? header->decimal : '.', m);
}

void cel_read_laser(const CelReadOptions *options, double in_file_nm, gboolean conflict,
                    CelMeasurement *m)
{
    const double said = options->laser_nm;
    if (conflict)
        cel_measurement_note(m, "laser_in_file",
                             "the header names different lasers; none was taken");
    else if (in_file_nm > 0.0) {
        g_autofree char *text = cel_number_format(in_file_nm);
        cel_measurement_note(m, "laser_in_file", text);
    }
    m->calibration.laser_nm = said > 0.0 ? said : conflict ? 0.0 : in_file_nm;
    if (said > 0.0)
        cel_measurement_note(m, "laser_from", "given on import");
}

/* --- numbers --- */

/* The axis on its way from the file to the measurement. */
typedef struct {
    CelUnit unit;
    gboolean guessed, overruled, falling;
    double *x, *y; /* rising; NULL where the file's own order is right */
} Axis;

static void clear_axis(Axis *axis)
{
    g_free(axis->x);
    g_free(axis->y);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Axis, clear_axis)

static gboolean check_numbers(const CelReadInput *in, const CelReadPoints *p, GError **error)
{
    if (p->n < 2 || p->n > CEL_READER_MAX_POINTS)
        return cel_read_refuse(in, CEL_PLACE_NONE, 0, error,
                               _("a spectrum has 2 to %d points, this one has %" G_GSIZE_FORMAT),
                               CEL_READER_MAX_POINTS, p->n);
    const gboolean falling = p->x[1] < p->x[0];
    for (gsize i = 0; i < p->n; i++) {
        if (!isfinite(p->x[i]) || !isfinite(p->y[i]))
            return cel_read_refuse(in, CEL_PLACE_NONE, 0, error,
                                   _("point %" G_GSIZE_FORMAT
                                     " holds no number; the file is damaged, export it again"),
                                   i + 1);
        if (i > 0 && !(falling ? p->x[i] < p->x[i - 1] : p->x[i] > p->x[i - 1]))
            return cel_read_refuse(in, CEL_PLACE_NONE, 0, error,
                                   _("the axis repeats or turns at point %" G_GSIZE_FORMAT
                                     " (%g after %g); export the spectrum again"),
                                   i + 1, p->x[i], p->x[i - 1]);
    }
    return TRUE;
}

static double *reversed(const double *values, gsize n)
{
    double *out = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        out[i] = values[n - 1 - i];
    return out;
}

/* A spectrum that is not Raman is only looked at: its numbers stand on the axis as they are. */
static gboolean settle_foreign(const CelReadInput *in, const CelReadPoints *p,
                               const CelReadOut *out, Axis *axis)
{
    if (in->options->axis_unit != NULL || out->kind <= CEL_KIND_RAMAN)
        return FALSE;
    axis->unit = p->unit != CEL_N_UNITS ? p->unit : CEL_UNIT_PIXEL;
    return TRUE;
}

static gboolean settle_unit(const CelReadInput *in, const CelReadPoints *p, const double *x,
                            Axis *axis, GError **error)
{
    axis->unit = p->unit;
    if (in->options->axis_unit != NULL) {
        if (!cel_read_unit_forced(in->options->axis_unit, &axis->unit, error))
            return FALSE;
        axis->overruled = p->unit != CEL_N_UNITS && p->unit != axis->unit;
    }
    axis->guessed = axis->unit == CEL_N_UNITS;
    const char *objection =
        p->absolute && in->options->axis_unit == NULL
            ? _("these are no Raman shifts but absolute wavenumbers; export "
                "the Raman shift or the wavelength")
            : cel_read_unit_objection(&axis->unit, x, p->n, in->options->laser_nm);
    if (objection == NULL)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT, _("%s: the axis runs from %g to %g; %s"),
                in->name, x[0], x[p->n - 1], objection);
    return FALSE;
}

static void note_axis(const CelReadInput *in, const CelReadPoints *p, const Axis *axis,
                      CelMeasurement *m)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (axis->guessed)
        g_string_append(text, "guessed ");
    if (in->options->axis_unit != NULL)
        g_string_append(text, "given on import: ");
    g_string_append(text, cel_unit_name(axis->unit));
    if (p->absolute)
        g_string_append(text, " (absolute wavenumber)");
    if (p->unit_text != NULL) {
        g_autofree char *safe =
            g_utf8_make_valid(p->unit_text, (gssize)strnlen(p->unit_text, MAX_VALUE));
        g_string_append_printf(text, " (the file says \"%s\")", safe);
    } else if (axis->overruled) {
        g_string_append_printf(text, " (the file says \"%s\")", cel_unit_name(p->unit));
    }
    cel_measurement_note(m, "axis_unit", text->str);
    if (axis->falling)
        cel_measurement_note(m, "axis_order", "falling in the file, reversed");
}

void cel_read_note_spectrum(const CelReadInput *in, const CelReadOut *out)
{
    if (out->n_spectra <= 1)
        return;
    g_autofree char *text =
        g_strdup_printf("%u of %u%s", out->spectrum, out->n_spectra,
                        in->options->spectrum == 0 ? " (the first; no other was asked for)" : "");
    cel_measurement_note(out->measurement, "spectrum", text);
}

static gboolean check_options(const CelReadInput *in, GError **error)
{
    if (in->options->column == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("%s: this format has no columns to choose from; read it without a column"),
                in->name);
    return FALSE;
}

gboolean cel_read_finish(const CelReadInput *in, const CelReadPoints *p, CelReadOut *out,
                         GError **error)
{
    if (!check_options(in, error) || !check_numbers(in, p, error))
        return FALSE;
    g_auto(Axis) axis = {.falling = p->x[1] < p->x[0]};
    axis.x = axis.falling ? reversed(p->x, p->n) : NULL;
    axis.y = axis.falling ? reversed(p->y, p->n) : NULL;
    const double *x = axis.falling ? axis.x : p->x, *y = axis.falling ? axis.y : p->y;
    if (!settle_foreign(in, p, out, &axis) && !settle_unit(in, p, x, &axis, error))
        return FALSE;
    g_autoptr(GError) local = NULL;
    g_autoptr(CelAxis) made = cel_axis_new(axis.unit, x, p->n, &local);
    if (made == NULL) {
        g_set_error(error, CEL_ERROR, local->code, "%s: %s", in->name, local->message);
        return FALSE;
    }
    CelMeasurement *m = out->measurement = cel_measurement_new(p->n, 1, 0);
    m->imported_axis = g_steal_pointer(&made);
    memcpy(m->frames, y, p->n * sizeof *y);
    g_strlcpy(m->instrument.driver, "import", sizeof m->instrument.driver);
    m->laser_mw_nominal = TRUE;
    cel_read_laser(in->options, p->laser_nm, FALSE, m);
    note_axis(in, p, &axis, m);
    cel_read_note_spectrum(in, out);
    return TRUE;
}
