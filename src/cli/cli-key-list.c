/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-key.h"

#include "base/cel-file.h"
#include "evidence/cel-key-holder.h"
#include "evidence/cel-token.h"

enum { MOST_KEY_FILE = 64 * 1024 };

/* ---- the lab's keys, as its ledger has them ---- */

static const char *what_label(const char *what)
{
    static const char *const words[][2] = {
        {"certified", N_("certified")},
        {"revoked", N_("REVOKED")},
        {"profile", N_("profile")},
        {"witnessed", N_("countersigned")},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_strcmp0(words[i][0], what) == 0)
            return _(words[i][1]);
    return what;
}

static void print_row(const Cli *cli, JsonObject *row)
{
    CelRole role = CEL_ROLE_NONE;
    cel_role_from_id(cel_row_text(row, "role"), &role);
    g_autofree char *person = cli_printable(cel_row_text(row, "person"));
    const gint64 from = cel_row_number(row, "from_seq");
    cli_print(cli, "%6" G_GINT64_FORMAT "  %-12s %-10s %s, %s", cel_row_number(row, "seq"),
              what_label(cel_row_text(row, "what")), cel_row_text(row, "person_id"), person,
              cel_role_title(role, cli->chinese));
    if (from > 0)
        cli_print(cli, _("; void from position %" G_GINT64_FORMAT), from);
    cli_print(cli, "\n");
}

static void print_row_json(JsonObject *row)
{
    static const char *const texts[] = {"what", "person",   "person_id",
                                        "role", "cert_sm2", "cert_ed25519"};
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_int(json, "seq", cel_row_number(row, "seq"));
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        cel_json_text(json, texts[i], cel_row_text(row, texts[i]));
    cel_json_int(json, "from_seq", cel_row_number(row, "from_seq"));
    cel_json_int(json, "expires_us", cel_row_number(row, "expires_us"));
    cel_json_close(json);
    cli_print_json(json);
}

static gboolean list_lab(Cli *cli, const CliSignWords *words, GError **error)
{
    g_auto(CliSign) sign = {.lab = NULL};
    if (!cli_sign_read(cli, words, &sign, error))
        return FALSE;
    g_autoptr(GPtrArray) rows =
        cel_register_rows(cel_lab_register(sign.lab), CEL_ROW_KEY, NULL, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        if (cli->json)
            print_row_json(g_ptr_array_index(rows, i));
        else
            print_row(cli, g_ptr_array_index(rows, i));
    }
    return rows != NULL;
}

/* ---- files ---- */

static void print_holder(const Cli *cli, const char *file, const CelKeyHolder *holder)
{
    const CelCertificate *about = &holder->about;
    g_autofree char *until = cel_clock_iso8601(about->not_after_us);
    g_autofree char *shown = cli_printable(file);
    g_autofree char *person = cli_printable(about->person);
    g_autofree char *lab = about->lab != NULL ? cli_printable(about->lab) : NULL;
    cli_print(cli, _("%s: %s, %s, until %s%s\n"), shown, person,
              cel_role_title(about->role, cli->chinese), until,
              about->training ? _(" (TRAINING)") : "");
    if (lab != NULL)
        cli_print(cli, _("  issued by: %s\n"), lab);
    if (about->person_id != NULL)
        cli_print(cli, _("  number: %s\n"), about->person_id);
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++)
        if (*holder->sha256[s] != '\0')
            cli_print(cli, "  %-8s SHA-256 %s\n", cel_signer_name(s), holder->sha256[s]);
}

static void print_holder_json(const char *file, const CelKeyHolder *holder)
{
    const CelCertificate *about = &holder->about;
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", file);
    cel_json_text(json, "person", about->person);
    cel_json_text(json, "person_id", about->person_id);
    cel_json_text(json, "lab", about->lab);
    cel_json_text(json, "role", cel_role_id(about->role));
    cel_json_bool(json, "training", about->training);
    cel_json_bool(json, "has_keys", holder->has_keys);
    cel_json_int(json, "not_before_us", about->not_before_us);
    cel_json_int(json, "not_after_us", about->not_after_us);
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        g_autofree char *key = g_strconcat("cert_", cel_signer_name(s), NULL);
        cel_json_text(json, key, *holder->sha256[s] != '\0' ? holder->sha256[s] : NULL);
    }
    cel_json_close(json);
    cli_print_json(json);
}

static gboolean list_file(const Cli *cli, const char *file, GError **error)
{
    g_auto(CelKeyHolder) holder = {.has_keys = FALSE};
    g_autoptr(GBytes) pem = cel_file_read(file, MOST_KEY_FILE, error);
    if (pem != NULL && !cel_key_holder_read(pem, &holder, error)) {
        g_prefix_error(error, "%s: ", file);
        g_clear_pointer(&pem, g_bytes_unref);
    }
    if (pem == NULL)
        return FALSE;
    if (cli->json)
        print_holder_json(file, &holder);
    else
        print_holder(cli, file, &holder);
    return TRUE;
}

int cli_key_list(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(CliSignWords) words = {.lab = NULL};
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {
        {"lab", 0, 0, G_OPTION_ARG_FILENAME, &words.lab, N_("the lab's folder"), "DIR"},
        G_OPTION_ENTRY_NULL,
    };
    if (!cli_parse(cli, argc, argv, entries, "[FILE...]",
                   N_("Without files: every key that the laboratory certified or revoked, as its "
                      "ledger has it. With files: whose keys and certificates they are, and their "
                      "fingerprints; no passphrase is needed."),
                   &rest, error))
        return 2;
    if (rest[0] == NULL)
        return list_lab(cli, &words, error) ? 0 : 4;
    for (gsize i = 0; rest[i] != NULL; i++)
        if (!list_file(cli, rest[i], error))
            return 3;
    return 0;
}

/* ---- tokens ---- */

static void print_token(const Cli *cli, const CelTokenInfo *token)
{
    g_autofree char *label = cli_printable(token->label);
    g_autofree char *model = cli_printable(token->model);
    cli_print(cli, "%s (%s)\n  %s\n", label, model, token->uri);
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++)
        cli_print(cli, "  %-8s %s\n", cel_signer_name(s),
                  token->offers[s] ? _("offered") : _("not offered"));
}

static void print_token_json(const CelTokenInfo *token)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "label", token->label);
    cel_json_text(json, "maker", token->maker);
    cel_json_text(json, "model", token->model);
    cel_json_text(json, "serial", token->serial);
    cel_json_text(json, "uri", token->uri);
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++)
        cel_json_bool(json, cel_signer_name(s), token->offers[s]);
    cel_json_close(json);
    cli_print_json(json);
}

int cli_key_tokens(Cli *cli, int argc, char **argv, GError **error)
{
    g_auto(GStrv) rest = NULL;
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    if (!cli_parse(cli, argc, argv, entries, NULL,
                   N_("Lists the tokens that are plugged in and which signatures they offer."),
                   &rest, error))
        return 2;
    g_autoptr(GPtrArray) tokens = cel_token_list(error);
    if (tokens == NULL)
        return 4;
    for (guint i = 0; i < tokens->len; i++) {
        if (cli->json)
            print_token_json(g_ptr_array_index(tokens, i));
        else
            print_token(cli, g_ptr_array_index(tokens, i));
    }
    if (tokens->len == 0 && !cli->json)
        cli_print(cli, _("no token is plugged in\n"));
    return 0;
}
