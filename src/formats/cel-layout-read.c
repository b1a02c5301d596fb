/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-layout-read.h"

#include "base/cel-number.h"
#include "formats/cel-read-out.h"

#include <string.h>

static const char *const sentences[CEL_N_REFUSALS] = {
    [CEL_REFUSE_FORMAT] = N_("the content does not begin as this format does"),
    [CEL_REFUSE_VERSION] = N_("this version of the format is not known; export the spectrum as "
                              "text"),
    [CEL_REFUSE_TRUNCATED] = N_("the file ends before what it states; copy it again from the "
                                "instrument"),
    [CEL_REFUSE_CONTRADICTION] = N_("two statements of the file exclude one another, so its "
                                    "numbers cannot be trusted; export the spectrum as text"),
    [CEL_REFUSE_POINTS] = N_("the number of points is impossible; the file is damaged"),
    [CEL_REFUSE_SPECTRA] = N_("the number of spectra is impossible; the file is damaged"),
    [CEL_REFUSE_NO_SUCH] = N_("the file does not hold that spectrum"),
    [CEL_REFUSE_EMPTY] = N_("nothing was measured yet when the file was written"),
    [CEL_REFUSE_NO_DATA] = N_("the file holds no intensities that can be read"),
    [CEL_REFUSE_NO_AXIS] = N_("the file does not say where the points lie on the axis; export the "
                              "spectrum as text"),
    [CEL_REFUSE_TWICE] = N_("the file holds this twice and does not say which counts; export the "
                            "one spectrum as text"),
    [CEL_REFUSE_AXIS_UNIT] = N_("the unit of the axis is none that is read here; export the "
                                "spectrum over Raman shift"),
    [CEL_REFUSE_ORIENTATION] = N_("the detector was read mirrored and it is not described which "
                                  "way the axis then runs; export the spectrum as text"),
    [CEL_REFUSE_NOT_FINITE] = N_("a value is no number; the file is damaged, export it again"),
    [CEL_REFUSE_VALUE_KIND] = N_("the intensities are stored in a way that is not described; "
                                 "export the spectrum as text"),
    [CEL_REFUSE_IMAGE] = N_("this is a picture, no spectrum"),
    [CEL_REFUSE_OTHER_AXES] = N_("every spectrum of this file has an axis of its own, which is not "
                                 "read; export the one spectrum as text"),
    [CEL_REFUSE_REGIONS] = N_("parts of the detector or binned pixels were stored, for which the "
                              "axis is not described; export the spectrum as text"),
    [CEL_REFUSE_INTERFEROGRAM] = N_("this is an interferogram, no spectrum; transform it first"),
    [CEL_REFUSE_NOT_RAMAN] = N_("nothing in the file says that this is a Raman spectrum; export "
                                "the Raman spectrum"),
    [CEL_REFUSE_SERIES] = N_("a series in time is not read; export the one spectrum as text"),
    [CEL_REFUSE_DERIVATIVE] = N_("this is a derivative, no spectrum; save the spectrum itself"),
    [CEL_REFUSE_CHECK] = N_("the intensities are not those whose range the file states; export "
                            "the spectrum as text"),
    [CEL_REFUSE_XML] = N_("the description at the end of the file (XML) is damaged or too long"),
};

const char *cel_refusal_text(CelRefusalCode code)
{
    return code > CEL_REFUSE_NOTHING && code < CEL_N_REFUSALS ? _(sentences[code]) : "";
}

static gboolean accept(const CelReadInput *in, CelRefusal refusal, GError **error)
{
    return refusal.code == CEL_REFUSE_NOTHING ||
           cel_read_refuse(in, CEL_PLACE_BYTE, refusal.at, error, "%s",
                           cel_refusal_text(refusal.code));
}

/* --- which spectrum --- */

static void add_title(const CelLayout *layout, guint64 index, CelReadOut *out)
{
    char text[64];
    const char *own = layout->place[0] != '\0' ? layout->place : layout->title;
    if (layout->n_rows > 0)
        g_snprintf(text, sizeof text, "frame %" G_GUINT64_FORMAT ", row %" G_GUINT64_FORMAT,
                   index / layout->n_rows + 1, index % layout->n_rows + 1);
    else
        g_snprintf(text, sizeof text, "%" G_GUINT64_FORMAT, index + 1);
    cel_read_add_title(out, layout->n_rows == 0 && own[0] != '\0' ? own : text);
}

static void list_titles(CelBytes file, CelLayoutOpen decode, const CelLayout *first,
                        CelReadOut *out)
{
    CelLayout other = *first;
    for (guint64 i = 0; i < MIN(first->n_spectra, CEL_READER_MAX_TITLES); i++) {
        if (first->n_rows == 0 && i > 0 && decode(file, i, &other).code != CEL_REFUSE_NOTHING)
            g_strlcpy(other.place, "?", sizeof other.place);
        add_title(&other, i, out);
    }
}

