/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-path-view.h"
#include "cli/cli-sign.h"

G_BEGIN_DECLS

/* `celadon path`: one word an act of the way of an exhibit; see bench/cel-path.h. */

/** PathWords: every option. */
typedef struct {
    CliSignWords sign;
    CliBenchOptions bench;
    char *sample;
    char *case_id, *place, *environment, *description, *witness, *standard, *lot;
    int spots, frames, start_delay_ms;
    char *moment, *folder, *kind, *device, *settings, *integration, *laser_ok;
    gboolean refuse, differs;
    char *seal_no, *condition, *why, *from_dept, *from_person, *to_dept, *to_person, *storage;
    char *request, *contact, *population, *sampling, *units_tested;
} PathWords;

/** PathDesk: what a word works on. */
typedef struct {
    Cli *cli;
    PathWords *words;
    CliSign *sign;
    char **rest; /* what stands behind the word */
    CelPath *path;
} PathDesk;

/** What measures and evaluates; see cli-path-shoot.c. Returns: FALSE with the error. */
gboolean cli_path_shoot(PathDesk *desk, GError **error);
gboolean cli_path_identify(PathDesk *desk, GError **error);
gboolean cli_path_finish(PathDesk *desk, GError **error);

G_END_DECLS
