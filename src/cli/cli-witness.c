/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-sign.h"

#include "base/cel-file.h"
#include "bench/cel-lab-head.h"
#include "evidence/cel-head-verdict.h"
#include "evidence/cel-timestamp.h"

#include <stdio.h>
#include <string.h>

enum { MOST_ROOTS = 1 << 20, MOST_STAMPED = 1 << 30, PUBLIC_MODE = 0644 };

/* Reads @file unless it is NULL. Returns: FALSE with the error. */
static gboolean read_optional(const char *file, gsize most, GBytes **out, GError **error)
{
    *out = file != NULL ? cel_file_read(file, most, error) : NULL;
    return file == NULL || *out != NULL;
}

static gboolean read_roots(const char *file, CelTrust **out, GError **error)
{
    g_autoptr(GBytes) pem = NULL;
    if (!read_optional(file, MOST_ROOTS, &pem, error))
        return FALSE;
    *out = pem != NULL ? cel_trust_new() : NULL;
    return pem == NULL || cel_trust_add_roots(*out, pem, error);
}

/* ---- head ---- */

static int witness_head(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(CliSignWords) words = {.lab = NULL};
    g_auto(CliSign) sign = {.lab = NULL};
    g_autofree char *out = NULL;
    gint64 since = 0;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry own[] = {
        {"since", 0, 0, G_OPTION_ARG_INT64, &since,
         N_("size of the head that the other machine keeps"), "SIZE"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("the file to write"), "HEAD"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = cli_sign_entries(&words, own);
    if (!cli_parse(cli, argc, argv, &g_array_index(entries, GOptionEntry, 0), NULL,
                   N_("Writes the ledger's newest signed head to a file, for a machine elsewhere "
                      "to countersign and for a time stamp. With --ledger-key it is signed now."),
                   &rest, error))
        return 2;
    if (rest[0] != NULL || out == NULL || since < 0)
        return cli_usage(error, _("Use: celadon witness head --lab DIR --ledger-key K --out HEAD"));
    if (!cli_sign_read(cli, &words, &sign, error) || !cli_sign_ledger(cli, &words, &sign, error))
        return 4;
    g_autoptr(GBytes) file = cel_lab_head_file(sign.lab, (guint64)since, error);
    g_autoptr(CelHeadFile) head = file != NULL ? cel_head_file_read(file, error) : NULL;
    if (head == NULL || !cel_file_create(out, file, PUBLIC_MODE, error))
        return 4;
    cli_print(cli, _("%s: head at %" G_GUINT64_FORMAT " events\n"), out, head->is.size);
    return 0;
}

/* ---- countersign ---- */

static int witness_countersign(Cli *cli, int argc, char **argv, GError **error)
{
    g_autofree char *key_file = NULL;
    g_autofree char *passphrase_file = NULL;
    g_autofree char *keep = NULL;
    g_autofree char *out = NULL;
    g_autofree char *roots_file = NULL;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"key", 0, 0, G_OPTION_ARG_FILENAME, &key_file, N_("this machine's key file"), "K"},
        {"passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &passphrase_file,
         N_("read the passphrase from the first line of this file"), "FILE"},
        {"keep", 0, 0, G_OPTION_ARG_FILENAME, &keep,
         N_("folder where the last head of each ledger is kept"), "DIR"},
        {"lab-roots", 0, 0, G_OPTION_ARG_FILENAME, &roots_file,
         N_("the laboratory's ca.pem, which came by another way"), "PEM"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("the file to write"), "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "HEAD",
                   N_("On another machine: signs that this head continues the last one that was "
                      "kept here, so that nothing was taken out of that ledger since."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] != NULL || key_file == NULL || keep == NULL || out == NULL)
        return cli_usage(error, _("Use: celadon witness countersign HEAD --key K --keep DIR "
                                  "--out FILE"));
    g_autoptr(CelTrust) roots = NULL;
    g_autoptr(GBytes) file = cel_file_read(rest[0], CEL_STATEMENT_MAX_BYTES, error);
    if (file == NULL || !read_roots(roots_file, &roots, error))
        return 3;
    g_autoptr(CelKey) key = cli_open_key(cli, key_file, passphrase_file, error);
    const CelLabWitness witness = {keep, key, cel_clock_system()};
    if (key == NULL || !cel_file_may_be_written(out, error))
        return 5;
    g_autoptr(GBytes) text = cel_lab_countersign(&witness, file, roots, error);
    if (text == NULL || !cel_file_create(out, text, PUBLIC_MODE, error))
        return 5;
    cli_print(cli, _("%s: countersigned by %s\n"), out, cel_key_person(key));
    return 0;
}

/* ---- request, token ---- */

static int witness_request(Cli *cli, int argc, char **argv, GError **error)
{
    g_autofree char *out = NULL;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("the file to write"), "REQUEST"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "FILE",
                   N_("Writes a request for a time stamp (RFC 3161) over FILE. Take it to the "
                      "authority by any way; nothing is sent from here."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] != NULL || out == NULL)
        return cli_usage(error, _("Use: celadon witness request FILE --out REQUEST"));
    g_autoptr(GBytes) file = cel_file_read(rest[0], MOST_STAMPED, error);
    g_autoptr(GBytes) request = file != NULL ? cel_timestamp_request(file, error) : NULL;
    if (request == NULL || !cel_file_create(out, request, PUBLIC_MODE, error))
        return 4;
    cli_print(cli, _("%s: request for a time stamp over %s\n"), out, rest[0]);
    return 0;
}