static gboolean choose(const CelReadInput *in, CelBytes file, CelLayoutOpen decode,
                       CelLayout *layout, CelReadOut *out, GError **error)
{
    guint index = 0;
    if (!accept(in, decode(file, 0, layout), error) ||
        !cel_read_choose(in, out, layout->n_spectra, &index, error))
        return FALSE;
    if (layout->n_spectra > 1)
        list_titles(file, decode, layout, out);
    return index == 0 || accept(in, decode(file, index, layout), error);
}

/* --- the numbers --- */

static gboolean fill(const CelReadInput *in, CelBytes file, const CelLayout *layout,
                     CelReadOut *out, GError **error)
{
    g_autofree double *x = g_new(double, layout->n_points);
    g_autofree double *y = g_new(double, layout->n_points);
    const CelReadPoints points = {.unit = layout->unit,
                                  .unit_text = layout->unit_text,
                                  .absolute = layout->absolute,
                                  .x = x,
                                  .y = y,
                                  .n = layout->n_points,
                                  .laser_nm = layout->laser_nm};
    return accept(in, cel_layout_axis(layout, file, x), error) &&
           accept(in, cel_layout_values(layout, file, y), error) &&
           cel_read_finish(in, &points, out, error);
}

/* --- what else the file says --- */

static void header_text(CelMeasurement *m, const char *key, const char *value)
{
    if (value[0] != '\0')
        cel_read_header(m, &(CelReadHeader){.key = key, .value = value});
}

static void header_number(CelMeasurement *m, const char *key, double value)
{
    g_autofree char *text = cel_number_format(value);
    if (value > 0.0)
        header_text(m, key, text);
}

static void note_settings(const CelLayout *layout, CelMeasurement *m)
{
    header_text(m, "title", layout->title);
    header_text(m, "comment", layout->comment);
    header_text(m, "software", layout->software);
    header_text(m, "model", layout->model);
    header_text(m, "serial number", layout->serial);
    header_text(m, "place", layout->place);
    header_number(m, "exposure (ms)", layout->integration_ms);
    header_number(m, "laser power (mW)", layout->laser_mw);
    header_number(m, "accumulations", layout->n_accumulated);
    if (layout->n_accumulated > 0) {
        g_autofree char *frames = g_strdup_printf("%u", layout->n_accumulated);
        cel_measurement_note(m, CEL_META_FRAMES, frames);
    }
    g_strlcpy(m->instrument.vendor, layout->vendor, sizeof m->instrument.vendor);
    m->started_wall_us = layout->started_us;
    m->ended_wall_us = layout->ended_us;
}

static void note_marks(const CelLayout *layout, CelReadOut *out)
{
    static const struct {
        guint mark;
        const char *key, *text;
    } marks[] = {
        {CEL_MARK_COSMIC_REMOVED, "cosmic_rays", "removed by the maker's program"},
        {CEL_MARK_BACKGROUND_REMOVED, "background", "subtracted by the maker's program"},
        {CEL_MARK_FLAT_FIELD, "flat_field", "applied by the maker's program"},
        {CEL_MARK_SATURATED, "saturated", "said so by the instrument"},
        {CEL_MARK_PROCESSED, "processing",
         "the file keeps a record of processing, not looked into"},
        {CEL_MARK_NOT_CALIBRATED, "calibration", "the file holds none"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (layout->marks & marks[i].mark)
            cel_measurement_note(out->measurement, marks[i].key, marks[i].text);
    }
    if (layout->marks & CEL_MARK_SATURATED)
        cel_read_warn(out, CEL_PLACE_BYTE, layout->values_at,
                      _("the instrument says that the detector was full: bands may be cut off; "
                        "measure again with less light"));
    if (layout->n_planned > layout->n_spectra) {
        cel_read_warn(out, CEL_PLACE_NONE, 0,
                      _("the measurement was stopped: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                        " spectra are there"),
                      layout->n_spectra, layout->n_planned);
        cel_measurement_note(out->measurement, "incomplete", "stopped before its end");
    }
}

gboolean cel_layout_read(const CelReadInput *in, CelLayoutOpen decode, CelReadOut *out,
                         GError **error)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(in->bytes, &n);
    const CelBytes file = cel_bytes_of(data, n, CEL_LITTLE_ENDIAN);
    CelLayout layout;
    if (!choose(in, file, decode, &layout, out, error) ||
        !cel_read_set_kind(in, out, layout.kind, layout.kind_text, error) ||
        !fill(in, file, &layout, out, error))
        return FALSE;
    note_settings(&layout, out->measurement);
    note_marks(&layout, out);
    return TRUE;
}
