/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-lab.h"
#include "cli/cli-sign.h"

#include "base/cel-file.h"
#include "bench/cel-lab-tablet.h"
#include "register/cel-ledger-backup.h"
#include "register/cel-ledger-batch.h"

#include <stdint.h>

/** LedgerWords: options that some of the words take. */
typedef struct {
    CliSignWords sign;
    char *out;
    int from;
} LedgerWords;

static void ledger_words_clear(LedgerWords *words)
{
    cli_sign_words_clear(&words->sign);
    g_free(words->out);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerWords, ledger_words_clear)

/** Shape: what a word takes. */
typedef struct {
    const char *arguments, *description;
    guint n_words; /* that stand behind the options */
    gboolean out;  /* --out is needed */
} Shape;

static gboolean parse(Cli *cli, int argc, char **argv, const Shape *shape, LedgerWords *words,
                      char ***out_rest, GError **error)
{
    const GOptionEntry own[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &words->out, N_("the file to write"), "FILE"},
        {"from", 0, 0, G_OPTION_ARG_INT, &words->from, N_("the first event to hand in (1)"), "SEQ"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = cli_sign_entries(&words->sign, own);
    words->from = 1;
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), shape->arguments,
                   shape->description, out_rest, error))
        return FALSE;
    if (g_strv_length(*out_rest) == shape->n_words && (!shape->out || words->out != NULL) &&
        words->from >= 1)
        return TRUE;
    cli_usage(error, _("Use: celadon %s %s; see --help"), argv[0], shape->arguments);
    return FALSE;
}

/* ---- check ---- */

int cli_lab_check(Cli *cli, int argc, char **argv, GError **error)
{
    static const Shape shape = {
        "--lab DIR",
        N_("Recomputes the lab's whole ledger: chain, signatures, both trees, heads. "
           "Exit status 1 when something is wrong."),
        0, FALSE};
    g_auto(LedgerWords) words = {.out = NULL};
    g_auto(GStrv) rest = NULL;
    g_auto(CliSign) sign = {0};
    g_autoptr(GPtrArray) problems = NULL;
    if (!parse(cli, argc, argv, &shape, &words, &rest, error))
        return 2;
    if (!cli_sign_read(cli, &words.sign, &sign, error) ||
        !cel_ledger_check(cel_lab_ledger(sign.lab), cel_lab_trust(sign.lab), &problems, cli->job,
                          error))
        return 4;
    for (guint i = 0; i < problems->len; i++)
        cli_print(cli, "%s\n", (const char *)g_ptr_array_index(problems, i));
    if (problems->len == 0)
        cli_print(cli, "%s\n", _("The ledger is sound"));
    return problems->len == 0 ? 0 : 1;
}

/* ---- backup and restore ---- */

int cli_lab_backup(Cli *cli, int argc, char **argv, GError **error)
{
    static const Shape shape = {"--lab DIR --out FILE",
                                N_("Copies the ledger while others go on working; better onto "
                                   "another disk. The folders beside it are plain files: copy "
                                   "them too."),
                                0, TRUE};
    g_auto(LedgerWords) words = {.out = NULL};
    g_auto(GStrv) rest = NULL;
    g_auto(CliSign) sign = {0};
    guint64 size = 0;
    if (!parse(cli, argc, argv, &shape, &words, &rest, error))
        return 2;
    if (!cli_sign_read(cli, &words.sign, &sign, error) ||
        !cel_ledger_backup(cel_lab_ledger(sign.lab), words.out, &size, cli->job, error))
        return 4;
    cli_print(cli, _("%s: %ju events\n"), words.out, (uintmax_t)size);
    return 0;
}

