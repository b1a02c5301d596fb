/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/cel-file.h"
#include "base/cel-text.h"
#include "bench/cel-lab-bench.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

gboolean cli_parse(Cli *cli, int argc, char **argv, const GOptionEntry *entries,
                   const char *arguments, const char *description, char ***out_rest, GError **error)
{
    g_autofree char *language = NULL; /* already acted on before anything was printed */
    g_auto(GStrv) rest = NULL;
    const GOptionEntry common[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &cli->json, N_("report as JSON, one object a line"),
         NULL},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &language, N_("language of messages"), "zh_CN|en"},
        {"quiet", 0, 0, G_OPTION_ARG_NONE, &cli->quiet, N_("print only errors and JSON"), NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new(arguments);
    g_autofree char *name = g_strdup_printf("celadon %s", argv[0]);
    g_set_prgname(name);
    g_option_context_set_summary(context, _(description));
    g_option_context_set_translation_domain(context, GETTEXT_PACKAGE);
    if (entries != NULL)
        g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    g_option_context_add_main_entries(context, common, GETTEXT_PACKAGE);
    g_autoptr(GError) wrong = NULL;
    if (!g_option_context_parse(context, &argc, &argv, &wrong)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("%s; see \"%s --help\""), wrong->message,
                    name);
        return FALSE;
    }
    if (rest == NULL)
        rest = g_new0(char *, 1);
    *out_rest = g_steal_pointer(&rest);
    return TRUE;
}

int cli_usage(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autoptr(GError) made = g_error_new_valist(CEL_ERROR, CEL_ERROR_USAGE, format, args);
    va_end(args);
    g_propagate_error(error, g_steal_pointer(&made));
    return 2;
}

gboolean cli_keep_input(const char *out, const char *const *inputs, GError **error)
{
    for (gsize i = 0; inputs[i] != NULL; i++) {
        if (!cel_file_same(out, inputs[i]))
            continue;
        g_autofree char *shown = cli_printable(inputs[i]);
        cli_usage(error,
                  _("%s: the file to write is one that is read; it was left as it is, choose "
                    "another name"),
                  shown);
        return FALSE;
    }
    return TRUE;
}

gboolean cli_make_folder(const char *folder, GError **error)
{
    if (g_mkdir_with_parents(folder, 0755) == 0)
        return TRUE;
    const int number = errno;
    g_autofree char *shown = cli_printable(folder);
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("%s: the folder cannot be made: %s"), shown,
                cel_file_why(number));
    return FALSE;
}

gboolean cli_laser(double *laser_nm, GError **error)
{
    const gboolean given = *laser_nm < CLI_NO_LASER || *laser_nm > CLI_NO_LASER || isnan(*laser_nm);
    if (given && !(*laser_nm >= 200.0 && *laser_nm <= 2000.0)) {
        cli_usage(error, _("--laser-nm is a wavelength from 200 to 2000 nm"));
        return FALSE;
    }
    *laser_nm = given ? *laser_nm : 0.0;
    return TRUE;
}

gboolean cli_count(int *count, const char *option, GError **error)
{
    const gboolean given = *count != CLI_NO_COUNT;
    if (given && *count < 1) {
        cli_usage(error, _("%s is a number from 1"), option);
        return FALSE;
    }
    *count = given ? *count : 0;
    return TRUE;
}

char *cli_printable(const char *text)
{
    return cel_text_printable(text);
}

void cli_tell_choice(const Cli *cli, const CelMeasurement *measurement, const char *file,
                     const CelReadOptions *options)
{
    const char *spectrum = g_tree_lookup(measurement->notes, "spectrum");
    const char *column = g_tree_lookup(measurement->notes, CEL_META_COLUMN_CHOICE);
    const char *unit = g_tree_lookup(measurement->notes, "axis_unit");
    if (cli->quiet)
        return;
    g_autofree char *shown = cli_printable(file);
    g_autofree char *note = cli_printable(spectrum != NULL ? spectrum : "");
    g_autofree char *which = cli_printable(column != NULL ? column : "");
    if (spectrum != NULL && options->spectrum == 0)
        fprintf(stderr, _("celadon: %s: spectrum %s; choose with --spectrum\n"), shown, note);
    if (column != NULL && options->column == 0)
        fprintf(stderr, _("celadon: %s: intensity column %s; choose with --column\n"), shown,
                which);
    if (unit != NULL && g_str_has_prefix(unit, "guessed "))
        fprintf(
            stderr,
            _("celadon: %s: the file does not name the unit of its axis; it is taken as %s, say "
              "otherwise with --axis-unit\n"),
            shown, unit + strlen("guessed "));
}

