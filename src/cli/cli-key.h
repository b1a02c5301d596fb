/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/cli-sign.h"

G_BEGIN_DECLS

/* What the commands about keys and the lab share. */

/** CliRootWords: where the lab's root is. */
typedef struct {
    char *root, *passphrase_file;
} CliRootWords;

/** cli_root_entries: Returns: (transfer full) (element-type GOptionEntry): @own and --root with its
 * --root-passphrase-file, ended. */
GArray *cli_root_entries(CliRootWords *words, const GOptionEntry *own);

/** cli_root_words_clear: frees what parsing filled in. */
void cli_root_words_clear(CliRootWords *words);

/** cli_open_root: Returns: (transfer full): the lab's root, or NULL with the error. */
CelKey *cli_open_root(const Cli *cli, const CliRootWords *words, GError **error);

/** cli_key_list, cli_key_tokens: commands of "key" that show what there is. */
int cli_key_list(Cli *cli, int argc, char **argv, GError **error);
int cli_key_tokens(Cli *cli, int argc, char **argv, GError **error);

G_END_DECLS