static int witness_token(Cli *cli, int argc, char **argv, GError **error)
{
    g_autofree char *request_file = NULL;
    g_autofree char *out = NULL;
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"request", 0, 0, G_OPTION_ARG_FILENAME, &request_file,
         N_("what \"witness request\" wrote"), "REQUEST"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("the file to write"), "TOKEN"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "REPLY",
                   N_("Takes the time stamp out of the authority's reply."), &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] != NULL || request_file == NULL || out == NULL)
        return cli_usage(error,
                         _("Use: celadon witness token REPLY --request REQUEST --out TOKEN"));
    g_autoptr(GBytes) reply = cel_file_read(rest[0], CEL_TIMESTAMP_MAX_BYTES, error);
    g_autoptr(GBytes) request =
        reply != NULL ? cel_file_read(request_file, CEL_TIMESTAMP_MAX_BYTES, error) : NULL;
    g_autoptr(GBytes) token = request != NULL ? cel_timestamp_accept(reply, request, error) : NULL;
    if (token == NULL || !cel_file_create(out, token, PUBLIC_MODE, error))
        return 3;
    cli_print(cli, _("%s: time stamp\n"), out);
    return 0;
}

/* ---- check ---- */

typedef struct {
    char *lab, *lab_roots, *countersign, *witness_roots, *token, *tsa_roots;
} CheckWords;

static void check_words_clear(CheckWords *words)
{
    g_free(words->lab);
    g_free(words->lab_roots);
    g_free(words->countersign);
    g_free(words->witness_roots);
    g_free(words->token);
    g_free(words->tsa_roots);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CheckWords, check_words_clear)

/* Whether the ledger at hand is that tree or grew out of it. */
static gboolean judge_ledger(const Cli *cli, const char *lab, const CelHeadFile *head,
                             GPtrArray *lines, GError **error)
{
    static const char *const zh[] = {
        [CEL_HEAD_CONTINUED] = "手头的存证台账由该树头延续而来",
        [CEL_HEAD_ROLLED_BACK] = "手头的存证台账比该树头短:末尾记录缺失",
        [CEL_HEAD_REWRITTEN] = "手头的存证台账与该树头不一致:记录被替换",
        [CEL_HEAD_OTHER_LEDGER] = "手头的是另一个存证台账",
    };
    static const char *const en[] = {
        [CEL_HEAD_CONTINUED] = "The ledger at hand has grown out of this head",
        [CEL_HEAD_ROLLED_BACK] = "The ledger at hand is shorter: events are missing at its end",
        [CEL_HEAD_REWRITTEN] = "The ledger at hand has other events than this head",
        [CEL_HEAD_OTHER_LEDGER] = "The ledger at hand is another one",
    };
    g_auto(CliSign) sign = {.lab = NULL};
    const CliSignWords words = {.lab = (char *)(gsize)lab};
    if (lab == NULL)
        return TRUE;
    if (!cli_sign_read(cli, &words, &sign, error))
        return FALSE;
    CelHeadVerdict verdict = CEL_HEAD_CONTINUED;
    for (guint k = 0; verdict == CEL_HEAD_CONTINUED && k < CEL_N_MERKLE; k++) {
        const CelMerkleHead tree = {head->is.size, head->is.root[k]};
        if (!cel_ledger_judge_head(cel_lab_ledger(sign.lab), head->is.ledger_id, (CelMerkleKind)k,
                                   &tree, &verdict, error))
            return FALSE;
    }
    cel_verdict_say(lines, "ledger",
                    verdict == CEL_HEAD_CONTINUED ? CEL_VERDICT_PROVEN : CEL_VERDICT_CONTRADICTED,
                    g_strdup(en[verdict]), g_strdup(zh[verdict]));
    return TRUE;
}

