/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-case.h"
#include "cli/cli-sign.h"

G_BEGIN_DECLS

/* `celadon case`: words that become one event, and words that read the register. */

enum { CASE_MOST_NAMED = 40 };

/** CaseWords: every option of `celadon case`. */
typedef struct {
    CliSignWords sign;
    char *case_id, **items, *sample, *code, *fid;
    char *from_dept, *from_person, *from_id, *to_dept, *to_person, *to_id;
    char *seal_no, *seal_state, *seal_photo, *why, *authority;
    int refers;
    char **photos, **parts, **set;
    char *measurement, *state, *outcome, *claim, *report, *form, *replaces, *out;
    char *named[CASE_MOST_NAMED]; /* data members; their names stand in cli-case.c */
} CaseWords;

/** CaseVerb: one word behind `celadon case`. */
typedef struct {
    const char *name;
    const char *summary; /* msgid */
    /** run: Returns: the exit status, or with @error set any value. */
    int (*run)(Cli *cli, CaseWords *words, const char *verb, GError **error);
} CaseVerb;

/** cli_case_row_json: one row as a line of JSON, or as a member @key. */
void cli_case_row_json(CelJsonWriter *json, const char *key, CelRowKind kind, JsonObject *row);

/** What reads; see cli-case-show.c. */
int cli_case_list(Cli *cli, CaseWords *words, const char *verb, GError **error);
int cli_case_show(Cli *cli, CaseWords *words, const char *verb, GError **error);
int cli_case_history(Cli *cli, CaseWords *words, const char *verb, GError **error);
int cli_case_gate(Cli *cli, CaseWords *words, const char *verb, GError **error);
int cli_case_figures(Cli *cli, CaseWords *words, const char *verb, GError **error);
int cli_case_label(Cli *cli, CaseWords *words, const char *verb, GError **error);

/** What is more than one event; see cli-case-result.c. */
int cli_case_review(Cli *cli, CaseWords *words, const char *verb, GError **error);
int cli_case_release(Cli *cli, CaseWords *words, const char *verb, GError **error);
int cli_case_facts(Cli *cli, CaseWords *words, const char *verb, GError **error);
int cli_case_paper(Cli *cli, CaseWords *words, const char *verb, GError **error);

G_END_DECLS
