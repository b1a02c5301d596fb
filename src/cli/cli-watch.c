/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "bench/cel-watch.h"

#include <stdio.h>

typedef struct {
    const Cli *cli;
    guint n[CEL_N_WATCH_OUTCOMES];
} Tally;

static void print_event_json(const CelWatchEvent *event)
{
    g_autofree char *name = g_filename_display_name(event->name);
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", name);
    cel_json_text(json, "outcome", cel_watch_outcome_name(event->outcome));
    cel_json_text(json, "provenance", CEL_WATCH_PROVENANCE);
    if (event->sha256 != NULL)
        cel_json_text(json, "sha256", event->sha256);
    if (event->out != NULL && event->outcome != CEL_WATCH_REFUSED)
        cel_json_text(json, "out", event->out);
    if (event->reason != NULL)
        cel_json_text(json, "reason", event->reason);
    cel_json_close(json);
    cli_print_json(json);
}

static void print_event(const Cli *cli, const CelWatchEvent *event)
{
    g_autofree char *display = g_filename_display_name(event->name);
    g_autofree char *name = cli_printable(display);
    g_autofree char *reason = cli_printable(event->reason != NULL ? event->reason : "");
    switch (event->outcome) {
    case CEL_WATCH_IMPORTED:
        cli_print(cli, _("%s: imported as %s (instrument unverified)\n"), name, event->out);
        break;
    case CEL_WATCH_KNOWN:
        cli_print(cli, _("%s: was imported before, as %s\n"), name, event->out);
        break;
    default:
        cli_print(cli, _("%s: left where it is: %s\n"), name, reason);
        break;
    }
}

static void on_event(const CelWatchEvent *event, gpointer user_data)
{
    Tally *tally = user_data;
    tally->n[event->outcome]++;
    if (tally->cli->json)
        print_event_json(event);
    else
        print_event(tally->cli, event);
    fflush(stdout); /* whoever reads the lines waits for them */
}

int cli_watch(Cli *cli, int argc, char **argv, GError **error)
{
    g_autofree char *out = NULL;
    gboolean once = FALSE;
    double laser_nm = CLI_NO_LASER;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("the folder that measurements go into"),
         "DIR"},
        {"once", 0, 0, G_OPTION_ARG_NONE, &once,
         N_("end when every file that is there has been dealt with"), NULL},
        {"laser-nm", 0, 0, G_OPTION_ARG_DOUBLE, &laser_nm,
         N_("laser wavelength, when the files do not tell it"), "X"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, N_("DIR"),
                   N_("Imports every complete file of a folder once, as of an instrument that is "
                      "not verified; the folder is only read. Ends with Ctrl-C. Example:\n"
                      "  celadon watch /media/handheld --out imported"),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] != NULL || out == NULL)
        return cli_usage(error, _("watch needs one folder and --out DIR"));
    if (!cli_laser(&laser_nm, error))
        return 2;
    Tally tally = {.cli = cli};
    const CelReadOptions read = {.laser_nm = laser_nm};
    const CelWatchOptions options = {.folder = rest[0],
                                     .out = out,
                                     .once = once,
                                     .read = &read,
                                     .sink = on_event,
                                     .user_data = &tally};
    if (!cel_watch_run(&options, cli->job, error))
        return 4;
    return tally.n[CEL_WATCH_REFUSED] > 0 ? 3 : 0;
}
