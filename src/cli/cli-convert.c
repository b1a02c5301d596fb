/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/cel-hash.h"
#include "base/cel-text.h"
#include "formats/cel-preview.h"
#include "formats/cel-writer.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN_ROWS = 3 };

/** ReadWords: how a file is to be read, for both commands. */
typedef struct {
    double laser_nm;
    char *axis_unit;
    int column, spectrum, rows;
    gboolean all, lossy, formats;
} ReadWords;

static void read_words_clear(ReadWords *words)
{
    g_free(words->axis_unit);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReadWords, read_words_clear)

#define READ_WORDS_NONE                                                                            \
    {                                                                                              \
        .laser_nm = CLI_NO_LASER, .spectrum = CLI_NO_COUNT, .rows = CLI_NO_COUNT                   \
    }

/* @entries: filled with the shared options in front of the command's own; NULL-ended. */
static void read_entries(ReadWords *words, const GOptionEntry *own, GOptionEntry *entries)
{
    const GOptionEntry shared[] = {
        {"laser-nm", 0, 0, G_OPTION_ARG_DOUBLE, &words->laser_nm,
         N_("excitation wavelength of a file that does not carry it"), "X"},
        {"axis-unit", 0, 0, G_OPTION_ARG_STRING, &words->axis_unit, N_("unit of the file's axis"),
         "cm-1|nm_air|nm_vacuum|nm_unstated|pixel"},
        {"column", 0, 0, G_OPTION_ARG_INT, &words->column, N_("intensity column"), "N"},
        {"spectrum", 0, 0, G_OPTION_ARG_INT, &words->spectrum,
         N_("which spectrum of a file that holds several (1: the first)"), "N"},
    };
    gsize n = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(shared); i++)
        entries[n++] = shared[i];
    for (gsize i = 0; own[i].long_name != NULL; i++)
        entries[n++] = own[i];
    entries[n] = (GOptionEntry)G_OPTION_ENTRY_NULL;
}
enum { MAX_ENTRIES = 12 };

static gboolean check_words(ReadWords *words, CelReadOptions *options, GError **error)
{
    if (!cli_laser(&words->laser_nm, error) || !cli_count(&words->spectrum, "--spectrum", error) ||
        !cli_count(&words->rows, "--rows", error))
        return FALSE;
    *options = (CelReadOptions){.laser_nm = words->laser_nm,
                                .axis_unit = words->axis_unit,
                                .column = words->column,
                                .spectrum = (guint)words->spectrum};
    return TRUE;
}

/* --- preview --- */

static void print_label(const char *label)
{
    g_autofree char *cell = cel_text_cell(label, -12);
    printf("  %s ", cell);
}

static void print_list(const GPtrArray *texts, const char *label)
{
    for (guint i = 0; texts != NULL && i < texts->len; i++) {
        g_autofree char *shown = cli_printable(g_ptr_array_index(texts, i));
        print_label(i == 0 ? label : "");
        printf("%s\n", shown);
    }
}

static void print_rows(const CelPreview *p, gsize rows)
{
    for (gsize i = 0; i < p->n_points; i++) {
        if (i == rows && p->n_points > 2 * rows) {
            printf("  %14s\n", "...");
            i = p->n_points - rows;
        }
        printf("  %14.6g %14.6g\n", p->x[i], p->y[i]);
    }
}

static void print_warnings(const GPtrArray *warnings)
{
    for (guint i = 0; warnings != NULL && i < warnings->len; i++) {
        const CelReadWarning *w = g_ptr_array_index(warnings, i);
        g_autofree char *shown = cli_printable(w->text);
        g_autofree char *where =
            w->place == CEL_PLACE_LINE   ? g_strdup_printf(_("line %" G_GUINT64_FORMAT ": "), w->at)
            : w->place == CEL_PLACE_BYTE ? g_strdup_printf(_("byte %" G_GUINT64_FORMAT ": "), w->at)
                                         : g_strdup("");
        print_label(i == 0 ? _("warnings") : "");
        printf("%s%s\n", where, shown);
    }
}

