/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-read-out.h"
#include "formats/cel-reader-pack.h"
#include "jail/cel-jail.h"

#include <string.h>

enum {
    MIB = 1024 * 1024,
    N_ARRAYS = 5, /* axis, values, dark, variance and mask of the largest spectrum */
    RESULT_BYTES = 64 * MIB,
    MEMORY_FLOOR = 256 * MIB,
    MEMORY_FACTOR = 16, /* of the file's size: a point of 4 characters becomes 5 doubles */
    CPU_SECONDS = 5,    /* for any file; and one more for every CPU_STEP bytes */
    CPU_STEP = 8 * MIB,
    WALL_FACTOR = 4, /* a busy tablet is slow */
    MAX_UNIT = 64,
    MAX_NAME = 4096,
};
static const gsize MEMORY_CEILING = (gsize)2048 * MIB;

static const CelReadOptions no_options = {0};

/* The call as it goes into the jail. */
typedef struct {
    CelReadOptions options; /* .axis_unit points into .unit once inside */
    gboolean has_unit;
    char unit[MAX_UNIT];
    char name[MAX_NAME];
} Params;

static void show_progress(const char *stage, guint64 done, guint64 total, gpointer progress)
{
    volatile guint64 *const shared = progress;
    (void)stage;
    shared[0] = done;
    shared[1] = total;
}

static gboolean read_here(const CelReadInput *in, CelReadOut *out, guint *out_reader,
                          GError **error)
{
    gsize n = 0;
    const CelReader *const *table = cel_readers(&n);
    const CelReader *reader = cel_reader_find(in->bytes, in->name);
    if (reader == NULL)
        return cel_read_refuse(in, CEL_PLACE_LINE, 1, error,
                               _("the content is of no known format; export the spectrum as text "
                                 "or CSV"));
    const gboolean ok = reader->read(in, out, error);
    for (guint i = 0; i < n; i++) {
        if (table[i] == (out->reader != NULL ? out->reader : reader))
            *out_reader = i;
    }
    return ok;
}

/* A CelJailWork. */
static gsize work(const CelJailTask *task)
{
    Params params;
    if (task->params_size != sizeof params)
        return 0;
    memcpy(&params, task->params, sizeof params);
    params.options.axis_unit = params.has_unit ? params.unit : NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(task->input, task->input_size);
    g_autoptr(CelJob) job = cel_job_new(NULL, show_progress, (gpointer)(guintptr)task->progress);
    const CelReadInput in = {bytes, params.name, &params.options, job};
    g_auto(CelReadOut) out = {0};
    g_autoptr(GError) error = NULL;
    guint reader = 0;
    read_here(&in, &out, &reader, &error);
    return cel_read_pack(task->result, task->capacity, &out, reader, error);
}

static gboolean refuse_spectrum(const char *name, const CelReadOptions *options,
                                const CelReadOut *out, GError **error)
{
    if (options->spectrum <= out->n_spectra)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("%s: there is no spectrum %u; the file holds %u"), name, options->spectrum,
                out->n_spectra);
    return FALSE;
}

static void note_missing(CelMeasurement *m, const char *key, const char *text)
{
    if (g_tree_lookup(m->notes, key) == NULL)
        cel_measurement_note(m, key, text);
}

/* What every file gets, whoever read it. */
static gboolean finish(const char *name, const CelReadOptions *options, CelReadOut *out,
                       GError **error)
{
    CelMeasurement *m = out->measurement;
    out->n_spectra = MAX(out->n_spectra, 1);
    out->spectrum = MAX(out->spectrum, 1);
    if (!refuse_spectrum(name, options, out, error))
        return FALSE;
    g_autofree char *base = g_path_get_basename(name);
    note_missing(m, CEL_META_SOURCE, base);
    note_missing(m, CEL_META_FORMAT, out->reader->id);
    /* The verdict of the day's check comes from the lab's own record, never from a file. */
    g_tree_remove(m->notes, CEL_META_AXIS_CHECK);
    if (g_str_equal(out->reader->validated_on, CEL_READER_UNVALIDATED))
        cel_measurement_note(m, CEL_META_UNVALIDATED, out->reader->id);
    if (out->kind > CEL_KIND_RAMAN)
        cel_measurement_note(m, CEL_META_FOREIGN_KIND, cel_kind_name(out->kind));
    cel_read_check_simulated(m, m->instrument.simulated);
    return TRUE;
}

