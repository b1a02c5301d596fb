/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "bench/cel-lab-seal.h"
#include "bench/cel-replay.h"
#include "evidence/cel-record.h"
#include "register/cel-ledger-witness.h"
#include "verify/verify-words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    VerifyWords shared;
    char *lab, *ledger;
    char **libraries;
    gboolean replay;
} Words;

static void words_clear(Words *words)
{
    verify_words_clear(&words->shared);
    g_free(words->lab);
    g_free(words->ledger);
    g_strfreev(words->libraries);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_clear)

/** Hand: what is at hand for all files. */
typedef struct {
    VerifyBrought brought;
    CelLab *lab;
    CelLedger *own; /* opened by --ledger */
    CelLedger *ledger;
} Hand;

static void hand_clear(Hand *hand)
{
    verify_brought_clear(&hand->brought);
    g_clear_pointer(&hand->own, cel_ledger_close);
    g_clear_pointer(&hand->lab, cel_lab_close);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Hand, hand_clear)

static gboolean take(const Words *words, Hand *hand, GError **error)
{
    if (!verify_bring(&words->shared, &hand->brought, error))
        return FALSE;
    if (words->ledger != NULL)
        hand->ledger = hand->own = cel_ledger_open(words->ledger, FALSE, error);
    else if (words->lab != NULL && (hand->lab = cel_lab_open(words->lab, error)) != NULL)
        hand->ledger = cel_lab_ledger(hand->lab);
    if (hand->ledger == NULL && (words->ledger != NULL || words->lab != NULL))
        return FALSE;
    /* The lab's own roots count only when the verifier named none. */
    if (hand->lab != NULL && words->shared.trust == NULL)
        hand->brought.options.trust = cel_lab_trust(hand->lab);
    return TRUE;
}

/* What the ledger at hand says about @file; nothing when it is no sealed file. */
static gboolean ask_ledger(const Words *words, Hand *hand, const char *file, CelWitness **out,
                           GError **error)
{
    g_autoptr(CelH5Node) root = cel_h5_read(file, CEL_SEAL_MAX_BYTES, NULL, error);
    GBytes *bytes = root != NULL ? cel_sealed_bytes(root, CEL_PATH_RECORD "/record") : NULL;
    g_autoptr(JsonNode) node = bytes != NULL ? cel_record_read(bytes, NULL) : NULL;
    if (root == NULL)
        return FALSE;
    if (node == NULL)
        return TRUE; /* the record's own line says so */
    *out = cel_ledger_witness(hand->ledger, json_node_get_object(node),
                              (const char *const *)words->shared.heads, error);
    return *out != NULL;
}

static gboolean wants_replay(const Words *words)
{
    g_auto(GStrv) required =
        g_strsplit(words->shared.require != NULL ? words->shared.require : "", ",", -1);
    gboolean wanted = words->replay;
    for (gsize i = 0; required[i] != NULL; i++)
        wanted |= strcmp(g_strstrip(required[i]), "replay") == 0;
    return wanted;
}

/* A file that seals something else than a measurement has nothing to recompute. */
static gboolean add_replay(Cli *cli, const Words *words, const char *file, GPtrArray *lines,
                           GError **error)
{
    g_autoptr(CelSealed) sealed = cel_sealed_open(file, cli->job, NULL);
    if (sealed == NULL || cel_verdict_any_contradicted(lines))
        return TRUE;
    g_autoptr(CelReplay) replay =
        cel_replay_run(sealed, (const char *const *)words->libraries, cli->job, error);
    if (replay == NULL)
        return FALSE;
    cel_replay_verdict(replay, lines);
    return TRUE;
}

static gboolean judge(Cli *cli, const Words *words, Hand *hand, const char *file,
                      GPtrArray **out_lines, GError **error)
{
    CelVerifyOptions options = hand->brought.options;
    g_autoptr(CelWitness) witness = NULL;
    if (hand->ledger != NULL && !ask_ledger(words, hand, file, &witness, error))
        return FALSE;
    if (witness != NULL)
        options.witness = witness;
    return cel_verify(file, &options, out_lines, cli->job, error) &&
           (!wants_replay(words) || add_replay(cli, words, file, *out_lines, error));
}