static void print_preview(const CelPreview *p, gsize rows)
{
    const CelReadOut *out = &p->out;
    g_autofree char *name = cli_printable(p->name);
    g_autofree char *kind = out->kind_text != NULL ? cli_printable(out->kind_text) : NULL;
    printf("%s: %s (%s)\n", name, _(out->reader->title), out->reader->id);
    print_label(_("kind"));
    printf("%s%s%s\n", cel_kind_name(out->kind), kind != NULL ? ": " : "",
           kind != NULL ? kind : "");
    print_label(_("axis"));
    printf(_("%zu points, %s, %.6g to %.6g\n"), p->n_points, p->axis_unit, p->x[0],
           p->x[p->n_points - 1]);
    print_label(_("laser"));
    if (p->laser_nm > 0.0)
        printf("%.6g nm\n", p->laser_nm);
    else
        printf("%s\n", _("not stated"));
    print_label(_("spectrum"));
    printf(_("%u of %u\n"), out->spectrum, out->n_spectra);
    print_label(_("tried on"));
    printf("%s\n", out->reader->validated_on);
    if (out->measurement->simulated)
        printf("  %s\n", _("SIMULATED"));
    print_list(out->titles, _("titles"));
    print_list(p->guesses, _("taken as"));
    print_warnings(out->warnings);
    print_rows(p, rows);
}

static void print_preview_json(const CelPreview *preview, const char *file, gsize rows)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", file);
    cel_preview_json(preview, rows, json);
    cel_json_close(json);
    cli_print_json(json);
}

/* Endings of the writer of the format @id, "" when it is only read. */
static char *written_as(const char *id)
{
    gsize n = 0;
    const CelWriter *const *writers = cel_writers(&n);
    GString *endings = g_string_new(NULL);
    for (gsize i = 0; i < n; i++) {
        for (gsize k = 0; strcmp(writers[i]->id, id) == 0 && writers[i]->endings[k] != NULL; k++)
            g_string_append_printf(endings, "%s.%s", endings->len > 0 ? " " : "",
                                   writers[i]->endings[k]);
    }
    return g_string_free(endings, FALSE);
}

static void list_formats(const Cli *cli)
{
    gsize n = 0;
    const CelReader *const *readers = cel_readers(&n);
    for (gsize i = 0; i < n; i++) {
        g_autofree char *endings = written_as(readers[i]->id);
        if (!cli->json) {
            printf("%-12s %s\n%-12s   %s: %s\n", readers[i]->id, _(readers[i]->title), "",
                   _("tried on"), readers[i]->validated_on);
            if (*endings != '\0')
                printf("%-12s   %s: %s\n", "", _("written as"), endings);
            continue;
        }
        g_autoptr(CelJsonWriter) json = cel_json_writer_new();
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "format", readers[i]->id);
        cel_json_text(json, "format_title", _(readers[i]->title));
        cel_json_text(json, "validated_on", readers[i]->validated_on);
        cel_json_text(json, "written_as", *endings != '\0' ? endings : NULL);
        cel_json_close(json);
        cli_print_json(json);
    }
}

static int preview_files(Cli *cli, const ReadWords *words, const CelReadOptions *options,
                         char **files)
{
    int worst = 0;
    for (gsize i = 0; files[i] != NULL; i++) {
        g_autoptr(GError) failure = NULL;
        g_autoptr(CelPreview) preview = cel_reader_preview(files[i], options, cli->job, &failure);
        const gsize rows = words->rows > 0 ? (gsize)words->rows : SHOWN_ROWS;
        if (preview == NULL)
            cli_show_failure(cli, files[i], failure);
        else if (cli->json)
            print_preview_json(preview, files[i], rows);
        else if (!cli->quiet)
            print_preview(preview, rows);
        worst = MAX(worst, cel_error_exit_status(failure));
        if (g_error_matches(failure, CEL_ERROR, CEL_ERROR_CANCELLED))
            break;
    }
    return worst;
}