int cli_lab_restore(Cli *cli, int argc, char **argv, GError **error)
{
    static const Shape shape = {"BACKUP --lab DIR",
                                N_("Puts a backup at the place of a ledger that is gone, after "
                                   "checking it whole. What happened since is missing: compare "
                                   "with every printed head."),
                                1, FALSE};
    g_auto(LedgerWords) words = {.out = NULL};
    g_auto(GStrv) rest = NULL;
    g_autoptr(GPtrArray) problems = NULL;
    if (!parse(cli, argc, argv, &shape, &words, &rest, error))
        return 2;
    if (words.sign.lab == NULL)
        return cli_usage(error, _("Name the lab's folder with --lab"));
    if (!cel_lab_restore(words.sign.lab, rest[0], &problems, cli->job, error)) {
        for (guint i = 0; problems != NULL && i < problems->len; i++)
            cli_print(cli, "%s\n", (const char *)g_ptr_array_index(problems, i));
        return 3;
    }
    cli_print(cli, _("%s: the ledger is back; compare it with the last printed head\n"),
              words.sign.lab);
    return 0;
}

/* ---- a tablet that was away ---- */

int cli_lab_hand_in(Cli *cli, int argc, char **argv, GError **error)
{
    static const Shape shape = {"--lab DIR --out FILE",
                                N_("On the tablet: writes its events, from --from on, into a file "
                                   "for the laboratory."),
                                0, TRUE};
    g_auto(LedgerWords) words = {.out = NULL};
    g_auto(GStrv) rest = NULL;
    g_auto(CliSign) sign = {0};
    if (!parse(cli, argc, argv, &shape, &words, &rest, error))
        return 2;
    if (!cli_sign_read(cli, &words.sign, &sign, error))
        return 4;
    g_autoptr(CelLedgerBatch) batch =
        cel_ledger_batch_take(cel_lab_ledger(sign.lab), (guint64)words.from, error);
    g_autoptr(GBytes) bytes = batch != NULL ? cel_ledger_batch_write(batch, error) : NULL;
    if (bytes == NULL || !cel_file_create(words.out, bytes, 0440, error))
        return 4;
    cli_print(cli, _("%s: %u events\n"), words.out, batch->entries->len);
    return 0;
}

int cli_lab_take_over(Cli *cli, int argc, char **argv, GError **error)
{
    static const Shape shape = {"BATCH --lab DIR --key K --ledger-key K --out RECEIPT",
                                N_("In the laboratory: takes a tablet's events over after checking "
                                   "each, and writes the receipt for the tablet."),
                                1, TRUE};
    g_auto(LedgerWords) words = {.out = NULL};
    g_auto(GStrv) rest = NULL;
    g_auto(CliSign) sign = {0};
    if (!parse(cli, argc, argv, &shape, &words, &rest, error))
        return 2;
    if (!cel_file_may_be_written(words.out, error))
        return 4;
    if (!cli_sign_open(cli, &words.sign, &sign, error))
        return 5;
    g_autoptr(GBytes) bytes = cel_file_read(rest[0], CEL_BATCH_MAX_BYTES, error);
    g_autoptr(GBytes) receipt = bytes != NULL ? cel_lab_take_over(sign.lab, bytes, error) : NULL;
    if (receipt == NULL || !cel_file_write(words.out, receipt, 0440, error))
        return 4;
    cli_print(cli, _("%s: taken over; give %s to the tablet\n"), rest[0], words.out);
    return 0;
}

int cli_lab_receipt(Cli *cli, int argc, char **argv, GError **error)
{
    static const Shape shape = {"RECEIPT --lab DIR",
                                N_("On the tablet: checks the laboratory's receipt."), 1, FALSE};
    g_auto(LedgerWords) words = {.out = NULL};
    g_auto(GStrv) rest = NULL;
    g_auto(CliSign) sign = {0};
    guint64 to = 0;
    if (!parse(cli, argc, argv, &shape, &words, &rest, error))
        return 2;
    g_autoptr(GBytes) bytes = cel_file_read(rest[0], CEL_BATCH_MAX_BYTES, error);
    if (bytes == NULL || !cli_sign_read(cli, &words.sign, &sign, error) ||
        !cel_ledger_check_receipt(cel_lab_ledger(sign.lab), bytes, cel_lab_trust(sign.lab), &to,
                                  error))
        return 3;
    cli_print(cli, _("%s: events up to %ju are with the laboratory\n"), rest[0], (uintmax_t)to);
    return 0;
}