gboolean cli_wait_for_line(CelJob *job, const char *stage, GError **error)
{
    GPollFD fds[2] = {{.fd = STDIN_FILENO, .events = G_IO_IN}};
    GCancellable *cancel = cel_job_cancellable(job);
    const guint n = cancel != NULL && g_cancellable_make_pollfd(cancel, &fds[1]) ? 2 : 1;
    g_poll(fds, n, -1);
    if (n == 2)
        g_cancellable_release_fd(cancel);
    /* As a stage it would be shown in the place of the question. */
    return !g_cancellable_is_cancelled(cancel) || cel_job_step(job, stage, 0, 0, error);
}

void cli_print(const Cli *cli, const char *format, ...)
{
    if (cli->quiet)
        return;
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
}

void cli_report_error(const GError *error)
{
    g_autofree char *message = cli_printable(error->message);
    fflush(stdout);
    fprintf(stderr, "celadon: %s\n", message);
}

void cli_print_json(CelJsonWriter *writer)
{
    g_autofree char *text = cel_json_finish(writer);
    printf("%s\n", text);
}

void cli_show_failure(const Cli *cli, const char *file, const GError *error)
{
    cli_report_error(error);
    if (!cli->json)
        return;
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", file);
    cel_json_text(json, "error", error->message);
    cel_json_int(json, "exit", cel_error_exit_status(error));
    cel_json_close(json);
    cli_print_json(json);
}

GArray *cli_join_entries(const GOptionEntry *first, const GOptionEntry *then)
{
    GArray *all = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    for (const GOptionEntry *e = first; e->long_name != NULL; e++)
        g_array_append_vals(all, e, 1);
    for (const GOptionEntry *e = then; e->long_name != NULL; e++)
        g_array_append_vals(all, e, 1);
    return all;
}

GArray *cli_bench_entries(CliBenchOptions *options, const GOptionEntry *own)
{
    options->top = options->threads = options->stability_runs = CLI_NO_COUNT;
    const GOptionEntry entries[] = {
        {"library", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->libraries,
         N_("also search this library; may be given several times"), "FILE"},
        {"only", 0, 0, G_OPTION_ARG_NONE, &options->only, N_("leave the built-in library out"),
         NULL},
        {"recipe", 0, 0, G_OPTION_ARG_STRING, &options->recipe,
         N_("correct with this recipe instead of the one for the laser"), "NAME"},
        {"policy", 0, 0, G_OPTION_ARG_STRING, &options->policy,
         N_("evidence (default), or development to measure accuracy"), "evidence|development"},
        {"top", 0, 0, G_OPTION_ARG_INT, &options->top, N_("list this many hits"), "N"},
        {"threads", 0, 0, G_OPTION_ARG_INT, &options->threads, N_("threads to use"), "N"},
        {"resolution-cm1", 0, 0, G_OPTION_ARG_DOUBLE, &options->resolution_cm1,
         N_("resolution (FWHM) of the samples' instrument: sharper references are broadened to it "
            "(development policy only)"),
         "X"},
        {"stability", 0, 0, G_OPTION_ARG_NONE, &options->stability,
         N_("recalculate every measurement 200 times, slightly disturbed, and say how often the "
            "answer stayed"),
         NULL},
        {"stability-runs", 0, 0, G_OPTION_ARG_INT, &options->stability_runs,
         N_("the same with this many recalculations"), "N"},
        {"drop-keeps-literature", 0, 0, G_OPTION_ARG_NONE, &options->keep_literature,
         N_("but keep the recalled positions that dropped rows name"), NULL},
        {"drop-source", 0, 0, G_OPTION_ARG_STRING, &options->drop_source,
         N_("leave out band rows whose source contains this text (for validation)"), "TEXT"},
        G_OPTION_ENTRY_NULL,
    };
    return cli_join_entries(own, entries);
}

GArray *cli_records_entries(CliBenchOptions *options, const GOptionEntry *own)
{
    const GOptionEntry entries[] = {
        {"records", 0, 0, G_OPTION_ARG_FILENAME, &options->records,
         N_("the laboratory's own records of known specimens (\"validate --records\")"), "FILE"},
        {"condition", 0, 0, G_OPTION_ARG_STRING, &options->condition,
         N_("condition of the material, as these records word it"), "WORD"},
        G_OPTION_ENTRY_NULL,
    };
    return cli_join_entries(own, entries);
}

static gboolean parse_policy(const char *text, CelPolicy *out_policy)
{
    *out_policy = CEL_POLICY_EVIDENCE;
    if (text == NULL || strcmp(text, cel_policy_name(CEL_POLICY_EVIDENCE)) == 0)
        return TRUE;
    *out_policy = CEL_POLICY_DEVELOPMENT;
    return strcmp(text, cel_policy_name(CEL_POLICY_DEVELOPMENT)) == 0;
}

