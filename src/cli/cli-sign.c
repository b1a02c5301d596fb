/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-sign.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* ---- passphrases ---- */

/* Asks on the terminal, without showing what is typed. */
static gboolean ask(const char *whose, CelJob *job, char *secret, GError **error)
{
    struct termios shown, hidden;
    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &shown) != 0) {
        cli_usage(error, _("A passphrase is needed: name a file with --passphrase-file"));
        return FALSE;
    }
    fprintf(stderr, "%s%s%s: ", _("Passphrase"), whose != NULL ? " " : "",
            whose != NULL ? whose : "");
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    const gboolean read = cli_wait_for_line(job, N_("Asking for the passphrase"), error) &&
                          cel_secret_read_line(STDIN_FILENO, secret, error);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    fputc('\n', stderr);
    return read;
}

char *cli_passphrase(const char *file, const char *whose, CelJob *job, GError **error)
{
    char *secret = cel_secret_new();
    if (file != NULL ? cel_secret_read_file(file, secret, error) : ask(whose, job, secret, error))
        return secret;
    cel_secret_free(secret);
    return NULL;
}

/* ---- options ---- */

void cli_sign_words_clear(CliSignWords *words)
{
    char *const texts[] = {words->lab,
                           words->key,
                           words->passphrase_file,
                           words->second_key,
                           words->second_passphrase_file,
                           words->ledger_key,
                           words->ledger_passphrase_file};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}

GArray *cli_sign_entries(CliSignWords *words, const GOptionEntry *own)
{
    const GOptionEntry entries[] = {
        {"lab", 0, 0, G_OPTION_ARG_FILENAME, &words->lab, N_("the lab's folder"), "DIR"},
        {"key", 0, 0, G_OPTION_ARG_FILENAME, &words->key, N_("your key file"), "K"},
        {"passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &words->passphrase_file,
         N_("read the passphrase from the first line of this file"), "FILE"},
        {"second-key", 0, 0, G_OPTION_ARG_FILENAME, &words->second_key,
         N_("key file of the person who agrees"), "K"},
        {"second-passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &words->second_passphrase_file,
         N_("that key's passphrase"), "FILE"},
        {"ledger-key", 0, 0, G_OPTION_ARG_FILENAME, &words->ledger_key,
         N_("the ledger's own key, to sign its head"), "K"},
        {"ledger-passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &words->ledger_passphrase_file,
         N_("that key's passphrase"), "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    return cli_join_entries(own, entries);
}

/* ---- the lab and its people ---- */

void cli_sign_clear(CliSign *sign)
{
    cel_lab_close(sign->lab);
    cel_key_free(sign->key);
    cel_key_free(sign->second_key);
    cel_key_free(sign->ledger_key);
}

CelDaybook *cli_sign_daybook(CelLab *lab, CliBenchOptions *options)
{
    if (lab == NULL)
        return NULL;
    CelDaybook *book = cel_daybook_new(cel_lab_register(lab), cel_clock_system());
    options->judge = cel_daybook_ask;
    options->judge_data = book;
    options->trust = cel_lab_trust(lab);
    options->lab = lab;
    return book;
}

const CelLabPerson *cli_sign_second(const CliSign *sign)
{
    return sign->second_key != NULL ? &sign->second : NULL;
}

void cli_tell_training(const Cli *cli, const CelLab *lab)
{
    if (cel_lab_is_training(lab) && !cli->json)
        cli_print(cli, "%s\n", _("TRAINING LAB: nothing in it is evidence"));
}

/* Without --lab it is the one in the user's data folder. */
gboolean cli_sign_read(const Cli *cli, const CliSignWords *words, CliSign *out, GError **error)
{
    g_autofree char *own = g_build_filename(g_get_user_data_dir(), "celadon", "lab", NULL);
    out->lab = cel_lab_open(words->lab != NULL ? words->lab : own, error);
    if (out->lab == NULL)
        return FALSE;
    cli_tell_training(cli, out->lab);
    return TRUE;
}

CelKey *cli_open_key(const Cli *cli, const char *file, const char *passphrase_file, GError **error)
{
    g_autofree char *shown = cli_printable(file);
    CEL_AUTO_SECRET passphrase = cli_passphrase(passphrase_file, shown, cli->job, error);
    return passphrase != NULL ? cel_key_load(file, passphrase, error) : NULL;
}

static gboolean open_key(const Cli *cli, const char *file, const char *passphrase_file,
                         CelKey **out, GError **error)
{
    if (file != NULL)
        *out = cli_open_key(cli, file, passphrase_file, error);
    return file == NULL || *out != NULL;
}

gboolean cli_sign_ledger(const Cli *cli, const CliSignWords *words, CliSign *sign, GError **error)
{
    return open_key(cli, words->ledger_key, words->ledger_passphrase_file, &sign->ledger_key,
                    error) &&
           cel_lab_use_ledger_key(sign->lab, sign->ledger_key, error);
}

static gboolean recover(const Cli *cli, CliSign *sign, GError **error)
{
    g_autoptr(GPtrArray) notes = NULL;
    const CelRole role = cel_lab_role(sign->lab);
    if ((cel_right(CEL_ACT_VERIFY)->first & (1U << role)) == 0)
        return TRUE;
    if (!cel_lab_recover(sign->lab, &notes, cli->job, error))
        return FALSE;
    for (guint i = 0; i < notes->len; i++)
        fprintf(stderr, "celadon: %s\n", (const char *)g_ptr_array_index(notes, i));
    return TRUE;
}

gboolean cli_sign_open(const Cli *cli, const CliSignWords *words, CliSign *out, GError **error)
{
    if (words->key == NULL) {
        cli_usage(error, _("This is recorded under your name: --key FILE is needed"));
        return FALSE;
    }
    if (!cli_sign_read(cli, words, out, error) ||
        !open_key(cli, words->key, words->passphrase_file, &out->key, error) ||
        !open_key(cli, words->second_key, words->second_passphrase_file, &out->second_key, error))
        return FALSE;
    out->person.key = out->key;
    out->second.key = out->second_key;
    return cli_sign_ledger(cli, words, out, error) &&
           cel_lab_sign_in(out->lab, &out->person, error) && recover(cli, out, error);
}
