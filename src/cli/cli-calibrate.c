/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-calibrate.h"

#include "base/cel-clock.h"
#include "bench/cel-lab-calibration.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* THE table of kinds. */
static const CliCalibrateKind *const kinds[] = {&cli_calibrate_wavelength, &cli_calibrate_shift,
                                                &cli_calibrate_intensity};

static void words_clear(CliCalibrateWords *words)
{
    g_free(words->standard);
    g_free(words->out);
    g_free(words->author);
    g_free(words->serial);
    g_free(words->axis_unit);
    g_free(words->plot);
    g_free(words->base);
    g_free(words->lot);
    g_free(words->second);
    g_free(words->sealed);
    g_free(words->from);
    cli_sign_words_clear(&words->sign);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliCalibrateWords, words_clear)

/* ---- inputs ---- */

/* "STANDARD=FILE", or a file of the standard that --standard names. A file whose name holds "=" can
 * be given with "./" before it. */
static char *split_input(const char *word, const char *standard, const char **out_path)
{
    const char *equals = strchr(word, '=');
    const char *slash = strchr(word, '/');
    const gboolean names = equals != NULL && (slash == NULL || equals < slash);
    *out_path = names ? equals + 1 : word;
    return names ? g_strndup(word, (gsize)(equals - word)) : g_strdup(standard);
}

/* @bytes: (nullable): NULL reads the file @path. */
static CelStandardScan *read_bytes(const Cli *cli, const CliCalibrateWords *words, const char *path,
                                   GBytes *bytes, GError **error)
{
    const CelReadOptions options = {.laser_nm = words->laser_nm,
                                    .axis_unit = words->axis_unit,
                                    .column = words->column,
                                    .any_kind = TRUE}; /* a lamp's light is no Raman spectrum */
    g_auto(CelReadOut) out = {0};
    const gboolean read = bytes != NULL
                              ? cel_reader_load_bytes(bytes, path, &options, cli->job, &out, error)
                              : cel_reader_load_only(path, &options, cli->job, &out, error);
    if (!read)
        return NULL;
    cli_tell_choice(cli, out.measurement, path, &options);
    g_autoptr(CelSpectrum) spectrum = cel_read_out_spectrum(&out, error);
    if (spectrum == NULL) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    CelStandardScan *scan = g_new0(CelStandardScan, 1);
    scan->path = g_strdup(path);
    scan->bytes = g_bytes_ref(bytes != NULL ? bytes : out.source);
    scan->measurement = g_steal_pointer(&out.measurement);
    scan->spectrum = g_steal_pointer(&spectrum);
    return scan;
}

/* @standard: (transfer full) (nullable) */
static CelStandardScan *of_standard(CelStandardScan *scan, char *standard)
{
    if (scan == NULL) {
        g_free(standard);
        return NULL;
    }
    scan->standard = standard != NULL && *standard != '\0' ? cel_standard_find(standard) : NULL;
    scan->standard_name = standard;
    return scan;
}

static CelStandardScan *read_scan(const Cli *cli, const CliCalibrateWords *words, const char *word,
                                  GError **error)
{
    const char *path = NULL;
    char *standard = split_input(word, words->standard, &path);
    return of_standard(read_bytes(cli, words, path, NULL, error), standard);
}

/* The very recordings of an earlier calibration, out of its seal. */
static GPtrArray *unseal_scans(const Cli *cli, const CliCalibrateWords *words, GError **error)
{
    g_autoptr(GPtrArray) recordings = NULL;
    g_autoptr(CelCalibrationObject) object =
        cel_calibration_unseal(words->from, &recordings, cli->job, error);
    g_autoptr(GPtrArray) scans = g_ptr_array_new_with_free_func(cel_standard_scan_free);
    for (guint i = 0; object != NULL && i < recordings->len; i++) {
        const CelSealedRecording *one = g_ptr_array_index(recordings, i);
        CelStandardScan *scan = of_standard(read_bytes(cli, words, one->name, one->bytes, error),
                                            g_strdup(one->standard));
        if (scan == NULL)
            return NULL;
        g_ptr_array_add(scans, scan);
    }
    return object != NULL ? g_steal_pointer(&scans) : NULL;
}

