/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/cel-text.h"
#include "cel-calibration-object.h"
#include "formats/cel-reader.h"
#include "formats/cel-writer.h"
#include "process/cel-peakfit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const param_types[] = {
    [CEL_PARAM_REAL] = "real",
    [CEL_PARAM_INT] = "integer",
    [CEL_PARAM_BOOL] = "yes|no",
    [CEL_PARAM_CHOICE] = "choice",
};

static void print_param(const CelParamDef *def)
{
    g_autofree char *min = cel_param_value_text(def, def->min);
    g_autofree char *max = cel_param_value_text(def, def->max);
    g_autofree char *initial = cel_param_value_text(def, def->initial);
    g_autofree char *range = NULL;
    if (def->type == CEL_PARAM_CHOICE)
        range = g_strjoinv("|", (char **)def->choices);
    else
        range = g_strdup_printf("%s..%s %s", min, max, def->unit);
    printf("    %-18s %s [%s] = %s\n", def->key, _(def->label), range, initial);
}

static void print_step(const CelStepDef *step)
{
    printf("%s@%u  %s\n    (%s)\n", step->id, step->version, _(step->title), step->reference);
    for (gsize i = 0; i < step->n_params; i++)
        print_param(&step->params[i]);
}

static void write_param_json(CelJsonWriter *json, const CelParamDef *def)
{
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "key", def->key);
    cel_json_text(json, "label", _(def->label));
    cel_json_text(json, "unit", def->unit);
    cel_json_text(json, "type", param_types[def->type]);
    cel_json_number(json, "min", def->min, 0);
    cel_json_number(json, "max", def->max, 0);
    cel_json_number(json, "initial", def->initial, 0);
    if (def->type == CEL_PARAM_CHOICE) {
        cel_json_open(json, "choices", '[');
        for (gsize i = 0; def->choices[i] != NULL; i++)
            cel_json_text(json, NULL, def->choices[i]);
        cel_json_close(json);
    }
    cel_json_close(json);
}

static void print_step_json(const CelStepDef *step)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "id", step->id);
    cel_json_int(json, "version", step->version);
    cel_json_text(json, "title", _(step->title));
    cel_json_text(json, "reference", step->reference);
    cel_json_open(json, "params", '[');
    for (gsize i = 0; i < step->n_params; i++)
        write_param_json(json, &step->params[i]);
    cel_json_close(json);
    cel_json_close(json);
    cli_print_json(json);
}

int cli_steps(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(GStrv) rest = NULL;
    if (!cli_parse(cli, argc, argv, NULL, "[ID...]",
                   N_("Lists the processing steps, or those named."), &rest, error))
        return 2;
    for (gsize i = 0; rest[i] != NULL; i++) {
        if (cel_step_find(rest[i], error) == NULL)
            return 2;
    }
    gsize n = 0;
    const CelStepDef *const *steps = cel_steps(&n);
    for (gsize i = 0; i < n; i++) {
        if (rest[0] != NULL && !g_strv_contains((const char *const *)rest, steps[i]->id))
            continue;
        if (cli->json)
            print_step_json(steps[i]);
        else if (!cli->quiet)
            print_step(steps[i]);
    }
    if (rest[0] != NULL || cli->json || cli->quiet)
        return 0;
    const CelRecipeDef *recipes = cel_recipes(&n);
    printf("\n%s\n", _("Recipes:"));
    for (gsize i = 0; i < n; i++)
        printf("    %-18s %s\n", recipes[i].name, _(recipes[i].title));
    return 0;
}

typedef struct {
    char *recipe, *out, *stages, *axis_unit, *calibration;
    char **steps;
    double laser_nm;
    int column;
} ProcessWords;

static void process_words_clear(ProcessWords *words)
{
    g_free(words->recipe);
    g_free(words->out);
    g_free(words->stages);
    g_free(words->axis_unit);
    g_free(words->calibration);
    g_strfreev(words->steps);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ProcessWords, process_words_clear)

static CelRecipe *words_recipe(const ProcessWords *words, double laser_nm, GError **error)
{
    if (words->recipe != NULL && words->steps != NULL) {
        cli_usage(error, _("Give --recipe or --step, not both"));
        return NULL;
    }
    if (words->recipe != NULL)
        return cel_recipe_shipped(words->recipe, error);
    if (words->steps == NULL)
        return cel_recipe_default(laser_nm);
    g_autoptr(CelRecipe) recipe = cel_recipe_new("custom");
    for (gsize i = 0; words->steps[i] != NULL; i++) {
        if (!cel_recipe_append_text(recipe, words->steps[i], error))
            return NULL;
    }
    return g_steal_pointer(&recipe);
}