static gboolean parse_verify(Cli *cli, int argc, char **argv, Words *words, char ***out_rest,
                             GError **error)
{
    const GOptionEntry own[] = {
        {"ledger", 0, 0, G_OPTION_ARG_FILENAME, &words->ledger, N_("the lab's ledger at hand"),
         "FILE"},
        {"lab", 0, 0, G_OPTION_ARG_FILENAME, &words->lab,
         N_("the lab's folder at hand: its ledger, and its roots unless --trust is given"), "DIR"},
        {"replay", 0, 0, G_OPTION_ARG_NONE, &words->replay,
         N_("recompute the result from the sealed raw data too"), NULL},
        {"library", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->libraries,
         N_("where a library that was used may be found"), "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    GOptionEntry all[VERIFY_N_OPTIONS + G_N_ELEMENTS(own)];
    verify_words_entries(&words->shared, all);
    memcpy(all + VERIFY_N_OPTIONS, own, sizeof own);
    return cli_parse(cli, argc, argv, all, "FILE...",
                     N_("Checks sealed files. Each question has its own line; exit status 1 when "
                        "one is contradicted."),
                     out_rest, error);
}

static int verify_one(Cli *cli, const Words *words, Hand *hand, const char *file)
{
    const VerifyShow show = {cli->json, cli->quiet, cli->chinese, words->shared.require};
    g_autoptr(GPtrArray) lines = NULL;
    g_autoptr(GError) failure = NULL;
    return judge(cli, words, hand, file, &lines, &failure)
               ? verify_print(&show, file, lines)
               : verify_print_failure(&show, file, failure);
}

int cli_verify(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(Words) words = {.lab = NULL};
    g_auto(Hand) hand = {.lab = NULL};
    g_auto(GStrv) rest = NULL;
    int worst = 0;
    if (!parse_verify(cli, argc, argv, &words, &rest, error))
        return 2;
    if (rest[0] == NULL && words.lab == NULL)
        return cli_usage(error, _("Name the files to verify"));
    if (!take(&words, &hand, error))
        return 3;
    for (gsize i = 0; rest[i] != NULL; i++) {
        const int status = verify_one(cli, &words, &hand, rest[i]);
        worst = MAX(worst, status);
    }
    if (rest[0] != NULL)
        return worst;
    g_autoptr(GPtrArray) files = cel_lab_sealed_files(hand.lab, error);
    for (guint i = 0; files != NULL && i < files->len; i++) {
        const int status = verify_one(cli, &words, &hand, g_ptr_array_index(files, i));
        worst = MAX(worst, status != 0 ? 1 : 0); /* an archive that lacks a file is not whole */
    }
    return worst;
}

/* ---- replay ---- */

static void print_replay(const Cli *cli, const CelReplay *replay, const char *file)
{
    if (cli->json) {
        g_autofree char *json = cel_replay_json(replay, file);
        printf("%s\n", json);
        return;
    }
    g_autoptr(GPtrArray) lines = cel_verdict_new();
    cel_verdict_say(lines, "replay", CEL_VERDICT_NOT_PROVEN, NULL, NULL);
    cel_replay_verdict(replay, lines);
    const VerifyShow show = {FALSE, cli->quiet, cli->chinese, NULL};
    verify_print(&show, file, lines);
}

static int replay_status(const CelReplay *replay)
{
    return replay->state == CEL_REPLAY_NOT_DONE ? 3 : replay->state == CEL_REPLAY_DIFFERS ? 1 : 0;
}

/* libm chooses its forms before main(): the program starts itself again. */
static gboolean run_portable(char **argv, GError **error)
{
    if (g_getenv("GLIBC_TUNABLES") != NULL)
        return TRUE;
    g_setenv("GLIBC_TUNABLES",
             "glibc.cpu.hwcaps=-AVX512F,-AVX2_Usable,-AVX2,-FMA_Usable,-FMA,-FMA4", TRUE);
    execv("/proc/self/exe", argv);
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                _("The program cannot start itself again for the portable path (%s)"),
                g_strerror(errno));
    return FALSE;
}

/* @argv as main() got it: the command's name first, the program's before it. */
static int replay_files(Cli *cli, char *const *files, const char *const *libraries)
{
    int worst = 0;
    for (gsize i = 0; files[i] != NULL; i++) {
        g_autoptr(GError) failure = NULL;
        g_autoptr(CelSealed) sealed = cel_sealed_open(files[i], cli->job, &failure);
        g_autoptr(CelReplay) replay =
            sealed != NULL ? cel_replay_run(sealed, libraries, cli->job, &failure) : NULL;
        if (replay != NULL)
            print_replay(cli, replay, files[i]);
        else
            cli_show_failure(cli, files[i], failure);
        worst = MAX(worst, replay != NULL ? replay_status(replay) : cel_error_exit_status(failure));
    }
    return worst;
}

int cli_replay(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(GStrv) libraries = NULL;
    g_auto(GStrv) rest = NULL;
    gboolean portable = FALSE;
    const GOptionEntry entries[] = {
        {"library", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &libraries,
         N_("where a library that was used may be found"), "FILE"},
        {"portable", 0, 0, G_OPTION_ARG_NONE, &portable,
         N_("compute as on a processor without AVX2 and FMA"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autofree char **again = g_new0(char *, (gsize)argc + 2); /* parsing changes argv */
    again[0] = (char *)"celadon";
    memcpy(again + 1, argv, (gsize)argc * sizeof *argv);
    if (!cli_parse(cli, argc, argv, entries, "FILE...",
                   N_("Computes processing, identification and claim again from the sealed raw "
                      "data and compares them with what was sealed. Exit status 1 when they "
                      "differ, 3 when something it needs is missing."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL)
        return cli_usage(error, _("Name the files to recompute"));
    if (portable && !run_portable(again, error))
        return 4;
    return replay_files(cli, rest, (const char *const *)libraries);
}