static GPtrArray *read_scans(const Cli *cli, const CliCalibrateWords *words, char **inputs,
                             GError **error)
{
    g_autoptr(GPtrArray) scans = g_ptr_array_new_with_free_func(cel_standard_scan_free);
    for (guint i = 0; inputs[i] != NULL; i++) {
        CelStandardScan *scan = read_scan(cli, words, inputs[i], error);
        if (scan == NULL)
            return NULL;
        g_ptr_array_add(scans, scan);
    }
    return g_steal_pointer(&scans);
}

/* ---- the object ---- */

static void report(const Cli *cli, const CelCalibrationObject *object, const char *out)
{
    const CelCalibration *c = &object->calibration;
    if (cli->json) {
        g_autofree char *text = cel_calibration_object_to_text(object, NULL);
        g_autoptr(CelJsonWriter) json = cel_json_writer_new();
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "file", out);
        cel_json_raw(json, "object", text);
        cel_json_close(json);
        cli_print_json(json);
        return;
    }
    cli_print(cli, _("%s: %s, instrument \"%s\"%s\n"), out, c->id, c->serial,
              object->simulated ? _(", SIMULATED") : "");
}

static const CliCalibrateKind *find_kind(const char *name)
{
    for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(cel_calibration_kind_name(kinds[i]->kind), name) == 0)
            return kinds[i];
    }
    return NULL;
}

/* ---- the seal ---- */

static gboolean seal_it(const Cli *cli, const CliCalibrateWords *words, const GPtrArray *scans,
                        const CelCalibrationObject *object, GError **error)
{
    if (words->sign.lab == NULL && words->sealed == NULL)
        return TRUE;
    g_auto(CliSign) sign = {0};
    g_autofree char *path = NULL;
    g_autoptr(GPtrArray) recordings = g_ptr_array_new();
    for (guint i = 0; i < scans->len; i++)
        g_ptr_array_add(recordings, ((const CelStandardScan *)g_ptr_array_index(scans, i))->bytes);
    const CelCalibrationSeal seal = {.object = object,
                                     .recordings = (GBytes *const *)recordings->pdata,
                                     .in_force = words->in_force,
                                     .clock = cel_clock_system()};
    if (words->sign.lab != NULL) {
        if (!cli_sign_open(cli, &words->sign, &sign, error) ||
            !cel_lab_calibrate(sign.lab, &seal, &path, cli->job, error))
            return FALSE;
    } else {
        sign.key = words->sign.key != NULL
                       ? cli_open_key(cli, words->sign.key, words->sign.passphrase_file, error)
                       : NULL;
        if (words->sign.key == NULL)
            cli_usage(error, _("Sealing needs your key: --key FILE"));
        if (sign.key == NULL ||
            !cel_calibration_seal(&seal, sign.key, words->sealed, cli->job, error))
            return FALSE;
    }
    if (!cli->json)
        cli_print(cli, _("sealed with its recordings: %s\n"), path != NULL ? path : words->sealed);
    return TRUE;
}

static int derive_and_write(const Cli *cli, const CliCalibrateWords *words, char **rest,
                            GError **error)
{
    const CliCalibrateKind *kind = find_kind(rest[0]);
    g_autoptr(GPtrArray) scans = words->from != NULL ? unseal_scans(cli, words, error)
                                                     : read_scans(cli, words, rest + 1, error);
    char serial[64];
    if (scans == NULL ||
        !cel_standard_scans_serial(scans, words->serial, serial, sizeof serial, error))
        return 3;
    g_autoptr(CelCalibrationObject) object = kind->derive(cli, words, scans, error);
    if (object == NULL)
        return 3;
    const CelCalibrationFacts facts = {.serial = serial,
                                       .author = words->author,
                                       .valid_days = words->valid_days,
                                       .now_us = cel_clock_wall_us(cel_clock_system())};
    cel_calibration_complete(object, scans, &facts);
    if (!seal_it(cli, words, scans, object, error) ||
        !cel_calibration_object_save(object, words->out, words->replace, error))
        return 4;
    report(cli, object, words->out);
    return 0;
}