static CelMeasurement *load_one(const Cli *cli, ProcessWords *words, char **rest, GError **error)
{
    if (rest[0] == NULL || rest[1] != NULL) {
        cli_usage(error, _("Name exactly one input file"));
        return NULL;
    }
    if (!cli_laser(&words->laser_nm, error) ||
        (words->out != NULL && !cli_keep_input(words->out, (const char *const *)rest, error)))
        return NULL;
    const CelReadOptions options = {
        .laser_nm = words->laser_nm, .axis_unit = words->axis_unit, .column = words->column};
    CelMeasurement *measurement = cel_reader_load(rest[0], &options, cli->job, error);
    if (measurement != NULL)
        cli_tell_choice(cli, measurement, rest[0], &options);
    return measurement;
}

/* The response curve of an intensity calibration goes with the measurement, so that the step finds
 * it as it would in a sealed file. */
static gboolean take_response(const char *path, CelMeasurement *measurement, GError **error)
{
    if (path == NULL)
        return TRUE;
    g_autoptr(CelCalibrationObject) object = cel_calibration_object_load(path, error);
    if (object == NULL)
        return FALSE;
    if (object->response == NULL) {
        cli_usage(error, _("%s: this calibration holds no response curve"), path);
        return FALSE;
    }
    cel_response_free(measurement->response);
    measurement->response =
        cel_response_from_text(object->response, strlen(object->response), error);
    return measurement->response != NULL;
}

static gboolean write_stages(const char *folder, const CelRecipe *recipe, const GPtrArray *stages,
                             GError **error)
{
    if (!cli_make_folder(folder, error))
        return FALSE;
    for (guint i = 0; i < stages->len; i++) {
        g_autofree char *name =
            g_strdup_printf("%s/%02u-%s.csv", folder, i + 1, cel_recipe_step(recipe, i)->id);
        if (!cel_spectrum_write_csv(g_ptr_array_index(stages, i), name, error))
            return FALSE;
    }
    return TRUE;
}

static void tell_result(const Cli *cli, const char *out, const CelRecipe *recipe,
                        const CelSpectrum *result)
{
    g_autofree char *digest = cel_recipe_sha256(recipe);
    if (!cli->json) {
        g_autofree char *shown = cli_printable(out);
        cli_print(cli, _("%s: %zu points, recipe %s (SHA-256 %.16s...)%s\n"), shown,
                  cel_spectrum_length(result), cel_recipe_name(recipe), digest,
                  cel_spectrum_is_simulated(result) ? _(", SIMULATED") : "");
        return;
    }
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", out);
    cel_json_int(json, "points", (gint64)cel_spectrum_length(result));
    cel_json_text(json, "recipe", cel_recipe_name(recipe));
    cel_json_text(json, "recipe_sha256", digest);
    cel_json_bool(json, "simulated", cel_spectrum_is_simulated(result));
    cel_json_close(json);
    cli_print_json(json);
}

int cli_process(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(ProcessWords) words = {.laser_nm = CLI_NO_LASER};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"recipe", 0, 0, G_OPTION_ARG_STRING, &words.recipe, N_("a recipe by name"), "NAME"},
        {"step", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words.steps,
         N_("a step; may be given several times, in order"), "ID[:KEY=VALUE,...]"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &words.out, N_("the file to write"), "FILE.csv"},
        {"steps-out", 0, 0, G_OPTION_ARG_FILENAME, &words.stages,
         N_("also write the result of every step here"), "DIR"},
        {"intensity", 0, 0, G_OPTION_ARG_FILENAME, &words.calibration,
         N_("intensity calibration for the step correct.intensity"), "CAL"},
        {"laser-nm", 0, 0, G_OPTION_ARG_DOUBLE, &words.laser_nm,
         N_("excitation wavelength of a file that does not carry it"), "X"},
        {"axis-unit", 0, 0, G_OPTION_ARG_STRING, &words.axis_unit, N_("unit of the file's axis"),
         "cm-1|nm_air|nm_vacuum|nm_unstated|pixel"},
        {"column", 0, 0, G_OPTION_ARG_INT, &words.column, N_("intensity column"), "N"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "IN",
                   N_("Corrects one spectrum. Example:\n"
                      "  celadon process --step baseline.arpls:lambda=1e5 in.csv --out out.csv"),
                   &rest, error))
        return 2;
    if (words.out == NULL)
        return cli_usage(error, _("process needs --out FILE"));
    g_autoptr(CelMeasurement) measurement = load_one(cli, &words, rest, error);
    if (measurement == NULL || !take_response(words.calibration, measurement, error))
        return 3;
    g_autoptr(CelRecipe) recipe = words_recipe(&words, measurement->calibration.laser_nm, error);
    if (recipe == NULL)
        return 2;
    g_autoptr(GPtrArray) stages = NULL;
    g_autoptr(CelSpectrum) result =
        cel_bench_process(measurement, recipe, &stages, cli->job, error);
    if (result == NULL) {
        g_prefix_error(error, "%s: ", rest[0]);
        return 3;
    }
    if (!cel_spectrum_write_csv(result, words.out, error))
        return 4;
    if (words.stages != NULL && !write_stages(words.stages, recipe, stages, error))
        return 4;
    tell_result(cli, words.out, recipe, result);
    return 0;
}

