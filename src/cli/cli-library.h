/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

/* What `celadon library` does besides import and info; each parses its own options. */

int cli_library_lint(Cli *cli, int argc, char **argv, GError **error);
int cli_library_sign(Cli *cli, int argc, char **argv, GError **error);
int cli_library_verify(Cli *cli, int argc, char **argv, GError **error);
int cli_library_diff(Cli *cli, int argc, char **argv, GError **error);
int cli_library_rescreen(Cli *cli, int argc, char **argv, GError **error);

G_END_DECLS