static void print_lines(const Cli *cli, const char *file, const GPtrArray *lines)
{
    g_autofree char *json = cli->json ? cel_verdict_json(lines, file) : NULL;
    if (json != NULL) {
        printf("%s\n", json);
        return;
    }
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        cli_print(cli, "  %-18s %-14s %s\n", line->id,
                  cel_verdict_state_label(line->state, cli->chinese),
                  cli->chinese ? line->text_zh : line->text_en);
    }
}

static int check_head(Cli *cli, const CheckWords *words, const char *file, GError **error)
{
    g_autoptr(CelTrust) lab = NULL;
    g_autoptr(CelTrust) witness = NULL;
    g_autoptr(GBytes) countersign = NULL;
    g_autoptr(GBytes) token = NULL;
    g_autoptr(GBytes) tsa_roots = NULL;
    g_autoptr(GBytes) bytes = cel_file_read(file, CEL_STATEMENT_MAX_BYTES, error);
    g_autoptr(CelHeadFile) head = bytes != NULL ? cel_head_file_read(bytes, error) : NULL;
    if (head == NULL || !read_roots(words->lab_roots, &lab, error) ||
        !read_roots(words->witness_roots, &witness, error) ||
        !read_optional(words->countersign, CEL_STATEMENT_MAX_BYTES, &countersign, error) ||
        !read_optional(words->token, CEL_TIMESTAMP_MAX_BYTES, &token, error) ||
        !read_optional(words->tsa_roots, MOST_ROOTS, &tsa_roots, error))
        return 3;
    const CelHeadQuestion question = {head, bytes, lab, countersign, witness, token, tsa_roots};
    g_autoptr(GPtrArray) lines = cel_head_verdict(&question);
    if (!judge_ledger(cli, words->lab, head, lines, error))
        return 4;
    print_lines(cli, file, lines);
    return cel_verdict_any_contradicted(lines) ? 1 : 0;
}

static int witness_check(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(CheckWords) words = {.lab = NULL};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"lab", 0, 0, G_OPTION_ARG_FILENAME, &words.lab,
         N_("compare with the ledger in this lab's folder"), "DIR"},
        {"lab-roots", 0, 0, G_OPTION_ARG_FILENAME, &words.lab_roots,
         N_("the laboratory's ca.pem, which came by another way"), "PEM"},
        {"countersignature", 0, 0, G_OPTION_ARG_FILENAME, &words.countersign,
         N_("what \"witness countersign\" wrote"), "FILE"},
        {"witness-roots", 0, 0, G_OPTION_ARG_FILENAME, &words.witness_roots,
         N_("ca.pem of the laboratory whose machine countersigned"), "PEM"},
        {"token", 0, 0, G_OPTION_ARG_FILENAME, &words.token, N_("the time stamp"), "TOKEN"},
        {"tsa-roots", 0, 0, G_OPTION_ARG_FILENAME, &words.tsa_roots,
         N_("root certificates of time stamp authorities"), "PEM"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "HEAD",
                   N_("Checks a head with what witnesses gave; a line for each question, exit "
                      "status 1 when one is contradicted."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL || rest[1] != NULL)
        return cli_usage(error, _("Use: celadon witness check HEAD"));
    return check_head(cli, &words, rest[0], error);
}

int cli_witness(Cli *cli, int argc, char **argv, GError **error)
{
    static const struct {
        const char *name, *full;
        int (*run)(Cli *cli, int argc, char **argv, GError **error);
    } verbs[] = {
        {"head", "witness head", witness_head},
        {"countersign", "witness countersign", witness_countersign},
        {"request", "witness request", witness_request},
        {"token", "witness token", witness_token},
        {"check", "witness check", witness_check},
    };
    for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(argv[1], verbs[i].name) == 0) {
            argv[1] = (char *)(gsize)verbs[i].full;
            return verbs[i].run(cli, argc - 1, argv + 1, error);
        }
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    if (!cli_parse(cli, argc, argv, entries, "head|countersign|request|token|check",
                   N_("What others keep of the ledger: head writes its signed state to a file, "
                      "countersign is for a machine elsewhere, request and token are for a time "
                      "stamp authority, check judges what they gave. Each has --help."),
                   &rest, error))
        return 2;
    return cli_usage(error, _("Use: celadon witness head|countersign|request|token|check"));
}