/* A value with its standard uncertainty; one that is not known is not shown as zero. */
static void print_value(double value, double u, int width, int decimals)
{
    g_autofree char *number = g_strdup_printf("%.*f", decimals, value);
    g_autofree char *spread = u > 0.0 ? g_strdup_printf("+- %.*f", decimals, u) : g_strdup("");
    printf("%*s %-11s", width, number, spread);
}

static void print_peak(const CelPeak *peak)
{
    print_value(peak->position, peak->u_position, 8, 2);
    print_value(peak->height, peak->u_height, 11, 1);
    print_value(peak->fwhm, peak->u_fwhm, 8, 2);
    if (peak->area > 0.0)
        print_value(peak->area, peak->u_area, 11, 0);
    printf("\n");
}

static void print_peak_head(void)
{
    g_autofree char *height = cel_text_cell(_("height"), 11), *area = cel_text_cell(_("area"), 11);
    printf("%8s %-11s%s %-11s%8s %-11s%s\n", "cm-1", "", height, "", "FWHM", "", area);
}

static void print_peak_json(const CelPeak *peak)
{
    /* Without a fit there is no uncertainty and no area; 0 would claim a perfect one. */
    const gboolean fitted = peak->u_position > 0.0;
    const struct {
        const char *key;
        double value;
    } fields[] = {
        {"position_cm1", peak->position},
        {"u_position_cm1", fitted ? peak->u_position : NAN},
        {"height", peak->height},
        {"u_height", fitted ? peak->u_height : NAN},
        {"fwhm_cm1", peak->fwhm},
        {"u_fwhm_cm1", fitted ? peak->u_fwhm : NAN},
        {"area", fitted ? peak->area : NAN},
        {"u_area", fitted ? peak->u_area : NAN},
        {"prominence", peak->prominence},
    };
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        cel_json_number(json, fields[i].key, fields[i].value, 8);
    cel_json_close(json);
    cli_print_json(json);
}

int cli_peaks(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(ProcessWords) words = {.laser_nm = CLI_NO_LASER};
    g_auto(GStrv) rest = NULL;
    double percent = CEL_PEAKFIT_SMALLEST_PERCENT;
    const GOptionEntry entries[] = {
        {"smallest-percent", 0, 0, G_OPTION_ARG_DOUBLE, &percent,
         N_("smallest band listed, of the strongest one's height (1)"), "X"},
        {"recipe", 0, 0, G_OPTION_ARG_STRING, &words.recipe,
         N_("correct with this recipe first (default: the one for the laser)"), "NAME"},
        {"laser-nm", 0, 0, G_OPTION_ARG_DOUBLE, &words.laser_nm,
         N_("excitation wavelength of a file that does not carry it"), "X"},
        {"axis-unit", 0, 0, G_OPTION_ARG_STRING, &words.axis_unit, N_("unit of the file's axis"),
         "cm-1|nm_air|nm_vacuum|nm_unstated"},
        {"column", 0, 0, G_OPTION_ARG_INT, &words.column, N_("intensity column"), "N"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "IN",
                   N_("Finds the bands of one spectrum and fits them (pseudo-Voigt, overlapping "
                      "bands together); +- is the standard uncertainty of the fit alone."),
                   &rest, error))
        return 2;
    g_autoptr(CelMeasurement) measurement = load_one(cli, &words, rest, error);
    if (measurement == NULL)
        return 3;
    g_autoptr(CelRecipe) recipe = words_recipe(&words, measurement->calibration.laser_nm, error);
    if (recipe == NULL)
        return 2;
    g_autoptr(CelSpectrum) spectrum = cel_bench_process(measurement, recipe, NULL, cli->job, error);
    if (spectrum == NULL) {
        g_prefix_error(error, "%s: ", rest[0]);
        return 3;
    }
    const CelPeakOptions options = cel_peakfit_usual(spectrum, percent);
    gsize unfitted = 0;
    g_autoptr(GArray) peaks = cel_peakfit_spectrum(spectrum, &options, &unfitted, cli->job, error);
    if (peaks == NULL)
        return 3;
    if (!cli->json && !cli->quiet)
        print_peak_head();
    if (!cli->json && unfitted > 0)
        cli_print(cli, _("(%zu without a fit: as detected, without uncertainties)\n"), unfitted);
    for (guint i = 0; i < peaks->len; i++) {
        if (cli->json)
            print_peak_json(&g_array_index(peaks, CelPeak, i));
        else if (!cli->quiet)
            print_peak(&g_array_index(peaks, CelPeak, i));
    }
    return 0;
}