static GBytes *run_jail(const CelJailInput *input, const char *name, const CelReadOptions *options,
                        CelJob *job, GError **error)
{
    g_autofree Params *params = g_new0(Params, 1);
    params->options = *options;
    params->options.axis_unit = NULL;
    params->has_unit = options->axis_unit != NULL;
    g_strlcpy(params->unit, params->has_unit ? options->axis_unit : "", sizeof params->unit);
    g_strlcpy(params->name, name, sizeof params->name);
    g_autoptr(GBytes) bytes = cel_jail_input_bytes(input);
    const gsize size = g_bytes_get_size(bytes);
    const guint cpu = CPU_SECONDS + (guint)(size / CPU_STEP);
    const CelJailCall call = {
        .limits = {.result_bytes =
                       RESULT_BYTES + (gsize)CEL_READER_MAX_POINTS * N_ARRAYS * sizeof(double),
                   .memory_bytes = MEMORY_FLOOR + MIN(MEMORY_FACTOR * size, MEMORY_CEILING),
                   .cpu_seconds = cpu,
                   .wall_seconds = cpu * WALL_FACTOR},
        .work = work,
        .input = input,
        .params = params,
        .params_size = sizeof *params,
        .what = name};
    return cel_jail_run(&call, job, error);
}

static gboolean load_input(const CelJailInput *input, const char *name, const CelReadOptions *given,
                           CelJob *job, CelReadOut *out, GError **error)
{
    const CelReadOptions *options = given != NULL ? given : &no_options;
    guint reader = 0;
    gsize n = 0;
    *out = (CelReadOut){0};
    g_autoptr(GBytes) result = run_jail(input, name, options, job, error);
    if (result == NULL || !cel_read_unpack(result, name, out, &reader, error))
        return FALSE;
    out->reader = cel_readers(&n)[reader];
    return finish(name, options, out, error);
}

gboolean cel_reader_load_bytes(GBytes *bytes, const char *name, const CelReadOptions *options,
                               CelJob *job, CelReadOut *out, GError **error)
{
    *out = (CelReadOut){0};
    g_autoptr(CelJailInput) input = cel_jail_input_new(bytes, error);
    return input != NULL && load_input(input, name, options, job, out, error);
}

gboolean cel_reader_load_file(const char *path, const CelReadOptions *options, CelJob *job,
                              CelReadOut *out, GError **error)
{
    *out = (CelReadOut){0};
    g_autoptr(CelJailInput) input = cel_jail_input_read(path, CEL_READER_MAX_BYTES, error);
    if (input == NULL)
        return FALSE;
    g_autofree char *name = g_filename_display_name(path);
    if (!load_input(input, name, options, job, out, error))
        return FALSE;
    out->source = cel_jail_input_bytes(input);
    return TRUE;
}

gboolean cel_reader_load_only(const char *path, const CelReadOptions *options, CelJob *job,
                              CelReadOut *out, GError **error)
{
    if (!cel_reader_load_file(path, options, job, out, error))
        return FALSE;
    if (out->n_spectra <= 1 || (options != NULL && options->spectrum > 0))
        return TRUE;
    g_autofree char *name = g_filename_display_name(path);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: the file holds %u spectra and none was named, so none was taken; take one "
                  "out with \"celadon convert --spectrum N\""),
                name, out->n_spectra);
    return FALSE;
}

CelMeasurement *cel_reader_load(const char *path, const CelReadOptions *options, CelJob *job,
                                GError **error)
{
    g_auto(CelReadOut) out = {0};
    return cel_reader_load_file(path, options, job, &out, error) ? g_steal_pointer(&out.measurement)
                                                                 : NULL;
}

CelSpectrum *cel_reader_load_spectrum(const char *path, const CelReadOptions *options, CelJob *job,
                                      GError **error)
{
    g_auto(CelReadOut) out = {0};
    return cel_reader_load_file(path, options, job, &out, error)
               ? cel_read_out_spectrum(&out, error)
               : NULL;
}