/* Returns: (transfer full) (element-type GOptionEntry). */
static GArray *calibrate_entries(CliCalibrateWords *words)
{
    const GOptionEntry own[] = {
        {"from", 0, 0, G_OPTION_ARG_FILENAME, &words->from,
         N_("derive again from the recordings in this sealed calibration"), "FILE.cel.h5"},
        {"sealed", 0, 0, G_OPTION_ARG_FILENAME, &words->sealed,
         N_("seal it with its recordings under --key; with --lab it goes into the archive"),
         "FILE.cel.h5"},
        {"in-force", 0, 0, G_OPTION_ARG_NONE, &words->in_force,
         N_("in a lab: the instrument measures with it from now on"), NULL},
        {"standard", 0, 0, G_OPTION_ARG_STRING, &words->standard,
         N_("what was measured; or write STANDARD=FILE"), "NAME"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &words->out, N_("the calibration to write"), "CAL"},
        {"replace", 0, 0, G_OPTION_ARG_NONE, &words->replace, N_("write over CAL if it is there"),
         NULL},
        {"author", 0, 0, G_OPTION_ARG_STRING, &words->author, N_("who derives it"), "NAME"},
        {"serial", 0, 0, G_OPTION_ARG_STRING, &words->serial,
         N_("instrument, of files that do not name it"), "TEXT"},
        {"valid-days", 0, 0, G_OPTION_ARG_INT, &words->valid_days,
         N_("days after the last recording for which it holds"), "N"},
        {"lot", 0, 0, G_OPTION_ARG_STRING, &words->lot,
         N_("intensity: lot as engraved on the standard"), "TEXT"},
        {"celsius", 0, 0, G_OPTION_ARG_DOUBLE, &words->celsius,
         N_("intensity: temperature of the standard"), "X"},
        {"second", 0, 0, G_OPTION_ARG_FILENAME, &words->second,
         N_("intensity: a calibration by another source, or an earlier one, that must agree"),
         "CAL"},
        {"unconfirmed", 0, 0, G_OPTION_ARG_NONE, &words->unconfirmed,
         N_("intensity: go without --second; the calibration says so"), NULL},
        {"laser-nm", 0, 0, G_OPTION_ARG_DOUBLE, &words->laser_nm,
         N_("excitation wavelength of a file that does not carry it"), "X"},
        {"axis-unit", 0, 0, G_OPTION_ARG_STRING, &words->axis_unit, N_("unit of the files' axes"),
         "cm-1|nm_air|nm_vacuum|nm_unstated|pixel"},
        {"column", 0, 0, G_OPTION_ARG_INT, &words->column, N_("intensity column"), "N"},
        {"base", 0, 0, G_OPTION_ARG_FILENAME, &words->base,
         N_("shift: the calibration of wavelengths to refine"), "CAL"},
        {"plot", 0, 0, G_OPTION_ARG_FILENAME, &words->plot,
         N_("shift: draw the deviations before and after"), "PDF|PNG|SVG"},
        G_OPTION_ENTRY_NULL,
    };
    return cli_sign_entries(&words->sign, own);
}

int cli_calibrate(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(CliCalibrateWords)
        words = {.laser_nm = CLI_NO_LASER, .valid_days = CLI_NO_COUNT, .celsius = NAN};
    g_auto(GStrv) rest = NULL;
    g_autoptr(GArray) entries = calibrate_entries(&words);
    if (!cli_parse(
            cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), "KIND IN...",
            N_("Derives a calibration from scans of standards. KIND is wavelength (lamps, on "
               "pixels), shift (laser and shift correction; lamps as well for an axis that "
               "another program made) or intensity (a certified glass or lamp, on Raman shifts). "
               "Examples:\n"
               "  celadon calibrate wavelength --standard neon ne.txt --out ne.cal\n"
               "  celadon calibrate shift neon=ne.txt silicon=si.txt --out shift.cal"),
            &rest, error))
        return 2;
    if (find_kind(rest[0]) == NULL || (rest[1] == NULL) != (words.from != NULL) ||
        words.out == NULL)
        return cli_usage(error,
                         _("calibrate needs a kind (wavelength, shift, intensity), scans and "
                           "--out CAL"));
    if (words.in_force && words.sign.lab == NULL)
        return cli_usage(error, _("--in-force is a lab's word: it needs --lab DIR"));
    if (!cli_laser(&words.laser_nm, error) ||
        !cli_count(&words.valid_days, "--valid-days", error) ||
        !cli_keep_input(words.out, (const char *const *)rest + 1, error))
        return 2;
    return derive_and_write(cli, &words, rest, error);
}