int cli_preview(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(ReadWords) words = READ_WORDS_NONE;
    g_auto(GStrv) rest = NULL;
    CelReadOptions options;
    GOptionEntry entries[MAX_ENTRIES];
    const GOptionEntry own[] = {
        {"rows", 0, 0, G_OPTION_ARG_INT, &words.rows, N_("so many first and last points (3)"), "N"},
        {"formats", 0, 0, G_OPTION_ARG_NONE, &words.formats,
         N_("list the formats that are read and written"), NULL},
        G_OPTION_ENTRY_NULL};
    read_entries(&words, own, entries);
    if (!cli_parse(cli, argc, argv, entries, "FILE...",
                   N_("Says what files are before they are used: format, kind of spectrum, axis, "
                      "laser, what was guessed, and what is odd. Nothing is compared."),
                   &rest, error) ||
        !check_words(&words, &options, error))
        return 2;
    if (words.formats) {
        if (cli->json || !cli->quiet)
            list_formats(cli);
        return 0;
    }
    if (rest[0] == NULL)
        return cli_usage(error, _("Name the files to look at"));
    return preview_files(cli, &words, &options, rest);
}

/* --- convert --- */

/** Conversion: what was read on its way to the writer. */
typedef struct {
    GArray *items; /* CelWriteItem */
    GPtrArray *spectra, *measurements;
    char *sha256, *source;
} Conversion;

static void conversion_clear(Conversion *c)
{
    g_array_unref(c->items);
    g_ptr_array_unref(c->spectra);
    g_ptr_array_unref(c->measurements);
    g_free(c->sha256);
    g_free(c->source);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Conversion, conversion_clear)

/* Reads one spectrum. Returns: how many the file holds, 0 with @error. */
static guint add_one(Cli *cli, const char *file, const CelReadOptions *options, Conversion *c,
                     GError **error)
{
    g_auto(CelReadOut) out = {0};
    if (!cel_reader_load_file(file, options, cli->job, &out, error))
        return 0;
    CelSpectrum *spectrum = cel_read_out_spectrum(&out, error);
    if (spectrum == NULL)
        return 0;
    cli_tell_choice(cli, out.measurement, file, options);
    g_ptr_array_add(c->spectra, spectrum);
    if (c->sha256 == NULL) {
        gsize n = 0;
        const void *data = g_bytes_get_data(out.source, &n);
        c->sha256 = cel_digest_hex("sha256", data, n);
    }
    const CelWriteItem item = {.spectrum = spectrum,
                               .measurement = out.measurement,
                               .source_sha256 = c->sha256,
                               .source_name = c->source};
    g_array_append_val(c->items, item);
    g_ptr_array_add(c->measurements, g_steal_pointer(&out.measurement));
    return out.n_spectra;
}

static gboolean read_all(Cli *cli, const char *file, const ReadWords *words,
                         const CelReadOptions *options, Conversion *c, GError **error)
{
    CelReadOptions each = *options;
    each.spectrum = words->all ? 1 : options->spectrum;
    const guint n = add_one(cli, file, &each, c, error);
    for (guint i = 2; words->all && n > 0 && i <= n; i++) {
        each.spectrum = i;
        if (add_one(cli, file, &each, c, error) == 0)
            return FALSE;
    }
    return n > 0;
}

