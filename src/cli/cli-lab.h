/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

/** The words of `celadon lab` about its ledger; see cli-lab-ledger.c. */
int cli_lab_check(Cli *cli, int argc, char **argv, GError **error);
int cli_lab_backup(Cli *cli, int argc, char **argv, GError **error);
int cli_lab_restore(Cli *cli, int argc, char **argv, GError **error);
int cli_lab_hand_in(Cli *cli, int argc, char **argv, GError **error);
int cli_lab_take_over(Cli *cli, int argc, char **argv, GError **error);
int cli_lab_receipt(Cli *cli, int argc, char **argv, GError **error);

G_END_DECLS
