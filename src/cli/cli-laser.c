/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_LINE = 64 };

/* ---- words ---- */

static gboolean take_word(const char *word, CelLaserConfirmation *out)
{
    static const struct {
        const char *word;
        CelHazard hazard;
    } hazards[] = {
        {"harmless", CEL_HAZARD_NO}, {"dark", CEL_HAZARD_YES}, {"unknown", CEL_HAZARD_UNKNOWN}};
    gboolean *flag = strcmp(word, "eyewear") == 0   ? &out->eyewear_on
                     : strcmp(word, "blocked") == 0 ? &out->beam_blocked
                     : strcmp(word, "clear") == 0   ? &out->nobody_in_line
                                                    : NULL;
    if (flag != NULL)
        *flag = TRUE;
    for (gsize i = 0; flag == NULL && i < G_N_ELEMENTS(hazards); i++) {
        if (strcmp(word, hazards[i].word) != 0)
            continue;
        if (out->sample_hazard != CEL_HAZARD_UNANSWERED)
            return FALSE; /* two answers are none */
        out->sample_hazard = hazards[i].hazard;
        return TRUE;
    }
    return flag != NULL;
}

static gboolean take_words(const char *words, CelLaserConfirmation *out, GError **error)
{
    g_auto(GStrv) each = g_strsplit(words, ",", -1);
    for (gsize i = 0; i == 0 || each[i] != NULL; i++) {
        if (each[i] != NULL && take_word(each[i], out))
            continue;
        cli_usage(error,
                  _("--laser-ok: \"%s\" is no answer, or a second one to the same question; "
                    "the answers are %s"),
                  each[i] != NULL ? each[i] : "", CLI_LASER_WORDS);
        return FALSE;
    }
    return TRUE;
}

/* ---- questions ---- */

/* What is too long is no answer, and its end must not be the answer to the next question. Returns:
 * whether there was more. */
static gboolean skip_rest(const char *line)
{
    int c = '\n';
    if (strchr(line, '\n') != NULL || feof(stdin))
        return FALSE;
    do
        c = getchar();
    while (c != '\n' && c != EOF);
    return TRUE;
}

/* Returns: what was typed, in small letters; FALSE with the error of a cancel. */
static gboolean ask(const Cli *cli, const char *question, const char *answers, char *line,
                    GError **error)
{
    fprintf(stderr, "%s (%s) ", question, answers);
    fflush(stderr);
    if (!cli_wait_for_line(cli->job, N_("Asking before the laser"), error))
        return FALSE;
    if (fgets(line, MAX_LINE, stdin) == NULL || skip_rest(line))
        line[0] = '\0';
    g_strstrip(line);
    for (char *c = line; *c != '\0'; c++)
        *c = g_ascii_tolower(*c);
    return TRUE;
}

/* Only a clear yes is one. */
static gboolean is_yes(const char *line)
{
    return strcmp(line, "y") == 0 || strcmp(line, "yes") == 0 || strcmp(line, "\u662f") == 0;
}

static gboolean is_no(const char *line)
{
    return strcmp(line, "n") == 0 || strcmp(line, "no") == 0 || strcmp(line, "\u5426") == 0;
}

static gboolean ask_yes(const Cli *cli, const char *question, gboolean *out_yes, GError **error)
{
    char line[MAX_LINE];
    if (!ask(cli, question, _("yes/no"), line, error))
        return FALSE;
    *out_yes = is_yes(line);
    return TRUE;
}

static gboolean ask_hazard(const Cli *cli, CelHazard *out_hazard, GError **error)
{
    char line[MAX_LINE];
    if (!ask(cli, _("Is the sample dark, black, flammable or possibly explosive?"),
             _("yes/no/unknown"), line, error))
        return FALSE;
    *out_hazard = is_yes(line) ? CEL_HAZARD_YES : is_no(line) ? CEL_HAZARD_NO : CEL_HAZARD_UNKNOWN;
    return TRUE;
}

static gboolean ask_all(const Cli *cli, const CelCapabilities *device, CelLaserConfirmation *out,
                        GError **error)
{
    fprintf(stderr, "%s %s %s\n", _("Laser class:"),
            device->laser_class[0] != '\0' ? device->laser_class : _("not known"), device->eyewear);
    return ask_yes(cli, _("Is the eyewear on, of everybody in the room?"), &out->eyewear_on,
                   error) &&
           ask_yes(cli, _("Is the beam blocked by the sample or the cap?"), &out->beam_blocked,
                   error) &&
           ask_yes(cli, _("Is nobody in line with the beam?"), &out->nobody_in_line, error) &&
           ask_hazard(cli, &out->sample_hazard, error);
}

gboolean cli_laser_answers(const Cli *cli, const char *words, const CelCapabilities *device,
                           CelLaserConfirmation *out, GError **error)
{
    *out = (CelLaserConfirmation){0};
    if (words != NULL)
        return take_words(words, out, error);
    if (device->laser != CEL_LASER_BUILT_IN || device->no_light || isatty(STDIN_FILENO) != 1)
        return TRUE;
    return ask_all(cli, device, out, error);
}