static const CelWriter *find_writer(const char *out, GError **error)
{
    const CelWriter *writer = cel_writer_for(out);
    g_autofree char *small = g_ascii_strdown(out, -1);
    if (g_str_has_suffix(small, ".cel.h5")) {
        cli_usage(error, _("%s: sealed files are made by \"celadon seal\"; name another ending"),
                  out);
        return NULL;
    }
    if (writer != NULL)
        return writer;
    gsize n = 0;
    const CelWriter *const *table = cel_writers(&n);
    g_autoptr(GString) endings = g_string_new(NULL);
    for (gsize i = 0; i < n; i++) {
        for (gsize k = 0; table[i]->endings[k] != NULL; k++)
            g_string_append_printf(endings, "%s.%s", endings->len > 0 ? " " : "",
                                   table[i]->endings[k]);
    }
    cli_usage(error, _("%s: no format of this ending is written; there are %s"), out, endings->str);
    return NULL;
}

static void report(const Cli *cli, const char *out, const CelWriter *writer, const Conversion *c)
{
    if (!cli->json) {
        cli_print(cli, _("%s: %s, %u spectra, from a file with SHA-256 %.16s...\n"), out,
                  _(writer->title), c->items->len, c->sha256);
        return;
    }
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", out);
    cel_json_text(json, "format", writer->id);
    cel_json_int(json, "spectra", c->items->len);
    cel_json_text(json, "source_sha256", c->sha256);
    const CelWriteInput in = {(const CelWriteItem *)(void *)c->items->data, c->items->len};
    const guint lost = writer->losses(&in);
    cel_json_open(json, "lost", '[');
    for (guint bit = 0; bit < CEL_N_LOSSES; bit++) {
        if ((lost & 1U << bit) != 0)
            cel_json_text(json, NULL, _(cel_loss_text(1U << bit)));
    }
    cel_json_close(json);
    cel_json_close(json);
    cli_print_json(json);
}

static int convert(Cli *cli, const ReadWords *words, const CelReadOptions *options, char **files,
                   GError **error)
{
    const char *const inputs[] = {files[0], NULL};
    const CelWriter *writer = find_writer(files[1], error);
    if (writer == NULL || !cli_keep_input(files[1], inputs, error))
        return 2;
    g_auto(Conversion)
        c = {.items = g_array_new(FALSE, FALSE, sizeof(CelWriteItem)),
             .spectra = g_ptr_array_new_with_free_func((GDestroyNotify)cel_spectrum_free),
             .measurements = g_ptr_array_new_with_free_func((GDestroyNotify)cel_measurement_free),
             .source = g_path_get_basename(files[0])};
    if (!read_all(cli, files[0], words, options, &c, error))
        return 3;
    const CelWriteInput in = {(const CelWriteItem *)(void *)c.items->data, c.items->len};
    if (!cel_writer_save(writer, &in, files[1], words->lossy, error))
        return 4;
    report(cli, files[1], writer, &c);
    return 0;
}

int cli_convert(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(ReadWords) words = READ_WORDS_NONE;
    g_auto(GStrv) rest = NULL;
    CelReadOptions options;
    GOptionEntry entries[MAX_ENTRIES];
    const GOptionEntry own[] = {{"all", 0, 0, G_OPTION_ARG_NONE, &words.all,
                                 N_("all spectra of the file, into one file"), NULL},
                                {"lossy", 0, 0, G_OPTION_ARG_NONE, &words.lossy,
                                 N_("also when the format cannot hold all of it"), NULL},
                                G_OPTION_ENTRY_NULL};
    read_entries(&words, own, entries);
    if (!cli_parse(cli, argc, argv, entries, "IN OUT",
                   N_("Writes a spectrum in another format, chosen by the ending of OUT. What the "
                      "format has no place for is named, and nothing is written without --lossy. "
                      "Example:\n  celadon convert sample.spc sample.csv"),
                   &rest, error) ||
        !check_words(&words, &options, error))
        return 2;
    if (rest[0] == NULL || rest[1] == NULL || rest[2] != NULL)
        return cli_usage(error, _("Name the file to read and the file to write"));
    if (words.all && words.spectrum > 0)
        return cli_usage(error, _("Give --spectrum or --all, not both"));
    return convert(cli, &words, &options, rest, error);
}
