/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "bench/cel-doctor.h"
#include "device/cel-udev.h"

#include <stdio.h>

static void print_finding(const CelDoctorFinding *finding)
{
    printf("%-8s %-11s %s\n", cel_doctor_state_word(finding->state), finding->check,
           finding->message);
    if (finding->remedy != NULL)
        printf("%-20s %s\n", "", finding->remedy);
}

static void print_finding_json(const CelDoctorFinding *finding)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "check", finding->check);
    cel_json_text(json, "state", cel_doctor_state_word(finding->state));
    cel_json_text(json, "message", finding->message);
    if (finding->remedy != NULL)
        cel_json_text(json, "remedy", finding->remedy);
    cel_json_close(json);
    cli_print_json(json);
}

/* Returns: whether nothing has failed. */
static gboolean examine(const Cli *cli, const CliInstruments *instruments)
{
    gboolean sound = TRUE;
    g_autoptr(GPtrArray) findings = cel_doctor_examine(&(CelDoctorPlace){
        .table = &instruments->table,
        .usb_failure = instruments->failure,
        .rule_folders = cel_udev_folders,
        .work_folder = ".",
        .clock = cel_clock_system(),
    });
    for (guint i = 0; i < findings->len; i++) {
        const CelDoctorFinding *finding = g_ptr_array_index(findings, i);
        sound = sound && finding->state != CEL_DOCTOR_FAILED;
        if (cli->json)
            print_finding_json(finding);
        else if (!cli->quiet || finding->state == CEL_DOCTOR_FAILED)
            print_finding(finding);
    }
    return sound;
}

int cli_doctor(Cli *cli, int argc, char **argv, GError **error)
{
    gboolean print_udev = FALSE;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"print-udev", 0, 0, G_OPTION_ARG_NONE, &print_udev,
         N_("print the rule file that lets people open the instruments"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, NULL,
                   N_("Looks for what this machine lacks and names the command that mends it. Exit "
                      "status 1: something has failed."),
                   &rest, error))
        return 2;
    if (rest[0] != NULL)
        return cli_usage(error, _("doctor takes no words: \"%s\""), rest[0]);
    g_auto(CliInstruments) instruments = {0};
    cli_instruments_open(&instruments);
    if (!print_udev)
        return examine(cli, &instruments) ? 0 : 1;
    g_autofree char *rules = cel_udev_rules(&instruments.table);
    fputs(rules, stdout);
    return 0;
}
