/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-file.h"
#include "formats/cel-read-out.h"

static const CelReadOptions no_options = {0};

/* What every file gets, whoever read it. */
static gboolean finish(const CelReadInput *in, const CelReader *reader, CelReadOut *out,
                       GError **error)
{
    CelMeasurement *m = out->measurement;
    out->n_spectra = MAX(out->n_spectra, 1);
    out->spectrum = MAX(out->spectrum, 1);
    if (in->options->spectrum > out->n_spectra) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("%s: there is no spectrum %u; the file holds %u"), in->name,
                    in->options->spectrum, out->n_spectra);
        return FALSE;
    }
    g_autofree char *base = g_path_get_basename(in->name);
    if (g_tree_lookup(m->notes, CEL_META_SOURCE) == NULL)
        cel_measurement_note(m, CEL_META_SOURCE, base);
    if (g_tree_lookup(m->notes, CEL_META_FORMAT) == NULL)
        cel_measurement_note(m, CEL_META_FORMAT, reader->id);
    if (g_str_equal(reader->validated_on, CEL_READER_UNVALIDATED))
        cel_measurement_note(m, CEL_META_UNVALIDATED, reader->id);
    cel_read_check_simulated(m, m->instrument.simulated);
    return TRUE;
}

gboolean cel_reader_load_bytes(GBytes *bytes, const char *name, const CelReadOptions *options,
                               CelJob *job, CelReadOut *out, GError **error)
{
    const CelReadInput in = {bytes, name, options != NULL ? options : &no_options, job};
    *out = (CelReadOut){0};
    const CelReader *reader = cel_reader_find(bytes, name);
    if (reader == NULL)
        return cel_read_refuse(&in, CEL_PLACE_LINE, 1, error,
                               _("the content is of no known format; export the spectrum as text "
                                 "or CSV"));
    return reader->read(&in, out, error) && finish(&in, reader, out, error);
}

static gboolean load_file(const char *path, const CelReadOptions *options, CelJob *job,
                          CelReadOut *out, GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_READER_MAX_BYTES, error);
    if (bytes == NULL)
        return FALSE;
    g_autofree char *name = g_filename_display_name(path);
    return cel_reader_load_bytes(bytes, name, options, job, out, error);
}

CelMeasurement *cel_reader_load(const char *path, const CelReadOptions *options, CelJob *job,
                                GError **error)
{
    g_auto(CelReadOut) out = {0};
    return load_file(path, options, job, &out, error) ? g_steal_pointer(&out.measurement) : NULL;
}

CelSpectrum *cel_reader_load_spectrum(const char *path, const CelReadOptions *options, CelJob *job,
                                      GError **error)
{
    g_auto(CelReadOut) out = {0};
    return load_file(path, options, job, &out, error) ? cel_read_out_spectrum(&out, error) : NULL;
}
