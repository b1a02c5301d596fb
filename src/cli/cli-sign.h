/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-secret.h"
#include "bench/cel-daybook.h"
#include "bench/cel-lab-seal.h"
#include "cli/cli.h"

G_BEGIN_DECLS

/* Who is at work: passphrases, the lab's folder, keys of the person and of whoever agrees. */

/** cli_passphrase: @file: (nullable): its first line is the passphrase; NULL: asks on the terminal,
 * without showing what is typed. @whose: (nullable): the key it opens. Returns: (transfer full): to
 * be given back with CEL_AUTO_SECRET; NULL with the error. */
char *cli_passphrase(const char *file, const char *whose, CelJob *job, GError **error);

/** cli_open_key: loads @file, asking for its passphrase when @passphrase_file is NULL. Returns:
 * (transfer full), or NULL with the error. */
CelKey *cli_open_key(const Cli *cli, const char *file, const char *passphrase_file, GError **error);

/** CliSignWords: what the options said. */
typedef struct {
    char *lab, *key, *passphrase_file, *second_key, *second_passphrase_file, *ledger_key,
        *ledger_passphrase_file;
} CliSignWords;

/** cli_sign_words_clear: frees what parsing filled in. */
void cli_sign_words_clear(CliSignWords *words);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliSignWords, cli_sign_words_clear)

/** cli_sign_entries: Returns: (transfer full) (element-type GOptionEntry): @own and --lab, --key,
 * --second-key, --ledger-key with their --...passphrase-file, ended. */
GArray *cli_sign_entries(CliSignWords *words, const GOptionEntry *own);

/** CliSign: the open lab with those who are at work in it. */
typedef struct {
    CelLab *lab;
    CelKey *key, *second_key, *ledger_key;
    CelLabPerson person, second;
} CliSign;

/** cli_sign_clear: closes the lab, wipes the keys. */
void cli_sign_clear(CliSign *sign);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliSign, cli_sign_clear)

/** cli_sign_read: opens the lab for reading: nobody signs in. Returns: FALSE with the error. */
gboolean cli_sign_read(const Cli *cli, const CliSignWords *words, CliSign *out, GError **error);

/** cli_sign_open: opens the lab and signs in; finishes what an interrupted seal left behind and
 * says so on standard error. Returns: FALSE with the error. */
gboolean cli_sign_open(const Cli *cli, const CliSignWords *words, CliSign *out, GError **error);

/** cli_sign_daybook: @lab: (nullable). Lets the bench that is opened with @options ask the lab's
 * day-book about the instrument, and believe whom the lab certified to sign libraries. Returns:
 * (transfer full) (nullable): to be freed after the bench; NULL without a lab. */
CelDaybook *cli_sign_daybook(CelLab *lab, CliBenchOptions *options);

/** cli_sign_ledger: opens the ledger's key when @words name one, for work that nobody signs in for.
 * Returns: FALSE with the error. */
gboolean cli_sign_ledger(const Cli *cli, const CliSignWords *words, CliSign *sign, GError **error);

/** cli_sign_second: Returns: (nullable) (transfer none): who agrees. */
const CelLabPerson *cli_sign_second(const CliSign *sign);

/** cli_tell_training: in a training lab says so on standard output, before anything else. */
void cli_tell_training(const Cli *cli, const CelLab *lab);

G_END_DECLS