/* Under the evidence policy a resolution comes from a measurement of the instrument, never from
 * whoever looks for a better score. */
static gboolean check_resolution(double cm1, CelPolicy policy, GError **error)
{
    if (cm1 >= 0.0 && cm1 <= 0.0) /* not given */
        return TRUE;
    if (policy == CEL_POLICY_DEVELOPMENT && cm1 >= 0.1 && cm1 <= 100.0)
        return TRUE;
    cli_usage(error, _("--resolution-cm1 is a width from 0.1 to 100 cm-1, and goes with the "
                       "development policy only"));
    return FALSE;
}

/* --stability alone is the fixed number. */
static gboolean check_runs(CliBenchOptions *options, GError **error)
{
    if (!cli_count(&options->stability_runs, "--stability-runs", error))
        return FALSE;
    if (options->stability_runs == 0 && options->stability)
        options->stability_runs = CEL_STABILITY_RUNS;
    if (options->stability_runs <= CEL_STABILITY_MAX_RUNS)
        return TRUE;
    cli_usage(error, _("--stability-runs is a number up to %d"), CEL_STABILITY_MAX_RUNS);
    return FALSE;
}

CelBench *cli_bench_open(const Cli *cli, CliBenchOptions *options, GError **error)
{
    CelPolicy policy;
    if (!parse_policy(options->policy, &policy)) {
        cli_usage(error, _("--policy is evidence or development"));
        return NULL;
    }
    if (!cli_count(&options->top, "--top", error) ||
        !cli_count(&options->threads, "--threads", error) || !check_runs(options, error) ||
        !check_resolution(options->resolution_cm1, policy, error))
        return NULL;
    if (options->records != NULL) {
        options->own_records = cel_records_open(options->records, error);
        if (options->own_records == NULL ||
            (options->lab != NULL && !cel_lab_vouch(options->lab, options->own_records, error)))
            return NULL;
    }
    const CelBenchOptions bench = {
        .records = options->own_records,
        .condition = options->condition,
        .library_paths = (const char *const *)options->libraries,
        .only_paths = options->only,
        .recipe = options->recipe,
        .policy = policy,
        .top = (guint)options->top,
        .threads = (guint)options->threads,
        .resolution_cm1 = options->resolution_cm1,
        .stability_runs = (guint)options->stability_runs,
        .drop = {options->drop_source, options->keep_literature},
        .trust = options->trust,
        .judge = options->judge,
        .judge_data = options->judge_data,
    };
    return cel_bench_open(&bench, cli->job, error);
}

void cli_tell_libraries(const Cli *cli, const CelBench *bench)
{
    gsize n = 0;
    const CelLibrary *const *libraries = cel_bench_libraries(bench, &n);
    for (gsize i = 0; !cli->json && !cli->quiet && i < n; i++) {
        const CelLibraryState state = cel_bench_library_state(bench, i);
        if (state == CEL_LIBRARY_BUILT_IN || state == CEL_LIBRARY_SIGNED)
            continue;
        g_autofree char *name = cli_printable(cel_library_name(libraries[i]));
        fprintf(stderr, _("celadon: library %s: signature: %s\n"), name,
                cel_library_state_label(state, cli->chinese));
    }
}

char *cli_with_libraries(const CelBench *bench, const char *line)
{
    gsize n = 0;
    const CelLibrary *const *libraries = cel_bench_libraries(bench, &n);
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_open(json, "libraries", '[');
    for (gsize i = 0; i < n; i++) {
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "name", cel_library_name(libraries[i]));
        cel_json_text(json, "version", cel_library_version(libraries[i]));
        cel_json_text(json, "sha256", cel_library_sha256(libraries[i]));
        cel_json_text(json, "signature", cel_library_state_name(cel_bench_library_state(bench, i)));
        cel_json_close(json);
    }
    cel_json_close(json);
    cel_json_close(json);
    g_autofree char *more = cel_json_finish(json);
    g_autofree char *open = g_strndup(line, strlen(line) - 1);
    return g_strconcat(open, ",", more + 1, NULL);
}

void cli_records_of_lab(CliBenchOptions *options, const char *folder)
{
    if (folder == NULL || options->records != NULL)
        return;
    options->records = cel_lab_bench_records(folder);
}

void cli_bench_options_clear(CliBenchOptions *options)
{
    g_strfreev(options->libraries);
    g_free(options->recipe);
    g_free(options->policy);
    g_free(options->drop_source);
    g_free(options->records);
    g_free(options->condition);
    cel_records_free(options->own_records);
}
